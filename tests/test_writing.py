"""Staff's forms while others write: nothing answers 500, what was typed is kept, readers are not held up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text, update

from companion import create_app, writing
from companion.accounts import people
from companion.accounts.people import add_staff
from companion.extensions import db, prepare_sqlite
from companion.models import Staff, StaffSession
from companion.upkeep import writable
from tests.busy import another, locked, somebody_writes
from tests.conftest import close

PASSWORD = "trois mots à moi"


@pytest.fixture
def on_postgres(tmp_path: Path, demo_on_postgres: Callable[[], str]) -> Iterator[Flask]:
    """The demo fair on PostgreSQL, with the administrator Zahra."""
    app = create_app({"COMPANION_DATABASE_URL": demo_on_postgres()}, tmp_path / "postgres")
    with app.app_context():
        add_staff(db.session(), "Zahra", "administrator", PASSWORD)
        db.session.commit()
    yield app
    close(app)


def signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert client.post("/staff/sign-in", data={"name": "Zahra", "password": PASSWORD}).status_code in (302, 303)
    return client


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    """The browser of an administrator who is signed in."""
    with app.app_context():
        add_staff(db.session(), "Zahra", "administrator", PASSWORD)
        db.session.commit()
    client = app.test_client()
    assert client.post("/staff/sign-in", data={"name": "Zahra", "password": PASSWORD}).status_code in (302, 303)
    return client


def test_account_forms_are_taken_while_others_write(app: Flask, office: FlaskClient) -> None:
    old, new = PASSWORD, "encore trois mots"
    with somebody_writes(app.config["SQLALCHEMY_DATABASE_URI"]):
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
    with locked(app.config["SQLALCHEMY_DATABASE_URI"]):
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
    with locked(app.config["SQLALCHEMY_DATABASE_URI"]):
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

    with locked(app.config["SQLALCHEMY_DATABASE_URI"]):
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


def test_health_says_when_the_lock_is_held_for_long(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moment's wait is no fault; a lock that nobody got since the question before is."""
    monkeypatch.setattr(writable, "HELD", 0.5)
    monkeypatch.setattr(writing.missed, "since", None)
    assert client.get("/healthz").status_code == 200
    with locked(app.config["SQLALCHEMY_DATABASE_URI"]):
        assert client.get("/healthz").status_code == 200
        while time.monotonic() - (writing.missed.since or time.monotonic()) < 0.5:
            time.sleep(0.05)
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert "database is locked" in answer.json["message"]
    assert client.get("/healthz").status_code == 200
    assert writing.missed.since is None


