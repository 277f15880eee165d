"""Ways to walk through the fair: from booth to booth, past all of a visitor's booths, and who stands near.

Twin of static/js/route.js, with exactly equal answers. Everything comes from the plan's rectangles, in whole
decimetres: booths and rooms are solid; what is left, aisle or open floor, can be walked. A booth is entered
at the middle of a side that has free floor before it. A bad plan breaks nothing: where no way leads, `route`
answers None and distances are those of a straight line.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from math import isqrt
from typing import Any, NamedTuple

from companion.catalogue.lattice import COST, EASY_STEP, NEVER, Box, Lattice
from companion.catalogue.trip import order

PASSAGES = {"aisle", "hall", "outdoor", "entrance", "exit", "emergency_exit"}  # the types of place one walks through
MOST_STOPS = 40
APRON = 30  # decimetres of free floor taken for granted around a plan without a size
NEAR = 16  # easy steps of the first look around a booth
DEAREST = 3  # no step costs more easy ones


class Door(NamedTuple):
    """Where one enters a booth, or stands in a passage, and the lattice's point before it."""

    x: int
    y: int
    point: int


class Floor:
    """The floor of one catalogue snapshot. Nothing is computed before the first question."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self._snapshot = snapshot
        self._walks: dict[str, Sequence[int]] = {}
        self._known_doors: dict[str, list[Door]] = {}

    def route(self, start: str, end: str) -> dict[str, Any] | None:
        """The way between two booths or places: {"points": [[x, y], …], "metres": int}, or None.

        The points, in decimetres, are where the line begins, turns and ends.
        """
        if not (start in self._boxes and end in self._boxes and self._doors(end)):
            return None
        keys = self._walk(start)
        last = min(self._doors(end), key=lambda door: (keys[door.point], door.point))
        if keys[last.point] == NEVER:
            return None
        corners = self._lattice.smooth(self._lattice.trace(keys, last.point))
        first = next(door for door in self._doors(start) if door.point == corners[0])
        points = [first[:2], *map(self._lattice.place, corners), last[:2]]
        return {"points": [[x, y] for x, y in _bends(points)], "metres": self._metres(keys[last.point])}

    def trip(self, start: str | None, codes: Iterable[str]) -> list[dict[str, Any]]:
        """In which order to visit booths: [{"booth": code, "metres": int from the one before}, …].

        The first one's metres are from the start; without a (known) start it is whichever stop makes the trip
        shortest. Each known booth comes once, of the first MOST_STOPS given. Never longer than in the order
        given.
        """
        begin = [start] if start in self._boxes else []
        known = [code for code in dict.fromkeys(codes) if code in self._boxes and code not in begin]
        places = [*begin, *known[:MOST_STOPS]]
        metres = [[self.metres(a, b) for b in places] for a in places]
        visits = order(metres, fixed=bool(begin))
        legs = [0, *(metres[a][b] for a, b in pairwise(visits))]
        stops = [{"booth": places[at], "metres": leg} for at, leg in zip(visits, legs, strict=False)]
        return stops[len(begin) :]

    def near(self, code: str, count: int) -> list[tuple[str, int]]:
        """The nearest booths where somebody else stands: [(code, metres), …], nearest first.

        A booth's page asks this at every visit, so it looks around in growing circles and stops when enough
        are found. Booths no way leads to come last, by the straight line.
        """
        if code not in self._boxes:
            return []
        host = self._hosts.get(code)
        others = [o for o, other in self._hosts.items() if other != host and o != code and o in self._boxes]
        wanted, steps, everywhere = min(count, len(others)), NEAR, DEAREST * len(self._lattice.weights)
        found = self._around(code, others, steps)
        while len(found) < wanted and steps < everywhere:
            steps *= 2
            found = self._around(code, others, steps)
        found.sort(key=lambda pair: pair[1])  # stable: equals stay in the snapshot's order
        if len(found) < wanted:
            reached = {other for other, _ in found}
            rest = [(other, self._straight(code, other)) for other in others if other not in reached]
            found += sorted(rest, key=lambda pair: pair[1])
        return found[:wanted]

    def metres(self, start: str, end: str) -> int:
        """How far one walks between two known places, or the straight line where no way leads."""
        key = self._best(self._walk(start), end)
        return self._straight(start, end) if key == NEVER else self._metres(key)

    def _around(self, code: str, others: list[str], steps: int) -> list[tuple[str, int]]:
        """Those of the others one reaches within so many easy steps, with their metres."""
        keys = self._lattice.walk([door.point for door in self._doors(code)], steps)
        x, y, w, h = self._boxes[code]
        far = (steps + 2) * self._lattice.step  # nothing beyond this can have been reached
        within = [o for o in others if self._boxes[o].meets(x - far, y - far, x + w + far, y + h + far)]
        reached = [(other, self._best(keys, other)) for other in within]
        return [(other, self._metres(key)) for other, key in reached if key // EASY_STEP <= steps]

    def _best(self, keys: Sequence[int], end: str) -> int:
        """The key of the door of a place that a walk reaches best."""
        return min((keys[door.point] for door in self._doors(end)), default=NEVER)

    def _walk(self, start: str) -> Sequence[int]:
        """The walk to everywhere from a place; the latest are kept, as many as one trip needs."""
        walk = self._walks.get(start)
        if walk is None:
            walk = array("q", self._lattice.walk([door.point for door in self._doors(start)]))
            self._walks[start] = walk
            for oldest in list(self._walks)[: -MOST_STOPS - 1]:
                self._walks.pop(oldest, None)  # another thread may have been here
        return walk

    def _metres(self, key: int) -> int:
        """A walk's length in metres, rounded: its key counts tenths of the lattice's step, in decimetres."""
        return (key % COST * self._lattice.step + 50) // 100

    def _straight(self, start: str, end: str) -> int:
        """Metres from middle to middle through whatever lies between."""
        a, b = self._boxes[start], self._boxes[end]
        dx, dy = 2 * a.x + a.w - 2 * b.x - b.w, 2 * a.y + a.h - 2 * b.y - b.h
        return (isqrt(dx * dx + dy * dy) + 10) // 20

    @cached_property
    def _boxes(self) -> dict[str, Box]:
        """Every booth and place that has a size, by code; a booth's code wins."""
        things = [*self._snapshot["places"], *self._snapshot["booths"]]
        sized = [thing for thing in things if thing.get("w", 0) > 0 and thing.get("h", 0) > 0]
        return {thing["code"]: Box(*(thing[side] for side in Box._fields)) for thing in sized}

    @cached_property
    def _hosts(self) -> dict[str, str]:
        """Who stands where: booth to exhibitor, both codes."""
        return {b["code"]: b["exhibitor"] for b in self._snapshot["booths"] if b.get("exhibitor")}

    @cached_property
    def _walked(self) -> list[dict[str, Any]]:
        """The places one walks through."""
        taken = {booth["code"] for booth in self._snapshot["booths"]}
        return [p for p in self._snapshot["places"] if p["type"] in PASSAGES and p["code"] not in taken]

    @cached_property
    def _passages(self) -> set[str]:
        return {place["code"] for place in self._walked}

    @cached_property
    def _aisles(self) -> list[Box]:
        codes = [place["code"] for place in self._walked if place["type"] == "aisle"]
        return [self._boxes[code] for code in codes if code in self._boxes]

    @cached_property
    def _solid(self) -> list[Box]:
        return [box for code, box in self._boxes.items() if code not in self._passages]

    @cached_property
    def _lattice(self) -> Lattice:
        plan = self._snapshot["fair"].get("plan")
        hall = Box(0, 0, plan["w"], plan["h"]) if plan else _around_all(list(self._boxes.values()))
        return Lattice(hall, self._solid)

    def _doors(self, code: str) -> list[Door]:
        """A booth's or place's doors; none when everything around it is solid."""
        if code not in self._known_doors:
            box = self._boxes[code]
            self._known_doors[code] = self._standing(box) if code in self._passages else self._sides(box)
        return self._known_doors[code]

    def _standing(self, box: Box) -> list[Door]:
        """In a passage one stands at the free point nearest to its middle."""
        point = self._lattice.nearest(box.x + box.w // 2, box.y + box.h // 2, box)
        return [] if point is None else [Door(*self._lattice.place(point), point)]

    def _sides(self, box: Box) -> list[Door]:
        """The middles of the sides one can step out of: onto an aisle if there is one, else into the open."""
        step, columns = self._lattice.step, self._lattice.columns
        aside, along = max(0, step - box.w), max(0, step - box.h)  # a booth may be narrower than a step
        deep, wide, high = self._lattice.reach + step, box.w + 2 * aside, box.h + 2 * along
        x, y = box.x + box.w // 2, box.y + box.h // 2
        fronts = [
            (columns, x, box.y + box.h, Box(box.x - aside, box.y + box.h, wide, deep)),
            (-columns, x, box.y, Box(box.x - aside, box.y - deep, wide, deep)),
            (1, box.x + box.w, y, Box(box.x + box.w, box.y - along, deep, high)),
            (-1, box.x, y, Box(box.x - deep, box.y - along, deep, high)),
        ]
        ranked = []
        for outward, door_x, door_y, front in fronts:
            point = self._lattice.nearest(door_x, door_y, front)
            if point is not None and not self._shut(door_x, door_y, point):
                ranked.append((self._rank(point, outward), Door(door_x, door_y, point)))
        best = max((rank for rank, _ in ranked), default=0)
        return [door for rank, door in ranked if rank == best]

    def _shut(self, x: int, y: int, point: int) -> bool:
        """Whether something solid stands between a door and its point."""
        to_x, to_y = self._lattice.place(point)
        left, top, right, bottom = min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)
        return any(box.meets(left, top, right, bottom) for box in self._solid)

    def _rank(self, point: int, outward: int) -> int:
        """How likely a side is the open one: 2 on an aisle, 1 with three free points before it, else 0."""
        x, y = self._lattice.place(point)
        if any(aisle.meets(x, y, x, y) for aisle in self._aisles):
            return 2
        free = self._lattice.weights
        return int(bool(free[point + outward] and free[point + 2 * outward]))


def _around_all(boxes: list[Box]) -> Box:
    """The hall of a plan without a size: everything on it, and an aisle around."""
    if not boxes:
        return Box(0, 0, 0, 0)
    left, top = min(box.x for box in boxes) - APRON, min(box.y for box in boxes) - APRON
    right, bottom = max(box.x + box.w for box in boxes) + APRON, max(box.y + box.h for box in boxes) + APRON
    return Box(left, top, right - left, bottom - top)


def _bends(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The points at which a line begins, turns and ends."""
    kept = points[:1]
    for at, (x, y) in enumerate(points[1:], start=1):
        if (x, y) == kept[-1]:
            continue
        if at + 1 < len(points):
            (px, py), (nx, ny) = kept[-1], points[at + 1]
            if (x - px) * (ny - y) == (y - py) * (nx - x):
                continue
        kept.append((x, y))
    return kept
