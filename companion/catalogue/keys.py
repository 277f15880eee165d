"""Two plain forms of a written name: one to compare by, one for addresses."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


class _Plain(dict[int, str | None]):
    """What each character becomes: worked out the first time it is met."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        digit = str(unicodedata.digit(character)) if character.isdigit() else character
        self[code] = None if unicodedata.combining(character) else digit
        return self[code]


_PLAIN = _Plain(str.maketrans({"ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": "", "œ": "oe", "æ": "ae", "ß": "ss",
                              "ک": "ك", "ی": "ي"}).items())  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=16_384)
def key(text: str) -> str:
    """Fold a name so that two spellings of it compare equal: `key("  L'ÉPICE –  n° ٣ ")` is `"l epice n 3"`.

    Case, accents, Arabic vowel signs and letter variants, kinds of digits, punctuation and spacing go.
    Letters of all scripts stay, nothing is transliterated.
    """
    letters = unicodedata.normalize("NFKD", text.replace("°", " ").replace("º", " ").casefold())
    return " ".join(_WORDS.findall(letters.translate(_PLAIN)))


def slug(text: str) -> str:
    """Return the name as it stands in addresses and JSON keys: `terroir-du-maroc`."""
    return key(text).replace(" ", "-")
