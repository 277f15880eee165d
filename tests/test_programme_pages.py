"""The office's pages of the programme and of the notices, sent as a browser without scripts sends them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Notice
from companion.programme.workshops import read_programme, save
from companion.sync.edits import Change
from companion.sync.log import write
from tests.test_plan_pages import DRISS, said, seen, signed_in
from tests.test_programme import NOTICE, TYPED, catalogue


@pytest.fixture(autouse=True)
def french(client: FlaskClient) -> None:
    client.set_cookie("lang", "fr")


@pytest.fixture
def office(client: FlaskClient, session: Session) -> FlaskClient:
    """An editor's browser."""
    return signed_in(client, session, "editor")


def undo(client: FlaskClient, page: str, area: str) -> str:
    act = re.search(r'name="act" value="([^"]+)"', page)
    assert act
    return said(client.post(f"/staff/{area}/undo", data={"act": act[1]}, follow_redirects=True))


def test_viewers_read_and_write_nothing(client: FlaskClient, session: Session) -> None:
    viewer = signed_in(client, session, "viewer")
    assert "W01" in viewer.get("/staff/programme?day=2027-07-03").get_data(as_text=True)
    assert "Navette" in viewer.get("/staff/notices").get_data(as_text=True)
    own = session.scalars(select(Notice.id)).first()
    for path in ("programme/new", "programme/W01", "programme/W01/copy", "programme/W01/state", "programme/undo"):
        assert viewer.post(f"/staff/{path}").status_code == 403
    for path in ("notices/new", f"notices/{own}", f"notices/{own}/finish", "notices/undo"):
        assert viewer.post(f"/staff/{path}").status_code == 403


