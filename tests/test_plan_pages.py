"""The plan's pages over HTTP, as a browser without scripts sends them and as the page's script does."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from companion.accounts.sessions import add_staff
from companion.floor.assigning import assign
from companion.floor.state import read_floor
from companion.models import Booth, Exhibitor
from companion.sync.edits import Author, Edit
from companion.sync.log import apply
from companion.sync.stamps import next_stamp
from tests.test_sync_log import NODE, NOW

DRISS = Author("staff:driss", "editor")
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def office(client: FlaskClient, session: Session) -> FlaskClient:
    """An editor's browser, in French."""
    return signed_in(client, session, "editor")


def signed_in(client: FlaskClient, session: Session, role: str) -> FlaskClient:
    password = add_staff(session, "amina", role)
    session.commit()
    client.set_cookie("lang", "fr")
    assert client.post("/staff/sign-in", data={"name": "amina", "password": password}).status_code == 302
    return client


def seen(client: FlaskClient, path: str = "/staff/plan") -> str:
    """The position in the log that the page's forms carry."""
    found = re.search(r'name="seen" value="(\d+)"', client.get(path).get_data(as_text=True))
    assert found
    return found[1]


def who(session: Session, booth: str) -> str:
    session.rollback()
    own = session.scalars(select(Booth.exhibitor).where(Booth.code == booth)).one()
    return session.get_one(Exhibitor, own).code if own else ""


def said(answer: TestResponse) -> str:
    """What the page that follows says at its head."""
    found = re.search(r'class="note-bar[^>]*>.*?<div>(.*?)</div>', answer.get_data(as_text=True), re.DOTALL)
    return found[1] if found else ""


def test_everybody_of_the_staff_sees_the_plan_and_only_some_change_it(client: FlaskClient, session: Session) -> None:
    viewer = signed_in(client, session, "viewer")
    page = viewer.get("/staff/plan?pick=A01").get_data(as_text=True)
    assert page.count("data-booth=") == 332
    assert "/staff/plan/assign" not in page.replace("data-act-assign", "").split('id="fragment"')[1]
    for path in ("assign", "release", "undo", "settle", "draw", "erase", "size", "fill"):
        assert viewer.post(f"/staff/plan/{path}").status_code == 403
    assert viewer.get("/staff/plan/fill").status_code == 403


def test_the_floor_team_moves_exhibitors_and_draws_nothing(client: FlaskClient, session: Session) -> None:
    floor = signed_in(client, session, "floor")
    form = {"seen": seen(floor), "who": who(session, "A01"), "booth": "A48", "origin": "A01"}
    assert floor.post("/staff/plan/assign", data=form, headers=SCRIPT).status_code == 200
    assert who(session, "A48") == form["who"]
    assert "/staff/plan/draw" not in floor.get("/staff/plan?mode=draw").get_data(as_text=True).split("data-act-draw")[0]
    assert floor.post("/staff/plan/draw", data={}).status_code == 403


def test_a_form_moves_an_exhibitor_and_the_next_page_undoes_it(office: FlaskClient, session: Session) -> None:
    code = who(session, "A01")
    form = {"seen": seen(office), "who": code, "booth": "a48"}
    answer = office.post("/staff/plan/assign", data=form, follow_redirects=True)
    assert said(answer) == "Déplacé de A01 à A48."
    act = re.search(r'name="act" value="([^"]+)"', answer.get_data(as_text=True))
    assert act
    answer = office.post("/staff/plan/undo", data={"act": act[1]}, follow_redirects=True)
    assert (said(answer), who(session, "A01"), who(session, "A48")) == ("Annulé.", code, "")
    again = office.post("/staff/plan/undo", data={"act": act[1]}, headers=SCRIPT)
    assert (again.status_code, again.json["said"]) == (409, "C'est déjà annulé.")


