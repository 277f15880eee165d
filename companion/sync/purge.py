"""Erased text leaves the database's files, not its tables alone.

SQLite overwrites what it deletes (`secure_delete`), but its write-ahead log still holds the pages as they were until it
is copied into the database and cut. PostgreSQL keeps the former version of a row until `VACUUM`.
https://www.sqlite.org/pragma.html#pragma_wal_checkpoint, https://www.postgresql.org/docs/current/routine-vacuuming.html
"""

from __future__ import annotations

import contextlib
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

ERASED = "erased"
"""Marks, in `Session.info`, a transaction that erased something."""


def purge_former_versions(engine: Engine, *, wait: bool = True) -> bool:
    """Take former versions of rows out of the database's files; False when somebody reads or writes them just now.

    With `wait`, as long as anybody waits for the database. No transaction of the caller may be open.
    """
    raw: Any = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if engine.dialect.name == "postgresql":
            raw.driver_connection.autocommit = True
            cursor.execute("VACUUM")
            raw.driver_connection.autocommit = False
            return True
        return _cut_journal(cursor, wait=wait)
    finally:
        raw.close()


def _cut_journal(cursor: Any, *, wait: bool) -> bool:
    patience = int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
    cursor.execute(f"PRAGMA busy_timeout={patience if wait else 0}")
    try:
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        cursor.execute(f"PRAGMA busy_timeout={patience}")
    return bool(busy == 0)


def purge_after_erasures(sessions: Any) -> None:
    """After a commit of these sessions that erased something on SQLite, cut the journal unless somebody needs it.

    `flask retention` does it surely, every night.
    """

    @event.listens_for(sessions, "after_commit")
    def _after_commit(session: Session) -> None:
        engine = session.get_bind()
        if session.info.pop(ERASED, False) and isinstance(engine, Engine) and engine.dialect.name == "sqlite":
            with contextlib.suppress(SQLAlchemyError, engine.dialect.loaded_dbapi.Error):
                purge_former_versions(engine, wait=False)
