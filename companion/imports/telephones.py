"""Telephone numbers as offices write them: several in one cell, with any separator, remarks and Excel's damage."""

from __future__ import annotations

import re
from decimal import Decimal

from companion.imports.cells import clean, western, written
from companion.imports.problems import Unreadable
from companion.imports.read import Cell
from companion.phones import e164

_APART = re.compile(r"[/;,،؛|\\\n&:]|\s[-–—]\s|[^\W\d_]+")
"""What stands between two numbers: a separator or words. Single digits may still be joined over a separator."""
_WORDS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\+?\d+")
_TRUNK_ZERO = re.compile(r"(?<=\d)(\)?[\s.\-]*)\(0\)")
"""The zero that is dialled only at home: `+212 (0)6 …`."""
_LETTER_O = re.compile(r"(?:\b|(?<=\d))[oO]+(?=[\s.\-]*\d)|(?<=\d)[oO]+\b|\b[oO]\d", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d(?:[.,]\d+)?)\s?[eE]\+?(\d{1,2})")
_COMPUTED = re.compile(r"(\d{9,15})[.,]0+")
_NATIONAL = re.compile(r"0[5-8]\d{8}")
_INTERNATIONAL = re.compile(r"(?:\+|00)?2120?([5-8]\d{8})")
_NO_ZERO = re.compile(r"[5-8]\d{8}")
_FOREIGN = re.compile(r"(?:\+|00)\d{7,15}")
LONGEST_REMAINDER = 4
"""Digits that may be left beside whole numbers (`/79`, `poste 12`): more of them are a number that is not whole."""
MOST_GROUPS = 60
"""Groups of digits looked at in one cell; ten or fewer make a number."""


def phones(cell: Cell) -> list[str]:
    """Read one or more telephone numbers as E.164; those that can be read are kept when one cannot."""
    text = _ordinary(written(cell))
    if single := e164(text) if _NATIONAL.fullmatch(re.sub(r"[ .-]", "", text)) else None:
        return [single]
    if _LETTER_O.search(text):
        raise Unreadable("invalid_phone")
    found, left = _read(text)
    if left or not found:
        short = found and len("".join(left)) <= LONGEST_REMAINDER and not any(one.startswith("0") for one in left)
        raise Unreadable("phone_remainder" if short else "invalid_phone", found, **_told(found if short else []))
    return found


def _told(found: list[str]) -> dict[str, str]:
    return {"other": ", ".join(found)} if found else {}


def _ordinary(raw: str) -> str:
    """Write digits of any script as ours, every space as one, and undo what Excel does to a number."""
    lines = [clean(western(line)) for line in re.split(r"[\r\n]+", raw)]
    text = re.sub(r"[\u2010\u2011\u2012\u2212_]", "-", "\n".join(line for line in lines if line)).strip("'’`´ ")
    text = _SCIENTIFIC.sub(_in_full, text)
    return _TRUNK_ZERO.sub(r"\1", _COMPUTED.sub(r"\1", text))


def _in_full(match: re.Match[str]) -> str:
    """Write `2.12612345678E+11` in full when all of its digits are there. Raises Unreadable when some are lost."""
    mantissa = match[1].replace(",", ".")
    if len(mantissa.replace(".", "")) != int(match[2]) + 1:
        raise Unreadable("scientific_phone")
    return f"{Decimal(f'{mantissa}E{match[2]}'):f}"


def _read(text: str) -> tuple[list[str], list[str]]:
    """Return the numbers of a text, without repetitions, and the groups of digits that belong to none.

    Parts between separators are read by themselves. Where that leaves digits over, a separator may be one inside
    a Moroccan number (`06/12/34/56/78`), whose length is known; words never are.
    """
    apart = [_numbers(part) for part in _APART.split(text)]
    if any(left for _, left in apart):
        joined = [_numbers(part, foreign=False) for part in _WORDS.split(text)]
        if sum(len(left) for _, left in joined) < sum(len(left) for _, left in apart):
            apart = joined
    found = [number for numbers, _ in apart for number in numbers]
    return list(dict.fromkeys(found)), [digits for _, left in apart for digits in left]


def _numbers(part: str, *, foreign: bool = True) -> tuple[list[str], list[str]]:
    """Cut groups of digits into whole numbers so that the fewest digits are left over."""
    groups = _groups(part)
    if not groups:
        return [], []
    if len(groups) > MOST_GROUPS:
        return [], groups
    if whole := _whole("".join(groups), foreign) or _no_zero("".join(groups)):
        return [whole], []
    best: list[tuple[int, list[str], list[str]]] = [(0, [], [])]  # of the groups from here to the end, the last first
    for start in range(len(groups) - 1, -1, -1):
        cost, numbers, left = best[-1]
        choice = (cost + len(groups[start]), numbers, [groups[start], *left])
        for end in range(start + 1, min(len(groups), start + 15) + 1):
            if end > start + 1 and groups[end - 1].startswith("+"):
                break
            digits = "".join(groups[start:end])
            whole = _whole(digits, foreign) or (_no_zero(digits) if end == start + 1 else None)
            cost, numbers, left = best[len(groups) - end]
            if whole and cost < choice[0]:
                choice = (cost, [whole, *numbers], left)
        best.append(choice)
    return best[-1][1], best[-1][2]


def _groups(part: str) -> list[str]:
    """Return the groups of digits of a part; two Moroccan numbers written as one group are two."""
    groups: list[str] = []
    for digits in _DIGITS.findall(part):
        twice = re.fullmatch(r"((?:(?:\+|00)?212|0)[5-8]\d{8})((?:(?:00)?212|0)[5-8]\d{8})", digits)
        groups += twice.groups() if twice else [digits]
    for at, digits in enumerate(groups):
        if _NATIONAL.fullmatch(digits.removeprefix("+")):
            groups[at] = digits.removeprefix("+")  # a plus sign between two numbers
    return groups


def _whole(digits: str, foreign: bool) -> str | None:
    if match := _INTERNATIONAL.fullmatch(digits):
        return f"+212{match[1]}"
    if _NATIONAL.fullmatch(digits):
        return f"+212{digits[1:]}"
    return e164(digits) if foreign and _FOREIGN.fullmatch(digits) else None


def _no_zero(digits: str) -> str | None:
    """Read a number that lost its first zero to a spreadsheet."""
    return f"+212{digits}" if _NO_ZERO.fullmatch(digits) else None
