"""Erasing what a person left (law 09-08): an edit of its own kind, blanking values wherever it arrives.

An erasure is `{"kind": "erase", "record": <id>, "fields": {"kind": "request"}, …}`. It blanks the record and every
edit of it in the log, those that came before it and those that come after. A blanked edit keeps its id, stamp
and author and has the field `erased`: the fact stays, the person's words go. It travels in that form, and means
the same where it arrives first.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from companion.models import KINDS, LogEntry, Personal, Synced, UntakenEdit
from companion.sync.edits import Edit
from companion.sync.problems import Problem
from companion.sync.purge import ERASED

ERASE = "erase"


def subject(edit: Edit | LogEntry) -> tuple[str, str]:
    """Return kind and id of the record an edit is about."""
    kind = edit.fields.get("kind") if edit.kind == ERASE else edit.kind
    return (kind if isinstance(kind, str) else "", edit.record)


def is_erasure(edit: Edit | LogEntry) -> bool:
    """Tell whether an edit erases its record, being an erasure or an edit that was blanked by one."""
    return edit.kind == ERASE or "erased" in edit.fields


def problem_with_erasure(edit: Edit) -> Problem | None:
    """Say what is wrong with the form of an erasure; None when nothing is."""
    model = KINDS.get(subject(edit)[0])
    if model is None or not issubclass(model, Personal):
        return Problem("kind_unknown")
    if edit.base:
        return Problem("base_wrong")
    if edit.kind == ERASE:
        return None if edit.fields.keys() == {"kind"} else Problem("malformed")
    whole = edit.fields.keys() <= model.KEPT | {"erased"} and edit.fields["erased"] is True
    return None if whole else Problem("malformed")


def blanked(model: type[Personal], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an edit as an erasure leaves them."""
    return {"erased": True} | {path: value for path, value in fields.items() if path in model.KEPT}


def erase(session: Session, record: Synced, blank: Synced) -> None:
    """Give a record the values of `blank`, an empty one, and blank its edits in the log; those held back go whole."""
    model = type(record)
    if not isinstance(record, Personal) or not issubclass(model, Personal):
        raise TypeError(f"{model.KIND} has no personal data")
    session.info[ERASED] = True
    kept = {path: stamp for path, stamp in record.stamps.items() if path in model.KEPT}
    for column in model.__table__.columns:  # type: ignore[attr-defined]
        if column.key not in model.KEPT:
            setattr(record, column.key, getattr(blank, column.key))
    record.deleted = record.erased = True
    record.stamps = kept
    session.flush()
    for entry in session.scalars(select(LogEntry).where(LogEntry.kind == model.KIND, LogEntry.record == record.id)):
        entry.fields, entry.base = blanked(model, entry.fields), {}
    session.execute(delete(UntakenEdit).where(UntakenEdit.record == record.id))
