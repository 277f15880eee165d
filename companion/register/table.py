"""The table of exhibitors: search, filters, order and page are the database's work, whatever the table's size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from companion.languages import LANGUAGES
from companion.models import Booth, Exhibitor, Photo, Product

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
    wanted = _wanted(asked)
    total = session.scalar(select(func.count()).select_from(Exhibitor).where(*wanted)) or 0
    query = select(Exhibitor, _booth(), _missing(languages), _count(Photo), _count(Product)).where(*wanted)
    query = query.order_by(*_order(asked, languages), Exhibitor.code)
    rows = session.execute(query.limit(ON_A_PAGE).offset((asked.page - 1) * ON_A_PAGE)).all()
    found = [
        Line(one, booth or "", {lang: _state(one, lang) for lang in languages}, missing, photos, products)
        for one, booth, missing, photos, products in rows
    ]
    return found, total


def _wanted(asked: Asked) -> list[Any]:
    states = {
        "here": and_(~Exhibitor.deleted, ~Exhibitor.withdrawn),
        "walk_in": and_(~Exhibitor.deleted, ~Exhibitor.withdrawn, Exhibitor.walk_in),
        "no_card": and_(~Exhibitor.deleted, ~Exhibitor.withdrawn, ~Exhibitor.card_given),
        "withdrawn": and_(~Exhibitor.deleted, Exhibitor.withdrawn),
        "merged": Exhibitor.deleted,
    }
    wanted: list[Any] = [states.get(asked.state, ~Exhibitor.deleted)]
    chosen = {"kind": asked.kind, "sector": asked.sector, "zone": asked.zone, "province": asked.province}
    wanted += [getattr(Exhibitor, name) == value for name, value in chosen.items() if value]
    if asked.q.strip():
        wanted.append(_matches(asked.q.strip()))
    if asked.missing in MISSING:
        wanted.append(_lacks(asked.missing))
    return wanted


def _matches(q: str) -> ColumnElement[bool]:
    """Names, code, number, e-mail, a booth or part of a telephone number; SQLite knows no capitals with accents."""
    spellings = {q, q.lower(), q.upper(), q.capitalize(), q.title()}
    columns = [_text("name", lang) for lang in LANGUAGES] + [Exhibitor.email]
    found = [column.ilike(f"%{_plain(one)}%", escape="\\") for column in columns for one in spellings]
    found += [Exhibitor.code == q.upper(), Exhibitor.number == q]
    code = re.sub(r"[\s-]", "", q.upper())
    found.append(exists().where(Booth.exhibitor == Exhibitor.id, Booth.code == code, ~Booth.deleted))
    digits = re.sub(r"\D", "", q).lstrip("0")
    if len(digits) >= 4:
        found.append(cast(Exhibitor.phones, String).like(f"%{digits}%"))
    return or_(*found)


def _plain(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _text(column: str, lang: str) -> Any:
    return getattr(Exhibitor, column)[lang].as_string()


def _lacks(what: str) -> ColumnElement[bool]:
    if what in LANGUAGES:
        return or_(_text("name", what).is_(None), _text("about", what).is_(None))
    return {
        "about": and_(*(_text("about", lang).is_(None) for lang in LANGUAGES)),
        "phone": cast(Exhibitor.phones, String).in_(("[]", "null")),
        "sector": Exhibitor.sector == "",
        "booth": ~exists().where(Booth.exhibitor == Exhibitor.id, ~Booth.deleted),
        "photo": ~exists().where(Photo.exhibitor == Exhibitor.id, ~Photo.deleted),
    }[what]


def _missing(languages: tuple[str, ...]) -> Any:
    """How much is missing: each text in each language, sector, telephone, booth."""
    parts = [_text(column, lang).is_(None) for column in ("name", "about") for lang in languages]
    parts += [_lacks(what) for what in ("sector", "phone", "booth")]
    total: Any = case((parts[0], 1), else_=0)
    for part in parts[1:]:
        total = total + case((part, 1), else_=0)
    return total.label("missing")


def _booth() -> Any:
    own = select(func.min(Booth.code)).where(Booth.exhibitor == Exhibitor.id, ~Booth.deleted)
    return own.correlate(Exhibitor).scalar_subquery().label("booth")


def _count(model: type[Photo] | type[Product]) -> Any:
    own = select(func.count()).select_from(model).where(model.exhibitor == Exhibitor.id, ~model.deleted)
    return own.correlate(Exhibitor).scalar_subquery()


def _order(asked: Asked, languages: tuple[str, ...]) -> list[Any]:
    name = func.lower(func.coalesce(*(_text("name", lang) for lang in LANGUAGES)))
    return {
        "missing": [_missing(languages).desc(), name],
        "number": [func.length(Exhibitor.number), Exhibitor.number],
        "code": [],
        "booth": [func.coalesce(_booth(), "~")],
        "sector": [Exhibitor.sector, name],
    }.get(asked.sort, [name])


def _state(one: Exhibitor, lang: str) -> str:
    return "full" if one.name.get(lang) and one.about.get(lang) else "name" if one.name.get(lang) else "none"
