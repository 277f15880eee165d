"""Conflicts as phones of staff get them: what this person may settle, with what both saw."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from companion.sync.edits import Author, Change, Edit
from companion.sync.log import apply, now_millis, write
from companion.sync.stamps import next_stamp
from tests.offices import signed_in

AMINA, DRISS = Author("staff:amina", "floor"), Author("staff:driss", "editor")


def disagree(session: Session) -> str:
    """Two people write a phone number and a name of one exhibitor, having seen the same."""
    record = str(uuid4())
    write(session, [Change("exhibitor", record, {"phones": ["+212600000001"], "name.fr": "Avant"})], DRISS)
    session.commit()
    first = write(session, [Change("exhibitor", record, {"phones": ["+212600000002"], "name.fr": "Un"})], DRISS)[0]
    session.commit()
    stamp = next_stamp("phone", now_millis(), [first.stamp])
    fields = {"phones": ["+212600000003"], "name.fr": "Deux"}
    edit = Edit(id=str(uuid4()), kind="exhibitor", record=record, stamp=stamp, fields=fields, base=first.base)
    assert [outcome.state for outcome in apply(session, [edit], DRISS).outcomes] == ["conflict"]
    session.commit()
    return record


def test_a_phone_gets_the_conflicts_its_person_may_settle(app: Flask, session: Session, client: FlaskClient) -> None:
    record = disagree(session)
    assert client.get("/api/records/conflicts").status_code == 401
    paths = {
        role: [one["path"] for one in signed_in(app, session, role).get("/api/records/conflicts").json["conflicts"]]
        for role in ("floor", "editor", "viewer")
    }
    assert paths == {"floor": ["phones"], "editor": ["name.fr", "phones"], "viewer": []}
    [told] = signed_in(app, session, "floor", "amina").get("/api/records/conflicts").json["conflicts"]
    assert (told["record"], told["before"]) == (record, ["+212600000001"])
    assert [side["value"] for side in told["sides"]] == [["+212600000002"], ["+212600000003"]]


def test_a_choice_that_arrives_settles_it(app: Flask, session: Session) -> None:
    record = disagree(session)
    phone = signed_in(app, session, "floor", "amina")
    [told] = phone.get("/api/records/conflicts").json["conflicts"]
    latest = told["sides"][-1]["stamp"]
    edit = {
        "id": str(uuid4()), "kind": "exhibitor", "record": record, "stamp": next_stamp("amina", now_millis(), [latest]),
        "fields": {"phones": ["+212600000009"]}, "base": {"phones": latest},
        "settles": [side["edit"] for side in told["sides"]],
    }  # fmt: skip
    answer = phone.post("/api/edits", json={"edits": [edit], "author": AMINA.name})
    assert [outcome["state"] for outcome in answer.json["outcomes"]] == ["applied"]
    assert phone.get("/api/records/conflicts").json["conflicts"] == []