def test_the_one_who_comes_second_is_told_and_may_do_it_all_the_same(office: FlaskClient, session: Session) -> None:
    mine, theirs = who(session, "A01"), who(session, "A02")
    form = {"seen": seen(office), "who": mine, "booth": "A48"}
    assign(session, DRISS, read_floor(session).seq, theirs, "A48")
    session.commit()
    told = office.post("/staff/plan/assign", data=form, headers=SCRIPT)
    assert (told.status_code, told.json["said"].split(" ")[0]) == (409, "driss")
    answer = office.post("/staff/plan/assign", data=form)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'value="{mine}" list="exhibitors"' in page, 'value="A48"' in page) == (409, True, True)
    assert (who(session, "A48"), who(session, "A01")) == (theirs, mine)
    form["seen"] = re.findall(r'name="seen" value="(\d+)"', page)[0]
    assert office.post("/staff/plan/assign", data=form, headers=SCRIPT).json["said"].startswith("A48 et A01")
    assert (who(session, "A48"), who(session, "A01")) == (mine, theirs)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"who": "Nobody <b>", "booth": "A48"}, "Aucun exposant ne s"),
        ({"booth": "Z99"}, "Il n&#39;y a pas de stand Z99"),
        ({}, "Il n&#39;y a pas de stand"),
    ],
)
def test_bad_input_is_explained_and_kept(
    office: FlaskClient, session: Session, typed: dict[str, str], reason: str
) -> None:
    form = {"seen": "nonsense", "who": who(session, "A01")} | typed
    answer = office.post("/staff/plan/assign", data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert reason in said(answer)
    assert "<b>" not in said(answer)
    assert f'value="{form["who"].replace("<b>", "&lt;b&gt;")}" list="exhibitors"' in page


def test_a_freed_booth_has_its_exhibitor_wait_and_the_rest_is_given_as_one_act(
    office: FlaskClient, session: Session
) -> None:
    codes = {booth: who(session, booth) for booth in ("A01", "C05", "F01")}
    for booth in codes:
        form = {"seen": seen(office), "booth": booth}
        assert office.post("/staff/plan/release", data=form, headers=SCRIPT).status_code == 200
    page = office.get("/staff/plan").get_data(as_text=True)
    assert "3 exposants attendent un stand" in page
    preview = office.get("/staff/plan/fill").get_data(as_text=True)
    pairs = re.findall(r'name="give" value="([^"]+)"', preview)
    assert {pair.split("@")[0] for pair in pairs} == set(codes.values())
    assert preview.count("Dans son pôle") == 3
    assert office.get("/staff/plan/fill").get_data(as_text=True) == preview
    assert who(session, "A01") == ""

    form = {"seen": seen(office, "/staff/plan/fill"), "give": pairs[:2]}
    answer = office.post("/staff/plan/fill", data=form, follow_redirects=True)
    assert said(answer) == "2 exposants ont maintenant un stand."
    act = re.search(r'name="act" value="([^"]+)"', answer.get_data(as_text=True))
    assert act
    office.post("/staff/plan/undo", data={"act": act[1]}, follow_redirects=True)
    session.rollback()
    assert len(read_floor(session).waiting) == 3

    assign(session, DRISS, read_floor(session).seq, *pairs[0].split("@"))
    session.commit()
    answer = office.post("/staff/plan/fill", data=form)
    assert (answer.status_code, "driss" in said(answer)) == (409, True)


def test_booths_and_places_are_drawn_and_what_is_wrong_is_marked_where_it_was_typed(
    office: FlaskClient, session: Session
) -> None:
    form = {
        "seen": seen(office),
        "kind": "booth",
        "code": "G01",
        "x": "60",
        "y": "1.5",
        "w": "2",
        "d": "2",
        "count": "3",
    }
    answer = office.post("/staff/plan/draw", data=form, follow_redirects=True)
    assert said(answer) == "Les stands G01 à G03 sont sur le plan."
    answer = office.post("/staff/plan/draw", data=form | {"seen": seen(office), "x": "far"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="far"' in page, "Écrivez un nombre." in page) == (422, True, True)
    assert read_floor(session).stand("G04") is None

    hall = {"seen": seen(office), "kind": "place", "type": "hall", "code": "H1", "label.fr": "Hall 1", "x": "0", "y": "0",
            "w": "40", "d": "50"}  # fmt: skip
    assert office.post("/staff/plan/draw", data=hall, follow_redirects=True).status_code == 200
    assert office.get("/fr/map?at=A01&to=F12").get_data(as_text=True).count(">Hall 1<") == 1
    found = office.get("/staff/plan").get_data(as_text=True)
    assert 'data-kind="outside"' in found

    own = re.search(r'data-booth="A01" data-id="([^"]+)"', found)
    assert own
    renumber = {"seen": seen(office), "kind": "booth", "own": own[1], "code": "A77"}
    answer = office.post("/staff/plan/draw", data=renumber, follow_redirects=True)
    assert said(answer).startswith("A01 s&#39;appelle maintenant A77. Son affiche porte l&#39;ancien numéro")
    assert office.get("/fr/b/A77").status_code == 200
    erase = {"seen": seen(office), "kind": "booth", "own": own[1]}
    assert said(office.post("/staff/plan/erase", data=erase, follow_redirects=True)) == "A77 est retiré du plan."
    assert office.post("/staff/plan/erase", data=erase).status_code == 422
    size = {"seen": seen(office), "width_m": "90", "depth_m": "x"}
    page = office.post("/staff/plan/size", data=size).get_data(as_text=True)
    assert 'name="width_m" type="text" value="90"' in page
    answer = office.post("/staff/plan/size", data=size | {"depth_m": "55"}, follow_redirects=True)
    assert said(answer) == "Le terrain a sa nouvelle taille."


def test_a_booth_given_away_twice_side_by_side_is_settled_here(office: FlaskClient, session: Session) -> None:
    booth = session.scalars(select(Booth).where(Booth.code == "A48")).one()
    base = {"exhibitor": booth.stamps.get("exhibitor")}
    codes = []
    for number, at in enumerate(("A01", "A02")):
        holder = session.scalars(select(Booth.exhibitor).where(Booth.code == at)).one()
        edit = Edit(
            id=str(uuid4()), kind="booth", record=booth.id, stamp=next_stamp(f"phone{number}", NOW, []),
            fields={"exhibitor": holder}, base=base, author=f"staff:floor{number}", role="floor",
        )  # fmt: skip
        apply(session, [edit], NODE)
        codes.append((edit.id, at))
        session.commit()
    page = office.get("/staff/plan").get_data(as_text=True)
    assert "Attribué à deux exposants en même temps" in page
    assert {edit for edit, _ in codes} == set(re.findall(r'name="edit" value="([^"]+)"', page))
    form = {"booth": "A48", "edit": codes[0][0]}
    answer = office.post("/staff/plan/settle", data=form, follow_redirects=True)
    assert said(answer) == "Le stand A48 est réglé."
    assert who(session, "A48") == who(session, "A01")
    assert "Attribué à deux exposants" not in answer.get_data(as_text=True)
    assert office.post("/staff/plan/settle", data=form, headers=SCRIPT).status_code == 409


def test_a_script_gets_the_part_beside_the_plan_and_the_plan_when_it_has_changed(office: FlaskClient) -> None:
    at = seen(office)
    fragment = {"Accept": "text/x-fragment"}
    same = office.get(f"/staff/plan?q=A12&drawn={at}", headers=fragment)
    assert (same.mimetype, "data-drawn" in same.get_data(as_text=True)) == ("text/x-fragment", False)
    assert same.get_data(as_text=True).count('class="guest s-') == 1
    changed = office.get("/staff/plan?drawn=1", headers=fragment).get_data(as_text=True)
    assert changed.count("data-booth=") == 332
