"""What is wrong with the floor, or looks so: found anew each time, stored nowhere.

Most of it is a warning, since a hurried office may be right: two booths for one exhibitor are often meant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from companion.floor.state import OPEN_GROUND, UNDERFOOT, Box, Floor, Guest, Stand
from companion.models import Booth
from companion.sync.conflicts import Conflict, conflicts

DOORS = ("entrance", "exit", "emergency_exit")
AT_HOME = 10
"""A zone is at home in a row when at least one of so many exhibitors there, and at least two, are of it."""

ORDER = (
    "wanted_twice", "gone", "same_code", "overlap", "outside", "no_size", "full", "apart", "wrong_zone",
)  # fmt: skip
"""All kinds of clash, the gravest first."""


@dataclass(frozen=True)
class Clash:
    """One thing to look at: which booths or places (codes), which exhibitors (record ids), and how many of what.

    `conflict` is what two people wrote side by side, for a booth wanted twice.
    """

    kind: str
    codes: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    numbers: dict[str, int] = field(default_factory=dict)
    conflict: Conflict | None = None


def clashes(floor: Floor, open_conflicts: Iterable[Conflict] = ()) -> list[Clash]:
    """Return everything to look at, the gravest first, each kind by code."""
    found = [
        *_wanted_twice(floor, open_conflicts),
        *_held_by_nobody(floor),
        *_same_code(floor),
        *_places(floor),
        *_too_few(floor),
        *_apart(floor),
        *_wrong_zones(floor),
    ]
    return sorted(found, key=lambda one: (ORDER.index(one.kind), one.codes))


def booth_conflicts(session: Session) -> list[Conflict]:
    """Return where two people, neither seeing the other, gave one booth to different exhibitors."""
    return [one for one in conflicts(session) if (one.kind, one.path) == (Booth.KIND, "exhibitor")]


def _wanted_twice(floor: Floor, open_conflicts: Iterable[Conflict]) -> Iterator[Clash]:
    codes = {stand.id: stand.code for stand in floor.stands}
    for one in open_conflicts:
        if one.record in codes:
            wanted = tuple(side.value for side in one.sides if side.value)
            yield Clash("wanted_twice", (codes[one.record],), wanted, conflict=one)


def _held_by_nobody(floor: Floor) -> Iterator[Clash]:
    """Booths whose exhibitor has withdrawn or is not known."""
    for own, stands in floor.held.items():
        if own not in floor.guests or not floor.guests[own].here:
            yield Clash("gone", tuple(stand.code for stand in stands), (own,) if own in floor.guests else ())


def _same_code(floor: Floor) -> Iterator[Clash]:
    counted = Counter([one.code for one in floor.stands] + [one.code for one in floor.spots])
    return (Clash("same_code", (code,), numbers={"num": num}) for code, num in counted.items() if num > 1)


def _places(floor: Floor) -> Iterator[Clash]:
    """Booths and places that lie on each other, outside of the floor, or nowhere."""
    solid = {one.code: one.box for one in floor.spots if one.type not in UNDERFOOT and one.type not in DOORS}
    drawn = [(stand.code, stand.box) for stand in floor.stands if stand.box.sized]
    for stand in floor.stands:
        if not stand.box.sized:
            yield Clash("no_size", (stand.code,))
        elif not _on_the_floor(floor, stand.box):
            yield Clash("outside", (stand.code,))
    outside = [spot for spot in floor.spots if spot.box.sized and not _in_the_plan(floor, spot.box)]
    yield from (Clash("outside", (spot.code,)) for spot in outside)
    for one, other in _overlapping(drawn, [(code, box) for code, box in solid.items() if box.sized]):
        yield Clash("overlap", (one, other))


def _in_the_plan(floor: Floor, box: Box) -> bool:
    return not (floor.width and floor.depth) or box.inside(Box(0, 0, floor.width, floor.depth))


def _on_the_floor(floor: Floor, box: Box) -> bool:
    """Whether a booth is within the plan and, where halls are drawn, within one of them."""
    grounds = [spot.box for spot in floor.spots if spot.type in OPEN_GROUND and spot.box.sized]
    return _in_the_plan(floor, box) and (not grounds or any(box.inside(ground) for ground in grounds))


def _overlapping(booths: list[tuple[str, Box]], rooms: list[tuple[str, Box]]) -> Iterator[tuple[str, str]]:
    """Pairs of booths, or of a booth and a room, on the same floor; swept from left to right."""
    waiting = sorted([*booths, *rooms], key=lambda one: (one[1].x, one[0]))
    among = {code for code, _ in booths}
    open_: list[tuple[str, Box]] = []
    for code, box in waiting:
        open_ = [other for other in open_ if other[1].x + other[1].w > box.x]
        for other, there in open_:
            if box.overlaps(there) and (code in among or other in among):
                yield (code, other) if code < other else (other, code)
        open_.append((code, box))


def _too_few(floor: Floor) -> Iterator[Clash]:
    wait, free = len(floor.waiting), len(floor.free)
    if wait > free:
        yield Clash("full", numbers={"num": wait - free})


def _apart(floor: Floor) -> Iterator[Clash]:
    """Exhibitors with several booths that do not form one: a double booth is one, two ends of a hall are not."""
    for own, stands in floor.held.items():
        drawn = [stand for stand in stands if stand.box.sized]
        if len(drawn) > 1 and not _together(drawn):
            yield Clash("apart", tuple(stand.code for stand in drawn), (own,))


def _together(stands: list[Stand]) -> bool:
    reached, left = [stands[0]], stands[1:]
    for here in reached:
        near = [one for one in left if here.box.away(one.box) < 0.1]
        reached += near
        left = [one for one in left if one not in near]
    return not left


def homes(floor: Floor) -> dict[str, set[str]]:
    """Return the zones that are at home in each row of booths, by the name of the row.

    A row whose letter is a zone's code is that zone's. Else those who stand there tell; an empty row is open.
    """
    standing: dict[str, Counter[str]] = defaultdict(Counter)
    letters = {stand.line: stand.letter for stand in floor.stands}
    for stand in floor.stands:
        guest = floor.guests.get(stand.exhibitor or "")
        if guest and guest.zone:
            standing[stand.line][guest.zone] += 1
    found = {}
    for line, letter in letters.items():
        there = standing[line]
        least = max(2, there.total() / AT_HOME)
        many = {zone for zone, number in there.items() if number >= least} or set(there)
        found[line] = {letter} if letter in floor.zones else many
    return found


def _wrong_zones(floor: Floor) -> Iterator[Clash]:
    """Exhibitors of whose zone nobody else, or almost nobody, stands in the row."""
    at_home = homes(floor)
    for stand in floor.stands:
        guest: Guest | None = floor.guests.get(stand.exhibitor or "")
        if guest and guest.here and guest.zone and guest.zone not in at_home[stand.line] | {""}:
            yield Clash("wrong_zone", (stand.code,), (guest.id,))
