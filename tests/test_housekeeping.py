"""Files in the instance folder: those of one fair's database, and how long they are kept."""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from companion import create_app
from companion.accounts.people import add_staff
from companion.extensions import db
from companion.printing import orders
from companion.settings import database_folder
from companion.upkeep import housekeeping
from tests.conftest import close

LIST = "N°;Nom\n1;Coopérative Amal;trop\n".encode()


@contextmanager
def fair(instance: Path, url: str) -> Iterator[tuple[Flask, FlaskClient]]:
    """A fair in a database of its own, served from the same instance folder, with an editor signed in."""
    app = create_app({"COMPANION_DATABASE_URL": url}, instance)
    assert app.test_cli_runner().invoke(args=["prepare", "--empty"]).exit_code == 0
    with app.app_context():
        password = add_staff(db.session(), "zineb", "administrator")
        db.session.commit()
    client = app.test_client()
    client.post("/staff/sign-in", data={"name": "zineb", "password": password})
    yield app, client
    close(app)


def test_two_fairs_of_one_checkout_see_nothing_of_each_other(
    demo_instance: Path, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    instance = Path(shutil.copytree(demo_instance, tmp_path / "instance"))
    with (
        fair(instance, new_database("sqlite")) as (_one, here),
        fair(instance, new_database("postgresql")) as (_other, there),
    ):
        page = here.post("/staff/import", data={"file": (io.BytesIO(LIST), "invitations.csv")}).headers["Location"]
        here.post(f"{page}/try")
        seen = {client: client.get("/staff/").get_data(as_text=True) for client in (here, there)}
        assert ("invitations.csv" in seen[here], "invitations.csv" in seen[there]) == (True, False)
        assert (here.get(page).status_code, there.get(page).status_code) == (200, 404)


def test_an_order_is_the_fairs_where_it_was_placed(
    app: Flask, tmp_path: Path, new_database: Callable[[str], str]
) -> None:
    [home] = placed(app.config["DATABASE_FOLDER"] / "orders", time.time())
    assert orders.look(home.parent, home.name, "staff:zineb") is not None
    other = create_app({"COMPANION_DATABASE_URL": new_database("sqlite")}, Path(app.instance_path))
    assert orders.look(other.config["DATABASE_FOLDER"] / "orders", home.name, "staff:zineb") is None
    close(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgresql+psycopg://a:b@host/fair", "postgresql+psycopg://c:d@host/fair", True),
        ("postgresql+psycopg://a:b@host/fair", "postgresql+psycopg://a:b@host/fair2", False),
        ("postgresql+psycopg://a:b@host/fair", "postgresql+psycopg://a:b@host2/fair", False),
        ("postgresql+psycopg://a:b@host:5433/fair", "postgresql+psycopg://a:b@host:5434/fair", False),
        ("sqlite:////srv/one.sqlite", "sqlite:////srv/two.sqlite", False),
        ("sqlite:////srv/one.sqlite", "sqlite:////srv/../srv/one.sqlite", True),
    ],
)
def test_a_folder_is_one_databases(one: str, other: str, *, same: bool) -> None:
    folders = {database_folder(Path("instance"), make_url(url)) for url in (one, other)}
    assert (len(folders) == 1) is same


def placed(folder: Path, *started: float) -> list[Path]:
    """Orders of access cards that began at these times, finished and with their pictures drawn just now."""
    homes = []
    for number, when in enumerate(started):
        home = folder / f"order-{number:010}"
        home.mkdir(parents=True)
        order = orders.Order("staff:zineb", "access", "access.pdf", [], when, "done", pages=1)
        (home / "order.json").write_text(json.dumps(vars(order)))
        (home / "access.pdf").write_bytes(b"%PDF secret")
        homes.append(home)
    return homes


def test_an_order_that_is_over_is_nobodys(app: Flask) -> None:
    now = time.time()
    fine, over, ahead = placed(app.config["DATABASE_FOLDER"] / "orders", now - 3500, now - 3700, now + 86400)
    looked = [orders.look(one.parent, one.name, "staff:zineb") is not None for one in (fine, over, ahead)]
    assert looked == [True, False, False]


def test_papers_and_lists_go_when_their_time_is_over_though_nobody_asks(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance, now = Path(app.instance_path), time.time()
    theirs = instance / "databases/0123456789ab"
    folders = [app.config["DATABASE_FOLDER"], theirs, instance]
    homes = [home for folder in folders for home in placed(folder / "orders", now - 10, now - 3700)]
    (theirs / "orders/torn").mkdir()
    for folder in folders:
        (folder / "imports").mkdir(exist_ok=True)
        for name, age in (("new.csv", 60), ("old.csv", 25 * 3600)):
            (folder / "imports" / name).write_bytes(b"0661")
            os.utime(folder / "imports" / name, (now - age, now - age))
    os.utime(theirs / "orders/torn", (1, 1))
    monkeypatch.setattr(housekeeping, "EVERY", 0.01)
    app.__rsgi_init__(None)  # type: ignore[attr-defined]
    deadline = time.monotonic() + 60
    left = [home for home in homes if home.name.endswith("0")]
    while [home for home in homes if home.exists()] != left or list(instance.rglob("old.csv")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert len(list(instance.rglob("new.csv"))) == 3 and not (theirs / "orders/torn").exists()


@pytest.mark.parametrize("command", ["retention", "serve"])
def test_a_start_and_the_nightly_job_remove_what_is_over(app: Flask, command: str) -> None:
    [home] = placed(app.config["DATABASE_FOLDER"] / "orders", time.time() - 3700)
    again = create_app({}, Path(app.instance_path))
    if command == "retention":
        again.test_cli_runner().invoke(args=[command])
    assert not home.exists()
    close(again)


def test_a_database_made_or_brought_back_anew_has_no_lists_of_the_one_before(
    demo_instance: Path, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    instance = Path(shutil.copytree(demo_instance, tmp_path / "instance"))
    url, backup = new_database("sqlite"), str(tmp_path / "rafiq.backup")
    for anew in ("restored", "removed"):
        with fair(instance, url) as (app, client):
            page = client.post("/staff/import", data={"file": (io.BytesIO(LIST), "list.csv")}).headers["Location"]
            assert client.get(page).status_code == 200
            if anew == "restored":
                for words in (["backup", backup], ["restore", backup, "--replace"]):
                    assert app.test_cli_runner().invoke(args=words).exit_code == 0
                assert client.get(page).status_code == 404
        Path(make_url(url).database or "").unlink()
    with fair(instance, url) as (_app, client):
        assert client.get(page).status_code == 404
