"""The office's register: thousands found quickly, many changed at once, nobody overwritten unseen, two made one."""

from __future__ import annotations

import io
import re
import time
from typing import Any
from uuid import uuid4

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from companion.accounts.sessions import add_staff
from companion.imports.typed import exhibitor_form
from companion.models import Booth, Exhibitor, LogEntry, LogHead, Photo, Product
from companion.register.table import Asked, lines
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.undo import undo

AMINA = Author("staff:amina", "editor")
LANGUAGES = ("fr", "ar", "zgh")


@pytest.fixture
def office(client: FlaskClient, session: Session) -> FlaskClient:
    password = add_staff(session, "amina", "editor")
    session.commit()
    client.post("/staff/sign-in", data={"name": "amina", "password": password})
    return client


def numbered(session: Session, number: str) -> Exhibitor:
    session.rollback()
    return session.scalars(select(Exhibitor).where(Exhibitor.number == number)).one()


def text(office: FlaskClient, address: str) -> str:
    return office.get(address).get_data(as_text=True)


def seen(session: Session) -> int:
    session.rollback()
    return session.scalars(select(LogHead.seq)).one()


def found(session: Session, **asked: Any) -> list[str]:
    return [line.exhibitor.number for line in lines(session, Asked(**asked), LANGUAGES)[0]]


def test_search_filters_order_and_what_is_missing(office: FlaskClient, session: Session) -> None:
    one = numbered(session, "2")
    booth = session.scalars(select(Booth.code).where(Booth.exhibitor == one.id)).first()
    assert booth is not None
    for q in ("igr souk", "إيكر سوق السبت", one.code.lower(), f"{booth[0].lower()} {booth[1:]}", "06 00 00 00 02"):
        assert "2" in found(session, q=q), q
    assert found(session, q="100% sans_rien") == []
    sectors = {line.exhibitor.sector for line in lines(session, Asked(sector="MIEL"), LANGUAGES)[0]}
    assert sectors == {"MIEL"}
    rows, total = lines(session, Asked(missing="zgh"), LANGUAGES)
    assert total == sum(
        not (row.name.get("zgh") and row.about.get("zgh")) for row in session.scalars(select(Exhibitor))
    )
    assert [row.missing for row in rows] == sorted((row.missing for row in rows), reverse=True)
    assert "none" in {row.languages["zgh"] for row in rows}
    page = text(office, "/staff/exhibitors?q=igr+souk")
    assert f'data-code="{one.code}"' in page
    assert text(office, "/staff/exhibitors?page=2").count("data-code=") == 50
    assert text(office, "/staff/exhibitors?page=99999999&sort=x&state=x&missing=x").count("data-code=") == 50


def test_a_page_of_ten_thousand_is_made_of_fifty(session: Session) -> None:
    new = [Change("exhibitor", str(uuid4()), {"code": f"Q{n:05}"[:6], "name.fr": f"Nom {n}"}) for n in range(3000)]
    write(session, new, AMINA)
    session.commit()
    loaded = []
    event.listen(Exhibitor, "load", lambda one, _context: loaded.append(one))
    session.expunge_all()
    started = time.perf_counter()
    rows, total = lines(session, Asked(sort="name", page=3), LANGUAGES)
    assert (len(rows), total, len(loaded)) == (50, 3320, 50)
    assert time.perf_counter() - started < 3


def test_many_are_changed_as_one_act(office: FlaskClient, session: Session) -> None:
    ids = [numbered(session, number).id for number in ("1", "2")]
    for what, path, value in (
        ("zone:P2", "zone", "P2"),
        ("withdraw", "withdrawn", True),
        ("restore", "withdrawn", False),
    ):
        assert office.post("/staff/exhibitors/many", data={"record": ids, "what": what}).status_code == 303
        assert [getattr(numbered(session, number), path) for number in ("1", "2")] == [value, value]
    assert office.post("/staff/exhibitors/many", data={"record": ids, "what": "delete"}).status_code == 400


def form(session: Session, office: FlaskClient, one: Exhibitor, **typed: str) -> Any:
    data = exhibitor_form(one) | {"seen": str(seen(session))} | {k.replace("__", "."): v for k, v in typed.items()}
    return office.post(f"/staff/exhibitors/{one.code}", data=data)


