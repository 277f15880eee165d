"""What a visitor may send: contact requests and tallies. Tidied, then checked field by field."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.languages import LANGUAGES
from companion.models import Exhibitor, Request, Synced, Tally
from companion.phones import e164
from companion.sync.edits import Edit
from companion.sync.merged import stays
from companion.sync.problems import Problem

VISITS = frozenset({Request.KIND, Tally.KIND})
"""The kinds whose records visitors make."""

WITHDRAWAL = {"withdrawn": True}
"""All that a visitor may write to a request that is there already."""

ANY_PHONE = "phone"
"""Stands in a visitor's stamps where other stamps have their node: what would tell one phone from another goes."""

MOST_PRODUCTS = 50
_ISOLATED_NUMBER = re.compile("[\u202a\u202b\u2066-\u2068]([-+\\d() ./]+)[\u202c\u2069]")
"""A telephone number as address books paste it into a message: between marks that a text may not hold."""

EMAIL = re.compile(r"[^@\s<>\"'(),;:]+@[\w-]+(?:\.[\w-]+)+")


def _phone(value: str) -> str:
    if e164(value) != value:
        raise ValueError
    return value


def _email(value: str) -> str:
    if not EMAIL.fullmatch(value):
        raise ValueError
    return value


def _lang(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError
    return value


def _moment(value: str) -> str:
    if value:
        datetime.fromisoformat(value)
    return value


def _day(value: str) -> str:
    if date.fromisoformat(value).isoformat() != value:
        raise ValueError
    return value


Phone = Annotated[str, Field(max_length=20), AfterValidator(_phone)]
Email = Annotated[str, Field(max_length=300), AfterValidator(_email)]


class _Content(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Wanted(_Content):
    """One product a visitor asks for, in the words of the page where it was chosen."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    unit: Annotated[str, Field(max_length=100)] = ""


class RequestContent(_Content):
    """The fields of a contact request; one of `phone`, `whatsapp` and `email` must be there.

    `consent` is the version of the wording agreed to. A server does not ask whether it knows that version: the
    phone may have a newer release than a server on site, and the request must not be lost for it.
    `website` is a field that people do not see; what fills it in is a program.
    """

    exhibitor: Annotated[str, Field(max_length=20)]
    wants: Literal["call", "price", "visit", "order", "other"]
    name: Annotated[str, Field(max_length=200)] = ""
    phone: Phone | None = None
    whatsapp: Phone | None = None
    email: Email | None = None
    message: Annotated[str, Field(max_length=2000)] = ""
    products: Annotated[list[Wanted], Field(max_length=MOST_PRODUCTS)] = []
    lang: Annotated[str, AfterValidator(_lang)]
    consent: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,20}$")]
    at: Annotated[str, Field(max_length=30), AfterValidator(_moment)] = ""
    website: Literal[""] = ""


class TallyContent(_Content):
    """The fields of a tally."""

    exhibitor: Annotated[str, Field(max_length=20)]
    day: Annotated[str, AfterValidator(_day)]
    what: Literal["scan", "view", "bookmark", "contact"]
    count: Annotated[int, Field(ge=1, le=1000)]


PROBLEMS = {
    "exhibitor": "exhibitor_unknown", "wants": "wants_wrong", "name": "text_wrong", "phone": "phone_wrong",
    "whatsapp": "phone_wrong", "email": "email_wrong", "message": "text_wrong", "products": "products_wrong",
    "lang": "lang_wrong", "consent": "consent_missing", "at": "time_wrong", "website": "not_accepted",
    "day": "time_wrong", "what": "tally_wrong", "count": "tally_wrong",
}  # fmt: skip
"""What is wrong when a field is."""


def tidied(edit: Edit) -> Edit:
    """Return a visitor's edit as it is kept: numbers as E.164, no spaces around texts, nothing of the phone's own.

    The same edit always becomes the same, so that one sent again is known again. What cannot be read stays as
    it was typed and is refused later. Edits of other kinds are returned as they are.
    """
    if edit.kind not in VISITS:
        return edit
    fields = {path: value.strip() if isinstance(value, str) else value for path, value in edit.fields.items()}
    if isinstance(fields.get("message"), str):
        fields["message"] = _ISOLATED_NUMBER.sub(r"\1", fields["message"])
    for path in ("phone", "whatsapp", "email"):
        if fields.get(path) == "":
            fields[path] = None
        elif isinstance(fields.get(path), str):
            fields[path] = _reach(path, fields[path])
    if fields.get("website") == "":
        del fields["website"]
    stamp = f"{edit.stamp.rpartition('-')[0]}-{ANY_PHONE}"
    return edit.model_copy(update={"fields": fields, "stamp": stamp, "base": {}, "settles": [], "act": ""})


def _reach(path: str, typed: str) -> str:
    return typed.lower() if path == "email" else e164(typed) or typed


def record_of(secret: str) -> str:
    """Return the id of the request that a phone leaves with this secret: its sha256, cut to a UUID of version 4."""
    return str(UUID(bytes=hashlib.sha256(secret.encode()).digest()[:16], version=4))


def is_authors(edit: Edit) -> bool:
    """Tell whether an edit shows the secret its request was left with."""
    return bool(edit.secret) and record_of(edit.secret) == edit.record


def problem_with_visit(session: Session, edit: Edit, record: Synced | None) -> Problem | None:
    """Say why a visitor may not make this edit of a request or a tally, given the record there is; else None.

    A visitor may make a record, once. To withdraw a request takes the secret its id is the digest of, so a server that
    the request has not reached yet can check it too.
    """
    if UUID(edit.record).version != 4:
        return Problem("record_guessable")
    if edit.kind == Request.KIND and edit.fields == WITHDRAWAL:
        return None if is_authors(edit) else Problem("secret_wrong")
    if not _is_new(record):
        return Problem("no_right")
    content = _content(edit)
    if isinstance(content, Problem):
        return content
    if isinstance(content, RequestContent) and not (content.phone or content.whatsapp or content.email):
        return Problem("reach_missing", "phone")
    return _problem_with_exhibitor(session, content.exhibitor)


def _is_new(record: Synced | None) -> bool:
    return record is None or getattr(record, "erased", False) or record.stamps.keys() <= WITHDRAWAL.keys()


def _content(edit: Edit) -> RequestContent | TallyContent | Problem:
    model: type[RequestContent | TallyContent] = RequestContent if edit.kind == Request.KIND else TallyContent
    try:
        return model.model_validate(edit.fields)
    except ValidationError as error:
        field: Any = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0]
        return Problem(PROBLEMS[field], field) if field in model.model_fields else Problem("field_unknown", field)


def _problem_with_exhibitor(session: Session, code: str) -> Problem | None:
    """Exhibitors made by the very batch are not looked for: written all at once, a batch takes half the time.

    A phone that has no network still knows exhibitors by the code they had before they were merged.
    """
    query = select(Exhibitor.withdrawn).where(Exhibitor.code == code, Exhibitor.deleted.is_(False))
    with session.no_autoflush:
        withdrawn = session.scalars(query).all()
    if code and not withdrawn:
        one = stays(session, code)
        withdrawn = [one.withdrawn] if one else []
    if not code or not withdrawn:
        return Problem("exhibitor_unknown", "exhibitor")
    return Problem("exhibitor_withdrawn", "exhibitor") if all(withdrawn) else None
