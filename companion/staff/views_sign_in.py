"""Signing in and out, and the language of the area."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts.sessions import end_session, start_session
from companion.extensions import db
from companion.models import ROLES
from companion.staff.area import for_anybody, for_roles, staff


@staff.get("/sign-in")
@for_anybody
def sign_in_form() -> str:
    """The form."""
    return render_template("staff/sign_in.html", name="", wrong=False)


@staff.post("/sign-in")
@for_anybody
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
@for_roles(*ROLES)
def sign_out() -> AnyResponse:
    """End this session here and in the database."""
    end_session(db.session(), current_user.get_id())
    db.session.commit()
    logout_user()
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
