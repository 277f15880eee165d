"""Conflicts: the same on every node, both values kept, settled by an edit."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from companion.models import Exhibitor
from companion.sync import conflicts as subject
from companion.sync import log
from companion.sync.conflicts import conflicts, settle
from companion.sync.edits import Author, Change
from companion.sync.log import apply, write
from tests.test_sync_log import EDITOR, NODE, NOW, SKEW, OpenNode, edits_of, empty, state_of

RECORD = str(UUID(int=1))
DRISS = Author("staff:driss", "administrator")


@pytest.fixture(scope="module")
def nodes(open_node: OpenNode) -> list[Session]:
    return [open_node("sqlite", "site"), open_node("postgresql", "cloud"), open_node("sqlite", "laptop")]


@pytest.fixture
def fresh(nodes: list[Session]) -> list[Session]:
    for session in nodes:
        empty(session)
    return nodes


def exchange(nodes: list[Session]) -> None:
    for sender in nodes:
        for receiver in nodes:
            apply(receiver, edits_of(sender), NODE)
            receiver.commit()


def put(session: Session, author: Author = EDITOR, **fields: object) -> None:
    write(session, [Change("exhibitor", RECORD, fields)], author)
    session.commit()


def two_offline(nodes: list[Session]) -> None:
    """Two people correct one number while their nodes cannot meet."""
    put(nodes[0], email="old@example.org", members=3)
    exchange(nodes)
    put(nodes[0], EDITOR, email="a@example.org", members=9)
    put(nodes[1], DRISS, email="d@example.org", members=9)
    exchange(nodes)


def test_both_values_are_there_on_every_node_with_who_wrote_them(fresh: list[Session]) -> None:
    two_offline(fresh)
    first, *others = [conflicts(session) for session in fresh]
    [conflict] = first
    assert (conflict.kind, conflict.record, conflict.path) == ("exhibitor", RECORD, "email")
    assert [(side.value, side.author) for side in conflict.sides] == [
        ("a@example.org", "staff:amina"), ("d@example.org", "staff:driss"),
    ]  # fmt: skip
    assert all(other == first for other in others)


@pytest.mark.parametrize("value", ["a@example.org", "d@example.org", "third@example.org", None])
def test_it_is_settled_by_one_the_other_or_a_third_value(fresh: list[Session], value: str | None) -> None:
    two_offline(fresh)
    [conflict] = conflicts(fresh[2])
    edit = settle(fresh[2], conflict, value, EDITOR)
    fresh[2].commit()
    assert edit.settles == [side.edit for side in conflict.sides]
    exchange(fresh)
    for session in fresh:
        assert conflicts(session) == []
        assert session.get_one(Exhibitor, RECORD).email == value


def test_two_who_settle_it_differently_are_in_conflict_again(fresh: list[Session]) -> None:
    two_offline(fresh)
    for session, value in zip(fresh, ("a@example.org", "d@example.org", "a@example.org"), strict=True):
        settle(session, conflicts(session)[0], value, EDITOR)
        session.commit()
        assert conflicts(session) == []
    exchange(fresh)
    found = conflicts(fresh[0])
    assert {side.value for side in found[0].sides} == {"a@example.org", "d@example.org"}
    while found:
        settle(fresh[0], found[0], "d@example.org", EDITOR)
        fresh[0].commit()
        found = conflicts(fresh[0])
    exchange(fresh)
    assert [conflicts(session) for session in fresh] == [[], [], []]


def test_a_value_that_comes_late_is_not_lost_behind_a_settlement(fresh: list[Session]) -> None:
    put(fresh[0], email="old@example.org")
    exchange(fresh)
    for session, name in zip(fresh, "abc", strict=True):
        put(session, email=f"{name}@example.org")
    exchange(fresh[:2])
    settle(fresh[0], conflicts(fresh[0])[0], "a@example.org", EDITOR)
    fresh[0].commit()
    exchange(fresh)
    [conflict] = conflicts(fresh[1])
    assert {side.value for side in conflict.sides} == {"a@example.org", "c@example.org"}


def test_who_may_not_write_the_record_settles_nothing(fresh: list[Session]) -> None:
    two_offline(fresh)
    [conflict] = conflicts(fresh[0])
    before = state_of(fresh[0])
    for role in ("visitor", "viewer", "exhibitor"):
        with pytest.raises(ValueError, match="no_right"):
            settle(fresh[0], conflict, "mine@example.org", Author("x", role))
        fresh[0].rollback()
    assert state_of(fresh[0]) == before


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 2), st.sampled_from(["a", "b", "c"]), st.none()),
        st.tuples(st.just("settle"), st.integers(0, 2), st.sampled_from(["a", "b", "d"]), st.none()),
        st.tuples(st.just("send"), st.integers(0, 2), st.integers(0, 2), st.randoms(use_true_random=False)),
    ),
    min_size=4,
    max_size=16,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_three_nodes_see_the_same_conflicts_and_can_settle_them_all(
    nodes: list[Session], monkeypatch: pytest.MonkeyPatch, steps: list[tuple]
) -> None:
    for session in nodes:
        empty(session)
    for what, who, other, dice in steps:
        for module in (log, subject):
            monkeypatch.setattr(module, "now_millis", lambda who=who: NOW + SKEW[who])
        if what == "write":
            put(nodes[who], email=f"{other}@example.org")
        elif what == "settle":
            for conflict in conflicts(nodes[who])[:1]:
                settle(nodes[who], conflict, f"{other}@example.org", EDITOR)
            nodes[who].commit()
        else:
            edits = edits_of(nodes[who])
            apply(nodes[other], dice.sample(edits, dice.randint(0, len(edits))), NODE)
            nodes[other].commit()
    exchange(nodes)
    found = [conflicts(session) for session in nodes]
    assert found[0] == found[1] == found[2]
    for _ in range(20):
        for conflict in conflicts(nodes[0])[:1]:
            settle(nodes[0], conflict, "last@example.org", EDITOR)
        nodes[0].commit()
    exchange(nodes)
    assert [conflicts(session) for session in nodes] == [[], [], []]
    for session in nodes:
        session.rollback()


def test_an_edit_names_no_more_than_it_may() -> None:
    with pytest.raises(ValueError, match="settles"):
        log.Edit(id=str(uuid4()), kind="exhibitor", record=RECORD, stamp=f"{NOW}-0000-x", fields={"email": None},
                 settles=[str(uuid4())] * 51)  # fmt: skip
