"""The programme as the office edits it: a typed form becomes a workshop, or says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue import vocabulary
from companion.languages import LANGUAGES
from companion.models import MAX_TEXT, Fair, Place, Texts, Workshop, fair_zone
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import take_turn
from companion.sync.seen import Wrong, write_as_seen

TEXTS = ("title", "speaker", "abstract")
SPOKEN = ("ar", "fr", "zgh", "en", "es")
STATUSES = ("confirmed", "postponed", "cancelled")
LONGEST_TITLE = 300
ROOMS = frozenset({"workshop_room", "stage", "conference", "kids", "food", "hall", "outdoor", "info"})
"""Types of place where something can take place."""

Typed = Mapping[str, str]


@dataclass(frozen=True)
class Programme:
    """All workshops in the order of their days and hours, the rooms of the plan, and the fair's days and hours."""

    workshops: list[Workshop]
    rooms: list[Place]
    days: list[str]
    opens: str
    closes: str

    def workshop(self, code: str) -> Workshop | None:
        """The workshop with this code."""
        return next((one for one in self.workshops if one.code == code), None)


def read_programme(session: Session) -> Programme:
    """Read the programme of this moment, drafts too."""
    fair = session.scalar(select(Fair).where(~Fair.deleted).order_by(Fair.id))
    found = session.scalars(select(Workshop).where(~Workshop.deleted))
    places = list(session.scalars(select(Place).where(~Place.deleted).order_by(Place.code)))
    workshops = sorted(found, key=lambda one: (one.date, one.start, one.room, one.code))
    used = {one.room for one in workshops}
    opens, _, closes = (fair.hours if fair else "").partition("-")
    rooms = [place for place in places if place.type in ROOMS or place.code in used]
    return Programme(workshops, rooms, _days(fair), opens, closes)


def fair_now(session: Session) -> str:
    """Return the time of day at the fair: `2027-07-03T10:05`."""
    return datetime.now(fair_zone(session)).strftime("%Y-%m-%dT%H:%M")


def _days(fair: Fair | None) -> list[str]:
    if fair is None or not fair.dates:
        return []
    first, last = (date.fromisoformat(day) for day in (fair.dates[0], fair.dates[-1]))
    return [(first + timedelta(n)).isoformat() for n in range((last - first).days + 1)]


def save(session: Session, author: Author, seen: int, code: str, typed: Typed) -> tuple[Workshop, list[Edit]]:
    """Write what was typed into the workshop with this code, or into a new one when that is empty.

    The caller commits. Raises Wrong, and `sync.seen.Overtaken` when somebody changed the same meanwhile.
    """
    take_turn(session)
    programme = read_programme(session)
    before = programme.workshop(code) if code else None
    if code and before is None:
        raise Wrong({"code": "not_there"})
    fields, problems = fields_from(typed, programme)
    if before is None:
        fields["code"] = free_code(one.code for one in session.scalars(select(Workshop)))
    if problems:
        raise Wrong(problems)
    own = before.id if before else str(uuid4())
    edits = write_as_seen(session, [Change(Workshop.KIND, own, fields)], author, seen)
    return session.get_one(Workshop, own), edits


def duplicate(session: Session, author: Author, code: str) -> Workshop:
    """Add a draft that says the same as another workshop; the caller commits. Raises Wrong."""
    take_turn(session)
    one = read_programme(session).workshop(code)
    if one is None:
        raise Wrong({"code": "not_there"})
    plain = ("room", "date", "start", "end", "languages", "audience", "capacity")
    fields = {name: getattr(one, name) for name in plain}
    fields |= {f"{name}.{lang}": text for name in TEXTS for lang, text in getattr(one, name).items()}
    fields |= {"code": free_code(other.code for other in session.scalars(select(Workshop))), "draft": True}
    own = str(uuid4())
    write_as_seen(session, [Change(Workshop.KIND, own, fields)], author, 0)
    return session.get_one(Workshop, own)


def settle(session: Session, author: Author, seen: int, code: str, fields: dict[str, Any]) -> list[Edit]:
    """Publish, put back to draft, confirm, postpone, cancel or take away one workshop; the caller commits."""
    take_turn(session)
    one = read_programme(session).workshop(code)
    if one is None:
        raise Wrong({"code": "not_there"})
    return write_as_seen(session, [Change(Workshop.KIND, one.id, fields)], author, seen)


def fields_from(typed: Typed, programme: Programme) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields that were typed, and by field what is wrong with them."""
    problems: dict[str, str] = {}
    fields: dict[str, Any] = texts_from(typed, TEXTS, problems)
    if not any(fields.get(f"title.{lang}") for lang in LANGUAGES):
        problems["title.fr"] = "title_missing"
    fields |= {name: typed.get(name, "").strip() for name in ("room", "date", "start", "end")}
    if fields["room"] not in {place.code for place in programme.rooms}:
        problems["room"] = "room_missing"
    if not _is_day(fields["date"]):
        problems["date"] = "date_missing"
    for name in ("start", "end"):
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", fields[name]):
            problems[name] = "time_missing"
    if not {"start", "end"} & problems.keys() and fields["start"] == fields["end"]:
        problems["end"] = "no_time"
    seats = typed.get("capacity", "").strip()
    fields["capacity"] = int(seats) if seats.isdecimal() and int(seats) < 1_000_000 else None
    if seats and fields["capacity"] is None:
        problems["capacity"] = "number_wrong"
    audience = typed.get("audience", "").strip()[:300]
    fields["audience"] = vocabulary.find("audience", audience) or audience
    fields["languages"] = [lang for lang in SPOKEN if typed.get(f"spoken.{lang}")]
    fields["status"] = typed.get("status", "confirmed")
    if fields["status"] not in STATUSES:
        problems["status"] = "status_wrong"
    fields["draft"] = bool(typed.get("draft"))
    return fields, problems


def texts_from(typed: Typed, names: Iterable[str], problems: dict[str, str]) -> dict[str, str | None]:
    """Return the texts typed in all languages, None where the field was emptied; note those that are too long."""
    fields: dict[str, str | None] = {}
    for name in names:
        longest = LONGEST_TITLE if name in ("title", "speaker") else MAX_TEXT
        for path in (f"{name}.{lang}" for lang in LANGUAGES):
            if path in typed:
                text = typed[path].replace("\r\n", "\n").strip()
                fields[path] = text or None
                if len(text) > longest:
                    problems[path] = "text_long"
    return fields


def missing_languages(texts: Iterable[Texts], languages: Iterable[str]) -> list[str]:
    """Return the languages in which one of these texts is missing while another language has it."""
    written = [one for one in texts if one]
    return [lang for lang in languages if not written or any(not one.get(lang) for one in written)]


def free_code(taken: Iterable[str]) -> str:
    """Return the code after the highest of its kind: W01, W02, …"""
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(r"W(\d{1,6})", code))]
    return f"W{max(numbers, default=0) + 1:02}"


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False