def test_a_form_saves_what_was_changed_and_nothing_else(office: FlaskClient, session: Session) -> None:
    one = numbered(session, "2")
    before = seen(session)
    assert form(session, office, one).status_code == 303
    assert seen(session) == before
    answer = form(session, office, one, phones="06 11 11 11 11\n07 22 22 22 22", note="à rappeler\navant lundi",
                  about__ar="", commune="Azilal", members="15", women="9", delivery="no")  # fmt: skip
    assert answer.status_code == 303
    one = numbered(session, "2")
    assert (one.phones, one.note, one.about.get("ar"), one.province, one.members, one.women, one.delivery) == (
        ["+212611111111", "+212722222222"], "à rappeler\navant lundi", None, "azilal", 15, 9, False,
    )  # fmt: skip
    assert seen(session) == before + 1


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(office: FlaskClient, session: Session) -> None:
    one = numbered(session, "2")
    before = seen(session)
    answer = form(session, office, one, phones="12", email="nobody", website="javascript:alert(1)", founded="hier",
                  name__fr="<b>x</b>", name__ar="Latin", members="-3", note="gardé")  # fmt: skip
    page = answer.get_data(as_text=True)
    assert (answer.status_code, page.count('aria-invalid="true"'), seen(session)) == (422, 7, before)
    for typed in ("nobody", "hier", "&lt;b&gt;x&lt;/b&gt;", "gardé"):
        assert typed in page


