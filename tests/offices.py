"""People of the office for tests: signed in, with a role."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff

PASSWORD = "a-long-enough-password"


def add(session: Session, name: str, role: str, *, temporary: bool = False) -> None:
    """Add somebody whose password is `PASSWORD`."""
    add_staff(session, name, role, PASSWORD, temporary=temporary)
    session.commit()


def signed_in(app: Flask, session: Session, role: str, name: str = "") -> FlaskClient:
    """Return the browser of somebody new with this role."""
    name = name or f"the {role}"
    add(session, name, role)
    client = app.test_client()
    answer = client.post("/staff/sign-in", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client
