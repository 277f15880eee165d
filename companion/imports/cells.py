"""Stage 3: what one cell says. Every reader takes a filled cell and returns a value or raises Unreadable.

Offices write numbers as `١٢`, ` 12`, `12 adhérents` or 12.0, and mean the same.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import isfinite

from companion.catalogue.keys import key
from companion.imports.problems import Unreadable
from companion.imports.read import Cell
from companion.letters import ordinary
from companion.spoofing import problem_with_text

NOTHING = frozenset({"neant", "aucun", "aucune", "rien", "n a", "na", "nc", "non communique", "none", "nil",
                     "لا شيء", "لا يوجد"})  # fmt: skip
"""What people write into a cell that has nothing to say."""
LONGEST_NOTHING = 40
YES = frozenset({"oui", "o", "yes", "y", "vrai", "true", "1", "x", "ok", "نعم", "disponible", "available", "متوفر",
                 "en stock", "feminine", "نسويه", "ⵢⴰⵀ"})  # fmt: skip
NO = frozenset({"non", "n", "no", "faux", "false", "0", "لا", "rupture", "rupture de stock", "epuise", "sold out",
                "indisponible", "unavailable", "غير متوفر", "نفد", "ⵓⵀⵓ"})  # fmt: skip
TICKS = frozenset("✓✔☑✅")

FREE = frozenset({"gratuit", "gratuite", "free", "offert", "مجاني", "مجانا", "بالمجان"})
ON_REQUEST = frozenset({"sur devis", "sur demande", "on request", "selon devis", "a convenir", "variable", "حسب الطلب",
                        "حسب الاتفاق"})  # fmt: skip
CURRENCIES = re.compile(r"\b(?:dhs?|mad|dirhams?)\b\.?|درهم|دراهم|د\.?م\.?", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_HTML = re.compile(r"<\s*[/!]?\s*[a-z][^<>]*>", re.IGNORECASE)
_FORMULA = re.compile(r"=|[+\-@][^\s(|!]*[(|!]")
_FORMAT_MARKS = frozenset("\u200c\u200d\u200e\u200f\u061c\ufeff\u00ad")
"""Marks that keyboards and address books put into honest text: joiners, directions, soft hyphens."""
_LETTERS = {
    "arabic": re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+"),
    "tifinagh": re.compile("[\u2d30-\u2d6f]+"),
    "latin": re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]+"),
}
_BEYOND_LATIN = "\u0370"
_NUMBER = re.compile(r"[-−]?\s?\d[\d\s.,]*")
_ERROR = re.compile(
    r"#N/?[ADVUV](?: N/A)?|#[A-ZÀ-Ý¡¿][A-ZÀ-Ý¿¡/_0-9 ]*[!?]|#{3,}|#GETTING_DATA"
    r"|(?:Err|ERR|err):\s?\d{3}"
)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


def is_error(cell: Cell) -> bool:
    """Tell whether a cell holds an error of a spreadsheet, in any language (`#N/A`, `#VALEUR!`, `Err:502`)."""
    return isinstance(cell, str) and cell.lstrip()[:1] in ("#", "E", "e") and bool(_ERROR.fullmatch(cell.strip()))


def written(cell: Cell) -> str:
    """Return a cell as a person sees it: 3.0 is `3`, a date is ISO."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if isinstance(cell, str) else str(cell)


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell holds nothing, or only says so (`-`, `néant`)."""
    if not isinstance(cell, str):
        return cell is None
    if len(cell) > LONGEST_NOTHING:
        return cell.isspace()
    folded = key(cell)
    if is_error(cell):
        return False
    return folded in NOTHING or (not folded and not any(mark in cell for mark in "=@+<✓✔☑✅"))


def clean(text: str) -> str:
    """Return text as it should be kept: composed (NFC), ordinary letters, one kind of space, nothing invisible."""
    text = ordinary(text)
    if text.isprintable():  # so that the only space in it is the usual one
        composed = unicodedata.normalize("NFC", text)
        return (_SPACES.sub(" ", composed) if "  " in composed else composed).strip()
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_VISIBLE))).strip()


def invisible(text: str) -> list[str]:
    """Return the characters that hide or turn text around, as `U+202E`; harmless marks are not among them."""
    if text.isprintable():
        return []
    hidden = {c for c in text if _is_hidden(c) and not c.isspace()}
    return sorted(f"U+{ord(c):04X}" for c in hidden - _FORMAT_MARKS)


@lru_cache(maxsize=1024)
def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs")


class _Visible(dict[int, str | None]):
    """What is kept of each character: worked out the first time it is met."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        self[code] = character if character.isspace() or not _is_hidden(character) else None
        return self[code]


