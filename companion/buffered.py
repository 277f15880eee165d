"""The WSGI app behind granian's asynchronous interface (RSGI): no thread waits for a client.

A request reaches one of the app's few threads when its whole body is here, and its answer leaves the thread whole; the
event loop waits for slow senders and slow readers. What is held for them is bounded in number, bytes and time.
`granian --interface rsgi app:app` finds this as `app.__rsgi__`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from werkzeug.wsgi import FileWrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

THREADS = 4
"""That run the app, in each worker."""

WAITING = 200
"""Whole requests that may wait for a thread; a further one is told to come back."""

BODIES = 1000
"""Bodies that may be on their way at once."""

HELD = 256 << 20
"""Bytes of bodies on their way; beyond `IN_MEMORY` each lies in a temporary file."""

IN_MEMORY = 64 << 10
PIECE = 64 << 10

HOLDS = "rafiq.holds"
"""Where a request's environment says how many of `HELD` are its own."""

QUIET = 20.0
"""Seconds in which a client that sends must send something, and one that reads must take a piece."""

PACE = 1000
"""Bytes a second a body must come with on average, after `GRACE` seconds."""

GRACE = 60.0

_BUSY = (
    "Le serveur est très sollicité : réessayez dans quelques secondes.\n"
    "الخادم مشغول جدًا الآن: أعد المحاولة بعد بضع ثوانٍ.\n"
)
_LATE = (
    "L’envoi s’est interrompu et rien n’a été enregistré : envoyez-le de nouveau.\n"
    "انقطع الإرسال ولم يُحفظ شيء: أعد الإرسال.\n"
)

_log = logging.getLogger(__name__)

Body = bytes | IO[bytes]


class Answer(NamedTuple):
    """A whole answer; a long body is an open temporary file."""

    status: int
    headers: list[tuple[str, str]]
    body: Body


class _Turned(Exception):
    """A request that never reaches the app, with what its client is told."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status)
        again = [("retry-after", "3")] if status == 503 else []
        headers = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store"), *again]
        self.answer = Answer(status, [*headers, ("connection", "close")], text.encode())


class Buffered:
    """The app with whole requests only. `largest`: bytes a body may have; `roomier`: the same for single addresses."""

    def __init__(self, app: WSGIApplication, largest: int, roomier: Mapping[str, int]) -> None:
        self._app, self._largest, self._roomier = app, largest, roomier
        self._pool = ThreadPoolExecutor(THREADS, "app")
        self._waiting = self._bodies = self._held = 0

    async def __call__(self, scope: Any, protocol: Any) -> None:
        """Answer one request of granian's."""
        if scope.proto != "http":
            return
        try:
            environ = _environ(scope)
            with await self._body(environ, protocol) as environ["wsgi.input"]:
                try:
                    answer = await self._in_a_thread(environ)
                finally:
                    self._held -= environ[HOLDS]
        except _Turned as turned:
            answer = turned.answer
        except Exception:
            _log.exception("%s %s", scope.method, scope.path)
            answer = _Turned(500, _BUSY).answer
        await _send(protocol, answer)

    async def _body(self, environ: WSGIEnvironment, protocol: Any) -> IO[bytes]:
        """Return the body once it is here; empty where it is too long, which the app sees by its length and says."""
        length, environ[HOLDS] = int(environ.get("CONTENT_LENGTH") or 0), 0
        limit = self._roomier.get(environ["PATH_INFO"], self._largest)
        if (not length and "HTTP_TRANSFER_ENCODING" not in environ) or length > limit:
            return BytesIO()
        if self._bodies >= BODIES:
            raise _Turned(503, _BUSY)
        self._bodies += 1
        file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        try:
            async with asyncio.timeout(GRACE + limit / PACE):
                got = await self._received(protocol, file, length, limit)
        except BaseException as error:
            file.close()
            raise _Turned(408, _LATE) if isinstance(error, TimeoutError) else error from None
        finally:
            self._bodies -= 1
        environ["CONTENT_LENGTH"], environ[HOLDS] = str(got), got
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        if got > limit:
            file.truncate(0)
        file.seek(0)
        return file

    async def _received(self, protocol: Any, file: IO[bytes], length: int, limit: int) -> int:
        """Write what comes to the file and return the bytes; stops after the limit."""
        got, pieces = 0, aiter(protocol)
        try:
            while got <= limit and (piece := await asyncio.wait_for(_next(pieces), QUIET)):
                got += len(piece)
                self._held += len(piece)
                if self._held > HELD:
                    raise _Turned(503, _BUSY)  # noqa: TRY301
                file.write(piece)
            if got < length:
                raise _Turned(400, _LATE)  # noqa: TRY301
        except BaseException:
            self._held -= got
            raise
        return got

    async def _in_a_thread(self, environ: WSGIEnvironment) -> Answer:
        if self._waiting >= WAITING + THREADS:
            raise _Turned(503, _BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._answer, environ)
        finally:
            self._waiting -= 1

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        """Run the app to the end of its answer."""
        said: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said[:] = [status, headers]
            return written.append

        written: list[bytes] = []
        pieces = self._app(environ, start_response)
        try:
            body = _whole(written, pieces)
        finally:
            getattr(pieces, "close", bool)()
        return Answer(int(said[0][:3]), [(name.lower(), value) for name, value in said[1]], body)


async def _next(pieces: Any) -> bytes:
    """Return the next piece, empty at the end. Of granian's awaitable `anext` with a default misses `throw`."""
    try:
        return bytes(await anext(pieces))
    except StopAsyncIteration:
        return b""


def _environ(scope: Any) -> WSGIEnvironment:
    """Return the WSGI environment of a request of granian's, but for its body."""
    server, client = scope.server.rpartition(":"), scope.client.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "QUERY_STRING": scope.query_string,
        "PATH_INFO": scope.path.encode().decode("latin-1"), "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server[0], "SERVER_PORT": server[2], "REMOTE_ADDR": client[0], "REMOTE_PORT": client[2],
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme, "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.input_terminated": True,
        "wsgi.file_wrapper": FileWrapper,
    }  # fmt: skip
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    seen: set[str] = set()
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in seen else value
        seen.add(key)
    return environ


def _whole(written: list[bytes], pieces: Iterable[bytes]) -> Body:
    """Return an answer's body: as bytes, or in a temporary file where it is long."""
    file = SpooledTemporaryFile(1 << 20)  # noqa: SIM115
    for piece in pieces:
        written.append(piece)
        if sum(map(len, written)) > PIECE:
            file.writelines(written)
            written.clear()
    if not file.tell():
        return b"".join(written)
    file.writelines(written)
    file.seek(0)
    return file


async def _send(protocol: Any, answer: Answer) -> None:
    """Hand a short answer to granian, which sends it; give a long one piece by piece, as its reader takes it."""
    if isinstance(answer.body, bytes):
        protocol.response_bytes(answer.status, answer.headers, answer.body)
        return
    with answer.body as file:
        stream = protocol.response_stream(answer.status, answer.headers)
        with contextlib.suppress(TimeoutError, RuntimeError):  # the reader stopped taking, or is gone
            while piece := file.read(PIECE):
                await asyncio.wait_for(stream.send_bytes(piece), QUIET)
