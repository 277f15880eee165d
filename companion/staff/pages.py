"""Answering: a whole page, or the part of it a script asks for again; a form's outcome, for a person or a script."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for

from companion.offline.release import Release

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
