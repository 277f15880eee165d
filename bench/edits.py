"""Edits a second, beside a bare INSERT of the same bytes; bytes of what changed, beside zstd of the same records."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, select, text

from companion import create_app
from companion.extensions import db
from companion.models import Exhibitor
from companion.sync.edits import Author, Change
from companion.sync.log import name_node, write
from tests.conftest import close
from tests.postgres import postgres_server
from tests.visitors import make_request

EDITOR = Author("bench", "editor")
POSTS = {1: 300, 50: 40}
"""How many POSTs of so many edits each."""

EXHIBITORS = [f"B{number:03}" for number in range(100)]


def measure() -> list[str]:
    """Return the lines of the table; databases in a temporary folder, PostgreSQL without fsync as the tests have it."""
    lines = []
    with tempfile.TemporaryDirectory() as name, postgres_server() as socket:
        folder = Path(name)
        with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        urls = {"SQLite": f"sqlite:///{folder / 'bench.sqlite'}",
                "PostgreSQL": f"postgresql+psycopg://postgres@/bench?host={socket}"}  # fmt: skip
        for engine, url in urls.items():
            with running(url, folder / engine) as app:
                prepare(app)
                lines += [speed(app, engine, size, posts) for size, posts in POSTS.items()]
        with running("", folder / "demo") as app:
            app.test_cli_runner().invoke(args=["prepare"])
            lines += [bytes_of_changes(app, count) for count in (1, 10, 50)]
    return lines


@contextmanager
def running(url: str, folder: Path) -> Iterator[Flask]:
    """The app on this database, without its limits: nobody is kept waiting here."""
    app = create_app({"COMPANION_DATABASE_URL": url}, folder)
    app.config["RATELIMIT_ENABLED"] = False
    yield app
    close(app)


def prepare(app: Flask) -> None:
    """A fair of a hundred exhibitors, and the table of the bare INSERT."""
    with app.app_context():
        upgrade()
        name_node(db.session(), "bench")
        write(db.session(), [Change("exhibitor", str(uuid4()), {"code": code}) for code in EXHIBITORS], EDITOR)
        db.session.commit()
        db.session.execute(text("CREATE TABLE bare (body TEXT)"))
        db.session.commit()


def speed(app: Flask, engine: str, size: int, posts: int) -> str:
    """The line of one batch size: the app's answer to a POST, without a network, and INSERT and COMMIT alone."""
    client = app.test_client()
    batches = [[make_request(exhibitor=EXHIBITORS[(n + at) % 100]) for at in range(size)] for n in range(posts)]

    def send(batch: list[dict[str, Any]]) -> None:
        outcomes = client.post("/api/edits", json={"edits": batch}).json["outcomes"]
        assert {outcome["state"] for outcome in outcomes} == {"applied"}

    with app.app_context():
        insert = inserting(db.engine)
        ours, bare = (size * posts / timed(work, batches) for work in (send, insert))
    return (
        f"{engine + ':':11} {size:2} edits a POST        {ours:6.0f} edits/s   "
        f"{ours / bare:4.2f} x a bare INSERT of the same bytes ({bare:.0f} /s)"
    )


def inserting(engine: Engine) -> Callable[[list[dict[str, Any]]], None]:
    """Return a function that writes a batch as text and commits."""

    def insert(batch: list[dict[str, Any]]) -> None:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO bare VALUES (:body)"), [{"body": json.dumps(edit)} for edit in batch])

    return insert


def timed(work: Callable[[list[dict[str, Any]]], None], batches: list[list[dict[str, Any]]]) -> float:
    """Seconds for all batches."""
    start = time.perf_counter()
    for batch in batches:
        work(batch)
    return time.perf_counter() - start


def bytes_of_changes(app: Flask, count: int) -> str:
    """The line of so many changed exhibitors: what a phone is sent, and the same records as JSON through zstd."""
    client = app.test_client()
    before = client.get("/api/catalogue").json["seq"]
    with app.app_context():
        rows = db.session.scalars(select(Exhibitor).order_by(Exhibitor.code).limit(count)).all()
        write(db.session(), [Change("exhibitor", row.id, {"members": (row.members or 0) + 1}) for row in rows], EDITOR)
        db.session.commit()
    address = f"/api/catalogue/changes?since={before}"
    sent = len(client.get(address, headers={"Accept-Encoding": "br"}).data)
    records = client.get(address).json["exhibitors"]["changed"]
    assert len(records) == count
    plain = json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()
    zstd = shutil.which("zstd")
    if zstd is None:
        return f"changes?since= of {count:2} records      {sent:6} bytes   (no zstd here to compare with)"
    packed = len(subprocess.run([zstd, "-19", "-c"], input=plain, capture_output=True, check=True).stdout)
    return f"changes?since= of {count:2} records      {sent:6} bytes   {sent / packed:4.2f} x zstd-19 ({packed})"


def main() -> None:
    print("\n".join(measure()))


if __name__ == "__main__":
    main()
