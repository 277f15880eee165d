"""Acts keep their own time, in the fair's zone, with the arrival beside it where it was notably later."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Exhibitor, Fair, LogEntry, fair_zone
from companion.staff.words import act_time
from companion.sync.edits import Author, Change, Edit
from companion.sync.history import Wanted, acts
from companion.sync.log import apply, write
from companion.zones import local
from tests.offices import signed_in

EDITOR = Author("staff:amina", "editor")
FLOOR = Author("staff:driss", "floor")


def in_the_fairs_zone(session: Session, zone: str) -> None:
    write(session, [Change("fair", session.scalars(select(Fair.id)).one(), {"timezone": zone})], EDITOR)
    session.commit()


def an_act(session: Session, ago: timedelta, **fields: object) -> Edit:
    """An edit a phone made some time ago, and sent just now."""
    exhibitor = session.scalars(select(Exhibitor).order_by(Exhibitor.code)).first()
    assert exhibitor
    millis = int((datetime.now(UTC) - ago).timestamp() * 1000)
    base = {path: exhibitor.stamps.get(path) for path in fields}
    edit = Edit(id=str(uuid4()), kind="exhibitor", record=exhibitor.id, stamp=f"{millis:013d}-0000-phone",
                fields=fields, base=base)  # fmt: skip
    assert [one.state for one in apply(session, [edit], FLOOR).outcomes] == ["applied"]
    session.commit()
    return edit


def test_the_log_shows_when_it_was_noted_and_when_it_arrived(app: Flask, session: Session) -> None:
    in_the_fairs_zone(session, "Asia/Kolkata")
    edit = an_act(session, timedelta(hours=4, minutes=28), presence="here")
    office = signed_in(app, session, "editor")
    page = office.get("/staff/log").get_data(as_text=True)
    received = session.scalars(select(LogEntry.received).where(LogEntry.id == edit.id)).one()
    zone = fair_zone(session)
    noted = datetime.fromtimestamp(int(edit.stamp[:13]) / 1000, zone).strftime("%H:%M")
    arrived = datetime.fromisoformat(received.replace("Z", "+00:00")).astimezone(zone).strftime("%H:%M")
    shown = next(line for line in page.splitlines() if "who-when" in line and noted in line)
    assert re.findall(r"\d\d:\d\d", shown)[:2] == [noted, arrived]


def test_the_log_finds_an_act_on_the_day_it_was_noted(session: Session) -> None:
    in_the_fairs_zone(session, "Asia/Kolkata")
    zone = fair_zone(session)
    late = an_act(session, timedelta(days=2), presence="here")
    ahead = an_act(session, -timedelta(days=2), presence="absent")
    received = session.scalars(select(LogEntry.received).where(LogEntry.id == late.id)).one()
    arrival = datetime.fromisoformat(received.replace("Z", "+00:00")).astimezone(zone).date()

    def found(days: int) -> set[str]:
        wanted = Wanted(author=FLOOR.name, day=arrival + timedelta(days=days), zone=zone)
        return {act.stamp for act in acts(session, wanted)}

    assert [found(days) for days in (-3, -2, -1, 0, 1, 2)] == [set(), {late.stamp}, set(), {ahead.stamp}, set(), set()]


@pytest.mark.parametrize(
    ("noted", "received", "said"),
    [
        ("2027-07-03T10:02:00Z", "2027-07-03T14:30:00Z", ["10:02", "14:30"]),
        ("2027-07-03T10:02:00Z", "2027-07-03T10:05:00Z", ["10:02"]),
        ("2028-07-03T10:02:00Z", "2027-07-03T10:05:00Z", ["10:05"]),
        ("2025-07-03T10:02:00Z", "2027-07-03T10:05:00Z", ["2025", "11:02", "10:05"]),
        ("not a moment", "2027-07-03T10:05:00Z", ["10:05"]),
        ("2027-07-03T10:02:00Z", "", ["10:02"]),
    ],
)
def test_the_arrival_stands_beside_it_where_it_is_notably_later(
    app: Flask, session: Session, noted: str, received: str, said: list[str]
) -> None:
    with app.test_request_context("/staff/log"):
        shown = act_time(session, noted, received)
    assert re.findall(r"\d\d:\d\d|\d{4}", shown) == said


def test_moments_in_exports_are_of_the_fairs_clock() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert local(paris, "2027-03-27T23:30:00Z") == "2027-03-28T00:30"
    assert local(paris, "2027-03-28T10:02:11.250Z") == "2027-03-28T12:02"
    assert local(paris, "") == ""
