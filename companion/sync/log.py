"""Writing to the log: the one way in which a synced record changes.

`apply` takes edits made elsewhere (a phone, another node); `write` makes edits here, for an importer or a
form. Neither commits: the caller does, so that a whole import is one transaction.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from companion.letters import ordinary
from companion.models import KINDS, LogEntry, LogHead, Personal, Synced
from companion.spoofing import problem_with_value
from companion.sync.edits import Applied, Author, Change, Edit, Outcome
from companion.sync.erasure import ERASE, blanked, erase, is_erasure, problem_with_erasure, subject
from companion.sync.merge import canonical, empty_row, fitting, merge, new_record, problem_with, same, split, value_of
from companion.sync.page import Page
from companion.sync.pictures import remove_unnamed
from companion.sync.problems import Problem
from companion.sync.rights import EXHIBITOR, NODE, refusal, signed
from companion.sync.stamps import next_stamp, too_far_ahead

BROUGHT_BY = "node:"
"""Before the identity of a server in the name of the author that stands for it."""

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


def log_name(session: Session) -> str:
    """Return the name of this server's log, which is the node in its stamps; a position is one in this log."""
    return session.scalars(select(LogHead.node)).one()


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


def write(session: Session, changes: Iterable[Change], author: Author, act: str = "") -> list[Edit]:
    """Make this node's own edits: one per change, holding only the fields that differ from the record.

    All belong to one act, a new one unless `act` (a UUID) names it; `sync.undo` takes an act back whole.
    Returns the edits made, so none when nothing differs. Raises ValueError when one is refused, since a
    local author is told before, not after.
    """
    head = take_turn(session)
    changes, act = list(changes), act or str(uuid4())
    times = Counter((change.kind, change.record) for change in changes)
    records = _records(session, set(times))
    blanks = {kind: SimpleNamespace(**empty_row(KINDS[kind])) for kind in {kind for kind, _ in times} & KINDS.keys()}
    page, edits = Page(session, head), []
    for change in changes:
        of = (change.kind, change.record)
        fields, problem = _fitting(change)
        if problem:
            raise ValueError(f"{change.kind} {change.record}: {problem}")
        edit = _edit_from(head, change, fields, records.get(of, blanks[change.kind]), act)
        if edit is None:
            continue
        problem = refusal(session, author, edit, records.get(of))
        if problem:
            raise ValueError(f"{change.kind} {change.record}: {problem}")
        once = times[of] == 1 and author.role != EXHIBITOR  # nobody asks for the record before the end
        if once and of not in records and not is_erasure(edit):
            page.begin(edit, author)
        else:
            _take(session, page, edit, author, records)
        edits.append(edit)
    page.put()
    session.flush()
    remove_unnamed(session, edits)
    return edits


def apply(
    session: Session,
    edits: Sequence[Edit],
    author: Author,
    also: Callable[[Edit], Problem | None] = lambda edit: None,
) -> Applied:
    """Apply edits made elsewhere, in the order given. A refused one never blocks those behind it.

    Applying an edit again, or the same edits in another order, ends in the same records everywhere. `also` is
    asked last about an edit that is new and has nothing wrong; it may still refuse it.
    """
    head = take_turn(session)
    known = _entries(session, [edit.id for edit in edits])
    records = _records(session, {subject(edit) for edit in edits})
    page, outcomes = Page(session, head), []
    for edit in edits:
        if edit.id in known:
            outcomes.append(_again(edit, known[edit.id]))
            continue
        problem = problem_with_edit(session, edit, author, records.get(subject(edit))) or also(edit)
        if problem:
            outcomes.append(Outcome(edit.id, "refused", problem.code, problem.field))
            continue
        outcomes.append(_take(session, page, edit, author, records))
        known[edit.id] = edit
    page.put()
    session.flush()
    remove_unnamed(session, edits)
    return Applied(head.seq, outcomes)


def _edit_from(head: LogHead, change: Change, fields: dict[str, Any], before: Any, act: str) -> Edit | None:
    """Return what differs from the record before, which is an empty one when there is none; None when nothing does."""
    stamps = before.stamps
    fields = {path: value for path, value in fields.items() if not same(value_of(before, path), value)}
    if not fields:
        return None
    stamp = next_stamp(head.node, now_millis(), [head.stamp, *(stamps.get(path) for path in fields)])
    head.stamp = stamp
    base = {path: stamps.get(path) for path in fields}
    return Edit(id=str(uuid4()), kind=change.kind, record=change.record, stamp=stamp, fields=fields, base=base, act=act)


Records = dict[tuple[str, str], Synced]


