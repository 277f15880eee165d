"""POST and GET /api/edits: the envelope, limits, sign-in, and who reads what."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from companion.accounts.sessions import add_staff
from companion.api import edits as api
from companion.models import Exhibitor, LogEntry, LogHead, Request, StaffSession, Tally
from companion.sync import room
from companion.sync.edits import Author
from companion.sync.problems import SENTENCES
from companion.sync.reading import read
from tests.visitors import erasure, make_edit, make_request, make_tally, own_record, withdrawal


@pytest.fixture
def code(session: Session) -> str:
    """Somebody at the demo fair."""
    return session.scalars(select(Exhibitor.code).order_by(Exhibitor.code)).first() or ""


def post(client: FlaskClient, *edits: Any, **more: Any) -> Any:
    return client.post("/api/edits", json={"edits": list(edits)} | more)


def sign_in(client: FlaskClient, session: Session, role: str) -> None:
    session.rollback()
    password = add_staff(session, role, role)
    session.commit()
    assert client.post("/staff/sign-in", data={"name": role, "password": password}).status_code == 302


def test_one_outcome_for_each_edit_in_order(client: FlaskClient, session: Session, code: str) -> None:
    request, tally = make_request(exhibitor=code), make_tally(exhibitor=code)
    shouted = make_request(exhibitor=code)
    shouted["id"] = shouted["id"].upper()
    seq = session.get_one(LogHead, 1).seq
    session.rollback()
    wrong = [7, None, {}, {"id": "x"}, request | {"id": str(uuid4()), "extra": 1},
             make_request(exhibitor=code, message="x" * 30_000)]  # fmt: skip
    answer = post(client, request, *wrong, tally, request, shouted, device="a-phone-of-a-visitor")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (
        200,
        "application/json",
        "no-store",
    )
    assert answer.json["seq"] == seq + 3
    assert [(o["id"], o["state"], o.get("problem")) for o in answer.json["outcomes"]] == [
        (request["id"], "applied", None),
        ("", "refused", "malformed"),
        ("", "refused", "malformed"),
        ("", "refused", "malformed"),
        ("x", "refused", "malformed"),
        (wrong[4]["id"], "refused", "malformed"),
        (wrong[5]["id"], "refused", "too_large"),
        (tally["id"], "applied", None),
        (request["id"], "duplicate", None),
        (shouted["id"], "applied", None),
    ]
    assert answer.json["outcomes"][1]["message"] == SENTENCES["malformed"]
    assert session.get_one(Request, request["record"]).message == request["fields"]["message"]
    assert session.get_one(Tally, tally["record"]).count == 1
    assert "a-phone" not in str([vars(entry) for entry in session.scalars(select(LogEntry).where(LogEntry.seq > seq))])


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "[]", "{}", "7", '{"edits": {}}', '{"edits": [], "device": "short"}', '{"edits": [], "device": 7}',
        "{", "[" * 100_000, '{"edits": ' + "[" * 5000 + "]" * 5000 + "}", '{"edits": [' + "0," * 500 + "0]}", "\xff",
    ],
)  # fmt: skip
def test_a_wrong_envelope_is_refused_whole(client: FlaskClient, body: str) -> None:
    answer = client.post("/api/edits", data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype, "message" in answer.json) == (422, "application/json", True)


def test_deep_and_odd_values_in_one_edit_do_not_stop_the_others(client: FlaskClient, code: str) -> None:
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    bad = [make_request(exhibitor=code, products=deep), make_request(exhibitor=code, name="\ud800"),
           make_request(exhibitor=code, lang=10**400), make_edit("exhibitor", "", {"\x00": 1})]  # fmt: skip
    answer = post(client, *bad, make_request(exhibitor=code))
    assert [outcome["state"] for outcome in answer.json["outcomes"]] == ["refused"] * 4 + ["applied"]


def test_too_much_at_once_is_413_in_json(client: FlaskClient) -> None:
    answer = client.post("/api/edits", data="[" + " " * 3_000_000, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (413, "application/json")


def test_a_device_is_limited_and_no_other_behind_its_address(
    client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PER_DEVICE", "3/minute")
    edit = make_request(exhibitor=code)
    answers = [post(client, edit, device="phone-one-one") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (answers[3].mimetype, int(answers[3].headers["Retry-After"]) <= 60) == ("application/json", True)
    assert post(client, edit, device="phone-two-two").status_code == 200
    assert post(client, edit).status_code == 200


def test_an_exhibitor_is_given_so_many_requests_and_no_more(
    client: FlaskClient, session: Session, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PER_EXHIBITOR", parse("2/hour"))
    other = session.scalars(select(Exhibitor.code).where(Exhibitor.code != code)).first()
    first, *more = [make_request(exhibitor=code) for _ in range(3)]
    sent = [first, first, *more, first, withdrawal(first["record"]), make_request(exhibitor=other)]
    outcomes = [(o["state"], o.get("problem")) for o in post(client, *sent).json["outcomes"]]
    assert outcomes == [
        ("applied", None), ("duplicate", None), ("applied", None), ("refused", "exhibitor_busy"), ("duplicate", None),
        ("applied", None), ("applied", None),
    ]  # fmt: skip


def test_invented_devices_do_not_multiply_an_addresss_limits(
    client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PER_ADDRESS", "3/minute")
    answers = [post(client, make_tally(exhibitor=code), device=f"invented-{n}").status_code for n in range(5)]
    assert 429 in answers


def told(client: FlaskClient, *edits: dict[str, Any], address: str = "127.0.0.1", **more: str) -> list[str]:
    answer = client.post("/api/edits", json={"edits": edits} | more, environ_base={"REMOTE_ADDR": address})
    return [outcome["state"] for outcome in answer.json["outcomes"]]


def test_a_flooded_exhibitor_still_hears_from_somebody_new(
    client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "OF_DEVICE", parse("4/hour"))
    monkeypatch.setattr(room, "OF_ADDRESS", parse("6/hour"))
    monkeypatch.setattr(room, "PER_EXHIBITOR", parse("9/hour"))
    monkeypatch.setattr(room, "RESERVE", parse("3/minute"))
    flood = [make_request(exhibitor=code) for _ in range(8)]
    assert told(client, *flood, device="one-device") == ["applied"] * 4 + ["refused"] * 4
    assert told(client, *flood, device="another-device") == ["duplicate"] * 4 + ["applied"] * 2 + ["refused"] * 2
    assert told(client, make_request(exhibitor=code), device="somebody-in-the-hall") == ["applied"]
    elsewhere = [make_request(exhibitor=code) for _ in range(5)]
    assert told(client, *elsewhere, address="192.0.2.7") == ["applied"] * 3 + ["refused"] * 2, "the exhibitor's hour"
    new = make_request(exhibitor=code)
    assert told(client, new, new, address="192.0.2.8") == ["applied", "duplicate"]
    assert told(client, make_request(exhibitor=code), device="new-in-the-hall") == ["applied"]
    assert told(client, make_request(exhibitor=code), device="another-device") == ["refused"]
    assert told(client, make_request(exhibitor=code), device="the-reserve-ends") == ["refused"]


def test_one_network_of_ipv6_is_one_address(client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "OF_NAMELESS", parse("2/hour"))
    sources = ["2001:db8::1", "2001:db8::2:1", "2001:db8:0:0:ffff::3", "2001:db8:0:1::1", "::ffff:192.0.2.7"]
    said = [told(client, make_request(exhibitor=code), address=source) for source in sources]
    assert said == [["applied"], ["applied"], ["refused"], ["applied"], ["applied"]]


def test_what_fails_uses_up_nothing(client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PER_ADDRESS", "2/minute")
    monkeypatch.setattr(api, "PER_DEVICE", "2/minute")
    for body in ({}, {"edits": 7, "device": "one-device"}, {"edits": [], "device": "one-device", "author": "staff:x"}):
        assert [client.post("/api/edits", json=body).status_code >= 400 for _ in range(3)] == [True] * 3
    monkeypatch.setattr(room, "OF_DEVICE", parse("1/hour"))
    edit = make_request(exhibitor=code)
    wrong = [
        edit | {"fields": edit["fields"] | {"wants": "all"}},
        make_request(exhibitor="ZZZZZ"),
        withdrawal(edit["id"]),
    ]
    assert told(client, *wrong, edit, edit, device="one-device") == ["refused"] * 3 + ["applied", "duplicate"]


def test_what_was_not_kept_uses_up_nothing(client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "OF_DEVICE", parse("1/hour"))
    edit = make_request(exhibitor=code)

    def full(_session: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    event.listen(Session, "before_commit", full)
    try:
        assert post(client, edit, device="one-device").status_code == 503
    finally:
        event.remove(Session, "before_commit", full)
    assert told(client, edit, device="one-device") == ["applied"]


def test_counts_and_erasures_are_limited(client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "TALLIES_OF_DEVICE", parse("1500/hour"))
    monkeypatch.setattr(room, "TALLIES", parse("2000/hour"))
    counts = [make_tally(exhibitor=code, count=count) for count in (1000, 1000, 0, 500)]
    assert told(client, *counts, device="one-device") == ["applied", "refused", "refused", "applied"]
    assert told(client, counts[1], device="another-device") == ["applied"], "the reserve of who is new"
    assert told(client, make_tally(exhibitor=code, count=501), device="another-device") == ["refused"]
    monkeypatch.setattr(room, "BACK_OF_DEVICE", parse("2/hour"))
    monkeypatch.setattr(room, "BACK", parse("3/hour"))
    for taken in (erasure, withdrawal):
        gone = [taken(own_record()) for _ in range(3)]
        assert told(client, *gone, device=f"device-{taken.__name__}")[:1] == ["applied"]
        assert "refused" in told(client, *gone, device=f"device-{taken.__name__}")


def test_what_a_database_that_is_busy_too_long_means_is_send_again(
    client: FlaskClient, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    edit = make_request(exhibitor=code)
    with monkeypatch.context() as patch:
        patch.setattr(api, "receive", busy)
        assert (post(client, edit).status_code, post(client, edit).mimetype) == (503, "application/json")
    assert post(client, edit).json["outcomes"][0]["state"] == "applied"


def test_another_site_cannot_write_for_a_visitor(client: FlaskClient, code: str) -> None:
    body = {"edits": [make_request(exhibitor=code)]}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post("/api/edits", json=body, headers=headers).status_code == 403
    assert client.post("/api/edits", json=body, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize(("role", "state"), [("editor", "applied"), ("viewer", "refused"), ("floor", "applied")])
def test_staff_write_by_their_role(client: FlaskClient, session: Session, code: str, role: str, state: str) -> None:
    record = session.scalars(select(Exhibitor).where(Exhibitor.code == code)).one()
    seen = {"email": record.stamps.get("email")}
    edit = make_edit("exhibitor", record.id, {"email": "new@example.org"}, base=seen)
    sign_in(client, session, role)
    outcomes = post(client, edit, make_request(exhibitor=code)).json["outcomes"]
    assert [outcome["state"] for outcome in outcomes] == [state, "applied"]


def test_nobody_slips_an_edit_into_an_act_of_the_office(client: FlaskClient, session: Session, code: str) -> None:
    foreign = session.scalars(select(LogEntry.act).limit(1)).one()
    edit = make_request(exhibitor=code) | {"act": foreign}
    post(client, edit)
    session.rollback()
    assert session.scalars(select(LogEntry.act).where(LogEntry.id == edit["id"])).one() == edit["id"]


def test_a_session_that_is_over_is_told_so_and_nothing_is_applied(
    client: FlaskClient, session: Session, code: str
) -> None:
    sign_in(client, session, "editor")
    session.query(StaffSession).delete()
    session.commit()
    request = make_request(exhibitor=code)
    answer = post(client, request)
    assert (answer.status_code, answer.mimetype) == (401, "application/json")
    assert session.get(Request, request["record"]) is None


def test_edits_of_one_are_not_taken_while_another_is_signed_in(
    client: FlaskClient, session: Session, code: str
) -> None:
    request = make_request(exhibitor=code)
    assert post(client, request, author="staff:editor").status_code == 401
    sign_in(client, session, "editor")
    assert post(client, request, author=f"exhibitor:{code}").status_code == 401
    assert session.get(Request, request["record"]) is None
    session.rollback()
    answer = post(client, request, author="staff:editor")
    assert [outcome["state"] for outcome in answer.json["outcomes"]] == ["applied"]


def test_nobody_reads_without_signing_in(client: FlaskClient) -> None:
    answer = client.get("/api/edits?since=0")
    assert (answer.status_code, answer.mimetype) == (401, "application/json")


def test_staff_see_that_there_is_a_request_and_not_what_it_says(
    app: Flask, client: FlaskClient, session: Session, code: str
) -> None:
    seq = session.get_one(LogHead, 1).seq
    request, tally = make_request(exhibitor=code), make_tally(exhibitor=code)
    post(app.test_client(), request, tally, withdrawal(request["record"]))
    sign_in(client, session, "administrator")
    answer = client.get(f"/api/edits?since={seq}&limit=10")
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.json["seq"], answer.json["next"]) == (seq + 3, seq + 3)
    assert [(e["seq"], e["kind"], e["fields"], e.get("partial")) for e in answer.json["edits"]] == [
        (seq + 1, "request", {"exhibitor": code}, True),
        (seq + 2, "tally", tally["fields"], None),
        (seq + 3, "request", {"withdrawn": True}, None),
    ]
    text = answer.get_data(as_text=True)
    assert not [word for word in ("Fatima", "600000001", "Trois", "thym") if word in text]


def test_pages_follow_each_other(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, "viewer")
    seen: list[int] = []
    page = {"next": 0, "seq": 1}
    while page["next"] < page["seq"]:
        page = client.get(f"/api/edits?since={page['next']}&limit=600").json
        seen += [edit["seq"] for edit in page["edits"]]
    assert seen == list(range(1, page["seq"] + 1))
    assert client.get(f"/api/edits?since={page['seq'] + 5}").json["edits"] == []
    for wrong in ("since=-1", "limit=0", "limit=1001", "since=x"):
        assert client.get(f"/api/edits?{wrong}").status_code == 422


def test_an_exhibitor_reads_their_own_requests_and_nothing_else(
    client: FlaskClient, session: Session, code: str
) -> None:
    other = session.scalars(select(Exhibitor.code).where(Exhibitor.code != code)).first() or ""
    seq = session.get_one(LogHead, 1).seq
    own, foreign, gone = make_request(exhibitor=code), make_request(exhibitor=other), make_request(exhibitor=code)
    tally = make_tally(exhibitor=code)
    post(client, own, foreign, gone, tally, make_tally(exhibitor=other), withdrawal(own["record"]),
         withdrawal(foreign["record"]), erasure(gone["record"]), erasure(foreign["record"]))  # fmt: skip
    session.rollback()
    page = read(session, Author("exhibitor:1", "exhibitor", code), seq, 1000)
    assert [(edit["seq"] - seq, edit["kind"], edit["fields"]) for edit in page.edits] == [
        (1, "request", own["fields"]),
        (3, "request", {"exhibitor": code, "erased": True}),
        (4, "tally", tally["fields"]),
        (6, "request", {"withdrawn": True}),
        (8, "erase", {"kind": "request"}),
    ]
    for reader in (Author("x", "exhibitor"), Author("x", "exhibitor", "NOONE"), Author("visitor", "visitor", code)):
        assert read(session, reader, seq, 1000).edits == []
