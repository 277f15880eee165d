"""Floors nobody would build: what a hurried office, a wrong unit or a slip of the hand can make of a plan."""

from __future__ import annotations

from random import Random
from typing import Any

TYPES = ["aisle", "hall", "outdoor", "entrance", "exit", "workshop_room", "stage", "food", "something_new"]


def floor(
    booths: list[dict[str, Any]],
    places: list[dict[str, Any]] | None = None,
    plan: tuple[int, int] | None = (800, 500),
) -> dict[str, Any]:
    """The parts of a catalogue snapshot that ways are made of."""
    size = {"plan": {"w": plan[0], "h": plan[1]}} if plan else {}
    return {"fair": size, "booths": booths, "places": places or []}


def booth(code: str, x: int, y: int, w: int = 20, h: int = 20, exhibitor: str | None = None) -> dict[str, Any]:
    return {"code": code, "x": x, "y": y, "w": w, "h": h, "zone": "A", "exhibitor": exhibitor or f"X{code}"}


def place(code: str, kind: str, x: int, y: int, w: int, h: int) -> dict[str, Any]:
    return {"code": code, "type": kind, "x": x, "y": y, "w": w, "h": h}


def random_floor(draw: Random) -> dict[str, Any]:
    """Booths and places anywhere: overlapping, walled in, outside the hall, of no size, on odd decimetres."""
    wide, deep = draw.choice([(800, 500), (233, 171), (60, 400), (300, 200), (40, 40)])
    grid = draw.choice([1, 5, 20])

    def box(longest: int) -> dict[str, int]:
        x, y = (draw.randrange(-20, side) // grid * grid for side in (wide, deep))
        w, h = (draw.randrange(0, longest) // grid * grid for _ in range(2))
        return {"x": x, "y": y, "w": w, "h": h}

    booths = [
        booth(f"A{n:02}", **box(40), exhibitor=draw.choice(["K1", "K2", None])) for n in range(draw.randrange(2, 60))
    ]
    places = [place(f"P{n}", draw.choice(TYPES), **box(120)) for n in range(draw.randrange(12))]
    return floor(booths, places, draw.choice([(wide, deep), (wide, deep), None]))
