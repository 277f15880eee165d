"""The staff's pages: sign in, and print what stands on the booths."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from companion.catalogue.index import Catalogue
from companion.catalogue.published import Shelf
from companion.extensions import db
from companion.posters.codes import booth_address, qr_svg
from companion.posters.posters import PAPERS, booth_posters, posters_pdf
from companion.staff.sessions import end_session, sign_in, start_session

staff = APIBlueprint("staff", __name__, enable_openapi=False, url_prefix="/staff")

OPEN = {"staff.sign_in_form", "staff.sign_in_answer"}
"""The routes of this area that anybody may call."""


@staff.before_request
def only_staff() -> AnyResponse | None:
    """Close the whole area to who is not signed in."""
    if request.endpoint in OPEN or current_user.is_authenticated:
        return None
    unauthorized: AnyResponse = sign_in.unauthorized()
    return unauthorized


@staff.get("/sign-in")
def sign_in_form() -> str:
    """The form."""
    return render_template("staff/sign_in.html", name="", wrong=False)


@staff.post("/sign-in")
def sign_in_answer() -> AnyResponse | tuple[str, int]:
    """Sign in with name and password; a wrong one keeps the name typed."""
    name = request.form.get("name", "").strip()
    person = start_session(db.session(), name, request.form.get("password", ""))
    if person is None:
        return render_template("staff/sign_in.html", name=name, wrong=True), 401
    db.session.commit()
    login_user(person)
    return redirect(url_for("staff.home"))


@staff.post("/sign-out")
def sign_out() -> AnyResponse:
    """End this session here and in the database."""
    end_session(db.session(), current_user.get_id())
    db.session.commit()
    logout_user()
    return redirect(url_for("staff.sign_in_form"))


@staff.get("/")
def home() -> str:
    """What there is to do."""
    return render_template("staff/home.html", person=current_user.staff)


@staff.get("/posters")
def posters() -> str:
    """Every booth with its QR code, to look at, print or download."""
    return render_template("staff/posters.html", posters=booth_posters(_catalogue(), _base_url()))


@staff.get("/posters/<booth>.svg")
def poster_code(booth: str) -> Response:
    """One booth's QR code as SVG."""
    record = _catalogue().booth(booth) or abort(404)
    return Response(qr_svg(booth_address(_base_url(), record["code"])), mimetype="image/svg+xml")


@staff.get("/posters.pdf")
def posters_file() -> Response:
    """Printable posters: of one booth with `?booth=`, of all without."""
    paper = request.args.get("paper", "a5")
    chosen = booth_posters(_catalogue(), _base_url(), request.args.get("booth", ""))
    if paper not in PAPERS or not chosen:
        abort(404)
    response = Response(posters_pdf(chosen, paper), mimetype="application/pdf")
    response.headers["Content-Disposition"] = "attachment; filename=posters.pdf"
    return response


def _catalogue() -> Catalogue:
    shelf: Shelf = current_app.extensions["shelf"]
    return shelf.newest(db.session()).catalogue


def _base_url() -> str:
    return current_app.config["BASE_URL"] or request.host_url.rstrip("/")
