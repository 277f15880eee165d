"""Drawing the plan: booths and other places are added, moved, resized, renumbered and taken away.

A booth's code is printed on its poster and is part of its address: whoever changes it is told what to print again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue import vocabulary
from companion.catalogue.keys import key
from companion.languages import LANGUAGES
from companion.models import Booth, Fair, Place
from companion.sync.edits import Author, Change
from companion.sync.log import take_turn
from companion.sync.seen import Wrong, write_as_seen

SIDES = ("x", "y", "w", "d")
FARTHEST = 2_000
"""Metres; a plan is no map of a country."""
MOST_AT_ONCE = 200
PLACES = tuple(code for code in vocabulary.family("place") if code != "booth")
"""The types of place that can be drawn."""

Typed = Mapping[str, str]


@dataclass(frozen=True)
class Drawn:
    """What was drawn: the codes there are now, the code a renumbered booth had, and the act that undoes it."""

    act: str
    codes: tuple[str, ...]
    was: str = ""


def draw(session: Session, author: Author, seen: int, kind: str, own: str, typed: Typed) -> Drawn:
    """Change the booth or place `own`, or add one when that is empty; only what was typed changes.

    `typed` has `code`, `x`, `y`, `w`, `d`, `label.fr` …; a booth's `zone` and `row`, a place's `type` and
    `capacity`; for new booths `count` and `along` (`right` or `down`) make a whole row. Raises Wrong.
    """
    take_turn(session)
    before = _known(session, kind, own) if own else None
    if own and before is None:
        raise Wrong({"code": "not_there"})
    fields, problems = _read(kind, typed, new=before is None)
    count = _count(typed, problems) if before is None and kind == Booth.KIND else 1
    rows = _row(fields, count, typed.get("along", "right")) if not problems else []
    taken = _codes(session, besides=own)
    if any(key(row["code"]) in taken for row in rows if "code" in row):
        problems["code"] = "code_taken"
    if problems:
        raise Wrong(problems)
    was = before.code if before else ""
    edits = write_as_seen(session, [Change(kind, own or str(uuid4()), row) for row in rows], author, seen)
    codes = tuple(row.get("code", was) for row in rows)
    return Drawn(edits[0].act if edits else "", codes, was if was not in codes else "")


def erase(session: Session, author: Author, seen: int, kind: str, own: str) -> Drawn:
    """Take a booth or place off the plan; who stood at the booth waits for another. Raises Wrong."""
    take_turn(session)
    record = _known(session, kind, own)
    if record is None:
        raise Wrong({"code": "not_there"})
    fields: dict[str, Any] = {"deleted": True}
    if isinstance(record, Booth) and record.exhibitor:
        fields["exhibitor"] = None
    edits = write_as_seen(session, [Change(kind, own, fields)], author, seen)
    return Drawn(edits[0].act, (record.code,))


def measure(session: Session, author: Author, seen: int, typed: Typed) -> str:
    """Set the size of the floor from `width_m` and `depth_m`; return the act. Raises Wrong."""
    take_turn(session)
    fair = session.scalar(select(Fair).where(~Fair.deleted).order_by(Fair.id))
    problems: dict[str, str] = {}
    size = {name: _metres(typed.get(name, ""), name, problems) for name in ("width_m", "depth_m")}
    problems |= {name: "size_wrong" for name, value in size.items() if name not in problems and value <= 0}
    if problems or fair is None:
        raise Wrong(problems or {"width_m": "not_there"})
    edits = write_as_seen(session, [Change(Fair.KIND, fair.id, {"plan": {**fair.plan, **size}})], author, seen)
    return edits[0].act if edits else ""


def _known(session: Session, kind: str, own: str) -> Booth | Place | None:
    record: Booth | Place | None = session.get(Booth, own) if kind == Booth.KIND else session.get(Place, own)
    return None if record is None or record.deleted else record


def _read(kind: str, typed: Typed, *, new: bool) -> tuple[dict[str, Any], dict[str, str]]:
    problems: dict[str, str] = {}
    fields: dict[str, Any] = {}
    if new or "code" in typed:
        fields["code"] = re.sub(r"\s+", "", typed.get("code", "")).upper()
        if not re.fullmatch(r"[^\W_][\w.-]{0,19}", fields["code"]):
            problems["code"] = "code_wrong"
    for side in SIDES:
        if new or side in typed:
            fields[side] = _metres(typed.get(side, ""), side, problems)
            if side in ("w", "d") and side not in problems and fields[side] <= 0:
                problems[side] = "size_wrong"
    for lang in LANGUAGES:
        if f"label.{lang}" in typed:
            fields[f"label.{lang}"] = typed[f"label.{lang}"].strip()[:300] or None
    if kind == Booth.KIND:
        fields |= {name: typed[name].strip()[:20] for name in ("zone", "row") if name in typed}
    else:
        _read_place(typed, fields, problems, new=new)
    return fields, problems


def _read_place(typed: Typed, fields: dict[str, Any], problems: dict[str, str], *, new: bool) -> None:
    if new or "type" in typed:
        fields["type"] = typed.get("type", "")
        if fields["type"] not in PLACES:
            problems["type"] = "type_wrong"
    if "capacity" in typed:
        seats = typed["capacity"].strip()
        fields["capacity"] = int(seats) if seats.isdecimal() and int(seats) < 1_000_000 else None
        if seats and fields["capacity"] is None:
            problems["capacity"] = "number_wrong"


def _metres(written: str, name: str, problems: dict[str, str]) -> float:
    """Read a length, with a point or a comma, to the centimetre."""
    try:
        value = round(float(written.strip().replace(",", ".")), 2)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > FARTHEST:
        problems[name] = "number_wrong"
        return 0.0
    return value + 0.0


def _count(typed: Typed, problems: dict[str, str]) -> int:
    written = typed.get("count", "").strip() or "1"
    if not written.isdecimal() or not 1 <= int(written) <= MOST_AT_ONCE:
        problems["count"] = "number_wrong"
        return 1
    return int(written)


def _row(fields: dict[str, Any], count: int, along: str) -> list[dict[str, Any]]:
    """As many booths side by side, numbered on from the first: G01, G02, …"""
    if count == 1:
        return [fields]
    stem, digits = re.fullmatch(r"(.*?)(\d*)", fields["code"]).groups()  # type: ignore[union-attr]
    first = int(digits or 1)
    right, down = (0.0, fields["d"]) if along == "down" else (fields["w"], 0.0)
    return [
        fields
        | {
            "code": f"{stem}{first + n:0{len(digits) or 2}}",
            "x": round(fields["x"] + n * right, 2),
            "y": round(fields["y"] + n * down, 2),
        }
        for n in range(count)
    ]


def _codes(session: Session, besides: str) -> set[str]:
    """The codes in use, of booths and places alike: an address or the way to it must lead to one thing."""
    rows = [row for model in (Booth, Place) for row in session.execute(select(model.id, model.code, model.deleted))]
    return {key(code) for own, code, deleted in rows if own != besides and not deleted}
