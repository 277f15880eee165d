"""The Flask extensions, made once and tied to the app in `create_app`."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

from flask import request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext

from companion.models import Base
from companion.private_files import make_private_database
from companion.writing import begin_statement

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()
babel = Babel()


def address() -> str:
    """Return the address that limits hang on.

    Of IPv6 it is the network of 64 bits, within which a phone has as many as it likes.
    """
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or f"{IPv6Address(int(found) >> 64 << 64)}/64")


limiter = Limiter(address, headers_enabled=True, swallow_errors=True)
"""Counts how often somebody writes; when its storage is away nothing is limited, and nothing is lost."""


@limiter.request_filter
def reads() -> bool:
    """Leave alone who only reads: looking up the limits would take a third of a page's time."""
    return request.method in ("GET", "HEAD")


SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an edit that was answered "applied" must survive the power cut after it
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what was erased is overwritten in the file too, also in pages that are free
    "PRAGMA journal_size_limit=0",  # and the log beside it is cut, not kept for reuse
)


def conceal_values(engine: Engine) -> None:
    """Keep what rows hold out of the messages of errors, which end in logs: hashes of passwords, names, telephones.

    SQLAlchemy leaves parameters out itself (`hide_parameters`). PostgreSQL quotes values in the lines after the first
    (`DETAIL: Key (name)=(…) already exists`, `Failing row contains (…)`) and in some first ones
    (`invalid input syntax for type integer: "…"`).
    """

    @event.listens_for(engine, "handle_error")
    def _conceal(context: ExceptionContext) -> None:
        error = context.original_exception
        diagnosis = getattr(error, "diag", None)
        if diagnosis is None or diagnosis.message_primary is None:
            return
        message = _QUOTED_VALUE.sub(': "…"', diagnosis.message_primary)
        error.args = (message,)
        if context.sqlalchemy_exception is not None:
            name = f"{type(error).__module__}.{type(error).__name__}"
            context.sqlalchemy_exception.args = (f"({name}) {message}",)


_QUOTED_VALUE = re.compile(r': ".*"\Z', re.DOTALL)


def prepare_sqlite(engine: Engine) -> None:
    """Make an SQLite engine wait for its turn to write and begin transactions where SQLAlchemy says so.

    The database is made, and kept, for its owner alone.

    Python's sqlite3 begins transactions at moments of its own; see "Serializable isolation" in SQLAlchemy's
    documentation of the dialect.
    """

    @event.listens_for(engine, "do_connect")
    def _make_private(_dialect: Any, _record: Any, _args: Any, _parameters: Any) -> None:
        path = engine.url.database
        if path and path != ":memory:" and not path.startswith("file:"):
            make_private_database(Path(path))

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin_statement(connection))
