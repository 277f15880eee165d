"""Conflicts: fields for which two people, seeing the same value, wrote different ones.

Nothing is stored for them. They are derived from the log, so every node that has the same edits sees the same
conflicts, in whatever order the edits came. Settling one is an edit that names the edits it settles; it may keep
one of their values or give a third. Who settles the same conflict elsewhere with another value makes a new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from companion.models import KINDS, LogEntry
from companion.sync.edits import Author, Edit
from companion.sync.erasure import ERASE
from companion.sync.log import apply, now_millis, take_turn
from companion.sync.merge import canonical
from companion.sync.requests import VISITS
from companion.sync.rights import PRIVATE
from companion.sync.stamps import next_stamp

Entry = Any
"""An entry of the log, or a row with the columns that are needed of it."""

ASIDE = (ERASE, *VISITS, *PRIVATE)
"""Kinds in which nobody disagrees: what visitors leave, and what one exhibitor notes."""


@dataclass(frozen=True)
class Side:
    """One of the values in a conflict, the edit that wrote it, and by whom."""

    edit: str
    value: Any
    author: str
    stamp: str


@dataclass(frozen=True)
class Conflict:
    """A field of a record, and its sides by stamp: at least two of them differ in value."""

    kind: str
    record: str
    path: str
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class _Derived:
    """The open conflicts by record, as of one entry of the log."""

    seq: int
    id: str
    of: Mapping[tuple[str, str], list[Conflict]]


_derived: WeakKeyDictionary[Engine, _Derived] = WeakKeyDictionary()
"""What was derived last from each database: pages and phones ask often, and most of a log stays as it was."""


def conflicts(session: Session) -> list[Conflict]:
    """Return the conflicts that nobody has settled, by kind, record and field."""
    engine = session.get_bind().engine
    last = session.execute(select(LogEntry.seq, LogEntry.id).order_by(LogEntry.seq.desc()).limit(1)).first()
    known = _derived.get(engine)
    if known and session.scalar(select(LogEntry.id).where(LogEntry.seq == known.seq)) != known.id:
        known = None  # the log went back
    of = dict(known.of) if known else {}
    for record, found in _of_records(session, known.seq if known else 0):
        of[record] = found
    of = {record: found for record, found in of.items() if found}
    if last:
        _derived[engine] = _Derived(*last, of)
    return [conflict for record in sorted(of) for conflict in of[record]]


def _of_records(session: Session, since: int) -> Iterator[tuple[tuple[str, str], list[Conflict]]]:
    """Give every record written after a position, with its open conflicts."""
    query = select(
        LogEntry.kind, LogEntry.record, LogEntry.id, LogEntry.stamp, LogEntry.fields, LogEntry.base, LogEntry.settles,
        LogEntry.author,
    ).where(LogEntry.kind.notin_(ASIDE))  # fmt: skip
    if since:
        query = query.where(LogEntry.record.in_(select(LogEntry.record).where(LogEntry.seq > since)))
    rows = session.execute(query.order_by(LogEntry.kind, LogEntry.record, LogEntry.stamp, LogEntry.id))
    for record, entries in groupby(rows.yield_per(1000), key=lambda row: (row.kind, row.record)):
        written: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            for path in entry.fields:
                written[path].append(entry)
        yield (
            record,
            [
                Conflict(*record, path, sides)
                for path, some in sorted(written.items())
                if len(some) > 1
                for sides in _disagreements(some, path)
            ],
        )


def told(session: Session, conflict: Conflict) -> dict[str, Any]:
    """Return a conflict as a phone gets it: its sides, and the value that the first of them saw."""
    entries = session.scalars(
        select(LogEntry).where(LogEntry.kind == conflict.kind, LogEntry.record == conflict.record)
    ).all()
    first = next(entry for entry in entries if entry.id == conflict.sides[0].edit)
    seen = first.base.get(conflict.path)
    before = next((e.fields[conflict.path] for e in entries if e.stamp == seen and conflict.path in e.fields), None)
    sides = [{"edit": s.edit, "value": s.value, "author": s.author, "stamp": s.stamp} for s in conflict.sides]
    return {
        "kind": conflict.kind, "record": conflict.record, "path": conflict.path, "before": before, "sides": sides,
    }  # fmt: skip


def settle(session: Session, conflict: Conflict, value: Any, author: Author) -> Edit:
    """Write `value` and settle `conflict` with it; the caller commits.

    The value may be that of any side or another. Raises ValueError when the author may not write it.
    """
    head = take_turn(session)
    record = session.get_one(KINDS[conflict.kind], conflict.record)
    seen = record.stamps[conflict.path]
    stamp = next_stamp(head.node, now_millis(), [head.stamp, seen])
    edit = Edit(
        id=str(uuid4()), kind=conflict.kind, record=conflict.record, stamp=stamp, fields={conflict.path: value},
        base={conflict.path: seen}, settles=[side.edit for side in conflict.sides],
    )  # fmt: skip
    [outcome] = apply(session, [edit], author).outcomes
    if outcome.state == "refused":
        raise ValueError(outcome.problem)
    head.stamp = stamp
    return edit


def _disagreements(entries: list[Entry], path: str) -> Iterable[tuple[Side, ...]]:
    """Group the edits of one field by the value their authors saw, and return the groups that disagree."""
    seen: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        seen[entry.base.get(path) or ""].append(entry)
    found = {}
    for base in sorted(seen):
        sides = _unsettled(seen[base], entries)
        if len({canonical(entry.fields[path]) for entry in sides}) > 1:
            found[tuple(entry.id for entry in sides)] = sides
    return [tuple(Side(e.id, e.fields[path], e.author, e.stamp) for e in sides) for sides in found.values()]


def _unsettled(siblings: list[Entry], entries: list[Entry]) -> list[Entry]:
    """Return those of `siblings`, and of the edits that settle any of them, that no other of these settles."""
    group = {entry.id for entry in siblings}
    while True:
        more = {entry.id for entry in entries if group.intersection(entry.settles)} - group
        if not more:
            break
        group |= more
    members = [entry for entry in entries if entry.id in group]
    settled = {edit for entry in members for edit in entry.settles}
    return [entry for entry in members if entry.id not in settled]
