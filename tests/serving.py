"""The server as `make run` and the units start it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
APP = "tests.browser.serve:app"
STARTS_WITHIN = 120
"""Seconds, on a machine that does much else."""

PORTS = range(20000, 32768)
"""Below those the system gives to connections, which may take a free one before a server listens on it."""


def command(port: int, workers: int = 1, target: str = APP) -> list[str]:
    """Return what starts the server of the folder `RAFIQ_FOLDER`."""
    words = ["--port", str(port), "--workers", str(workers), "--target", target]
    return [sys.executable, "-m", "companion.serve", *words]


def free_port() -> int:
    """Return a port nobody uses."""
    while True:
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", secrets.choice(PORTS)))
            return int(listener.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process listens."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode} before it listened on {port}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"it does not listen on {port} after {STARTS_WITHIN} s")


class Serving:
    """A server in a process group of its own."""

    def __init__(self, folder: Path, workers: int, target: str = APP) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            command(self.port, workers, target), cwd=ROOT, start_new_session=True,
            env=os.environ | {"RAFIQ_FOLDER": str(folder)},
        )  # fmt: skip
        wait_for_port(self.port, self.process)

    def workers(self) -> set[int]:
        """The ids of the worker processes."""
        pid = self.process.pid
        return {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def signal_all(self, number: int) -> float:
        """Send a signal to the whole group; return the seconds until every process of it has ended."""
        begun, all_of_it = time.monotonic(), self.workers()
        os.killpg(self.process.pid, number)
        self.process.wait(60)
        assert not [pid for pid in all_of_it if Path(f"/proc/{pid}").exists()]
        return time.monotonic() - begun


@contextmanager
def serving(folder: Path, workers: int = 1, target: str = APP) -> Iterator[Serving]:
    """A server on a folder with a fair."""
    server = Serving(folder, workers, target)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait(10)


def page(port: int, path: str = "/fr/", within: float = 60) -> tuple[int, float]:
    """Ask for a page; return the status and the seconds it took."""
    begun = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=within) as answer:
        answer.read()
        return int(answer.status), time.monotonic() - begun


def begun(port: int, words: bytes, *, window: int = 0) -> socket.socket:
    """Connect and send the beginning of a request; `window`: bytes of answers taken before they are read."""
    connection = socket.socket()
    if window:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    connection.connect(("127.0.0.1", port))
    connection.sendall(words)
    return connection


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """Read until the server closes; return the status and everything."""
    connection.settimeout(60)
    said = b""
    while piece := connection.recv(1 << 16):
        said += piece
    [status] = re.findall(rb"^HTTP/1\.1 (\d{3})", said)
    return int(status), said
