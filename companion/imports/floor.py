"""Stage 4, the plan: rows become booths and other places, and exhibitors are given their booths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from companion.catalogue import vocabulary
from companion.catalogue.keys import key
from companion.imports import cells
from companion.imports.contacts import booth_code, key_of_booth
from companion.imports.edition import Edition
from companion.imports.exhibitors import Listed
from companion.imports.rows import MAX_NAME, known, line, read, texts
from companion.imports.tables import Row

STATUSES = {
    "free": {"libre", "free", "disponible", "vacant", "available", "شاغر", "حر"},
    "occupied": {"occupe", "occupee", "reserve", "reservee", "pris", "taken", "occupied", "booked", "محجوز", "مشغول"},
}
SQUARE = 20
"""Metres: booths are only compared with those in the same squares of this size."""
TOUCH = 1e-6
"""Metres: booths side by side touch; rounding must not make them overlap."""


@dataclass
class Spot:
    """A booth or other place of the plan, with its fields by path, and who is to stand there."""

    row: Row | None
    type: str
    fields: dict[str, Any]
    sound: bool = True
    """Whether it can be drawn: its size is known and it lies inside the plan."""
    planned: set[str] = field(default_factory=set)
    """The numbers of the exhibitors that the plan itself gives it to."""
    holder: Listed | None = None
    unsure: bool = False
    """Whether the plan's word on who stands there could not be read."""

    @property
    def code(self) -> str:
        """The code it is known by."""
        return str(self.fields["code"])


def plan(rows: Iterable[Row], edition: Edition) -> list[Spot]:
    """Read all places of a plan, in its order."""
    spots: list[Spot] = []
    taken: dict[str, Row] = {}
    squares: dict[tuple[int, int], list[Spot]] = {}
    for row in rows:
        spot = _spot(row, edition)
        if not spot.code:
            row.find("missing_code", "code")
        elif spot.code in taken:
            row.find("duplicate_code", "code", other=taken[spot.code].place)
            continue
        taken[spot.code] = row
        if spot.type == "booth" and spot.sound:
            _note_overlaps(row, spot, squares)
        spots.append(spot)
    return spots


def _spot(row: Row, edition: Edition) -> Spot:
    type_ = "booth"
    if written := cells.written(row.cell("type")):
        found = vocabulary.find("place", written)
        if found is None:
            row.find("unknown_type", "type", other=", ".join(one["fr"] for one in vocabulary.family("place").values()))
        type_ = found or ""
    code = line(row, "code", 20).upper()
    fields: dict[str, Any] = {"code": code, **texts(row, "label", MAX_NAME)}
    sound = bool(type_) and _box(row, fields, edition)
    if "capacity" in row:
        fields["capacity"] = read(row, "capacity", cells.count)
    spot = Spot(row, type_, fields, sound)
    if type_ == "booth":
        letter = re.match(r"[^\W\d_]*", code)
        spot.fields |= {
            "zone": line(row, "zone", 20) or (letter[0] if letter else ""),
            "row": line(row, "row", 20),
            "number": read(row, "number", cells.count),
            "status": _status(row),
        }
        spot.fields = known(row, spot.fields)
        spot.unsure = "exhibitors" in row.unread | row.blank
        spot.planned = set(re.findall(r"\w+", key(cells.written(row.cell("exhibitors"))).upper()))
    return spot


def _box(row: Row, fields: dict[str, Any], edition: Edition) -> bool:
    """Read position and size; tell whether they make a place inside the plan."""
    box = {name: read(row, name, cells.metres) for name in ("x", "y", "w", "d")}
    fields |= {name: value or 0.0 for name, value in box.items()}
    for name in box:
        if row.cell(name) is None:
            row.find("missing_number", name)
    unsized = [name for name in ("w", "d") if box[name] is not None and fields[name] <= 0]
    for name in unsized:
        row.find("non_positive_size", name)
    if unsized or None in box.values():
        return False
    if not edition.width:
        return True
    outside = [
        start
        for start, size, extent in (("x", "w", edition.width), ("y", "d", edition.depth))
        if fields[start] < -TOUCH or fields[start] + fields[size] > extent + TOUCH
    ]
    for start in outside:
        row.find("outside_area", start, other=f"{edition.width:g} × {edition.depth:g}")
    return not outside


