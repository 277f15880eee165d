"""Others who write in the same database: all the time, or holding the lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, text

from companion.extensions import prepare_sqlite

LOCKS = "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
WRITE = ("UPDATE log_head SET seq = seq", "UPDATE staff SET role = role")


@contextmanager
def another(url: str) -> Iterator[Engine]:
    """A database, as another process has it open."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def somebody_writes(url: str) -> Iterator[None]:
    """Write all the time, 20 times a second."""
    over = threading.Event()

    def run() -> None:
        with another(url) as engine:
            while not over.wait(0.05):
                with engine.begin() as connection:
                    for statement in WRITE:
                        connection.execute(text(statement))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Keep everybody else from writing meanwhile; they may read."""
    with another(url) as engine, engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text(WRITE[0]))
        else:
            connection.execute(text(f"LOCK TABLE {connection.scalar(text(LOCKS))} IN EXCLUSIVE MODE"))
        yield
        connection.rollback()
