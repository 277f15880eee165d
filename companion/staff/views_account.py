"""One's own account: password, codes, browsers that are signed in."""

from __future__ import annotations

from base64 import b64encode

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts.passwords import LEAST, MOST, hashed, is_right, problem_with
from companion.accounts.people import end_sessions
from companion.accounts.sessions import end_session_of, sessions_of
from companion.accounts.totp import new_secret, otpauth, turn_off, turn_on
from companion.accounts.tries import forget_tries, try_once
from companion.extensions import db
from companion.models import ROLES, Staff
from companion.printing.codes import qr_svg
from companion.staff.area import for_roles, staff
from companion.staff.views_sign_in import next_page, too_many
from companion.staff.words import moment

Answer = AnyResponse | tuple[str, int] | str


@staff.get("/account")
@for_roles(*ROLES)
def account() -> str:
    """Password, codes and browsers."""
    return _account()


@staff.post("/account/password")
@for_roles(*ROLES)
def change_password() -> Answer:
    """Take a new password and end all other sessions."""
    person: Staff = current_user.staff
    problem = _not_them() or _wrong_password(request.form.get("new", ""), person)
    if problem:
        return _account(password_problem=problem), 422
    _take_password(person)
    flash(_("Your password is changed. All other browsers were signed out."), "fine")
    return redirect(url_for("staff.account"), 303)


@staff.get("/first-password")
@for_roles(*ROLES)
def first_password() -> Answer:
    """Ask for a password that nobody else knows, before anything opens."""
    wanted = request.args.get("next", "")
    return _first() if current_user.staff.temporary else redirect(next_page(wanted))


@staff.post("/first-password")
@for_roles(*ROLES)
def choose_first_password() -> Answer:
    """Take the first password of one's own."""
    person: Staff = current_user.staff
    if not person.temporary:
        abort(403)
    problem = _wrong_password(request.form.get("new", ""), person)
    if problem:
        return _first(problem), 422
    _take_password(person)
    return redirect(next_page(request.form.get("next")), 303)


@staff.get("/account/codes")
@for_roles(*ROLES)
def codes() -> str:
    """Show a new secret as a QR code, and ask for its first code."""
    return _codes(new_secret())


@staff.post("/account/codes")
@for_roles(*ROLES)
def codes_on() -> Answer:
    """Turn codes on, and show the recovery codes, once."""
    secret = request.form.get("secret", "")
    problem = _not_them()
    recovery = [] if problem else turn_on(db.session(), current_user.staff, secret, request.form.get("code", ""))
    if not recovery:
        wrong = problem or _("This code is not right. Is your phone’s clock right?")
        return _codes(secret, wrong), 422
    db.session.commit()
    return render_template("staff/recovery.html", codes=recovery)


@staff.post("/account/codes/off")
@for_roles(*ROLES)
def codes_off() -> Answer:
    """Turn codes off."""
    problem = _not_them()
    if problem:
        return _account(codes_problem=problem), 422
    turn_off(current_user.staff)
    db.session.commit()
    flash(_("Signing in asks for no codes any more."), "fine")
    return redirect(url_for("staff.account"), 303)


@staff.post("/account/sessions")
@for_roles(*ROLES)
def end_own_session() -> AnyResponse:
    """End one of one's own sessions, or all but this one."""
    row = request.form.get("session", "")
    if row:
        end_session_of(db.session(), current_user.staff, row)
    else:
        end_sessions(db.session(), current_user.staff, but=current_user.session_id)
    db.session.commit()
    return redirect(url_for("staff.account"), 303)


PROBLEMS = {
    "short": lambda: _("Use at least %(least)s characters. Three words that belong to nobody are good.", least=LEAST),
    "long": lambda: _("Use at most %(most)s characters.", most=MOST),
    "name": lambda: _("Your name is the first thing somebody would try. Use something else."),
    "same": lambda: _("This is the password you have. Use another one."),
}


def _account(password_problem: str = "", codes_problem: str = "") -> str:
    session = db.session()
    rows = [
        {"id": row.id, "device": row.device, "started": moment(session, row.started), "seen": moment(session, row.seen)}
        for row in sessions_of(session, current_user.staff)
    ]
    return render_template(
        "staff/account.html", rows=rows, mine=current_user.session_id, least=LEAST,
        password_problem=password_problem, codes_problem=codes_problem,
    )  # fmt: skip


def _first(problem: str = "") -> str:
    wanted = request.values.get("next", "")
    return render_template("staff/first_password.html", problem=problem, next=wanted, least=LEAST)


def _codes(secret: str, problem: str = "") -> str:
    try:
        address = otpauth(
            secret, current_user.staff.name, current_app.config["BASE_URL"].partition("://")[2] or "Rafiq"
        )
        picture = b64encode(qr_svg(address).encode()).decode()
    except ValueError:  # a secret that was not made here
        abort(400)
    return render_template("staff/codes.html", secret=secret, picture=picture, problem=problem)


def _not_them() -> str:
    """Say so when the password typed is not that of who is signed in; empty when it is."""
    person: Staff = current_user.staff
    name, place = person.name, f"known:{current_user.session_id[:40]}"
    wait = try_once(db.session(), name, place)
    if wait:
        return too_many(wait)
    if not is_right(request.form.get("password", ""), person.password):
        return str(_("This is not your password."))
    forget_tries(db.session(), name, place)
    return ""


def _wrong_password(new: str, person: Staff) -> str:
    problem = problem_with(new, person.name, person.password)
    return str(PROBLEMS[problem]()) if problem else ""


def _take_password(person: Staff) -> None:
    person.password, person.temporary = hashed(request.form["new"]), False
    end_sessions(db.session(), person, but=current_user.session_id)
    db.session.commit()
