"""Whether the database can be written now: a full disk, a read-only file or folder, a lock held for long."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from companion.models import LogHead

LEAST_FREE = 16_000_000
"""Bytes of disk SQLite needs for its write-ahead log and a checkpoint."""


def why_not_written(engine: Engine) -> str:
    """Return why nothing can be written, empty when it can: takes the write lock and lets go of it at once."""
    problem = _file_problem(Path(engine.url.database or "")) if engine.dialect.name == "sqlite" else ""
    if problem:
        return problem
    try:
        with engine.connect() as connection:
            connection.execute(update(LogHead).values(seq=LogHead.seq))
            connection.rollback()
    except OperationalError as error:
        return str(error.orig).strip()
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
