"""The write lock: who may wait for it, for how long, and what becomes of a request that lost a race for it.

A request runs first as it is, in transactions that read before they write, so that hashing a password or reading a
file holds no lock. When the database refuses its write because somebody else wrote since it read (SQLite's
`SQLITE_BUSY_SNAPSHOT`, PostgreSQL's serialization failures and deadlocks), everything is rolled back and the view runs
once more; on SQLite its transactions then begin with the write lock (`BEGIN IMMEDIATE`), so that it cannot lose again.
This is optimistic concurrency control with a pessimistic second attempt.

Threads that wait for the lock are bounded per process (`WAITING`), whatever the server that runs them: the others are
left for readers. Who finds no seat, or waits for longer than `PATIENCE`, gets an `OperationalError`, which
`companion.errors` answers with 503 and `Retry-After`.
"""

from __future__ import annotations

import sqlite3
import threading
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import has_request_context, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

WAITING = 2
"""Threads of a process that may wait for the write lock at once; granian and gunicorn run four or more."""

SEAT = 0.5
"""Seconds to wait for one of these seats."""

PATIENCE = 8_000
"""Milliseconds a request waits for the lock; phones give up on an answer after 20 s."""

COMMANDS_PATIENCE = 30_000
"""Milliseconds a command waits for it."""

WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
LOST_RACES = ("40001", "40P01")
"""PostgreSQL's serialization_failure and deadlock_detected."""

_seats = threading.BoundedSemaphore(WAITING)


@dataclass
class Attempt:
    """One run of a view: whether its transactions begin with the write lock, and what it has done with it."""

    write_first: bool = False
    writer: object = None
    committed: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


class RepeatingFlask(APIFlask):
    """A Flask app that runs a view of an unsafe method once more when its write lost a race."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request."""
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return super().dispatch_request()
        cookie = dict(session)
        attempt = Attempt()
        token = _attempt.set(attempt)
        try:
            return super().dispatch_request()
        except OperationalError as error:
            self.extensions["sqlalchemy"].session.rollback()
            if not lost_race(error) or attempt.committed:
                raise
            _attempt.set(Attempt(write_first=True))
            _rewind(cookie)
            return super().dispatch_request()
        finally:
            _attempt.reset(token)


def _rewind(cookie: dict[str, Any]) -> None:
    """Give the request back as it came: files unread, the cookie without what the first attempt put there."""
    for file in request.files.values():
        file.stream.seek(0)
    if dict(session) != cookie:
        session.clear()
        session.update(cookie)


def may_repeat() -> None:
    """Say that what the request committed so far does no harm when it is done once more."""
    attempt = _attempt.get()
    if attempt:
        attempt.committed = False


def lost_race(error: OperationalError) -> bool:
    """Whether somebody else wrote since the transaction read; another attempt may succeed."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_BUSY_SNAPSHOT or getattr(error.orig, "sqlstate", None) in LOST_RACES


def begin_statement(connection: Connection) -> str:
    """Return how a transaction of SQLite begins: with the write lock in a second attempt, else without."""
    attempt = _attempt.get()
    if attempt is None or not attempt.write_first or attempt.writer not in (None, connection.connection):
        return "BEGIN"
    return "BEGIN IMMEDIATE"


def bound_writers(engine: Engine) -> None:
    """Let at most `WAITING` threads of this process wait for the write lock, each for `PATIENCE` at most."""

    @event.listens_for(engine, "before_cursor_execute")
    def _sit(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if connection.info.get("writes") or not statement.lstrip().upper().startswith(WRITES):
            return
        if not _seats.acquire(timeout=SEAT):
            raise OperationalError(statement, None, TimeoutError("too many wait for the write lock"))
        connection.info["seat"] = True
        patience = PATIENCE if has_request_context() else COMMANDS_PATIENCE
        sqlite = engine.dialect.name == "sqlite"
        try:
            cursor.execute(f"PRAGMA busy_timeout={patience}" if sqlite else f"SET LOCAL lock_timeout={patience}")
        except BaseException:
            _stand_up(connection)
            raise

    @event.listens_for(engine, "after_cursor_execute")
    def _write(connection: Connection, *_: Any) -> None:
        if not _stand_up(connection):
            return
        connection.info["writes"] = True
        attempt = _attempt.get()
        if attempt and attempt.writer is None:
            attempt.writer = connection.connection

    @event.listens_for(engine, "handle_error")
    def _fail(context: Any) -> None:
        if context.connection is not None and not context.connection.invalidated:
            _stand_up(context.connection)

    @event.listens_for(engine, "commit")
    def _commit(connection: Connection) -> None:
        _end(connection, committed=True)

    @event.listens_for(engine, "rollback")
    def _rollback(connection: Connection) -> None:
        _end(connection, committed=False)


def _stand_up(connection: Connection) -> bool:
    """Leave the seat, and tell whether there was one."""
    if not connection.info.pop("seat", False):
        return False
    _seats.release()
    return True


def _end(connection: Connection, *, committed: bool) -> None:
    _stand_up(connection)
    attempt = _attempt.get()
    if connection.info.pop("writes", False) and attempt:
        attempt.committed |= committed
        attempt.writer = None
