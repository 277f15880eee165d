"""Requests a second for a booth's page, beside an empty Flask view on the same server in the same run."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path

from tests.browser.conftest import Server
from tests.serving import ROOT, command, free_port, wait_for_port

SECONDS, CONNECTIONS = 4, 16
EMPTY = "from flask import Flask\napp = Flask('empty')\n@app.get('/b/<booth>')\ndef view(booth): return ''\n"
EMPTY += "from companion.buffered import Buffered\napp.__rsgi__ = Buffered(app, 1 << 20, {})\n"


def measure(server: Server, folder: Path) -> list[str]:
    """Return the lines of the table; the better of two turns each, one after the other."""
    (folder / "empty_view.py").write_text(EMPTY)
    port = free_port()
    paths = os.pathsep.join([str(folder), str(ROOT)])
    process = subprocess.Popen(
        command(port, target="empty_view:app"), cwd=folder, env=os.environ | {"PYTHONPATH": paths}
    )
    try:
        wait_for_port(port, process)
        ports = {"booth": server.port, "empty": port}
        turns = {name: max(asyncio.run(requests_a_second(port)) for _ in range(2)) for name, port in ports.items()}
    finally:
        process.terminate()
        process.wait(10)
    return [
        f"Flask: booth page                       {turns['booth']:6.0f} /s   "
        f"{turns['booth'] / turns['empty']:4.2f} x an empty view ({turns['empty']:.0f} /s; budget 0.33)"
    ]


async def requests_a_second(port: int) -> float:
    """Ask over and over on some connections, each waiting for its answer."""
    request = b"GET /b/A12 HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\nAccept-Language: fr\r\n\r\n"
    deadline = time.monotonic() + SECONDS
    counts = await asyncio.gather(*(_ask(port, request, deadline) for _ in range(CONNECTIONS)))
    return sum(counts) / SECONDS


async def _ask(port: int, request: bytes, deadline: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.monotonic() < deadline:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        count += 1
    writer.close()
    return count
