"""What the floor team's phones send: walk-ins with a code and a secret of the phone's making, cards handed out, problems."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.access import card_state, make_card
from companion.models import Exhibitor, LogEntry, Trouble
from companion.sync.edits import Author, Change
from companion.sync.log import now_millis, write
from companion.sync.replaced import replaced
from companion.sync.stamps import next_stamp
from tests.offices import signed_in
from tests.servers import OpenServer

AMINA, DRISS = Author("staff:amina", "floor"), Author("staff:driss", "editor")
SECRET = "k7Zq-0Wm2sT4vXyB6dFhJw"
DIGEST = hashlib.sha256(SECRET.encode()).hexdigest()


def edit(
    kind: str, fields: dict[str, Any], record: str = "", base: dict[str, str | None] | None = None
) -> dict[str, Any]:
    seen = base if base is not None else dict.fromkeys(fields)
    stamp = next_stamp("phone", now_millis(), list(seen.values()))
    return {
        "id": str(uuid4()), "kind": kind, "record": record or str(uuid4()), "stamp": stamp, "fields": fields, "base": seen,
    }  # fmt: skip


def walk_in(code: str = "W7K2P", **more: Any) -> dict[str, Any]:
    return edit(
        "exhibitor", {"code": code, "walk_in": True, "name.fr": "Coopérative Tifaouine", "presence": "arrived"} | more
    )


def send(phone: FlaskClient, *edits: dict[str, Any]) -> list[tuple[str, str]]:
    answer = phone.post("/api/edits", json={"edits": list(edits)})
    return [(one["state"], one.get("problem", "")) for one in answer.json["outcomes"]]


def test_a_walk_in_is_in_the_office_at_once_and_their_secret_opens(app: Flask, session: Session) -> None:
    """From the floor's outbox to the register, to Today, and to a phone that signs in with the secret shown on the floor's."""
    phone, office = signed_in(app, session, "floor", "amina"), signed_in(app, session, "editor")
    made = walk_in(card_digest=DIGEST)
    booth = str(uuid4())
    write(session, [Change("booth", booth, {"code": "Q01"})], DRISS)
    session.commit()
    assert app.test_client().post("/in", json={"secret": SECRET}).status_code == 401, "not delivered yet"
    seen = session.execute(select(LogEntry.stamp).where(LogEntry.record == booth)).scalar_one()
    session.commit()
    placed = edit("booth", {"exhibitor": made["record"]}, booth, {"exhibitor": None})
    assert placed["stamp"] > seen
    assert send(phone, made, placed) == [("applied", ""), ("applied", "")]
    assert send(phone, made, placed) == [("duplicate", ""), ("duplicate", "")]
    assert "W7K2P" in office.get("/staff/", headers={"Accept-Language": "fr"}).text
    register = office.get("/staff/exhibitors?state=walk_in").text
    assert "W7K2P" in register and "Q01" in register
    assert "W7K2P" in office.get("/staff/exhibitors?state=no_card").text
    page = office.get("/staff/exhibitors/W7K2P", headers={"Accept-Language": "fr"}).text
    assert "Venu sans être sur la liste" in page and "Montrée comme code" in page
    public = app.test_client().get("/api/catalogue").json["snapshot"]
    assert DIGEST not in app.test_client().get(public).text and "W7K2P" in app.test_client().get(public).text

    theirs = app.test_client()
    assert theirs.post("/in", json={"secret": "x" * 22}).status_code == 401
    answer = theirs.post("/in", json={"secret": SECRET})
    assert (answer.status_code, answer.json["who"]) == (200, "exhibitor:W7K2P")
    records = theirs.get("/api/records").json["records"]
    assert [row["fields"]["name.fr"] for row in records if row["kind"] == "exhibitor"] == ["Coopérative Tifaouine"]
    assert DIGEST not in str(records), "nothing of the office's is told to exhibitors"
    assert app.test_client().post("/in", json={"secret": SECRET}).status_code == 200, "a second phone of theirs"
    make_card(session, made["record"])
    session.commit()
    assert app.test_client().post("/in", json={"secret": SECRET}).status_code == 401, "a printed card ends it"

    assert send(phone, edit("exhibitor", {"card_given": True}, made["record"])) == [("applied", "")]
    assert "W7K2P" not in office.get("/staff/exhibitors?state=no_card").text
    assert "Remise" in office.get("/staff/exhibitors/W7K2P", headers={"Accept-Language": "fr"}).text


def test_a_secret_opens_nothing_where_there_was_a_card(app: Flask, session: Session) -> None:
    """Who may add walk-ins must not be able to come in as somebody who has a card, nor to change a walk-in's afterwards."""
    phone = signed_in(app, session, "floor", "amina")
    record = str(uuid4())
    write(session, [Change("exhibitor", record, {"code": "H0NEY", "name.fr": "Miel"})], DRISS)
    session.commit()
    assert send(phone, edit("exhibitor", {"card_digest": DIGEST}, record)) == [("refused", "no_right")]
    assert send(phone, edit("exhibitor", {"name.fr": "Autre"}, record)) == [("refused", "no_right")]
    made = walk_in(card_digest=DIGEST)
    assert send(phone, made) == [("applied", "")]
    make_card(session, made["record"])
    session.commit()
    state = card_state(session, made["record"])
    assert state and state.phones == 0
    assert app.test_client().post("/in", json={"secret": SECRET}).status_code == 401


