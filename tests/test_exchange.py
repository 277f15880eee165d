"""Servers exchange the log: both ways, cut anywhere, in loops, set back, of other releases, trusted with a part."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from companion.models import Exhibitor, LogEntry, LogHead, Node, Request, UntakenEdit
from companion.nodes import exchange as exchanging
from companion.nodes import pages
from companion.nodes.exchange import Refused
from companion.nodes.loop import LONGEST, SHORTEST, keep_company, pause
from companion.nodes.pages import Page, page_after
from companion.nodes.peers import add_node, revoke_node
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.rights import NODE
from tests.servers import Cut, OpenServer, Server
from tests.test_sync_log import EDITOR
from tests.visitors import HONEY, erasure, make_request, open_fair

MOST = 20
"""Edits of a page where there are to be many pages."""


def members(server: Server, record: str, count: int, who: Author = EDITOR) -> None:
    server.run(lambda session: write(session, [Change("exhibitor", record, {"members": count})], who))


def fill(server: Server, count: int) -> list[str]:
    ids = [str(uuid4()) for _ in range(count)]
    changes = [Change("exhibitor", one, {"name.fr": f"Exposant {n}", "members": n}) for n, one in enumerate(ids)]
    server.run(lambda session: write(session, changes, EDITOR))
    return ids


def test_both_get_what_the_other_wrote_under_its_author(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    [there], [here] = fill(cloud, 1), fill(site, 1)
    members(site, here, 7, Author("staff:omar", "administrator"))
    done = site.exchange(cloud)
    assert (done.pulled, done.pushed, done.untaken) == (1, 2, 0)
    assert cloud.state() == site.state() and {record for _, record in cloud.state()} == {there, here}
    assert cloud.log() == site.log()
    assert {author for author, _, _ in cloud.log().values()} == {"staff:amina", "staff:omar"}


def test_nothing_new_costs_two_small_questions(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    fill(cloud, 3)
    fill(site, 3)
    site.exchange(cloud)
    site.exchange(cloud)
    before, seqs = len(site.links["cloud"].asked), (cloud.seq(), site.seq())
    done = site.exchange(cloud)
    assert (done.pulled, done.pushed) == (0, 0)
    assert site.links["cloud"].asked[before:] == ["POST /api/node/greeting", "GET /api/node/edits"]
    assert (cloud.seq(), site.seq()) == seqs


def test_pages_have_at_most_five_hundred_edits(pair: tuple[Server, Server]) -> None:
    cloud, _ = pair
    fill(cloud, 501)
    assert [len(page_of(cloud, since)["edits"]) for since in (0, 1, 500, 501)] == [500, 500, 1, 0]


def test_every_cut_goes_on_where_it_was(pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST", MOST)
    cloud, site = pair
    fill(cloud, 2 * MOST + 3)
    fill(site, MOST + 3)
    whole, cuts = site.links["cloud"], 0
    for at in range(1, 12):
        for after in (False, True):
            try:
                site.exchange(cloud, whole.cut(at, after=after))
            except Cut:
                cuts += 1
    assert cuts >= 8
    done = site.exchange(cloud)
    assert (done.pulled, done.pushed) == (0, 0), "the cut ones had gone on; nothing was sent again"
    assert cloud.state() == site.state() and len(cloud.log()) == 3 * MOST + 6
    assert cloud.log() == site.log()


def page_of(server: Server, since: int) -> dict[str, Any]:
    return server.run(lambda session: page_after(session, since, Author("node:x", NODE), "x")).model_dump()


def test_four_servers_in_a_loop_meet_and_fall_silent(open_server: OpenServer) -> None:
    names = ["cloud", "site", "tent", "laptop"]
    servers = [open_server(name) for name in names]
    for one, other in zip(servers, servers[1:] + servers[:1], strict=True):
        one.knows(other)
    for number, server in enumerate(servers):
        members(server, "0c7d5b26-1b2e-4d2e-8f43-6a1f0a3d9c11", number)
        fill(server, 2)
    for _ in range(3):
        for one, other in zip(servers, servers[1:] + servers[:1], strict=True):
            one.exchange(other)
    first, *others = [server.state() for server in servers]
    assert all(other == first for other in others) and len(first) == 9
    assert [server.seq() for server in servers] == [12] * 4, "every edit once in every log"
    moved = [one.exchange(other) for one, other in zip(servers, servers[1:] + servers[:1], strict=True)]
    assert {(done.pulled, done.pushed) for done in moved} == {(0, 0)}


def test_a_request_goes_from_the_phone_over_the_site_to_the_cloud_once(pair: tuple[Server, Server]) -> None:
    """Whatever is killed, and whichever server the phone tells again, the exhibitor has it once."""
    cloud, site = pair
    cloud.run(open_fair)
    site.exchange(cloud)
    kills = [
        (at, after, again)
        for at in (1, 2, 3)
        for after in (False, True)
        for again in ([], [site], [cloud], [cloud, site])
    ]
    requests = []
    for at, after, again in kills:
        requests.append(make_request(name=f"{at} {after} {len(again)}"))
        assert sent(site, requests[-1]) == "applied"
        with pytest.raises(Cut):
            site.exchange(cloud, site.links["cloud"].cut(at, after=after))
        for server in again:
            assert sent(server, requests[-1]) in ("applied", "duplicate")
        site.exchange(cloud)
    site.exchange(cloud)
    assert cloud.state() == site.state() and cloud.log() == site.log()
    for server in pair:
        rows = server.run(lambda session: session.scalars(select(Request)).all())
        assert sorted(row.name for row in rows) == sorted(request["fields"]["name"] for request in requests)
        delivered = page_of(server, 0)["edits"]
        ids = [edit["id"] for edit in delivered if edit["kind"] == "request"]
        assert sorted(ids) == sorted(request["id"] for request in requests)


def sent(server: Server, edit: dict[str, Any]) -> str:
    answer = server.app.test_client().post("/api/edits", json={"edits": [edit]})
    return answer.json["outcomes"][0]["state"]


def test_an_erasure_reaches_every_server_and_what_could_not_be_taken(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    cloud.run(open_fair)
    site.exchange(cloud)
    request = make_request()
    sent(site, request)
    site.exchange(cloud)
    cloud.run(lambda session: session.add(untaken(request)))
    sent(cloud, erasure(request["record"]))
    site.exchange(cloud)
    for server in (cloud, site):
        entries = server.run(lambda session: session.scalars(select(LogEntry).where(LogEntry.kind == "request")).all())
        assert [entry.fields for entry in entries] == [{"erased": True, "exhibitor": HONEY}]
        assert server.run(lambda session: session.scalar(select(func.count()).select_from(UntakenEdit))) == 0


def untaken(edit: dict[str, Any]) -> UntakenEdit:
    return UntakenEdit(peer="old", id=str(uuid4()), record=edit["record"], edit=edit, problem="kind_unknown", at="")


def test_who_has_no_key_or_a_revoked_one_learns_nothing(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    client = cloud.app.test_client()
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x" * 3}, {"Authorization": "Basic x"}):
        assert client.get("/api/node/edits", headers=headers).status_code == 401
        assert client.post("/api/node/greeting", headers=headers, json={}).status_code == 401
    cloud.run(lambda session: revoke_node(session, "site"))
    with pytest.raises(Refused):
        site.exchange(cloud)
    key = site.node("cloud").key
    assert key and key not in str(cloud.run(lambda session: session.execute(select(Node.__table__)).all()))


def test_a_server_brings_and_gets_only_what_it_is_trusted_with(open_server: OpenServer) -> None:
    cloud, kiosk = open_server("cloud", "postgresql"), open_server("tent")
    kiosk.knows(cloud, "request", "tally")
    cloud.run(open_fair)
    kiosk.run(open_fair)
    sent(kiosk, make_request())
    sent(cloud, make_request())
    before = len(cloud.log())
    done = kiosk.exchange(cloud)
    assert (done.pulled, done.pushed) == (1, 3)
    assert len(cloud.log()) == before + 1
    refused = cloud.run(lambda session: session.scalars(select(UntakenEdit)).all())
    assert {(row.edit["kind"], row.problem) for row in refused} == {("exhibitor", "no_right")}


def test_what_an_older_release_does_not_know_waits_and_nothing_else_does(
    pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, site = pair
    [known] = fill(cloud, 1)
    page = page_of(cloud, 0)
    newer = [
        page["edits"][0] | {"id": str(uuid4()), "kind": "hologram"},
        page["edits"][0] | {"id": str(uuid4()), "fields": {"smell": "mint"}},
        page["edits"][0] | {"id": str(uuid4()), "mood": "new member"},
    ]
    site.exchange(cloud, push=False)
    link = site.links["cloud"]
    monkeypatch.setattr(link, "ask", asking(link.ask, newer))
    members(cloud, known, 77)
    done = site.exchange(cloud, push=False)
    assert done.untaken == 3
    assert site.state()["exhibitor", known]["members"] == 77
    monkeypatch.undo()
    assert site.exchange(cloud).untaken == 3, "they stay until they can be taken"

    def learn(session: Session) -> None:
        row = session.scalars(select(UntakenEdit).where(UntakenEdit.problem == "field_unknown")).one()
        row.edit = row.edit | {"fields": {"members": 78}, "base": {}, "stamp": "9" * 13 + "-0000-cloud"}

    site.run(learn)
    assert site.exchange(cloud).untaken == 2
    assert site.state()["exhibitor", known]["members"] == 78


def asking(ask: Callable[..., dict[str, Any]], more: list[dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def changed(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = ask(method, path, body)
        if not answer.get("edits"):
            return answer
        at = [answer["at"][0]] * len(more) + answer["at"]
        return Page.model_validate(answer | {"edits": more + answer["edits"], "at": at}).sealed().model_dump()

    return changed


def test_releases_that_cannot_talk_say_which_to_update(
    pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, site = pair
    fill(site, 1)
    said = exchanging.greeting
    monkeypatch.setattr(exchanging, "greeting", lambda *of: said(*of).model_copy(update={"format": 9, "oldest": 8}))
    with pytest.raises(Refused, match=r"update this server\. Nothing is lost meanwhile"):
        site.exchange(cloud)
    assert cloud.seq() == 0


def rolled_back(server: Server, seq: int) -> None:
    """Set the database back to where its log had `seq` entries, as a copied file does, and write something else."""

    def back(session: Session) -> None:
        gone = session.scalars(select(LogEntry).where(LogEntry.seq > seq)).all()
        for entry in gone:
            session.delete(session.get_one(Exhibitor, entry.record))
            session.delete(entry)
        session.execute(update(LogHead).values(seq=seq))
        session.execute(update(Node).values(got=0, got_id=""))

    server.run(back)


@pytest.mark.parametrize("which", ["cloud", "site"])
@pytest.mark.parametrize("since", [0, 4])
def test_a_log_that_went_back_is_noticed_renamed_and_made_whole(
    pair: tuple[Server, Server], which: str, since: int
) -> None:
    cloud, site = pair
    fill(cloud, 3)
    fill(site, 3)
    site.exchange(cloud)
    back = {"cloud": cloud, "site": site}[which]
    rolled_back(back, 2)
    fill(back, since)
    site.exchange(cloud)
    site.exchange(cloud)
    assert back.identity().startswith(f"{which}r"), "it has another name"
    assert cloud.state() == site.state() and len(cloud.state()) == 6 + since
    assert cloud.log() == site.log()


def test_two_copies_of_one_database_are_told_apart(pair: tuple[Server, Server]) -> None:
    cloud, site = pair
    site.run(lambda session: session.execute(update(LogHead).values(node="cloud")))
    with pytest.raises(Refused, match="both servers call themselves cloud"):
        site.exchange(cloud)


def test_pauses_grow_from_five_seconds_to_five_minutes() -> None:
    assert pause(0) == SHORTEST
    assert [pause(n, lambda: 0) for n in (1, 2, 3, 6, 50)] == [10, 20, 40, LONGEST, LONGEST]
    assert all(SHORTEST <= pause(n) <= LONGEST for n in range(60))


def test_who_is_added_while_it_runs_is_called_and_who_is_revoked_no_longer() -> None:
    looks: list[set[str] | None] = [set(), {"cloud"}, None, {"cloud", "tent"}, {"tent"}]
    stop, called, running = threading.Event(), [], []

    def look() -> set[str] | None:
        running.append(sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("calls")))
        if len(looks) == 1:
            stop.set()
        return looks.pop(0) if len(looks) > 1 else looks[0]

    def turn(name: str) -> Callable[[], bool]:
        def attempt() -> bool:
            threading.current_thread().name = f"calls {name}"
            called.append(name)
            if name == "cloud":  # still at it when it is revoked, and a moment after the end
                stop.wait(5)
                time.sleep(0.3)
            return True

        return attempt

    keep_company(look, turn, stop, look=0.1)
    assert called == ["cloud", "tent"], "each by a thread of its own, which waits 5 seconds"
    assert running == [[], [], ["calls cloud"], ["calls cloud"], ["calls cloud", "calls tent"]]
    assert not any(thread.name.startswith("calls") for thread in threading.enumerate())


def test_names_addresses_and_keys_that_cannot_be_used(open_server: OpenServer) -> None:
    server = open_server("tent")
    wrong = [("Site!", "", "", ()), ("site", "ftp://x", "", ()), ("site", "", "short", ()), ("site", "", "", ("gold",))]
    for name, address, key, kinds in wrong:
        with pytest.raises(ValueError):
            server.run(lambda session, w=(name, address, key, kinds): add_node(session, *w))
    server.run(lambda session: add_node(session, "site"))
    with pytest.raises(ValueError, match="already known"):
        server.run(lambda session: add_node(session, "site"))