def test_a_workshop_is_written_published_cancelled_and_each_step_undone(office: FlaskClient, session: Session) -> None:
    form = TYPED | {"seen": seen(office, "/staff/programme/new")}
    answer = office.post("/staff/programme/new", data=form, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert said(answer) == "W41 est enregistré."
    assert re.search(r'data-workshop="W41"[^>]* data-draft', page)
    assert "W41" not in str(catalogue(office)["workshops"])

    state = {"seen": seen(office, "/staff/programme/W41"), "do": "publish", "day": TYPED["date"]}
    answer = office.post("/staff/programme/W41/state", data=state, follow_redirects=True)
    assert said(answer).startswith("W41 est publié.")
    assert office.get("/fr/programme/W41").status_code == 200
    assert undo(office, answer.get_data(as_text=True), "programme") == "Annulé."
    assert office.get("/fr/programme/W41").status_code == 404

    state |= {"seen": seen(office, "/staff/programme/W01"), "do": "cancel"}
    assert said(office.post("/staff/programme/W01/state", data=state, follow_redirects=True)).startswith(
        "W01 est annulé"
    )
    assert "Annulé" in office.get("/fr/programme/W01").get_data(as_text=True)
    assert office.post("/staff/programme/W01/state", data=state | {"do": "explode"}).status_code == 400
    assert office.post("/staff/programme/W99/state", data=state).status_code == 404
    answer = office.post("/staff/programme/W01/copy", follow_redirects=True)
    assert said(answer) == "W42 est une copie, pour le moment un brouillon."
    assert read_programme(session).workshop("W42") is not None


def test_a_workshop_typed_wrong_is_kept_and_marked(office: FlaskClient) -> None:
    form = TYPED | {
        "seen": seen(office, "/staff/programme/W01"),
        "title.fr": "<b>Sel</b>",
        "end": "18:00",
        "start": "18:00",
    }
    answer = office.post("/staff/programme/W01", data=form | {"room": "R9", "capacity": "many"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said(answer) == "Rien n&#39;a été enregistré. Regardez ce qui est marqué."
    assert re.findall(r'id="(p-[^"]+)"', page) == ["p-end", "p-room", "p-capacity"]
    assert ('value="&lt;b&gt;Sel&lt;/b&gt;"' in page, 'value="many"' in page, "<b>Sel" in page) == (True, True, False)


def test_the_second_to_save_a_workshop_is_told_and_keeps_what_was_typed(office: FlaskClient, session: Session) -> None:
    before = seen(office, "/staff/programme/W02")
    save(session, DRISS, int(before), "W02", TYPED | {"title.fr": "Le titre de Driss"})
    session.commit()
    form = TYPED | {"seen": before, "title.fr": "Mon titre"}
    answer = office.post("/staff/programme/W02", data=form)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, said(answer).split(" ")[0], 'value="Mon titre"' in page) == (409, "driss", True)
    form["seen"] = re.findall(r'name="seen" value="(\d+)"', page)[0]
    assert office.post("/staff/programme/W02", data=form).status_code == 303
    session.rollback()
    one = read_programme(session).workshop("W02")
    assert one is not None
    assert one.title["fr"] == "Mon titre"


def test_clashes_are_shown_where_they_are(office: FlaskClient) -> None:
    form = TYPED | {"seen": seen(office, "/staff/programme/new"), "room": "R1", "date": "2027-07-03", "start": "10:30",
                    "end": "12:00", "capacity": "400"}  # fmt: skip
    page = office.post("/staff/programme/new", data=form, follow_redirects=True).get_data(as_text=True)
    kinds = re.findall(r'<li data-kind="(\w+)"', page)
    assert {"room", "capacity"} <= set(kinds)
    assert "La salle n'a que 40 places" in page
    assert 'data-kind="room"' in office.get("/staff/programme/W41").get_data(as_text=True)


def test_a_notice_is_looked_at_before_it_is_saved_and_leaves_when_it_ends(
    office: FlaskClient, session: Session
) -> None:
    form = NOTICE | {
        "seen": seen(office, "/staff/notices/new"),
        "starts": "2020-01-01T09:00",
        "ends": "2030-01-01T09:00",
    }
    page = office.post("/staff/notices/new", data=form | {"do": "preview"}).get_data(as_text=True)
    assert page.count("<h3>Fermeture avancée</h3>") == 1
    assert page.count('<h3 lang="fr" dir="ltr">Fermeture avancée</h3>') == 2
    assert "Fermeture avancée" not in str(catalogue(office)["notices"])
    answer = office.post("/staff/notices/new", data=form, follow_redirects=True)
    assert said(answer) == "L&#39;annonce est enregistrée."
    assert "Fermeture avancée" in office.get("/fr/").get_data(as_text=True)
    found = re.search(r'data-notice="([^"]+)" data-state="now"', answer.get_data(as_text=True))
    assert found
    end = {"seen": seen(office, f"/staff/notices/{found[1]}"), "do": "end"}
    answer = office.post(f"/staff/notices/{found[1]}/finish", data=end, follow_redirects=True)
    assert said(answer) == "L&#39;annonce est terminée."
    assert "Fermeture avancée" not in office.get("/fr/").get_data(as_text=True)
    assert undo(office, answer.get_data(as_text=True), "notices") == "Annulé."
    assert "Fermeture avancée" in office.get("/fr/").get_data(as_text=True)


def test_a_notice_typed_wrong_is_kept_and_marked(office: FlaskClient) -> None:
    form = NOTICE | {"seen": "0", "title.fr": "", "ends": "2027-07-01T09:00", "body.ar": "نص"}
    answer = office.post("/staff/notices/new", data=form)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, re.findall(r'id="(p-[^"]+)"', page)) == (422, ["p-title.fr", "p-ends"])
    assert ">نص</textarea>" in page
    assert office.get("/staff/notices/00000000-0000-4000-8000-000000000000").status_code == 404


def test_what_is_urgent_is_said_on_every_page_while_it_lasts(client: FlaskClient, session: Session) -> None:
    now = datetime.now(UTC)
    hour = {name: f"{now + timedelta(hours=by):%Y-%m-%dT%H:%M}" for name, by in (("before", -20), ("after", 20))}
    told = {
        "Orage en vue": ("urgent", hour["before"], hour["after"]),
        "Orage hier": ("urgent", "2020-01-01T00:00", hour["before"]),
        "Orage demain": ("urgent", hour["after"], "2099-01-01T00:00"),
        "Navette en retard": ("warning", hour["before"], hour["after"]),
    }
    for title, (urgency, starts, ends) in told.items():
        fields = {"title.fr": title, "urgency": urgency, "starts": starts, "ends": ends, "audience": "all"}
        write(session, [Change("notice", str(uuid4()), fields)], DRISS)
    session.commit()
    for path in ("exhibitors", "map", "programme", "programme/W01", "b/A12", "mine", "scan", "about", "e/NONE"):
        page = client.get(f"/fr/{path}").get_data(as_text=True)
        assert [title for title in told if title in page] == ["Orage en vue"], path
        assert page.count('data-urgency="urgent"') == 1
    assert client.get("/fr/").get_data(as_text=True).count("Orage en vue") == 1
