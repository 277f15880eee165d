"""Who works at the fair, for administrators."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts import people as staff_list
from companion.accounts.sessions import sessions_of
from companion.extensions import db
from companion.models import Staff
from companion.staff.area import for_roles, staff
from companion.staff.words import moment, role_names

Answer = AnyResponse | tuple[str, int] | str


@staff.get("/people")
@for_roles("administrator")
def people() -> str:
    """Everybody, with what there is to do."""
    return _people()


@staff.post("/people")
@for_roles("administrator")
def add_person() -> Answer:
    """Add somebody, and show their first password, once."""
    name, role = request.form.get("name", "").strip(), request.form.get("role", "")
    try:
        password = staff_list.add_staff(db.session(), name, role, temporary=True)
    except ValueError as error:
        return _people(name, role, str(PROBLEMS[str(error)]())), 422
    db.session.commit()
    return render_template("staff/first_sign_in.html", name=name, password=password)


@staff.post("/people/<int:person>/role")
@for_roles("administrator")
def give_role(person: int) -> Answer:
    """Give somebody another role."""
    found = _person(person)
    try:
        staff_list.give_role(db.session(), found, request.form.get("role", ""))
    except ValueError as error:
        return _refused(error)
    db.session.commit()
    return _done(_("%(name)s is now: %(role)s.", name=found.name, role=role_names()[found.role]))


@staff.post("/people/<int:person>/reset")
@for_roles("administrator")
def reset_person(person: int) -> str:
    """Give somebody who is locked out a new first password, and show it, once."""
    found = _person(person)
    password = staff_list.reset(db.session(), found)
    db.session.commit()
    return render_template("staff/first_sign_in.html", name=found.name, password=password)


@staff.post("/people/<int:person>/sign-out")
@for_roles("administrator")
def sign_person_out(person: int) -> AnyResponse:
    """End all sessions of somebody."""
    found = _person(person)
    staff_list.end_sessions(db.session(), found)
    db.session.commit()
    return _done(_("%(name)s is signed out everywhere.", name=found.name))


@staff.post("/people/<int:person>/remove")
@for_roles("administrator")
def remove_person(person: int) -> Answer:
    """Take somebody off the list."""
    found = _person(person)
    name = found.name
    try:
        staff_list.remove(db.session(), found)
    except ValueError as error:
        return _refused(error)
    db.session.commit()
    return _done(_("%(name)s was removed. What they did stays in the log.", name=name))


PROBLEMS = {
    "name_taken": lambda: _("Somebody has this name already. Add a second name."),
    "name_wrong": lambda: _("A name has letters, digits, spaces, dots and hyphens, 60 at most."),
    "role_unknown": lambda: _("Choose a role."),
    "last_administrator": lambda: _("There must be an administrator. Make somebody else one first."),
}


def _people(name: str = "", role: str = "editor", problem: str = "") -> str:
    session = db.session()
    rows = []
    for one in staff_list.everybody(session):
        own = sessions_of(session, one)
        rows.append({"person": one, "seen": moment(session, own[0].seen) if own else "", "sessions": len(own)})
    return render_template("staff/people.html", rows=rows, roles=role_names(), name=name, role=role, problem=problem)


def _person(person: int) -> Staff:
    return db.session.get(Staff, person) or abort(404)


def _refused(error: ValueError) -> Answer:
    return _people(problem=str(PROBLEMS[str(error)]())), 422


def _done(said: str) -> AnyResponse:
    flash(said, "fine")
    return redirect(url_for("staff.people"), 303)