def _take(session: Session, page: Page, edit: Edit, author: Author, records: Records) -> Outcome:
    """Merge an edit that has nothing wrong into its record, and append it to the log."""
    of = subject(edit)
    record = records.get(of)
    conflict = record is not None and not is_erasure(edit) and _conflicts(session, page, edit, record)
    if record is None:
        record = records[of] = new_record(KINDS[of[0]], edit.record)
        session.add(record)
    if isinstance(record, Personal) and (record.erased or is_erasure(edit)):
        page.put()
        edit = _erased(session, record, edit)
    else:
        merge(record, edit)
    via = author.name.removeprefix(BROUGHT_BY) if author.role == NODE else ""
    page.append(edit, signed(author, edit), via)
    return Outcome(edit.id, "conflict" if conflict else "applied")


def _erased(session: Session, record: Personal, edit: Edit) -> Edit:
    """Erase a record unless it is already, and return its edit without what may no longer be known."""
    if not record.erased:
        erase(session, record, new_record(type(record), record.id))
    if edit.kind == ERASE:
        return edit
    fields = blanked(type(record), edit.fields)
    kept = {path: value for path, value in fields.items() if path != "erased"}
    merge(record, edit.model_copy(update={"fields": kept}))
    return edit.model_copy(update={"fields": fields, "base": {}, "settles": []})


def _fitting(change: Change) -> tuple[dict[str, Any], Problem | None]:
    """Return the fields of a change as the database gives them back, and what is wrong with the first that is not."""
    model = KINDS.get(change.kind)
    if model is None:
        return {}, Problem("kind_unknown")
    fields = {}
    for path, value in change.fields.items():
        fields[path], problem = fitting(model, path, ordinary(value))
        if problem:
            return fields, problem
    return fields, None


def _problem(edit: Edit) -> Problem | None:
    model = KINDS.get(edit.kind)
    if model is None:
        return Problem("kind_unknown")
    problems = (problem_with(model, path, value) for path, value in edit.fields.items())
    return next((problem for problem in problems if problem), None)


def _problem_with_words(author: Author, edit: Edit) -> Problem | None:
    """Say which text hides or misleads. What a server brings was looked at where it was written."""
    if author.role == NODE:
        return None
    found = ((path, problem_with_value(split(path)[0], value)) for path, value in edit.fields.items())
    return next((Problem(problem, path) for path, problem in found if problem), None)


def problem_with_edit(session: Session, edit: Edit, author: Author, record: Synced | None) -> Problem | None:
    """Say why an edit cannot be taken from this author; None when it can."""
    refused = refusal(session, author, edit, record)
    if refused:
        return refused
    if author.role != NODE and too_far_ahead(edit.stamp, record.stamps.values() if record else ()):
        return Problem("clock_wrong")
    if is_erasure(edit):
        return problem_with_erasure(edit)
    return (
        _problem(edit)
        or _problem_with_words(author, edit)
        or (None if edit.base.keys() <= edit.fields.keys() else Problem("base_wrong"))
    )


def _conflicts(session: Session, page: Page, edit: Edit, record: Synced) -> bool:
    """Tell whether somebody else, seeing the same value, wrote another one over it.

    Stamps are later than what they replace: over a value that still stands, nobody wrote anything.
    """
    paths = [path for path in edit.fields if record.stamps.get(path) != edit.base.get(path)]
    if not paths:
        return False
    page.put()
    session.flush()
    entries = session.scalars(select(LogEntry).where(LogEntry.kind == edit.kind, LogEntry.record == edit.record))
    return any(
        path in entry.fields
        and entry.base.get(path) == edit.base.get(path)
        and canonical(entry.fields[path]) != canonical(edit.fields[path])
        for entry in entries
        for path in paths
    )


def _again(edit: Edit, known: Edit | LogEntry) -> Outcome:
    same = (known.kind, known.record, known.stamp) == (edit.kind, edit.record, edit.stamp)
    if same and (ordinary(known.fields) == ordinary(edit.fields) or is_erasure(known) or is_erasure(edit)):
        return Outcome(edit.id, "duplicate")
    return Outcome(edit.id, "refused", "id_taken")


def _entries(session: Session, ids: list[str]) -> dict[str, Edit | LogEntry]:
    found: dict[str, Edit | LogEntry] = {}
    for start in range(0, len(ids), IN_CHUNKS):
        some = ids[start : start + IN_CHUNKS]
        found |= {entry.id: entry for entry in session.scalars(select(LogEntry).where(LogEntry.id.in_(some)))}
    return found


def _records(session: Session, wanted: set[tuple[str, str]]) -> Records:
    """Return the records there are; those that were read since the turn was taken are not read again."""
    found: Records = {}
    for kind in {kind for kind, _ in wanted} & KINDS.keys():
        model = KINDS[kind]
        for of, record in wanted:
            here = session.identity_map.get(identity_key(model, record)) if of == kind else None
            if here is not None and not inspect(here).expired and not inspect(here).expired_attributes:
                found[kind, record] = here
        ids = sorted(record for of, record in wanted if of == kind and (of, record) not in found)
        for start in range(0, len(ids), IN_CHUNKS):
            some = ids[start : start + IN_CHUNKS]
            rows = session.scalars(select(model).where(model.id.in_(some)))
            found |= {(kind, row.id): row for row in rows}
    return found
