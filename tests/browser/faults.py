"""A proxy between phones and the server that spoils what each phone sends, one attempt after the other, as planned.

Phones are told apart by the host they ask (`p7.localhost`), so that each is an origin with a storage of its own and
hundreds share one browser. Everything but `POST /api/edits` passes.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Coroutine
from typing import Any

BLANK = b"<!doctype html><html lang=fr data-unsent=0><title>a phone</title>"
OLD = b'{"outcomes":[{"id":"5a4ee79e-02b7-4244-8b23-35100ef316dc","state":"applied"}],"seq":3}'
PORTAL = b"<!doctype html><title>Wi-Fi</title><h1>Please log in to the hotspot</h1>"
DELAY = 30.0

ANSWERS = {
    "502": (502, "text/html", b"Bad gateway"),
    "503": (503, "application/json", b'{"message":"busy"}'),
    "429": (429, "application/json", b'{"message":"later"}'),
    "401": (401, "application/json", b'{"message":"sign in"}'),
    "413": (413, "text/html", b"too large"),
    "404": (404, "text/html", b"not here"),
    "422": (422, "application/json", b'{"message":"no"}'),
    "error": (200, "application/json", b'{"error":"no"}'),
    "portal": (200, "text/html", PORTAL),
    "old": (200, "application/json", OLD),
}
FAULTS = ("good", "before", "after", "half", "delay", *ANSWERS)
"""good; cut before the request reaches the server; after it was carried out, before the answer; halfway in the answer;
30 s late; or an answer that is not the server's."""

HOLDS = ("reached", "committed", "answered")
"""Where an attempt can be held until the phone is dead: before the server has it, before the phone has the answer, and
when the phone has just got it."""


class FaultProxy:
    """`plans[host]` says what becomes of that phone's attempts, in order; when there is no more to say, all goes well."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.plans: dict[str, list[str]] = defaultdict(list)
        self.attempts: dict[str, int] = defaultdict(int)
        self.held: set[str] = set()
        self._work: set[asyncio.Task[None] | None] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _end(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, phone: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._work.add(task)
        try:
            head = await phone.readuntil(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            body = await phone.readexactly(int(fields.get(b"content-length", b"0")))
            host = fields[b"host"].split(b".")[0].decode()
            if head.startswith(b"POST /api/edits"):
                await self._attempt(host, head + body, phone, answer)
            elif head.startswith(b"GET /blank"):
                answer.write(_made(200, "text/html", BLANK))
            else:
                answer.write(await self._forward(head + body))
            await answer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            answer.close()
            self._work.discard(task)

    async def _attempt(
        self, host: str, request: bytes, phone: asyncio.StreamReader, answer: asyncio.StreamWriter
    ) -> None:
        fault = self.plans[host].pop(0) if self.plans[host] else "good"
        self.attempts[host] += 1
        if fault in ANSWERS:
            answer.write(_made(*ANSWERS[fault]))
        elif fault == "before":
            answer.transport.abort()
        elif fault == "reached":
            await self._hold(host, phone)
        else:
            await self._carry(fault, host, request, phone, answer)

    async def _carry(
        self, fault: str, host: str, request: bytes, phone: asyncio.StreamReader, answer: asyncio.StreamWriter
    ) -> None:
        """Let the server have it, and spoil what comes back."""
        if fault == "delay":
            await asyncio.sleep(DELAY)
        said = await self._forward(request)
        if fault == "after":
            answer.transport.abort()
        elif fault == "half":
            answer.write(said[: -len(said.split(b"\r\n\r\n", 1)[1]) // 2 or None])
            await answer.drain()
            answer.transport.abort()
        elif fault == "committed":
            await self._hold(host, phone)
        else:
            answer.write(said)
            if fault == "answered":
                await answer.drain()
                await self._hold(host, phone)

    async def _hold(self, host: str, phone: asyncio.StreamReader) -> None:
        """Wait until the phone is no more."""
        self.held.add(host)
        await phone.read(-1)

    async def _forward(self, request: bytes) -> bytes:
        server, back = await asyncio.open_connection("127.0.0.1", self.upstream)
        back.write(request.replace(b"Connection: keep-alive", b"Connection: close", 1))
        said = await server.read(-1)
        back.close()
        return said


def _made(status: int, kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nRetry-After: 1\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body
