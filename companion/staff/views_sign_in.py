"""Signing in and out, and the language of the area."""

from __future__ import annotations

import hashlib
import secrets
import time
from urllib.parse import urlsplit

from flask import abort, current_app, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts.people import find_staff
from companion.accounts.sessions import end_session, start_session, who
from companion.accounts.totp import use_code
from companion.accounts.tries import KNOWN, forget_tries, try_once
from companion.extensions import address, db
from companion.models import ROLES, Staff
from companion.staff.area import for_anybody, for_roles, staff
from companion.staff.kept import kept_pairs

HALF_WAY = 300
"""Seconds between the password and the code."""

Answer = AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]] | str


@staff.get("/sign-in")
@for_anybody
def sign_in_form() -> str:
    """The form."""
    return _form()


@staff.post("/sign-in")
@for_anybody
def sign_in_answer() -> Answer:
    """Sign in with name and password; a wrong one keeps the name typed."""
    name, place = request.form.get("name", "").strip(), _place()
    wait = try_once(db.session(), name, place)
    if wait:
        return _form(name, too_many(wait)), 429, {"Retry-After": str(wait)}
    person = who(db.session(), name, request.form.get("password", ""))
    if person is None:
        return _form(name, _("Name or password is not right. Check both and try again.")), 401
    if person.codes:
        cookie["half"] = [person.id, int(time.time()), _mark(person)]
        if kept_pairs():
            return _form_for_code()
        return redirect(url_for("staff.sign_in_code", next=request.form.get("next")))
    return _let_in(person, place)


@staff.get("/sign-in/code")
@for_anybody
def sign_in_code() -> Answer:
    """Ask for the code of who gave the right password a moment ago."""
    return _form_for_code() if _half_way() else redirect(url_for("staff.sign_in_form"))


@staff.post("/sign-in/code")
@for_anybody
def sign_in_code_answer() -> Answer:
    """Sign in with a code, or with a recovery code."""
    person, place = _half_way(), _place()
    if person is None:
        return redirect(url_for("staff.sign_in_form", next=request.form.get("next")))
    wait = try_once(db.session(), person.name, place)
    if wait:
        return _form_for_code(too_many(wait)), 429, {"Retry-After": str(wait)}
    if not use_code(person, request.form.get("code", "")):
        return _form_for_code(_("This code is not right, or was used already. Wait for the next one.")), 401
    return _let_in(person, place)


@staff.post("/sign-out")
@for_roles(*ROLES)
def sign_out() -> AnyResponse:
    """End this session here and in the database."""
    end_session(db.session(), current_user.get_id())
    db.session.commit()
    logout_user()
    cookie.clear()
    return redirect(url_for("staff.sign_in_form"))


@staff.post("/language")
@for_anybody
def choose_language() -> AnyResponse:
    """Speak another language from now on, and show the same page again."""
    lang = request.form.get("lang", "")
    if lang not in current_app.config["LANGUAGES"]:
        abort(400)
    before = urlsplit(request.referrer or "")
    back = before._replace(scheme="", netloc="").geturl() if before.netloc == request.host else url_for("staff.home")
    response = redirect(back, 303)
    response.set_cookie("lang", lang, max_age=400 * 86400, samesite="Lax", secure=request.is_secure)
    return response


def next_page(address: str | None) -> str:
    """Return the page of the area that somebody wanted before they were asked to sign in, else the first.

    Whatever might lead a browser out of the area is not followed.
    """
    wanted = address or ""
    inside = wanted.startswith("/staff/") and "/.." not in wanted and not set(wanted) & set("\\\r\n\t")
    return wanted if inside else url_for("staff.home")


def too_many(wait: int) -> str:
    """Say how long to wait after too many tries."""
    return str(_("Too many tries. Try again in %(minutes)s minutes.", minutes=-(-wait // 60)))


def _form(name: str = "", problem: str = "") -> str:
    wanted = request.values.get("next", "")
    kept = request.form.get("kept", "")
    return render_template("staff/sign_in.html", name=name, problem=problem, next=wanted, kept=kept)


def _form_for_code(problem: str = "") -> str:
    wanted, kept = request.values.get("next", ""), request.form.get("kept", "")
    return render_template("staff/sign_in_code.html", problem=problem, next=wanted, kept=kept)


def _half_way() -> Staff | None:
    """Return who gave the right password within the last minutes, in this browser."""
    staff_id, at, mark = cookie.get("half") or (0, 0, "")
    person = db.session.get(Staff, staff_id) if time.time() - at < HALF_WAY else None
    return person if person and person.codes and mark == _mark(person) else None


def _mark(person: Staff) -> str:
    """Changes with the password, so that what was begun with an old one cannot be finished."""
    return hashlib.sha256(person.password.encode()).hexdigest()[:16]


def _let_in(person: Staff, place: str) -> AnyResponse:
    """Start a session that nothing of before is a part of, and remember this browser as one of theirs."""
    end_session(db.session(), str(cookie.get("_user_id", "")))
    forget_tries(db.session(), person.name, place)
    cookie.clear()
    signed_in = start_session(db.session(), person, request.user_agent.string)
    db.session.commit()
    login_user(signed_in)
    wanted, kept = next_page(request.form.get("next")), kept_pairs()
    # Phones are switched off in the hall; in the office others sit at the same computer.
    cookie.permanent = person.role == "floor" or wanted.startswith("/staff/floor")
    response = make_response(render_template("staff/kept.html", next=wanted, kept=kept)) if kept else redirect(wanted)
    known = _serializer().dumps([person.id, secrets.token_urlsafe(12)])
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(
        "known", known, max_age=400 * 86400, path="/staff/", httponly=True, secure=secure, samesite="Lax"
    )
    return response


def _place() -> str:
    """Return where tries of the name typed come from: a browser that signed in as them before, or an address."""
    half_way = _half_way()
    name = request.form.get("name", "") or (half_way.name if half_way else "")
    person = find_staff(db.session(), name.strip())
    try:
        staff_id, browser = _serializer().loads(request.cookies.get("known", ""))
    except (BadSignature, ValueError, TypeError):
        staff_id, browser = 0, ""
    return f"{KNOWN}{browser}" if person and staff_id == person.id else address()


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="known browser")
