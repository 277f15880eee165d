"""The one thing a visitor writes without scripts: a request, from the plain form."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from companion.extensions import address, db, limiter
from companion.security import HEADERS
from companion.sync.edits import Outcome
from companion.sync.receive import receive
from companion.sync.rights import VISITOR
from companion.sync.room import PER_ADDRESS, Room
from companion.visitors.form import edit_of, fields_of
from companion.visitors.page_request import FIELDS
from companion.visitors.views import answered, shelf, visitors

LEFT_BEFORE = ("id_taken", "no_right")
"""What the log says to a form that was sent twice."""


@visitors.post("/<prefix:lang>/e/<code>/request")
@limiter.limit(PER_ADDRESS, deduct_when=lambda response: response.status_code < 400)
def leave_request(lang: str, code: str) -> AnyResponse:
    """Take a request and show the page again: with its number, or with what is wrong."""
    if lang not in current_app.config["LANGUAGES"]:
        abort(404)
    said = answered(shelf().newest(db.session()), lang, f"/e/{code}/request")
    if said["status"] != 200:
        abort(404)
    edit = edit_of(fields_of(request.form, said["context"]["code"]), current_app.config["SECRET_KEY"])
    outcome = _receive(edit)
    if outcome.state == "refused" and outcome.problem not in LEFT_BEFORE:
        return _again(said, outcome)
    return redirect(f"{said['context']['action']}?sent={edit['record']}", 303)


def _receive(edit: dict[str, Any]) -> Outcome:
    room = Room(address())
    outcome = receive(db.session(), [edit], VISITOR, room).outcomes[0]
    db.session.commit()
    room.spend()
    return outcome


def _again(said: dict[str, Any], outcome: Outcome) -> Response:
    """The form as it was typed, with what is wrong at its field."""
    field = outcome.field if outcome.field in FIELDS else "other"
    typed = {name: request.form.get(name, "") for name in FIELDS}
    wrong = dict.fromkeys(FIELDS, "") | {field: outcome.problem}
    response = Response(render_template(said["template"], **said["context"] | {"typed": typed, "wrong": wrong}), 422)
    response.headers.extend(HEADERS)
    response.headers["Cache-Control"] = "no-store"
    return response
