"""Stage 4, the programme: rows become workshops in rooms of the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from companion.catalogue import vocabulary
from companion.catalogue.keys import key
from companion.imports import cells, contacts, when
from companion.imports.edition import Edition
from companion.imports.floor import Spot
from companion.imports.rows import MAX_NAME, known, line, read, texts
from companion.imports.tables import Row
from companion.sync.codes import code_from

STATUSES = {
    "confirmed": {"", "ok", "confirme", "confirmee", "oui", "valide", "confirmed", "yes", "مؤكد", "مؤكده"},
    "postponed": {"reporte", "reportee", "postponed", "مؤجل", "مؤجله"},
    "cancelled": {"annule", "annulee", "cancelled", "canceled", "ملغى", "ملغاه", "ملغي"},
}


@dataclass
class Session:
    """A workshop as listed: its fields by path."""

    row: Row
    fields: dict[str, Any]

    @property
    def code(self) -> str:
        """The code it is known by."""
        return str(self.fields["code"])


def workshops(rows: Iterable[Row], edition: Edition, rooms: dict[str, dict[str, str]]) -> list[Session]:
    """Read all workshops of a list; `rooms` are the names of the places of the plan by code."""
    sessions: list[Session] = []
    taken: dict[str, Row] = {}
    for row in rows:
        session = Session(row, _fields(row, edition, rooms))
        if session.code in taken:
            row.find("duplicate_code", "code", other=taken[session.code].place)
            continue
        taken[session.code] = row
        _note_overlap(session, sessions)
        sessions.append(session)
    for session in sessions:
        session.fields = known(session.row, session.fields)
    return sessions


def rooms_of(spots: list[Spot], edition: Edition) -> dict[str, dict[str, str]]:
    """Return the names, by code, of the places where something can take place."""
    named = {
        spot.code: {path: text for path, text in spot.fields.items() if path.startswith("label.") and text}
        for spot in spots
        if spot.type != "booth"
    }
    return named or edition.rooms


def fill_capacities(spots: list[Spot], sessions: list[Session]) -> None:
    """Give rooms without a capacity of their own the most places that a workshop there offers."""
    for spot in spots:
        if spot.type != "booth" and "capacity" not in spot.fields:
            offered = [
                session.fields.get("capacity") for session in sessions if session.fields.get("room") == spot.code
            ]
            spot.fields["capacity"] = max((places for places in offered if places), default=None)


def _fields(row: Row, edition: Edition, rooms: dict[str, dict[str, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        **texts(row, "title", MAX_NAME, needed=True),
        **texts(row, "abstract"),
        **texts(row, "speaker", MAX_NAME),
        **_moment(row, edition),
        "room": _room(row, rooms),
        "status": _status(row),
    }
    audience = line(row, "audience")
    listed = {
        "languages": read(row, "languages", contacts.languages) or [],
        "audience": vocabulary.find("audience", audience) or audience,
        "capacity": read(row, "capacity", cells.count),
    }
    fields |= {path: value for path, value in listed.items() if path in row}
    code = line(row, "code", 20).upper()
    title = next((fields[path] for path in row.paths("title") if fields[path]), "")
    if "code" in row and not code:
        row.find("missing_code", "code")
    return fields | {"code": code or "W" + code_from(f"{key(title)} {fields['date']} {fields['start']}", 4)}


def _moment(row: Row, edition: Edition) -> dict[str, str]:
    """Read the day, the start and the end, which may stand in fewer cells than three (`14h30 à 16h00`)."""
    day, beside = _day(row, edition)
    starts, ends = _times(row, "start", day), _times(row, "end", day)
    starts = starts if starts or row.cell("start") is not None else beside
    if len(starts) == 2 and ends and ends[-1] != starts[1]:
        row.find("two_ends", "end", other=starts[1])
    if len(ends) == 2 and starts and starts[0] != ends[0]:
        row.find("two_ends", "start", other=ends[0])
    start, end = (starts or ends[:-1] or [""])[0], (ends[-1:] or starts[1:] or [""])[0]
    for path, time in (("start", start), ("end", end)):
        if not time and path in row and row.cell(path) is None:
            row.find("missing_time", path)
    if end in ("24:00", "00:00") or start == "24:00":
        row.find("at_midnight", "end" if end in ("24:00", "00:00") else "start")
    elif start and end and end <= start:
        row.find("end_before_start", "end")
    return {"date": day.isoformat() if day else "", "start": start, "end": end}


def _day(row: Row, edition: Edition) -> tuple[date | None, list[str]]:
    if row.cell("date") is None:
        row.find("missing_date", "date")
        return None, []
    found = read(row, "date", lambda cell: when.day_and_times(cell, edition.first, edition.last))
    if found and not edition.first <= found[0] <= edition.last:
        row.find("date_outside_fair", "date", other=f"{edition.first} – {edition.last}")
    return found or (None, [])


def _times(row: Row, path: str, day: date | None) -> list[str]:
    """Read the time or two of a cell; a day written beside them must be that of the row."""
    found = read(row, path, when.times_of_day)
    if found and found[0] and day and found[0] != day:
        row.find("other_day", path, other=day.isoformat())
    return found[1] if found else []


def _room(row: Row, rooms: dict[str, dict[str, str]]) -> str:
    written = cells.written(row.cell("room"))
    if not written:
        if "room" in row:
            row.find("missing_room", "room")
        return ""
    wanted = key(written)
    for code, names in rooms.items():
        if wanted in (key(code), *(key(name) for name in names.values())):
            return code
    row.find("unknown_room", "room", other=", ".join(rooms))
    return ""


def _status(row: Row) -> str:
    written = key(cells.written(row.cell("status")))
    status = next((status for status, forms in STATUSES.items() if written in forms), None)
    if status is None:
        row.find("unknown_status", "status")
    return status or "confirmed"


def _note_overlap(session: Session, others: list[Session]) -> None:
    """Two workshops that take place cannot share a room at one time; those that do not take place can."""
    mine = session.fields
    if mine["status"] != "confirmed" or not (mine["room"] and mine["date"] and mine["start"] < mine["end"]):
        return
    for other in others:
        theirs = other.fields
        together = all(mine[path] == theirs[path] for path in ("room", "date", "status"))
        if together and mine["start"] < theirs["end"] and theirs["start"] < mine["end"]:
            session.row.find("room_overlap", "start", other=other.code)
            return
