"""Which role may write which field of which kind: every one of them tried."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from companion.models import KINDS, fields_of, texts_of
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import apply, write
from companion.sync.merge import new_record
from companion.sync.stamps import next_stamp
from tests.test_sync_log import NOW, OpenNode, empty

FLOOR = {
    ("exhibitor", "phones"), ("exhibitor", "whatsapp"), ("exhibitor", "email"), ("exhibitor", "website"),
    ("exhibitor", "presence"), ("exhibitor", "note"), ("exhibitor", "card_given"), ("booth", "exhibitor"),
    ("trouble", "exhibitor"), ("trouble", "place"), ("trouble", "text"), ("trouble", "picture"), ("trouble", "at"),
    ("trouble", "solved"),
}  # fmt: skip
FIELDS = {
    (kind, f"{column}.fr" if column in texts_of(model) else column)
    for kind, model in KINDS.items()
    if model.PUBLIC or kind == "trouble"
    for column in fields_of(model)
}


@pytest.fixture(scope="module")
def node(open_node: OpenNode) -> Session:
    return open_node("sqlite", "cloud")


def written(node: Session, role: str) -> set[tuple[str, str]]:
    """Which fields of records that are there an author of this role could write, each by an edit of its own."""
    empty(node)
    edits, made = {}, []
    for kind, path in sorted(FIELDS):
        record = new_record(KINDS[kind], str(uuid4()))
        value = "Texte" if path.endswith(".fr") else getattr(record, path)
        edit = Edit(id=str(uuid4()), kind=kind, record=record.id, stamp=next_stamp("a", NOW, []), fields={path: value})
        edits[edit.id] = (kind, path), edit
        made.append(Change(kind, record.id, {"deleted": True}))
    write(node, made, Author("x", "editor"))
    outcomes = apply(node, [edit for _, edit in edits.values()], Author("x", role)).outcomes
    node.rollback()
    assert {outcome.problem for outcome in outcomes} <= {"", "no_right"}
    return {edits[outcome.id][0] for outcome in outcomes if outcome.state != "refused"}


@pytest.mark.parametrize("role", ["administrator", "editor", "importer"])
def test_the_office_writes_everything_of_the_fair(node: Session, role: str) -> None:
    assert written(node, role) == FIELDS


def test_the_floor_writes_how_to_reach_exhibitors_and_who_stands_where(node: Session) -> None:
    assert written(node, "floor") == FLOOR


@pytest.mark.parametrize("role", ["viewer", "visitor", "", "nobody"])
def test_others_write_nothing(node: Session, role: str) -> None:
    assert written(node, role) == set()
