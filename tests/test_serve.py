"""The server under clients that are slow or never finish, under killed workers and signals to all of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from companion.buffered import QUIET
from tests.browser_install import install
from tests.serving import ROOT, answer, begun, free_port, page, serving, wait_for_port

POST = (
    b"POST /api/edits HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n0123456789"
)
PHOTO = (
    b"POST /exhibitor/photos HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: 400000\r\n\r\n--b\r\nContent-Disposition: form-data; name=file; filename=a.jpg\r\n\r\n"
)
CHUNKED = b"POST /api/edits HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[{..."
HEADERS = b"GET /fr/ HTTP/1.1\r\nHost: x\r\nX-Slow"
READER = b"GET /api/catalogue HTTP/1.1\r\nHost: x\r\n\r\n"
TROUBLES = {
    "unfinished posts": (POST, 16), "uploads": (PHOTO, 16), "chunks": (CHUNKED, 16), "headers": (HEADERS, 64),
    "idle": (b"", 400), "readers": (READER * 8, 32),
}  # fmt: skip


@pytest.fixture(scope="module")
def fair(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(demo_instance, tmp_path_factory.mktemp("serve") / "fair"))


@contextmanager
def behind_caddy(port: int, folder: Path) -> Iterator[int]:
    """The docs' Caddyfile in front of a port, without a certificate; gives its own port."""
    if shutil.which("caddy") is None:
        install("caddy")
    own = free_port()
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + (ROOT / "deploy/Caddyfile").read_text())
    places = {"RAFIQ_NAME": f"http://127.0.0.1:{own}", "RAFIQ_UPSTREAM": f"127.0.0.1:{port}", "HOME": str(folder)}
    caddy = subprocess.Popen(
        ["caddy", "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"],
        env={**os.environ, **places, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_port(own, caddy)
        yield own
    finally:
        caddy.terminate()
        caddy.wait(20)


def soon(port: int, path: str) -> bool:
    """Whether a page comes within a second.

    It is asked for again where it took a little longer, since a busy machine may do so by itself; not where it waited
    for a client's deadline.
    """
    for _ in range(5):
        status, seconds = page(port, path)
        assert (status, seconds < QUIET / 2) == (200, True)
        if seconds < 1:
            return True
    return False


@pytest.mark.parametrize("proxy", [False, True], ids=["alone", "caddy"])
def test_clients_that_wait_take_nobody_elses_turn(fair: Path, tmp_path: Path, *, proxy: bool) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(serving(fair)).port
        if proxy:
            port = stack.enter_context(behind_caddy(port, tmp_path))
        page(port)
        for name, (words, times) in TROUBLES.items():
            window = 4096 if name == "readers" else 0
            held = [stack.enter_context(begun(port, words.replace(b": x", b": 127.0.0.1:%d" % port), window=window))
                    for _ in range(times)]  # fmt: skip
            for path in ("/fr/", "/healthz", f"/fr/exhibitors?q={len(name)}"):
                assert (name, path, soon(port, path)) == (name, path, True)
            for one in held:
                one.close()


def test_a_body_that_stops_changes_nothing_and_is_told_so(fair: Path) -> None:
    body = json.dumps({"edits": []}).encode()
    head = b"POST /api/edits HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    with serving(fair, target="tests.hasty:app") as server:
        for words in (POST, CHUNKED, PHOTO):
            with begun(server.port, words) as late:
                status, said = answer(late)
                assert (status, "recommencez" in said.decode() or "de nouveau" in said.decode()) == (408, True)
        with begun(server.port, head + b"Content-Length: %d\r\n\r\n" % (len(body) + 9) + body) as short:
            short.shutdown(1)
            assert answer(short)[0] == 400
        whole = {
            b"Content-Length: %d\r\n\r\n" % len(body) + body,
            b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
        }
        for rest in whole:
            with begun(server.port, head + rest) as right:
                assert answer(right)[0] not in (400, 408, 413, 500)
        with begun(server.port, head + b"Content-Length: 90000000\r\n\r\n") as long:
            assert answer(long)[0] == 413
        with begun(server.port, head + b"Transfer-Encoding: chunked\r\n\r\n") as endless:
            piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
            for _ in range(33):
                endless.sendall(piece)
            assert answer(endless)[0] == 413


def test_a_worker_that_dies_is_replaced(fair: Path) -> None:
    with serving(fair, workers=2) as server:
        for victim in sorted(server.workers()):
            others = server.workers() - {victim}
            os.kill(victim, signal.SIGKILL)
            deadline = time.monotonic() + 60
            while len(server.workers() - others - {victim}) < 1:
                assert time.monotonic() < deadline and server.process.poll() is None
                time.sleep(0.05)
            assert others < server.workers()
            wait_for_port(server.port, server.process)
            assert page(server.port)[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_all_of_it_ends_all_of_it(fair: Path, number: int) -> None:
    for workers in (1, 2, 2):
        with serving(fair, workers) as server, begun(server.port, POST), begun(server.port, READER * 8, window=4096):
            page(server.port)
            assert server.signal_all(number) < 5
            assert server.process.returncode == 0
