"""A request left without scripts: the plain form, answered by Flask alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.languages import translations_for
from companion.models import Exhibitor, LogEntry, Request
from companion.sync import room
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.requests import PROBLEMS
from companion.visitors.page_request import CONSENT, FIELDS

FORM = {
    "wants": "order", "phone": "06 12 34 56 78", "same": "1", "whatsapp": "", "email": "", "name": "Fatima Zahra",
    "message": "Trois pots <b>", "lang": "fr", "consent": "1.fr", "website": "",
    "name-0": "Miel de thym", "unit-0": "kg", "product-0": "1", "quantity-0": "3",
    "name-1": "Cire", "unit-1": "", "quantity-1": "", "name-2": "Pollen", "unit-2": "pot", "quantity-2": "12",
}  # fmt: skip


@pytest.fixture
def code(session: Session) -> str:
    return session.scalars(select(Exhibitor.code).order_by(Exhibitor.code)).first() or ""


def leave(client: FlaskClient, code: str, lang: str = "fr", **changes: str) -> Any:
    return client.post(f"/{lang}/e/{code}/request", data=FORM | changes)


def requests(session: Session) -> list[Request]:
    session.rollback()
    return list(session.scalars(select(Request)))


def test_a_form_becomes_the_edit_a_phone_would_have_made(client: FlaskClient, session: Session, code: str) -> None:
    answer = leave(client, code)
    assert answer.status_code == 303
    [request] = requests(session)
    assert answer.headers["Location"] == f"/fr/e/{code}/request?sent={request.id}"
    assert {name: getattr(request, name) for name in ("exhibitor", "wants", "name", "phone", "whatsapp", "email")} == {
        "exhibitor": code, "wants": "order", "name": "Fatima Zahra", "phone": "+212612345678",
        "whatsapp": "+212612345678", "email": None,
    }  # fmt: skip
    assert request.products == [
        {"name": "Miel de thym", "unit": "kg", "quantity": 3},
        {"name": "Pollen", "unit": "pot", "quantity": 12},
    ]
    assert (request.message, request.lang, request.consent) == ("Trois pots <b>", "fr", "1.fr")
    entry = session.scalars(select(LogEntry).where(LogEntry.record == request.id)).one()
    assert (entry.author, entry.kind) == ("visitor", "request")
    assert request.id in client.get(answer.headers["Location"]).text


def test_a_form_sent_twice_is_one_request_and_another_one_is_another(
    client: FlaskClient, session: Session, code: str
) -> None:
    first, again = leave(client, code), leave(client, code)
    assert first.headers["Location"] == again.headers["Location"]
    leave(client, code, message="Quatre pots")
    assert sorted(request.message for request in requests(session)) == ["Quatre pots", "Trois pots <b>"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"phone": "", "same": ""}, "phone"),
        ({"same": "", "whatsapp": "x"}, "whatsapp"),
        ({"email": "fatima"}, "email"),
        ({"wants": ""}, "wants"),
        ({"consent": ""}, "consent"),
        ({"message": "x" * 2001}, "message"),
        ({"quantity-0": "many"}, "other"),
        ({"website": "https://spam.example"}, "other"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_still_there(
    client: FlaskClient, session: Session, code: str, changes: dict[str, str], field: str
) -> None:
    answer = leave(client, code, **changes)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (422, "no-store")
    shown = re.findall(r'class="wrong"(?: id="[\w-]+")? data-wrong="(\w+)">', answer.text)
    assert shown == [field]
    assert 'value="Fatima Zahra"' in answer.text
    assert "Trois pots &lt;b&gt;" in answer.text or field == "message"
    assert requests(session) == []


def test_a_wrong_address_takes_nothing(client: FlaskClient, session: Session, code: str) -> None:
    assert [leave(client, "00000").status_code, leave(client, code, lang="de").status_code] == [404, 404]
    another = client.post(f"/fr/e/{code}/request", data=FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert another.status_code == 403
    assert requests(session) == []


def test_an_exhibitor_who_left_is_said_to_have_left(client: FlaskClient, session: Session, code: str) -> None:
    assert client.get(f"/fr/e/{code}/request").status_code == 200
    row = session.scalars(select(Exhibitor).where(Exhibitor.code == code)).one()
    write(session, [Change("exhibitor", row.id, {"withdrawn": True})], Author("test", "importer"))
    session.commit()
    assert leave(client, code).status_code in (404, 422)
    assert requests(session) == []


def test_an_exhibitor_with_too_many_gets_no_more(
    client: FlaskClient, session: Session, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PER_EXHIBITOR", room.parse("1/hour"))
    assert [leave(client, code, message=text).status_code for text in ("one", "two")] == [303, 422]
    assert [request.message for request in requests(session)] == ["one"]


def test_every_field_the_server_may_refuse_has_its_place(app: Flask) -> None:
    seen = {"exhibitor", "products", "at", "website", "day", "what", "count"}  # said as what is wrong with the whole
    assert set(PROBLEMS) - seen <= set(FIELDS)


WORDING = {
    "fr": "J'accepte que cet exposant reçoive ma demande et mes coordonnées pour me répondre. Elles sont effacées après la "
    "foire, ou avant si je le demande.",
    "ar": "أوافق على أن يتلقى هذا العارض طلبي ومعلومات الاتصال بي ليجيبني. وتُمحى بعد المعرض، أو قبل ذلك إذا طلبت.",
}


def test_the_wording_of_the_consent_is_that_of_its_version() -> None:
    """Whoever changes the wording changes CONSENT, here and in page_request.js, and this test."""
    agreed = (
        "I agree that this exhibitor receives my request and my contact details to answer me. They are erased after the "
        "fair, or earlier if I ask."
    )
    assert CONSENT == "1"
    assert {lang: translations_for(lang).gettext(agreed) for lang in WORDING} == WORDING
