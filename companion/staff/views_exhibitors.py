"""The register of exhibitors: find, change one or many, merge, withdraw and bring back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Response, abort, current_app, flash, jsonify, redirect, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from sqlalchemy import Select, select
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts.access import card_state, end_card
from companion.catalogue import vocabulary
from companion.catalogue.communes import communes, provinces
from companion.extensions import db
from companion.imports.export import catalogue_csv, fair_workbook
from companion.imports.problems import Finding
from companion.imports.typed import exhibitor_form, product_form, read_exhibitor, read_product
from companion.models import ROLES, Booth, Exhibitor, LogHead, Photo, Product, Sector, Trouble, Zone
from companion.photos import NoPicture, keep
from companion.register.changing import MANY, change_many, merge_exhibitors
from companion.register.table import MISSING, ON_A_PAGE, SORTS, STATES, Asked, lines
from companion.staff.area import OFFICE, for_roles, staff
from companion.staff.field_names import field_name
from companion.staff.pages import done, page
from companion.sync.codes import free_code
from companion.sync.edits import Change
from companion.sync.log import write
from companion.sync.seen import Overtaken, Wrong, write_as_seen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW_PRODUCT = Product(id="", name={}, unit="", price=None, available=True)


@staff.get("/exhibitors")
@for_roles(*ROLES)
def exhibitors_page() -> Response:
    """The table, as asked for."""
    asked = asked_of(request.args)
    languages = current_app.config["LANGUAGES"]
    found, total = lines(db.session(), asked, languages)
    return page(
        "staff/exhibitors.html", lines=found, total=total, asked=asked, pages=-(-total // ON_A_PAGE), sorts=SORTS,
        states=STATES, missing=MISSING, tongues=languages, **_choices(),
        here_with=lambda **more: url_for("staff.exhibitors_page", **({**request.args.to_dict(), "page": 1} | more)),
    )  # fmt: skip


@staff.post("/exhibitors/many")
@for_roles(*OFFICE)
def exhibitors_many() -> Response:
    """Change those that were ticked, as one act."""
    what, value = request.form.get("what", ""), ""
    what, _, value = what.partition(":")
    if what not in MANY:
        abort(400)
    edits = change_many(db.session(), request.form.getlist("record"), what, value, current_user.author)
    db.session.commit()
    said = ngettext("%(num)s exhibitor changed.", "%(num)s exhibitors changed.", len(edits))
    return done(said, "staff.exhibitors_page", edits[0].act if edits else "", **_filters())


@staff.get("/exhibitors/new")
@for_roles(*OFFICE)
def exhibitor_new() -> Response:
    """The form of somebody new."""
    return _form(Exhibitor(id="", code="", **_empty()), {}, {})


@staff.post("/exhibitors/new")
@for_roles(*OFFICE)
def exhibitor_made() -> AnyResponse:
    """Put somebody new on the list."""
    blank = Exhibitor(id="", code="", **_empty())
    fields, wrong = read_exhibitor(request.form, exhibitor_form(blank))
    if wrong:
        return _form(blank, request.form, wrong, 422)
    record = str(uuid4())
    code = free_code(record, set(db.session.scalars(select(Exhibitor.code))))
    write(db.session(), [Change("exhibitor", record, fields | {"code": code})], current_user.author)
    db.session.commit()
    flash(gettext("Saved."), "fine")
    return redirect(url_for("staff.exhibitor_page", code=code), 303)


@staff.get("/exhibitors/<code>")
@for_roles(*OFFICE, "floor")
def exhibitor_page(code: str) -> Response:
    """All of one exhibitor."""
    return _form(_exhibitor(code), {}, {})


@staff.post("/exhibitors/<code>")
@for_roles(*OFFICE)
def exhibitor_saved(code: str) -> AnyResponse:
    """Save what was typed, unless somebody else has changed the same since the page was shown."""
    one = _exhibitor(code)
    fields, wrong = read_exhibitor(request.form, exhibitor_form(one))
    if wrong:
        return _form(one, request.form, wrong, 422)
    try:
        write_as_seen(db.session(), [Change("exhibitor", one.id, fields)], current_user.author, _seen())
    except Wrong as why:
        db.session.rollback()
        return _form(_exhibitor(code), request.form, _findings(why), 422)
    except Overtaken as other:
        db.session.rollback()
        return _form(_exhibitor(code), request.form, {}, 409, other)
    db.session.commit()
    flash(gettext("Saved."), "fine")
    return redirect(url_for("staff.exhibitor_page", code=code), 303)


def _findings(why: Wrong) -> dict[str, Finding]:
    """Say by field what a text may not hold."""
    return {path: Finding(problem) for path, problem in why.problems.items()}


@staff.post("/exhibitors/<code>/product")
@for_roles(*OFFICE)
def exhibitor_product(code: str) -> AnyResponse:
    """Save, add or take out one product."""
    one = _exhibitor(code)
    product = db.session.get(Product, request.form.get("record", "")) or NEW_PRODUCT
    fields, wrong = read_product(request.form, product_form(product))
    if request.form.get("delete"):
        fields, wrong = {"deleted": True}, {}
    if wrong:
        return _form(one, {}, {}, 422, product=(product.id, request.form, wrong))
    if product is NEW_PRODUCT:
        fields |= {"exhibitor": one.id, "position": len(_products(one))}
    try:
        change = Change("product", product.id or str(uuid4()), fields)
        write_as_seen(db.session(), [change], current_user.author, _seen())
    except Wrong as why:
        typed, found = request.form, _findings(why)
        db.session.rollback()
        return _form(_exhibitor(code), {}, {}, 422, product=(product.id, typed, found))
    except Overtaken as other:
        db.session.rollback()
        return _form(_exhibitor(code), {}, {}, 409, other)
    db.session.commit()
    flash(gettext("Saved."), "fine")
    return redirect(url_for("staff.exhibitor_page", code=code) + "#products", 303)


@staff.post("/exhibitors/<code>/photos")
@for_roles(*OFFICE)
def exhibitor_photo(code: str) -> AnyResponse:
    """Add a photo, or take one out."""
    one = _exhibitor(code)
    gone = db.session.get(Photo, request.form.get("delete", ""))
    if gone is not None and gone.exhibitor == one.id:
        write(db.session(), [Change("photo", gone.id, {"deleted": True})], current_user.author)
    else:
        file = request.files.get("photo")
        try:
            name = keep(db.session(), file.read() if file else b"")
        except NoPicture as problem:
            large, other = (
                gettext("This photo is too large: 2 MB at most."),
                gettext("This file is no photo, or it is damaged."),
            )
            flash(large if str(problem) == "large" else other, "problem")
            return redirect(url_for("staff.exhibitor_page", code=code) + "#photos", 303)
        db.session.commit()
        shown = {"exhibitor": one.id, "hash": name, "position": len(db.session.scalars(_photos(one)).all())}
        write(db.session(), [Change("photo", str(uuid4()), shown)], current_user.author)
    db.session.commit()
    flash(gettext("Saved."), "fine")
    return redirect(url_for("staff.exhibitor_page", code=code) + "#photos", 303)


@staff.post("/exhibitors/<code>/card/end")
@for_roles(*OFFICE)
def exhibitor_card_ended(code: str) -> AnyResponse:
    """End an exhibitor's card and sign out every phone it opened."""
    end_card(db.session(), _exhibitor(code).id, current_user.author)
    db.session.commit()
    return done(gettext("The card is ended and its phones are signed out."), "staff.exhibitor_page", code=code)


