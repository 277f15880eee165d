"""The programme: a day at a glance, editing a workshop, publishing, cancelling."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from companion.extensions import db
from companion.models import ROLES
from companion.programme.workshops import duplicate, save, settle
from companion.staff.area import OFFICE, for_roles, staff
from companion.staff.pages import done, page, seen, undone
from companion.staff.programme_page import overtaken, problem_in_words, programme_page, workshop_page
from companion.sync.seen import Overtaken, Wrong

STATES: dict[str, dict[str, Any]] = {
    "publish": {"draft": False},
    "draft": {"draft": True},
    "confirm": {"status": "confirmed"},
    "postpone": {"status": "postponed"},
    "cancel": {"status": "cancelled"},
    "erase": {"deleted": True},
}
"""What the buttons of a workshop do to it."""


@staff.get("/programme")
@for_roles(*ROLES)
def programme() -> Response:
    """One day: rooms and hours."""
    return page("staff/programme.html", **programme_page(db.session()))


@staff.get("/programme/new")
@for_roles(*OFFICE)
def workshop_new() -> Response:
    """An empty form."""
    return page("staff/workshop.html", **(workshop_page(db.session(), "") or {}))


@staff.post("/programme/new")
@for_roles(*OFFICE)
def workshop_add() -> Response:
    """Add a workshop."""
    return _save("")


@staff.get("/programme/<code>")
@for_roles(*OFFICE)
def workshop(code: str) -> Response:
    """The form of a workshop."""
    return page("staff/workshop.html", **(workshop_page(db.session(), code) or abort(404)))


@staff.post("/programme/<code>")
@for_roles(*OFFICE)
def workshop_save(code: str) -> Response:
    """Save a workshop."""
    return _save(code)


@staff.post("/programme/<code>/copy")
@for_roles(*OFFICE)
def workshop_copy(code: str) -> Response:
    """Add a draft that says the same."""
    try:
        copy = duplicate(db.session(), current_user.author, code)
    except Wrong:
        abort(404)
    db.session.commit()
    return done(_("%(code)s is a copy, a draft so far.", code=copy.code), "staff.workshop", code=copy.code)


@staff.post("/programme/<code>/state")
@for_roles(*OFFICE)
def workshop_state(code: str) -> Response:
    """Publish a workshop, make it a draft, confirm, postpone, cancel or delete it."""
    fields = STATES.get(request.form.get("do", "")) or abort(400)
    day = request.form.get("day", "")
    try:
        edits = settle(db.session(), current_user.author, seen(), code, fields)
    except Wrong:
        abort(404)
    except Overtaken as by:
        db.session.rollback()
        return page("staff/programme.html", 409, problem=overtaken(by), **programme_page(db.session()))
    db.session.commit()
    return done(_state_in_words(code, fields), "staff.programme", day=day, done=edits[0].act if edits else "")


@staff.post("/programme/undo")
@for_roles(*OFFICE)
def programme_undo() -> Response:
    """Take back what was just done."""
    return undone("staff.programme")


def _save(code: str) -> Response:
    form = request.form.to_dict()
    try:
        one, edits = save(db.session(), current_user.author, seen(), code, form)
    except (Wrong, Overtaken) as why:
        db.session.rollback()
        return _again(code, form, why)
    db.session.commit()
    said = _("%(code)s is saved.", code=one.code) if edits else _("Nothing has changed.")
    return done(said, "staff.programme", day=one.date, done=edits[0].act if edits else "")


def _again(code: str, form: dict[str, str], why: Wrong | Overtaken) -> Response:
    if isinstance(why, Overtaken):
        context, status = workshop_page(db.session(), code, form, problem=overtaken(why)), 409
    else:
        problems = {field: problem_in_words(problem) for field, problem in why.problems.items()}
        said = _("Nothing was saved. Look at what is marked.")
        context, status = workshop_page(db.session(), code, form, problems=problems, problem=said), 422
    return page("staff/workshop.html", status, **(context or abort(404)))


def _state_in_words(code: str, fields: dict[str, Any]) -> str:
    ((name, value),) = fields.items()
    said: dict[tuple[str, Any], str] = {
        ("draft", False): _("%(code)s is published. Phones show it from their next look.", code=code),
        ("draft", True): _("%(code)s is a draft again. Visitors no longer see it.", code=code),
        ("status", "confirmed"): _("%(code)s takes place.", code=code),
        ("status", "postponed"): _("%(code)s is postponed. Phones show it from their next look.", code=code),
        ("status", "cancelled"): _("%(code)s is cancelled. Phones show it from their next look.", code=code),
        ("deleted", True): _("%(code)s is taken out of the programme.", code=code),
    }
    return said[name, value]
