"""Notices: what is shown now, to whom, until when; writing one with a preview of what visitors see."""

from __future__ import annotations

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from companion.extensions import db
from companion.models import ROLES
from companion.programme.notices import end_now, finish, save
from companion.staff.area import OFFICE, for_roles, staff
from companion.staff.pages import done, page, seen, undone
from companion.staff.programme_page import notice_page, notices_page, overtaken, problem_in_words
from companion.sync.seen import Overtaken, Wrong


@staff.get("/notices")
@for_roles(*ROLES)
def notices() -> Response:
    """All notices, those shown now first."""
    return page("staff/notices.html", **notices_page(db.session()))


@staff.get("/notices/new")
@for_roles(*OFFICE)
def notice_new() -> Response:
    """An empty form."""
    return page("staff/notice.html", **(notice_page(db.session(), "") or {}))


@staff.post("/notices/new")
@for_roles(*OFFICE)
def notice_add() -> Response:
    """Add a notice, or look at it first."""
    return _save("")


@staff.get("/notices/<uuid:own>")
@for_roles(*OFFICE)
def notice(own: object) -> Response:
    """The form of a notice."""
    return page("staff/notice.html", **(notice_page(db.session(), str(own)) or abort(404)))


@staff.post("/notices/<uuid:own>")
@for_roles(*OFFICE)
def notice_save(own: object) -> Response:
    """Save a notice, or look at it first."""
    return _save(str(own))


@staff.post("/notices/<uuid:own>/finish")
@for_roles(*OFFICE)
def notice_finish(own: object) -> Response:
    """End a notice now, or delete it."""
    ends = {"ends": end_now(db.session())} if request.form.get("do") == "end" else {"deleted": True}
    try:
        edits = finish(db.session(), current_user.author, seen(), str(own), ends)
    except Wrong:
        abort(404)
    except Overtaken as by:
        db.session.rollback()
        return page("staff/notices.html", 409, problem=overtaken(by), **notices_page(db.session()))
    db.session.commit()
    said = _("The notice is over.") if "ends" in ends else _("The notice is deleted.")
    return done(said, "staff.notices", done=edits[0].act if edits else "")


@staff.post("/notices/undo")
@for_roles(*OFFICE)
def notices_undo() -> Response:
    """Take back what was just done."""
    return undone("staff.notices")


def _save(own: str) -> Response:
    form = request.form.to_dict()
    if form.pop("do", "") == "preview":
        return page("staff/notice.html", **(notice_page(db.session(), own, form) or abort(404)))
    try:
        _own, edits = save(db.session(), current_user.author, seen(), own, form)
    except (Wrong, Overtaken) as why:
        db.session.rollback()
        return _again(own, form, why)
    db.session.commit()
    said = _("The notice is saved.") if edits else _("Nothing has changed.")
    return done(said, "staff.notices", done=edits[0].act if edits else "")


def _again(own: str, form: dict[str, str], why: Wrong | Overtaken) -> Response:
    if isinstance(why, Overtaken):
        context, status = notice_page(db.session(), own, form, problem=overtaken(why)), 409
    else:
        problems = {field: problem_in_words(problem) for field, problem in why.problems.items()}
        said = _("Nothing was saved. Look at what is marked.")
        context, status = notice_page(db.session(), own, form, problems=problems, problem=said), 422
    return page("staff/notice.html", status, **(context or abort(404)))
