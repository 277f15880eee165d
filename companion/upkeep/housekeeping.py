"""What goes by itself when its time is over: prepared papers after an hour, uploaded lists after a day.

Papers may hold the secrets of access cards, and lists people's telephones, so it is not left to the next order or
upload: a server looks every minute, and so does each start and each command, the nightly ones among them.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from pathlib import Path

from companion.imports import uploads
from companion.printing import orders
from companion.settings import DATABASES

EVERY = 60.0
"""Seconds between two looks of a server."""

_log = logging.getLogger(__name__)


def tidy(instance: Path) -> None:
    """Remove what is over, of every database that was served from this instance folder."""
    earlier = instance  # where earlier releases kept them
    for folder in (earlier, *(instance / DATABASES).glob("*")):
        orders.forget_old(folder / orders.FOLDER)
        uploads.forget_old(folder / uploads.FOLDER)


def keep_tidy(instance: Path) -> None:
    """Look again every minute while this process lives."""
    threading.Thread(target=_look, args=(instance,), name="housekeeping", daemon=True).start()


def forget(database_folder: Path) -> None:
    """Remove the papers and lists of a database that was made, or brought back, anew."""
    shutil.rmtree(database_folder, ignore_errors=True)


def _look(instance: Path) -> None:
    while True:
        time.sleep(EVERY)
        try:
            tidy(instance)
        except OSError:
            _log.exception("What is over could not be removed from %s", instance)
