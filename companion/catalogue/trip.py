"""In which order to visit places; twin of static/js/trip.js.

Nearest neighbour, then 2-opt (G. A. Croes, Operations Research 6, 1958): turn a stretch around wherever that
shortens the trip. Distances are whole and symmetric, every change shortens, so it ends and is the same
everywhere.
"""

from __future__ import annotations

from itertools import pairwise

Distances = list[list[int]]


def order(distances: Distances, fixed: bool) -> list[int]:
    """All the indices in a good order; 0 first when `fixed`. Never longer than 0, 1, 2, …; need not come
    back.
    """
    given = list(range(len(distances)))
    starts = given[:1] if fixed else given
    trips = [_shorten(distances, trip, fixed) for trip in [_greedy(distances, starts), given]]
    return min(trips, key=lambda trip: _length(distances, trip))


def _length(distances: Distances, trip: list[int]) -> int:
    return sum(distances[a][b] for a, b in pairwise(trip))


def _greedy(distances: Distances, starts: list[int]) -> list[int]:
    """Always on to the nearest not yet visited; from the start that makes it shortest."""
    best: list[int] = []
    for start in starts:
        trip, left = [start], [at for at in range(len(distances)) if at != start]
        while left:
            nearest = min(left, key=lambda at: distances[trip[-1]][at])
            trip.append(nearest)
            left.remove(nearest)
        if not best or _length(distances, trip) < _length(distances, best):
            best = trip
    return best


def _shorten(distances: Distances, trip: list[int], fixed: bool) -> list[int]:
    """2-opt on an open trip: both ends are free, or only the last."""
    trip = list(trip)
    count, shorter = len(trip), True
    while shorter:
        shorter = False
        for i in range(1 if fixed else 0, count - 1):
            for j in range(i + 1, count):
                gain = 0
                if i > 0:
                    gain += distances[trip[i - 1]][trip[i]] - distances[trip[i - 1]][trip[j]]
                if j < count - 1:
                    gain += distances[trip[j]][trip[j + 1]] - distances[trip[i]][trip[j + 1]]
                if gain > 0:
                    trip[i : j + 1] = trip[i : j + 1][::-1]
                    shorter = True
    return trip
