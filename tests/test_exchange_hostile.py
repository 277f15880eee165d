"""A server that is not what it should be: bombs, answers without end, a key taken away in the middle, pictures that are not there."""

from __future__ import annotations

import hashlib
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest
from sqlalchemy.exc import NoResultFound

from companion.models import Photo
from companion.nodes.carried import Unreadable, _write, import_file
from companion.nodes.exchange import Refused, Unreached
from companion.nodes.link import HttpLink
from companion.nodes.peers import revoke_node
from companion.photos import keep_made
from companion.sync.edits import Change
from companion.sync.log import write
from tests.servers import Server
from tests.test_exchange import fill
from tests.test_sync_log import EDITOR

BOMB = brotli.compress(b'{"edits": "' + b"0" * 400_000_000, quality=1)
"""Some kilobytes that hold 400 MB."""


@contextmanager
def answering(give: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server at an address that answers everything like this."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            give(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def head(handler: BaseHTTPRequestHandler, *headers: tuple[str, str]) -> None:
    handler.send_response(200)
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()


def bomb(handler: BaseHTTPRequestHandler) -> None:
    head(handler, ("Content-Encoding", "br"), ("Content-Length", str(len(BOMB))))
    handler.wfile.write(BOMB)


def no_end(handler: BaseHTTPRequestHandler) -> None:
    head(handler)
    with pytest.raises(OSError):
        while True:
            handler.wfile.write(b" " * 1_000_000)


def deep(handler: BaseHTTPRequestHandler) -> None:
    head(handler)
    handler.wfile.write(b"[" * 200_000)


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    head(handler, ("Content-Encoding", "br"))
    handler.wfile.write(brotli.compress(b'{"node": "cloud"}' * 100)[:-2])


@pytest.mark.parametrize("give", [bomb, no_end, deep, cut_short])
def test_what_answers_at_the_address_costs_little_and_is_tried_again_later(
    give: Callable[[BaseHTTPRequestHandler], None],
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with answering(give) as address, pytest.raises(Unreached):
        HttpLink(address, "k" * 40).ask("GET", "/api/node/edits?since=0")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 150_000, "kilobytes: not the bomb's 400 MB"


def test_a_bomb_that_is_sent_is_not_unpacked(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    headers = {"Authorization": f"Bearer {site.links['cloud'].key}", "Content-Encoding": "br"}
    client = cloud.app.test_client()
    assert client.post("/api/node/edits", data=BOMB, headers=headers).status_code == 413
    assert client.post("/api/node/edits", data=BOMB[:-9], headers=headers).status_code == 413
    short = brotli.compress(b'{"node": "site"}' * 100)[:-2]
    assert client.post("/api/node/edits", data=short, headers=headers).status_code == 422
    for coding in ("gzip", "zstd", "deflate"):
        answer = client.post("/api/node/edits", data=b"\x1f\x8b\x08", headers=headers | {"Content-Encoding": coding})
        assert answer.status_code == 422
    assert cloud.seq() == 0


@pytest.mark.parametrize(
    "part", [{"page": "0" * 70_000_000}, {"accounts": 7}, {"page": {"edits": [7]}}, {"accounts": [{"table": "x"}]}]
)
def test_a_file_by_somebody_who_has_the_key_and_means_harm(
    pair: tuple[Server, Server], tmp_path: Path, part: dict[str, Any]
) -> None:
    cloud, site = pair
    path = tmp_path / "stick"
    with path.open("wb") as file:
        _write(file, bytes.fromhex(cloud.node("site").seal), [part])
    with pytest.raises(Unreadable):
        site.run(lambda session: import_file(session, path))
    assert site.seq() == 0


def test_a_key_taken_away_in_the_middle_ends_it_there_and_a_new_one_goes_on(
    pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, site = pair
    monkeypatch.setattr("companion.nodes.pages.MOST", 20)
    fill(cloud, 50)
    link = site.links["cloud"]
    ask = link.ask

    def taken_away(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = ask(method, path, body)
        if path.startswith("/api/node/edits") and "since=0" in path:
            cloud.run(lambda session: revoke_node(session, "site"))
        return answer

    monkeypatch.setattr(link, "ask", taken_away)
    with pytest.raises(Refused, match="key is not known"):
        site.exchange(cloud)
    assert 0 < site.seq() < 50, "the page that came is kept"
    monkeypatch.setattr(link, "ask", ask)
    site.run(lambda session: revoke_node(session, "cloud"))
    with pytest.raises(NoResultFound):
        site.exchange(cloud)
    site.knows(cloud)
    site.exchange(cloud)
    assert site.state() == cloud.state() and site.log() == cloud.log()


def test_a_picture_nobody_has_holds_nothing_up_and_comes_when_somebody_brings_it(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    [record] = fill(site, 1)
    content = b"RIFF\x00\xff"
    name = site.run(lambda session: keep_made(session, b"another"))
    wanted = hashlib.sha256(content).hexdigest()[:32]
    for number, each in enumerate((wanted, name)):
        change = Change("photo", f"{number:08d}-0000-4000-8000-000000000000", {"exhibitor": record, "hash": each})
        site.run(lambda session, change=change: write(session, [change], EDITOR))
    assert site.exchange(cloud).pictures == 1, "the one that is there"
    fill(cloud, 1)
    assert site.exchange(cloud).pulled == 1, "the exchange goes on"
    cloud.run(lambda session: keep_made(session, content))
    assert site.exchange(cloud).pictures == 1
    assert site.run(lambda session: session.query(Photo).count()) == 2
    assert site.exchange(cloud).pictures == 0
