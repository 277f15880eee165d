"""Undoing an act: everything that was done in one go goes back to what it was, by edits of its own.

Only fields that still hold what the act wrote go back; what somebody has changed since is kept and named. A record
the act made becomes a tombstone, unless somebody has written in it since: then it stays. The undoing is an act too, and
its name follows from the act it undoes: so every server knows which acts are undone, and undoing the undoing brings all
of it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import KINDS, LogEntry, Photo, Synced
from companion.sync.edits import Author, Change, Edit
from companion.sync.erasure import ERASE
from companion.sync.log import IN_CHUNKS, take_turn, write
from companion.sync.merge import canonical, new_record, value_of
from companion.sync.pictures import is_gone
from companion.sync.requests import VISITS


@dataclass
class Undone:
    """The edits an undoing made, and the fields it left alone: `(kind, record, path)`."""

    edits: list[Edit] = field(default_factory=list)
    kept: list[tuple[str, str, str]] = field(default_factory=list)


def undo_of(act: str) -> str:
    """Return the name of the act that undoes `act`."""
    return str(uuid5(UUID(act), "undo"))


def is_undone(session: Session, act: str) -> bool:
    """Tell whether an act is undone, and its undoing is not."""
    undoing = undo_of(act)
    exists = session.scalar(select(LogEntry.seq).where(LogEntry.act == undoing).limit(1)) is not None
    return exists and not is_undone(session, undoing)


def last_of(session: Session, act: str) -> str:
    """Return the act to undo for turning `act` around: itself, or the latest of its undoings and redoings."""
    undoing = undo_of(act)
    exists = session.scalar(select(LogEntry.seq).where(LogEntry.act == undoing).limit(1)) is not None
    return last_of(session, undoing) if exists else act


def undo(session: Session, act: str, author: Author) -> Undone:
    """Undo an act, or redo it when `act` is the name of an undoing; the caller commits.

    What visitors left is not undone, only erased. Raises ValueError when it was undone already or there is none,
    or when the author may not write one of its records.
    """
    take_turn(session)
    mine = session.scalars(select(LogEntry).where(LogEntry.act == act, LogEntry.kind.notin_((ERASE, *VISITS)))).all()
    if not mine or last_of(session, act) != act:
        raise ValueError(f"there is no act {act} that is not undone already")
    records = _records(session, mine)
    histories = _histories(session, mine)
    acts = {entry.act for history in histories.values() for entry in history}
    undoings = {undo_of(one): one for one in acts if one}
    undone, changes = Undone(), []
    for which in dict.fromkeys((entry.kind, entry.record) for entry in mine):
        if which not in records:
            continue
        back, kept = _way_back(records[which], histories[which], act, undoings)
        undone.kept += [(*which, path) for path in kept]
        photo = records[which]
        if isinstance(photo, Photo) and back.get("deleted") is False and is_gone(session, photo):
            undone.kept.append((*which, "deleted"))  # its bytes went when it was taken out
        elif back:
            changes.append(Change(*which, back))
    undone.edits = write(session, changes, author, undo_of(act))
    return undone


def undo_since(session: Session, of: str, since: str, author: Author) -> Undone:
    """Undo every act that the author named `of` did here since a moment (UTC, ISO, to the second), the last first.

    What they undid themselves stays undone. The caller commits; raises ValueError when `author` may not write
    one of the records.
    """
    take_turn(session)
    query = select(LogEntry.act).where(
        LogEntry.author == of, LogEntry.received >= since, LogEntry.act != "", LogEntry.kind.notin_((ERASE, *VISITS))
    )
    acts = list(dict.fromkeys(session.scalars(query.order_by(LogEntry.seq.desc()))))
    undoings = {undo_of(act) for act in acts}
    undone = Undone()
    for act in acts:
        if act not in undoings and last_of(session, act) == act:
            part = undo(session, act, author)
            undone.edits += part.edits
            undone.kept += part.kept
    return undone


def _way_back(
    record: Synced, history: list[LogEntry], act: str, undoings: dict[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Return the fields that go back with their values, and the paths that stay as somebody changed them since."""
    entries = [entry for entry in history if entry.act == act]
    paths = dict.fromkeys(path for entry in entries for path in entry.fields)
    back, kept = {}, []
    for path in paths:
        before = _before(record, history, path, act, undoings)
        if before is None:
            kept.append(path)
        else:
            back[path] = before[0]
    if history[0].act == act and "deleted" not in paths:
        kept += _written_since(record, paths)
        return ({}, kept) if kept else ({"deleted": True}, [])
    return {path: value for path, value in back.items() if canonical(value_of(record, path)) != canonical(value)}, kept


def _written_since(record: Synced, paths: Collection[str]) -> list[str]:
    """Return what a record says besides what the act that began it wrote: somebody's work, which goes with it."""
    blank = new_record(type(record), record.id)
    others = [path for path in record.stamps if path not in paths and path != "deleted"]
    return [path for path in others if canonical(value_of(record, path)) != canonical(value_of(blank, path))]


def _before(
    record: Synced, history: list[LogEntry], path: str, act: str, undoings: dict[str, str]
) -> tuple[Any] | None:
    """Return what a field held before `act` wrote it; None when the field no longer is what the act wrote.

    An act that was undone no longer counts: its value is skipped together with the edit that undid it.
    """
    default = value_of(new_record(type(record), record.id), path)
    written = [entry for entry in history if path in entry.fields]
    if act in undoings:
        entry = next(entry for entry in reversed(written) if entry.act == act)
        if record.stamps.get(path) != entry.stamp:
            return None
        seen = next((one for one in written if one.stamp == entry.base.get(path)), None)
        return (seen.fields[path] if seen else default,)
    standing: list[tuple[str, Any]] = []
    for entry in written:
        root, turns = _root(entry.act, undoings)
        if turns % 2 == 0:
            standing.append((root, entry.fields[path]))
        elif standing and standing[-1][0] == root:
            standing.pop()
    if not standing or standing[-1][0] != act:
        return None
    others = [value for root, value in standing if root != act]
    return (others[-1] if others else default,)


def _root(act: str, undoings: dict[str, str]) -> tuple[str, int]:
    turns = 0
    while act in undoings:
        act, turns = undoings[act], turns + 1
    return act, turns


def _records(session: Session, entries: Iterable[LogEntry]) -> dict[tuple[str, str], Synced]:
    found: dict[tuple[str, str], Synced] = {}
    for kind, ids in _by_kind(entries):
        model = KINDS[kind]
        for some in _chunks(ids):
            found |= {(kind, row.id): row for row in session.scalars(select(model).where(model.id.in_(some)))}
    return found


def _histories(session: Session, entries: Iterable[LogEntry]) -> dict[tuple[str, str], list[LogEntry]]:
    """Return all edits of the records of `entries`, by stamp."""
    found: dict[tuple[str, str], list[LogEntry]] = {}
    for kind, ids in _by_kind(entries):
        for some in _chunks(ids):
            query = select(LogEntry).where(LogEntry.kind == kind, LogEntry.record.in_(some))
            for entry in session.scalars(query.order_by(LogEntry.stamp, LogEntry.id)):
                found.setdefault((kind, entry.record), []).append(entry)
    return found


def _by_kind(entries: Iterable[LogEntry]) -> Iterator[tuple[str, list[str]]]:
    wanted = {(entry.kind, entry.record) for entry in entries}
    for kind in sorted({kind for kind, _ in wanted}):
        yield kind, sorted(record for of, record in wanted if of == kind)


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), IN_CHUNKS):
        yield ids[start : start + IN_CHUNKS]
