"""What no text that people type may hold: characters that hide, turn text around, or pass for others.

One rule for the importer, the office's forms and the edits of phones (`problem_with_text`). It follows Unicode's
Security Mechanisms (UTS 39): no bidi controls (section 3), no letters of several scripts in one word (5.1), no stacks
of marks (5.4), no lookalikes of Latin letters (4). Names in French, Arabic and Tifinagh side by side are ordinary
here: each word is looked at on its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

TextProblem = Literal["text_hidden", "text_lookalike", "text_marks", "text_blank"]

PROSE = frozenset({"about", "abstract", "body", "message", "note", "text"})
"""Columns of several lines, where keyboards and address books leave marks of direction and soft hyphens."""

_IN_PROSE = frozenset("\n\r\t\u200e\u200f\u061c\ufeff\u00ad")
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiner and non-joiner: letters of Arabic and emoji need them, nothing else."""

_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that show nothing."""

_LATIN_LOOKALIKES = frozenset("аеорсухіјѕԁһԛԝӏґѵАВЕЅІЈКМНОРСТУХҮԌԜӀѴΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυιρκՕՍԼօոսցհյ")
"""Letters of other scripts that look as Latin ones do (UTS 39, confusables.txt); a word of them passes for one."""

_OF_BERBER = frozenset("γΓεΕσΣ")
"""Greek letters that many write in Tamazight words in Latin script, for ɣ, ɛ and Ɛ."""

_CLITICS = frozenset(("و", "ف", "ب", "ك", "ل", "ال", "وال", "بال", "لل", "فال", "كال"))
"""Arabic particles that are written in one with a word after them, also a Latin one: `الSIAM`."""

MOST_MARKS = {"ARABIC": 3}
"""Marks on one letter, of other scripts `OTHER_MARKS`: one of Arabic may bear shadda, a vowel and a small alef."""
OTHER_MARKS = 2


def problem_with_text(text: str, *, prose: bool = False) -> TextProblem | None:
    """Say what a text may not hold; None when nothing, or when it is empty. `prose` may have several lines."""
    if text.isascii() and text.isprintable():
        return "text_blank" if text.isspace() else None
    if _hides(text, prose):
        return "text_hidden"
    if text and not any(_shows(c) for c in text):
        return "text_blank"
    if _has_stacked_marks(text):
        return "text_marks"
    misleading = any(_is_dressed_up(c) for c in text) or any(_misleads(word) for word in _words(text))
    return "text_lookalike" if misleading else None


def problem_with_value(column: str, value: Any) -> TextProblem | None:
    """Say what the texts in a value of this column may not hold; other values have nothing wrong."""
    if isinstance(value, str):
        return problem_with_text(value, prose=column in PROSE)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return next(filter(None, (problem_with_value(column, one) for one in value)), None)
    return None


def name_key(name: str) -> str:
    """Return what two names have in common that people take for one: no case, marks, punctuation or kinds of space."""
    letters = unicodedata.normalize("NFKD", name.translate(_ONE_LETTER)).casefold()
    return " ".join(re.findall(r"\w+", "".join(c for c in letters if unicodedata.category(c)[0] not in "MC")))


_ONE_LETTER = str.maketrans("أإآٱىیکھہ", "ااااييكهه", "ـ")


def _with_neighbours(text: str) -> Iterator[tuple[str, str, str]]:
    """Give each character with the one before it and the one after it, a space at either end."""
    return zip(text, " " + text, text[1:] + " ", strict=False)


def _hides(text: str, prose: bool) -> bool:
    return any(_is_hidden(c, before, after, prose) for c, before, after in _with_neighbours(text))


def _is_hidden(character: str, before: str, after: str, prose: bool) -> bool:
    if character in _JOINERS:
        return not (_joins(before) and _joins(after))
    if prose and character in _IN_PROSE:
        return False
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return unicodedata.category(before)[0] == "L" or before.isspace()
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def _joins(character: str) -> bool:
    """Tell whether a joiner may stand beside a character: a letter of Arabic, an emoji or its variation."""
    return _script(character) == "ARABIC" or unicodedata.category(character) in ("So", "Sk") or character == "\ufe0f"


def _shows(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK


def _has_stacked_marks(text: str) -> bool:
    marks, most = "", OTHER_MARKS
    for character in unicodedata.normalize("NFC", text):
        if unicodedata.category(character) not in ("Mn", "Me"):
            marks, most = "", MOST_MARKS.get(_script(character), OTHER_MARKS)
            continue
        if marks.endswith(character) or len(marks) >= most:
            return True
        marks += character
    return False


def _words(text: str) -> list[str]:
    """Return the runs of letters in a text; marks, digits, apostrophes and the Arabic tatweel part them or go."""
    bare = "".join(c for c in text if unicodedata.category(c)[0] != "M")
    return re.findall(r"[^\W\d_\u0640]+", bare)


def _misleads(word: str) -> bool:
    scripts = {_script(c) for c in word} - {""}
    if scripts <= {"LATIN"} or scripts <= {"ARABIC"} or scripts <= {"TIFINAGH"}:
        return False
    if scripts == {"LATIN", "GREEK"}:
        return not all(c in _OF_BERBER for c in word if _script(c) == "GREEK")
    if scripts == {"ARABIC", "LATIN"}:
        first = re.match("[\u0600-\u06ff]+", word)
        return first is None or first[0] not in _CLITICS or "ARABIC" in {_script(c) for c in word[first.end() :]}
    if scripts & {"LATIN", "ARABIC", "TIFINAGH", "CYRILLIC", "GREEK"} and len(scripts) > 1:
        return True
    return all(c in _LATIN_LOOKALIKES for c in word)


def _is_dressed_up(character: str) -> bool:
    """Tell whether a letter is a Latin one in another dress: mathematical, full-width, circled."""
    return ord(character) > _FIRST_DRESSED and _dressed(character)


_FIRST_DRESSED = 0x2100


@lru_cache(maxsize=4096)
def _dressed(character: str) -> bool:
    plain = unicodedata.normalize("NFKC", character)
    named = unicodedata.name(character, "").startswith(_DRESSES)
    return plain != character and len(plain) == 1 and plain.isascii() and plain.isalpha() and named


_DRESSES = ("MATHEMATICAL", "FULLWIDTH", "CIRCLED", "SCRIPT", "DOUBLE-STRUCK", "BLACK-LETTER", "SMALL ROMAN", "ROMAN")


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """Return a letter's script by the first word of its name in Unicode; empty for what belongs to all."""
    if unicodedata.category(character)[0] != "L" or character in "ªº":
        return ""
    first = unicodedata.name(character, "UNKNOWN").split(" ")[0].split("-")[0]
    return "" if first == "MODIFIER" else first
