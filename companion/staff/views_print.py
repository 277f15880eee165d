"""Everything on paper: choose, wait until its codes were read again, look at it, take it."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts.access import card_state, give_cards
from companion.catalogue.index import Catalogue
from companion.catalogue.published import Shelf
from companion.extensions import db
from companion.printing import orders
from companion.printing.cards import access_card, access_cards, exhibitors_with_booths
from companion.printing.kinds import KINDS, NothingToPrint, ready
from companion.printing.printed import posters_to_reprint, posters_were_printed
from companion.printing.typeset import Copy
from companion.staff.area import for_roles, staff

PRINTS = ("administrator", "editor", "floor")
FILES = {".pdf": "application/pdf", ".zip": "application/zip"}
ONE_AT_A_TIME = ("posters", "business")
"""What the floor team may print, for one booth or exhibitor. Access is the office's alone."""


@staff.get("/print")
@for_roles(*PRINTS)
def print_page() -> str:
    """What there is to print, and the posters that are no longer true."""
    catalogue = _catalogue()
    return render_template(
        "staff/print.html", kinds=KINDS.values(), catalogue=catalogue, reprint=posters_to_reprint(db.session()),
        zones=sorted({booth.get("zone", "") for booth in catalogue.booths} - {""}), only_one=_only_one(),
    )  # fmt: skip


@staff.post("/print")
@for_roles(*PRINTS)
def print_order() -> AnyResponse:
    """Order a paper."""
    kind, which = request.form.get("kind", ""), request.form.get("which", "").strip()
    if _only_one() and (kind not in ONE_AT_A_TIME or not which or "," in which):
        return _back(_("You may print for one booth: say which."))
    try:
        copy = _access_cards(which) if kind == "access" else _copy(kind, which)
    except NothingToPrint as nothing:
        return _back(str(nothing))
    booths = [sheet["booth"] for sheet in copy.sheets] if kind == "posters" else []
    apart = bool(request.form.get("apart")) and bool(copy.sheets)
    number = orders.place(_folder(), copy, current_user.author.name, kind, apart=apart, booths=booths)
    return redirect(url_for("staff.print_result", number=number))


@staff.get("/print/<number>")
@for_roles(*PRINTS)
def print_result(number: str) -> Response:
    """How far an order is; the page looks again by itself until it is done."""
    order = _order(number)
    response = Response(render_template("staff/print_result.html", order=order, number=number, kinds=KINDS))
    if order.state == "working":
        response.headers["Refresh"] = "1"
    return response


@staff.get("/print/<number>/file")
@for_roles(*PRINTS)
def print_file(number: str) -> Response:
    """The finished paper; posters count as printed from now on."""
    order = _order(number)
    if order.state != "done":
        abort(404)
    posters_were_printed(db.session(), order.booths)
    db.session.commit()
    file = orders.file_of(_folder(), number, order)
    response = Response(file.read_bytes(), mimetype=FILES[file.suffix])
    response.headers["Content-Disposition"] = f"attachment; filename={order.name}"
    response.headers["Cache-Control"] = "no-store"
    return response


@staff.get("/print/<number>/<int:page>.png")
@for_roles(*PRINTS)
def print_picture(number: str, page: int) -> Response:
    """A page of the finished paper to look at."""
    order = _order(number)
    if order.state != "done" or page >= order.pages:
        abort(404)
    return Response(orders.picture_of(_folder(), number, page), mimetype="image/png")


def _copy(kind: str, which: str) -> Copy:
    try:
        return ready(KINDS[kind], _catalogue(), _base_url(), which, request.form.get("size", ""))
    except (KeyError, ValueError):
        abort(404)
    except NothingToPrint:
        raise NothingToPrint(_("There is nothing to print: no such booth, exhibitor, zone or day.")) from None


def _access_cards(which: str) -> Copy:
    """Make new cards: for one exhibitor, or for all who have none."""
    session = db.session()
    chosen = exhibitors_with_booths(session, which)
    if not which:
        chosen = [one for one in chosen if not (state := card_state(session, one[0].id)) or state.revoked]
    if not chosen:
        raise NothingToPrint(
            _("There is nothing to print: no such booth, exhibitor, zone or day.") if which
            else _("Everybody has a card. Name one exhibitor to make a new card.")
        )  # fmt: skip
    secrets = give_cards(session, [row.id for row, _booth in chosen], current_user.author)
    cards = [access_card(_base_url(), row, booth, secret) for (row, booth), secret in zip(chosen, secrets, strict=True)]
    session.commit()
    return access_cards(cards, current_app.config["LANGUAGES"])


def _back(problem: str) -> AnyResponse:
    flash(problem, "problem")
    return redirect(url_for("staff.print_page"))


def _order(number: str) -> orders.Order:
    return orders.look(_folder(), number, current_user.author.name) or abort(404)


def _only_one() -> bool:
    return bool(current_user.staff.role == "floor")


def _folder() -> Path:
    return Path(current_app.config["DATABASE_FOLDER"]) / orders.FOLDER


def _catalogue() -> Catalogue:
    shelf: Shelf = current_app.extensions["shelf"]
    return shelf.newest(db.session()).catalogue


def _base_url() -> str:
    return current_app.config["BASE_URL"] or request.host_url.rstrip("/")