def test_health_asks_for_no_seat(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who wait to write do not make the server ill."""
    monkeypatch.setattr(writing, "_seats", threading.BoundedSemaphore(1))
    monkeypatch.setattr(writing.missed, "since", None)
    with writing._seats:
        assert client.get("/healthz").status_code == 200


def test_health_says_when_the_file_is_read_only(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        file = Path(str(db.engine.url.database))
    file.chmod(0o400)
    answer = client.get("/healthz")
    file.chmod(0o600)
    assert answer.status_code == 503
    assert f"{file} is read-only" in answer.json["message"]
    assert f"{file} is read-only" in caplog.text


def test_health_says_when_the_disk_is_full(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writable, "LEAST_FREE", 10**18)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "the disk is full" in answer.json["message"]


def test_reading_needs_no_lock(app: Flask, office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page would note beside, that a session or a device was seen, is left out."""
    monkeypatch.setattr(writing, "NOTES_PATIENCE", 20)
    with app.app_context():
        db.session.execute(
            update(StaffSession).values(seen=f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}")
        )
        db.session.commit()
    with locked(app.config["SQLALCHEMY_DATABASE_URI"]):
        for address in ("/staff/", "/staff/nodes", "/api/records"):
            assert office.get(address, headers={"Rafiq-Device": "- 3 -"}).status_code == 200


def test_two_who_add_the_same_name_at_once(on_postgres: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find the name free; the second to commit is told that it is taken."""
    hashed, both = people.hashed, threading.Barrier(2)
    firsts = iter([True, True])

    def hashed_together(password: str) -> str:
        if next(firsts, False):
            both.wait(60)
        return hashed(password)

    browsers = [signed_in(on_postgres), signed_in(on_postgres)]
    monkeypatch.setattr(people, "hashed", hashed_together)
    answers: list[Any] = []

    def add(client: FlaskClient) -> None:
        answers.append(client.post("/staff/people", data={"name": "Amina", "role": "editor"}))

    threads = [threading.Thread(target=add, args=(client,)) for client in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    told = next(answer.text for answer in answers if answer.status_code == 422)
    assert "a déjà ce nom" in told


def test_somebody_removed_meanwhile_is_not_there(on_postgres: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_postgres.app_context():
        add_staff(db.session(), "Amina", "editor", PASSWORD)
        db.session.commit()
        amina = db.session.scalar(select(Staff.id).where(Staff.name == "Amina"))
    client, hashed = signed_in(on_postgres), people.hashed

    def hashed_while_another_removes(password: str) -> str:
        with another(on_postgres.config["SQLALCHEMY_DATABASE_URI"]) as engine, engine.begin() as connection:
            connection.execute(text(f"DELETE FROM staff WHERE id = {amina}"))
        return hashed(password)

    monkeypatch.setattr(people, "hashed", hashed_while_another_removes)
    assert client.post(f"/staff/people/{amina}/reset").status_code == 404


def test_postgres_refuses_a_stale_transaction_and_the_act_is_done_again(
    on_postgres: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLSTATE 40001, where the database isolates transactions more than by default."""
    url = on_postgres.config["SQLALCHEMY_DATABASE_URI"]
    strict = create_app(
        {"COMPANION_DATABASE_URL": f"{url}&options=-c%20default_transaction_isolation%3Dserializable"},
        tmp_path / "strict",
    )
    client, hashed, others, runs = signed_in(strict), people.hashed, iter([True]), []

    def hashed_while_another_writes(password: str) -> str:
        runs.append(password)
        if next(others, False):
            with another(on_postgres.config["SQLALCHEMY_DATABASE_URI"]) as engine, engine.begin() as connection:
                connection.execute(text("UPDATE staff SET role = role WHERE name = 'Zahra'"))
        return hashed(password)

    monkeypatch.setattr("companion.staff.views_account.hashed", hashed_while_another_writes)
    answer = client.post("/staff/account/password", data={"password": PASSWORD, "new": "encore trois mots"})
    assert answer.status_code == 303
    assert runs == ["encore trois mots"] * 2
    close(strict)


def test_postgres_ends_a_deadlock_and_the_act_is_done_again(on_postgres: Flask) -> None:
    """SQLSTATE 40P01: this request holds one row and wants the other's, who wants ours and is not the one to be ended."""
    held, wanted, runs = threading.Event(), threading.Event(), []

    @on_postgres.post("/api/both")
    def both() -> str:
        runs.append(1)
        db.session.execute(text("UPDATE staff SET role = role WHERE name = 'Zahra'"))
        held.set()
        wanted.wait(60)
        db.session.execute(text("UPDATE log_head SET seq = seq"))
        db.session.commit()
        return "done"

    def other() -> None:
        with another(on_postgres.config["SQLALCHEMY_DATABASE_URI"]) as engine, engine.begin() as connection:
            connection.execute(text("SET LOCAL deadlock_timeout = '1h'"))
            connection.execute(text("UPDATE log_head SET seq = seq"))
            held.wait(60)
            wanted.set()
            connection.execute(text("UPDATE staff SET role = role WHERE name = 'Zahra'"))

    thread = threading.Thread(target=other)
    thread.start()
    answer = on_postgres.test_client().post("/api/both")
    thread.join()
    assert (answer.status_code, answer.text, len(runs)) == (200, "done", 2)


def test_postgres_waits_for_a_lock_no_longer_than_is_patient(
    on_postgres: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(on_postgres)
    monkeypatch.setattr(writing, "PATIENCE", 50)
    monkeypatch.setattr(writable, "HELD", 0.0)
    with locked(on_postgres.config["SQLALCHEMY_DATABASE_URI"]):
        answer = client.post("/staff/people", data={"name": "Amina", "role": "editor"})
        assert answer.status_code == 503
        assert '<input type="hidden" name="name" value="Amina">' in answer.text
        assert client.get("/staff/people").status_code == 200
        assert client.get("/healthz").status_code == 503
    assert client.post("/staff/people", data={"name": "Amina", "role": "editor"}).status_code == 200
