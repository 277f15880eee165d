"""What two spellings of one word have in common, over French, Arabic, Tifinagh and typed Darija.

Three steps, each coarser than the one before (twin: static/js/fold.js, same answers for the same text):

plain      case, accents, vowel marks, hamza, digits: what a keyboard adds or leaves out. Still readable.
words      one spelling per word: Tifinagh becomes Latin letters, the Arabic article and what is attached to it go,
           `ou` and `w` are one, `i` and `y` are one, doubled letters are single.
skeletons  the consonants alone, in one alphabet for the three scripts: `3sel`, `عسل` and `assal` share one.
"""

from __future__ import annotations

import re
import unicodedata


def _table(rules: str) -> dict[str, str]:
    """{written: meant} of `meant=written,written …`."""
    pairs = (rule.split("=") for rule in rules.split())
    return {spelling: meant for meant, spellings in pairs for spelling in spellings.split(",")}


#: The letters Moroccans add (g, p, v, ch, q, emphatic z) and those of other keyboards, by the one written instead.
MAGHRIBI = _table("ه=ہ,ھ,ە ي=ی,ې,ێ,ے ك=ک,گ,ڭ,ڨ,ݣ,ݢ,ڪ,ڬ ب=پ ف=ڤ,ڢ,ڥ,ڡ,ڣ ق=ڧ,ٯ ش=چ,ڜ ز=ژ,ڞ و=ۆ,ۋ")
#: Letters that lose nothing a searcher means; the ones before `=` with nothing go and leave no gap.
PLAIN = str.maketrans(
    _table("0=٠,۰ 1=١,۱ 2=٢,۲ 3=٣,۳ 4=٤,۴ 5=٥,۵ 6=٦,۶ 7=٧,۷ 8=٨,۸ 9=٩,۹")
    | _table("oe=œ ae=æ ss=ß o=ø d=đ l=ł i=ı σ=ς gh=ɣ 3=ɛ '=’,‘,ʼ,ʻ,ʾ,ʿ,`")
    | _table("ه=ة ي=ى ا=ٱ =ء,ـ")
    | MAGHRIBI
)
#: The Tifinagh alphabets, as Moroccans write their sounds in Latin letters.
TIFINAGH = str.maketrans(
    _table("a=ⴰ b=ⴱ,ⴲ g=ⴳ,ⴴ dj=ⴵ,ⴶ d=ⴷ,ⴸ,ⴹ,ⴺ e=ⴻ f=ⴼ k=ⴽ,ⴾ,ⴿ h=ⵀ,ⵁ,ⵂ,ⵃ 3=ⵄ kh=ⵅ,ⵆ q=ⵇ,ⵈ i=ⵉ,ⵢ j=ⵊ,ⵋ,ⵌ l=ⵍ")
    | _table("m=ⵎ n=ⵏ gn=ⵐ ng=ⵑ p=ⵒ u=ⵓ,ⵡ r=ⵔ,ⵕ gh=ⵖ,ⵗ,ⵘ s=ⵙ,ⵚ ch=ⵛ,ⵞ t=ⵜ,ⵝ,ⵟ v=ⵠ z=ⵣ,ⵤ,ⵥ o=ⵧ")
)
#: Sounds of one alphabet for all scripts: a, i, u are the vowels Arabic writes, e the one it does not, or ayn.
LATIN_SOUNDS = _table("x=kh,5,x g=gh,8 c=ch,sh f=ph,f,v t=th,t,6 d=dh,d j=dj,j b=b,p h=h,7 k=c,k,q,qu,g,gu,9") | _table(
    "r=r z=z s=s se=ce si=ci l=l m=m n=n a=a e=e,2,3 i=i,y u=o,u,w"
)
ARABIC_SOUNDS = str.maketrans(
    _table("b=ب t=ت,ط,ث j=ج h=ح,ه x=خ d=د,ذ,ض,ظ r=ر z=ز s=س,ص c=ش g=غ f=ف k=ق,ك l=ل m=م n=ن")
    | _table("a=ا e=ع i=ي u=و")
)

