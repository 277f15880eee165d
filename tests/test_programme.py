"""The programme and the notices as the office edits them: drafts, clashes, what visitors get to see."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import LogHead, Notice, Place, Workshop
from companion.programme import notices
from companion.programme.clashes import clashes
from companion.programme.workshops import (
    Programme,
    duplicate,
    free_code,
    missing_languages,
    read_programme,
    save,
    settle,
)
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.seen import Overtaken, Wrong
from tests.test_sync_log import EDITOR

DRISS = Author("staff:driss", "editor")
TYPED = {
    "title.fr": "Essai sans titre connu", "title.ar": "البيع عبر الإنترنت", "speaker.fr": "Mme Idrissi", "abstract.fr": "Deux heures.",
    "room": "R1", "date": "2027-07-07", "start": "19:00", "end": "20:00", "capacity": "30", "spoken.fr": "on",
    "audience": "tout public", "status": "confirmed", "draft": "on",
}  # fmt: skip


def seq(session: Session) -> int:
    session.rollback()
    return session.scalars(select(LogHead.seq)).one()


def catalogue(client: FlaskClient) -> dict[str, Any]:
    return client.get(client.get("/api/catalogue").json["snapshot"]).json


def workshop(code: str, **fields: Any) -> Workshop:
    plain: dict[str, Any] = {
        "id": code, "code": code, "room": "R1", "date": "2027-07-03", "start": "10:00", "end": "11:00", "title": {},
        "abstract": {}, "speaker": {}, "languages": [], "audience": "", "capacity": None, "status": "confirmed", "draft": False,
    }  # fmt: skip
    return Workshop(**plain | fields)


def programme(*workshops: Workshop) -> Programme:
    rooms = [Place(id=code, code=code, type="workshop_room", label={}, capacity=40) for code in ("R1", "R2")]
    return Programme(list(workshops), rooms, ["2027-07-03", "2027-07-04"], "09:00", "18:00")


def kinds(*workshops: Workshop) -> list[tuple[str, str, str]]:
    return [(one.kind, one.code, one.other) for one in clashes(programme(*workshops))]


def test_rooms_and_speakers_are_in_one_place_at_a_time() -> None:
    first, after = workshop("W1"), workshop("W2", start="11:00", end="12:00")
    assert kinds(first, after) == []
    over = workshop("W3", start="10:30", end="11:30")
    assert kinds(first, after, over) == [("room", "W1", "W3"), ("room", "W2", "W3")]
    mine = workshop("W4", speaker={"fr": "Mme Idrissi"})
    other = workshop("W5", room="R2", speaker={"fr": "mme  IDRISSI", "ar": "السيدة"})
    assert kinds(mine, other) == [("speaker", "W4", "W5")]
    assert kinds(mine, workshop("W5", room="R2", speaker={"fr": "Mme Idrissi"}, status="cancelled")) == []


def test_what_does_not_fit_the_fair_is_told() -> None:
    assert kinds(workshop("W1", capacity=41)) == [("capacity", "W1", "R1")]
    assert kinds(workshop("W1", room="R9")) == [("no_room", "W1", "")]
    assert kinds(workshop("W1", date="2027-08-01")) == [("outside_days", "W1", "")]
    assert kinds(workshop("W1", start="08:00", end="09:30")) == [("outside_hours", "W1", "")]
    assert kinds(workshop("W1", start="17:30", end="00:30")) == [("outside_hours", "W1", "")]


def test_the_demo_programme_has_few_clashes(session: Session) -> None:
    assert {one.kind for one in clashes(read_programme(session))} <= {"speaker", "outside_hours"}


def test_codes_go_on_and_missing_languages_are_those_another_has() -> None:
    assert (free_code(["W01", "W40", "X99", "WABC"]), free_code([])) == ("W41", "W01")
    assert missing_languages([{"fr": "a", "ar": "b"}, {"fr": "c"}, {}], ["fr", "ar", "zgh"]) == ["ar", "zgh"]
    assert missing_languages([{}], ["fr"]) == ["fr"]


def test_a_draft_is_nobodys_business_until_it_is_published(client: FlaskClient, session: Session) -> None:
    before = catalogue(client)
    one, _ = save(session, EDITOR, seq(session), "", TYPED)
    code = one.code
    session.commit()
    there = catalogue(client)
    assert code == "W41"
    assert there["workshops"] == before["workshops"]
    assert "Essai sans titre connu" not in str(there)
    assert client.get(f"/fr/programme/{code}").status_code == 404
    answer = client.get(f"/api/catalogue/changes?since={before['seq']}").json
    assert (answer.get("workshops"), code in str(answer)) == (None, False)

    settle(session, EDITOR, seq(session), code, {"draft": False})
    session.commit()
    published = catalogue(client)
    answer = client.get(f"/api/catalogue/changes?since={there['seq']}").json
    assert [one["code"] for one in answer["workshops"]["changed"]] == [code]
    assert client.get(f"/fr/programme/{code}").status_code == 200

    settle(session, EDITOR, seq(session), code, {"draft": True})
    session.commit()
    answer = client.get(f"/api/catalogue/changes?since={published['seq']}").json
    assert answer["workshops"] == {"changed": [], "gone": [code]}
    assert client.get(f"/fr/programme/{code}").status_code == 404


def test_a_cancelled_workshop_says_so_on_the_visitors_pages(client: FlaskClient, session: Session) -> None:
    before = catalogue(client)
    settle(session, EDITOR, seq(session), "W01", {"status": "cancelled"})
    session.commit()
    [changed] = client.get(f"/api/catalogue/changes?since={before['seq']}").json["workshops"]["changed"]
    assert (changed["code"], changed["status"]) == ("W01", "cancelled")
    for path in ("/fr/programme/W01", "/fr/programme?day=2027-07-03"):
        assert "Annulé" in client.get(path).get_data(as_text=True)


def test_a_form_is_read_or_says_what_is_wrong(session: Session) -> None:
    one, edits = save(session, EDITOR, seq(session), "", TYPED)
    assert (one.audience, one.languages, one.capacity, len(edits)) == ("Tout public", ["fr"], 30, 1)
    session.rollback()
    wrong = {
        "title.fr": " ", "room": "R9", "date": "2027-02-30", "start": "25:00", "end": "", "capacity": "-3", "status": "maybe",
    }  # fmt: skip
    with pytest.raises(Wrong) as told:
        save(session, EDITOR, seq(session), "W01", wrong)
    session.rollback()
    assert told.value.problems == {
        "title.fr": "title_missing", "room": "room_missing", "date": "date_missing", "start": "time_missing",
        "end": "time_missing", "capacity": "number_wrong", "status": "status_wrong",
    }  # fmt: skip


def test_a_copy_is_a_draft_of_its_own(session: Session) -> None:
    copy = duplicate(session, EDITOR, "W01")
    session.commit()
    original = session.scalars(select(Workshop).where(Workshop.code == "W01")).one()
    assert (copy.code, copy.draft, copy.title, copy.room) == ("W41", True, original.title, original.room)
    with pytest.raises(Wrong):
        duplicate(session, EDITOR, "W99")


def test_two_who_edit_one_workshop_are_both_heard_or_told(session: Session) -> None:
    seen = seq(session)
    save(session, EDITOR, seen, "", TYPED)
    session.commit()
    seen = seq(session)
    save(session, EDITOR, seen, "W41", {**TYPED, "title.fr": "Vendre par téléphone"})
    session.commit()
    save(session, DRISS, seen, "W41", {**TYPED, "capacity": "20"})
    session.commit()
    one = read_programme(session).workshop("W41")
    assert one
    assert (one.title["fr"], one.capacity) == ("Vendre par téléphone", 20)
    with pytest.raises(Overtaken) as told:
        save(session, DRISS, seen, "W41", {**TYPED, "title.fr": "Vendre loin"})
    assert told.value.author == "amina"


NOTICE = {
    "title.fr": "Fermeture avancée", "body.fr": "La foire ferme à 19 h.", "starts": "2027-07-03T09:00",
    "ends": "2027-07-03T19:00", "audience": "all", "urgency": "urgent",
}  # fmt: skip


def test_a_notice_for_exhibitors_never_reaches_the_public(client: FlaskClient, session: Session) -> None:
    before = catalogue(client)
    own, _ = notices.save(session, EDITOR, seq(session), "", {**NOTICE, "audience": "exhibitors"})
    session.commit()
    assert "Fermeture" not in str(catalogue(client)["notices"])
    assert "Fermeture" not in str(client.get(f"/api/catalogue/changes?since={before['seq']}").json)
    assert "Installation des stands" not in str(catalogue(client))
    notices.save(session, EDITOR, seq(session), own, NOTICE)
    session.commit()
    assert "Fermeture" in str(catalogue(client)["notices"])
    seen = catalogue(client)["seq"]
    notices.save(session, EDITOR, seq(session), own, {**NOTICE, "audience": "exhibitors"})
    session.commit()
    answer = client.get(f"/api/catalogue/changes?since={seen}").json
    assert "notices" in answer["set"]
    assert "Fermeture" not in str(answer)


def test_a_notice_is_shown_between_its_two_moments() -> None:
    one = Notice(starts="2027-07-03T09:00", ends="2027-07-03T19:00")
    at = {
        "2027-07-03T08:59": "coming",
        "2027-07-03T09:00": "now",
        "2027-07-03T18:59": "now",
        "2027-07-03T19:00": "over",
    }
    assert {now: notices.state(one, now) for now in at} == at


def test_a_notice_says_what_is_missing(session: Session) -> None:
    with pytest.raises(Wrong) as told:
        notices.save(session, EDITOR, seq(session), "", {"starts": "soon", "ends": "", "urgency": "panic"})
    session.rollback()
    assert told.value.problems.keys() == {"title.fr", "starts", "ends", "audience", "urgency"}
    with pytest.raises(Wrong) as told:
        notices.save(session, EDITOR, seq(session), "", {**NOTICE, "ends": NOTICE["starts"]})
    assert told.value.problems == {"ends": "ends_early"}


def test_notices_are_listed_as_they_matter_now(session: Session, app: Flask) -> None:
    found = notices.read_notices(session, "2027-07-03T10:05")
    assert [state for _, state in found] == sorted((state for _, state in found), key=["now", "coming", "over"].index)
    write(session, [Change("notice", found[0][0].id, {"deleted": True})], EDITOR)
    assert len(notices.read_notices(session, "2027-07-03T10:05")) == len(found) - 1