_VISIBLE = _Visible()


def script_of(text: str) -> str:
    """Return the script most letters are in: `latin`, `arabic` or `tifinagh`; `latin` when there are none."""
    if text.isascii() or max(text) < _BEYOND_LATIN:
        return "latin"
    counts = {script: sum(map(len, letters.findall(text))) for script, letters in _LETTERS.items()}
    return max(counts, key=lambda script: counts[script]) if any(counts.values()) else "latin"


def text(cell: Cell, limit: int) -> str:
    """Read a text of at most `limit` characters. Markup and formulas are refused, not repaired."""
    raw = written(cell)
    tidy = clean(raw)
    if _FORMULA.match(tidy):
        raise Unreadable("formula_injection")
    if _HTML.search(tidy):
        raise Unreadable("html_in_text")
    if len(tidy) > limit:
        raise Unreadable("text_too_long", other=str(len(tidy)))
    if hidden := invisible(raw):
        raise Unreadable("control_or_bidi_characters", tidy, other=", ".join(hidden))
    return plain(tidy)


def plain(tidy: str) -> str:
    """Return a clean text as it is, unless its letters pass for others or bear stacks of marks."""
    problem = problem_with_text(tidy, prose=True)
    if problem in ("text_lookalike", "text_marks"):
        raise Unreadable(problem)
    return "" if problem else tidy


def number(cell: Cell) -> Decimal:
    """Read one number, whatever its digits, separators and unit: `٣٫٥`, `1 200`, `49 adhérents`, `5,5 m`."""
    if isinstance(cell, bool | date) or (isinstance(cell, float) and not isfinite(cell)):
        raise Unreadable("invalid_number")
    if isinstance(cell, float):
        return Decimal(str(cell))
    found = _NUMBER.findall(western(clean(written(cell))))
    if len(found) != 1:
        raise Unreadable("invalid_number")
    return amount(found[0])


def amount(digits: str) -> Decimal:
    """Read digits with separators; a last point or comma before 1 or 2 digits is the decimal one."""
    tight = re.sub(r"\s", "", digits).replace("−", "-").rstrip(".,")
    head, mark, tail = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", tight).groups("")  # type: ignore[union-attr]
    try:
        return Decimal(re.sub(r"[.,](?=\d{3})", "", head) + (f".{tail}" if mark else ""))
    except InvalidOperation:
        raise Unreadable("invalid_number") from None


def count(cell: Cell) -> int:
    """Read a whole number from 0 on."""
    value = number(cell)
    if value < 0:
        raise Unreadable("negative_number")
    if value != value.to_integral_value() or value >= 2**31:
        raise Unreadable("invalid_number")
    return int(value)


def metres(cell: Cell) -> float:
    """Read a length or position in metres."""
    plain = re.sub(r"\s*m(?:ètres?)?\.?$", "", western(clean(written(cell))), flags=re.IGNORECASE)
    if not re.fullmatch(r"-?\d{1,4}([.,]\d+)?", plain):
        raise Unreadable("invalid_number")
    return float(plain.replace(",", "."))


def year(cell: Cell) -> int:
    """Read a year: a number, a date, `depuis 2004`, `٢٠١١`."""
    if isinstance(cell, date):
        return cell.year
    found = _YEAR.findall(western(written(cell)))
    if len(found) != 1:
        raise Unreadable("invalid_year")
    return int(found[0])


def price(cell: Cell) -> int | None:
    """Read a price in dirhams as centimes; 0 when free, None when it is told on request."""
    if isinstance(cell, str) and key(cell) in FREE:
        return 0
    if isinstance(cell, str) and key(cell) in ON_REQUEST:
        return None
    bare = CURRENCIES.sub("", clean(cell)).strip() if isinstance(cell, str) else cell
    if isinstance(bare, str) and not re.fullmatch(r"[-−]?[\d\s.,٫٬]+", bare):
        raise Unreadable("invalid_price")
    try:
        centimes = number(bare) * 100
    except Unreadable:
        raise Unreadable("invalid_price") from None
    if centimes < 0:
        raise Unreadable("negative_number")
    return round(centimes)


def boolean(cell: Cell) -> bool:
    """Read yes or no."""
    answer = written(cell)
    if key(answer) in YES or TICKS & set(answer):
        return True
    if key(answer) in NO:
        return False
    raise Unreadable("unknown_boolean")


def western(digits: str) -> str:
    """Write decimal digits of any script as 0 to 9, and the Arabic decimal and thousands marks as ours."""
    plain = digits.replace("٫", ".").replace("٬", "")
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in plain)
