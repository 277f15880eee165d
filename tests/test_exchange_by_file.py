"""No line at all: files on a stick, carried late, twice, in any order, over servers in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.accounts.people import add_staff
from companion.nodes.carried import Unreadable, export_file, import_file
from companion.nodes.peers import add_node
from tests.servers import OpenServer, Server
from tests.test_exchange import fill, members, sent
from tests.test_exchange_accounts import lets_in
from tests.visitors import make_request, open_fair


@pytest.fixture
def three(open_server: OpenServer) -> list[Server]:
    """Cloud, laptop and site: each of the first two, and of the last two, share a key."""
    cloud, laptop, site = open_server("cloud", "postgresql"), open_server("laptop"), open_server("site")
    for one, other in ((cloud, laptop), (laptop, site)):
        key = one.run(lambda session, name=other.name: add_node(session, name))
        other.run(lambda session, name=one.name, key=key: add_node(session, name, key=key))
    return [cloud, laptop, site]


def carry(one: Server, other: Server, folder: Path, name: str = "stick") -> Path:
    path = folder / f"{name}.rafiq"
    one.run(lambda session: export_file(session, other.name, path))
    return path


def bring(server: Server, path: Path) -> int:
    return server.run(lambda session: import_file(session, path))[1].pulled


def test_over_a_laptop_from_the_site_to_the_cloud_and_back(three: list[Server], tmp_path: Path) -> None:
    cloud, laptop, site = three
    cloud.run(open_fair)
    password = cloud.run(lambda session: add_staff(session, "amina", "editor"))
    for one, other in ((cloud, laptop), (laptop, site)):
        bring(other, carry(one, other, tmp_path))
    request = make_request()
    assert sent(site, request) == "applied"
    for one, other in ((site, laptop), (laptop, cloud)):
        bring(other, carry(one, other, tmp_path))
    assert cloud.state() == laptop.state() == site.state()
    assert ("request", request["record"]) in cloud.state()
    assert lets_in(site, "amina", password)
    bring(site, carry(laptop, site, tmp_path))
    assert bring(laptop, carry(site, laptop, tmp_path)) == 0, "the site was told how far the laptop is"


def test_any_order_and_again(three: list[Server], tmp_path: Path) -> None:
    cloud, laptop, _ = three
    [record] = fill(cloud, 1)
    files = []
    for number in range(4):
        members(cloud, record, number)
        files.append(carry(cloud, laptop, tmp_path, f"day{number}"))
    laptop.run(lambda session: None)
    for path in (files[2], files[0], files[2], files[3], files[1]):
        bring(laptop, path)
    assert laptop.state() == cloud.state() and laptop.log() == cloud.log()
    assert laptop.node("cloud").got == cloud.seq()


def test_only_whom_it_is_for_can_read_it_and_nobody_can_change_it(three: list[Server], tmp_path: Path) -> None:
    cloud, laptop, site = three
    cloud.run(open_fair)
    sent(cloud, make_request(name="Fatima Zahra"))
    path = carry(cloud, laptop, tmp_path)
    whole = path.read_bytes()
    assert b"Fatima" not in whole
    with pytest.raises(Unreadable, match="for another server"):
        bring(site, path)
    for at in range(60, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(Unreadable):
            bring(laptop, path)
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(Unreadable, match="not a file of sync export"):
        bring(laptop, path)


def test_a_file_cut_short_brings_what_it_holds_and_says_so(three: list[Server], tmp_path: Path) -> None:
    cloud, laptop, _ = three
    fill(cloud, 3)
    path = carry(cloud, laptop, tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Unreadable, match="cut short"):
        bring(laptop, path)
    assert laptop.state() == cloud.state()


def test_a_file_does_not_come_home(three: list[Server], tmp_path: Path) -> None:
    cloud, laptop, _ = three
    fill(cloud, 1)
    with pytest.raises(Exception, match="both servers call themselves cloud"):
        bring(cloud, carry(cloud, laptop, tmp_path))