@staff.post("/exhibitors/<code>/<what>")
@for_roles(*OFFICE)
def exhibitor_turned(code: str, what: str) -> AnyResponse:
    """Withdraw somebody, or bring them back."""
    if what not in ("withdraw", "restore"):
        abort(404)
    edits = change_many(db.session(), [_exhibitor(code).id], what, "", current_user.author)
    db.session.commit()
    said = gettext("Withdrawn from the fair.") if what == "withdraw" else gettext("Back at the fair.")
    return done(said, "staff.exhibitor_page", edits[0].act if edits else "", code=code)


@staff.post("/exhibitors/<code>/merge")
@for_roles(*OFFICE)
def exhibitor_merged(code: str) -> AnyResponse:
    """Make one of two: this one goes, the other stays."""
    other = db.session.scalar(select(Exhibitor).where(Exhibitor.code == request.form.get("into", "").strip().upper()))
    try:
        edits = merge_exhibitors(db.session(), _exhibitor(code).id, other.id if other else "", current_user.author)
    except ValueError:
        db.session.rollback()
        flash(gettext("There is no other exhibitor with this code."), "problem")
        return redirect(url_for("staff.exhibitor_page", code=code), 303)
    db.session.commit()
    into = request.form["into"].strip().upper()
    return done(
        gettext("Merged: products, booths, photos, requests and contacts are here now."),
        "staff.exhibitor_page",
        edits[0].act,
        code=into,
    )


