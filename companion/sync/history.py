"""The log as an audit trail: who changed what when, from which value to which, act by act."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVarTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from companion.models import KINDS, LogEntry
from companion.sync.erasure import ERASE
from companion.sync.log import IN_CHUNKS
from companion.sync.merge import new_record, value_of
from companion.sync.requests import VISITS
from companion.sync.undo import undo_of
from companion.zones import DEFAULT

Row = TypeVarTuple("Row")

HIDDEN = (*VISITS, ERASE)
"""What visitors leave is nobody's business here."""


@dataclass(frozen=True)
class Wanted:
    """What to look for; an empty value looks for all. `day` is local to `zone`; `before` a position in the log."""

    author: str = ""
    kind: str = ""
    record: str = ""
    day: date | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(DEFAULT))
    before: int = 0


@dataclass(frozen=True)
class Act:
    """What one author did in one go: how many records of each kind, and whether it was taken back since."""

    act: str
    author: str
    role: str
    received: str
    seq: int
    records: dict[str, int]
    undone: bool = False
    undoes: bool = False
    stamp: str = ""


@dataclass(frozen=True)
class Step:
    """One field of a record: its value before and after an act."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RecordChange:
    """What an act did to one record; `made` when there was none before."""

    kind: str
    record: str
    made: bool
    steps: list[Step] = field(default_factory=list)


def acts(session: Session, wanted: Wanted, limit: int = 50) -> list[Act]:
    """Return the acts looked for, the newest first."""
    last = func.max(LogEntry.seq).label("last")
    query = _matching(select(LogEntry.act, LogEntry.author, last), wanted).group_by(LogEntry.act, LogEntry.author)
    if wanted.before:
        query = query.having(last < wanted.before)
    rows = session.execute(query.order_by(last.desc()).limit(limit)).all()
    return _described(session, [(act, author, seq) for act, author, seq in rows])


def one_act(session: Session, act: str, author: str) -> Act:
    """Return one act; raises LookupError when there is none."""
    query = select(func.max(LogEntry.seq)).where(LogEntry.act == act, LogEntry.author == author)
    seq = session.scalar(query.where(LogEntry.kind.notin_(HIDDEN)))
    if seq is None:
        raise LookupError(f"{author} did nothing of that name")
    return _described(session, [(act, author, seq)])[0]


def changes_of(session: Session, act: str, author: str, offset: int = 0, limit: int = 100) -> list[RecordChange]:
    """Return what an act did, record by record in the order of the log, from the record numbered `offset`."""
    entries = session.scalars(
        select(LogEntry)
        .where(LogEntry.act == act, LogEntry.author == author, LogEntry.kind.notin_(HIDDEN))
        .order_by(LogEntry.seq)
    ).all()
    return _changes(session, entries, offset, limit)


def authors(session: Session) -> list[str]:
    """Return who wrote anything, by name."""
    query = select(LogEntry.author).where(LogEntry.kind.notin_(HIDDEN)).distinct().order_by(LogEntry.author)
    return list(session.scalars(query))


def _matching(query: Select[*Row], wanted: Wanted) -> Select[*Row]:
    query = query.where(LogEntry.kind.notin_(HIDDEN))
    if wanted.author:
        query = query.where(LogEntry.author == wanted.author)
    if wanted.kind:
        query = query.where(LogEntry.kind == wanted.kind)
    if wanted.record:
        query = query.where(LogEntry.record == wanted.record)
    if wanted.day:
        start = datetime.combine(wanted.day, time(), wanted.zone)
        (first, opens), (after, closes) = (_written(moment) for moment in (start, start + timedelta(days=1)))
        # The day of the act: when it was noted, or arrived, if the clock it was noted by was ahead.
        query = query.where(LogEntry.stamp >= first, LogEntry.received >= opens)
        query = query.where(or_(LogEntry.stamp < after, LogEntry.received < closes))
    return query


def _written(moment: datetime) -> tuple[str, str]:
    """Return a moment as stamps and as arrivals begin with it."""
    return f"{int(moment.timestamp() * 1000):013d}", moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _described(session: Session, found: Sequence[tuple[str, str, int]]) -> list[Act]:
    names = [act for act, _, _ in found]
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    query = select(LogEntry.act, LogEntry.author, LogEntry.kind, func.count(LogEntry.record.distinct()))
    query = query.where(LogEntry.act.in_(names), LogEntry.kind.notin_(HIDDEN))
    for act, author, kind, number in session.execute(
        query.group_by(LogEntry.act, LogEntry.author, LogEntry.kind).order_by(LogEntry.kind)
    ):
        counts[act, author][kind] = number
    last = {row.seq: row for row in session.scalars(select(LogEntry).where(LogEntry.seq.in_([n for *_, n in found])))}
    undone, undoings = undone_acts(session, names), _undoings(session, list(last.values()))
    return [
        Act(
            act, author, last[seq].role, last[seq].received, seq, dict(counts[act, author]),
            undone=act in undone, undoes=act in undoings, stamp=last[seq].stamp,
        )
        for act, author, seq in found
    ]  # fmt: skip


def undone_acts(session: Session, acts: Iterable[str]) -> set[str]:
    """Return which of these acts are undone, their undoing not being undone itself."""
    undoings = {undo_of(act): act for act in acts if act}
    there = set(session.scalars(select(LogEntry.act).where(LogEntry.act.in_(undoings)).distinct()))
    if not there:
        return set()
    return {undoings[undoing] for undoing in there - undone_acts(session, there)}


def _undoings(session: Session, entries: Sequence[LogEntry]) -> set[str]:
    """Return the acts of these edits that undo another act: their names follow from that of the act they undo."""
    records = {entry.record for entry in entries}
    earlier = session.scalars(select(LogEntry.act).where(LogEntry.record.in_(records), LogEntry.act != "").distinct())
    return {undo_of(act) for act in earlier} & {entry.act for entry in entries}


def last_author(session: Session, kind: str, record: str, path: str) -> str:
    """Return who wrote the value that a field of a record has, or any of its fields when `path` is empty."""
    entries = session.scalars(
        select(LogEntry).where(LogEntry.kind == kind, LogEntry.record == record).order_by(LogEntry.stamp.desc())
    )
    return next((entry.author for entry in entries if not path or path in entry.fields), "")


def _changes(session: Session, entries: Sequence[LogEntry], offset: int, limit: int) -> list[RecordChange]:
    by_record: dict[tuple[str, str], list[LogEntry]] = defaultdict(list)
    for entry in entries:
        by_record[entry.kind, entry.record].append(entry)
    shown = dict(list(by_record.items())[offset : offset + limit])
    earlier = _earlier(session, [record for _, record in shown])
    return [_change(kind, record, some, earlier[kind, record]) for (kind, record), some in shown.items()]


def _earlier(session: Session, records: Sequence[str]) -> dict[tuple[str, str], list[LogEntry]]:
    found: dict[tuple[str, str], list[LogEntry]] = defaultdict(list)
    for start in range(0, len(records), IN_CHUNKS):
        some = records[start : start + IN_CHUNKS]
        for entry in session.scalars(select(LogEntry).where(LogEntry.record.in_(some)).order_by(LogEntry.stamp)):
            found[entry.kind, entry.record].append(entry)
    return found


def _change(kind: str, record: str, entries: list[LogEntry], history: list[LogEntry]) -> RecordChange:
    empty = new_record(KINDS[kind], record)
    by_stamp = {(entry.stamp, path): value for entry in history for path, value in entry.fields.items()}
    steps: dict[str, Step] = {}
    for entry in entries:
        for path, value in entry.fields.items():
            if path == "erased":
                continue
            seen = entry.base.get(path)
            before = by_stamp.get((seen or "", path), value_of(empty, path))
            steps[path] = Step(path, steps[path].before if path in steps else before, value)
    return RecordChange(kind, record, history[0].id == entries[0].id, list(steps.values()))
