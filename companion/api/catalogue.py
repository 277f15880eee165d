"""The public catalogue over HTTP (design §3)."""

from __future__ import annotations

import hashlib
from typing import Any

import brotli
from apiflask import APIBlueprint, abort
from flask import Response, current_app, json, request
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response as AnyResponse

from companion.catalogue.changes import changes
from companion.catalogue.published import Coded, Edition, Shelf
from companion.compression import accepted_coding
from companion.extensions import db

catalogue = APIBlueprint("catalogue", __name__, url_prefix="/api/catalogue", tag="Catalogue")

A_MOMENT = 5
"""Seconds a cache may keep an answer that the next edit changes."""


class Newest(BaseModel):
    """Where the newest snapshot is."""

    seq: int = Field(description="Position in the log of the last change visitors can see")
    snapshot: str = Field(description="Address of the snapshot of that position")
    log: str = Field(description="Name of the log; positions in another say nothing here")
    facts: str = Field(description="Digest of what the snapshot holds that is not in the log")


class Snapshot(BaseModel):
    """The whole public catalogue; its sections are described in docs/catalogue.md."""

    seq: int


class Changes(BaseModel):
    """What changed since a position, or `whole` when the snapshot should be fetched instead."""

    seq: int
    log: str
    facts: str = Field(description="Digest of what the snapshot holds that is not in the log")
    since: int | None = None
    whole: bool | None = None


class Since(BaseModel):
    """The position a phone is at."""

    since: int = Field(ge=0, le=2**53)
    facts: str | None = Field(None, max_length=40, description="`facts` of the snapshot the phone has")


@catalogue.get("")
@catalogue.output(Newest)
def newest() -> AnyResponse:
    """Say which snapshot is the newest."""
    snapshot = _shelf().newest(db.session()).snapshot
    seq = snapshot["seq"]
    facts = snapshot["facts"]
    address = f"/api/catalogue/{seq}-{facts}.json"
    return _for_a_moment({"seq": seq, "snapshot": address, "log": snapshot["log"], "facts": facts})


@catalogue.get("/<int:seq>-<facts>.json")
@catalogue.doc(hide=True)
def exact_snapshot(seq: int, facts: str) -> Response:
    """Return the snapshot of a position and of a digest of facts, which together identify it: it never changes."""
    edition = _edition(seq)
    if edition.snapshot["facts"] != facts:
        abort(404, "This snapshot is gone. Ask /api/catalogue for the newest.")
    return _for_ever(edition.whole)


@catalogue.get("/<int:seq>.json")
@catalogue.output(Snapshot)
@catalogue.doc(responses={404: "This snapshot is gone; ask for the newest"})
def snapshot(seq: int) -> AnyResponse:
    """Return one snapshot by its position alone; its facts may change, so caches ask again."""
    return _revalidated(_edition(seq).whole)


@catalogue.get("/packed")
@catalogue.doc(hide=True)
def packed() -> AnyResponse:
    """Return the newest snapshot as phones download it, or of a large fair the list and the names of its parts."""
    first, _ = _shelf().newest(db.session()).packed
    return _revalidated(first)


@catalogue.get("/parts/<name>.json")
@catalogue.doc(hide=True)
def part(name: str) -> Response:
    """Return one part, named by its content."""
    shelf = _shelf()
    shelf.newest(db.session())
    found = shelf.part(name)
    if found is None:
        abort(404, "This part is gone. Ask /api/catalogue/packed for the newest.")
    return _for_ever(found)


@catalogue.get("/changes")
@catalogue.input(Since, location="query", arg_name="asked")
@catalogue.output(Changes)
def since(asked: Since) -> AnyResponse:
    """Return what changed since a position."""
    edition = _shelf().newest(db.session())
    identity = {name: edition.snapshot[name] for name in ("log", "facts")}
    return _for_a_moment(changes(db.session(), edition.snapshot, asked.since, asked.facts) | identity)


def _edition(seq: int) -> Edition:
    shelf = _shelf()
    shelf.newest(db.session())
    edition = shelf.edition(seq)
    if edition is None:
        abort(404, "This snapshot is gone. Ask /api/catalogue for the newest.")
    return edition


def _revalidated(content: Coded) -> AnyResponse:
    response = _coded(content)
    response.headers["Cache-Control"] = f"public, max-age={A_MOMENT}"
    response.set_etag(content.hash)
    return response.make_conditional(request)


def _for_ever(content: Coded) -> Response:
    response = _coded(content)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _coded(content: Coded) -> Response:
    coding = accepted_coding()
    response = Response(content.coded(coding), mimetype="application/json")
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _for_a_moment(answer: dict[str, Any]) -> AnyResponse:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    response.headers["Cache-Control"] = f"public, max-age={A_MOMENT}"
    response.headers["Vary"] = "Accept-Encoding"
    if accepted_coding() == "br" and len(body) > 500:
        response.set_data(brotli.compress(body, quality=9))
        response.headers["Content-Encoding"] = "br"
    return response.make_conditional(request)


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions["shelf"]
    return shelf
