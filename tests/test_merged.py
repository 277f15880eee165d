"""Two exhibitors of which the office made one: requests, leads, phones and cards follow the one that stays."""

from __future__ import annotations

import io
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.access import card_state, choose_pin, make_card, phones, revoke
from companion.exhibitors.workbook import contacts_xlsx
from companion.models import Booth, Card, Exhibitor, Lead, Sector
from companion.register.changing import merge_exhibitors
from companion.stats.counts import count
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import apply, write
from companion.sync.merged import codes, stays
from companion.sync.reading import read, records
from companion.sync.receive import receive
from companion.sync.rights import NODE
from companion.sync.undo import undo
from tests.test_sync_log import EDITOR, OpenNode, empty
from tests.visitors import make_edit, make_request

ONE, TWO, THREE = "0AB1C", "0AB2C", "0AB3C"
VISITOR = Author("visitor", "visitor")


def exhibitor(code: str) -> Author:
    return Author(f"exhibitor:{code}", "exhibitor", code)


def sent(node: Session, author: Author, *edits: Edit) -> list[str]:
    outcomes = receive(node, list(edits), author).outcomes
    node.commit()
    return [outcome.problem or outcome.state for outcome in outcomes]


def carried(source: Session, to: Session) -> None:
    """Bring every edit of one server to another, as they exchange."""
    brought = [{**one, "seq": None, "received": None} for one in read(source, Author("node:x", NODE), 0, 1000).edits]
    kept = [Edit(**{name: value for name, value in one.items() if value is not None}) for one in brought]
    apply(to, kept, Author("node:other", NODE))
    to.commit()


def ids(node: Session) -> dict[str, str]:
    return {row.code: row.id for row in node.scalars(select(Exhibitor))}


def private(node: Session, code: str) -> set[str]:
    return {row["fields"]["name"] for row in records(node, exhibitor(code))[1] if row["kind"] in ("lead", "request")}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def servers(request: pytest.FixtureRequest, open_node: OpenNode) -> tuple[Session, Session]:
    return open_node("sqlite", "site"), open_node(request.param, "cloud")


@pytest.fixture
def pair(servers: tuple[Session, Session]) -> tuple[Session, Session]:
    """Site and cloud with the same three exhibitors, each with a lead taken on site and a request made at home."""
    for node in servers:
        node.rollback()
        empty(node)
    site, cloud = servers
    write(site, [Change("exhibitor", str(uuid4()), {"code": code, "name.fr": code}) for code in (ONE, TWO, THREE)],
          EDITOR)  # fmt: skip
    site.commit()
    carried(site, cloud)
    for code in (ONE, TWO, THREE):
        lead = make_edit("lead", str(uuid4()), {"exhibitor": code, "name": f"met by {code}", "phone": "+212600000001"})
        assert sent(site, exhibitor(code), lead) == ["applied"]
        assert sent(cloud, VISITOR, make_request(exhibitor=code, name=f"asked {code}")) == ["applied"]
    return site, cloud


def test_what_was_asked_and_taken_down_follows_on_every_node_in_any_order(pair: tuple[Session, Session]) -> None:
    site, cloud = pair
    merge_exhibitors(site, ids(site)[ONE], ids(site)[TWO], EDITOR)
    site.commit()
    merge_exhibitors(site, ids(site)[TWO], ids(site)[THREE], EDITOR)
    site.commit()
    carried(cloud, site)
    carried(site, cloud)
    for node in pair:
        assert codes(node, THREE) == {ONE, TWO, THREE}
        assert private(node, THREE) == {f"{how} {code}" for how in ("met by", "asked") for code in (ONE, TWO, THREE)}
        told = [one["fields"].get("name") for one in read(node, exhibitor(THREE), 0, 1000).edits]
        assert {f"asked {ONE}", f"met by {TWO}"} <= set(told)
        book = openpyxl.load_workbook(io.BytesIO(contacts_xlsx(node, THREE, str)))
        assert {row[0].value for row in list(book.active.rows)[1:]} == {f"met by {code}" for code in (ONE, TWO, THREE)}


def test_what_a_phone_sends_late_under_the_old_code_arrives(pair: tuple[Session, Session]) -> None:
    site, _ = pair
    merge_exhibitors(site, ids(site)[ONE], ids(site)[TWO], EDITOR)
    site.commit()
    late = make_edit("lead", str(uuid4()), {"exhibitor": ONE, "name": "taken before", "phone": "+212600000001"})
    assert sent(site, exhibitor(ONE), late) == ["applied"]
    assert sent(site, VISITOR, make_request(exhibitor=ONE, name="asked late")) == ["applied"]
    assert {"taken before", "asked late"} <= private(site, TWO) == private(site, ONE)
    lead = site.scalars(select(Lead).where(Lead.name == "taken before")).one()
    assert sent(site, exhibitor(TWO), make_edit("lead", lead.id, {"stars": 3})) == ["applied"]
    assert sent(site, exhibitor(THREE), make_edit("lead", lead.id, {"stars": 1})) == ["no_right"]
    page = make_edit("exhibitor", ids(site)[ONE], {"email": "a@example.org"})
    assert sent(site, exhibitor(ONE), page) == [
        "no_right"
    ]  # shown on the phone, rather than written where nobody looks
    page = make_edit("exhibitor", ids(site)[TWO], {"email": "a@example.org"})
    assert sent(site, exhibitor(ONE), page) == ["applied"]


