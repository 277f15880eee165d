"""The write lock: who may wait for it, for how long, and what becomes of a request that lost a race for it.

A request runs first as it is, in transactions that read before they write, so that hashing a password or reading a
file holds no lock. When its write is refused because somebody else writes or wrote since it read, everything is rolled
back and the view runs once more; on SQLite its transactions then begin with the write lock (`BEGIN IMMEDIATE`), so
that it waits for its turn and cannot lose again. This is optimistic concurrency control with a pessimistic second
attempt. Races are lost by SQLite's `SQLITE_BUSY` (at once for a transaction that has read: its busy handler is not
called then), PostgreSQL's serialization failures and deadlocks, a constraint that another's row breaks (the second
attempt sees that row and says so in its own words), and a row that is gone.

Threads that wait for the lock are bounded per process (`WAITING`), whatever the server that runs them: the others are
left for readers. Who finds no seat, or waits for longer than `PATIENCE`, gets an `OperationalError`, which
`companion.errors` answers with 503 and `Retry-After`. Since when the lock could not be taken is kept for `/healthz`.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import g, has_request_context, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

WAITING = 2
"""Threads of a process that may wait for the write lock at once; granian and gunicorn run four or more."""

SEAT = 1.0
"""Seconds to wait for one of these seats after the lock last changed hands: while it does, everybody has a turn."""

PATIENCE = 8_000
"""Milliseconds a request waits for the lock; phones give up on an answer after 20 s."""

NOTES_PATIENCE = 300
"""Milliseconds to wait for it to write what a request can do without, so that reading needs no lock."""

COMMANDS_PATIENCE = 30_000
"""Milliseconds a command waits for it."""

WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
LOST_RACES = ("40001", "40P01")
"""PostgreSQL's serialization_failure and deadlock_detected."""

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's answer to who waited for `lock_timeout`."""

OVERTAKEN = (IntegrityError, StaleDataError, ObjectDeletedError)
"""What a view meets when another added the same or removed what it works on meanwhile."""

_seats = threading.BoundedSemaphore(WAITING)


@dataclass
class Missed:
    """Since when nobody in this process got the write lock, in seconds of the monotonic clock; None when they do."""

    since: float | None = None
    taken: float = 0.0
    """When the lock was last taken here."""


missed = Missed()


@dataclass
class Attempt:
    """One run of a view: whether its transactions begin with the write lock, and what it has done with it."""

    write_first: bool = False
    waiting_since: float = 0.0
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
        except (OperationalError, *OVERTAKEN) as error:
            self.extensions["sqlalchemy"].session.rollback()
            if attempt.committed or not _lost_race(error, attempt):
                raise
            _attempt.set(Attempt(write_first=True))
            _rewind(cookie)
            return super().dispatch_request()
        finally:
            _attempt.reset(token)


def _rewind(cookie: dict[str, Any]) -> None:
    """Give the request back as it came: files unread, who asks not yet read, the cookie without the first attempt."""
    g.pop("_login_user", None)
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


@contextmanager
def note(session: Session) -> Iterator[None]:
    """Write what a request can do without, in a transaction of its own; left out when the database is busy."""
    if session.in_transaction():
        session.commit()
    try:
        session.connection(execution_options={"patience": NOTES_PATIENCE})
        yield
        session.commit()
    except (OperationalError, *OVERTAKEN):
        session.rollback()


def is_busy(error: OperationalError) -> bool:
    """Whether somebody else holds the write lock."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY or getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE


def _lost_race(error: SQLAlchemyError, attempt: Attempt) -> bool:
    """Whether another attempt may succeed: not after waiting for the lock for as long as one may."""
    if not isinstance(error, OperationalError):
        return True
    if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
        return (time.monotonic() - attempt.waiting_since) * 1000 < PATIENCE
    return getattr(error.orig, "sqlstate", None) in LOST_RACES


def begin_statement(connection: Connection) -> str:
    """Return how a transaction of SQLite begins: with the write lock in a second attempt, else without."""
    attempt = _attempt.get()
    if "patience" in connection.get_execution_options():
        return "BEGIN"
    if attempt is None or not attempt.write_first or attempt.writer not in (None, connection.connection):
        return "BEGIN"
    return "BEGIN IMMEDIATE"


def bound_writers(engine: Engine) -> None:
    """Let at most `WAITING` threads of this process wait for the write lock, each for `PATIENCE` at most.

    A connection with the execution option `patience` (milliseconds) takes no seat, waits for so long, and its writes
    do not count as what the request does.
    """
    sqlite = engine.dialect.name == "sqlite"

    @event.listens_for(engine, "before_cursor_execute")
    def _sit(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if connection.info.get("writes") or not statement.lstrip().upper().startswith(WRITES):
            return
        patience = connection.get_execution_options().get("patience")
        if patience is None:
            _take_seat(connection, statement)
            patience = PATIENCE if has_request_context() else COMMANDS_PATIENCE
        connection.info["asks"] = True
        try:
            cursor.execute(f"PRAGMA busy_timeout={patience}" if sqlite else f"SET LOCAL lock_timeout={patience}")
        except BaseException:
            _stand_up(connection)
            raise

    @event.listens_for(engine, "after_cursor_execute")
    def _write(connection: Connection, *_: Any) -> None:
        if not _stand_up(connection):
            return
        missed.since, missed.taken = None, time.monotonic()
        if "patience" in connection.get_execution_options():
            return
        connection.info["writes"] = True
        attempt = _attempt.get()
        if attempt and attempt.writer is None:
            attempt.writer = connection.connection

    @event.listens_for(engine, "handle_error")
    def _fail(context: Any) -> None:
        if context.connection is None or context.connection.invalidated:
            return
        error = context.sqlalchemy_exception
        if _stand_up(context.connection) and isinstance(error, OperationalError) and is_busy(error):
            missed.since = missed.since or time.monotonic()

    @event.listens_for(engine, "commit")
    def _commit(connection: Connection) -> None:
        _end(connection, committed=True)

    @event.listens_for(engine, "rollback")
    def _rollback(connection: Connection) -> None:
        _end(connection, committed=False)


def _take_seat(connection: Connection, statement: str) -> None:
    asked = time.monotonic()
    while not _seats.acquire(timeout=SEAT):
        now = time.monotonic()
        if now - missed.taken > SEAT or (now - asked) * 1000 > PATIENCE:
            raise OperationalError(statement, None, TimeoutError("too many wait for the write lock"))
    connection.info["seat"] = True
    attempt = _attempt.get()
    if attempt:
        attempt.waiting_since = time.monotonic()


def _stand_up(connection: Connection) -> bool:
    """Leave the seat, if there is one, and tell whether the connection was asking for the lock."""
    if connection.info.pop("seat", False):
        _seats.release()
    return bool(connection.info.pop("asks", False))


def _end(connection: Connection, *, committed: bool) -> None:
    _stand_up(connection)
    attempt = _attempt.get()
    if connection.info.pop("writes", False) and attempt:
        attempt.committed |= committed
        attempt.writer = None
