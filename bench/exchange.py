"""20,000 edits exchanged between two servers: seconds, and bytes beside zstd of the same log; 500 phones at one site server."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask_migrate import upgrade
from sqlalchemy import select

from companion import create_app
from companion.extensions import db
from companion.models import LogEntry
from companion.nodes.exchange import exchange
from companion.nodes.link import HttpLink
from companion.nodes.peers import add_node
from companion.sync.edits import Change, Edit
from companion.sync.log import name_node, write
from tests.conftest import close
from tests.serving import ROOT, command, free_port, wait_for_port
from tests.test_sync_log import EDITOR
from tests.visitors import make_request, make_tally, open_fair

EDITS, RECORDS = 20_000, 2_000
PHONES = 500
WORDS = [
    "miel",
    "argan",
    "tapis",
    "laine",
    "huile",
    "safran",
    "coopérative",
    "femmes",
    "atlas",
    "terroir",
    "noix",
    "tissage",
    "cuir",
    "bois",
]


class Counting(HttpLink):
    """A link that counts the bytes of bodies on the wire, both ways."""

    moved = 0

    def carry(self, method: str, path: str, sent: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        self.moved += len(sent or b"")
        answer = super().carry(method, path, sent, headers)
        self.moved += len(answer)  # unpacked: the answers to a push are a line each
        return answer


def measure() -> list[str]:
    """Return the lines of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [exchanged(folder), phones(folder)]


def exchanged(folder: Path) -> str:
    """One server pushes 20,000 edits to an empty one in another process."""
    port, dice = free_port(), random.Random(1)
    cloud, site = (create_app({"COMPANION_NODE": one}, folder / one) for one in ("cloud", "site"))
    for app, name in ((cloud, "cloud"), (site, "site")):
        with app.app_context():
            upgrade()
            name_node(db.session(), name)
    with cloud.app_context():
        key = add_node(db.session(), "site")
        db.session.commit()
    with site.app_context():
        add_node(db.session(), "cloud", f"http://127.0.0.1:{port}", key)
        db.session.commit()
        ids = [str(uuid4()) for _ in range(RECORDS)]
        for start in range(0, EDITS, 1000):
            write(db.session(), [_change(dice, ids, n) for n in range(start, start + 1000)], EDITOR)
            db.session.commit()
        entries = db.session.scalars(select(LogEntry).order_by(LogEntry.seq)).all()
        lines = [
            json.dumps({name: getattr(one, name) for name in Edit.model_fields}, ensure_ascii=False) for one in entries
        ]
        count = len(entries)
    server = serve(folder / "cloud", port, workers=1)
    try:
        with site.app_context():
            link = Counting(f"http://127.0.0.1:{port}", key)
            start = time.perf_counter()
            done = exchange(db.session(), "cloud", link)
            seconds = time.perf_counter() - start
        assert done.pushed == count, done
    finally:
        stop(server)
    close(cloud)
    close(site)
    said = (
        f"{count} edits exchanged       {seconds:6.1f} s   {count / seconds:5.0f} edits/s   {link.moved / 1e6:5.2f} MB"
    )
    zstd = shutil.which("zstd")
    if zstd is None:
        return said + "   (no zstd here to compare with)"
    plain = "\n".join(lines).encode()
    packed = {
        level: len(subprocess.run([zstd, f"-{level}", "-c"], input=plain, capture_output=True, check=True).stdout)
        for level in (3, 19)
    }
    return said + "".join(
        f"   {link.moved / size:4.2f} x zstd -{level} of the whole log ({size / 1e6:.2f})"
        for level, size in packed.items()
    )


def _change(dice: random.Random, ids: list[str], number: int) -> Change:
    text = " ".join(dice.choices(WORDS, k=6))
    fields: dict[str, Any] = dice.choice(
        [{"about.fr": f"{text} {number}"}, {"members": number}, {"phones": [f"+2126{number:08}"]}]
    )
    return Change("exhibitor", dice.choice(ids), fields)


def phones(folder: Path) -> str:
    """500 phones look for changes and send their outboxes at one server with two workers on SQLite, all at once."""
    port = free_port()
    app = create_app({"COMPANION_NODE": "hall"}, folder / "hall")
    with app.app_context():
        upgrade()
        name_node(db.session(), "hall")
        open_fair(db.session())
    close(app)
    server = serve(folder / "hall", port, workers=2)
    together, times, failed = threading.Barrier(PHONES), [], []

    def phone(number: int) -> None:
        outbox = [make_request(name=f"Phone {number}"), *(make_tally() for _ in range(3))]
        together.wait(60)
        for start in range(0, 4, 2):
            before = time.perf_counter()
            body = json.dumps({"device": f"phone-of-number-{number}", "edits": outbox[start : start + 2]})
            (times if _post(port, body) == 200 else failed).append(time.perf_counter() - before)

    try:
        with ThreadPoolExecutor(PHONES) as pool:
            list(pool.map(phone, range(PHONES)))
    finally:
        stop(server)
    times.sort()
    assert times, "no phone was answered"
    return (
        f"{PHONES} phones at once, 2 workers, SQLite: {len(failed)} of {len(times) + len(failed)} POSTs failed, "
        f"median {times[len(times) // 2]:.1f} s, p95 {times[int(len(times) * 0.95)]:.1f} s"
    )


def _post(port: int, body: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("POST", "/api/edits", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0
    else:
        return answer.status
    finally:
        connection.close()


def serve(folder: Path, port: int, *, workers: int) -> subprocess.Popen[bytes]:
    """Start the app of a folder as the units in `deploy/` do."""
    server = subprocess.Popen(command(port, workers), cwd=ROOT, env=os.environ | {"RAFIQ_FOLDER": str(folder)})
    wait_for_port(port, server)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop it, and wait."""
    server.terminate()
    server.wait(30)


if __name__ == "__main__":
    print("\n".join(measure()))
