"""The catalogue as phones download it: column by column, which compresses a tenth better, and large ones in parts.

static/js/unpack.js is the other half. A table is `{member: column}`, and a column the member's value of each record,
`null` where it has none; of texts by language it is a table again; of lists of records it is a table of all of
them, with their numbers under `""`. Records by code (`NAMED`) are a table with their codes under `""`, which is a
third smaller. Only phones read this, and each with the scripts of the release it is of.

Up to `WHOLE` exhibitors there is one answer. Above, it is the list: the fair, the plan, the programme, and of each
exhibitor the members of `LISTED`; the rest comes in parts named by their content. So a download goes on where it
broke off, an edit meanwhile changes one part and the list, and a cache may keep a part for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

Json = dict[str, Any]

WHOLE = 2000
"""Exhibitors above which the list comes first."""

PART = 500
"""Exhibitors in a part: about 100 kB on the way."""

LISTED = ("code", "name", "kind", "sector", "zone", "province", "labels")
"""What a list of exhibitors needs to be shown, found by name and filtered."""


NAMED = ("kinds", "sectors", "zones", "provinces", "communes", "labels", "certifications", "units", "audiences")
"""Sections that are records by code."""

FIRST = 192
"""An order of the list is written as a text, each place as the character with this number more: half the bytes of
digits. Past the letters with accents there are enough for 50,000 exhibitors."""


def pack(snapshot: Json) -> tuple[bytes, dict[str, bytes]]:
    """Return the first answer, and the parts that follow by the hash of their content; UTF-8 JSON.

    Exhibitors stand beside others of their sector, who use the same words; the phone sorts them again. Their booths
    are left out: the booths say whose they are, by the place in this list. A first phone that is on WhatsApp is
    written once.
    """
    exhibitors = sorted(
        (_once(one) for one in snapshot["exhibitors"]),
        key=lambda one: (one.get("sector", ""), one.get("kind", ""), one["code"]),
    )
    places = {one["code"]: at for at, one in enumerate(exhibitors)}
    booths = [
        {name: places.get(value, value) if name == "exhibitor" else value for name, value in one.items()}
        for one in snapshot["booths"]
    ]
    parts: dict[str, bytes] = {}
    if len(exhibitors) > WHOLE:
        for start in range(0, len(exhibitors), PART):
            part = _json(_table([_others(one) for one in exhibitors[start : start + PART]]))
            parts[hashlib.sha256(part).hexdigest()[:20]] = part
        exhibitors = [{name: one[name] for name in LISTED if name in one} for one in exhibitors]
    tables = {"exhibitors": exhibitors, "booths": booths} | {name: snapshot[name] for name in ("places", "workshops")}
    packed = {name: _table(records) for name, records in tables.items()}
    packed |= {name: {"": list(snapshot[name]), **_table(snapshot[name].values())} for name in NAMED}
    order = {lang: "".join(chr(FIRST + at) for at in places) for lang, places in snapshot["order"].items()}
    return _json(snapshot | packed | {"order": order, "parts": list(parts)}), parts


def _once(exhibitor: Json) -> Json:
    """Return the exhibitor with nothing that the rest says."""
    rest = {name: value for name, value in exhibitor.items() if name != "booths"}
    if rest.get("phones", [])[:1] == [rest.get("whatsapp")]:
        rest["whatsapp"] = 0
    return rest


def _others(exhibitor: Json) -> Json:
    """Return what the list does not say, and whose it is."""
    return {name: value for name, value in exhibitor.items() if name not in LISTED or name == "code"}


def _table(records: Iterable[Json]) -> Json:
    records = list(records)
    names = dict.fromkeys(name for record in records for name in record)
    return {name: _column([record.get(name) for record in records]) for name in names}


def _column(values: Sequence[Any]) -> Any:
    there = [value for value in values if value is not None]
    if all(isinstance(value, dict) for value in there):
        return _table(value or {} for value in values)
    if all(isinstance(value, list) and all(isinstance(one, dict) for one in value) for value in there):
        return {"": [len(value or ()) for value in values], **_table(one for value in there for one in value)}
    return values


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