_GAPS = re.compile(r"[^\w']|_|[\U00010000-\U0010ffff]")
_DOUBLED = re.compile(r"([a-zⴰ-ⵧ])\1+")
_ARTICLE = re.compile(r"^(?:[وف]?(?:[بك]?ال|لل))+(?=..)")
_LATIN_WORD = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*")
_ARABIC_WORD = re.compile(r"[ا-ي]+")
_LATIN_UNIT = re.compile(r"[kgcspdt]h|dj|[gq]u(?=[ei])|c[ei]|[a-z0-9]")
_LATIN_ARTICLE = re.compile(r"^[ae]?l(?=[^aeiou]|[iu][aeiou])")


def plain(text: str) -> str:
    """Lower-case words with one space between, without accents or vowel marks; apostrophes inside words are kept."""
    letters = unicodedata.normalize("NFKD", text).lower()
    if not letters.isascii():
        letters = "".join(c for c in letters if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(_GAPS.sub(" ", letters.translate(PLAIN)).split())


def words(text: str) -> list[str]:
    """The words of any text, each in the spelling they are compared by."""
    parts = (_word(part) for part in plain(text).replace("'", " ").split())
    return [word for word in parts if word]


def fold(text: str) -> str:
    """`words` as one text; folding it again changes nothing."""
    return " ".join(words(text))


def _word(letters: str) -> str:
    latin = _DOUBLED.sub(r"\1", letters).translate(TIFINAGH).replace("w", "u").replace("y", "i")
    latin = _DOUBLED.sub(r"\1", re.sub("[ou]*u", "u", latin))
    return _ARTICLE.sub("", latin)


def stem(word: str) -> str:
    """A folded word without the plural French writes and does not say; three letters stay."""
    while len(word) > 3 and word[-1] in "sx":
        word = word[:-1]
    return word


def skeletons(word: str) -> list[str]:
    """Keys under which a folded word meets its spellings in other scripts; none for one consonant or for numbers.

    Three consonants and more are the key. Two are too common, so the vowels count, and a dot marks the key as short:
    `zit` meets زيت (`zi.t`), `ben` does not meet بني (`b.ni`). A lone a or u in Latin letters may be one that Arabic
    leaves out, so there the key without it is given too. Leading `a` stands for any vowel, w, y or ayn.
    """
    if _ARABIC_WORD.fullmatch(word):
        return _keys(_sound(word), latin=False)
    if not _LATIN_WORD.fullmatch(word):
        return []
    if len(_consonants(_sound(word))) < 4:
        word = stem(word)  # With few consonants a plural's s would be one of them: `secs`, `seksu`.
    bare = _LATIN_ARTICLE.sub("", word)
    keys = _keys(_sound(word), latin=True)
    return keys if bare == word else keys + [key for key in _keys(_sound(bare), latin=True) if key not in keys]


def outline(word: str) -> str:
    """Consonants of a folded word with the i and u between them, which writers leave out less than a and e."""
    return re.sub("[ae]", "", _sound(word)).strip("iu")


def _sound(word: str) -> str:
    """The word in one alphabet. Tamazight -mt and -nt are one ending: ⵜⴰⵎⵎⴻⵎⵜ, ⵜⴰⵎⵎⵏⵜ, tamment."""
    if _ARABIC_WORD.fullmatch(word):
        return re.sub("(?<=..)ه$", "", word).translate(ARABIC_SOUNDS)
    return _LATIN_UNIT.sub(lambda unit: LATIN_SOUNDS.get(unit[0], ""), word).replace("mt", "nt")


def _consonants(sound: str) -> str:
    return re.sub("[aeiu]", "", sound)


def _keys(sound: str, *, latin: bool) -> list[str]:
    consonants = _consonants(sound)
    lead = "a" if sound and sound[0] in "aeiu" else ""
    if len(consonants) > 2:
        return [lead + consonants, consonants] if lead else [consonants]
    if len(consonants) < 2:
        return []
    first, last = consonants[0], consonants[1]
    between = sound[sound.index(first) + 1 : sound.rindex(last)]
    after = _long(sound[sound.rindex(last) + 1 :])
    keys = [f"{lead}{first}{_long(between) or 'a' * ('a' in between)}.{last}{after}"]
    return [*keys, f"{lead}{first}.{last}{after}"] if latin and between in ("a", "u") else keys


def _long(vowels: str) -> str:
    return "".join(vowel for vowel in "iu" if vowel in vowels)
