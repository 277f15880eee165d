"""The public catalogue: whole, in changes, over HTTP, and without anything that is not public."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.catalogue.published import Shelf
from companion.extensions import db
from companion.models import Booth, Exhibitor, Fair, LogHead, Product, Workshop
from companion.nodes.identity import rename_log
from companion.sync.edits import Author, Change
from companion.sync.log import write

EDITOR = Author("staff:amina", "editor")
SECRET = "ZZ-internal-ZZ"


def change(session: Session, kind: str, record: str, **fields: Any) -> None:
    write(session, [Change(kind, record, {path.replace("__", "."): value for path, value in fields.items()})], EDITOR)
    session.commit()


def snapshot(client: FlaskClient) -> dict[str, Any]:
    newest = client.get("/api/catalogue").json
    answer = client.get(newest["snapshot"])
    assert answer.json["seq"] == newest["seq"]
    return answer.json


def changes(client: FlaskClient, since: int) -> dict[str, Any]:
    return client.get(f"/api/catalogue/changes?since={since}").json


def apply_changes(old: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """What a phone does with an answer (static/js/changes.js)."""
    new = old | answer["set"] | {"seq": answer["seq"]}
    for section in ("exhibitors", "booths", "places", "workshops"):
        if section in answer:
            records = {record["code"]: record for record in old[section]}
            records |= {record["code"]: record for record in answer[section]["changed"]}
            new[section] = [record for code, record in records.items() if code not in answer[section]["gone"]]
    return new


def alike(catalogue: dict[str, Any]) -> dict[str, Any]:
    """A catalogue with its lists in one order, to compare what it says and not how it came."""
    lists = ("exhibitors", "booths", "places", "workshops")
    return catalogue | {name: sorted(catalogue[name], key=lambda record: record["code"]) for name in lists}


def an_exhibitor(session: Session) -> Exhibitor:
    return session.scalars(select(Exhibitor).where(Exhibitor.number == "4")).one()


def test_the_snapshot_holds_the_whole_demo_fair(client: FlaskClient) -> None:
    whole = snapshot(client)
    sizes = {name: len(whole[name]) for name in ("exhibitors", "booths", "places", "workshops", "sectors", "zones")}
    assert sizes == {"exhibitors": 320, "booths": 332, "places": 27, "workshops": 40, "sectors": 17, "zones": 5}
    assert sum(len(exhibitor["products"]) for exhibitor in whole["exhibitors"]) == 900
    assert whole["fair"]["dates"]["fr"] == "3–7 juillet 2027"
    assert [len(set(order)) for order in whole["order"].values()] == [320, 320, 320]


def test_the_snapshot_is_plain_text_whole_numbers_and_yes_or_no(client: FlaskClient) -> None:
    def kinds(value: object) -> set[type]:
        if isinstance(value, dict):
            return set().union(*map(kinds, value.values())) if value else {dict}
        if isinstance(value, list):
            return set().union(*map(kinds, value)) if value else {list}
        return {type(value)}

    empty = {"moved": "nobody was merged in the demo fair"}
    assert kinds(snapshot(client) | empty) == {str, int, bool}


def test_the_snapshot_kept_for_other_tests_has_the_shape_of_today(client: FlaskClient) -> None:
    """It holds the demo fair too, under codes of its own that those tests name."""
    kept = json.loads((Path(__file__).parent / "data/snapshot.json").read_text("utf-8"))
    whole = snapshot(client)
    assert kept.keys() == whole.keys()
    assert kept["fair"].keys() == whole["fair"].keys()
    for section in ("exhibitors", "booths", "places", "workshops", "notices"):
        members = [{name for record in each[section] for name in record} for each in (kept, whole)]
        assert members[0] == members[1], section


def test_what_staff_alone_may_see_never_leaves(session: Session, client: FlaskClient) -> None:
    exhibitor = an_exhibitor(session)
    assert exhibitor.number
    change(session, "exhibitor", exhibitor.id, note=f"Owes the deposit {SECRET}", number=SECRET)
    change(session, "notice", "00000000-0000-4000-8000-000000000001", title__fr=SECRET, audience="exhibitors")
    change(session, "exhibitor", exhibitor.id, members=77)
    seq = client.get("/api/catalogue").json["seq"]
    pages = [
        f"/fr/e/{exhibitor.code}", f"/fr/e/{exhibitor.code}.vcf", "/fr/exhibitors", f"/fr/exhibitors?q={SECRET}", "/fr/",
        f"/api/catalogue/{seq}.json", f"/api/catalogue/changes?since={seq - 3}", f"/fr/exhibitors?q={exhibitor.code}",
        "/api/openapi.json", "/healthz",
    ]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        said = answer.get_data(as_text=True).replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
        assert (page, answer.status_code, SECRET in said.replace(f"“{SECRET}”", "")) == (page, 200, False)
    notes = set(session.scalars(select(Exhibitor.note).where(Exhibitor.note != "")))
    assert len(notes) >= 7, "there is something that could leak"
    whole = client.get(f"/api/catalogue/{seq}.json").get_data(as_text=True)
    assert [note for note in notes if note in whole] == []
    assert exhibitor.id not in whole


def test_french_is_shown_with_its_no_break_spaces_and_stored_as_it_was_typed(
    session: Session, client: FlaskClient
) -> None:
    typed = "Miel : du thym ; « le vrai » ! Et vous ? À 10:30, http://a.ma"
    change(session, "exhibitor", an_exhibitor(session).id, about__fr=typed, about__ar="عسل : طبيعي")
    [about] = [row["about"] for row in snapshot(client)["exhibitors"] if row["code"] == an_exhibitor(session).code]
    assert about["fr"].replace("\u00a0", "~") == "Miel~: du thym~; «~le vrai~»~! Et vous~? À 10:30, http://a.ma"
    assert about["ar"] == "عسل : طبيعي"
    assert an_exhibitor(session).about["fr"] == typed


def test_a_hall_nobody_has_measured_has_no_size(session: Session, client: FlaskClient) -> None:
    change(session, "fair", session.scalars(select(Fair)).one().id, plan={})
    assert "plan" not in snapshot(client)["fair"]
    page = client.get("/fr/map").text
    assert "data-plan" not in page
    assert 'class="empty"' in page


def test_an_edit_of_a_staff_field_is_no_change_for_visitors(session: Session, client: FlaskClient) -> None:
    before = client.get("/api/catalogue").json
    change(session, "exhibitor", an_exhibitor(session).id, note="Call back")
    assert client.get("/api/catalogue").json == before
    assert session.get_one(LogHead, 1).seq == before["seq"] + 1


def test_changes_lead_from_any_older_catalogue_to_the_newest(session: Session, client: FlaskClient) -> None:
    old = snapshot(client)
    exhibitor, other = an_exhibitor(session), session.scalars(select(Exhibitor).where(Exhibitor.number == "5")).one()
    booth = session.scalars(select(Booth).where(Booth.exhibitor == exhibitor.id)).one()
    free = session.scalars(select(Booth).where(Booth.exhibitor.is_(None))).first()
    product = session.scalars(select(Product).where(Product.exhibitor == exhibitor.id)).first()
    workshop = session.scalars(select(Workshop)).first()
    steps = [
        ("exhibitor", exhibitor.id, {"about.fr": "Nouveau texte", "members": 3}),
        ("exhibitor", exhibitor.id, {"name.fr": "Aaa Coopérative"}),
        ("product", product.id, {"price": 12345, "available": False}),
        ("product", product.id, {"deleted": True}),
        ("booth", booth.id, {"exhibitor": other.id}),
        ("booth", free.id, {"exhibitor": exhibitor.id}),
        ("booth", booth.id, {"x": 1.0}),
        ("exhibitor", exhibitor.id, {"labels": ["Terroir du Maroc", "Label nouveau"]}),
        ("workshop", workshop.id, {"status": "cancelled", "audience": "Apiculteurs et curieux"}),
        ("notice", "00000000-0000-4000-8000-000000000002", {"title.fr": "Orage", "urgency": "urgent"}),
        ("fair", session.scalars(select(Fair.id)).one(), {"theme.fr": "Autre thème"}),
        ("exhibitor", other.id, {"withdrawn": True}),
        ("exhibitor", exhibitor.id, {"deleted": True}),
        ("workshop", workshop.id, {"deleted": True}),
        ("exhibitor", other.id, {"withdrawn": False}),
    ]
    catalogues = [old]
    for kind, record, fields in steps:
        write(session, [Change(kind, record, fields)], EDITOR)
        session.commit()
        newest = snapshot(client)
        for since in catalogues:
            answer = changes(client, since["seq"])
            assert "whole" not in answer
            assert alike(apply_changes(since, answer)) == alike(newest)
        catalogues.append(newest)


def test_changes_of_one_record_are_small(session: Session, client: FlaskClient) -> None:
    since = client.get("/api/catalogue").json["seq"]
    change(session, "exhibitor", an_exhibitor(session).id, members=123)
    answer = client.get(f"/api/catalogue/changes?since={since}", headers={"Accept-Encoding": "br"})
    assert len(answer.data) < 1500
    said = json.loads(brotli.decompress(answer.data))
    assert [record["members"] for record in said["exhibitors"]["changed"]] == [123]
    assert said["exhibitors"]["gone"] == []


@pytest.mark.parametrize("since", [0, 10**9, 1])
def test_a_phone_too_far_behind_or_from_another_log_takes_the_whole(client: FlaskClient, since: int) -> None:
    seq = client.get("/api/catalogue").json["seq"]
    facts = client.get("/api/catalogue").json["facts"]
    assert changes(client, since) == {"seq": seq, "whole": True, "log": "cloud", "facts": facts}


def test_nothing_new_is_said_in_a_few_bytes(client: FlaskClient) -> None:
    seq = client.get("/api/catalogue").json["seq"]
    answer = client.get(f"/api/catalogue/changes?since={seq}")
    facts = client.get("/api/catalogue").json["facts"]
    assert answer.json == {"seq": seq, "since": seq, "set": {}, "log": "cloud", "facts": facts}
    again = client.get("/api/catalogue", headers={"If-None-Match": client.get("/api/catalogue").headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_snapshot_is_made_for_caches(client: FlaskClient) -> None:
    address = client.get("/api/catalogue").json["snapshot"]
    plain = client.get(address)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert brotli.decompress(client.get(address, headers={"Accept-Encoding": "br"}).data) == plain.data
    assert gzip.decompress(client.get(address, headers={"Accept-Encoding": "gzip"}).data) == plain.data
    assert client.get("/api/catalogue/1.json").status_code == 404


def test_the_demo_catalogue_keeps_to_its_budget(client: FlaskClient) -> None:
    address = client.get("/api/catalogue").json["snapshot"]
    assert len(client.get(address, headers={"Accept-Encoding": "br"}).data) <= 85_000


def test_what_was_told_of_a_moment_ago_is_still_there(session: Session, client: FlaskClient) -> None:
    told = client.get("/api/catalogue").json
    change(session, "exhibitor", an_exhibitor(session).id, members=5)
    client.get("/fr/")
    assert client.get(told["snapshot"]).json["seq"] == told["seq"]


def test_a_withdrawn_exhibitor_is_gone_and_their_booth_free(session: Session, client: FlaskClient) -> None:
    exhibitor = an_exhibitor(session)
    booth = session.scalar(select(Booth.code).where(Booth.exhibitor == exhibitor.id))
    change(session, "exhibitor", exhibitor.id, withdrawn=True)
    whole = snapshot(client)
    assert exhibitor.code not in {record["code"] for record in whole["exhibitors"]}
    assert client.get(f"/fr/e/{exhibitor.code}").status_code == 404
    assert client.get(f"/fr/b/{booth}").status_code == 200
    assert session.scalar(select(func.count()).select_from(Exhibitor)) == 320


def test_phones_download_it_packed(client: FlaskClient) -> None:
    packed = client.get("/api/catalogue/packed", headers={"Accept-Encoding": "br"})
    first = json.loads(brotli.decompress(packed.data))
    assert (first["seq"], first["parts"]) == (client.get("/api/catalogue").json["seq"], [])
    assert packed.headers["Cache-Control"] == "public, max-age=5"
    assert len(packed.data) < 70_000
    etag = {"If-None-Match": packed.headers["ETag"]}
    assert client.get("/api/catalogue/packed", headers=etag).status_code == 304
    assert client.get("/api/catalogue/parts/0123.json").status_code == 404


def test_another_log_is_told_from_this_one(app: Flask, client: FlaskClient) -> None:
    """A restored server, or the fair's other one at the same name: its positions say nothing about a phone's."""
    before = client.get("/api/catalogue").json
    assert snapshot(client)["log"] == before["log"] == changes(client, before["seq"])["log"] == "cloud"
    with app.app_context():
        name = rename_log(db.session())
        db.session.commit()
        app.extensions["shelf"] = Shelf(app.config["LANGUAGES"])
    assert changes(client, before["seq"])["log"] == client.get("/api/catalogue").json["log"] == name