def test_the_floor_adds_nothing_but_walk_ins(app: Flask, session: Session) -> None:
    phone = signed_in(app, session, "floor", "amina")
    for wrong, problem in [
        (walk_in(code="not a code"), "value_wrong"), (walk_in(code="ILOU0"), "value_wrong"), (walk_in(walk_in=False), "no_right"),
        (walk_in(about={"fr": "x"}), "no_right"), (walk_in(withdrawn=True), "no_right"), (walk_in(card_digest="x"), "value_wrong"),
        (edit("exhibitor", {"presence": "arrived"}), "no_right"), (edit("booth", {"code": "Z1"}), "no_right"),
        (edit("trouble", {"deleted": True}), "no_right"),
    ]:  # fmt: skip
        assert send(phone, wrong) == [("refused", problem)], wrong["fields"]
    told = phone.get("/api/records").json
    assert told["makes"] == ["exhibitor", "trouble"]
    assert signed_in(app, session, "viewer").get("/api/records").json["makes"] == []


def test_two_phones_that_gave_the_same_code_without_a_network(app: Flask, session: Session) -> None:
    """Whoever came first keeps it; the other gets one from the server, told to every phone like any change."""
    phone, other = signed_in(app, session, "floor", "amina"), signed_in(app, session, "floor", "brahim")
    first, second = walk_in(), walk_in()
    second["stamp"] = next_stamp("phone2", now_millis(), [first["stamp"]])
    assert send(other, second) == [("applied", "")]
    since = other.get("/api/edits").json["seq"]
    assert send(phone, first) == [("applied", "")]
    codes = {row.id: row.code for row in session.scalars(select(Exhibitor)).all()}
    assert codes[first["record"]] == "W7K2P" != codes[second["record"]], (
        "the earlier act keeps it, whichever came first"
    )
    assert len(codes[second["record"]]) in (5, 6)
    told = [one for one in other.get(f"/api/edits?since={since}").json["edits"] if one["record"] == second["record"]]
    assert [one["fields"] for one in told] == [{"code": codes[second["record"]]}]
    session.rollback()
    assert send(other, second, edit("exhibitor", {"note": "x"}, second["record"]))[0] == ("duplicate", "")


def test_two_servers_that_gave_the_same_code_part_them_alike(open_server: OpenServer) -> None:
    cloud, site = open_server("cloud", "postgresql"), open_server("site")
    site.knows(cloud)
    ids = [str(uuid4()), str(uuid4())]
    for server, record in zip((cloud, site), ids, strict=True):
        change = Change("exhibitor", record, {"code": "W7K2P", "name.fr": server.name})
        server.run(lambda session, change=change: write(session, [change], DRISS))
    for _ in range(3):
        site.exchange(cloud)
    codes = {record: cloud.state()["exhibitor", record]["code"] for record in ids}
    assert codes[ids[0]] == "W7K2P" and codes[ids[1]] != "W7K2P"
    assert cloud.state() == site.state() and cloud.log() == site.log()


def test_a_problem_with_a_photo_reaches_the_office_and_nobody_else(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    phone, office = signed_in(app, session, "floor", "amina"), signed_in(app, session, "editor")
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(out, "JPEG")
    picture = phone.post("/api/own/photos", data=out.getvalue()).json["hash"]
    noted = edit("trouble", {"text": "Lampe <cassée>", "place": "A12", "at": "2026-11-25T10:00:00Z"})
    shown = edit("trouble", {"picture": picture}, noted["record"])
    assert send(phone, noted, shown) == [("applied", ""), ("applied", "")]
    assert client.get(f"/photos/{picture}.webp").status_code == 404
    answer = office.get(f"/staff/troubles/{picture}.webp")
    assert (answer.status_code, answer.headers["Cache-Control"].split(",")[0]) == (200, "private")
    assert 'href="/staff/troubles"' in office.get("/staff/").text
    page = office.get("/staff/troubles", headers={"Accept-Language": "fr"}).text
    assert "Lampe &lt;cassée&gt;" in page and f"/staff/troubles/{picture}.webp" in page and "amina" in page
    assert office.post(f"/staff/troubles/{noted['record']}/solved").status_code == 303
    assert session.get_one(Trouble, noted["record"]).solved
    assert f'data-trouble="{noted["record"]}" data-solved="yes"' in office.get("/staff/troubles").text
    snapshot = client.get("/api/catalogue").json["snapshot"]
    assert "<cassée>" not in client.get(snapshot).text


def test_who_was_overtaken_unseen_is_told(app: Flask, session: Session) -> None:
    """Not who was seen, not who overtook; and no more once they write it again."""
    record = str(uuid4())
    write(
        session, [Change("exhibitor", record, {"code": "H0NEY", "name.fr": "Miel", "phones": ["+212600000001"]})], DRISS
    )
    session.commit()
    phone, office = signed_in(app, session, "floor", "amina"), signed_in(app, session, "editor", "driss")
    base = session.get_one(Exhibitor, record).stamps["phones"]
    session.rollback()
    mine = edit("exhibitor", {"phones": ["+212600000002"]}, record, {"phones": base})
    theirs = edit("exhibitor", {"phones": ["+212600000003"]}, record, {"phones": base})
    theirs["stamp"] = next_stamp("phone2", now_millis(), [mine["stamp"]])
    assert send(phone, mine) == [("applied", "")]
    assert phone.get("/api/records/conflicts").json["replaced"] == []
    assert send(office, theirs) == [("conflict", "")]
    [told] = phone.get("/api/records/conflicts").json["replaced"]
    assert (told["edit"], told["mine"], told["now"], told["by"]) == (
        mine["id"], ["+212600000002"], ["+212600000003"], "staff:driss",
    )  # fmt: skip
    assert office.get("/api/records/conflicts").json["replaced"] == []
    assert replaced(session, Author("exhibitor:H0NEY", "exhibitor", "H0NEY")) == []
    session.rollback()
    again = edit("exhibitor", {"phones": ["+212600000002"]}, record, {"phones": theirs["stamp"]})
    assert send(phone, again) == [("applied", "")]
    assert phone.get("/api/records/conflicts").json["replaced"] == []
