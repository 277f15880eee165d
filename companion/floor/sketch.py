"""The plan as the office's pages draw it: rectangles in decimetres with what they say, everything in one language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from companion.catalogue.keys import key
from companion.floor.clashes import Clash
from companion.floor.state import UNDERFOOT, Box, Floor, Guest, Spot, Stand
from companion.languages import best

Json = dict[str, Any]
FIRST_DRAWN = ("outdoor", "hall", "aisle")
MARGIN = 20
"""Decimetres around a plan whose size nobody set."""


def sketch(floor: Floor, found: Iterable[Clash], lang: str, proposed: dict[str, str] | None = None) -> Json:
    """Return what the plan's drawing needs; `proposed` maps booths' codes to exhibitors' who could stand there."""
    clashing = {code for clash in found for code in clash.codes}
    boxes = [one.box for one in floor.stands] + [one.box for one in floor.spots]
    width = _dm(floor.width) or max((_dm(box.x + box.w) for box in boxes), default=0) + MARGIN
    height = _dm(floor.depth) or max((_dm(box.y + box.d) for box in boxes), default=0) + MARGIN
    spots = [place(spot, lang) for spot in floor.spots if spot.box.sized]
    return {
        "width": width,
        "height": height,
        "booths": [
            booth(floor, stand, lang) | {"clash": stand.code in clashing, "proposed": (proposed or {}).get(stand.code)}
            for stand in floor.stands
            if stand.box.sized
        ],
        "places": [one for one in spots if one["type"] not in UNDERFOOT],
        "grounds": [one for kind in FIRST_DRAWN for one in spots if one["type"] == kind],
    }


def booth(floor: Floor, stand: Stand, lang: str) -> Json:
    """Return a booth with who stands there."""
    holder = floor.guests.get(stand.exhibitor or "")
    return {
        **_box(stand.box),
        "id": stand.id,
        "code": stand.code,
        "zone": stand.letter,
        "row": stand.row,
        "sized": stand.box.sized,
        "holder": guest(floor, holder, lang) if holder else None,
        "taken": stand.exhibitor is not None,
    }


def place(spot: Spot, lang: str) -> Json:
    """Return any other place."""
    return {
        **_box(spot.box),
        "id": spot.id,
        "code": spot.code,
        "type": spot.type,
        "label": best(spot.label, lang),
    }


def guest(floor: Floor, one: Guest, lang: str) -> Json:
    """Return an exhibitor as lists show it."""
    return {
        "id": one.id,
        "code": one.code,
        "name": best(one.name, lang) or best({"fr": one.code}, lang),
        "sector": one.sector,
        "sector_name": best(floor.sectors.get(one.sector), lang),
        "zone": one.zone,
        "zone_name": best(floor.zones.get(one.zone), lang),
        "here": one.here,
        "booths": [stand.code for stand in floor.held.get(one.id, [])],
    }


def look_for(floor: Floor, typed: str, most: int) -> list[Guest]:
    """Return the exhibitors of the fair that fit what was typed: code, booth, or the beginnings of words of a name."""
    wanted = key(typed).split()
    here = (one for one in floor.guests.values() if one.here)
    found = [one for one in here if _fits(floor, one, wanted)]
    return sorted(found, key=lambda one: (one.id in floor.held, one.code))[:most]


def _fits(floor: Floor, one: Guest, wanted: list[str]) -> bool:
    texts = [one.code, *one.name.values(), *(stand.code for stand in floor.held.get(one.id, []))]
    texts += [one.zone, *floor.sectors.get(one.sector, {}).values()]
    words = [word for text in texts for word in key(text).split()]
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _box(box: Box) -> Json:
    x, y, w, h = _dm(box.x), _dm(box.y), _dm(box.w), _dm(box.d)
    return {"x": x, "y": y, "w": w, "h": h, "cx": x + w // 2, "cy": y + h // 2}


def _dm(metres: float) -> int:
    return round(metres * 10)