@staff.get("/export.xlsx")
@for_roles(*OFFICE)
def export_workbook() -> Response:
    """The whole fair as its workbook."""
    response = Response(fair_workbook(db.session()), mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename="fair.xlsx")
    return response


@staff.get("/export.csv")
@staff.get("/export.json")
@for_roles(*OFFICE)
def export_catalogue() -> Response:
    """The public catalogue: a table of exhibitors, or all of it as JSON."""
    snapshot = current_app.extensions["shelf"].newest(db.session()).snapshot
    whole = request.path.endswith(".json")
    response = jsonify(snapshot) if whole else Response(catalogue_csv(snapshot), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"catalogue.{'json' if whole else 'csv'}")
    return response


def asked_of(args: Mapping[str, str]) -> Asked:
    """Return what the address of the table asks for; what makes no sense is left out."""
    texts = {name: args.get(name, "")[:100] for name in ("q", "kind", "sector", "zone", "province", "missing")}
    number = args.get("page", "1")
    at = min(max(1, int(number)), 100_000) if number.isdecimal() and len(number) < 8 else 1
    return Asked(**texts, state=args.get("state", "here"), sort=args.get("sort", "missing"), page=at)


def _form(
    one: Exhibitor,
    typed: Mapping[str, str],
    wrong: Mapping[str, Finding],
    status: int = 200,
    other: Overtaken | None = None,
    product: tuple[str, Mapping[str, str], Mapping[str, Finding]] | None = None,
) -> Response:
    session = db.session()
    now = exhibitor_form(one)
    return page(
        "staff/exhibitor.html", status, one=one, shown={**now, **typed}, now=now, product=product,
        wrong={path: finding.note(gettext) for path, finding in wrong.items()}, other=other,
        theirs={path for entry in (other.by if other else ()) for path in entry.fields}, field_name=field_name,
        seen=session.scalar(select(LogHead.seq)) or 0, tongues=current_app.config["LANGUAGES"],
        products=[(each, product_form(each)) for each in _products(one)], blank=product_form(NEW_PRODUCT),
        photos=session.scalars(_photos(one)).all(),
        troubles=len(session.scalars(select(Trouble.id).where(Trouble.exhibitor == one.id, ~Trouble.solved)).all()),
        booths=session.scalars(select(Booth.code).where(Booth.exhibitor == one.id, ~Booth.deleted)).all(),
        card=card_state(session, one.id) if one.id else None, gettext=gettext,
        communes=sorted(each.names["fr"] for each in communes().values()), **_choices(),
    )  # fmt: skip


def _photos(one: Exhibitor) -> Select[Photo]:
    return select(Photo).where(Photo.exhibitor == one.id, ~Photo.deleted).order_by(Photo.position)


def _choices() -> dict[str, Any]:
    session = db.session()
    return {
        "kinds": vocabulary.family("kind"),
        "sectors": {one.code: one.name for one in session.scalars(select(Sector).where(~Sector.deleted))},
        "zones": {one.code: one.name for one in session.scalars(select(Zone).where(~Zone.deleted))},
        "provinces": provinces(),
    }


def _empty() -> dict[str, Any]:
    texts: dict[str, Any] = {name: {} for name in ("name", "about")}
    lists: dict[str, Any] = {name: [] for name in ("phones", "labels", "certifications", "languages", "payment")}
    plain = dict.fromkeys(("number", "kind", "sector", "zone", "province", "commune", "commune_text", "note"), "")
    return {**texts, **lists, **plain, "women_led": False, "withdrawn": False, "deleted": False}


def _products(one: Exhibitor) -> list[Product]:
    query = select(Product).where(Product.exhibitor == one.id, ~Product.deleted, Product.exhibitor != "")
    return list(db.session.scalars(query.order_by(Product.position, Product.id)))


def _exhibitor(code: str) -> Exhibitor:
    return db.session.scalar(select(Exhibitor).where(Exhibitor.code == code.upper())) or abort(404)


def _seen() -> int:
    return int(request.form.get("seen", "0")) if request.form.get("seen", "0").isdecimal() else 0


def _filters() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("q", "sector", "zone", "state", "missing", "sort", "page")}
