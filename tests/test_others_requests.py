"""What others can do to a visitor's request: with every id that any role reads, nobody erases, withdraws or answers it."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.access import make_card
from companion.models import ROLES, Exhibitor, Lead, LogHead, Request
from tests.offices import signed_in
from tests.visitors import make_edit, make_request, withdrawal

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AT = "2027-07-03T10:30:00Z"


def entered(app: Flask, session: Session, exhibitor: Exhibitor) -> FlaskClient:
    session.rollback()
    secret = make_card(session, exhibitor.id)
    session.commit()
    client = app.test_client()
    assert client.post("/in", json={"secret": secret}).status_code == 200
    return client


def states(client: FlaskClient, *edits: dict[str, Any]) -> list[str]:
    answer = client.post("/api/edits", json={"edits": edits})
    return [outcome["state"] for outcome in answer.json["outcomes"]]


def answering(code: str, request: str) -> dict[str, Any]:
    """An exhibitor writes that a request was answered."""
    fields = {"exhibitor": code, "source": "request", "request": request, "name": "Hassan", "state": "called", "at": AT}
    return make_edit("lead", str(uuid4()), fields)


def left(session: Session, *records: str) -> list[dict[str, Any]]:
    session.rollback()
    rows = [session.get(model, record) for model in (Request, Lead) for record in records]
    return [{name: value for name, value in vars(row).items() if name[0] != "_"} for row in rows if row]


def test_nobody_else_takes_back_or_answers_a_request(app: Flask, session: Session) -> None:
    whose, other = session.scalars(select(Exhibitor).where(~Exhibitor.deleted).order_by(Exhibitor.code).limit(2)).all()
    mine, theirs = whose.code, other.code
    own, another = entered(app, session, whose), entered(app, session, other)
    since = session.get_one(LogHead, 1).seq
    session.rollback()
    visitor = app.test_client()
    request, withdrawn = make_request(exhibitor=mine), make_request(exhibitor=mine)
    answer = answering(mine, request["record"])
    assert states(visitor, request, withdrawn, withdrawal(withdrawn["record"])) == ["applied"] * 3
    assert states(own, answer) == ["applied"]
    before = left(session, request["record"], withdrawn["record"], answer["record"])
    assert len(before) == 3
    clients = {role: signed_in(app, session, role) for role in ROLES} | {"own": own, "another": another}
    pages = {name: client.get(f"/api/edits?since={since}").get_data(as_text=True) for name, client in clients.items()}
    known = sorted(set(_ID.findall("".join(pages.values()))))
    assert {request["record"], withdrawn["record"], answer["record"]} <= set(known)
    assert request["record"] not in pages["another"]
    for name, client in (clients | {"visitor": visitor}).items():
        for each in known:
            taken = [
                make_edit("request", each, {"withdrawn": True}),
                make_edit("request", each, {"withdrawn": False}),
                make_edit("erase", each, {"kind": "request"}, base={}),
                make_edit("request", each, {"withdrawn": True}, secret=each),
                make_edit("request", each, request["fields"] | {"message": "other"}),
            ]
            assert "applied" not in states(client, *taken[:4]), (name, each)
            if each in (request["record"], withdrawn["record"]):
                assert states(client, taken[4]) == ["refused"], (name, each)
        asked = [request["record"], withdrawn["record"]]
        if name != "own":
            tries = [answering(code, each) for each in asked for code in (mine, theirs)]
            tries.append(make_edit("lead", answer["record"], {"state": "ordered"}))
            tries.append(make_edit("lead", answer["record"], {"request": withdrawn["record"]}))
            assert states(client, *tries) == ["refused"] * 6, name
    assert left(session, request["record"], withdrawn["record"], answer["record"]) == before


def test_a_lead_of_a_request_that_is_not_here_yet_is_taken(app: Flask, session: Session) -> None:
    one = session.scalars(select(Exhibitor).where(~Exhibitor.deleted).order_by(Exhibitor.code)).first()
    client = entered(app, session, one)
    wrong = make_edit("lead", str(uuid4()), answering(one.code, "")["fields"] | {"request": {"id": 7}})
    assert states(client, answering(one.code, str(uuid4())), answering(one.code, ""), wrong) == [
        "applied",
        "applied",
        "refused",
    ]
