"""The list of who works at the fair, on its page and by command."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Staff
from tests.offices import PASSWORD, add, signed_in


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    for person in session.scalars(select(Staff)):
        session.delete(person)
    session.commit()
    return signed_in(app, session, "administrator", "root")


def staff(session: Session, name: str) -> Staff:
    session.rollback()
    return session.scalars(select(Staff).where(Staff.name == name)).one()


def password_on(page: str) -> str:
    [password] = re.findall(r'class="large">([\w-]+)<', page)
    return password


def test_somebody_is_added_and_chooses_a_password(app: Flask, admin: FlaskClient, session: Session) -> None:
    page = admin.post("/staff/people", data={"name": "فاطمة", "role": "floor"}).get_data(as_text=True)
    assert staff(session, "فاطمة").temporary
    hers = app.test_client()
    assert hers.post("/staff/sign-in", data={"name": "فاطمة", "password": password_on(page)}).status_code == 302
    assert hers.get("/staff/").headers["Location"].startswith("/staff/first-password")
    listed = admin.get("/staff/people").get_data(as_text=True)
    assert "فاطمة" in listed
    assert password_on(page) not in listed


def test_who_cannot_be_added_is_told_why_and_kept(admin: FlaskClient) -> None:
    for name, role in (("ROOT", "editor"), ("<b>", "editor"), ("x", "king")):
        answer = admin.post("/staff/people", data={"name": name, "role": role})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, f'value="{html.escape(name)}"' in page) == (422, True)
        assert 'role="alert"' in page


def test_roles_resets_sessions_and_removal(app: Flask, admin: FlaskClient, session: Session) -> None:
    hers = signed_in(app, session, "editor", "amina")
    person = staff(session, "amina").id
    assert admin.post(f"/staff/people/{person}/role", data={"role": "viewer"}).status_code == 303
    assert staff(session, "amina").role == "viewer"
    assert hers.get("/staff/people").status_code == 403
    assert admin.post(f"/staff/people/{person}/sign-out").status_code == 303
    assert hers.get("/staff/").status_code == 302
    page = admin.post(f"/staff/people/{person}/reset").get_data(as_text=True)
    assert hers.post("/staff/sign-in", data={"name": "amina", "password": PASSWORD}).status_code == 401
    assert hers.post("/staff/sign-in", data={"name": "amina", "password": password_on(page)}).status_code == 302
    assert admin.post(f"/staff/people/{person}/remove").status_code == 303
    assert hers.get("/staff/first-password").status_code == 302
    session.rollback()
    assert session.scalars(select(Staff.name)).all() == ["root"]
    assert admin.post(f"/staff/people/{person}/remove").status_code == 404


def test_the_last_administrator_stays(admin: FlaskClient, session: Session) -> None:
    person = staff(session, "root").id
    assert admin.post(f"/staff/people/{person}/role", data={"role": "viewer"}).status_code == 422
    assert admin.post(f"/staff/people/{person}/remove").status_code == 422
    assert staff(session, "root").role == "administrator"


def test_the_commands_do_the_same(app: Flask, session: Session) -> None:
    runner = app.test_cli_runner()

    def run(*words: str) -> tuple[int, str]:
        result = runner.invoke(args=["staff", *words])
        return result.exit_code, result.output.strip()

    add(session, "driss", "floor")
    assert run("role", "driss", "editor") == (0, "driss  editor")
    assert run("role", "admin", "viewer")[0] == 1
    assert run("role", "nobody", "viewer") == (1, "Error: There is no nobody on the list.")
    code, said = run("reset", "Driss")
    assert (code, staff(session, "driss").temporary) == (0, True)
    assert "driss\teditor\tfirst password" in run("list")[1]
    assert run("add", "driss", "--role", "floor") == (1, "Error: Somebody has this name already.")
    client = app.test_client()
    password = said.partition("  ")[2]
    assert client.post("/staff/sign-in", data={"name": "driss", "password": password}).status_code == 302


def test_make_runs_first_password_must_be_changed(session: Session) -> None:
    assert staff(session, "admin").temporary
