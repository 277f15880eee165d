"""Times at the fair: by the pinned zone data, by each day's own offset, and renewed on phones when they change."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import tzdata
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion import zones
from companion.catalogue import days
from companion.catalogue.published import Shelf
from companion.models import Fair, Workshop
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.upkeep.zone_data import compare_zone_data
from companion.visitors.format import ahead, utc

ROOT = Path(__file__).parents[1]
EDITOR = Author("staff:amina", "editor")
PARIS = {"offset": 60, "offsets": zones.offsets(ZoneInfo("Europe/Paris"), date(2027, 3, 27), date(2027, 3, 29))}


def host_data(folder: Path, rule: str, version: str) -> Path:
    """A host's zone data in which Casablanca follows one POSIX rule (TZif version 2, RFC 8536) for all time."""
    header = b"TZif2" + bytes(15) + b"".join(n.to_bytes(4, "big") for n in (0, 0, 0, 0, 1, 4))
    body = (3600).to_bytes(4, "big") + bytes(2) + b"+01\0"
    (folder / "Africa").mkdir(parents=True)
    (folder / "Africa/Casablanca").write_bytes(header + body + header + body + f"\n{rule}\n".encode())
    (folder / "tzdata.zi").write_text(f"# version {version}\n")
    return folder


def asked_of_a_new_process(code: str, tzpath: str) -> str:
    environ = os.environ | {"PYTHONTZPATH": tzpath}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize("host", ["old", "none", "its own"])
def test_the_pinned_data_decide_whatever_the_host_has(host: str, tmp_path: Path) -> None:
    old = str(host_data(tmp_path / "zones", "<+01>-1", "2025b"))
    tzpath = {"old": old, "none": "", "its own": "/usr/share/zoneinfo"}[host]
    casablanca = "datetime(2027, 7, 3, 12, tzinfo=ZoneInfo('Africa/Casablanca')).utcoffset()"
    plain = f"from datetime import datetime; from zoneinfo import ZoneInfo; early = {casablanca}\n"
    by_babel = "from babel.dates import get_timezone; print(early, get_timezone('Africa/Casablanca').utcoffset(datetime(2027, 7, 3)))"
    said = asked_of_a_new_process(f"{plain}import companion\nprint({casablanca}); {by_babel}", tzpath).split()
    assert said[0] == said[2] == "0:00:00"
    assert host != "old" or said[1] == "1:00:00", "without the pin this host is wrong"


def test_days_have_their_own_offset() -> None:
    assert PARIS["offsets"][0][1] == 60
    hours = [utc(days_from(2027, 3, day) * 1440 + 600, PARIS) for day in (27, 28, 29)]
    assert hours == ["20270327T090000Z", "20270328T080000Z", "20270329T080000Z"]
    assert utc(days_from(2027, 3, 28) * 1440 + 30, PARIS) == "20270327T233000Z", "before the change of that night"


def days_from(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days


@pytest.mark.parametrize("name", ["Europe/Paris", "Africa/Casablanca", "Australia/Lord_Howe", "America/St_Johns"])
def test_the_offsets_of_a_fair_are_those_of_its_zone_at_every_hour(name: str) -> None:
    zone, first, last = ZoneInfo(name), date(2027, 3, 27), date(2027, 4, 6)
    fair = {"offset": 0, "offsets": zones.offsets(zone, first, last)}
    start = int(datetime(2026, 4, 1, tzinfo=UTC).timestamp() // 60)
    minutes = range(start, start + 390 * 1440, 30)
    if fair["offsets"]:
        wrong = [m for m in minutes if ahead(fair, m) != zones.minutes_ahead(zone, datetime.fromtimestamp(m * 60, UTC))]
        assert wrong == []
    else:
        assert len({zones.minutes_ahead(zone, datetime.fromtimestamp(m * 60, UTC)) for m in minutes}) == 1


def test_a_calendar_file_has_the_offset_of_its_day(session: Session, client: FlaskClient) -> None:
    fair = session.scalars(select(Fair)).one()
    workshops = session.scalars(select(Workshop).order_by(Workshop.code).limit(3)).all()
    moved = [{"date": f"2027-03-{day}", "start": "10:00", "end": "11:00"} for day in (27, 28, 29)]
    write(
        session,
        [
            Change("fair", fair.id, {"timezone": "Europe/Paris", "dates": ["2027-03-27", "2027-03-29"]}),
            *(Change("workshop", one.id, fields) for one, fields in zip(workshops, moved, strict=True)),
        ],
        EDITOR,
    )
    session.commit()
    files = [client.get(f"/fr/programme/{one.code}.ics").get_data(as_text=True) for one in workshops]
    starts = [line for file in files for line in file.splitlines() if line.startswith("DTSTART")]
    assert starts == ["DTSTART:20270327T090000Z", "DTSTART:20270328T080000Z", "DTSTART:20270329T080000Z"]


def test_a_phone_with_other_facts_gets_the_derived_sections(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = client.get("/api/catalogue").json
    monkeypatch.setattr(days, "offset", lambda dates, timezone: 330)
    app.extensions["shelf"] = Shelf(app.config["LANGUAGES"])
    now = client.get("/api/catalogue").json
    assert (now["seq"], now["log"]) == (newest["seq"], newest["log"])
    assert now["facts"] != newest["facts"]
    assert client.get(newest["snapshot"]).status_code == 404, "one address never has two contents"
    answer = client.get(f"/api/catalogue/changes?since={now['seq']}&facts={newest['facts']}").json
    assert answer["set"]["fair"]["offset"] == 330
    assert answer["set"]["facts"] == answer["facts"] == now["facts"]
    assert "exhibitors" not in answer
    assert client.get(f"/api/catalogue/changes?since={now['seq']}&facts={now['facts']}").json["set"] == {}


def test_facts_change_with_the_languages_and_with_nothing_in_the_log(session: Session, client: FlaskClient) -> None:
    before = client.get("/api/catalogue").json["facts"]
    workshop = session.scalars(select(Workshop)).first()
    assert workshop
    write(session, [Change("workshop", workshop.id, {"title.fr": "Autre titre"})], EDITOR)
    session.commit()
    assert client.get("/api/catalogue").json["facts"] == before
    fewer = Shelf(("fr", "ar")).newest(session).snapshot
    assert fewer["facts"] != before


@pytest.mark.parametrize(
    ("rule", "version", "today", "said"),
    [
        ("<+00>0", "", date(2026, 11, 30), None),
        ("<+01>-1", "2025b", date(2026, 11, 30), "differ"),
        ("<+00>0", "2031a", date(2026, 11, 30), "older"),
        ("<+00>0", "", date(2035, 1, 1), "old"),
    ],
)
def test_the_doctor_compares_the_hosts_data(
    rule: str, version: str, today: date, said: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = host_data(tmp_path / "zones", rule, version)
    monkeypatch.setattr(zones, "HOST_PATH", (str(folder),))
    if said is None:  # a host that has the very same data
        (folder / "Africa/Casablanca").write_bytes(
            (Path(tzdata.__file__).parent / "zoneinfo/Africa/Casablanca").read_bytes()
        )
    found = compare_zone_data(ZoneInfo("Africa/Casablanca"), ["2027-07-03", "2027-07-07"], today)
    assert (said in found[0]) if found and said else found is said


def test_a_host_without_zone_data_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zones, "HOST_PATH", ())
    assert compare_zone_data(ZoneInfo("Africa/Casablanca"), [], date(2026, 11, 30)) is None
