"""Signing in as staff: passwords, codes, tries, sessions; and what must not be possible."""

from __future__ import annotations

import html
import re
import time

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.passwords import is_right
from companion.accounts.totp import new_secret
from companion.accounts.tries import NAME_FROM_PLACE
from companion.models import Staff, StaffSession
from tests.offices import PASSWORD, add, signed_in

AMINA = {"name": "amina", "password": PASSWORD}


def text(answer: object) -> str:
    return html.unescape(answer.get_data(as_text=True))


def opens(client: FlaskClient) -> bool:
    return client.get("/staff/").status_code == 200


def test_after_ten_wrong_passwords_one_waits_even_after_a_restart(app: Flask, session: Session) -> None:
    add(session, "amina", "editor")
    add(session, "driss", "editor")
    stranger = app.test_client()
    for _ in range(NAME_FROM_PLACE):
        assert stranger.post("/staff/sign-in", data=AMINA | {"password": "guess"}).status_code == 401
    answer = stranger.post("/staff/sign-in", data=AMINA)
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 901) == (429, True)
    assert "15 minutes" in text(answer)
    assert app.test_client().post("/staff/sign-in", data=AMINA | {"name": "Amina"}).status_code == 429
    assert app.test_client().post("/staff/sign-in", data=AMINA | {"name": "driss"}).status_code == 302


def test_a_browser_that_signed_in_before_is_not_locked_out_by_guessing_elsewhere(app: Flask, session: Session) -> None:
    hers = signed_in(app, session, "editor", "amina")
    hers.post("/staff/sign-out")
    stranger = app.test_client()
    for _ in range(NAME_FROM_PLACE + 1):
        stranger.post("/staff/sign-in", data=AMINA | {"password": "guess"})
    assert stranger.post("/staff/sign-in", data=AMINA).status_code == 429
    assert hers.post("/staff/sign-in", data=AMINA).status_code == 302
    forged = app.test_client()
    forged.set_cookie("known", "WzEsImFiYyJd.forged", path="/staff/")
    assert forged.post("/staff/sign-in", data=AMINA).status_code == 429


ASIDE = (
    "", "/fr/", "https://evil.example/staff/", "//evil.example/staff/", "/\\evil.example", "javascript:alert(1)",
    "/staff/\\..\\..//evil.example", "/staff/../..//evil.example", "/staff/\r\nLocation: //evil.example",
)  # fmt: skip


def test_what_one_wanted_opens_and_nothing_outside(app: Flask, session: Session) -> None:
    add(session, "amina", "editor")
    client = app.test_client()
    assert client.get("/staff/posters").headers["Location"].endswith("/staff/sign-in?next=%2Fstaff%2Fposters")
    form = client.get("/staff/sign-in", query_string={"next": "/staff/posters"})
    assert 'name="next" value="/staff/posters"' in text(form)
    leads = {
        wanted: client.post("/staff/sign-in", data=AMINA | {"next": wanted}).headers["Location"]
        for wanted in (*ASIDE, "/staff/posters?paper=a4")
    }
    assert leads == dict.fromkeys(ASIDE, "/staff/") | {"/staff/posters?paper=a4": "/staff/posters?paper=a4"}


def test_a_session_begun_by_somebody_else_is_no_way_in(app: Flask, session: Session) -> None:
    """Session fixation: the cookie somebody plants before does not become the one that is signed in."""
    attacker, victim = signed_in(app, session, "viewer", "mallory"), app.test_client()
    add(session, "amina", "administrator")
    planted = attacker.get_cookie("session").value
    victim.set_cookie("session", planted)
    assert victim.post("/staff/sign-in", data=AMINA).status_code == 302
    assert victim.get_cookie("session").value != planted
    assert "amina" in text(victim.get("/staff/account"))
    assert not opens(attacker), "the session that was there before is over"
    names = [row.staff.name for row in session.scalars(select(StaffSession))]
    assert names == ["amina"]


def test_cookies_are_for_the_server_only_and_secure_behind_https(app: Flask, session: Session) -> None:
    add(session, "amina", "editor")
    app.config["SESSION_COOKIE_SECURE"] = True
    answer = app.test_client().post("/staff/sign-in", data=AMINA, base_url="https://rafiq.example")
    cookies = {cookie.partition("=")[0]: cookie for cookie in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"session", "known"}
    for cookie in cookies.values():
        assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_opens_before_the_first_password_is_changed(app: Flask, session: Session) -> None:
    add(session, "amina", "administrator", temporary=True)
    client = app.test_client()
    assert client.post("/staff/sign-in", data=AMINA | {"next": "/staff/posters"}).status_code == 302
    for path in ("/staff/", "/staff/posters", "/staff/account", "/staff/people"):
        assert client.get(path).headers["Location"].startswith("/staff/first-password")
    assert client.get("/api/edits").status_code == 401
    assert client.get("/staff/first-password?next=/staff/posters").status_code == 200
    for wrong in (PASSWORD, "short", "amina-amina"):
        answer = client.post("/staff/first-password", data={"new": wrong})
        assert (answer.status_code, 'aria-invalid="true"' in text(answer)) == (422, True)
    done = client.post("/staff/first-password", data={"new": "three own words", "next": "/staff/posters"})
    assert (done.status_code, done.headers["Location"]) == (303, "/staff/posters")
    assert opens(client)
    assert client.get("/api/edits").status_code == 200
    assert client.post("/staff/first-password", data={"new": "three more words"}).status_code == 403
    assert client.get("/staff/first-password").headers["Location"] == "/staff/"