def test_two_who_edit_the_same_field_never_overwrite_each_other_unseen(office: FlaskClient, session: Session) -> None:
    one = numbered(session, "2")
    opened = exhibitor_form(one) | {"seen": str(seen(session))}
    other = Author("staff:driss", "editor")
    write(session, [Change("exhibitor", one.id, {"email": "driss@x.example", "members": 44})], other)
    session.commit()
    answer = office.post(f"/staff/exhibitors/{one.code}", data=opened | {"website": "https://mine.example"})
    assert answer.status_code == 303
    one = numbered(session, "2")
    assert (one.email, one.members, one.website) == ("driss@x.example", 44, "https://mine.example")
    answer = office.post(f"/staff/exhibitors/{one.code}", data=opened | {"email": "amina@x.example"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "driss@x.example" in page, 'value="amina@x.example"' in page) == (409, True, True)
    assert numbered(session, "2").email == "driss@x.example"
    form(session, office, one, email="amina@x.example")
    assert numbered(session, "2").email == "amina@x.example"


def test_products_are_added_changed_and_taken_out(office: FlaskClient, session: Session) -> None:
    one = numbered(session, "2")

    def send(**data: str) -> int:
        named = {k.replace("__", "."): v for k, v in data.items()}
        status: int = office.post(
            f"/staff/exhibitors/{one.code}/product", data={"seen": str(seen(session)), **named}
        ).status_code
        session.rollback()
        return status

    assert send(record="", name__fr="Huile", price="12,50", unit="1 l", available="yes") == 303
    made = session.scalars(select(Product).where(Product.price == 1250, Product.unit == "1 l")).one()
    assert (made.exhibitor, made.position, made.name) == (one.id, 3, {"fr": "Huile"})
    assert send(record=made.id, name__fr="Huile", price="cher", unit="1 l", available="yes") == 422
    assert send(record=made.id, name__fr="Huile", price="", unit="1 l", available="no") == 303
    session.refresh(made)
    assert (made.price, made.available) == (None, False)
    assert send(record=made.id, delete="1") == 303
    session.refresh(made)
    assert made.deleted


def test_two_become_one_and_two_again(office: FlaskClient, session: Session) -> None:
    gone, stays = numbered(session, "1"), numbered(session, "2")
    goods = session.scalars(select(Product.id).where(Product.exhibitor.in_([gone.id, stays.id]))).all()
    booths = session.scalars(select(Booth.id).where(Booth.exhibitor == gone.id)).all()
    assert booths
    answer = office.post(f"/staff/exhibitors/{gone.code}/merge", data={"into": stays.code.lower()})
    assert answer.headers["Location"] == f"/staff/exhibitors/{stays.code}"
    session.rollback()
    session.expire_all()
    assert {session.get_one(Product, own).exhibitor for own in goods} == {stays.id}
    assert {session.get_one(Booth, own).exhibitor for own in booths} == {stays.id}
    assert (gone.deleted, gone.merged) == (True, stays.id)
    act = session.scalars(select(LogEntry.act).where(LogEntry.record == gone.id).order_by(LogEntry.seq.desc())).first()
    assert act
    undo(session, act, AMINA)
    session.commit()
    assert (gone.deleted, gone.merged) == (False, None)
    assert {session.get_one(Booth, own).exhibitor for own in booths} == {gone.id}
    for wrong in (gone.code, "NOBODY"):
        office.post(f"/staff/exhibitors/{gone.code}/merge", data={"into": wrong})
        assert not numbered(session, "1").deleted


def test_photos_are_added_and_taken_out(office: FlaskClient, session: Session) -> None:
    one = numbered(session, "2")
    address, drawn = f"/staff/exhibitors/{one.code}/photos", io.BytesIO()
    Image.new("RGB", (1200, 900), "olive").save(drawn, "JPEG")
    before = session.scalars(select(Photo).where(Photo.exhibitor == one.id, ~Photo.deleted)).all()
    for name, content in (("photo.jpg", drawn.getvalue()), ("photo.jpg", b"GIF89a no photo"), ("", b"")):
        assert office.post(address, data={"photo": (io.BytesIO(content), name)}).status_code == 303
    assert "ou il est abîmé." in text(office, f"/staff/exhibitors/{one.code}")
    session.rollback()
    [made] = session.scalars(select(Photo).where(Photo.exhibitor == one.id, Photo.hash != "", ~Photo.deleted)).all()[
        len(before) :
    ]
    assert made.position == len(before)
    assert f"/photos/{made.hash}.webp" in text(office, f"/staff/exhibitors/{one.code}")
    assert office.get(f"/photos/{made.hash}.webp").mimetype == "image/webp"
    other = numbered(session, "1").code
    office.post(f"/staff/exhibitors/{other}/photos", data={"delete": made.id})
    session.refresh(made)
    assert not made.deleted, "of another exhibitor"
    taken_out = made.id
    session.rollback()
    office.post(address, data={"delete": taken_out})
    session.refresh(made)
    assert made.deleted


def test_an_access_card_is_printed_printed_anew_and_ended(app: Flask, office: FlaskClient, session: Session) -> None:
    one = numbered(session, "2")
    app.config["BASE_URL"] = "https://rafiq.example"
    secrets = []
    for _ in range(2):
        shown = office.post("/staff/print", data={"kind": "access", "which": one.code}).headers["Location"]
        for _second in range(120):
            if "Refresh" not in office.get(shown).headers:
                break
            time.sleep(0.5)
        page = pypdfium2.PdfDocument(office.get(f"{shown}/file").data)[0].render(scale=4).to_pil()
        [says] = {code.text for code in zxingcpp.read_barcodes(page)}
        secrets.append(says.rpartition("#")[2])
    first, second = (app.test_client() for _ in secrets)
    assert first.post("/in", json={"secret": secrets[0]}).status_code == 401, "the newer card ended it"
    assert second.post("/in", json={"secret": secrets[1]}).status_code == 200
    told = [record["fields"] for record in second.get("/api/records").json["records"] if record["kind"] == "exhibitor"]
    assert [bool(fields.get("card_made")) for fields in told] == [True], "its phones are told"
    assert office.post(f"/staff/exhibitors/{one.code}/card/end").status_code == 303
    assert second.get("/api/records").status_code == 401
    session.rollback()
    entries = session.scalars(select(LogEntry).where(LogEntry.record == one.id, LogEntry.author.like("staff:%"))).all()
    made = [entry.fields["card_made"] for entry in entries if "card_made" in entry.fields]
    assert (len(made), made[-1], len(set(made))) == (3, "", 3), "who made and ended whose card, each in the log"


def test_somebody_new_withdrawn_and_back(office: FlaskClient, session: Session) -> None:
    assert office.post("/staff/exhibitors/new", data={"name.fr": ""}).status_code == 422
    answer = office.post(
        "/staff/exhibitors/new", data={"name.fr": "Nouvelle", "kind": "cooperative", "women_led": "no"}
    )
    code = answer.headers["Location"].rpartition("/")[2]
    for what, value in (("withdraw", True), ("restore", False)):
        office.post(f"/staff/exhibitors/{code}/{what}")
        session.rollback()
        one = session.scalars(select(Exhibitor).where(Exhibitor.code == code)).one()
        assert (one.name, one.withdrawn) == ({"fr": "Nouvelle"}, value)
    assert "Nouvelle" in text(office, f"/staff/exhibitors/{code}")
    assert office.post(f"/staff/exhibitors/{code}/card/end").status_code == 303
    assert office.get("/staff/exhibitors/NOBODY").status_code == 404


def test_the_whole_fair_can_be_downloaded(office: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(office.get("/staff/export.xlsx").data), read_only=True)
    assert book.sheetnames == ["Exposants", "Produits", "Ateliers", "Plan"]
    assert office.get("/staff/export.csv").data.startswith("\ufeffcode;".encode())
    answer = office.get("/staff/export.json")
    assert (len(answer.get_json()["exhibitors"]), "catalogue.json" in answer.headers["Content-Disposition"]) == (
        320,
        True,
    )


def test_who_may_do_what(client: FlaskClient, session: Session) -> None:
    code = numbered(session, "1").code
    for role, table, page, save in (("viewer", 200, 403, 403), ("floor", 200, 200, 403)):
        password = add_staff(session, role, role)
        session.commit()
        client.post("/staff/sign-in", data={"name": role, "password": password})
        answers = (client.get("/staff/exhibitors"), client.get(f"/staff/exhibitors/{code}"),
                   client.post(f"/staff/exhibitors/{code}", data={}))  # fmt: skip
        assert tuple(answer.status_code for answer in answers) == (table, page, save)
        client.post("/staff/sign-out")


def test_a_page_of_the_table_reads_its_own_lines_only(session: Session) -> None:
    """As many exhibitors as there are, a page asks for what changed and for its own lines, and for nothing else."""
    lines(session, Asked(), LANGUAGES)
    read: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        read.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    for asked in (
        Asked(),
        Asked(page=3),
        Asked(q="miel"),
        Asked(sort="booth"),
        Asked(missing="zgh"),
        Asked(kind="union"),
    ):
        session.expunge_all()
        assert len(lines(session, asked, LANGUAGES)[0]) <= 50
        assert len(session.identity_map) <= 50
    event.remove(session.get_bind(), "before_cursor_execute", note)
    assert [re.findall(r"FROM (log|exhibitor) ", statement)[-1:] for statement in read] == [["log"], ["exhibitor"]] * 6


def test_the_table_follows_every_change(session: Session) -> None:
    """A booth that moves, a photo, an undo, and what was never committed; also when the database is an older one."""
    lines(session, Asked(), LANGUAGES)
    one, other = numbered(session, "2"), numbered(session, "3")
    booth = session.scalars(select(Booth).where(Booth.exhibitor == one.id)).first()
    assert booth
    ids, code = (one.id, other.id), booth.code
    write(session, [Change("booth", booth.id, {"exhibitor": ids[1]})], AMINA)
    assert "3" in found(session, q=code) and "2" not in found(session, q=code)
    session.rollback()
    assert found(session, q=code) == ["2"]

    write(session, [Change("photo", str(uuid4()), {"exhibitor": ids[0], "hash": "0" * 32})], AMINA)
    session.commit()
    assert "2" not in found(session, q="2", missing="photo", sort="number")
    [edit] = write(session, [Change("exhibitor", ids[0], {"name.fr": "Thé à l'épice"})], AMINA)
    session.commit()
    assert found(session, q="the a L'EPICE") == ["2"]
    undo(session, edit.act, AMINA)
    session.commit()
    assert found(session, q="Thé à l'épice") == []
