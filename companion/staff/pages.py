"""Answering: a whole page, or the part of it a script asks for again; a form's outcome, for a person or a script."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from companion.extensions import db
from companion.offline.release import Release
from companion.sync.undo import undo

FRAGMENT = "text/x-fragment"


def page(name: str, status: int = 200, **context: Any) -> Response:
    """Render a page; with `Accept: text/x-fragment` only its block `fragment`, as `static/js/fragment.js` asks."""
    if not wants_fragment():
        return make_response(render_template(name, **context), status)
    current_app.update_template_context(context)
    template = current_app.jinja_env.get_template(name)
    body = "".join(template.blocks["fragment"](template.new_context(context)))
    release: Release = current_app.extensions["release"]
    return Response(body, status, {"Rafiq-Release": release.name}, content_type=f"{FRAGMENT}; charset=utf-8")


def wants_fragment() -> bool:
    """Whether a script asks for a part of the page."""
    return request.headers.get("Accept", "").startswith(FRAGMENT)


def wants_json() -> bool:
    """Whether a script has sent the form and will show what became of it."""
    return request.headers.get("Accept", "").startswith("application/json")


def done(said: str, endpoint: str, act: str = "", **where: str) -> Response:
    """Say what was done: to a script as `{"said", "undo"}`; to a person on the next page, with the act to undo."""
    if wants_json():
        return make_response({"said": said, "undo": act})
    flash(said, "fine")
    kept: dict[str, Any] = {name: value for name, value in where.items() if value}
    return make_response(redirect(url_for(endpoint, **kept), 303))


def told(said: str, status: int) -> Response:
    """Tell a script why nothing was done."""
    return make_response({"said": said}, status)


def seen() -> int:
    """The position in the log of what the author of a form saw."""
    written = request.form.get("seen", "")
    return int(written) if written.isdecimal() and len(written) < 18 else 0


def undone(endpoint: str, **where: str) -> Response:
    """Take the act of the form back, whole; what somebody changed since stays."""
    try:
        taken = undo(db.session(), request.form.get("act", ""), current_user.author)
    except ValueError:
        db.session.rollback()
        if wants_json():
            return told(_("This was undone already."), 409)
        flash(_("This was undone already."), "problem")
        return make_response(redirect(url_for(endpoint), 303))
    db.session.commit()
    said = _("Undone, except what somebody changed since.") if taken.kept else _("Undone.")
    return done(said, endpoint, taken.edits[0].act if taken.edits else "", **where)
