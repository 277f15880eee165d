"""Walking through the fair: lines one can really walk, honest metres, and sense made of senseless plans."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.catalogue.route import Floor
from tests.floors import booth, floor, place, random_floor

DEMO = json.loads((Path(__file__).parent / "data/snapshot.json").read_text("utf-8"))
OPEN = {"aisle", "hall", "outdoor", "entrance", "exit", "emergency_exit"}
BOOTHS = [booth["code"] for booth in DEMO["booths"]]
ENTRANCES = [place["code"] for place in DEMO["places"] if place["type"] == "entrance"]


@pytest.fixture(scope="module")
def demo() -> Floor:
    return Floor(DEMO)


def crosses(a: list[int], b: list[int], box: dict[str, Any]) -> bool:
    """Whether the segment passes through the inside of a box: clipped to it, something is left."""
    enter, leave = 0.0, 1.0
    for start, end, low, size in ((a[0], b[0], box["x"], box["w"]), (a[1], b[1], box["y"], box["h"])):
        if start == end:
            if not low < start < low + size:
                return False
            continue
        at = sorted(((low - start) / (end - start), (low + size - start) / (end - start)))
        enter, leave = max(enter, at[0]), min(leave, at[1])
    return leave - enter > 1e-9


def assert_walkable(snapshot: dict[str, Any], points: list[list[int]]) -> None:
    booths = {booth["code"] for booth in snapshot["booths"]}
    solid = snapshot["booths"] + [p for p in snapshot["places"] if p["type"] not in OPEN and p["code"] not in booths]
    for a, b in pairwise(points):
        for box in solid:
            assert not (box["w"] and box["h"] and crosses(a, b, box)), (a, b, box["code"])


def on_edge(point: list[int], box: dict[str, Any]) -> bool:
    x, y = point[0] - box["x"], point[1] - box["y"]
    return 0 <= x <= box["w"] and 0 <= y <= box["h"] and (x in (0, box["w"]) or y in (0, box["h"]))


def total(floor: Floor, start: str | None, codes: list[str]) -> int:
    return sum(floor.metres(a, b) for a, b in pairwise([start, *codes] if start else codes))


# The demo fair


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_every_booth_can_be_walked_to(demo: Floor, entrance: str) -> None:
    hall = DEMO["fair"]["plan"]
    for code, box in zip(BOOTHS, DEMO["booths"], strict=True):
        way = demo.route(entrance, code)
        assert way is not None, code
        assert_walkable(DEMO, way["points"])
        assert on_edge(way["points"][-1], box)
        assert all(0 <= x <= hall["w"] and 0 <= y <= hall["h"] for x, y in way["points"])


def test_the_line_keeps_to_the_middle_of_the_aisle(demo: Floor) -> None:
    assert demo.route("B40", "B48") == {
        "points": [[195, 210], [200, 210], [225, 235], [365, 235], [375, 225], [375, 220]],
        "metres": 19,
    }


def test_metres_fit_the_line_drawn(demo: Floor) -> None:
    draw = Random(1)
    for _ in range(60):
        way = demo.route(*draw.sample(BOOTHS, 2))
        assert way is not None
        line = sum(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 for (ax, ay), (bx, by) in pairwise(way["points"]))
        assert line / 10 - 2.5 <= way["metres"] <= 1.09 * line / 10 + 1


def test_distances_are_a_metric(demo: Floor) -> None:
    draw = Random(2)
    stops = [*draw.sample(BOOTHS, 12), "STAGE", "ENT-S"]
    for a in stops:
        assert demo.metres(a, a) == 0
        for b in stops:
            assert demo.metres(a, b) == demo.metres(b, a)
            # A booth with two open sides is a short cut of its own width; 3 m more for the roundings.
            assert all(demo.metres(a, b) <= demo.metres(a, c) + demo.metres(c, b) + 5 for c in stops)


def test_neighbours_are_near(demo: Floor) -> None:
    near = demo.near("B40", 6)
    assert [metres for _, metres in near] == sorted(metres for _, metres in near)
    assert {"B39", "B41"} <= {code for code, _ in near}
    assert near == [(code, demo.metres("B40", code)) for code, _ in near]


def test_trip_of_the_bookmarks(demo: Floor) -> None:
    given = Random(3).sample(BOOTHS, 20)
    trip = demo.trip("ENT-S", given)
    order = [stop["booth"] for stop in trip]
    assert sorted(order) == sorted(given)
    assert [stop["metres"] for stop in trip] == [demo.metres(a, b) for a, b in pairwise(["ENT-S", *order])]
    assert total(demo, "ENT-S", order) < total(demo, "ENT-S", given) / 2


def test_trip_without_a_start_begins_anywhere(demo: Floor) -> None:
    given = Random(5).sample(BOOTHS, 12)
    trip = demo.trip(None, given)
    order = [stop["booth"] for stop in trip]
    assert sorted(order) == sorted(given)
    assert trip[0]["metres"] == 0
    assert total(demo, None, order) <= total(demo, given[0], given[1:])


def test_trip_knows_what_to_leave_out(demo: Floor) -> None:
    assert demo.trip("A01", ["A01", "Z99", "B02", "B02"]) == [{"booth": "B02", "metres": demo.metres("A01", "B02")}]
    assert demo.trip("Z99", []) == []
    assert [stop["booth"] for stop in demo.trip(None, ["A01"])] == ["A01"]
    assert {stop["booth"] for stop in demo.trip("ENT-S", BOOTHS)} == set(BOOTHS[:40])


def test_unknown_codes(demo: Floor) -> None:
    assert demo.route("Z99", "A01") is None
    assert demo.route("A01", "Z99") is None
    assert demo.near("Z99", 3) == []


# Plans of all sorts


def test_open_floor_without_aisles_is_walked_straight() -> None:
    market = Floor(floor([booth("A1", 100, 200), booth("A2", 400, 200)]))
    assert market.route("A1", "A2") == {"points": [[120, 210], [400, 210]], "metres": 27}


def test_around_a_wall() -> None:
    wall = place("W", "wall", 100, 0, 2, 180)
    open_hall, split = ([booth("A1", 40, 0), booth("A2", 140, 0)], 200)
    there = Floor(floor(open_hall, [wall], (split, 200))).route("A1", "A2")
    assert there is not None
    assert max(y for _, y in there["points"]) > 180
    assert_walkable(floor(open_hall, [wall]), there["points"])


def test_a_booth_nobody_can_reach() -> None:
    around = [
        booth("B1", 80, 80, 60, 20),
        booth("B2", 80, 120, 60, 20),
        booth("B3", 80, 100),
        booth("B4", 120, 100),
    ]
    hall = Floor(floor([booth("A1", 300, 100), booth("A2", 100, 100), *around]))
    assert hall.route("A1", "A2") is None
    assert hall.route("A2", "A1") is None
    assert hall.metres("A1", "A2") == hall.metres("A2", "A1") == 20
    assert [stop["booth"] for stop in hall.trip("A1", ["A2"])] == ["A2"]
    assert hall.near("A1", 9)[-1] == ("A2", 20)


def test_a_wall_across_the_hall() -> None:
    halves = Floor(floor([booth("A1", 40, 40), booth("A2", 300, 40)], [place("W", "wall", 200, 0, 1, 500)]))
    assert halves.route("A1", "A2") is None
    assert halves.near("A1", 5) == [("A2", 26)]


def test_a_plan_without_a_size() -> None:
    way = Floor(floor([booth("A1", 0, 0), booth("A2", 100, 0)], plan=None)).route("A1", "A2")
    assert way is not None
    assert way["metres"] == 7


def test_an_exhibitors_other_booth_is_not_a_neighbour() -> None:
    row = [
        booth("A1", 0, 0, exhibitor="K1"),
        booth("A2", 20, 0, exhibitor="K1"),
        booth("A3", 40, 0, exhibitor="K2"),
    ]
    free = {key: value for key, value in booth("A4", 60, 0).items() if key != "exhibitor"}
    assert Floor(floor([*row, free])).near("A1", 5) == [("A3", 5)]


def test_a_hall_of_ten_hectares_is_walked_in_longer_steps() -> None:
    hall = Floor(floor([booth("A1", 20, 20), booth("A2", 9000, 9000)], plan=(10_000, 10_000)))
    way = hall.route("A1", "A2")
    assert way is not None
    assert 1230 <= way["metres"] <= 1300


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_any_floor(seed: int) -> None:
    draw = Random(seed)
    snapshot = random_floor(draw)
    hall = Floor(snapshot)
    codes = [thing["code"] for thing in snapshot["booths"] + snapshot["places"]]
    for a, b in [draw.choices(codes, k=2) for _ in range(6)]:
        way, back = hall.route(a, b), hall.route(b, a)
        assert (way is None) == (back is None)
        if way and back:
            assert_walkable(snapshot, way["points"])
            assert way["metres"] == back["metres"] == hall.metres(a, b)
    sized = [thing["code"] for thing in snapshot["booths"] if thing["w"] and thing["h"]]
    given = draw.sample(sized, min(6, len(sized)))
    order = [stop["booth"] for stop in hall.trip(None, given)]
    assert sorted(order) == sorted(given)
    assert total(hall, None, order) <= total(hall, None, given)
    for code in given[:2]:
        near = hall.near(code, 5)
        assert near == [(other, hall.metres(code, other)) for other, _ in near]
        assert code not in dict(near)
