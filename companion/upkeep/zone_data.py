"""Compares the pinned time zone data with the host's, and says when the pin is old."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata

from companion import zones

OLD = timedelta(days=550)
"""Days after the start of its year for which a release of the IANA data is trusted; there are several a year."""


def compare_zone_data(zone: ZoneInfo, dates: list[str], today: date | None = None) -> tuple[str, str] | None:
    """Return what is wrong with the zone data and what to do; None when all is well.

    The host's are compared from a year before the fair, or today if that is earlier, to a month after it.
    """
    today = today or datetime.now(UTC).date()
    pinned, pin = tzdata.IANA_VERSION, "Update this release of Rafiq, or its package tzdata, and restart it."
    host = _host_version()
    if host > pinned:
        return f"The host has the rules of {host}, Rafiq those of {pinned}, which are older.", pin
    if today > date(int(pinned[:4]), 1, 1) + OLD:
        return f"The rules of {pinned} are old; countries change theirs.", pin
    theirs = zones.host_zone(zone.key)
    days = sorted([today, *(date.fromisoformat(day) for day in dates)])
    if theirs is not None and (_rules(zone, days) != _rules(theirs, days)):
        return (
            f"The host's rules for {zone.key} differ from those of {pinned}. Rafiq goes by {pinned}.",
            "Update the host's package tzdata too: other programs there show another time.",
        )
    return None


def _rules(zone: ZoneInfo, days: list[date]) -> list[tuple[int, int]]:
    """Return the offset by hour around these days, as (hour, minutes) at each change."""
    start = datetime(days[0].year, days[0].month, days[0].day, tzinfo=UTC) - timedelta(days=366)
    hours = int((days[-1] - days[0]).days + 366 + 31) * 24
    found = [(n, zones.minutes_ahead(zone, start + timedelta(hours=n))) for n in range(hours)]
    return [found[0], *(after for before, after in pairwise(found) if before[1] != after[1])]


def _host_version() -> str:
    """Return the release of the host's data (`2026f`), from the files Debian and others put there; "" when unknown."""
    for folder in zones.HOST_PATH:
        for name in ("+VERSION", "tzdata.zi"):
            path = Path(folder, name)
            if path.is_file():
                with path.open(encoding="utf-8", errors="replace") as file:
                    return file.readline().removeprefix("# version").strip()
    return ""
