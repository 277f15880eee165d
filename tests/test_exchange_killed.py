"""Real processes, SQLite calling PostgreSQL, killed with SIGKILL in the middle: the next ones go on and all is there once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from companion import create_app
from companion.extensions import db
from companion.models import Base, LogEntry, LogHead
from companion.nodes.peers import add_node
from companion.sync.edits import Change
from companion.sync.log import name_node, write
from tests.conftest import close
from tests.serving import APP, ROOT, command, free_port, wait_for_port
from tests.test_sync_log import EDITOR

EDITS = 1050
"""On each side: three pages each way."""

KILLS = 2


def begin(app: Flask, name: str) -> None:
    with app.app_context():
        Base.metadata.create_all(db.engine)
        name_node(db.session(), name)
        changes = [Change("exhibitor", str(uuid4()), {"members": n, "name.fr": f"{name} {n}"}) for n in range(EDITS)]
        write(db.session(), changes, EDITOR)
        db.session.commit()


def counts(apps: dict[str, Flask]) -> list[int]:
    found = []
    for app in apps.values():
        with app.app_context():
            found.append(db.session.scalars(select(LogHead.seq)).one())
    return found


def log_of(app: Flask) -> dict[str, tuple[str, str]]:
    with app.app_context():
        entries = db.session.execute(select(LogEntry.seq, LogEntry.id, LogEntry.author, LogEntry.stamp)).all()
        assert sorted(entry.seq for entry in entries) == list(range(1, db.session.get_one(LogHead, 1).seq + 1))
        return {entry.id: (entry.author, entry.stamp) for entry in entries}


def test_sigkill_on_both_sides(new_database: Callable[[str], str], tmp_path: Path) -> None:
    urls = {"cloud": new_database("postgresql"), "site": new_database("sqlite")}
    apps = {name: create_app({"COMPANION_DATABASE_URL": url}, tmp_path) for name, url in urls.items()}
    for name, app in apps.items():
        begin(app, name)
    port, dice = free_port(), random.Random(7)
    with apps["cloud"].app_context():
        key = add_node(db.session(), "site")
        db.session.commit()
    with apps["site"].app_context():
        add_node(db.session(), "cloud", f"http://127.0.0.1:{port}", key)
        db.session.commit()
    environ = os.environ | {"RAFIQ_FOLDER": str(tmp_path)}

    def serve() -> subprocess.Popen[bytes]:
        server = subprocess.Popen(
            command(port), cwd=ROOT, env=environ | {"COMPANION_DATABASE_URL": urls["cloud"]}, start_new_session=True
        )
        wait_for_port(port, server)
        return server

    def exchange() -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "flask", "--app", APP, "sync", "exchange"]
        return subprocess.Popen(
            words, cwd=ROOT, env=environ | {"COMPANION_DATABASE_URL": urls["site"]}, stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    server, before = serve(), counts(apps)
    try:
        for kill in range(KILLS):
            caller = exchange()
            while caller.poll() is None and counts(apps) == before:
                time.sleep(0.02)
            time.sleep(dice.random() * 0.2)
            before = counts(apps)
            if kill % 2:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
                caller.wait(60)
                server = serve()
            else:
                caller.kill()
                caller.wait()
        assert exchange().wait(120) == 0
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    assert log_of(apps["cloud"]) == log_of(apps["site"])
    assert len(log_of(apps["site"])) == 2 * EDITS
    for app in apps.values():
        close(app)
