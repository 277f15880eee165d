"""The Flask extensions, made once and tied to the app in `create_app`."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine

from companion.models import Base

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()
babel = Babel()
limiter = Limiter(get_remote_address, headers_enabled=True, swallow_errors=True)
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
    "PRAGMA secure_delete=ON",  # what was erased is overwritten in the file too
)


def prepare_sqlite(engine: Engine) -> None:
    """Make an SQLite engine wait for its turn to write and begin transactions where SQLAlchemy says so.

    Python's sqlite3 begins transactions at moments of its own; see "Serializable isolation" in SQLAlchemy's
    documentation of the dialect.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")
