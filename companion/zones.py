"""Time zones from the pinned `tzdata` package, whatever the host's own zone data say.

Python's `zoneinfo` prefers the host's files (`TZPATH`) to the package; a host that is not updated then keeps rules
that a country has given up since. Importing this module empties the search path (PEP 615, `reset_tzpath`), so
that everything in this process that asks `zoneinfo`, Babel and psycopg included, reads the locked package.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HOST_PATH = zoneinfo.TZPATH
"""Where the host keeps its own zone data; `doctor` compares them."""

zoneinfo.reset_tzpath(to=())
ZoneInfo.clear_cache()

DEFAULT = "Africa/Casablanca"
"""The zone of a fair that names none."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE, _AFTER = timedelta(days=366), timedelta(days=31)


def minutes_ahead(zone: ZoneInfo, moment: datetime) -> int:
    """Return how many minutes the clock of a zone is ahead of UTC at a moment, local or aware."""
    moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    return int((moment.utcoffset() or timedelta()).total_seconds() // 60)


def local(zone: ZoneInfo, written: str) -> str:
    """Return a moment written in UTC as the zone's clock shows it: `2027-07-03T10:05`; others stay as they are."""
    try:
        moment = datetime.fromisoformat(written.replace("Z", "+00:00"))
    except ValueError:
        return written
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def offsets(zone: ZoneInfo, first: date, last: date) -> list[list[int]]:
    """Return when a zone's offset changes around a fair, from a year before its first day to a month after its last.

    `[[from, offset], …]`: minutes since 1970-01-01 UTC, and minutes ahead of UTC from then on; empty when it
    never changes.
    """
    start = datetime.combine(first, time(), UTC) - _BEFORE
    end = datetime.combine(last, time(), UTC) + _AFTER
    found = [[_minute(start), minutes_ahead(zone, start)]]
    for n in range((end - start).days):
        after = start + timedelta(days=n + 1)
        if minutes_ahead(zone, after) != found[-1][1]:
            change = _first_minute(zone, after - timedelta(days=1), after)
            found.append([change, minutes_ahead(zone, after)])
    return found if len(found) > 1 else []


def host_zone(name: str) -> ZoneInfo | None:
    """Return a zone as the host's own data have it; None when the host has no data, or not of this zone."""
    for folder in HOST_PATH:
        path = Path(folder, name)
        if path.is_file():
            with path.open("rb") as file:
                return ZoneInfo.from_file(file, key=name)
    return None


def _first_minute(zone: ZoneInfo, before: datetime, after: datetime) -> int:
    """Return the minute from which the offset is that of `after`, by bisection."""
    wanted = minutes_ahead(zone, after)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=_minute(after) - _minute(before)) / 2
        middle = middle.replace(second=0)
        if minutes_ahead(zone, middle) == wanted:
            after = middle
        else:
            before = middle
    return _minute(after)


def _minute(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds() // 60)
