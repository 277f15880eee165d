"""Look-ups over one public snapshot: what the visitors' pages ask of the catalogue.

static/js/index.js is its twin in the service worker; both give the same answers for the same snapshot.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import Any

from companion.catalogue.route import Floor
from companion.catalogue.search import Search

Record = dict[str, Any]
Texts = dict[str, str]

FILTERS = ("sector", "kind", "province", "zone", "label")

_WESTERN = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
_CROCKFORD = str.maketrans("OIL", "011")
# Spelt out because \s is not the same set of characters in Python and in JavaScript.
_BETWEEN = re.compile("[\u0000-\u0020\u0085\u00a0\u00ad\u1680\u2000-\u2015\u2028-\u202f\u205f-\u2069\u3000\ufeff._-]+")
_LEADING_ZEROS = re.compile("(^|[^0-9])0+(?=[0-9])")


def typed(text: str) -> str:
    """A code as people write it ("b-40", "B 40", "b٤٠"): capitals, Western digits, nothing in between."""
    return _BETWEEN.sub("", text).translate(_WESTERN)


def _loose(code: str) -> str:
    """What two spellings of a numbered code share: "B04" and "b 4" are both "B4"."""
    return _LEADING_ZEROS.sub(r"\1", typed(code))


def _by_code(records: list[Record]) -> dict[str, Record]:
    return {record["code"]: record for record in records}


def _by_spelling(records: list[Record]) -> dict[str, Record]:
    """Records by every spelling of their code; an exact code goes before another one's loose spelling."""
    spellings: dict[str, Record] = {}
    for record in records:
        spellings.setdefault(_loose(record["code"]), record)
    return spellings | {typed(record["code"]): record for record in records}


class Catalogue:
    """One snapshot with its look-ups. It never changes: a new snapshot is a new Catalogue."""

    def __init__(self, snapshot: Record) -> None:
        self.snapshot = snapshot
        self.fair: Record = snapshot["fair"]
        self.days: list[Record] = self.fair.get("days", [])
        self.exhibitors: list[Record] = snapshot.get("exhibitors", [])
        self.workshops: list[Record] = snapshot.get("workshops", [])
        self.places: list[Record] = snapshot.get("places", [])
        self.booths: list[Record] = snapshot.get("booths", [])
        self._exhibitors = _by_code(self.exhibitors)
        self._places = _by_code(self.places)
        self._booths = _by_spelling(self.booths)
        self._workshops = _by_spelling(self.workshops)
        self.counts = {
            name: Counter(value for exhibitor in self.exhibitors for value in self.values(exhibitor, name))
            for name in FILTERS
        }

    @cached_property
    def search(self) -> Search:
        """Finds exhibitors by words; made when first asked for."""
        return Search(self.snapshot)

    @cached_property
    def floor(self) -> Floor:
        """Finds ways between booths; made when first asked for."""
        return Floor(self.snapshot)

    def exhibitor(self, code: str) -> Record | None:
        """By its public code, or by one that was merged into it; O reads as 0, I and L as 1 (Crockford's base 32)."""
        own = typed(code).translate(_CROCKFORD)
        return self._exhibitors.get(self.snapshot.get("moved", {}).get(own, own))

    def booth(self, code: str) -> Record | None:
        """By its number however written: "B04", "b-4" and "b٤" are the same booth."""
        code = typed(code)
        return self._booths.get(code) or self._booths.get(_loose(code))

    def workshop(self, code: str) -> Record | None:
        """By its code however written, as a booth."""
        code = typed(code)
        return self._workshops.get(code) or self._workshops.get(_loose(code))

    def place(self, code: str) -> Record | None:
        """A room, entrance or other place of the plan, by its exact code."""
        return self._places.get(code)

    def holder(self, booth: Record) -> Record | None:
        """The exhibitor of a booth; None for a free one."""
        return self._exhibitors.get(booth.get("exhibitor", ""))

    def home(self, exhibitor: Record) -> Record | None:
        """An exhibitor's first booth on the plan; None when it has none."""
        return next(
            (booth for code in exhibitor.get("booths", []) if (booth := self._booths.get(code))),
            None,
        )

    def find(self, q: str) -> list[Record]:
        """Exhibitors that answer a search, best first."""
        return [self._exhibitors[hit.code] for hit in self.search.find(q) if hit.code in self._exhibitors]

    def in_order(self, lang: str) -> list[Record]:
        """All exhibitors in the language's alphabetical order (by code for a language without one)."""
        order = self.snapshot.get("order", {}).get(lang)
        return self.exhibitors if order is None else [self.exhibitors[index] for index in order]

    def values(self, exhibitor: Record, name: str) -> list[str]:
        """What an exhibitor counts as under one of FILTERS; a label counts if any product carries it."""
        if name != "label":
            return [exhibitor[name]] if exhibitor.get(name) else []
        labels = [
            *exhibitor.get("labels", []),
            *(p.get("label", "") for p in exhibitor.get("products", [])),
        ]
        return [label for label in dict.fromkeys(labels) if label]

    def texts(self, name: str, value: str) -> Texts:
        """The names, by language, of one value of one of FILTERS."""
        entry = self.snapshot.get(f"{name}s", {}).get(value, {})
        texts: Texts = entry.get("name", {}) if name == "sector" else entry
        return texts

    def options(self, name: str) -> list[str]:
        """The values of one of FILTERS that some exhibitor has: zones by code, others by size, largest first."""
        counts = self.counts[name]
        return sorted(counts, key=lambda value: (0 if name == "zone" else -counts[value], value))

    def apart(self, one: Record, other: Record) -> int:
        """How far two booths or places are from each other, centre to centre: a number to compare, not a length."""
        x = (2 * one["x"] + one["w"]) - (2 * other["x"] + other["w"])
        y = (2 * one["y"] + one["h"]) - (2 * other["y"] + other["h"])
        return int(x * x + y * y)
