"""Acts are undone whole, redone, and leave alone what somebody changed since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Exhibitor, LogEntry
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import apply, write
from companion.sync.undo import is_undone, last_of, undo, undo_of, undo_since

EDITOR, OTHER = Author("staff:amina", "editor"), Author("staff:driss", "editor")
FIRST, SECOND = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, open_node: Callable[[str, str], Session]) -> Session:
    session = open_node(request.param, "office")
    put(session, {FIRST: {"code": "AAAAA", "members": 5}})
    return session


def put(session: Session, records: dict[str, dict[str, Any]], author: Author = EDITOR) -> str:
    edits = write(session, [Change("exhibitor", own, fields) for own, fields in records.items()], author)
    session.commit()
    (act,) = {edit.act for edit in edits}
    return act


def state(session: Session, *paths: str, record: str = FIRST) -> list[Any]:
    one = session.get_one(Exhibitor, record, populate_existing=True)
    return [getattr(one, path) for path in paths]


def take_back(session: Session, act: str) -> list[tuple[str, str, str]]:
    undone = undo(session, act, EDITOR)
    session.commit()
    return undone.kept


def test_an_act_goes_back_whole_and_comes_again(office: Session) -> None:
    act = put(office, {FIRST: {"members": 9, "name.fr": "Amal"}, SECOND: {"code": "BBBBB", "name.fr": "Nour"}})
    assert take_back(office, act) == []
    assert state(office, "members", "name") == [5, {}]
    assert state(office, "deleted", "name", record=SECOND) == [True, {"fr": "Nour"}]
    assert is_undone(office, act)
    assert take_back(office, undo_of(act)) == []
    assert state(office, "members", "name") == [9, {"fr": "Amal"}]
    assert state(office, "deleted", record=SECOND) == [False]
    assert not is_undone(office, act)
    assert take_back(office, last_of(office, act)) == []
    assert state(office, "members", "name") == [5, {}]
    assert state(office, "deleted", record=SECOND) == [True]


def test_what_was_changed_since_stays_and_is_named(office: Session) -> None:
    act = put(office, {FIRST: {"members": 9, "founded": 2001}, SECOND: {"code": "BBBBB", "members": 1}})
    put(office, {FIRST: {"members": 10}, SECOND: {"members": 2}}, OTHER)
    assert take_back(office, act) == [("exhibitor", FIRST, "members"), ("exhibitor", SECOND, "members")]
    assert state(office, "members", "founded") == [10, None]
    assert state(office, "deleted", "members", record=SECOND) == [False, 2]


def test_a_new_record_in_which_somebody_has_written_since_stays(office: Session) -> None:
    """What they wrote would go with it, in fields the act said nothing of; when they take it back, so does the record."""
    act = put(office, {SECOND: {"code": "BBBBB", "name.fr": "Nour"}})
    since = put(office, {SECOND: {"about.fr": "Miel de thym"}}, OTHER)
    assert take_back(office, act) == [("exhibitor", SECOND, "about.fr")]
    assert state(office, "deleted", "name", record=SECOND) == [False, {"fr": "Nour"}]
    again = put(office, {SECOND: {"members": 3}})
    take_back(office, again)
    take_back(office, since)
    assert state(office, "about", "members", record=SECOND) == [{}, None]


def test_acts_are_undone_one_after_the_other(office: Session) -> None:
    acts = [put(office, {FIRST: {"members": number}}) for number in (6, 7, 8)]
    for act, left in zip(reversed(acts), (7, 6, 5), strict=True):
        assert take_back(office, act) == []
        assert state(office, "members") == [left]


def test_an_act_is_undone_once_and_by_who_may(office: Session) -> None:
    act = put(office, {FIRST: {"members": 9}})
    with pytest.raises(ValueError, match="may not"):
        undo(office, act, Author("staff:zahra", "viewer"))
    office.rollback()
    take_back(office, act)
    for wrong in (act, str(uuid4())):
        with pytest.raises(ValueError, match="no act"):
            undo(office, wrong, EDITOR)
        office.rollback()


def test_edits_from_elsewhere_keep_their_act_or_are_one_each(office: Session) -> None:
    edits = [
        Edit(id=str(uuid4()), kind="exhibitor", record=FIRST, stamp=f"0000000000001-000{n}-phone", fields=fields, act=act)
        for n, (fields, act) in enumerate([({"founded": 1999}, SECOND), ({"orders": True}, "")])
    ]  # fmt: skip
    apply(office, edits, EDITOR)
    office.commit()
    acts = {entry.id: entry.act for entry in office.scalars(select(LogEntry))}
    assert [acts[edit.id] for edit in edits] == [SECOND, edits[1].id]


def test_somebodys_last_hour_goes_and_others_work_stays(office: Session) -> None:
    put(office, {FIRST: {"members": 6}}, OTHER)
    put(office, {FIRST: {"members": 7}})
    take_back(office, put(office, {FIRST: {"founded": 1990}}))
    put(office, {FIRST: {"members": 8}, SECOND: {"code": "BBBBB"}})
    put(office, {FIRST: {"women": 3}}, OTHER)
    assert undo_since(office, EDITOR.name, "2999-01-01T00:00:00Z", OTHER).edits == []
    office.commit()
    undone = undo_since(office, OTHER.name, "2000-01-01T00:00:00Z", EDITOR)
    office.rollback()
    assert undone.kept == [("exhibitor", FIRST, "members")]
    undone = undo_since(office, EDITOR.name, "2000-01-01T00:00:00Z", OTHER)
    office.commit()
    assert undone.kept == [("exhibitor", FIRST, "members"), ("exhibitor", FIRST, "women")]
    assert state(office, "members", "women", "founded", "deleted") == [6, 3, None, False]
    assert state(office, "deleted", record=SECOND) == [True]
