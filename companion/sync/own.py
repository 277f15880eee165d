"""What an exhibitor may write and read: their own record's public words, their products, photos and leads.

One table says which fields; one function says whose a record is. Everything else about exhibitors' rights
follows from the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from companion.models import (
    Exhibitor,
    Lead,
    LogEntry,
    Notice,
    Photo,
    Product,
    Remark,
    Request,
    Synced,
    Tally,
)  # fmt: skip
from companion.phones import e164
from companion.sync.edits import Author, Edit
from companion.sync.merge import split
from companion.sync.merged import codes, stays
from companion.sync.problems import Problem

WRITTEN = {
    Exhibitor.KIND: frozenset({
        "name", "about", "phones", "whatsapp", "email", "website", "labels", "members", "women", "delivery", "orders",
        "languages", "payment",
    }),
    Product.KIND: frozenset({"exhibitor", "position", "name", "unit", "price", "label", "available", "deleted"}),
    Photo.KIND: frozenset({"exhibitor", "position", "hash", "deleted"}),
    Lead.KIND: frozenset({
        "exhibitor", "source", "request", "name", "organisation", "town", "phone", "whatsapp", "email", "interest",
        "stars", "tags", "state", "lang", "consent", "consent_lang", "at",
    }),
    Remark.KIND: frozenset({"exhibitor", "lead", "text", "by", "at"}),
}  # fmt: skip
"""The columns an exhibitor writes, by kind; of a translated text, every language."""

PAGE = frozenset({Exhibitor.KIND, Product.KIND, Photo.KIND})
"""Kinds whose records visitors see."""

OF_CODE = (Request, Tally, Lead, Remark)
OF_RECORD = (Product, Photo)
"""Kinds that name their exhibitor by public code, and by record id."""

HEARD = ("all", "exhibitors")
"""Audiences of notices that exhibitors read."""

_EMAIL = re.compile(r"[^@\s<>\"'(),;:]+@[\w-]+(?:\.[\w-]+)+")
_HASH = re.compile(r"[0-9a-f]{32}")
MOST = 20
"""Phones, labels, tags, languages or ways of payment in one list."""


def owner(session: Session, code: str) -> str:
    """Return the record id of the exhibitor with this public code, or of the one it was merged into; else empty."""
    found = stays(session, code)
    return found.id if found else ""


def problem_with_own(session: Session, author: Author, edit: Edit, record: Synced | None) -> Problem | None:
    """Say why an exhibitor may not make this edit of `record` (None: there is none yet); None when they may."""
    allowed = WRITTEN.get(edit.kind)
    if allowed is None or edit.settles:
        return Problem("no_right")
    wrong = next((path for path in edit.fields if split(path)[0] not in allowed), None)
    if wrong:
        return Problem("no_right", wrong)
    if not _is_own(session, author, edit, record):
        return Problem("no_right")
    if edit.kind == Lead.KIND and not _answers_own(session, author, edit.fields.get("request")):
        return Problem("no_right", "request")
    return next(filter(None, (_problem(path, value) for path, value in edit.fields.items())), None)


def _is_own(session: Session, author: Author, edit: Edit, record: Synced | None) -> bool:
    if edit.kind == Exhibitor.KIND:
        return record is not None and record.id == owner(session, author.exhibitor)
    by_code = edit.kind in {model.KIND for model in OF_CODE}
    own = codes(session, author.exhibitor) if by_code else {owner(session, author.exhibitor)} - {""}
    named = [edit.fields["exhibitor"]] if "exhibitor" in edit.fields else []
    held = [] if record is None else [record.exhibitor]  # type: ignore[attr-defined]
    return bool(named + held) and all(isinstance(one, str) and one in own for one in named + held)


def _answers_own(session: Session, author: Author, request: Any) -> bool:
    """Tell whether a lead is about no request of another exhibitor; one that is not here yet is nobody's."""
    if not isinstance(request, str) or not request:
        return True
    with session.no_autoflush:
        whose = session.scalar(select(Request.exhibitor).where(Request.id == request.lower()))
    return not whose or whose in codes(session, author.exhibitor)


def owns(session: Session, author: Author, record: Synced | None) -> bool:
    """Tell whether a record is this exhibitor's own."""
    if isinstance(record, Exhibitor):
        return record.id == owner(session, author.exhibitor)
    if isinstance(record, OF_CODE):
        return record.exhibitor == author.exhibitor != "" or record.exhibitor in codes(session, author.exhibitor)
    return isinstance(record, OF_RECORD) and record.exhibitor == owner(session, author.exhibitor) != ""


def _is_site(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s\"<>\\^`{|}]", value)


def _problem(path: str, value: Any) -> Problem | None:
    """Check what the form of a column does not say; a value of the wrong type is refused elsewhere."""
    column = split(path)[0]
    check = CHECKS.get(column)
    if check is None or value is None or value == "":
        return None
    try:
        right = check[0](value)
    except (TypeError, ValueError, AttributeError):
        return None
    return None if right else Problem(check[1], path)


CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "phones": (lambda value: len(value) <= MOST and all(e164(one) == one for one in value), "phone_wrong"),
    "phone": (lambda value: e164(value) == value, "phone_wrong"),
    "whatsapp": (lambda value: e164(value) == value, "phone_wrong"),
    "email": (lambda value: bool(_EMAIL.fullmatch(value)), "email_wrong"),
    "website": (_is_site, "value_wrong"),
    "hash": (lambda value: bool(_HASH.fullmatch(value)), "value_wrong"),
    "stars": (lambda value: 0 <= value <= 3, "value_wrong"),
    "state": (lambda value: value in ("call", "called", "ordered"), "value_wrong"),
    "text": (lambda value: len(value) <= 2000, "text_wrong"),
    **dict.fromkeys(
        ("labels", "tags", "languages", "payment"),
        (lambda value: len(value) <= MOST and all(0 < len(one) <= 100 for one in value), "text_wrong"),
    ),
}


def own_entries(session: Session, author: Author) -> ColumnElement[bool]:
    """Return the condition that an entry of the log is about something this exhibitor may read."""
    own = owner(session, author.exhibitor)
    mine = codes(session, author.exhibitor)
    by_code = [select(model.id).where(model.exhibitor.in_(mine)) for model in OF_CODE]
    by_record = [select(model.id).where(model.exhibitor == own) for model in OF_RECORD]
    heard = select(Notice.id).where(Notice.audience.in_(HEARD))
    return or_(LogEntry.record == own, *(LogEntry.record.in_(ids) for ids in (*by_code, *by_record, heard)))


def own_records(session: Session, author: Author) -> list[Synced]:
    """Return every record this exhibitor may read, deleted and erased ones left out."""
    own = owner(session, author.exhibitor)
    if not own:
        return []
    found: list[Synced] = [session.get_one(Exhibitor, own)]
    mine = codes(session, author.exhibitor)
    for model in OF_CODE:
        found += session.scalars(select(model).where(model.exhibitor.in_(mine), ~model.deleted))
    for record_model in OF_RECORD:
        found += session.scalars(select(record_model).where(record_model.exhibitor == own, ~record_model.deleted))
    found += session.scalars(select(Notice).where(Notice.audience.in_(HEARD), ~Notice.deleted))
    return found
