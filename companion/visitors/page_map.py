"""The plan of the fair: booths, the way to one, the round of many. static/js/page_map.js is the twin."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from companion.catalogue.index import Catalogue, Record, typed
from companion.visitors.ask import Answer, Ask, Context, page
from companion.visitors.cards import card, listed, sectors
from companion.visitors.format import fill, local, tidy, words

PACE = 50
"""Metres a minute in a crowded hall, with a glance left and right."""

MOST_STOPS = 40

UNDERFOOT = ("outdoor", "hall", "aisle")
"""The types of place one walks on, in the order they are drawn."""


def plan(catalogue: Catalogue, ask: Ask) -> Answer:
    """`/map`. at: where the visitor stands, a booth or an entrance; to: where to; stops: booths to visit, put in
    the order of the shortest walk. Codes that are not on the plan are named in `problem` and left out."""
    _ = ask.gettext
    at, to = (_spot(catalogue, ask.param(name)) for name in ("at", "to"))
    start, end = (spot["code"] if spot else "" for spot in (at, to))
    asked = listed(ask.param("stops"), 400)
    stops = {
        booth["code"]: exhibitor
        for code in asked
        if (booth := catalogue.booth(code)) and (exhibitor := catalogue.holder(booth))
    }
    trip = catalogue.floor.trip(start or None, list(stops)[:MOST_STOPS]) if stops else []
    size = catalogue.fair.get("plan", {})
    places = [_place(ask, place) for place in catalogue.places if _drawn(place)]
    context = {
        "width": size.get("w", 0),
        "height": size.get("h", 0),
        "booths": [_booth(catalogue, ask, booth) for booth in catalogue.booths if _drawn(booth)],
        "places": [place for place in places if place["type"] not in UNDERFOOT],
        "aisles": [place for kind in UNDERFOOT for place in places if place["type"] == kind],
        "letters": _letters(catalogue),
        "legend": sectors(catalogue, ask),
        "at": start,
        "here": _centre(at) if at else None,
        "to": end,
        "route": _route(catalogue, [code for code in (start, *(stop["booth"] for stop in trip), end) if code]),
        "stops": [{**stop, "card": card(catalogue, ask, stops[stop["booth"]])} for stop in trip],
        "starts": _starts(catalogue, ask),
        "problem": _problem(catalogue, ask, asked, len(stops)),
    }
    return page(catalogue, ask, "map", _("Map"), context)


def _drawn(box: Record) -> bool:
    """Whether a booth or place has a size; a booth that only a list names has none until a plan gives it one."""
    return bool(box["w"] and box["h"])


def _spot(catalogue: Catalogue, code: str) -> Record | None:
    """A booth or a place, however its code is written, if the plan has it."""
    spelt = (place for place in catalogue.places if typed(place["code"]) == typed(code))
    spot = catalogue.booth(code) or catalogue.place(code) or next(spelt, None)
    return spot if spot and _drawn(spot) else None


def _centre(box: Record) -> dict[str, int]:
    return {"x": box["x"] + box["w"] // 2, "y": box["y"] + box["h"] // 2}


def _box(box: Record) -> Context:
    """A rectangle of the plan in decimetres, with its centre."""
    centre = _centre(box)
    return {
        **{side: box[side] for side in ("x", "y", "w", "h")},
        "cx": centre["x"],
        "cy": centre["y"],
    }


def _booth(catalogue: Catalogue, ask: Ask, booth: Record) -> Context:
    exhibitor = catalogue.holder(booth)
    return {
        **_box(booth),
        "code": booth["code"],
        # The booth's own address would tell the phone that the visitor stands there.
        "href": ask.href(f"/e/{exhibitor['code']}" if exhibitor else f"/b/{booth['code']}"),
        "name": words(exhibitor["name"], ask.lang) if exhibitor else "",
        "exhibitor": exhibitor["code"] if exhibitor else "",
        "sector": exhibitor.get("sector", "") if exhibitor else "",
    }


def _place(ask: Ask, place: Record) -> Context:
    label = local(place.get("label"), ask.lang)
    return {**_box(place), "code": place["code"], "type": place["type"], "label": label}


def _letters(catalogue: Catalogue) -> list[Context]:
    """The letter of each zone of booths, to be written on the aisle where the zone begins: beside it, else above it."""
    zones: dict[str, list[Record]] = {}
    for booth in filter(_drawn, catalogue.booths):
        zones.setdefault(booth.get("zone", ""), []).append(booth)
    return [_letter(catalogue, code, booths) for code, booths in zones.items() if code]


def _letter(catalogue: Catalogue, code: str, booths: list[Record]) -> Context:
    left, top = (min(booth[side] for booth in booths) for side in ("x", "y"))
    bottom = max(booth["y"] + booth["h"] for booth in booths)
    cx, cy = max(12, left - 18), (top + bottom) // 2
    taken = any(
        place["x"] <= cx <= place["x"] + place["w"] and place["y"] <= cy <= place["y"] + place["h"]
        for place in catalogue.places
        if place["type"] not in UNDERFOOT
    )
    return {"code": code, "cx": left + 12, "cy": top - 15} if taken else {"code": code, "cx": cx, "cy": cy}


def _starts(catalogue: Catalogue, ask: Ask) -> list[Context]:
    """The entrances, the widest first, for whoever has scanned nothing yet; each link keeps where the visitor goes."""
    kept = {"to": ask.param("to"), "stops": ask.param("stops")}
    return [
        {
            "code": place["code"],
            "label": local(place.get("label"), ask.lang),
            "href": ask.href("/map", {"at": place["code"]} | kept),
        }
        for place in sorted(catalogue.places, key=lambda place: -max(place["w"], place["h"]))
        if place["type"] == "entrance" and _drawn(place)
    ]


def _route(catalogue: Catalogue, codes: list[str]) -> Context | None:
    """The walk from each code to the next, as one line; None when there is nothing to walk or no way."""
    legs: list[dict[str, Any] | None] = [
        catalogue.floor.route(start, end) for start, end in pairwise(codes) if start != end
    ]
    ways = [leg for leg in legs if leg]
    if not ways or len(ways) < len(legs):
        return None
    metres = sum(way["metres"] for way in ways)
    points = [f"{x},{y}" for way in ways for x, y in way["points"]]
    return {
        "points": " ".join(points),
        "metres": metres,
        "minutes": max(1, (metres + PACE - 1) // PACE),
    }


def _problem(catalogue: Catalogue, ask: Ask, asked: list[str], stops: int) -> str:
    """What could not be done as asked; "" when all could."""
    _, ngettext = ask.gettext, ask.ngettext
    ends = [code for code in (ask.param("at"), ask.param("to")) if code]
    unknown = [code for code in ends if not _spot(catalogue, code)]
    unknown += [code for code in asked if not catalogue.booth(code)]
    if unknown:
        return fill(_("Not on the plan: %(codes)s"), {"codes": ", ".join(tidy(code, 20) for code in unknown[:5])})
    free = [booth["code"] for code in asked if (booth := catalogue.booth(code)) and not catalogue.holder(booth)]
    if free:
        return fill(_("Nobody holds this booth yet: %(codes)s"), {"codes": ", ".join(free[:5])})
    if stops <= MOST_STOPS:
        return ""
    fewer = ngettext(
        "Only the first %(num)s booth is in the tour.",
        "Only the first %(num)s booths are in the tour.",
        MOST_STOPS,
    )
    return fill(fewer, {"num": MOST_STOPS})
