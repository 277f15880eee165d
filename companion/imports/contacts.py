"""Readers for what an exhibitor's row lists: telephones, addresses on the net, languages, payment, booths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from companion.catalogue import vocabulary
from companion.catalogue.keys import key
from companion.imports.cells import NOTHING, clean, plain, western, written
from companion.imports.problems import Unreadable
from companion.imports.read import Cell
from companion.imports.telephones import phones as phones

SAME_NUMBER = frozenset({"meme numero", "le meme", "meme", "idem", "id", "same", "same number", "نفس الرقم", "نفسه"})

_EMAIL = re.compile(r"[^@\s<>\"'(),;:]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):(?=\S)", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[,;،؛\n|]")
_BETWEEN_LANGUAGES = re.compile(r"[,;،؛\n|/+&-]|\b(?:et|and)\b|\sو", re.IGNORECASE)
_BOOTH = re.compile(r"([A-Z]{0,3})[\s.-]*(\d{1,4})(?!\d)")
_BOOTH_RANGE = re.compile(r"([A-Z]{1,3})[\s.-]*(\d{1,4})\s*[-–]\s*\1[\s.-]*(\d{1,4})(?!\d)")
MAX_BOOTHS = 10
MAX_ADDRESS = 300


def whatsapp(cell: Cell, own: list[str]) -> str | None:
    """Read the WhatsApp number; “même numéro” is the first of the exhibitor's `own` telephones."""
    if key(written(cell)) in SAME_NUMBER:
        return own[0] if own else None
    try:
        return next(iter(phones(cell)), None)
    except Unreadable as error:
        raise Unreadable(error.problem, next(iter(error.value or ()), None), **error.parameters) from None


def email(cell: Cell) -> str:
    """Read an e-mail address, the first when there are several."""
    first = re.split(r"[;,\n]|\s/\s", clean(written(cell)).lower())[0].replace(" ", "").removeprefix("mailto:")
    if len(first) > MAX_ADDRESS or not _EMAIL.fullmatch(first):
        raise Unreadable("invalid_email")
    return first


def website(cell: Cell) -> str:
    """Read a web address; https is supposed where none is written. Other schemes are refused as unsafe."""
    address = clean(written(cell))
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise Unreadable("unsafe_url")
    whole = address if scheme else f"https://{address}"
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
    except ValueError:
        raise Unreadable("invalid_url") from None
    if len(whole) > MAX_ADDRESS or "." not in host or "@" in parts.netloc or re.search(r"[\s<>\"\\]", whole):
        raise Unreadable("invalid_url")
    return whole


def languages(cell: Cell) -> list[str]:
    """Read spoken languages as codes, in the order written."""
    return _codes("language", _BETWEEN_LANGUAGES.split(written(cell)), "unknown_language")


def payment(cell: Cell) -> list[str]:
    """Read means of payment as codes."""
    return _codes("payment", re.split(r"[,;،؛\n|/+]", written(cell)), "unknown_payment")


def words(family: str, cell: Cell) -> list[str]:
    """Read a list of labels or certifications: the known French wording, or the text as it is written."""
    parts = [plain(clean(part)) for part in _BETWEEN_WORDS.split(written(cell))]
    named = [vocabulary.find(family, part) or part[:300] for part in parts if key(part) and key(part) not in NOTHING]
    return list(dict.fromkeys(named))


def booth_codes(cell: Cell) -> list[str]:
    """Read booths as letters and number (`d-08`, `Stand E 43`, `A14, A15`, `C27-C28`): `["D08"]` …"""
    latin = _BOOTH_RANGE.sub(lambda match: _booth_range(*match.groups()), key_of_booth(written(cell)))
    found = [booth_code(letters, int(number)) for letters, number in _BOOTH.findall(latin)]
    if not found:
        raise Unreadable("unknown_booth")
    return list(dict.fromkeys(found))


def booth_code(letters: str, number: int) -> str:
    """Return the usual form of a booth's code: `A7` and `A 007` are `A07`."""
    return f"{letters}{number:02d}"


def key_of_booth(text: str) -> str:
    """Fold what is written about booths: capitals, Western digits, without the words for a booth."""
    capitals = western(clean(text)).upper()
    return re.sub(r"\b(?:STANDS?|BOOTHS?|STALLS?|N°|N[OR]\b\.?|ET|AND|(?:ال)?رواق)", " ", capitals)


def _booth_range(letters: str, first: str, last: str) -> str:
    numbers = range(int(first), int(last) + 1)
    if not 0 < len(numbers) <= MAX_BOOTHS:
        return f"{letters}{first} {letters}{last}"
    return " ".join(f"{letters}{number}" for number in numbers)


def _codes(family: str, parts: Iterable[str], problem: str) -> list[str]:
    named = [(clean(part), vocabulary.find(family, part)) for part in parts if key(part)]
    unknown = [part for part, code in named if code is None]
    codes = list(dict.fromkeys(code for _, code in named if code))
    if unknown:
        raise Unreadable(problem, codes, other=", ".join(unknown)[:100])
    return codes