def test_each_has_its_own_again_when_the_merge_is_undone(pair: tuple[Session, Session]) -> None:
    site, cloud = pair
    act = merge_exhibitors(site, ids(site)[ONE], ids(site)[TWO], EDITOR)[0].act
    site.commit()
    carried(cloud, site)
    undo(site, act, EDITOR)
    site.commit()
    carried(site, cloud)
    for node in pair:
        for code in (ONE, TWO):
            assert private(node, code) == {f"met by {code}", f"asked {code}"}


def test_merged_both_ways_round_at_once_leaves_nobody_and_ends(pair: tuple[Session, Session]) -> None:
    site, cloud = pair
    merge_exhibitors(site, ids(site)[ONE], ids(site)[TWO], EDITOR)
    site.commit()
    merge_exhibitors(cloud, ids(cloud)[TWO], ids(cloud)[ONE], EDITOR)
    cloud.commit()
    carried(cloud, site)
    carried(site, cloud)
    for node in pair:
        assert [stays(node, code) for code in (ONE, TWO)] == [None, None]
        assert codes(node, ONE) == {ONE}


def test_cards_phones_and_the_phones_view(app: Flask, client: FlaskClient, session: Session) -> None:
    booth = session.scalars(select(Booth).where(Booth.exhibitor != "").order_by(Booth.code)).first()
    assert booth is not None
    gone = session.get_one(Exhibitor, booth.exhibitor)
    kept = session.scalars(select(Exhibitor).where(Exhibitor.id != gone.id, ~Exhibitor.deleted)).first()
    assert kept is not None
    secret, code, record, stays_id, stays_code = make_card(session, gone.id), gone.code, gone.id, kept.id, kept.code
    card = session.scalars(select(Card).where(Card.exhibitor == gone.id, Card.revoked == "")).one().id
    assert choose_pin(session, card, "274951")
    session.commit()
    assert client.post("/in", json={"secret": secret}).get_json()["who"] == f"exhibitor:{code}"
    before = client.get("/api/edits").get_json()["codes"]
    merge_exhibitors(session, record, stays_id, EDITOR)
    session.commit()
    after = client.get("/api/edits").get_json()
    assert (before, after["codes"], after["who"]) == ([code], sorted([code, stays_code]), f"exhibitor:{code}")
    own = [row["id"] for row in client.get("/api/records").get_json()["records"] if row["kind"] == "exhibitor"]
    assert own == [stays_id]
    assert client.get("/api/own/cards.pdf").status_code == 200
    other = app.test_client()
    assert other.post("/in/typed", data={"booth": booth.code, "pin": "274951"}).status_code == 302
    session.rollback()
    state = card_state(session, stays_id)
    assert state is not None
    assert (state.phones, len(phones(session, card))) == (2, 2)
    revoke(session, stays_id)
    session.commit()
    assert client.get("/api/records").status_code == 401


def test_the_report_counts_its_requests_with_the_sector_of_the_one_that_stays(session: Session) -> None:
    known = session.scalars(select(Exhibitor).where(Exhibitor.sector != "", ~Exhibitor.withdrawn)).all()
    gone = known[0]
    kept = next(one for one in known if one.sector != gone.sector)
    receive(session, [make_request(exhibitor=gone.code)], VISITOR)
    session.commit()
    merge_exhibitors(session, gone.id, kept.id, EDITOR)
    session.commit()
    [asked] = [table for table in count(session, "fr", str).tables if table.key == "asked-sector"]
    sector = session.scalars(select(Sector.name).where(Sector.code == kept.sector)).one()
    assert asked.rows == [(sector["fr"], [1])]


def test_a_printed_card_of_the_merged_one_leads_to_the_one_that_stays(client: FlaskClient, session: Session) -> None:
    """By Flask, by the snapshot for phones, and in what a phone is told has changed; undone, each has its own."""
    gone, kept = session.scalars(select(Exhibitor).where(~Exhibitor.withdrawn).order_by(Exhibitor.code)).all()[:2]
    old, new = gone.code, kept.code
    since = client.get("/api/catalogue").get_json()["seq"]

    def led() -> list[str]:
        addresses = (f"/fr/e/{old}", f"/e/{old.lower()}", f"/ar/e/{old}.vcf", f"/fr/e/{old}/request")
        return [client.get(address).get_data(as_text=True) for address in addresses]

    act = merge_exhibitors(session, gone.id, kept.id, EDITOR)[0].act
    session.commit()
    page, short, contact, request = led()
    assert all(f'data-exhibitor="{new}"' in answer for answer in (page, short))
    assert (f"/e/{new}" in contact, f"/e/{new}" in request) == (True, True)
    changes = client.get(f"/api/catalogue/changes?since={since}").get_json()
    assert (changes["set"]["moved"], changes["exhibitors"]["gone"]) == ({old: new}, [old])

    undo(session, act, EDITOR)
    session.commit()
    assert f'data-exhibitor="{old}"' in led()[0]
    since = changes["seq"]
    assert client.get(f"/api/catalogue/changes?since={since}").get_json()["set"]["moved"] == {}
