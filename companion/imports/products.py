"""Stage 4, products: rows become products of the exhibitors listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from companion.catalogue import vocabulary
from companion.catalogue.keys import key
from companion.imports import cells
from companion.imports.exhibitors import Listed, same_name
from companion.imports.rows import MAX_NAME, known, line, read, texts
from companion.imports.tables import Row

IMPLAUSIBLE = 100_000_00
"""Centimes: the dearest carpet of a fair costs less."""


@dataclass
class Offer:
    """A product as listed: whose it is and its fields by path."""

    row: Row
    owner: Listed
    fields: dict[str, Any]


def products(rows: Iterable[Row], exhibitors: list[Listed]) -> list[Offer]:
    """Read all products of a list, in its order; one that its exhibitor has already is left out."""
    by_number = {number: one for one in exhibitors for number in one.numbers}
    by_number |= {f"#{one.code}": one for one in exhibitors if one.code}
    by_name: dict[str, list[Listed]] = defaultdict(list)
    for one in exhibitors:
        by_name[same_name(one.name)].append(one)
    offers: list[Offer] = []
    first: dict[tuple[int, str, str], Row] = {}
    positions: dict[int, int] = defaultdict(int)
    for row in rows:
        fields = _fields(row)
        owner = _owner(row, by_number, by_name)
        name = fields.get("name.fr") or next((fields[path] for path in row.paths("name") if fields.get(path)), "")
        if owner is None or not name:
            continue
        natural = (id(owner), key(name), key(fields.get("unit", "")))
        if natural in first:
            row.find("duplicate_product", row.paths("name")[0], other=first[natural].place)
            continue
        first[natural] = row
        offers.append(Offer(row, owner, known(row, fields) | {"position": positions[id(owner)]}))
        positions[id(owner)] += 1
    return offers


def _fields(row: Row) -> dict[str, Any]:
    price = read(row, "price", cells.price)
    if price is not None and price > IMPLAUSIBLE:
        row.find("implausible_price", "price")
    available = read(row, "available", cells.boolean)
    label = line(row, "label")
    fields = {
        "concept": line(row, "concept"),
        "unit": line(row, "unit"),
        "price": price,
        "label": (vocabulary.find("label", label) or label) or None,
        "available": available is not False,
    }
    if "unit" in row.unread:
        row.find("missing_unit", "unit")
    return texts(row, "name", MAX_NAME, needed=True) | {path: fields[path] for path in fields if path in row}


def _owner(row: Row, by_number: dict[str, Listed], by_name: dict[str, list[Listed]]) -> Listed | None:
    code = cells.written(row.cell("exhibitor_code")).strip().upper()
    if code and f"#{code}" in by_number:
        return by_number[f"#{code}"]
    number = key(cells.written(row.cell("exhibitor_number"))).upper()
    name = cells.written(row.cell("exhibitor_name"))
    named = by_name.get(same_name(name), []) if name else []
    if number:
        owner = by_number.get(number)
        if owner is None:
            row.find("unknown_exhibitor", "exhibitor_number")
        elif named and owner not in named:
            row.find("exhibitor_disagrees", "exhibitor_name", other=owner.name)
        return owner
    if len(named) == 1:
        return named[0]
    path = "exhibitor_name" if "exhibitor_name" in row else "exhibitor_number"
    row.find("ambiguous_exhibitor" if named else "unknown_exhibitor", path)
    return None
