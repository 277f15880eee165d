"""What errors say in logs: never what rows hold."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from companion import create_app
from companion.extensions import db
from companion.models import Base, Request, Staff
from companion.sync.edits import Edit
from tests.conftest import close
from tests.offices import PASSWORD, add

SECRET = "Fatima-$argon2id$v=19"
"""In the place of a name or the hash of a password."""


@pytest.fixture
def empty_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app({"COMPANION_DATABASE_URL": database_url}, tmp_path / "instance")
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
    close(app)


def twice(session: Session) -> None:
    for _ in range(2):
        session.add(Staff(name=SECRET, role="editor", password=SECRET))
        session.flush()


def without_a_value(session: Session) -> None:
    session.execute(text("INSERT INTO staff (id, name, password) VALUES (1, :secret, :secret)"), {"secret": SECRET})


def of_another_type(session: Session) -> None:
    session.execute(text("SELECT CAST(:secret AS integer) + nothing FROM staff"), {"secret": SECRET})


def read_as_a_number(session: Session) -> None:
    session.execute(text("SELECT CAST(:secret AS integer)"), {"secret": SECRET})
    raise SQLAlchemyError  # SQLite reads it as 0


def too_long(session: Session) -> None:
    session.add(Request(id="1", name=SECRET * 50, phone=SECRET * 5))
    session.flush()
    raise SQLAlchemyError  # SQLite has no lengths


def nothing_there(session: Session) -> None:
    session.execute(text("DROP TABLE staff_session"))
    session.execute(text("DELETE FROM staff_session WHERE id = :secret"), {"secret": SECRET})


def of_no_type_at_all(session: Session) -> None:
    session.add(Staff(name=SECRET, role="editor", password={"hash": SECRET}))
    session.flush()


@pytest.mark.parametrize(
    "fail", [twice, without_a_value, of_another_type, read_as_a_number, too_long, nothing_there, of_no_type_at_all]
)
def test_errors_of_the_database_name_no_values(empty_app: Flask, fail: Callable[[Session], None]) -> None:
    with pytest.raises(SQLAlchemyError) as raised:
        fail(db.session())
    db.session.rollback()
    assert SECRET not in "".join(traceback.format_exception(raised.value)), raised.value


def test_sign_in_that_breaks_logs_neither_name_nor_hash(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    add(session, "amina", "editor")
    hashed = session.query(Staff.password).filter_by(name="amina").scalar()
    session.execute(text("DROP TABLE staff_session"))
    session.commit()
    session.close()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().post("/staff/sign-in", data={"name": "amina", "password": PASSWORD})
    assert answer.status_code == 503
    assert "staff_session" in caplog.text
    assert hashed not in caplog.text
    assert "amina" not in caplog.text


def test_edits_that_cannot_be_read_are_not_quoted() -> None:
    with pytest.raises(ValueError, match="id") as raised:
        Edit.model_validate({"id": SECRET, "kind": "request", "fields": {"name": SECRET}})
    assert SECRET not in str(raised.value)
