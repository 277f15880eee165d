"""Erasing what a person left: on every node, in any order, in the log and in the file; the fact stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from companion.models import Exhibitor, LogEntry, Request
from companion.sync.edits import Author, Edit
from companion.sync.log import apply
from companion.sync.receive import receive
from companion.sync.retention import erase_after, erase_record
from companion.sync.rights import VISITOR
from tests.test_sync_log import EDITOR, NODE, OpenNode, edits_of, empty, state_of
from tests.visitors import HONEY, erasure, make_request, make_tally, open_fair, withdrawal

OFFICE = Author("command:erase", "administrator")
WORDS = ("Fatima", "600000001", "Trois pots", "thym", "2027-07-03T10:05")


@pytest.fixture(scope="module")
def nodes(open_node: OpenNode) -> list[Session]:
    return [open_node("sqlite", "site"), open_node("postgresql", "cloud"), open_node("sqlite", "laptop")]


@pytest.fixture
def fresh(nodes: list[Session]) -> list[Session]:
    for session in nodes:
        empty(session)
    open_fair(nodes[0])
    for session in nodes[1:]:
        apply(session, edits_of(nodes[0]), NODE)
        session.commit()
    return nodes


def send(session: Session, *edits: dict[str, Any]) -> list[str]:
    outcomes = receive(session, list(edits), VISITOR).outcomes
    session.commit()
    return [outcome.state for outcome in outcomes]


def everything(session: Session) -> str:
    """All that the tables of requests and the log hold, as the database writes it."""
    return str([session.execute(text(f"SELECT * FROM {table}")).all() for table in ("request", "log")])


def test_nothing_of_the_person_is_left_and_the_fact_is(fresh: list[Session]) -> None:
    for session in fresh:
        sent, other = make_request(), make_request(name="Somebody else")
        send(session, sent, other, withdrawal(sent["record"]))
        assert [word for word in WORDS if word in everything(session)] == list(WORDS)
        assert send(session, erasure(sent["record"]), sent) == ["applied", "duplicate"]
        row = session.get_one(Request, sent["record"])
        assert (row.exhibitor, row.erased, row.deleted, row.name, row.phone) == (HONEY, True, True, "", None)
        entries = session.scalars(select(LogEntry).where(LogEntry.record == sent["record"]).order_by(LogEntry.seq))
        assert [(entry.kind, entry.fields) for entry in entries] == [
            ("request", {"erased": True, "exhibitor": HONEY}),
            ("request", {"erased": True}),
            ("erase", {"kind": "request"}),
        ]
        assert session.get_one(Request, other["record"]).name == "Somebody else"


def test_the_file_of_sqlite_holds_nothing_either(new_database: Callable[[str], str], open_node: OpenNode) -> None:
    session = open_node("sqlite", "site")
    path = Path(session.get_bind().url.database)  # type: ignore[union-attr]
    open_fair(session)
    sent = make_request(message="Words that must not stay" * 50)

    def file() -> bytes:
        session.commit()
        session.connection().exec_driver_sql("COMMIT")  # a checkpoint runs outside a transaction
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        session.connection().exec_driver_sql("BEGIN")
        session.rollback()
        return path.read_bytes()

    send(session, sent)
    assert b"must not stay" in file()
    send(session, erasure(sent["record"]))
    assert b"must not stay" not in file()


def test_it_reaches_the_nodes_that_have_the_request_and_those_that_get_it_later(fresh: list[Session]) -> None:
    site, cloud, laptop = fresh
    sent = make_request()
    send(site, sent)
    before = edits_of(site)
    apply(cloud, before, NODE)
    cloud.commit()
    send(cloud, erasure(sent["record"]))
    for session, edits in ((laptop, edits_of(cloud)[::-1]), (laptop, before), (site, edits_of(cloud))):
        apply(session, edits, NODE)
        session.commit()
    states = [state_of(session) for session in fresh]
    assert states[0] == states[1] == states[2]
    assert [word for session in fresh for word in WORDS if word in everything(session)] == []


def test_a_request_that_arrives_after_its_erasure_is_answered_and_forgotten(fresh: list[Session]) -> None:
    sent = make_request()
    assert send(fresh[0], erasure(sent["record"])) == ["applied"]
    assert send(fresh[0], sent, sent, withdrawal(sent["record"])) == ["applied", "duplicate", "applied"]
    assert [word for word in WORDS if word in everything(fresh[0])] == []


def test_nothing_but_what_a_person_left_can_be_erased(fresh: list[Session]) -> None:
    [record, *_] = fresh[0].scalars(select(Exhibitor.id)).all()
    tally = make_tally()
    send(fresh[0], tally)
    before = state_of(fresh[0])
    for author in (VISITOR, EDITOR, OFFICE, NODE):
        for kind, of in (("exhibitor", record), ("tally", tally["record"]), ("erase", record), (["request"], record)):
            edit = Edit(**erasure(of) | {"fields": {"kind": kind}})
            blank = Edit(**erasure(of) | {"kind": "exhibitor", "fields": {"erased": True}})
            more = Edit(**erasure(of) | {"fields": {"kind": "request", "name": ""}})
            assert {o.state for o in apply(fresh[0], [edit, blank, more], author).outcomes} == {"refused"}
    assert state_of(fresh[0]) == before


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "withdraw", "erase", "exchange"]), st.integers(0, 2), st.integers(0, 2),
        st.randoms(use_true_random=False),
    ),
    min_size=3, max_size=14,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_three_nodes_end_the_same_and_know_nothing(nodes: list[Session], steps: list[tuple]) -> None:
    for session in nodes:
        empty(session)
        open_fair(session)
    sent = [make_request() for _ in range(3)]
    erased = set()
    for what, who, other, dice in steps:
        if what == "send":
            send(nodes[who], sent[other])
        elif what == "withdraw":
            send(nodes[who], withdrawal(sent[other]["record"]))
        elif what == "erase":
            send(nodes[who], erasure(sent[other]["record"]))
            erased.add(sent[other]["record"])
        else:
            edits = edits_of(nodes[who])
            apply(nodes[other], dice.sample(edits, dice.randint(0, len(edits))), NODE)
            nodes[other].commit()
    for sender in nodes:
        for receiver in nodes:
            apply(receiver, edits_of(sender), NODE)
            receiver.commit()
    for sender in nodes:
        for receiver in nodes:
            apply(receiver, edits_of(sender), NODE)
            receiver.commit()
    states = [state_of(session) for session in nodes]
    assert states[0] == states[1] == states[2]
    logs = [sorted((e.id, str(sorted(e.fields.items(), key=str))) for e in edits_of(session)) for session in nodes]
    assert logs[0] == logs[1] == logs[2]
    assert {row.id for row in nodes[0].scalars(select(Request).where(Request.erased))} == erased
    for session in nodes:
        for entry in session.scalars(select(LogEntry).where(LogEntry.record.in_(erased), LogEntry.kind == "request")):
            assert entry.fields.keys() <= {"erased", "exhibitor"}
        session.rollback()


def test_the_office_erases_by_command(app: Flask, session: Session) -> None:
    code = session.scalars(select(Exhibitor.code)).first() or ""
    sent = make_request(exhibitor=code)
    assert send(session, sent) == ["applied"]
    runner = app.test_cli_runner()
    result = runner.invoke(args=["erase", sent["record"]])
    assert (result.exit_code, result.output) == (0, f"Erased: request {sent['record']}\n")
    assert "Fatima" not in everything(session)
    again = runner.invoke(args=["erase", sent["record"]])
    assert (again.exit_code, "no personal record" in again.output) == (1, True)
    entry = session.scalars(select(LogEntry).where(LogEntry.kind == "erase")).one()
    assert (entry.author, entry.record) == ("command:erase", sent["record"])


def test_requests_are_kept_as_long_as_the_setting_says(app: Flask, session: Session) -> None:
    code = session.scalars(select(Exhibitor.code)).first() or ""
    send(session, make_request(exhibitor=code), make_request(exhibitor=code), make_tally(exhibitor=code))
    assert erase_after(session, 90, OFFICE, date(2027, 10, 5)) == 0
    session.rollback()
    result = app.test_cli_runner().invoke(args=["retention"])
    assert (result.exit_code, result.output) == (0, "Erased: 0 (kept until 90 days after the fair's last day)\n")
    assert erase_after(session, 90, OFFICE, date(2027, 10, 6)) == 2
    session.commit()
    assert "Fatima" not in everything(session)
    assert erase_after(session, 90, OFFICE, date(2027, 10, 6)) == 0
    with pytest.raises(LookupError):
        erase_record(session, "nothing", OFFICE)
    session.rollback()
