"""The table of exhibitors: what is asked for is found in the register, and its page alone read from the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.catalogue.keys import key
from companion.languages import LANGUAGES
from companion.models import Exhibitor, Photo, Product
from companion.register.known import Known, Register, register_of

ON_A_PAGE = 50
SORTS = ("missing", "name", "number", "code", "booth", "sector")
STATES = ("", "here", "walk_in", "no_card", "withdrawn", "merged")
MISSING = ("fr", "ar", "zgh", "about", "phone", "sector", "booth", "photo")


@dataclass(frozen=True)
class Asked:
    """What to show; an empty value asks for all. `state` is one of STATES, `missing` of MISSING, `sort` of SORTS."""

    q: str = ""
    kind: str = ""
    sector: str = ""
    zone: str = ""
    province: str = ""
    state: str = "here"
    missing: str = ""
    sort: str = "missing"
    page: int = 1


@dataclass(frozen=True)
class Line:
    """One exhibitor of the table, its first booth, and what it has: a language is `full`, `name` or `none`."""

    exhibitor: Exhibitor
    booth: str
    languages: dict[str, str]
    missing: int
    photos: int
    products: int


def lines(session: Session, asked: Asked, languages: tuple[str, ...]) -> tuple[list[Line], int]:
    """Return the lines of the page asked for, and how many there are in all."""
    register = register_of(session)
    wanted = _in_order(register, asked.sort, asked.state, languages)
    for name in ("kind", "sector", "zone", "province"):
        if chosen := getattr(asked, name):
            wanted = [one for one in wanted if getattr(one, name) == chosen]
    if asked.missing in MISSING:
        wanted = [one for one in wanted if _lacks(register, one, asked.missing)]
    if q := asked.q.strip():
        wanted = _matching(register, wanted, q)
    page = wanted[(asked.page - 1) * ON_A_PAGE : asked.page * ON_A_PAGE]
    query = select(Exhibitor, _count(Photo), _count(Product)).where(Exhibitor.id.in_([one.id for one in page]))
    rows = {one.id: (one, photos, products) for one, photos, products in session.execute(query)}
    found = []
    for known in page:
        one, photos, products = rows[known.id]
        states = {lang: _state(one, lang) for lang in languages}
        booth = next(iter(register.booths_of.get(one.id, ())), "")
        found.append(Line(one, booth, states, _missing(register, known, languages), photos, products))
    return found, len(wanted)


def _is_in(one: Known, state: str) -> bool:
    if one.deleted or state == "merged":
        return one.deleted and state == "merged"
    if not state:
        return True
    if one.withdrawn or state == "withdrawn":
        return one.withdrawn and state == "withdrawn"
    return {"walk_in": one.walk_in, "no_card": not one.card_given}.get(state, True)


def _matching(register: Register, among: list[Known], q: str) -> list[Known]:
    """Names in any spelling that folds alike, code, number, e-mail, a booth or part of a telephone number."""
    small, capitals, digits = q.lower(), q.upper(), re.sub(r"\D", "", q).lstrip("0")
    booth = re.sub(r"[\s-]", "", capitals)
    holders = {own for own, codes in register.booths_of.items() if booth in codes}
    words, digits = key(q) or _NOWHERE, digits if len(digits) >= 4 else _NOWHERE
    return [
        one for one in among
        if words in one.words or small in one.email or digits in one.digits
        or one.code == capitals or one.number == q or one.id in holders
    ]  # fmt: skip


_NOWHERE = "\0"


def _lacks(register: Register, one: Known, what: str) -> bool:
    if what in LANGUAGES:
        return what not in one.names or what not in one.abouts
    return {
        "about": not one.abouts, "phone": not one.digits, "sector": not one.sector,
        "booth": one.id not in register.booths_of, "photo": one.id not in register.with_photo,
    }[what]  # fmt: skip


def _missing(register: Register, one: Known, languages: tuple[str, ...]) -> int:
    """How much is missing: each text in each language, sector, telephone, booth."""
    texts = sum((lang not in one.names) + (lang not in one.abouts) for lang in languages)
    return texts + sum(_lacks(register, one, what) for what in ("sector", "phone", "booth"))


def _count(model: type[Photo] | type[Product]) -> Any:
    own = select(func.count()).select_from(model).where(model.exhibitor == Exhibitor.id, ~model.deleted)
    return own.correlate(Exhibitor).scalar_subquery()


def _in_order(register: Register, sort: str, state: str, languages: tuple[str, ...]) -> list[Known]:
    """Return everybody in a state, in an order; kept until something changes."""
    sort, state = (sort if sort in SORTS else "name"), (state if state in STATES else "")
    if (sort, state, languages) not in register.orders:
        orders: dict[str, Callable[[Known], Any]] = {
            "missing": lambda one: (-_missing(register, one, languages), one.first_name, one.code),
            "number": lambda one: (len(one.number), one.number, one.code),
            "code": lambda one: one.code,
            "booth": lambda one: (next(iter(register.booths_of.get(one.id, ())), "~"), one.code),
            "sector": lambda one: (one.sector, one.first_name, one.code),
            "name": lambda one: (one.first_name, one.code),
        }
        there = [one for one in register.exhibitors.values() if _is_in(one, state)]
        register.orders[sort, state, languages] = sorted(there, key=orders[sort])
    return register.orders[sort, state, languages]


def _state(one: Exhibitor, lang: str) -> str:
    return "full" if one.name.get(lang) and one.about.get(lang) else "name" if one.name.get(lang) else "none"
