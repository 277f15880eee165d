"""Moderation queue: exhibitors' changes of their page that wait for the office.

All of them where the fair wants to look first; a change to another exhibitor's name always.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import KINDS, Exhibitor, HeldEdit
from companion.spoofing import name_key
from companion.sync.edits import Author, Edit, Outcome
from companion.sync.log import apply, problem_with_edit
from companion.sync.merge import split
from companion.sync.own import PAGE
from companion.sync.rights import EXHIBITOR

AT_ONCE = frozenset({"available", "position", "exhibitor"})
"""What is never held: that something is sold out must be known now."""


def waits(author: Author, edit: Edit) -> bool:
    """Tell whether an edit is one the office looks at first."""
    return author.role == EXHIBITOR and edit.kind in PAGE and not edit.fields.keys() <= AT_ONCE


def takes_a_name(session: Session, author: Author, edit: Edit) -> bool:
    """Tell whether an exhibitor gives itself the name another has, in any language; the office looks at it first.

    Compared as people read names: without case, accents or punctuation (`spoofing.name_key`).
    """
    if author.role != EXHIBITOR or edit.kind != Exhibitor.KIND:
        return False
    names = {name_key(value) for path, value in edit.fields.items() if _is_name(path) and isinstance(value, str)}
    if not names - {""}:
        return False
    others = select(Exhibitor.name).where(Exhibitor.id != edit.record, ~Exhibitor.deleted, Exhibitor.merged.is_(None))
    return any(name_key(name) in names for texts in session.scalars(others) for name in texts.values())


def _is_name(path: str) -> bool:
    return split(path)[0] == "name"


def hold(session: Session, edit: Edit, author: Author) -> Outcome:
    """Keep an edit until the office has looked; what would be refused is refused now. The caller commits."""
    if session.get(HeldEdit, edit.id):
        return Outcome(edit.id, "duplicate")
    record = session.get(KINDS[edit.kind], edit.record)
    problem = problem_with_edit(session, edit, author, record)
    if problem:
        return Outcome(edit.id, "refused", problem.code, problem.field)
    received = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    sent = edit.model_dump(exclude={"author", "role", "secret"})
    session.add(HeldEdit(id=edit.id, exhibitor=author.exhibitor, edit=sent, received=received))
    session.flush()
    return Outcome(edit.id, "applied")


def held(session: Session, exhibitor: str = "") -> list[HeldEdit]:
    """Return what waits, oldest first; of one exhibitor, what was declined too."""
    query = select(HeldEdit).order_by(HeldEdit.received, HeldEdit.id)
    query = query.where(HeldEdit.exhibitor == exhibitor) if exhibitor else query.where(HeldEdit.declined.is_(False))
    return list(session.scalars(query))


def accept(session: Session, held_id: str) -> Outcome:
    """Apply an edit that waited, as its author's; the caller commits. Raises LookupError when it waits no more."""
    row = _waiting(session, held_id)
    edit = Edit.model_validate(row.edit)
    author = Author(f"exhibitor:{row.exhibitor}", EXHIBITOR, row.exhibitor)
    session.commit()  # whoever writes to the log takes its turn before reading
    [outcome] = apply(session, [edit], author).outcomes
    row = session.get_one(HeldEdit, held_id)
    if outcome.state == "refused":
        row.declined = True
    else:
        session.delete(row)
    session.flush()
    return outcome


def decline(session: Session, held_id: str) -> None:
    """Do not take over an edit that waited; the caller commits. Raises LookupError when it waits no more."""
    _waiting(session, held_id).declined = True


def told(row: HeldEdit) -> dict[str, Any]:
    """Return what its exhibitor is told of a held edit."""
    return row.edit | {"received": row.received, "declined": row.declined}


def _waiting(session: Session, held_id: str) -> HeldEdit:
    row = session.get(HeldEdit, held_id)
    if row is None or row.declined:
        raise LookupError(held_id)
    return row
