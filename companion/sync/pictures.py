"""Bytes of pictures that no record names any more: they go with the edit that took the last name of them away.

A photo is taken out by its exhibitor, exchanged for another, or goes with its record; a picture of a trouble goes when
that does. A change that waits for the office still names its picture. Pictures that were sent and never named, or whose
change was declined, go after `UNNAMED`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from companion.models import HeldEdit, LogEntry, Photo, Picture, Trouble
from companion.sync.edits import Edit

COLUMNS = {Photo.KIND: "hash", Trouble.KIND: "picture"}
"""Kinds whose records name a picture, and the column that does."""

UNNAMED = timedelta(days=30)
"""A phone sends the picture first and the edit that names it when it can; it may be off for the rest of the fair."""


def remove_unnamed(session: Session, edits: Iterable[Edit]) -> None:
    """Delete the pictures whose last name these applied edits took away; the caller commits."""
    touched = {
        edit.record for edit in edits if edit.kind in COLUMNS and edit.fields.keys() & {"deleted", COLUMNS[edit.kind]}
    }
    if not touched:
        return
    session.flush()
    said = select(LogEntry.kind, LogEntry.fields).where(LogEntry.record.in_(touched), LogEntry.kind.in_(COLUMNS))
    named = {fields.get(COLUMNS[kind]) for kind, fields in session.execute(said)} - {None, ""}
    gone = named - names_in_use(session, named)
    if gone:
        session.execute(delete(Picture).where(Picture.hash.in_(gone)))


def remove_never_named(session: Session) -> int:
    """Delete the pictures that were sent `UNNAMED` ago and that nothing names; return how many. The caller commits."""
    before = (datetime.now(UTC) - UNNAMED).strftime("%Y-%m-%dT%H:%M:%SZ")
    old = set(session.scalars(select(Picture.hash).where(Picture.at < before)))
    gone = old - names_in_use(session, old)
    for name in gone:
        session.execute(delete(Picture).where(Picture.hash == name))
    return len(gone)


def names_in_use(session: Session, names: Iterable[str]) -> set[str]:
    """Return which of these hashes are named by records that are there, or by changes that wait for the office."""
    used = set(session.scalars(select(Photo.hash).where(~Photo.deleted)))
    used |= set(session.scalars(select(Trouble.picture).where(~Trouble.deleted)))
    waiting = session.scalars(select(HeldEdit.edit).where(~HeldEdit.declined))
    return set(names) & (used | {edit["fields"].get("hash") for edit in waiting})


def is_gone(session: Session, photo: Photo) -> bool:
    """Tell whether the bytes of a photo are no longer here."""
    return session.scalar(select(Picture.hash).where(Picture.hash == photo.hash)) is None