def test_a_new_password_ends_all_other_sessions(app: Flask, session: Session) -> None:
    laptop = signed_in(app, session, "viewer", "amina")
    tablet = app.test_client()
    tablet.post("/staff/sign-in", data=AMINA)
    wrong = laptop.post("/staff/account/password", data={"password": "no", "new": "three own words"})
    assert (wrong.status_code, opens(tablet)) == (422, True)
    assert laptop.post("/staff/account/password", data={"password": PASSWORD, "new": "short"}).status_code == 422
    data = {"password": PASSWORD, "new": "three own words"}
    assert laptop.post("/staff/account/password", data=data).status_code == 303
    assert (opens(laptop), opens(tablet)) == (True, False)
    assert is_right("three own words", session.scalars(select(Staff.password).where(Staff.name == "amina")).one())


def turn_codes_on(client: FlaskClient) -> tuple[str, list[str]]:
    [secret] = re.findall(r'name="secret" value="(\w+)"', text(client.get("/staff/account/codes")))
    data = {"secret": secret, "code": "000000", "password": PASSWORD}
    assert client.post("/staff/account/codes", data=data).status_code == 422
    data["code"] = pyotp.TOTP(secret).generate_otp(int(time.time()) // 30)
    assert client.post("/staff/account/codes", data=data | {"password": "no"}).status_code == 422
    shown = client.post("/staff/account/codes", data=data)
    return secret, re.findall(r"<li><code>([\w-]+)</code>", text(shown))


def test_a_code_is_asked_for_besides_the_password(app: Flask, session: Session) -> None:
    client = signed_in(app, session, "editor", "amina")
    secret, recovery = turn_codes_on(client)
    assert len(recovery) == 10
    client.post("/staff/sign-out")
    half = client.post("/staff/sign-in", data=AMINA | {"next": "/staff/posters"})
    assert half.headers["Location"] == "/staff/sign-in/code?next=/staff/posters"
    assert not opens(client)
    assert client.post("/staff/sign-in/code", data={"code": "000000"}).status_code == 401
    code = pyotp.TOTP(secret).generate_otp(int(time.time()) // 30 + 1)
    done = client.post("/staff/sign-in/code", data={"code": code, "next": "/staff/posters"})
    assert done.headers["Location"] == "/staff/posters"
    assert opens(client)
    client.post("/staff/sign-out")
    client.post("/staff/sign-in", data=AMINA)
    assert client.post("/staff/sign-in/code", data={"code": code}).status_code == 401, "each code counts once"
    assert client.post("/staff/sign-in/code", data={"code": recovery[0]}).status_code == 302
    assert "9 codes" in text(client.get("/staff/account"))
    assert client.post("/staff/account/codes/off", data={"password": "no"}).status_code == 422
    assert client.post("/staff/account/codes/off", data={"password": PASSWORD}).status_code == 303
    client.post("/staff/sign-out")
    client.post("/staff/sign-in", data=AMINA)
    assert opens(client)


def test_a_code_is_nothing_without_the_password_and_guessing_ends(app: Flask, session: Session) -> None:
    hers = signed_in(app, session, "editor", "amina")
    secret, _ = turn_codes_on(hers)
    stranger = app.test_client()
    code = pyotp.TOTP(secret).generate_otp(int(time.time()) // 30 + 1)
    assert stranger.post("/staff/sign-in/code", data={"code": code}).headers["Location"].startswith("/staff/sign-in")
    assert stranger.get("/staff/sign-in/code").headers["Location"] == "/staff/sign-in"
    stranger.post("/staff/sign-in", data=AMINA)
    answers = [stranger.post("/staff/sign-in/code", data={"code": f"{n:06d}"}).status_code for n in range(12)]
    assert set(answers[:9]) == {401}
    assert answers[-1] == 429
    assert stranger.post("/staff/sign-in/code", data={"code": code}).status_code == 429


def test_sessions_are_listed_and_ended(app: Flask, session: Session) -> None:
    laptop = signed_in(app, session, "floor", "amina")
    other = signed_in(app, session, "floor", "driss")
    phone = app.test_client()
    agent = "Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0 Mobile Safari/537.36"
    phone.post("/staff/sign-in", data=AMINA, headers={"User-Agent": agent})
    page = text(laptop.get("/staff/account"))
    assert "Chrome · Android" in page
    [row] = re.findall(r'name="session" value="(\w+)"', page)
    other.post("/staff/account/sessions", data={"session": row})
    assert opens(phone), "nobody ends the session of another"
    laptop.post("/staff/account/sessions", data={"session": row})
    assert (opens(phone), opens(laptop)) == (False, True)
    phone.post("/staff/sign-in", data=AMINA)
    laptop.post("/staff/account/sessions")
    assert (opens(phone), opens(laptop), opens(other)) == (False, True, True)


def test_a_session_nobody_used_for_a_month_is_over(app: Flask, session: Session) -> None:
    client = signed_in(app, session, "floor", "amina")
    assert opens(client)
    session.query(StaffSession).update({"seen": "2020-01-01T00:00:00Z"})
    session.commit()
    assert not opens(client)


def test_a_phone_of_the_floor_stays_signed_in_when_it_is_switched_off(app: Flask, session: Session) -> None:
    """In the office it ends with the browser: others sit at that computer too."""
    add(session, "amina", "floor")
    add(session, "badr", "editor")

    def lasts(name: str, wanted: str) -> bool:
        typed = {"name": name, "password": PASSWORD, "next": wanted}
        answer = app.test_client().post("/staff/sign-in", data=typed)
        [made] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("session=")]
        return "Expires=" in made

    assert lasts("amina", "/staff/") and lasts("badr", "/staff/floor")
    assert not lasts("badr", "/staff/") and not lasts("badr", "//evil.example/staff/floor")


def test_when_a_session_was_last_used_is_kept(app: Flask, session: Session) -> None:
    client = signed_in(app, session, "floor", "amina")
    an_hour_ago = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    session.query(StaffSession).update({"seen": an_hour_ago})
    session.commit()
    assert opens(client)
    assert session.scalars(select(StaffSession.seen)).one() > an_hour_ago


def test_what_was_typed_while_the_session_ended_is_kept_through_signing_in(app: Flask, session: Session) -> None:
    """In the page and nowhere else; also when a code is asked for, and not for a stranger's form, a file or a password."""
    add(session, "amina", "editor")
    client = app.test_client()
    typed = {"title.fr": 'Chaleur "forte" & vent', "title.ar": "حر", "urgency": "info", "starts": "bad"}
    asked = client.post("/staff/notices/new", data=typed)
    assert (asked.status_code, "Ce que vous avez saisi est gardé." in text(asked)) == (401, True)
    kept = re.search(r'name="kept" value="([^"]*)"', asked.get_data(as_text=True))
    assert kept
    way = AMINA | {"next": "/staff/notices/new", "kept": html.unescape(kept[1])}
    wrong = client.post("/staff/sign-in", data=way | {"password": "wrong"})
    assert (wrong.status_code, kept[0] in wrong.get_data(as_text=True)) == (401, True)
    again = client.post("/staff/sign-in", data=way)
    fields = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', again.get_data(as_text=True))
    assert {name: html.unescape(value) for name, value in fields} == typed
    assert 'action="/staff/notices/new"' in again.get_data(as_text=True)
    form = text(client.post("/staff/notices/new", data=typed))  # wrong as it was, it comes back to be mended
    assert typed["title.fr"] in form

    stranger = app.test_client()
    for more in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Mode": "cors"}):
        assert "kept" not in text(stranger.post("/staff/notices/new", data=typed, headers=more))
    assert "kept" not in text(stranger.post("/staff/account/password", data={"old_password": "secret words"}))
    for nonsense in ("[", "[1]", '{"a": 1}', '"x"'):
        assert app.test_client().post("/staff/sign-in", data=way | {"kept": nonsense}).status_code == 302


def test_what_was_typed_is_kept_when_a_code_is_asked_for_too(app: Flask, session: Session) -> None:
    add(session, "amina", "editor")
    person = session.scalars(select(Staff).where(Staff.name == "amina")).one()
    person.codes = secret = new_secret()
    session.commit()
    client = app.test_client()
    kept = '[["title.fr", "Chaleur"]]'
    asked = client.post("/staff/sign-in", data=AMINA | {"next": "/staff/notices/new", "kept": kept})
    assert (asked.status_code, kept in text(asked), "/staff/sign-in/code" in text(asked)) == (200, True, True)
    code = pyotp.TOTP(secret).generate_otp(int(time.time()) // 30)
    again = client.post("/staff/sign-in/code", data={"code": code, "next": "/staff/notices/new", "kept": kept})
    assert 'name="title.fr" value="Chaleur"' in text(again)
