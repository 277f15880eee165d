"""The fair in one minute. A page of Flask's alone: what every phone stores has no room for it."""

from __future__ import annotations

from flask import Response, current_app, g, make_response, render_template, request

from companion.languages import LANGUAGES
from companion.request_language import preferred_language
from companion.visitors.views import visitors


@visitors.get("/tour")
def tour() -> Response:
    """Six things Rafiq does, one per screen, each with a way out."""
    offered = current_app.config["LANGUAGES"]
    chosen = request.args.get("lang", "")
    g.lang = chosen if chosen in offered else preferred_language()
    response = make_response(render_template("tour.html", languages=[LANGUAGES[code] for code in offered]))
    response.headers["Cache-Control"] = "no-cache"
    return response
