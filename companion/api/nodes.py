"""What other servers of the fair ask (docs/nodes.md); each shows the key it was given."""

from __future__ import annotations

from typing import Any, TypeVar

import brotli
from apiflask import APIBlueprint, abort
from flask import Response, current_app, g, request
from pydantic import BaseModel, ValidationError

from companion.compression import accepted_coding
from companion.extensions import db
from companion.models import Node
from companion.nodes.exchange import Greeting, Refused, Shared, Wanted, Where, greeted, share_accounts, took
from companion.nodes.link import QUALITY, packed
from companion.nodes.pages import Page, page_after
from companion.nodes.peers import ACCOUNT, PHOTO, author_of, trusts, who_shows
from companion.nodes.pictures import Carried, carried, missing, take_picture
from companion.nodes.unpack import TooLarge, unpacked

nodes = APIBlueprint("nodes", __name__, url_prefix="/api/node", enable_openapi=False)

T = TypeVar("T", bound=BaseModel)


@nodes.before_request
def only_nodes() -> None:
    """Close all of it to who has no key."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    node = who_shows(db.session(), key) if kind == "Bearer" else None
    if node is None:
        abort(401, "This is for the other servers of the fair; the key is not known here.")
    g.node = node.name


@nodes.post("/greeting")
def meet() -> Response:
    """Tell each other who one is and how far one has read."""
    said = _sent(Greeting)
    answer = greeted(db.session(), g.node, said, current_app.extensions["release"].name)
    db.session.commit()
    return _told(answer)


@nodes.get("/edits")
def give() -> Response:
    """Give the edits after a position that this server may have and did not bring itself."""
    node = db.session.get_one(Node, g.node)
    since = request.args.get("since", 0, type=int)
    return _told(page_after(db.session(), max(since, 0), author_of(node), node.identity))


@nodes.post("/edits")
def take() -> Response:
    """Take a page of edits and say how far the other's log has been read."""
    position = took(db.session(), g.node, _sent(Page))
    return _told(Where(seq=position.seq, id=position.id))


@nodes.post("/accounts")
def accounts() -> Response:
    """Exchange rows about who may sign in."""
    shared = _sent(Shared)
    if not trusts(db.session.get_one(Node, g.node), ACCOUNT):
        raise Refused("This server is not trusted with accounts.")
    answer = share_accounts(db.session(), shared)
    db.session.commit()
    return _told(answer)


@nodes.get("/pictures")
def wanted() -> Response:
    """Say which pictures are missing here."""
    _only_with_pictures()
    return _told(Wanted(missing=missing(db.session())))


@nodes.get("/pictures/<name>")
def give_picture(name: str) -> Response:
    """Give a picture; an empty answer when it is not here either."""
    _only_with_pictures()
    return _told(carried(db.session(), name) or {})


@nodes.post("/pictures")
def accept_picture() -> Response:
    """Take a picture."""
    _only_with_pictures()
    taken = take_picture(db.session(), _sent(Carried))
    db.session.commit()
    return _told({"taken": taken})


def _only_with_pictures() -> None:
    if not trusts(db.session.get_one(Node, g.node), PHOTO):
        raise Refused("This server is not trusted with pictures.")


@nodes.errorhandler(Refused)
def refused(error: Refused) -> tuple[Response, int]:
    """Say why."""
    db.session.rollback()
    return _told({"message": str(error)}), 409


@nodes.after_request
def keep_nowhere(response: Response) -> Response:
    """No cache keeps this."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _sent(model: type[T]) -> T:
    body = request.get_data()
    if request.headers.get("Content-Encoding") == "br":
        body = _unpacked(body)
    try:
        return model.model_validate_json(body)
    except ValidationError:
        abort(422, "This cannot be read.")


def _unpacked(body: bytes) -> bytes:
    try:
        return unpacked(body)
    except brotli.error:
        abort(422, "This cannot be unpacked.")
    except TooLarge:
        abort(413, "This is too large.")


def _told(answer: BaseModel | dict[str, Any]) -> Response:
    body = packed(answer if isinstance(answer, dict) else answer.model_dump())
    response = Response(body, mimetype="application/json")
    if accepted_coding() == "br":
        response.set_data(brotli.compress(body, quality=QUALITY))
        response.headers["Content-Encoding"] = "br"
    return response
