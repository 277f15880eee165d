"""The walkable floor as a lattice of points a step apart; twin of static/js/lattice.js.

A point is free when a square a little wider than a step, centred on it, touches nothing solid. Two free
neighbours' squares overlap, so the straight step between them, diagonal or not, is free too: no wall is thin
enough to slip through.

Every free point has a weight, lowest where solid things are far, so that the cheapest way keeps to the middle
of an aisle. A walk's cost and its length are carried in one integer, cost first: the shortest of the cheapest
ways has one value whatever the order in which points are visited. That is what lets Python and JavaScript
agree to the last centimetre.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isqrt
from typing import NamedTuple

STEP = 5  # decimetres between points, more in a hall too large for MOST_POINTS
MOST_POINTS = 80_000
LONGEST_SIDE = 2_000  # points
STRAIGHT, DIAGONAL = 10, 14  # length of a step in tenths of STEP
COST = 1 << 20  # a key is cost * COST + length
FREE_WEIGHT, WALL_WEIGHT = 12, 24  # far from everything; against a wall
EASY_STEP = STRAIGHT * (2 * FREE_WEIGHT * COST + 1)  # the cheapest step there is, as a key
NEVER = (1 << 53) - 1  # JavaScript's largest exact integer; no walk of MOST_POINTS steps comes near


class Box(NamedTuple):
    """An upright rectangle of the plan: top left corner and size, in decimetres."""

    x: int
    y: int
    w: int
    h: int

    def meets(self, left: int, top: int, right: int, bottom: int) -> bool:
        """Whether the inside of this box touches the given rectangle, which may be a line or a point."""
        return self.x < right and left < self.x + self.w and self.y < bottom and top < self.y + self.h


class Lattice:
    """The free points of a hall with solid boxes in it. Everything outside the hall is solid."""

    def __init__(self, hall: Box, solid: Iterable[Box]) -> None:
        self.hall = hall
        area, side = hall.w * hall.h // MOST_POINTS, max(hall.w, hall.h) // LONGEST_SIDE
        self.step = max(STEP, isqrt(area) + 1, side + 1)
        self.reach = self.step // 2 + 1
        self.columns = hall.w // self.step + 2  # the last column and row are outside:
        self.rows = hall.h // self.step + 2  # no step can leave the lattice
        self.weights = self._weigh(solid)
        self._costs = [weight * COST for weight in self.weights]
        self._blank = [NEVER if cost else -1 for cost in self._costs]  # nothing is better than -1: walls stay
        c = self.columns
        self.moves = [(move, STRAIGHT) for move in (1, -1, c, -c)]
        self.moves += [(move, DIAGONAL) for move in (c + 1, c - 1, -c + 1, -c - 1)]

    def _weigh(self, solid: Iterable[Box]) -> list[int]:
        """One weight per point: 0 where a person cannot stand, else less the farther from anything solid."""
        step, far = self.step, 3 * self.step
        across = [min(far, c * step, self.hall.w - c * step) for c in range(self.columns)]
        down = [min(far, r * step, self.hall.h - r * step) for r in range(self.rows)]
        clear = [min(a, d) for d in down for a in across]
        for box in solid:
            left, top = box.x - self.hall.x, box.y - self.hall.y
            columns = self._within(left - far, left + box.w + far, self.columns)
            for row in self._within(top - far, top + box.h + far, self.rows):
                dy = max(top - row * step, row * step - top - box.h)
                for column in columns:
                    at = row * self.columns + column
                    distance = max(dy, left - column * step, column * step - left - box.w)
                    clear[at] = min(clear[at], distance)
        rise = WALL_WEIGHT - FREE_WEIGHT
        return [0 if d < self.reach else FREE_WEIGHT + rise * (far - d) // far for d in clear]

    def _within(self, low: int, high: int, count: int) -> range:
        """Indices of the columns (or rows) strictly between two positions counted from the hall's corner."""
        return range(max(0, low // self.step + 1), min(count, -(-high // self.step)))

    def place(self, point: int) -> tuple[int, int]:
        """Where a point is on the plan, in decimetres."""
        row, column = divmod(point, self.columns)
        return self.hall.x + column * self.step, self.hall.y + row * self.step

    def nearest(self, x: int, y: int, inside: Box) -> int | None:
        """The free point nearest to a place, among those in a box (its edges included)."""
        best: tuple[int, int] | None = None
        left, top = inside.x - self.hall.x, inside.y - self.hall.y
        columns = self._within(left - 1, left + inside.w + 1, self.columns)
        for row in self._within(top - 1, top + inside.h + 1, self.rows):
            for column in columns:
                point = row * self.columns + column
                if self.weights[point]:
                    px, py = self.place(point)
                    found = ((px - x) ** 2 + (py - y) ** 2, point)
                    best = found if best is None or found < best else best
        return best[1] if best else None

    def walk(self, starts: Iterable[int], steps: int | None = None) -> list[int]:
        """The key of the best walk from the nearest start to every free point; NEVER where none leads.

        With `steps` it goes no farther than so many easy steps; keys beyond are then not final.

        Buckets (R. B. Dial, Algorithm 360, CACM 12, 1969), each as wide as the cheapest step: no point can
        improve another of its own bucket, so the order inside one does not matter.
        """
        weights, keys = self._costs, self._blank.copy()
        buckets: list[list[int]] = [list(starts)]
        for start in buckets[0]:
            keys[start] = 0
        for number, bucket in enumerate(buckets):  # grows while it is read
            if steps is not None and number > steps:
                break
            for point in bucket:
                key, weight = keys[point], weights[point] + 1
                if key // EASY_STEP != number:
                    continue  # reached more cheaply since it was put here
                for move, length in self.moves:
                    reached = key + length * (weight + weights[point + move])
                    if reached < keys[point + move]:
                        keys[point + move] = reached
                        wanted = reached // EASY_STEP
                        buckets.extend([] for _ in range(wanted + 1 - len(buckets)))
                        buckets[wanted].append(point + move)
        return keys

    def trace(self, keys: Sequence[int], point: int) -> list[int]:
        """The corners of the way a walk took to a point, start first; straight on where that is as good."""
        corners, last = [point], self.moves[0]
        while keys[point]:
            move = next(move for move in (last, *self.moves) if self._leads(keys, point, *move))
            if move != last and point != corners[-1]:
                corners.append(point)
            point, last = point - move[0], move
        return corners[::-1] if point == corners[-1] else [point, *reversed(corners)]

    def _leads(self, keys: Sequence[int], point: int, move: int, length: int) -> bool:
        """Whether the best walk to a point can come by this move."""
        before = point - move
        step = length * ((self.weights[before] + self.weights[point]) * COST + 1)
        return keys[before] + step == keys[point]

    def smooth(self, corners: list[int]) -> list[int]:
        """The corners left when every straight line that costs no more than the way around it is taken."""
        costs = [0]
        for a, b in pairwise(corners):
            costs.append(costs[-1] + (self._straight(a, b) or 0))  # never None: a walk went there
        kept, at = corners[:1], 0
        while at < len(corners) - 1:
            to = len(corners) - 1
            while to > at + 1:
                line = self._straight(corners[at], corners[to])
                if line is not None and line <= costs[to] - costs[at]:
                    break
                to -= 1
            kept.append(corners[to])
            at = to
        return kept

    def _straight(self, a: int, b: int) -> int | None:
        """What the straight line between two points costs; None when something solid is too near.

        At each step along its longer side the line passes between two points, both free or the line is not;
        their weights count by nearness. Where it passes exactly over a point only that one matters.
        """
        (row, column), (to_row, to_column) = divmod(a, self.columns), divmod(b, self.columns)
        dx, dy = to_column - column, to_row - row
        count = max(abs(dx), abs(dy))
        total = 0
        for i in range(count + 1):
            (c, c_rest), (r, r_rest) = divmod(dx * i, count), divmod(dy * i, count)
            here = a + r * self.columns + c
            rest = c_rest or r_rest
            beside = here + (1 if c_rest else self.columns) if rest else here
            if not (self.weights[here] and self.weights[beside]):
                return None
            weight = self.weights[here] * (count - rest) + self.weights[beside] * rest
            total += weight if i in (0, count) else 2 * weight
        length = isqrt(STRAIGHT * STRAIGHT * (dx * dx + dy * dy))
        return length * total // (count * count)
