"""What stands on the booths, to look at: every booth with its code."""

from __future__ import annotations

from flask import Response, abort, current_app, render_template, request

from companion.catalogue.index import Catalogue
from companion.catalogue.published import Shelf
from companion.extensions import db
from companion.printing.codes import booth_address, qr_svg
from companion.printing.posters import booth_posters
from companion.staff.area import for_roles, staff

PRINTS = ("administrator", "editor", "floor")


@staff.get("/posters")
@for_roles(*PRINTS)
def posters() -> str:
    """Every booth with its QR code."""
    return render_template("staff/posters.html", posters=booth_posters(_catalogue(), _base_url()))


@staff.get("/posters/<booth>.svg")
@for_roles(*PRINTS)
def poster_code(booth: str) -> Response:
    """One booth's QR code as SVG."""
    record = _catalogue().booth(booth) or abort(404)
    return Response(qr_svg(booth_address(_base_url(), record["code"])), mimetype="image/svg+xml")


def _catalogue() -> Catalogue:
    shelf: Shelf = current_app.extensions["shelf"]
    return shelf.newest(db.session()).catalogue


def _base_url() -> str:
    return current_app.config["BASE_URL"] or request.host_url.rstrip("/")
