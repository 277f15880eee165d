"""Staff: signing in and out, and the posters they print."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from companion import create_app
from companion.accounts.sessions import add_staff
from companion.models import StaffSession
from tests.conftest import close


@pytest.fixture
def password(session: Session) -> str:
    password = add_staff(session, "amina", "editor")
    session.commit()
    return password


@pytest.fixture
def staff(client: FlaskClient, password: str) -> FlaskClient:
    assert client.post("/staff/sign-in", data={"name": "amina", "password": password}).status_code == 302
    return client


def test_the_area_is_closed(client: FlaskClient) -> None:
    for path in ("/staff/", "/staff/posters", "/staff/print", "/staff/posters/A12.svg"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/staff/sign-in")


def test_the_right_password_opens_it(staff: FlaskClient) -> None:
    assert "amina" in staff.get("/staff/").get_data(as_text=True)


@pytest.mark.parametrize("name", ["amina", "nobody", ""])
def test_a_wrong_password_says_so_and_keeps_the_name(client: FlaskClient, password: str, name: str) -> None:
    answer = client.post("/staff/sign-in", data={"name": name, "password": "guess"})
    assert answer.status_code == 401
    text = answer.get_data(as_text=True)
    assert f'value="{name}"' in text
    assert 'role="alert"' in text


def test_signing_out_ends_the_session_on_the_server(staff: FlaskClient, session: Session) -> None:
    cookie = staff.get_cookie("session").value
    assert staff.post("/staff/sign-out").status_code == 302
    assert session.query(StaffSession).count() == 0
    staff.set_cookie("session", cookie)
    assert staff.get("/staff/").status_code == 302


def test_a_session_ended_in_the_database_is_over(staff: FlaskClient, session: Session) -> None:
    session.query(StaffSession).delete()
    session.commit()
    assert staff.get("/staff/").status_code == 302


def test_behind_https_the_cookie_is_never_sent_without(demo_instance: Path) -> None:
    app = create_app({"COMPANION_BASE_URL": "https://rafiq.example"}, demo_instance)
    assert (app.config["SESSION_COOKIE_SECURE"], app.config["SESSION_COOKIE_HTTPONLY"]) == (True, True)
    close(app)


def test_the_page_of_posters_shows_every_booth(staff: FlaskClient) -> None:
    page = staff.get("/staff/posters").get_data(as_text=True)
    assert page.count('.svg" alt=') == 332
    code = staff.get("/staff/posters/a12.svg")
    assert (code.status_code, code.mimetype) == (200, "image/svg+xml")
    assert staff.get("/staff/posters/Z99.svg").status_code == 404


def test_staff_are_added_and_listed_by_command(app: Flask) -> None:
    runner = app.test_cli_runner()
    added = runner.invoke(args=["staff", "add", "driss", "--role", "floor"])
    assert added.exit_code == 0
    name, _, password = added.output.strip().partition("  ")
    assert (name, len(password)) == ("driss", 14)
    assert runner.invoke(args=["staff", "add", "driss", "--role", "floor"]).exit_code == 1
    assert "driss\tfloor\tfirst password\n" in runner.invoke(args=["staff", "list"]).output
