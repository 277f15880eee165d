"""Servers that give themselves each other's name, and pages that come shortened or rewritten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from companion.models import Exhibitor, LogEntry, LogHead, Node, UntakenEdit
from companion.nodes.board import others
from companion.nodes.carried import Unreadable, export_file, import_file
from companion.nodes.exchange import Refused, Unreached
from companion.nodes.identity import rename_log, reread_all
from companion.nodes.pages import page_after, try_untaken_again
from companion.nodes.peers import author_of, revoke_node
from companion.sync.edits import Change
from companion.sync.log import write
from tests.servers import OpenServer, Server, Straight
from tests.test_sync_log import EDITOR


def rename_to(session: Session, name: str) -> None:
    session.execute(update(LogHead).values(node=name))


@pytest.fixture
def halls(open_server: OpenServer) -> tuple[Server, Server, Server]:
    """A hub and two halls that both call themselves `site`; the hub calls them `north` and `south`."""
    hub, north, south = open_server("cloud"), open_server("north"), open_server("south")
    for hall in (north, south):
        hall.run(lambda session: rename_to(session, "site"))
        hall.knows(hub)
    return hub, north, south


def rename(server: Server) -> None:
    """What `sync rename` does."""

    def both(session: Session) -> None:
        rename_log(session)
        reread_all(session)

    server.run(both)


def exhibitor_names(server: Server) -> set[str]:
    return server.run(lambda session: {row.name["fr"] for row in session.scalars(select(Exhibitor))})


def add_exhibitor(server: Server, name: str, number: int) -> None:
    fields = {"code": f"{number:04d}", "name.fr": name}
    change = Change("exhibitor", f"0000000{number}-0000-4000-8000-000000000000", fields)
    server.run(lambda session: write(session, [change], EDITOR))


def test_second_server_of_one_name_is_refused_and_told_what_to_do(halls: tuple[Server, Server, Server]) -> None:
    hub, north, south = halls
    add_exhibitor(north, "Nord", 1)
    add_exhibitor(south, "Sud", 2)
    north.exchange(hub)
    with pytest.raises(Refused, match=r"two servers call themselves site.*sync rename"):
        south.exchange(hub)
    states = hub.run(lambda session: {node.name: state for node, state in others(session)})
    assert states["south"] == "name"
    assert hub.node("south").identity == ""
    rename(south)
    for _ in range(2):
        south.exchange(hub)
        north.exchange(hub)
    assert exhibitor_names(hub) == exhibitor_names(north) == exhibitor_names(south) == {"Nord", "Sud"}
    assert hub.node("south").problem == ""


def test_rename_brings_what_was_withheld_while_two_had_one_name(halls: tuple[Server, Server, Server]) -> None:
    """A hub of an older release took both as one: it gave neither what the other had brought."""
    hub, north, south = halls
    add_exhibitor(north, "Nord", 1)
    add_exhibitor(south, "Sud", 2)
    north.exchange(hub)
    hub.run(lambda session: session.execute(update(Node).where(Node.name == "north").values(identity="")))
    hub.run(lambda session: session.execute(update(LogEntry).values(via="site")))
    south.exchange(hub)
    hub.run(lambda session: session.execute(update(LogEntry).values(via="site")))
    hub.run(lambda session: session.execute(update(Node).values(identity="site")))
    rename(south)
    for _ in range(2):
        south.exchange(hub)
        north.exchange(hub)
    assert exhibitor_names(hub) == exhibitor_names(north) == exhibitor_names(south) == {"Nord", "Sud"}


def test_a_new_machine_under_a_revoked_ones_name_gets_what_that_brought(open_server: OpenServer) -> None:
    hub, former, new = open_server("cloud"), open_server("former"), open_server("new")
    for hall in (former, new):
        hall.run(lambda session: rename_to(session, "site"))
    former.knows(hub)
    add_exhibitor(former, "Nord", 1)
    former.exchange(hub)
    hub.run(lambda session: revoke_node(session, "former"))
    new.knows(hub)
    new.exchange(hub)
    assert exhibitor_names(new) == {"Nord"}


def test_set_aside_edits_are_retried_with_the_rights_of_the_key_that_brought_them(
    halls: tuple[Server, Server, Server],
) -> None:
    hub, north, south = halls
    hub.run(lambda session: session.execute(update(Node).where(Node.name == "south").values(kinds=["request"])))
    rename(north)
    add_exhibitor(south, "Fraude", 3)
    south.exchange(hub)
    assert exhibitor_names(hub) == set()
    # the trusted server takes the name that was free again, and the other one another
    south.run(lambda session: rename_to(session, "elsewhere"))
    south.exchange(hub)
    north.run(lambda session: rename_to(session, "site"))
    north.exchange(hub)
    hub.run(try_untaken_again)
    assert exhibitor_names(hub) == set()
    kept = hub.run(lambda session: session.scalars(select(UntakenEdit.peer)).all())
    assert set(kept) == {hub.node("south").digest}


def test_nobody_overwrites_what_another_server_had_set_aside(open_server: OpenServer) -> None:
    hub, good, bad = open_server("cloud"), open_server("good"), open_server("bad")
    good.knows(hub)
    bad.knows(hub, "request")
    newer = {"kind": "fair", "fields": {"invented": 1}}
    for server in (good, bad):
        add_exhibitor(server, server.name, 4)
    edit = good.run(lambda session: session.scalars(select(LogEntry)).one())
    bad.run(lambda session: session.execute(update(LogEntry).values(id=edit.id)))
    good.run(lambda session: session.execute(update(LogEntry).values(**newer)))
    good.exchange(hub)
    bad.exchange(hub)
    rows = hub.run(lambda session: {row.peer: row.edit for row in session.scalars(select(UntakenEdit))})
    assert rows[hub.node("good").digest]["fields"] == {"invented": 1}
    assert len(rows) == 2


class Proxy:
    """Something on the way that answers valid JSON, changed: of what is asked for, of what is sent, or both."""

    def __init__(self, link: Straight, alter: Callable[[dict[str, Any]], None], way: str) -> None:
        self.link, self.alter, self.way = link, alter, way

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if path.startswith("/api/node/edits") and method == self.way == "POST":
            assert body is not None
            self.alter(body)
        answer = self.link.ask(method, path, body)
        if path.startswith("/api/node/edits") and method == self.way == "GET":
            self.alter(answer)
        return answer


def drop_last(page: dict[str, Any]) -> None:
    page["edits"].pop()


def drop_all(page: dict[str, Any]) -> None:
    page["edits"], page["at"] = [], []


def drop_last_and_say_so(page: dict[str, Any]) -> None:
    page["edits"].pop()
    page["at"].pop()
    page["count"] = len(page["edits"])


def nothing_new(page: dict[str, Any]) -> None:
    page |= {"edits": [], "at": [], "count": 0, "next": page["since"]}


def rewrite_word(page: dict[str, Any]) -> None:
    page["edits"][0]["fields"]["code"] = "ZZZZ"


def without_seal(page: dict[str, Any]) -> None:
    page["edits"].pop()
    page["at"].pop()
    del page["count"], page["digest"]


ALTERATIONS = [drop_last, drop_all, drop_last_and_say_so, nothing_new, rewrite_word, without_seal]


@pytest.mark.parametrize("way", ["GET", "POST"])
@pytest.mark.parametrize("alter", ALTERATIONS)
def test_page_changed_on_the_way_is_not_taken_and_said(
    pair: tuple[Server, Server], alter: Callable[[dict[str, Any]], None], way: str
) -> None:
    cloud, site = pair
    site.exchange(cloud)
    source, target = (cloud, site) if way == "GET" else (site, cloud)
    for number in range(1, 4):
        add_exhibitor(source, f"Nom {number}", number)
    proxy = Proxy(site.links["cloud"], alter, way)
    with pytest.raises((Refused, Unreached), match="shortened or rewritten"):
        site.exchange(cloud, proxy)
    assert exhibitor_names(target) == set()
    site.exchange(cloud)
    assert exhibitor_names(target) == {"Nom 1", "Nom 2", "Nom 3"}


def of_form_1(page: dict[str, Any]) -> None:
    page.pop("count", None)
    page.pop("digest", None)


class Former(Straight):
    """A link to or from a server of the release before: form 1, without counts and digests."""

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if path == "/api/node/greeting" and body is not None:
            body["format"] = 1
        if body is not None:
            of_form_1(body)
        answer = super().ask(method, path, body)
        of_form_1(answer)
        return answer | {"format": 1} if "format" in answer else answer


def test_servers_of_the_release_before_still_exchange(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    add_exhibitor(cloud, "Un", 1)
    add_exhibitor(site, "Deux", 2)
    link = site.links["cloud"]
    site.exchange(cloud, Former(link.server, link.key))
    assert exhibitor_names(cloud) == exhibitor_names(site) == {"Un", "Deux"}
    for number in (3, 4):
        add_exhibitor(cloud, f"Nom {number}", number)

    def short(page: dict[str, Any]) -> None:
        page["edits"].pop()

    with pytest.raises(Unreached, match="shortened or rewritten"):
        site.exchange(cloud, Proxy(Former(link.server, link.key), short, "GET"))


def test_file_with_a_short_page_is_refused_and_the_position_stays(
    pair: tuple[Server, Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the key can write any file: a release with a fault in its export, say."""
    cloud, site = pair
    site.exchange(cloud)
    for number in (1, 2):
        add_exhibitor(cloud, f"Nom {number}", number)
    whole = cloud.run(lambda session: page_after(session, 0, author_of(session.get_one(Node, "site")), ""))
    short = whole.model_copy(update={"edits": whole.edits[:1], "at": whole.at[:1]})
    before = site.node("cloud").got
    with monkeypatch.context() as patch:
        patch.setattr("companion.nodes.carried.pages_after", lambda *_: iter([short]))
        cloud.run(lambda session: export_file(session, "site", tmp_path / "short"))
    with pytest.raises(Unreadable, match="shortened or rewritten"):
        site.run(lambda session: import_file(session, tmp_path / "short"))
    assert (exhibitor_names(site), site.node("cloud").got) == (set(), before)
