"""Phones, a site and a cloud do what they like, in any order, with the power going: in the end all are equal.

A hypothesis state machine over real servers: edits of staff, requests and erasures of visitors, imports, deletes and
restores, files on a stick, exchanges cut before and after any answer, clocks years apart, databases set back
to a backup. Afterwards everything is exchanged, and checked: the same records, the same log, the same conflicts
everywhere; every edit that was answered and not rolled back with its only server is in the log.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.extensions import db
from companion.models import Base, LogHead, Request, UntakenEdit
from companion.nodes.carried import Unreadable, export_file, import_file
from companion.sync import log
from companion.sync.conflicts import conflicts, settle
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.receive import receive
from companion.sync.rights import VISITOR
from tests.servers import Cut, OpenServer, Server
from tests.test_sync_log import NOW, YEAR
from tests.visitors import erasure, make_edit, make_request, open_fair

RECORDS = [str(UUID(int=n, version=4)) for n in range(1, 4)]
NAMES = ("cloud", "site", "laptop")
SKEW = {"cloud": 0, "site": -2 * YEAR, "laptop": 3 * YEAR}
WHO = st.sampled_from(NAMES)
FIELDS = st.sampled_from(
    [
        {"members": 1},
        {"members": 2},
        {"name.fr": "A"},
        {"name.fr": "A", "code": "W7K2P"},
        {"name.fr": "B", "members": 3},
        {"deleted": True},
        {"deleted": False},
    ]
)


class Fair(RuleBasedStateMachine):
    """Three servers of one fair; cloud on PostgreSQL."""

    servers: dict[str, Server]
    folder: Path
    patch: pytest.MonkeyPatch

    @initialize()
    def open(self) -> None:
        for server in self.servers.values():
            server.empty()
        self.servers["site"].knows(self.servers["cloud"])
        self.servers["laptop"].knows(self.servers["site"])
        self.servers["cloud"].run(open_fair)
        self.backups: dict[str, tuple[dict[str, list[Any]], set[str]]] = {}
        self.answered: dict[str, set[str]] = {name: set() for name in NAMES}
        self.requests: list[dict[str, Any]] = []

    def on(self, name: str) -> Server:
        self.patch.setattr(log, "now_millis", lambda: NOW + SKEW[name])
        return self.servers[name]

    @rule(who=WHO, record=st.sampled_from(RECORDS), fields=FIELDS, role=st.sampled_from(["editor", "importer"]))
    def edit_or_import(self, who: str, record: str, fields: dict[str, Any], role: str) -> None:
        change = Change("exhibitor", record, fields)
        edits = self.on(who).run(lambda session: write(session, [change], Author(f"x:{who}", role)))
        self.answered[who] |= {edit.id for edit in edits}

    @rule(who=WHO, record=st.sampled_from(RECORDS), members=st.integers(1, 3))
    def a_phone_that_saw_nothing_writes(self, who: str, record: str, members: int) -> None:
        edit = make_edit("exhibitor", record, {"members": members}, base={"members": None})
        self.post(who, edit, Author(f"staff:{who}", "editor"))

    @rule(who=WHO)
    def a_visitor_asks(self, who: str) -> None:
        self.requests.append(make_request())
        self.post(who, self.requests[-1], VISITOR)

    @rule(who=WHO, which=st.integers(0, 20))
    def the_phone_sends_again_elsewhere(self, who: str, which: int) -> None:
        if self.requests:
            self.post(who, self.requests[which % len(self.requests)], VISITOR)

    @rule(who=WHO, which=st.integers(0, 20))
    def a_visitor_is_erased(self, who: str, which: int) -> None:
        if self.requests:
            self.post(who, erasure(self.requests[which % len(self.requests)]["record"]), VISITOR)

    @rule(who=WHO, value=st.integers(1, 9))
    def staff_settle_a_conflict(self, who: str, value: int) -> None:
        def work(session: Session) -> set[str]:
            found = [one for one in conflicts(session) if one.path == "members"]
            return {settle(session, found[0], value, Author(f"staff:{who}", "editor")).id} if found else set()

        self.answered[who] |= self.on(who).run(work)

    @rule(pair=st.sampled_from([("site", "cloud"), ("laptop", "site")]), cut=st.integers(0, 5), after=st.booleans())
    def exchange(self, pair: tuple[str, str], cut: int, after: bool) -> None:
        one, other = (self.on(name) for name in pair)
        try:
            one.exchange(other, one.links[other.name].cut(cut, after=after))
        except Cut:
            with one.app.app_context():
                db.session.remove()

    @rule(pair=st.sampled_from([("site", "cloud"), ("cloud", "site"), ("site", "laptop")]), late=st.booleans())
    def carry_a_file(self, pair: tuple[str, str], late: bool) -> None:
        one, other = (self.servers[name] for name in pair)
        path = self.folder / f"{one.name}-{other.name}"
        if not late or not path.exists():
            one.run(lambda session: export_file(session, other.name, path))
        try:
            other.run(lambda session: import_file(session, path))
        except Unreadable:  # of a log that has another name by now
            with other.app.app_context():
                db.session.remove()

    @rule(who=WHO)
    def back_up(self, who: str) -> None:
        def read(session: Session) -> dict[str, list[Any]]:
            return {
                table.name: [tuple(row) for row in session.execute(select(table))]
                for table in Base.metadata.sorted_tables
            }

        self.backups[who] = (self.servers[who].run(read), set(self.answered[who]))

    @rule(who=WHO)
    def set_back(self, who: str) -> None:
        """Without a word to anybody, as a virtual machine is. What only this server had since is gone with its disk."""
        if who not in self.backups:
            return
        tables, answered = self.backups[who]

        def put(session: Session) -> None:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(table.delete())
            for table in Base.metadata.sorted_tables:
                if tables[table.name]:
                    session.execute(
                        table.insert(),
                        [dict(zip(table.columns.keys(), row, strict=True)) for row in tables[table.name]],
                    )

        self.servers[who].run(put)
        self.answered[who] = answered

    def post(self, who: str, edit: dict[str, Any], author: Author) -> None:
        applied = self.on(who).run(lambda session: receive(session, [edit], author))
        self.answered[who] |= {o.id for o in applied.outcomes if o.state in ("applied", "conflict", "duplicate")}

    def teardown(self) -> None:
        if not hasattr(self, "answered"):
            return
        cloud, site, laptop = (self.servers[name] for name in NAMES)
        for _ in range(4):
            self.on("site")
            site.exchange(cloud)
            laptop.exchange(site)
        first, *others = [server.state() for server in self.servers.values()]
        assert all(other == first for other in others)
        logs = [server.log() for server in self.servers.values()]
        assert logs[0] == logs[1] == logs[2]
        for answered in self.answered.values():
            assert answered <= logs[0].keys(), "an edit vanished"
        named = [
            server.run(lambda session: [(c.record, c.path, [s.edit for s in c.sides]) for c in conflicts(session)])
            for server in self.servers.values()
        ]
        assert named[0] == named[1] == named[2]
        for server in self.servers.values():
            assert server.run(lambda session: session.scalar(select(func.count()).select_from(UntakenEdit))) == 0
            assert server.run(lambda session: session.get_one(LogHead, 1).seq) == len(logs[0])
            requests = server.run(lambda session: session.scalars(select(Request.id)).all())
            assert len(requests) == len(set(requests))


def test_whatever_happens_all_end_equal(
    open_server: OpenServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Fair.servers = {name: open_server(name, "postgresql" if name == "cloud" else "sqlite") for name in NAMES}
    Fair.folder, Fair.patch = tmp_path, monkeypatch
    run = settings(max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Fair, settings=run)
