"""Giving booths to all who wait for one: by zone, then beside others of their sector. A proposal, nothing more.

The same floor always gets the same proposal, in whatever order its records come, and each one says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from companion.floor.clashes import homes
from companion.floor.state import Floor, Guest, Stand

Reason = Literal["sector", "zone", "open", "elsewhere"]
"""Beside others of its sector in a row of its zone; in a row of its zone; in an empty row; in what is left."""


@dataclass(frozen=True)
class Proposal:
    """An exhibitor without a booth, the booth it could have, and why that one."""

    guest: Guest
    stand: Stand
    reason: Reason


def propose(floor: Floor) -> list[Proposal]:
    """Return a booth for as many of the waiting exhibitors as there are free ones, by booth.

    Nobody gets a booth out of their zone while one in it is left; nobody who has a booth is moved.
    """
    at_home = homes(floor)
    left = {stand.id: stand for stand in floor.free}
    middles = _middles(floor)
    waiting = floor.waiting
    found: list[Proposal] = []
    steps: tuple[tuple[Reason, Callable[[str, Stand], bool]], ...] = (
        ("zone", lambda zone, stand: bool(zone) and zone in at_home[stand.line]),
        ("open", lambda _zone, stand: not at_home[stand.line]),
        ("elsewhere", lambda _zone, _stand: True),
    )
    for reason, fits in steps:
        for (zone, sector), group in groupby(waiting, key=lambda guest: (guest.zone, guest.sector)):
            usable = [stand for stand in left.values() if fits(zone, stand)]
            anchor = middles.get((zone, sector))
            for guest, stand in zip(group, _nearest(usable, anchor), strict=False):
                del left[stand.id]
                found.append(Proposal(guest, stand, "sector" if anchor and reason == "zone" else reason))
        placed = {one.guest.id for one in found}
        waiting = [guest for guest in waiting if guest.id not in placed]
    return sorted(found, key=lambda one: (one.stand.code, one.stand.id))


def _middles(floor: Floor) -> dict[tuple[str, str], tuple[float, float]]:
    """The middle of the booths where each zone's exhibitors of each sector stand already."""
    points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for stand in sorted(floor.stands, key=lambda stand: (stand.code, stand.id)):
        guest = floor.guests.get(stand.exhibitor or "")
        if guest and guest.here and stand.box.sized:
            points[guest.zone, guest.sector].append(stand.box.middle)
    return {which: (_mean(x for x, _ in there), _mean(y for _, y in there)) for which, there in points.items()}


def _mean(numbers: Iterable[float]) -> float:
    known = list(numbers)
    return sum(known) / len(known)


def _nearest(stands: list[Stand], anchor: tuple[float, float] | None) -> list[Stand]:
    """The booths from the nearest to `anchor` on; without one as they are numbered, so that a sector stays together."""
    if anchor is None:
        return sorted(stands, key=lambda stand: (stand.code, stand.id))
    x, y = anchor

    def away(stand: Stand) -> tuple[float, str, str]:
        there = stand.box.middle
        return round((there[0] - x) ** 2 + (there[1] - y) ** 2, 6), stand.code, stand.id

    return sorted(stands, key=away)
