"""Whether the database can be written now: a full disk, a read-only file or folder, a lock held for long."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from companion.models import LogHead
from companion.writing import NOTES_PATIENCE, is_busy, missed

LEAST_FREE = 16_000_000
"""Bytes of disk SQLite needs for its write-ahead log and a checkpoint."""


HELD = 5.0
"""Seconds after which a lock nobody could take is a fault; a large import holds it for less."""


def why_not_written(engine: Engine) -> str:
    """Return why nothing can be written, empty when it can: takes the write lock and lets go of it at once.

    It takes no seat among those who wait for the lock. One that is held is a fault when nobody of this process, a
    writer or an earlier question, got it for `HELD` seconds.
    """
    problem = _file_problem(Path(engine.url.database or "")) if engine.dialect.name == "sqlite" else ""
    if problem:
        return problem
    try:
        with engine.connect().execution_options(patience=NOTES_PATIENCE) as connection:
            connection.execute(update(LogHead).values(seq=LogHead.seq))
            connection.rollback()
    except OperationalError as error:
        said = str(error.orig).strip()
        held = time.monotonic() - (missed.since or time.monotonic())
        if not is_busy(error):
            return said
        return f"the write lock has been held for {held:.0f} s ({said})" if held >= HELD else ""
    return ""


def _file_problem(database: Path) -> str:
    """What the file system says; SQLite itself would notice a full disk only at a commit."""
    free = shutil.disk_usage(database.parent).free
    if free < LEAST_FREE:
        return f"the disk is full ({free / 1e6:.1f} MB free at {database.parent})"
    if database.exists() and not database.stat().st_mode & 0o222:
        return f"{database} is read-only"
    if not os.access(database.parent, os.W_OK):
        return f"the folder {database.parent} is read-only"
    return ""
