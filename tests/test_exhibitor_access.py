"""How exhibitors come in, and stay in: cards, secret numbers, phones; and what the area's addresses answer."""

from __future__ import annotations

import io
import json
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from companion import create_app
from companion.accounts.access import ALL_TRIES, TRIES, card_state, make_card, revoke
from companion.accounts.sessions import add_staff
from companion.exhibitors import views_in
from companion.extensions import db
from companion.models import Attempt, Booth, Card, Exhibitor, HeldEdit, Phone
from tests.conftest import close
from tests.photos import bomb, jpeg
from tests.visitors import make_edit

PIN = "274951"


@pytest.fixture(scope="module")
def app(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One app for the module; each test makes a card of its own, which ends the one before."""
    folder = tmp_path_factory.mktemp("access") / "instance"
    shutil.copytree(demo_instance, folder, symlinks=True)
    app = create_app({}, folder)
    yield app
    close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def booth(app: Flask) -> Booth:
    with app.app_context():
        return db.session.scalars(select(Booth).where(Booth.exhibitor.is_not(None)).order_by(Booth.code)).first()


@pytest.fixture
def secret(app: Flask, booth: Booth) -> str:
    with app.app_context():
        secret = make_card(db.session(), booth.exhibitor)
        db.session.commit()
        return secret


def enter(client: FlaskClient, secret: str) -> Any:
    return client.post("/in", json={"secret": secret})


def entered(app: Flask, secret: str) -> FlaskClient:
    client = app.test_client()
    assert enter(client, secret).status_code == 200
    return client


def typed(client: FlaskClient, booth: Booth, pin: str) -> int:
    return client.post("/in/typed", data={"booth": booth.code, "pin": pin}).status_code


def with_pin(app: Flask, secret: str) -> FlaskClient:
    client = entered(app, secret)
    assert client.post("/api/own/pin", json={"pin": PIN}).json == {"pin": True}
    return client


def test_opening_the_cards_address_signs_nobody_in(app: Flask, client: FlaskClient, secret: str) -> None:
    answer = client.get("/in")
    assert answer.status_code == 200
    assert secret not in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    assert client.get(f"/in?secret={secret}").headers.get("Set-Cookie") is None
    assert client.get("/exhibitor/").headers["Location"] == "/in"
    with app.app_context():
        assert db.session.scalars(select(Phone)).all() == []


def test_a_card_opens_its_exhibitors_area_and_no_other(app: Flask, client: FlaskClient, secret: str) -> None:
    assert enter(client, "x" * 22).status_code == 401
    assert enter(client, "").status_code == 401
    assert client.post("/in", json={"secret": 7}).status_code == 401
    assert client.post("/in", data="what").status_code == 401
    answer = enter(client, secret)
    assert re.fullmatch(r"exhibitor:\w{4,6}", answer.json["who"])
    assert answer.json["pin"] is False
    shell = client.get("/exhibitor/contacts/new")
    assert (shell.status_code, shell.mimetype) == (200, "text/html")
    assert answer.json["who"].split(":")[1] not in shell.get_data(as_text=True)
    assert client.get("/staff/").headers["Location"].startswith("/staff/sign-in")


def test_the_cookie_outlasts_five_days(client: FlaskClient, secret: str) -> None:
    cookie = enter(client, secret).headers["Set-Cookie"]
    expires = datetime.strptime(re.search(r"Expires=\w+, (.*?) GMT", cookie)[1], "%d %b %Y %H:%M:%S").replace(
        tzinfo=UTC
    )
    assert expires > datetime.now(UTC) + timedelta(days=6)
    assert "HttpOnly" in cookie


def test_secrets_and_numbers_are_hashed(app: Flask, secret: str) -> None:
    with_pin(app, secret)
    with app.app_context():
        card = db.session.scalars(select(Card).where(Card.revoked == "")).one()
        assert secret not in (card.secret, card.pin)
        assert len(card.secret) == 64
        assert card.pin.startswith("$argon2id$")
        assert len(secret) == 22  # 128 bits


def test_a_number_is_six_digits_and_not_the_first_one_tries(app: Flask, secret: str) -> None:
    client = entered(app, secret)
    for pin in ("12345", "1234567", "abcdef", "111111", "123456", "121212", "٢٧٤٩٥١", "", None, 274951):
        assert client.post("/api/own/pin", json={"pin": pin}).status_code == 422, pin
    assert client.post("/api/own/pin", json={"pin": PIN}).status_code == 200


def test_booth_and_number_open_however_the_booth_is_typed(
    app: Flask, client: FlaskClient, booth: Booth, secret: str
) -> None:
    assert typed(client, booth, PIN) == 401  # no number is chosen yet
    with_pin(app, secret)
    for shape in (
        booth.code,
        booth.code.lower(),
        f" {booth.code[0]} {booth.code[1:]}",
        f"{booth.code[0]}-{booth.code[1:]}",
    ):
        answer = app.test_client().post("/in/typed", data={"booth": shape, "pin": PIN})
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/exhibitor/"), shape
    wrong = client.post("/in/typed", data={"booth": booth.code, "pin": "000000"}, headers={"Accept-Language": "ar"})
    assert wrong.status_code == 401
    assert f'value="{booth.code}"' in wrong.get_data(as_text=True)
    assert "000000" not in wrong.get_data(as_text=True)


def test_tries_are_few_over_restarts_and_workers(app: Flask, client: FlaskClient, booth: Booth, secret: str) -> None:
    with_pin(app, secret)
    other = create_app({"COMPANION_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]}, Path(app.instance_path))
    clients = [client, other.test_client()]
    assert [typed(clients[n % 2], booth, "000001") for n in range(TRIES)] == [401] * TRIES
    for worker in (app, other):
        page = worker.test_client().post(
            "/in/typed", data={"booth": booth.code, "pin": PIN}, headers={"Accept-Language": "fr"}
        )
        assert page.status_code == 401, "the right number comes too late as well"
    with app.app_context():
        assert len(db.session.scalars(select(Attempt)).all()) == TRIES, (
            "what is not looked at does not add to the pause"
        )
        db.session.execute(update(Attempt).values(at="2020-01-01T00:00:00Z"))
        db.session.commit()
    assert typed(other.test_client(), booth, PIN) == 302, "after the pause"
    close(other)


def test_many_tries_close_all_but_the_card(app: Flask, client: FlaskClient, booth: Booth, secret: str) -> None:
    with_pin(app, secret)
    with app.app_context():
        card = db.session.scalars(select(Card).where(Card.revoked == "")).one()
        db.session.add_all(Attempt(card_id=card.id, at="2020-01-01T00:00:00Z") for _ in range(ALL_TRIES))
        db.session.commit()
    assert typed(client, booth, PIN) == 401
    assert enter(client, secret).status_code == 200
    assert typed(app.test_client(), booth, PIN) == 302


def test_the_way_in_does_not_tell_which_booths_have_a_pin(
    app: Flask, booth: Booth, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_in, "TYPED", views_in.parse("10000/hour"))
    with_pin(app, secret)
    with app.app_context():
        codes = [booth.code, *booths_without_pin(db.session(), booth), "NOBODY9", "", "\N{COLLISION SYMBOL}"]
    other = create_app({"COMPANION_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]}, Path(app.instance_path))
    hashes: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, right: str, typed: str) -> bool:
        hashes.append(right.rpartition("$")[0].rpartition("$")[0])
        return verify(self, right, typed)

    monkeypatch.setattr(PasswordHasher, "verify", counted)

    def said(code: str, times: int) -> list[object]:
        found: list[object] = []
        for n in range(times):
            hashes.clear()
            page = (app, other)[n % 2].test_client().post("/in/typed", data={"booth": code, "pin": "000001"})
            text = page.get_data(as_text=True).replace(f'value="{code}"', "")
            found.append((page.status_code, text, list(hashes)))
        return found

    few = [said(code, TRIES + 2) for code in codes]
    assert [len(work) for _status, _text, work in few[0]] == [1] * TRIES + [0] * 2
    assert all(one == few[0] for one in few)
    later(app)
    for _pause in range(ALL_TRIES // TRIES - 1):
        assert all(one[:TRIES] == few[0][:TRIES] for one in (said(code, TRIES) for code in codes))
        later(app)
    closed = [said(code, 2) for code in codes]
    assert [work for _status, _text, work in closed[0]] == [[], []]
    assert all(one == closed[0] != few[0][-2:] for one in closed)
    close(other)


def test_booths_of_one_exhibitor_count_together(
    app: Flask, booth: Booth, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_in, "TYPED", views_in.parse("10000/hour"))
    with_pin(app, secret)
    with app.app_context():
        codes = [booth.code, *booths_without_pin(db.session(), booth)]
        taken = db.session.scalars(select(Booth).where(Booth.code.in_(codes)).order_by(Booth.code)).all()
        free = db.session.scalars(select(Booth).where(Booth.code.not_in(codes), Booth.deleted.is_(False))).all()
        pairs = [(one.code, second.code) for one, second in zip(taken, free, strict=False)]
        before = [(second.code, second.exhibitor) for _one, second in zip(taken, free, strict=False)]
        for one, second in zip(taken, free, strict=False):
            second.exhibitor = one.exhibitor
        db.session.commit()
    for one, second in pairs:
        for _ in range(TRIES):
            app.test_client().post("/in/typed", data={"booth": one, "pin": "000001"})
        pages = [app.test_client().post("/in/typed", data={"booth": each, "pin": "000001"}) for each in (one, second)]
        texts = [
            page.get_data(as_text=True).replace(f'value="{code}"', "")
            for page, code in zip(pages, (one, second), strict=True)
        ]
        assert texts[0] == texts[1]
        assert (pages[0].status_code, pages[1].status_code) == (401, 401)
    with app.app_context():
        for code, whose in before:
            db.session.execute(update(Booth).where(Booth.code == code).values(exhibitor=whose))
        db.session.commit()


def booths_without_pin(session: Session, booth: Booth) -> tuple[str, str]:
    """The booths of one who has no card, and of one who has a card and chose no PIN."""
    without = Booth.exhibitor.not_in(select(Card.exhibitor)), Booth.exhibitor != booth.exhibitor
    no_card, no_pin = session.scalars(select(Booth).where(*without).order_by(Booth.code).limit(2)).all()
    make_card(session, no_pin.exhibitor)
    session.commit()
    return no_card.code, no_pin.code


def later(app: Flask) -> None:
    """The pause is over."""
    with app.app_context():
        db.session.execute(update(Attempt).values(at="2020-01-01T00:00:00Z"))
        db.session.commit()


def test_typed_sign_ins_of_one_address_are_limited(app: Flask, booth: Booth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_in, "TYPED", views_in.parse("3/hour"))
    answers = [
        app.test_client().post("/in/typed", data={"booth": f"X{n}", "pin": "000001"}).status_code for n in range(5)
    ]
    assert answers == [401] * 3 + [429] * 2


def test_tries_made_at_once_are_not_more(app: Flask, booth: Booth, secret: str) -> None:
    with_pin(app, secret)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(typed(app.test_client(), booth, f"00000{n}")))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [401] * 8
    with app.app_context():
        card = select(Card.id).where(Card.exhibitor == booth.exhibitor, Card.revoked == "")
        judged = db.session.scalar(select(func.count()).select_from(Attempt).where(Attempt.card_id.in_(card)))
    assert judged <= TRIES, "what is not looked at leaves no row behind"


def test_a_new_card_ends_the_old_one_and_its_phones(app: Flask, booth: Booth, secret: str) -> None:
    phone = entered(app, secret)
    assert phone.get("/api/records").status_code == 200
    with app.app_context():
        newer = make_card(db.session(), booth.exhibitor)
        db.session.commit()
    assert phone.get("/api/records").status_code == 401
    assert phone.post("/api/edits", json={"edits": []}).status_code == 401, "unsent work waits on the phone"
    assert enter(app.test_client(), secret).status_code == 401
    assert enter(app.test_client(), newer).status_code == 200


def test_the_office_revokes_a_card(app: Flask, booth: Booth, secret: str) -> None:
    phone = with_pin(app, secret)
    with app.app_context():
        assert card_state(db.session(), booth.exhibitor).phones == 1
        revoke(db.session(), booth.exhibitor)
        db.session.commit()
        assert card_state(db.session(), booth.exhibitor).revoked
        assert card_state(db.session(), "nobody") is None
    assert phone.get("/api/records").status_code == 401
    assert phone.get("/exhibitor/").headers["Location"] == "/in"
    assert enter(app.test_client(), secret).status_code == 401
    assert typed(app.test_client(), booth, PIN) == 401


def test_phones_are_listed_and_ended_one_by_one(app: Flask, secret: str) -> None:
    agent = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
    first = entered(app, secret)
    second = app.test_client()
    second.post("/in", json={"secret": secret}, headers={"User-Agent": agent})
    listed = second.get("/api/own/phones").json["phones"]
    assert [phone["name"] for phone in listed if phone["this"]] == ["Android · Chrome"]
    [other] = [phone["id"] for phone in listed if not phone["this"]]
    assert second.post(f"/api/own/phones/{other}/end").status_code == 204
    assert first.get("/api/own/phones").status_code == 401
    assert len(second.get("/api/own/phones").json["phones"]) == 1
    assert second.post("/api/own/sign-out").status_code == 204
    assert second.get("/api/own/phones").status_code == 401


def test_one_exhibitor_cannot_end_anothers_phone(app: Flask, booth: Booth, secret: str) -> None:
    mine = entered(app, secret)
    with app.app_context():
        other = db.session.scalars(select(Exhibitor).where(Exhibitor.id != booth.exhibitor)).first()
        theirs = entered(app, make_card_committed(other.id))
    [phone] = theirs.get("/api/own/phones").json["phones"]
    assert mine.post(f"/api/own/phones/{phone['id']}/end").status_code == 204
    assert theirs.get("/api/own/phones").status_code == 200


def make_card_committed(exhibitor: str) -> str:
    secret = make_card(db.session(), exhibitor)
    db.session.commit()
    return secret


def test_a_phone_away_too_long_comes_in_again_and_one_of_a_week_does_not(app: Flask, secret: str) -> None:
    phone = entered(app, secret)
    for days, status in ((7, 200), (61, 401)):
        with app.app_context():
            ago = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            db.session.execute(update(Phone).values(seen=ago))
            db.session.commit()
        assert phone.get("/api/own/phones").status_code == status


def test_records_are_ones_own(app: Flask, booth: Booth, secret: str) -> None:
    sent = entered(app, secret).get("/api/records")
    assert sent.headers["Cache-Control"] == "no-store"
    own = [record for record in sent.json["records"] if record["kind"] == "exhibitor"]
    assert [record["id"] for record in own] == [booth.exhibitor]
    assert "note" not in own[0]["fields"]
    assert {record["fields"]["exhibitor"] for record in sent.json["records"] if record["kind"] == "product"} == {
        booth.exhibitor
    }
    assert (sent.json["look"], sent.json["held"]) == (False, [])
    assert app.test_client().get("/api/records").status_code == 401


def test_contacts_come_as_a_workbook_in_which_nothing_is_computed(app: Flask, secret: str) -> None:
    phone = entered(app, secret)
    code = phone.get("/api/records").json["who"].split(":")[1]
    lead = make_edit(
        "lead", "", {"exhibitor": code, "name": '=HYPERLINK("http://evil")', "stars": 2, "at": "2027-07-03T10:05:00Z"}
    )
    note = make_edit("remark", "", {"exhibitor": code, "lead": lead["record"], "text": "+1 كيلو", "by": "Amina"})
    assert [o["state"] for o in phone.post("/api/edits", json={"edits": [lead, note]}).json["outcomes"]] == [
        "applied"
    ] * 2
    answer = phone.get("/api/own/contacts.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    row = [cell.value for cell in sheet[2]]
    assert row[0] == '=HYPERLINK("http://evil")'
    assert sheet["A2"].data_type == "s"
    assert "+1 كيلو" in row[10]


# Photos


def test_the_same_photo_has_the_same_name(app: Flask, secret: str) -> None:
    phone = entered(app, secret)
    photo = jpeg()
    names = {phone.post("/api/own/photos", data=photo).json["hash"] for _ in range(2)}
    assert len(names) == 1
    answer = app.test_client().get(f"/photos/{names.pop()}.webp")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert app.test_client().get("/photos/none.webp").status_code == 404


def test_business_cards_are_printed_ten_a_page(app: Flask, secret: str) -> None:
    answer = entered(app, secret).get("/api/own/cards.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with pypdfium2.PdfDocument(answer.data) as paper, paper[0].render(scale=3).to_pil() as sheet:
        read = {code.text for code in zxingcpp.read_barcodes(sheet)}
    assert len(read) == 1
    assert all("/E/" in text.upper() for text in read)
    assert app.test_client().get("/api/own/cards.pdf").status_code == 401


def test_only_exhibitors_send_photos(app: Flask, secret: str) -> None:
    assert app.test_client().post("/api/own/photos", data=jpeg()).status_code == 401
    refused = entered(app, secret).post("/api/own/photos", data=bomb())
    assert (refused.status_code, refused.json) == (422, {"problem": "large"})
    assert entered(app, secret).post("/api/own/photos", data=b"\0" * 3_000_000).status_code == 413


# Changes the office looks at first


@pytest.fixture
def careful(app: Flask) -> Iterator[Flask]:
    app.config["EXHIBITOR_CHANGES"] = True
    yield app
    app.config["EXHIBITOR_CHANGES"] = False


def shown(app: Flask, code: str) -> dict[str, Any]:
    client = app.test_client()
    listed = client.get(client.get("/api/catalogue").json["snapshot"]).json["exhibitors"]
    return next(record for record in listed if record["code"] == code)


def test_the_office_looks_first_where_the_fair_wants_it(
    careful: Flask, booth: Booth, secret: str, session: Session
) -> None:
    phone = entered(careful, secret)
    code = phone.get("/api/records").json["who"].split(":")[1]
    stamps = next(r for r in phone.get("/api/records").json["records"] if r["kind"] == "exhibitor")["stamps"]
    before = shown(careful, code)
    about, members = (
        make_edit(
            "exhibitor",
            booth.exhibitor,
            {path: value},
            stamp=f"1999999999999-000{n}-phone",
            base={path: stamps.get(path)},
        )
        for n, (path, value) in enumerate({"about.fr": "Notre nouveau texte", "members": 41}.items())
    )
    wrong = make_edit("exhibitor", booth.exhibitor, {"note": "x"}, base={})
    sent = {"edits": [about, members, wrong]}
    assert [o["state"] for o in phone.post("/api/edits", json=sent).json["outcomes"]] == [
        "applied",
        "applied",
        "refused",
    ]
    assert [o["state"] for o in phone.post("/api/edits", json=sent).json["outcomes"]][:2] == ["duplicate"] * 2
    assert shown(careful, code) == before
    held = phone.get("/api/records").json["held"]
    assert sorted(one["id"] for one in held) == sorted([about["id"], members["id"]])
    office = office_of(careful)
    page = office.get("/staff/changes").get_data(as_text=True)
    assert "Notre nouveau texte" in page
    assert "<dt>Présentation (Français)</dt>" in page
    assert not re.search(r"exhibitor\.about|about\.fr|UTC", page), "nothing is called as the database calls it"
    assert office.post(f"/staff/changes/{about['id']}/accept").status_code == 302
    assert office.post(f"/staff/changes/{members['id']}/decline").status_code == 302
    assert office.post(f"/staff/changes/{members['id']}/accept").status_code == 302, "settled meanwhile"
    after = shown(careful, code)
    assert after["about"]["fr"] == "Notre nouveau texte"
    assert after.get("members") == before.get("members")
    [left] = phone.get("/api/records").json["held"]
    assert (left["id"], left["declined"]) == (members["id"], True)
    last = [edit for edit in phone.get("/api/edits?since=0&limit=1000").json["edits"] if edit["id"] == about["id"]]
    assert [(edit["author"], edit["role"]) for edit in last] == [(f"exhibitor:{code}", "exhibitor")]


def test_sold_out_is_said_at_once_all_the_same(careful: Flask, booth: Booth, secret: str) -> None:
    phone = entered(careful, secret)
    product = next(r for r in phone.get("/api/records").json["records"] if r["kind"] == "product")
    edit = make_edit(
        "product",
        product["id"],
        {"available": False},
        stamp="1999999999999-0000-phone",
        base={"available": product["stamps"].get("available")},
    )
    assert phone.post("/api/edits", json={"edits": [edit]}).json["outcomes"][0]["state"] == "applied"
    with careful.app_context():
        assert db.session.get(HeldEdit, edit["id"]) is None
    code = phone.get("/api/records").json["who"].split(":")[1]
    assert [p.get("available") for p in shown(careful, code)["products"]].count(False) == 1


def office_of(app: Flask) -> FlaskClient:
    name = f"amina{uuid4().hex[:6]}"
    with app.app_context():
        password = add_staff(db.session(), name, "editor")
        db.session.commit()
    client = app.test_client()
    assert client.post("/staff/sign-in", data={"name": name, "password": password}).status_code == 302
    return client


def test_photos_are_shown_to_visitors(app: Flask, booth: Booth, secret: str) -> None:
    phone = entered(app, secret)
    name = phone.post("/api/own/photos", data=jpeg()).json["hash"]
    edit = make_edit("photo", "", {"exhibitor": booth.exhibitor, "position": 0, "hash": name})
    assert phone.post("/api/edits", json={"edits": [edit]}).json["outcomes"][0]["state"] == "applied"
    code = phone.get("/api/records").json["who"].split(":")[1]
    assert shown(app, code)["photos"] == [name]
    page = app.test_client().get(f"/fr/e/{code}").get_data(as_text=True)
    assert f'src="/photos/{name}.webp"' in page
    assert 'class="woven' in page, "what is seen until the photo is there"
    assert json.dumps(name) in json.dumps(shown(app, code))
