"""Staff's forms while others write: nothing answers 500, what was typed is kept, readers are not held up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from companion import writing
from companion.accounts import people
from companion.accounts.people import add_staff
from companion.extensions import db, prepare_sqlite
from companion.upkeep import writable

PASSWORD = "trois mots à moi"


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    """The browser of an administrator who is signed in."""
    with app.app_context():
        add_staff(db.session(), "Zahra", "administrator", PASSWORD)
        db.session.commit()
    client = app.test_client()
    assert client.post("/staff/sign-in", data={"name": "Zahra", "password": PASSWORD}).status_code in (302, 303)
    return client


@contextmanager
def somebody_writes(app: Flask) -> Iterator[None]:
    """Write all the time, 20 times a second."""
    over = threading.Event()

    def run() -> None:
        engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        prepare_sqlite(engine)
        while not over.wait(0.05):
            with engine.begin() as connection:
                connection.execute(text("UPDATE log_head SET seq = seq"))
        engine.dispose()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Hold the write lock meanwhile."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    prepare_sqlite(engine)
    with engine.connect() as connection:
        connection.execute(text("UPDATE log_head SET seq = seq"))
        yield
    engine.dispose()


def test_account_forms_are_taken_while_others_write(app: Flask, office: FlaskClient) -> None:
    old, new = PASSWORD, "encore trois mots"
    with somebody_writes(app):
        for _ in range(4):
            answer = office.post("/staff/account/password", data={"password": old, "new": new})
            assert answer.status_code == 303
            old, new = new, old
        for name in ("Amina", "Brahim", "Chaimae"):
            answer = office.post("/staff/people", data={"name": name, "role": "editor"})
            assert answer.status_code == 200


def test_an_act_whose_write_lost_a_race_is_done_once_more_and_once(
    app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    prepare_sqlite(engine)
    hashed, others = people.hashed, iter([True])

    def hashed_while_another_writes(password: str) -> str:
        if next(others, False):
            with engine.begin() as connection:
                connection.execute(text("UPDATE log_head SET seq = seq"))
        return hashed(password)

    monkeypatch.setattr(people, "hashed", hashed_while_another_writes)
    answer = office.post("/staff/people", data={"name": "Amina", "role": "editor"})
    engine.dispose()
    assert answer.status_code == 200
    with app.app_context():
        assert [one.name for one in people.everybody(db.session())].count("Amina") == 1


def test_under_a_held_lock_forms_answer_503_with_what_was_typed(
    app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 50)
    with locked(app):
        answer = office.post("/staff/people", data={"name": "Amina <b>", "role": "editor"})
        assert answer.status_code == 422
        answer = office.post("/staff/people", data={"name": "Amina", "role": "editor"})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert '<input type="hidden" name="name" value="Amina">' in answer.text
    assert office.post("/staff/people", data={"name": "Amina", "role": "editor"}).status_code == 200


def test_passwords_do_not_travel_in_the_page(app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 50)
    with locked(app):
        answer = office.post("/staff/account/password", data={"password": PASSWORD, "new": "encore trois mots"})
    assert answer.status_code == 503
    assert "encore trois mots" not in answer.text
    assert PASSWORD not in answer.text


def test_no_more_threads_wait_than_there_are_seats(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many who write while the lock is held, all but `WAITING` are sent away before the lock's patience is over."""
    monkeypatch.setattr(writing, "PATIENCE", 15_000)
    answers: list[tuple[int, Any]] = []

    def send() -> None:
        answer = app.test_client().post("/api/edits", json={"edits": []})
        answers.append((answer.status_code, answer.headers.get("Retry-After")))

    with locked(app):
        threads = [threading.Thread(target=send) for _ in range(6)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 10
        while len(answers) < 6 - writing.WAITING and time.monotonic() < deadline:
            time.sleep(0.05)
        sent_away = list(answers)
        assert app.test_client().get("/fr/").status_code == 200
    for thread in threads:
        thread.join()
    assert sent_away == [(503, "2")] * 4
    assert sorted(status for status, _ in answers) == [200, 200, 503, 503, 503, 503]


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_health_says_when_the_lock_is_held(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(writing, "PATIENCE", 50)
    with locked(app):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "database is locked" in answer.json["message"]
    assert client.get("/healthz").status_code == 200


def test_health_says_when_the_file_is_read_only(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        file = Path(str(db.engine.url.database))
    file.chmod(0o444)
    answer = client.get("/healthz")
    file.chmod(0o644)
    assert answer.status_code == 503
    assert f"{file} is read-only" in answer.json["message"]
    assert f"{file} is read-only" in caplog.text


def test_health_says_when_the_disk_is_full(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writable, "LEAST_FREE", 10**18)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "the disk is full" in answer.json["message"]
