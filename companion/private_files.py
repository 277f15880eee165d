"""Files and folders for their owner alone: the database holds visitors' telephone numbers and hashes of passwords."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

OTHERS = 0o077
"""What group and others may do, of a file's mode."""


def make_private_folder(folder: Path) -> None:
    """Make a folder of Rafiq's own unless it is there, and close it to others (0700)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _close(folder, 0o700)


def make_private_database(path: Path) -> None:
    """Make an empty SQLite file and its folder unless they are there, and close the file to others (0600).

    SQLite gives its `-wal` and `-shm` the mode of the database; those that are there from before are closed too. A
    folder that was there is left as it is: it may hold other things. `doctor` says when others can read it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        with contextlib.suppress(OSError):  # SQLite says what is wrong in its own words
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        _close(one, 0o600)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, also where one was that others could."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        _close(path, 0o600)
        file.write(content)


def is_open_to_others(path: Path) -> bool:
    """Tell whether anybody but its owner can read a file, or list or enter a folder."""
    return path.exists() and bool(path.stat().st_mode & OTHERS)


def _close(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):  # of another owner, or on a disk that has no modes: doctor says so
        if is_open_to_others(path):
            path.chmod(path.stat().st_mode & mode)  # takes rights away, never gives any
