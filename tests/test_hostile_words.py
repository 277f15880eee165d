"""Words no person writes, in every part of every address and every field of every form: nothing breaks, nothing slips out.

On PostgreSQL, which takes neither a NUL nor half of a surrogate pair.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from companion.accounts.people import add_staff
from tests.offices import PASSWORD
from tests.servers import OpenServer
from tests.visitors import open_fair

ROOT = Path(__file__).parent.parent
ADDED = (
    "q",
    "code",
    "lang",
    "next",
    "at",
    "to",
    "stops",
    "page",
    "since",
    "kind",
    "sector",
    "day",
    "author",
    "act",
    "upto",
)
"""What may follow the `?` of one address or another."""

PLACE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
"""A part of a route that is the asker's."""

FORM = "application/x-www-form-urlencoded"
META = {"viewport", "robots", "referrer", "description"}

HOSTILE = {
    "NUL": "a%00b",
    "half a pair": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "a header": "%0D%0AX-Evil:%201%0D%0A%0D%0A",
    "turned around": "%E2%80%AE%D8%B9%E2%80%8B%EF%BB%BF",
    "a formula": "=cmd|%27/C%20calc%27!A0",
    "a script": "%3C/script%3E%3Csvg%20onload=alert(1)%3E",
    "emoji": "%F0%9F%91%A9%E2%80%8D%F0%9F%8C%BE" * 20,
    "64 kB": "x" * 65536,
    "another site": "//evil.example/%5Cevil.example",
    "a number too large": "9" * 40,
}


@pytest.fixture(scope="module")
def app(open_server: OpenServer) -> Flask:
    server = open_server("cloud", "postgresql")
    server.run(open_fair)
    server.run(lambda session: add_staff(session, "amina", "administrator", PASSWORD, temporary=False))
    return server.app


@pytest.fixture(params=["anybody", "the office"])
def client(app: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    client = app.test_client()
    if request.param == "the office":
        assert client.post("/staff/sign-in", data={"name": "amina", "password": PASSWORD}).status_code == 302
    return client


def asked(app: Flask, method: str, word: str) -> list[tuple[Rule, str]]:
    """Every address that takes this method, with the word in each place that is the asker's."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    path = word.replace("/", "%2F")[:4000]
    return [(rule, PLACE.sub(lambda part: "fr" if part[1] == "lang" else path, rule.rule)) for rule in rules]


@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE)
def test_no_address_breaks(app: Flask, client: FlaskClient, word: str) -> None:
    broken = []
    for _, address in asked(app, "GET", word):
        with client.get(f"{address}?{'&'.join(f'{name}={word}' for name in ADDED)}") as answer:
            where = answer.headers.get("Location", "").partition("?")[0]
            if answer.status_code == 500 or "X-Evil" in answer.headers or "evil.example" in where:
                broken.append((address[:80], answer.status_code, where))
    assert broken == []


def fields() -> list[str]:
    """The names of all fields of all forms."""
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    return sorted(set(re.findall(r'\bname="([\w.-]+)"', pages)) - META)


@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE)
def test_no_form_breaks(app: Flask, client: FlaskClient, word: str) -> None:
    broken = []
    sent = "&".join(f"{name}={word}" for name in fields())
    for rule, address in asked(app, "POST", word):
        if rule.endpoint.endswith(("sign_out", "leave")):
            continue
        with client.post(address, data=sent, content_type=FORM) as answer:
            if answer.status_code == 500 or "X-Evil" in answer.headers:
                broken.append((address[:80], answer.status_code))
    assert broken == []
