"""Private records over HTTP: what a phone that signed in begins from; changes since come from `/api/edits`."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, abort
from flask import Response, current_app, jsonify
from flask_login import current_user
from pydantic import BaseModel, Field

from companion.api.devices import note_device
from companion.extensions import db
from companion.models import KINDS, ROLES
from companion.sync.conflicts import conflicts
from companion.sync.conflicts import told as conflict_told
from companion.sync.edits import Author
from companion.sync.held import held, told
from companion.sync.log import log_name
from companion.sync.reading import records as readable_records
from companion.sync.replaced import replaced
from companion.sync.rights import EXHIBITOR, WRITES, may_make, may_write

records = APIBlueprint("records", __name__, url_prefix="/api/records", tag="Records")


class RecordOut(BaseModel):
    """One record; empty fields are left out."""

    kind: str
    id: str
    fields: dict[str, Any] = Field(description="Values by field path")
    stamps: dict[str, str] = Field(description="The stamp of each value, by field path")


class RecordsOut(BaseModel):
    """Every record the one signed in may read."""

    seq: int = Field(description="Position of this server's log; ask `/api/edits?since=` there next")
    log: str = Field(description="Name of that log; `seq` says nothing in another")
    who: str = Field(description="The one signed in, as the log names them")
    rights: dict[str, list[str]] = Field(description="The fields they may write, by kind; `*` is every one")
    makes: list[str] = Field(description="The kinds of record staff may add")
    look: bool = Field(description="Whether the office looks at exhibitors' changes before they are public")
    records: list[RecordOut]
    held: list[dict[str, Any]] = Field(description="An exhibitor's own changes that wait or were declined")


@records.get("")
@records.output(RecordsOut)
@records.doc(responses={401: "Nobody is signed in"})
def whole() -> Response:
    """Return every record the one signed in may read."""
    author = _reader()
    seq, found = readable_records(db.session(), author)
    waiting = held(db.session(), author.exhibitor) if author.role == EXHIBITOR else []
    return jsonify(
        seq=seq,
        log=log_name(db.session()),
        who=author.name,
        rights={kind: sorted(columns) for kind, columns in WRITES.get(author.role, {}).items()},
        makes=[kind for kind in KINDS if author.role in ROLES and may_make(author.role, kind)],
        look=current_app.config["EXHIBITOR_CHANGES"],
        records=found,
        held=[told(row) for row in waiting],
    )


class SideOut(BaseModel):
    """One of the values in a conflict."""

    edit: str
    value: Any
    author: str
    stamp: str


class ConflictOut(BaseModel):
    """A field that two people wrote without seeing each other's; `before` is what both saw."""

    kind: str
    record: str
    path: str
    before: Any
    sides: list[SideOut]


class ReplacedOut(BaseModel):
    """What somebody wrote, and what another value has replaced whose author had not seen it."""

    edit: str
    kind: str
    record: str
    path: str
    mine: Any
    now: Any
    by: str
    at: str


class ConflictsOut(BaseModel):
    """The conflicts that the one signed in may settle, by an edit whose `settles` names the sides; what they lost."""

    conflicts: list[ConflictOut]
    replaced: list[ReplacedOut]


@records.get("/conflicts")
@records.output(ConflictsOut)
@records.doc(responses={401: "Nobody is signed in"})
def conflicting() -> Response:
    """Return the open conflicts of fields that the one signed in may write, and what of theirs was replaced unseen."""
    author = _reader()
    open_ones = conflicts(db.session()) if author.role in ROLES else []
    mine = [one for one in open_ones if may_write(author.role, one.kind, one.path)]
    told = [conflict_told(db.session(), one) for one in mine]
    return jsonify(conflicts=told, replaced=replaced(db.session(), author))


def _reader() -> Author:
    """Return who is signed in; 401 for nobody."""
    if not current_user.is_authenticated:
        abort(401, "Sign in to read records.")
    author: Author = current_user.author
    return author


@records.after_request
def keep_nowhere(response: Response) -> Response:
    """No cache keeps what this answers: it is personal, and an old answer would be a lie."""
    response.headers["Cache-Control"] = "no-store"
    note_device()
    return response
