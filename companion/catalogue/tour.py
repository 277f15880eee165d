"""In which order to visit places; twin of static/js/tour.js.

Nearest neighbour, then 2-opt (G. A. Croes, Operations Research 6, 1958): turn a stretch around wherever that
shortens the tour. Distances are whole and symmetric, every change shortens, so it ends and is the same
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
    tours = [_shorten(distances, tour, fixed) for tour in [_greedy(distances, starts), given]]
    return min(tours, key=lambda tour: _length(distances, tour))


def _length(distances: Distances, tour: list[int]) -> int:
    return sum(distances[a][b] for a, b in pairwise(tour))


def _greedy(distances: Distances, starts: list[int]) -> list[int]:
    """Always on to the nearest not yet visited; from the start that makes it shortest."""
    best: list[int] = []
    for start in starts:
        tour, left = [start], [at for at in range(len(distances)) if at != start]
        while left:
            nearest = min(left, key=lambda at: distances[tour[-1]][at])
            tour.append(nearest)
            left.remove(nearest)
        if not best or _length(distances, tour) < _length(distances, best):
            best = tour
    return best


def _shorten(distances: Distances, tour: list[int], fixed: bool) -> list[int]:
    """2-opt on an open tour: both ends are free, or only the last."""
    tour = list(tour)
    count, shorter = len(tour), True
    while shorter:
        shorter = False
        for i in range(1 if fixed else 0, count - 1):
            for j in range(i + 1, count):
                gain = 0
                if i > 0:
                    gain += distances[tour[i - 1]][tour[i]] - distances[tour[i - 1]][tour[j]]
                if j < count - 1:
                    gain += distances[tour[j]][tour[j + 1]] - distances[tour[i]][tour[j + 1]]
                if gain > 0:
                    tour[i : j + 1] = tour[i : j + 1][::-1]
                    shorter = True
    return tour