def _status(row: Row) -> str:
    written = key(cells.written(row.cell("status")))
    return next((status for status, forms in STATUSES.items() if written in forms), "free")


def _note_overlaps(row: Row, spot: Spot, squares: dict[tuple[int, int], list[Spot]]) -> None:
    """Compare a booth with those before it; only with those in the same squares of the plan, which are `squares`."""
    box = spot.fields
    here = [
        (x, y)
        for x in range(int(box["x"] // SQUARE), int((box["x"] + box["w"]) // SQUARE) + 1)
        for y in range(int(box["y"] // SQUARE), int((box["y"] + box["d"]) // SQUARE) + 1)
    ]
    near = {id(other): other for square in here for other in squares.get(square, ())}
    under = [other.code for other in near.values() if _overlap(spot, other)]
    if under:
        row.find("overlapping_booth", "x", other=", ".join(under))
    for square in here:
        squares.setdefault(square, []).append(spot)


def _overlap(one: Spot, other: Spot) -> bool:
    a, b = one.fields, other.fields
    return all(
        a[start] + TOUCH < b[start] + b[size] and b[start] + TOUCH < a[start] + a[size]
        for start, size in (("x", "w"), ("y", "d"))
    )


def give_booths(spots: list[Spot], exhibitors: list[Listed], edition: Edition, *, drawn: bool) -> None:
    """Give each exhibitor the booths of its row; where the list says nothing, those the plan says.

    A list without a plan (`drawn` false) may name booths known from before; if none are known at all, the
    booths it names are made, without a position.
    """
    booths = {_usual(spot.code): spot for spot in spots if spot.type == "booth"}
    if not drawn:
        known = {_usual(code): code for code in edition.booths}
        named = {code for one in exhibitors for code in one.booths}
        for code in sorted(named if not known else named & known.keys()):
            fields = {"code": known.get(code, code)}
            booths[code] = Spot(None, "booth", fields | ({} if known else {"zone": code.rstrip("0123456789")}))
        spots += booths.values()
    for one in exhibitors:
        for code in list(one.booths):
            _give(one, code, booths)
    _follow_plan(booths.values(), exhibitors)  # type: ignore[arg-type]
    for spot in booths.values():
        if spot.holder:
            spot.fields["status"] = "occupied"


def _give(one: Listed, code: str, booths: dict[str, Spot]) -> None:
    spot = booths.get(code)
    if spot is None:
        one.row.find("unknown_booth", "booths")
    elif not spot.sound:
        one.row.find("booth_outside_plan", "booths")
    elif spot.holder and spot.holder is not one:
        one.row.find("duplicate_booth", "booths", other=spot.holder.row.place)
    else:
        spot.holder = one
        if spot.row and spot.planned and not spot.planned & one.numbers:
            spot.row.find("booth_disagrees", "exhibitors", other=", ".join(sorted(spot.planned)))


def _follow_plan(booths: list[Spot], exhibitors: list[Listed]) -> None:
    by_number = {number: one for one in exhibitors for number in one.numbers}
    for spot in booths:
        planned = next((by_number[number] for number in spot.planned if number in by_number), None)
        if spot.holder is None and planned is not None and not planned.booths:
            spot.holder = planned


def _usual(code: str) -> str:
    """Return a booth's code as `booth_codes` writes it, so that `A7` and `a-07` are found."""
    match = re.fullmatch(r"([A-Z]{0,3})[\s.-]*(\d{1,4})", key_of_booth(code).strip())
    return booth_code(match[1], int(match[2])) if match else code
