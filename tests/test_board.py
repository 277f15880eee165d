"""The board: which server and which phone is behind, and what to do; also on a server alone."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff
from companion.models import Device, Node, StaffSession
from companion.nodes.pages import moment
from companion.nodes.peers import add_node


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    password = add_staff(session, "amina", "viewer")
    session.commit()
    assert client.post("/staff/sign-in", data={"name": "amina", "password": password}).status_code == 302
    return client


def page(staff: FlaskClient, lang: str = "fr") -> str:
    return staff.get("/staff/nodes", headers={"Accept-Language": lang}).get_data(as_text=True)


def test_a_server_alone_says_so_and_shows_its_phones(staff: FlaskClient, session: Session) -> None:
    assert "Ce serveur travaille seul" in page(staff)
    staff.get("/api/edits", headers={"Rafiq-Device": "7 3 0123456789ab"})
    said = page(staff)
    assert 'data-device="staff:amina"' in said and 'data-waiting="3"' in said
    assert "Amenez le téléphone" in said
    assert 'data-waiting="3"' in page(staff, "ar") and 'dir="rtl"' in page(staff, "ar")
    staff.post("/api/edits", json={"edits": []}, headers={"Rafiq-Device": "- 12 -"})
    [device] = session.scalars(select(Device).execution_options(populate_existing=True)).all()
    assert (device.catalogue, device.unsent, device.release) == (7, 12, "0123456789ab"), (
        "who sends says only how much is left"
    )
    assert 'data-waiting="12"' in page(staff)
    session.query(StaffSession).delete()
    session.commit()


def test_what_is_no_report_and_who_is_not_signed_in_leave_nothing(client: FlaskClient, session: Session) -> None:
    for said in ("7 3 0123456789ab", "- 3 -", "x", "-1 0 ab", "1 2 <script>"):
        client.get("/api/edits", headers={"Rafiq-Device": said})
        client.post("/api/edits", json={"edits": []}, headers={"Rafiq-Device": said})
    assert session.scalars(select(Device)).all() == []


def test_each_server_shows_how_far_it_is_and_what_to_do(staff: FlaskClient, session: Session) -> None:
    for name in ("well", "behind", "away", "never", "clock", "problem"):
        add_node(session, name)
        node = session.get_one(Node, name)
        node.seen, node.theirs = moment(), 10**9
        node.got, node.seq = (1, 2) if name == "behind" else (2, 2)
        node.clock = 90 if name == "clock" else 0
        node.problem = "cannot be reached (<b>)" if name == "problem" else ""
    session.get_one(Node, "away").seen = "2026-01-01T00:00:00Z"
    session.get_one(Node, "never").seen = ""
    session.commit()
    said = page(staff)
    for name in ("well", "behind", "away", "never", "clock", "problem"):
        assert f'data-node="{name}" data-state="{name}"' in said
    assert "cannot be reached (&lt;b&gt;)" in said
