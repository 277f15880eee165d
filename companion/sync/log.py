"""Writing to the log: the one way in which a synced record changes.

`apply` takes edits made elsewhere (a phone, another node); `write` makes edits here, for an importer or a
form. Neither commits: the caller does, so that a whole import is one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from companion.models import KINDS, LogEntry, LogHead, Synced
from companion.sync.edits import Applied, Author, Change, Edit, Outcome
from companion.sync.merge import canonical, merge, new_record, normal, problem_with, split, value_of
from companion.sync.rights import refusal
from companion.sync.stamps import next_stamp

IN_CHUNKS = 500
"""Ids per query: below the limit of bound variables of any SQLite."""


def now_millis() -> int:
    """Return the Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


def name_node(session: Session, node: str) -> None:
    """Begin the log of a new database under this node's name; an old one keeps the name it has."""
    if session.get(LogHead, 1) is None:
        session.add(LogHead(id=1, node=node))
        session.commit()


def take_turn(session: Session) -> LogHead:
    """Wait for this node's turn to write and return the head of the log, locked until the commit.

    The row is updated before anything is read: on SQLite that takes the write lock while it can still be
    waited for, on PostgreSQL the row lock. A session that has read already must start afresh for that, so
    one with unsaved objects is refused (RuntimeError).
    """
    if session.info.get("turn") is session.get_transaction() is not None:
        return session.get_one(LogHead, 1)
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("take the turn to write before changing anything else")
    if session.in_transaction():
        session.commit()
    session.execute(update(LogHead).values(seq=LogHead.seq))
    session.info["turn"] = session.get_transaction()
    return session.get_one(LogHead, 1, populate_existing=True)


def write(session: Session, changes: Iterable[Change], author: Author) -> list[Edit]:
    """Make this node's own edits: one per change, holding only the fields that differ from the record.

    Returns the edits made, so none when nothing differs. Raises ValueError when one is refused, since a
    local author is told before, not after.
    """
    head = take_turn(session)
    changes = list(changes)
    records = _records(session, {(change.kind, change.record) for change in changes})
    edits = []
    for change in changes:
        problem = _problem(change)
        if problem:
            raise ValueError(f"{change.kind} {change.record}: {problem}")
        edit = _edit_from(head, change, records.get((change.kind, change.record)))
        if edit is None:
            continue
        outcome = _take(session, head, edit, author, records)
        if outcome.state == "refused":
            raise ValueError(f"{change.kind} {change.record}: {outcome.problem}")
        edits.append(edit)
    session.flush()
    return edits


def apply(session: Session, edits: Sequence[Edit], author: Author) -> Applied:
    """Apply edits made elsewhere, in the order given. A refused one never blocks those behind it.

    Applying an edit again, or the same edits in another order, ends in the same records everywhere.
    """
    head = take_turn(session)
    known = _entries(session, [edit.id for edit in edits])
    records = _records(session, {(edit.kind, edit.record) for edit in edits})
    outcomes = []
    for edit in edits:
        if edit.id in known:
            outcomes.append(_again(edit, known[edit.id]))
            continue
        outcome = _take(session, head, edit, author, records)
        if outcome.state != "refused":
            known[edit.id] = edit
        outcomes.append(outcome)
    session.flush()
    return Applied(head.seq, outcomes)


def _edit_from(head: LogHead, change: Change, record: Synced | None) -> Edit | None:
    model = KINDS[change.kind]
    before = record or new_record(model, change.record)
    stamps = before.stamps
    fields = {path: normal(model, path, value) for path, value in change.fields.items()}
    fields = {path: value for path, value in fields.items() if canonical(value_of(before, path)) != canonical(value)}
    if not fields:
        return None
    stamp = next_stamp(head.node, now_millis(), [head.stamp, *(stamps.get(path) for path in fields)])
    head.stamp = stamp
    base = {path: stamps.get(path) for path in fields}
    return Edit(id=str(uuid4()), kind=change.kind, record=change.record, stamp=stamp, fields=fields, base=base)


def _take(
    session: Session, head: LogHead, edit: Edit, author: Author, records: dict[tuple[str, str], Synced]
) -> Outcome:
    problem = _problem(edit) or _problem_with_base(edit) or refusal(author, edit)
    if problem:
        return Outcome(edit.id, "refused", problem)
    model = KINDS[edit.kind]
    record = records.get((edit.kind, edit.record))
    state = "conflict" if record is not None and _conflicts(session, edit) else "applied"
    if record is None:
        record = new_record(model, edit.record)
        session.add(record)
        records[edit.kind, edit.record] = record
    merge(record, edit)
    _append(session, head, edit, author, public=is_public(model, edit.fields))
    return Outcome(edit.id, state)  # type: ignore[arg-type]


def is_public(model: type[Synced], paths: Collection[str]) -> bool:
    """Tell whether visitors can see any of these fields of such a record."""
    return model.PUBLIC and any(split(path)[0] not in model.STAFF_ONLY for path in paths)


def _append(session: Session, head: LogHead, edit: Edit, author: Author, *, public: bool) -> None:
    head.seq += 1
    if public:
        head.public_seq = head.seq
    travelled = author.role == "node" and edit.author
    session.add(
        LogEntry(
            seq=head.seq,
            id=edit.id,
            kind=edit.kind,
            record=edit.record,
            stamp=edit.stamp,
            fields=edit.fields,
            base=edit.base,
            author=edit.author if travelled else author.name,
            role=edit.role if travelled else author.role,
            received=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            public=public,
        )
    )


def _problem(change: Change | Edit) -> str:
    model = KINDS.get(change.kind)
    if model is None:
        return f"unknown kind {change.kind}"
    problems = (problem_with(model, path, value) for path, value in change.fields.items())
    return next((problem for problem in problems if problem), "")


def _problem_with_base(edit: Edit) -> str:
    return "" if edit.base.keys() <= edit.fields.keys() else "base names a field that is not changed"


def _conflicts(session: Session, edit: Edit) -> bool:
    """Tell whether somebody else, seeing the same value, wrote another one over it."""
    session.flush()
    entries = session.scalars(select(LogEntry).where(LogEntry.kind == edit.kind, LogEntry.record == edit.record))
    return any(
        path in entry.fields
        and entry.base.get(path) == edit.base.get(path)
        and canonical(entry.fields[path]) != canonical(edit.fields[path])
        for entry in entries
        for path in edit.fields
    )


def _again(edit: Edit, known: Edit | LogEntry) -> Outcome:
    same = (known.kind, known.record, known.stamp, known.fields) == (
        edit.kind, edit.record, edit.stamp, edit.fields,
    )  # fmt: skip
    if same:
        return Outcome(edit.id, "duplicate")
    return Outcome(edit.id, "refused", "this id belongs to another edit")


def _entries(session: Session, ids: list[str]) -> dict[str, Edit | LogEntry]:
    found: dict[str, Edit | LogEntry] = {}
    for start in range(0, len(ids), IN_CHUNKS):
        some = ids[start : start + IN_CHUNKS]
        found |= {entry.id: entry for entry in session.scalars(select(LogEntry).where(LogEntry.id.in_(some)))}
    return found


def _records(session: Session, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Synced]:
    found: dict[tuple[str, str], Synced] = {}
    for kind in {kind for kind, _ in wanted} & KINDS.keys():
        model = KINDS[kind]
        ids = sorted(record for of, record in wanted if of == kind)
        for start in range(0, len(ids), IN_CHUNKS):
            some = ids[start : start + IN_CHUNKS]
            rows = session.scalars(select(model).where(model.id.in_(some)))
            found |= {(kind, row.id): row for row in rows}
    return found
