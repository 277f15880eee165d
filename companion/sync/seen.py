"""Writing what a form says, unless somebody else has changed the same since the form was shown.

A form carries the position in the log at which it was made: whoever fills it in saw every change up to there
and none after. What they left as it was is not a change of theirs; where both changed one field, nothing is
written and the second is told, who may then do it all the same. So nobody silently overwrites what they have
not seen, and two people who correct two fields of one record do not get in each other's way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import KINDS, LogEntry, Synced
from companion.spoofing import problem_with_value
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import take_turn, write
from companion.sync.merge import canonical, new_record, normal, split, value_of


class Wrong(ValueError):
    """What was typed into a form cannot be taken: `problems` names, by field, why."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = problems


class Overtaken(Exception):
    """Somebody changed the same meanwhile; `by` are their edits, oldest first. Nothing was written."""

    def __init__(self, by: Sequence[LogEntry]) -> None:
        super().__init__(", ".join(f"{one.author} changed {one.kind} {one.record}" for one in by))
        self.by = list(by)

    @property
    def author(self) -> str:
        """Who was last, by the name of their account: `amina`."""
        last = self.by[-1].author
        return last.partition(":")[2] or last


def write_as_seen(session: Session, changes: Iterable[Change], author: Author, seen: int) -> list[Edit]:
    """Write changes by somebody who saw the log up to position `seen`; the caller commits.

    Raises Wrong for texts that hide or mislead (`companion.spoofing`), and Overtaken when a field was changed after
    that to something else than what is wanted now.
    """
    take_turn(session)
    changes = list(changes)
    found = {path: problem_with_value(split(path)[0], value) for one in changes for path, value in one.fields.items()}
    wrong = {path: str(problem) for path, problem in found.items() if problem}
    if wrong:
        raise Wrong(wrong)
    kept, by = [], []
    for change in changes:
        fields, overtaken = _compared(session, change, seen)
        by += overtaken
        kept.append(Change(change.kind, change.record, fields))
    if by:
        raise Overtaken(sorted(by, key=lambda entry: entry.seq))
    return write(session, kept, author)


def _compared(session: Session, change: Change, seen: int) -> tuple[dict[str, Any], list[LogEntry]]:
    """Return the fields of a change that its author meant, and the later edits of others they collide with."""
    query = select(LogEntry).where(LogEntry.kind == change.kind, LogEntry.record == change.record)
    entries = list(session.scalars(query.order_by(LogEntry.seq)))
    later = [entry for entry in entries if entry.seq > seen]
    if not later:
        return change.fields, []
    model = KINDS[change.kind]
    empty = new_record(model, change.record)
    record = session.get(model, change.record) or empty
    fields: dict[str, Any] = {}
    by: dict[int, LogEntry] = {}
    for path, value in change.fields.items():
        others = [entry for entry in later if path in entry.fields]
        wanted = canonical(normal(model, path, value))
        if others and wanted == canonical(_as_seen(empty, entries, path, seen)):
            continue
        fields[path] = value
        if wanted != canonical(value_of(record, path)):
            by |= {entry.seq: entry for entry in others}
    return fields, list(by.values())


def _as_seen(empty: Synced, entries: Iterable[LogEntry], path: str, seen: int) -> Any:
    """Return what a field held at position `seen` of the log."""
    values = [
        (e.stamp, canonical(e.fields[path]), e.fields[path]) for e in entries if e.seq <= seen and path in e.fields
    ]
    return normal(type(empty), path, max(values, key=lambda one: one[:2])[2]) if values else value_of(empty, path)
