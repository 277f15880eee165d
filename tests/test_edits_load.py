"""Two hundred phones send their outboxes at once to four workers: everything arrives, once, and nobody is refused."""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from companion import create_app
from companion.extensions import db
from companion.models import LogEntry, LogHead, Request, Tally
from companion.sync.log import name_node
from tests.conftest import close
from tests.serving import ROOT, command, free_port, wait_for_port
from tests.visitors import make_request, make_tally, open_fair

PHONES, TALLIES, WORKERS = 200, 4, 4


@pytest.fixture
def port(database_url: str, tmp_path: Path) -> Iterator[int]:
    """Four workers on a fair with one exhibitor."""
    environ = {"COMPANION_DATABASE_URL": database_url}
    app = create_app(environ, tmp_path)
    with app.app_context():
        upgrade()
        name_node(db.session(), "cloud")
        open_fair(db.session())
    close(app)
    port = free_port()
    server = subprocess.Popen(
        command(port, WORKERS), cwd=ROOT, env=os.environ | environ | {"RAFIQ_FOLDER": str(tmp_path)},
    )  # fmt: skip
    try:
        wait_for_port(port, server)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def post(port: int, body: dict[str, Any]) -> tuple[int, Any]:
    """Send as a phone does: again when the server says that it is busy."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/api/edits", json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        found = (answer.status, json.loads(answer.read()))
        connection.close()
        if answer.status != 503:
            return found
        time.sleep(int(answer.headers["Retry-After"]))


def test_two_hundred_outboxes_at_once(port: int, database_url: str, tmp_path: Path) -> None:
    together = threading.Barrier(PHONES)

    def phone(number: int) -> tuple[list[int], list[str], list[str]]:
        """Send an outbox in two parts; now and then the answer is lost on the way and the part is sent again."""
        dice = random.Random(number)
        outbox = [make_request(name=f"Phone {number}"), *(make_tally() for _ in range(TALLIES))]
        statuses, states = [], []
        together.wait(60)
        for part in (outbox[:2], outbox[2:]):
            for _ in range(2 if dice.random() < 0.3 else 1):
                status, answer = post(port, {"device": f"phone-of-number-{number}", "edits": part})
                statuses.append(status)
            assert [outcome["id"] for outcome in answer["outcomes"]] == [edit["id"] for edit in part]
            states += [outcome["state"] for outcome in answer["outcomes"]]
        return statuses, states, [edit["id"] for edit in outbox]

    with ThreadPoolExecutor(PHONES) as pool:
        told = list(pool.map(phone, range(PHONES)))
    assert {status for statuses, _, _ in told for status in statuses} == {200}
    assert {state for _, states, _ in told for state in states} == {"applied", "duplicate"}

    app = create_app({"COMPANION_DATABASE_URL": database_url}, tmp_path)
    with app.app_context():
        head = db.session.get_one(LogHead, 1)
        entries = db.session.execute(select(LogEntry.seq, LogEntry.id).order_by(LogEntry.seq)).all()
        assert [seq for seq, _ in entries] == list(range(1, head.seq + 1))
        sent = [edit for _, _, outbox in told for edit in outbox]
        assert sorted(edit for _, edit in entries[2:]) == sorted(sent)
        names = db.session.scalars(select(Request.name)).all()
        assert sorted(names) == sorted(f"Phone {number}" for number in range(PHONES))
        assert len(db.session.scalars(select(Tally.id)).all()) == PHONES * TALLIES
    close(app)
