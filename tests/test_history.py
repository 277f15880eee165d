"""The trail: who changed what when, from which value to which, found by person, kind, record and day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from companion.sync.edits import Change
from companion.sync.history import (
    Wanted,
    acts,
    authors,
    changes_of,
    last_author,
    one_act,
    undone_acts,
)  # fmt: skip
from companion.sync.log import write
from companion.sync.undo import undo, undo_of
from tests.test_undo import EDITOR, FIRST, OTHER, SECOND, put


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, open_node: Callable[[str, str], Session]) -> Session:
    return open_node(request.param, "office")


def test_it_says_who_changed_what_from_what(office: Session) -> None:
    made = put(office, {FIRST: {"email": "a@x.ma"}, SECOND: {"members": 2}})
    act = put(office, {FIRST: {"email": "c@x.ma", "name.fr": "Amal"}}, OTHER)
    newest, oldest = acts(office, Wanted())
    assert (newest.act, newest.author, newest.records, newest.undone) == (act, OTHER.name, {"exhibitor": 1}, False)
    assert (oldest.act, oldest.author, oldest.records) == (made, EDITOR.name, {"exhibitor": 2})
    [change] = changes_of(office, act, OTHER.name)
    assert (change.kind, change.record, change.made) == ("exhibitor", FIRST, False)
    assert [(step.path, step.before, step.after) for step in change.steps] == [
        ("email", "a@x.ma", "c@x.ma"), ("name.fr", None, "Amal"),
    ]  # fmt: skip
    assert [change.made for change in changes_of(office, made, EDITOR.name)] == [True, True]
    assert len(changes_of(office, made, EDITOR.name, offset=1)) == 1
    assert [one.act for one in acts(office, Wanted(record=FIRST))] == [act, made]
    assert last_author(office, "exhibitor", FIRST, "email") == OTHER.name


def test_what_was_undone_and_what_undoes_say_so(office: Session) -> None:
    put(office, {FIRST: {"email": "a@x.ma"}})
    act = put(office, {FIRST: {"email": "b@x.ma"}})
    undo(office, act, OTHER)
    office.commit()
    undoing, undone, first = acts(office, Wanted())
    assert (undoing.act, undoing.author, undoing.undoes, undoing.undone) == (undo_of(act), OTHER.name, True, False)
    assert (undone.act, undone.undoes, undone.undone, first.undone) == (act, False, True, False)
    undo(office, undo_of(act), OTHER)
    office.commit()
    assert undone_acts(office, [act, undo_of(act)]) == {undo_of(act)}


def test_it_is_filtered(office: Session) -> None:
    put(office, {FIRST: {"email": "a@x.ma"}})
    put(office, {SECOND: {"email": "b@x.ma"}}, OTHER)
    write(office, [Change("zone", FIRST, {"code": "A"})], EDITOR)
    office.commit()
    wanted = {
        "all": Wanted(), "driss": Wanted(author=OTHER.name), "zones": Wanted(kind="zone"),
        "two": Wanted(record=SECOND), "today": Wanted(day=datetime.now(UTC).date(), zone=ZoneInfo("UTC")),
        "1999": Wanted(day=date(1999, 1, 1)), "older": Wanted(before=3),
    }  # fmt: skip
    assert {name: len(acts(office, one)) for name, one in wanted.items()} == {
        "all": 3, "driss": 1, "zones": 1, "two": 1, "today": 3, "1999": 0, "older": 2,
    }  # fmt: skip
    assert len(acts(office, Wanted(), limit=1)) == 1
    assert authors(office) == [EDITOR.name, OTHER.name]


def test_an_act_that_is_not_there_is_not_found(office: Session) -> None:
    with pytest.raises(LookupError):
        one_act(office, FIRST, EDITOR.name)
