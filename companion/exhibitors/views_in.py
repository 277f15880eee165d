"""The way in: a card's address shows a button, and only pressing it signs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, g, jsonify, make_response, redirect, render_template, request, session
from flask_login import current_user, login_user
from limits import parse
from limits.errors import StorageError
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts.access import PhoneIn, enter_typed, enter_with_card
from companion.extensions import address, db, limiter
from companion.languages import LANGUAGES

TYPED = parse("120/minute")
"""Typed sign-ins from one address of which the PIN is looked at: a whole hall in the morning, and few hashes."""

way_in = APIBlueprint("way_in", __name__, enable_openapi=False, url_prefix="/in")


@way_in.get("")
def door() -> Response:
    """The page of a card's address and of the typed sign-in. The secret is behind `#`, which no server sees."""
    chosen = request.args.get("lang", "")
    if chosen in current_app.config["LANGUAGES"]:
        g.lang = chosen
    response = _page("")
    if chosen in current_app.config["LANGUAGES"]:
        response.set_cookie("lang", chosen, max_age=400 * 86400, samesite="Lax", secure=request.is_secure)
    return response


@way_in.post("")
def by_card() -> tuple[Response, int]:
    """Sign a phone in with the secret of a card, sent by the page's script: `{"secret": …}`."""
    sent: Any = request.get_json(silent=True)
    secret = sent.get("secret") if isinstance(sent, dict) else None
    phone = enter_with_card(db.session(), secret, _name()) if isinstance(secret, str) and len(secret) < 100 else None
    if phone is None:
        return jsonify(problem="card"), 401
    db.session.commit()
    _let_in(phone)
    return jsonify(who=phone.author.name, pin=phone.has_pin), 200


@way_in.post("/typed")
def by_booth() -> AnyResponse | tuple[Response, int]:
    """Sign a phone in with the booth's number and the PIN."""
    if not _room(limiter.limiter.test):
        return _page("wait"), 429
    phone = enter_typed(db.session(), request.form.get("booth", ""), request.form.get("pin", ""), _name())
    if phone not in ("wait", "card"):  # those cost no hash
        _room(limiter.limiter.hit)
    if not isinstance(phone, PhoneIn):
        return _page(phone), 401
    _let_in(phone)
    return redirect("/exhibitor/")


def _room(ask: Callable[..., bool]) -> bool:
    try:
        return ask(TYPED, "typed", address())
    except StorageError:
        return True  # as any limit that cannot be counted


def _let_in(phone: PhoneIn) -> None:
    session.permanent = True
    login_user(phone)


def _page(problem: str) -> Response:
    """Answer with the door; nobody keeps it, since it holds what was typed."""
    languages = [LANGUAGES[code] for code in current_app.config["LANGUAGES"]]
    inside = hasattr(current_user, "phone")
    typed = request.form.get("booth", "") or request.args.get("booth", "")
    said = render_template("in.html", problem=problem, booth=typed[:20], languages=languages, inside=inside)
    response = make_response(said)
    response.headers["Cache-Control"] = "no-store"
    return response


def _name() -> str:
    """Return what kind of phone this is, for the list of phones: `Android · Chrome`."""
    agent = request.headers.get("User-Agent", "")
    system = next((name for name in ("Android", "iPhone", "iPad", "Windows", "Mac", "Linux") if name in agent), "")
    browser = next((name for name in ("SamsungBrowser", "Firefox", "Edg", "Chrome", "Safari") if name in agent), "")
    return " · ".join(filter(None, (system, browser.replace("Edg", "Edge"))))
