"""What cannot all be true of a programme, found anew each time. Cancelled and postponed workshops take no place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from companion.catalogue.keys import key
from companion.models import Workshop
from companion.programme.workshops import Programme

ORDER = ("no_room", "outside_days", "room", "speaker", "capacity", "outside_hours")
"""All kinds of clash, the gravest first."""


@dataclass(frozen=True)
class Clash:
    """Something wrong with a workshop: which kind, with which other one, and the seats it is about."""

    kind: str
    code: str
    other: str = ""
    seats: int = 0


def clashes(programme: Programme) -> list[Clash]:
    """Return what is wrong with the workshops that are to take place, drafts included."""
    held = [one for one in programme.workshops if one.status == "confirmed"]
    found = [clash for one in held for clash in _alone(one, programme)]
    for one, other in combinations(held, 2):
        if one.date == other.date and _together(one, other):
            found += _between(one, other)
    return sorted(found, key=lambda clash: (ORDER.index(clash.kind), clash.code, clash.other))


def _alone(one: Workshop, programme: Programme) -> Iterator[Clash]:
    room = next((place for place in programme.rooms if place.code == one.room), None)
    if room is None:
        yield Clash("no_room", one.code)
    elif one.capacity and room.capacity and one.capacity > room.capacity:
        yield Clash("capacity", one.code, room.code, room.capacity)
    if programme.days and one.date not in programme.days:
        yield Clash("outside_days", one.code)
    opens, closes = programme.opens, programme.closes
    if opens and closes and opens < closes and (one.start < opens or one.end > closes or one.end <= one.start):
        yield Clash("outside_hours", one.code)


def _between(one: Workshop, other: Workshop) -> Iterator[Clash]:
    if one.room and one.room == other.room:
        yield Clash("room", one.code, other.code)
    elif _speakers(one) & _speakers(other):
        yield Clash("speaker", one.code, other.code)


def _together(one: Workshop, other: Workshop) -> bool:
    return one.start < _end(other) and other.start < _end(one)


def _end(one: Workshop) -> str:
    """An end past midnight is later than any hour of its day."""
    return one.end if one.end > one.start else f"24:00 {one.end}"


def _speakers(one: Workshop) -> set[str]:
    return {key(name) for name in one.speaker.values()} - {""}
