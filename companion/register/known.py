"""What the table of exhibitors is searched, filtered and sorted by: kept in memory, and renewed from the log.

Texts in several languages, what is missing and the booth of ten thousand exhibitors cannot be asked of a database
without reading all of them. What they come to is small, and the log says what has changed since it was worked out:
a page of the table costs what its fifty lines cost. Each process keeps its own, one for each database.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from companion.catalogue.keys import key
from companion.languages import LANGUAGES
from companion.models import Booth, Exhibitor, LogEntry, Photo

MANY_CHANGES = 2000
"""After so many, everything is read again."""

IN_CHUNKS = 500


@dataclass(frozen=True, slots=True)
class Known:
    """One exhibitor, without its texts. `words` are its names and `digits` its telephones, as they are searched."""

    id: str
    code: str
    number: str
    kind: str
    sector: str
    zone: str
    province: str
    deleted: bool
    withdrawn: bool
    walk_in: bool
    card_given: bool
    words: str
    email: str
    digits: str
    first_name: str
    names: frozenset[str]
    """The languages it has a name in; `abouts` those of its description."""
    abouts: frozenset[str]


@dataclass(frozen=True)
class Register:
    """All exhibitors by id, and who has which booth and photo, as they were at a position of the log."""

    seq: int = 0
    edit: str = ""
    """The id of the edit at that position: another there means another log."""
    exhibitors: dict[str, Known] = field(default_factory=dict)
    booths: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Exhibitor and code, by the booth's id."""
    photos: dict[str, str] = field(default_factory=dict)
    """Exhibitor, by the photo's id."""
    booths_of: dict[str, list[str]] = field(default_factory=dict)
    """Codes in order, by exhibitor."""
    with_photo: frozenset[str] = frozenset()
    orders: dict[Any, list[Known]] = field(default_factory=dict, compare=False)
    """Everybody, in orders that somebody asked for."""


_kept: WeakKeyDictionary[Engine, Register] = WeakKeyDictionary()
_one_at_a_time = Lock()


def register_of(session: Session) -> Register:
    """Return the register as it is now: only what changed since it was last asked for is read."""
    engine = session.get_bind().engine
    with _one_at_a_time:
        register = _renewed(session, _kept.get(engine))
        _kept[engine] = register
    return register


def _renewed(session: Session, register: Register | None) -> Register:
    since = register.seq if register else 0
    query = select(LogEntry.seq, LogEntry.id, LogEntry.kind, LogEntry.record).where(LogEntry.seq >= since)
    entries = session.execute(query.order_by(LogEntry.seq).limit(MANY_CHANGES)).all() if register else []
    if register is None or not entries or entries[0][:2] != (register.seq, register.edit):
        return _read_all(session)
    if len(entries) == MANY_CHANGES:
        return _read_all(session)
    changed: dict[str, set[str]] = defaultdict(set)
    for _, _, kind, record in entries[1:]:
        changed[kind].add(record)
    now = replace(register, seq=entries[-1].seq, edit=entries[-1].id)
    return _read(session, now, changed) if changed.keys() & {Exhibitor.KIND, Booth.KIND, Photo.KIND} else now


def _read_all(session: Session) -> Register:
    last = session.execute(select(LogEntry.seq, LogEntry.id).order_by(LogEntry.seq.desc()).limit(1)).first()
    seq, edit = last or (0, "")
    return _read(session, Register(seq, edit), None)


def _read(session: Session, register: Register, changed: dict[str, set[str]] | None) -> Register:
    """Return the register with these records, all when none are named, as they are in the database."""
    wanted = {model: None if changed is None else changed[model.KIND] for model in (Exhibitor, Booth, Photo)}
    known = {row.id: _known(row) for row in _rows(session, _COLUMNS, wanted[Exhibitor])}
    held = {row.id: (row.exhibitor or "", row.code) for row in _rows(session, _BOOTH, wanted[Booth]) if not row.deleted}
    seen = {row.id: row.exhibitor for row in _rows(session, _PHOTO, wanted[Photo]) if not row.deleted}
    booths = _without(register.booths, wanted[Booth]) | held
    photos = _without(register.photos, wanted[Photo]) | seen
    booths_of: defaultdict[str, list[str]] = defaultdict(list)
    for holder, code in sorted(booths.values()):
        booths_of[holder].append(code)
    return Register(
        register.seq, register.edit, register.exhibitors | known, booths, photos, dict(booths_of),
        frozenset(photos.values()),
    )  # fmt: skip


_COLUMNS = [
    getattr(Exhibitor, name)
    for name in ("id", "code", "number", "kind", "sector", "zone", "province", "deleted", "withdrawn", "walk_in",
                 "card_given", "name", "about", "email", "phones")
]  # fmt: skip
_BOOTH = [Booth.id, Booth.code, Booth.exhibitor, Booth.deleted]
_PHOTO = [Photo.id, Photo.exhibitor, Photo.deleted]


def _rows(session: Session, columns: list[Any], wanted: set[str] | None) -> Iterable[Any]:
    if wanted is None:
        yield from session.execute(select(*columns))
        return
    ids = sorted(wanted)
    for start in range(0, len(ids), IN_CHUNKS):
        yield from session.execute(select(*columns).where(columns[0].in_(ids[start : start + IN_CHUNKS])))


def _without(held: dict[str, Any], gone: set[str] | None) -> dict[str, Any]:
    return {own: value for own, value in held.items() if own not in gone} if gone else held


def _known(row: Any) -> Known:
    names = [row.name[lang] for lang in LANGUAGES if row.name.get(lang)]
    return Known(
        row.id, row.code, row.number, row.kind, row.sector, row.zone, row.province, row.deleted, row.withdrawn,
        row.walk_in, row.card_given, "\n".join(key(name) for name in names), (row.email or "").lower(),
        " ".join(re.sub(r"\D", "", phone) for phone in row.phones), key(next(iter(names), "")),
        _told(row.name), _told(row.about),
    )  # fmt: skip


def _told(texts: dict[str, str]) -> frozenset[str]:
    return frozenset(lang for lang, text in texts.items() if text)
