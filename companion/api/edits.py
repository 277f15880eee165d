"""Edits over HTTP: what phones send, and what the right reader may read (design §2)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from apiflask import APIBlueprint, abort
from flask import Response, current_app, jsonify, request
from flask import session as cookie
from flask_login import current_user
from pydantic import BaseModel, Field, StringConstraints
from werkzeug.exceptions import BadRequest

from companion.api.devices import note_device
from companion.extensions import address, db, limiter
from companion.sync.edits import Author, Outcome
from companion.sync.log import log_name
from companion.sync.merged import codes
from companion.sync.problems import SENTENCES
from companion.sync.reading import read
from companion.sync.receive import receive
from companion.sync.rights import VISITOR
from companion.sync.room import PER_ADDRESS, Room

edits = APIBlueprint("edits", __name__, url_prefix="/api/edits", tag="Edits")

PER_DEVICE = "300/minute"
AN_EDIT = """`{"id", "kind", "record", "stamp", "fields", "base"}`: `id` and `record` are UUIDs the device made (of a
request: version 4), `stamp` is `<13 digits of Unix milliseconds>-<4 of counter>-<name>`, `fields` are the new
values by field path, `base` the stamp of the value the author saw, or null, by field path. An edit that
withdraws or erases a request has its `secret` as well: the first 16 bytes of the secret's sha256, made a UUID of
version 4, are the request's id. Each is read on its own:
one that is malformed is refused and the others are applied."""


class Sent(BaseModel):
    """An outbox, or a part of it."""

    edits: list[Any] = Field(max_length=500, description=AN_EDIT)
    device: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")] | None = Field(
        None, description="A random name of the device, to limit how often it writes; it is not kept"
    )
    author: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        None, description="Who made these edits, like `staff:amina`: 401 when another is signed in by now, or nobody"
    )


class OutcomeOut(BaseModel):
    """What became of one edit."""

    id: str = Field(description="As it was sent; empty when there was none")
    state: str = Field(description="`applied`, `duplicate`, `conflict` (kept, staff will look) or `refused`")
    problem: str | None = Field(None, description=f"Why it was refused: {', '.join(f'`{code}`' for code in SENTENCES)}")
    field: str | None = Field(None, description="The field that is wrong, when it is one")
    message: str | None = Field(None, description="The reason as an English sentence")


class Received(BaseModel):
    """What became of every edit, in the order sent."""

    seq: int = Field(description="Position of this server's log")
    outcomes: list[OutcomeOut]
    log: str = Field(description="Name of this server's log: another name has not got what was delivered before")


class Asked(BaseModel):
    """Where to read from."""

    since: int = Field(0, ge=0, le=2**53, description="Position of the last edit already read")
    limit: int = Field(500, ge=1, le=1000, description="Edits looked at")


class EditOut(BaseModel):
    """One edit as this server received it."""

    seq: int
    id: str
    kind: str
    record: str
    stamp: str
    fields: dict[str, Any]
    base: dict[str, str | None]
    settles: list[str] = Field(description="The edits whose conflict this one settles")
    act: str = Field(description="The same for all edits made in one go; empty before acts were kept")
    author: str
    role: str
    received: str = Field(description="UTC")
    partial: bool | None = Field(None, description="Whether there are fields the reader may not see")


class Read(BaseModel):
    """Edits in the order of this server's log."""

    seq: int = Field(description="Position of this server's log")
    log: str = Field(description="Name of this server's log; positions in another say nothing here")
    who: str = Field(description="The one signed in, as the log names them")
    codes: list[str] = Field(description="Codes an exhibitor reads for: their own and those merged with it")
    next: int = Field(description="Ask since here next; less than `seq` when there is more")
    edits: list[EditOut]


def device() -> str:
    """Return what a device's own limit is counted by: the name it gives itself, at its address."""
    return f"device:{address()}:{_named_device()}"


def heard(response: Response) -> bool:
    """Tell whether a POST counts: one that failed uses up nothing."""
    return response.status_code < 400


def _named_device() -> str | None:
    sent = request.get_json(silent=True)
    named = sent.get("device") if isinstance(sent, dict) else None
    return named if isinstance(named, str) else None


@edits.post("")
@edits.input(Sent, arg_name="sent")
@edits.output(Received)
@edits.doc(responses={
    401: "The session of staff is over; sign in and send again", 413: "Send fewer edits at once",
    429: "Send again later", 503: "Send again later",
})  # fmt: skip
@limiter.limit(lambda: PER_ADDRESS, deduct_when=heard)
@limiter.limit(lambda: PER_DEVICE, key_func=device, exempt_when=lambda: not _named_device(), deduct_when=heard)
def take(sent: Sent) -> Response:
    """Take edits.

    Anybody may leave a request or a tally. An edit sent again is answered `duplicate` and changes nothing.
    """
    author = _author()
    if sent.author not in (None, author.name):
        abort(401, f"Sign in as {sent.author} to send these edits.")
    room = Room(address(), sent.device or "")
    applied = receive(db.session(), sent.edits, author, room, current_app.config["EXHIBITOR_CHANGES"])
    log = log_name(db.session())
    db.session.commit()
    room.spend()
    return jsonify(seq=applied.seq, log=log, outcomes=[_told(outcome) for outcome in applied.outcomes])


@edits.get("")
@edits.input(Asked, location="query", arg_name="asked")
@edits.output(Read)
@edits.doc(responses={401: "Nobody is signed in"})
def look(asked: Asked) -> Response:
    """Return the edits after a position that the one signed in may read.

    Staff read all but what is between visitors and exhibitors; exhibitors what is theirs.
    """
    if not current_user.is_authenticated:
        abort(401, "Sign in to read edits.")
    author = _author()
    page = read(db.session(), author, asked.since, asked.limit)
    return jsonify(
        seq=page.seq,
        log=log_name(db.session()),
        who=author.name,
        codes=sorted(codes(db.session(), author.exhibitor)),
        next=page.next,
        edits=page.edits,
    )


def _author() -> Author:
    """Return who writes: the one signed in, else a visitor; 401 for a session that was ended."""
    if current_user.is_authenticated:
        author: Author = current_user.author
        return author
    if "_user_id" in cookie:
        abort(401, "This session is over. Sign in again.")
    return VISITOR


def _told(outcome: Outcome) -> dict[str, str]:
    told = asdict(outcome) | {"message": SENTENCES.get(outcome.problem, "")}
    return {name: text for name, text in told.items() if text or name == "id"}


@edits.after_request
def keep_nowhere(response: Response) -> Response:
    """No cache keeps what these addresses answer: it is personal, and an old answer would be a lie."""
    response.headers["Cache-Control"] = "no-store"
    note_device()
    return response


@edits.errorhandler(BadRequest)
@edits.errorhandler(RecursionError)
def unreadable(_error: Exception) -> tuple[Response, int]:
    """What is no JSON, or nested deeper than Python reads, is no envelope."""
    return jsonify(message="This is not JSON that can be read."), 422


def bodies_are_required(spec: Any) -> Any:
    """Say in the API's description, as JSON, what APIFlask leaves out: that a body must be there."""
    for operation in (operation for path in spec["paths"].values() for operation in path.values()):
        if "requestBody" in operation:
            operation["requestBody"]["required"] = True
    return spec
