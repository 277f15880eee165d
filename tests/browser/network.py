"""A network that can be slow, silent, lying or gone, between the phone and the server: a small TCP proxy.

It sits below HTTP, so that pages and service workers alike meet its faults. The phone's origin is the proxy's,
which stays the same while servers behind it stop, start and are replaced.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

MODES = ("good", "off", "silent", "portal", "cut")
PORTAL = b"<!doctype html><title>Wi-Fi</title><h1>Please log in to the hotspot</h1>"
LOGIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (
    len(PORTAL),
    PORTAL,
)


class Network:
    """Forwards one port to the server's.

    mode: `good`; `off` refuses connections, as when the server is stopped; `silent` accepts and never answers;
    `portal` answers everything 200 with a hotspot's login page; `cut` breaks each connection after `after` bytes.
    `only` limits the mode to requests whose line holds that text. `kbps` and `latency` (seconds
    for a round trip) slow a good network down. `received` counts the bytes the phone got; `asked` has what each
    connection asked first since the weather changed, and with `only` that is every request.
    """

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.mode, self.after, self.only = "good", 0, ""
        self.kbps, self.latency = 0, 0.0
        self.received = 0
        self.asked: list[str] = []
        self._free = 0.0  # when the line has carried everything it was given
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None] | None] = set()  # asyncio itself would let them be collected
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def set(self, mode: str, after: int = 0, only: str = "") -> None:
        """Change the weather; connections that are open break."""
        assert mode in MODES
        self.mode, self.after, self.only, self.asked = mode, after, only, []
        self._run(self._change())

    def calm(self) -> None:
        """Good weather again."""
        self.kbps, self.latency, self.received = 0, 0.0, 0
        self.set("good")

    def close(self) -> None:
        self.set("off")
        self._run(_end_all_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _change(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()
        if self.mode == "off":
            self._server.close()
        elif not self._server.is_serving():
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def _accept(self, phone: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        writers = {answer}
        self._open |= writers
        try:
            await asyncio.sleep(self.latency)  # the handshake
            first = await phone.read(65536)
            self.asked.append(first.partition(b" HTTP/")[0].decode())
            mode = self.mode if self.only.encode() in first.split(b"\r\n", 1)[0] else "good"
            if self.only:  # then every request needs a connection of its own
                first = first.replace(b"Connection: keep-alive", b"Connection: close", 1)
            if mode == "silent":
                await phone.read(-1)
            elif mode == "portal":
                answer.write(LOGIN)
                await answer.drain()
            else:
                server, back = await asyncio.open_connection("127.0.0.1", self.upstream)
                writers.add(back)
                self._open.add(back)
                await asyncio.sleep(self.latency)
                back.write(first)
                up = asyncio.create_task(self._forward(phone, back))
                await self._bring(server, answer, self.after if mode == "cut" else None)
                up.cancel()
        except OSError:
            pass
        finally:
            self._open -= writers
            for writer in writers:
                writer.close()
            self._tasks.discard(task)

    async def _forward(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while part := await source.read(65536):
            await asyncio.sleep(self.latency)
            to.write(part)

    async def _bring(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, left: int | None) -> None:
        clock = self._loop.time
        while part := await source.read(1460 if self.kbps else 65536):
            if self.kbps:
                self._free = max(self._free, clock()) + len(part) * 8 / (self.kbps * 1000)
                await asyncio.sleep(self._free - clock())
            if left is not None:
                part, left = part[:left], left - len(part)
            to.write(part)
            await to.drain()
            self.received += len(part)
            if left is not None and left <= 0:
                to.transport.abort()
                return


async def _end_all_tasks() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
