"""The area's shell and what its pages ask the server for. Pages are drawn on the phone from its own records."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, abort, current_app, jsonify, make_response, redirect, request
from flask_babel import gettext
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts.access import choose_pin, end_phone, phones
from companion.accounts.sessions import end_session
from companion.catalogue.published import Shelf
from companion.exhibitors.workbook import contacts_xlsx
from companion.extensions import db
from companion.offline.release import AREA_SHELL, Release
from companion.photos import NoPicture, is_for_staff, keep, picture
from companion.printing.cards import business_card, business_cards_pdf
from companion.sync.merged import stays

area = APIBlueprint("area", __name__, enable_openapi=False, url_prefix="/exhibitor")
own = APIBlueprint("own", __name__, enable_openapi=False, url_prefix="/api/own")
photos = APIBlueprint("photos", __name__, enable_openapi=False, url_prefix="/photos")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@area.before_request
def only_exhibitors() -> AnyResponse | None:
    """Show the door to who is not signed in; a phone that has the area's files does not even ask."""
    return None if hasattr(current_user, "phone") else redirect("/in")


STAFF_TOO = ("own.sign_out", "own.photo_taken")
"""What phones of the floor team ask for as well."""


@own.before_request
def only_own() -> None:
    """Close what belongs to an exhibitor to everybody else."""
    staff = hasattr(current_user, "staff") and current_user.is_authenticated and request.endpoint in STAFF_TOO
    if not staff and not hasattr(current_user, "phone"):
        abort(401, "Sign in with your card.")


@own.after_request
def keep_nowhere(response: Response) -> Response:
    """No cache keeps what belongs to one exhibitor."""
    response.headers["Cache-Control"] = "no-store"
    return response


@area.get("/")
@area.get("/<path:_page>")
def shell(_page: str = "") -> Response:
    """The one page of the area, without anybody's data; the service worker answers with the same."""
    release: Release = current_app.extensions["release"]
    response = make_response(release.read(AREA_SHELL).decode())
    response.headers["Cache-Control"] = "no-cache"
    return response


@own.get("/phones")
def phones_listed() -> Response:
    """The phones signed in with this card."""
    rows = phones(db.session(), current_user.card)
    return jsonify(
        phones=[
            {"id": row.id, "name": row.name, "since": row.started, "seen": row.seen,
             "this": row.id == current_user.phone}
            for row in rows
        ],
        pin=current_user.has_pin,
    )  # fmt: skip


@own.post("/phones/<phone>/end")
def phone_ended(phone: str) -> tuple[str, int]:
    """End the session of another phone."""
    end_phone(db.session(), current_user.card, phone)
    db.session.commit()
    return "", 204


@own.post("/sign-out")
def sign_out() -> tuple[str, int]:
    """End this phone's session, here and in the database."""
    if hasattr(current_user, "staff"):
        end_session(db.session(), current_user.get_id())
    else:
        end_phone(db.session(), current_user.card, current_user.phone)
    db.session.commit()
    logout_user()
    return "", 204


@own.post("/pin")
def pin_chosen() -> tuple[Response, int]:
    """Set the PIN for typed sign-in: `{"pin": "…"}`."""
    sent = request.get_json(silent=True)
    pin = sent.get("pin") if isinstance(sent, dict) else None
    if not isinstance(pin, str) or not choose_pin(db.session(), current_user.card, pin):
        return jsonify(problem="pin"), 422
    db.session.commit()
    return jsonify(pin=True), 200


@own.post("/photos")
def photo_taken() -> tuple[Response, int]:
    """Keep a picture, the body of the request, and answer its hash."""
    try:
        name = keep(db.session(), request.get_data())
    except NoPicture as problem:
        return jsonify(problem=str(problem)), 422
    db.session.commit()
    return jsonify(hash=name), 200


@own.get("/contacts.xlsx")
def contacts() -> Response:
    """All contacts as a workbook."""
    response = make_response(contacts_xlsx(db.session(), current_user.author.exhibitor, gettext))
    response.mimetype = XLSX
    response.headers["Content-Disposition"] = "attachment; filename=contacts.xlsx"
    return response


@own.get("/cards.pdf")
def business_cards() -> Response:
    """Ten business cards on a page of A4."""
    shelf: Shelf = current_app.extensions["shelf"]
    catalogue = shelf.newest(db.session()).catalogue
    one = stays(db.session(), current_user.author.exhibitor) or abort(404)
    record = catalogue.exhibitor(one.code) or abort(404)
    base_url = current_app.config["BASE_URL"] or request.host_url.rstrip("/")
    response = make_response(business_cards_pdf([business_card(catalogue, base_url, record)]).pdf)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = "attachment; filename=cards.pdf"
    return response


@photos.get("/<name>.webp")
def photo(name: str) -> Response:
    """A picture by its hash; it never changes. Those of troubles are for staff (`/staff/troubles/…`)."""
    if is_for_staff(db.session(), name):
        abort(404)
    response = make_response(picture(db.session(), name) or abort(404))
    response.mimetype = "image/webp"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
