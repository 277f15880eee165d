"""The floor team's pages: one shell without anybody's data, drawn on the phone from its own records."""

from __future__ import annotations

from flask import Response, current_app, make_response

from companion.offline.release import AREA_SHELL, Release
from companion.staff.area import for_roles, staff


@staff.get("/floor")
@staff.get("/floor/<path:_page>")
@for_roles("administrator", "editor", "floor")
def floor(_page: str = "") -> Response:
    """The shell, as the service worker answers it too."""
    release: Release = current_app.extensions["release"]
    response = make_response(release.read(AREA_SHELL).decode())
    response.headers["Cache-Control"] = "no-cache"
    return response
