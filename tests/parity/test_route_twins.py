"""Both servers draw the same way: companion/catalogue/route.py and static/js/route.js, answer for answer."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from companion.catalogue.route import Floor
from tests.floors import booth, floor, random_floor

pytestmark = pytest.mark.browser
DEMO = json.loads((Path(__file__).parents[1] / "data/snapshot.json").read_text("utf-8"))

ASK = """async ([snapshot, questions]) => {
    const { Floor } = await import('/static/js/route.js');
    const floor = new Floor(snapshot);
    return questions.map(([method, ...given]) => floor[method](...given));
}"""


def both(page: Page, snapshot: dict[str, Any], questions: list[list[Any]]) -> None:
    floor = Floor(snapshot)
    here = [getattr(floor, method)(*given) for method, *given in questions]
    there = page.evaluate(ASK, [snapshot, questions])
    for question, python, javascript in zip(questions, here, there, strict=True):
        assert json.loads(json.dumps(python)) == javascript, question


def test_demo_fair(modules: Page) -> None:
    draw = random.Random(4)
    codes = [thing["code"] for thing in DEMO["booths"] + DEMO["places"]]
    booths = [booth["code"] for booth in DEMO["booths"]]
    starts = draw.sample(codes, 12)
    questions: list[list[Any]] = [["route", a, b] for a in starts for b in draw.sample(codes, 12)]
    questions += [["route", "ENT-S", "nowhere"], ["route", "nowhere", "A01"], ["near", "nowhere", 3]]
    questions += [["near", code, 6] for code in [*booths[::7], "STAGE", "ENT-O"]]
    questions += [["trip", start, draw.sample(booths, count)] for start in ("ENT-S", None) for count in (1, 7, 20)]
    questions += [
        ["trip", "A01", booths],
        ["trip", None, []],
        ["trip", "nowhere", ["A01", "A01", "nowhere", "B02"]],
    ]
    both(modules, DEMO, questions)


def test_a_hall_of_ten_hectares(modules: Page) -> None:
    booths = [booth(f"A{n:02}", n * 97 % 4100, n * 53 % 2300) for n in range(90)]
    both(modules, floor(booths, plan=(4200, 2400)), [["route", "A00", "A37"], ["near", "A41", 5]])


@pytest.mark.parametrize("seed", range(40))
def test_random_floors(modules: Page, seed: int) -> None:
    snapshot = random_floor(random.Random(seed))
    codes = [thing["code"] for thing in snapshot["booths"] + snapshot["places"]]
    draw = random.Random(seed)
    questions: list[list[Any]] = [["route", *draw.choices(codes, k=2)] for _ in range(12)]
    questions += [["near", code, 4] for code in draw.choices(codes, k=4)]
    questions += [["trip", draw.choice([None, *codes]), draw.choices(codes, k=8)] for _ in range(3)]
    both(modules, snapshot, questions)
