"""Who may sign in on one server may on the other; and who may not any more, nowhere."""

from __future__ import annotations

import base64
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from companion.accounts.access import enter_with_card, make_card, revoke
from companion.accounts.people import add_staff
from companion.accounts.sessions import end_session, start_session, who
from companion.models import Phone, Picture, Roll, Staff, StaffSession
from companion.nodes import accounts
from companion.nodes.pictures import Carried, take_picture
from companion.photos import keep_made
from companion.sync.edits import Change
from companion.sync.log import write
from tests.servers import OpenServer, Server
from tests.test_sync_log import EDITOR
from tests.visitors import open_fair


@pytest.fixture
def pair(open_server: OpenServer) -> tuple[Server, Server]:
    cloud, site = open_server("cloud", "postgresql"), open_server("site")
    site.knows(cloud)
    return cloud, site


def lets_in(server: Server, name: str, password: str) -> bool:
    return server.run(lambda session: who(session, name, password)) is not None


def test_staff_sign_in_on_both_servers(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    there = cloud.run(lambda session: add_staff(session, "amina", "editor"))
    here = site.run(lambda session: add_staff(session, "omar", "floor"))
    site.exchange(cloud)
    for server in pair:
        assert lets_in(server, "amina", there) and lets_in(server, "omar", here)
        assert not lets_in(server, "amina", here)


def test_who_joins_takes_over_the_first_administrator(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    site.run(lambda session: add_staff(session, "admin", "administrator"))
    ours = cloud.run(lambda session: add_staff(session, "admin", "administrator"))
    site.exchange(cloud)
    assert lets_in(cloud, "admin", ours) and lets_in(site, "admin", ours)


def test_what_changed_or_went_does_everywhere_also_sessions(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    password = cloud.run(lambda session: add_staff(session, "amina", "editor"))
    phone = cloud.run(lambda session: start_session(session, session.scalars(select(Staff)).one()))
    site.exchange(cloud)
    assert sessions(site) == sessions(cloud) == 1
    site.run(lambda session: setattr(session.scalars(select(Staff)).one(), "role", "viewer"))
    site.run(lambda session: end_session(session, phone.id))
    site.exchange(cloud)
    assert sessions(cloud) == 0
    assert cloud.run(lambda session: session.scalars(select(Staff.role)).all()) == ["viewer"]
    cloud.run(lambda session: session.execute(delete(Staff)))
    site.exchange(cloud)
    assert site.run(lambda session: session.scalars(select(Staff)).all()) == []
    assert not lets_in(site, "amina", password)


def sessions(server: Server) -> int:
    return len(server.run(lambda session: session.scalars(select(StaffSession.id)).all()))


def test_nothing_is_sent_while_nothing_changed(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    cloud.run(lambda session: add_staff(session, "amina", "editor"))
    site.exchange(cloud)
    before = len(site.links["cloud"].asked)
    site.exchange(cloud)
    assert "POST /api/node/accounts" not in site.links["cloud"].asked[before:]


def test_a_server_not_trusted_with_accounts_gets_none_and_brings_none(open_server: OpenServer) -> None:
    cloud, kiosk = open_server("cloud", "postgresql"), open_server("tent")
    kiosk.knows(cloud, "request")
    cloud.run(lambda session: add_staff(session, "amina", "administrator"))
    kiosk.run(lambda session: add_staff(session, "mallory", "administrator"))
    kiosk.exchange(cloud)
    link = kiosk.links["cloud"]
    answer = cloud.app.test_client().post(
        "/api/node/accounts", json={"heaps": [], "rows": []}, headers={"Authorization": f"Bearer {link.key}"}
    )
    assert answer.status_code == 409
    assert [names(cloud), names(kiosk)] == [["amina"], ["mallory"]]


def names(server: Server) -> list[str]:
    return list(server.run(lambda session: session.scalars(select(Staff.name)).all()))


def test_a_column_of_a_newer_release_waits_for_the_update_and_a_new_empty_one_changes_nothing(
    pair: tuple[Server, Server],
) -> None:
    cloud, _ = pair
    row = accounts.Row(
        table="staff", key="sara", stamp="1814600000000-0000-site",
        row={"name": "sara", "role": "editor", "password": "x", "eye": "scan"},
    )  # fmt: skip
    assert cloud.run(lambda session: accounts.take_rows(session, [row])) == 0
    assert cloud.run(lambda session: session.scalars(select(Roll)).all()) == []
    plain = {"name": "sara", "role": "editor", "password": "x"}
    assert accounts._digest_of(plain) == accounts._digest_of(plain | {"totp": "", "codes": None})


def test_only_columns_of_accounts_travel_that_are_the_same_everywhere() -> None:
    assert {name: one.columns for name, one in accounts.TRAVELLING.items()} == {
        "staff": ["name", "role", "password", "temporary", "codes", "code_used", "recovery"],
        "staff_session": ["id", "staff_id", "started", "device"],
        "access_card": ["exhibitor", "secret", "pin", "made", "revoked"],
        "exhibitor_phone": ["id", "card_id", "name", "started"],
        "held_edit": ["id", "exhibitor", "edit", "received", "declined"],
    }


def test_a_card_made_in_the_cloud_opens_on_site_and_a_revoked_one_nowhere(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    cloud.run(open_fair)
    record = next(record for kind, record in cloud.state() if kind == "exhibitor")
    secret = cloud.run(lambda session: make_card(session, record))
    site.exchange(cloud)
    assert site.run(lambda session: enter_with_card(session, secret, "Android")) is not None
    site.exchange(cloud)
    phones = [server.run(lambda session: session.scalars(select(Phone)).all()) for server in pair]
    assert [[phone.name for phone in each] for each in phones] == [["Android"], ["Android"]]
    cloud.run(lambda session: revoke(session, record))
    site.exchange(cloud)
    assert site.run(lambda session: enter_with_card(session, secret, "Android")) is None
    assert site.run(lambda session: session.scalars(select(Phone)).all()) == []


def test_pictures_go_where_a_record_names_them_and_only_as_they_are(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    cloud.run(open_fair)
    site.exchange(cloud)
    for number, server in enumerate(pair):
        exhibitor = next(record for kind, record in server.state() if kind == "exhibitor")
        name = server.run(lambda session, n=number: keep_made(session, b"RIFF picture %d" % n))
        photo = Change("photo", str(uuid4()), {"exhibitor": exhibitor, "hash": name})
        server.run(lambda session, change=photo: write(session, [change], EDITOR))
    assert site.exchange(cloud).pictures == 2
    kept = [sorted(server.run(lambda session: session.scalars(select(Picture.content)).all())) for server in pair]
    assert kept == [[b"RIFF picture 0", b"RIFF picture 1"]] * 2
    forged = Carried(hash="0" * 32, content=base64.b64encode(b"RIFF other").decode())
    assert cloud.run(lambda session: take_picture(session, forged)) is False
    assert len(cloud.run(lambda session: session.scalars(select(Picture)).all())) == 2
