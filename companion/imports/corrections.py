"""A list that is imported again must not undo what people corrected since.

The log knows what the last import wrote. Where the file still says that, a newer value in the record is
somebody's correction and stays; where the file has changed as well, the file counts and it is said so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import null, select
from sqlalchemy.orm import Session

from companion.imports.cells import clean
from companion.imports.problems import Finding
from companion.models import KINDS, LogEntry, Synced
from companion.sync.edits import Change
from companion.sync.merge import canonical, new_record, normal, same, value_of
from companion.sync.undo import is_undone

ROLE = "importer"
TITLES = ("name", "title", "code")
"""The columns a record is named by, as far as it has them."""


def respecting_corrections(
    session: Session, changes: list[Change], records: dict[tuple[str, str], Synced]
) -> tuple[list[Change], list[Finding]]:
    """Return the changes without the fields that were corrected since the last import, and what to say of them."""
    last = _last_imported(session)
    kept: list[Change] = []
    findings: list[Finding] = []
    for change in changes:
        record = records.get((change.kind, change.record))
        imported = last.get((change.kind, change.record), {})
        if record is None:
            kept.append(change)
            continue
        empty = new_record(type(record), record.id)
        fields, stays, goes = {}, [], []
        for path, value in change.fields.items():
            now = value_of(record, path)
            if isinstance(now, str) and isinstance(value, str) and clean(now) == value:
                continue  # a line break or a space that a list does not keep
            wanted = normal(type(record), path, value)
            if same(now, wanted):
                fields[path] = value
                continue
            wanted, current = canonical(wanted), canonical(now)
            before = canonical(imported[path] if path in imported else value_of(empty, path))
            corrected = bool(imported) and before != current != wanted
            if corrected and before == wanted:
                stays.append(path)
            else:
                fields[path] = value
                goes += [path] if corrected else []
        kept.append(Change(change.kind, change.record, fields))
        for problem, paths in (("kept_correction", stays), ("replaced_correction", goes)):
            if paths:
                findings.append(Finding(problem, parameters={"other": f"{title_of(record)} ({', '.join(paths)})"}))
    return kept, findings


def records_of(session: Session, changes: list[Change]) -> dict[tuple[str, str], Synced]:
    """Return the records that changes are about, as far as there are any, by kind and id."""
    wanted = {(change.kind, change.record) for change in changes}
    kinds = {kind for kind, _ in wanted}
    rows = [(kind, row) for kind in kinds for row in session.scalars(select(KINDS[kind]))]
    return {(kind, row.id): row for kind, row in rows if (kind, row.id) in wanted}


def _last_imported(session: Session) -> dict[tuple[str, str], dict[str, Any]]:
    """Return, per record, the values of the last import by field; undone imports do not count."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    acts = session.scalars(select(LogEntry.act).where(LogEntry.role == ROLE, LogEntry.act != "").distinct())
    undone = {act for act in acts.all() if is_undone(session, act)}
    query = select(LogEntry.kind, LogEntry.record, LogEntry.act, LogEntry.fields).where(LogEntry.role == ROLE)
    for kind, record, act, fields in session.execute(query.order_by(LogEntry.stamp)):
        if act not in undone:
            found.setdefault((kind, record), {}).update(fields)
    return found


def title_of(record: Any) -> str:
    """Name a record in a message: by what it is called, else by its code."""
    return _title([getattr(record, column, None) for column in TITLES], record.KIND)


def titles_of(session: Session, kinds: Iterable[str]) -> dict[tuple[str, str], str]:
    """Name all records of some kinds, by kind and id; nothing else of them is read."""
    found = {}
    for kind in kinds:
        columns = [getattr(KINDS[kind], column, null()) for column in TITLES]
        for own, *called in session.execute(select(KINDS[kind].id, *columns)):
            found[kind, own] = _title(called, kind)
    return found


def _title(called: list[Any], kind: str) -> str:
    name, title, code = called
    return next(iter((name or title or {}).values()), "") or code or kind
