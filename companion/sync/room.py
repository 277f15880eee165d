"""How many requests one exhibitor is given: more than anybody can answer, fewer than a program can write."""

from __future__ import annotations

from limits import parse
from limits.errors import StorageError

from companion.extensions import limiter
from companion.models import Request
from companion.sync.edits import Edit
from companion.sync.problems import Problem
from companion.sync.requests import WITHDRAWAL

PER_ADDRESS = "3000/minute"
"""For programs that name no device; a whole fair shares one address, and its phones name theirs."""

PER_EXHIBITOR = parse("1000/hour")
"""New requests one exhibitor is given."""


def room_at_exhibitor(edit: Edit) -> Problem | None:
    """Refuse a new request when its exhibitor has been given too many; a limit that cannot be counted is none."""
    if edit.kind != Request.KIND or edit.fields == WITHDRAWAL:
        return None
    try:
        room = limiter.limiter.hit(PER_EXHIBITOR, "exhibitor", edit.fields["exhibitor"])
    except StorageError:
        return None
    return None if room else Problem("exhibitor_busy", "exhibitor")
