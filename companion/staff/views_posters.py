"""What stands on the booths: look at it, print it, download it."""

from __future__ import annotations

from flask import Response, abort, current_app, render_template, request

from companion.catalogue.index import Catalogue
from companion.catalogue.published import Shelf
from companion.extensions import db
from companion.printing import posters as print_posters
from companion.printing.codes import booth_address, qr_svg
from companion.printing.posters import PAPERS, booth_posters
from companion.printing.typeset import typeset
from companion.staff.area import for_roles, staff

PRINTS = ("administrator", "editor", "floor")


@staff.get("/posters")
@for_roles(*PRINTS)
def posters() -> str:
    """Every booth with its QR code, to look at, print or download."""
    return render_template("staff/posters.html", posters=booth_posters(_catalogue(), _base_url()))


@staff.get("/posters/<booth>.svg")
@for_roles(*PRINTS)
def poster_code(booth: str) -> Response:
    """One booth's QR code as SVG."""
    record = _catalogue().booth(booth) or abort(404)
    return Response(qr_svg(booth_address(_base_url(), record["code"])), mimetype="image/svg+xml")


@staff.get("/posters.pdf")
@for_roles(*PRINTS)
def posters_file() -> Response:
    """Printable posters: of one booth with `?booth=`, of all without."""
    paper = request.args.get("paper", "a5")
    chosen = booth_posters(_catalogue(), _base_url(), request.args.get("booth", ""))
    if paper not in PAPERS or not chosen:
        abort(404)
    response = Response(typeset(print_posters.posters(_catalogue(), chosen, paper)).pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = "attachment; filename=posters.pdf"
    return response


def _catalogue() -> Catalogue:
    shelf: Shelf = current_app.extensions["shelf"]
    return shelf.newest(db.session()).catalogue


def _base_url() -> str:
    return current_app.config["BASE_URL"] or request.host_url.rstrip("/")
