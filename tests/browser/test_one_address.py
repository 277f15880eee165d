"""One address, two servers: every visitor's address answers with the same bytes from Flask and from the phone."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from companion.models import KINDS, texts_of
from companion.sync.edits import Author, Change
from companion.sync.log import write
from tests.browser.conftest import READY, Server
from tests.visits import HOSTILE, LANGUAGES, Visit, questions, records

pytestmark = pytest.mark.browser

ASK_THE_PHONE = """async (addresses) => {
  const hash = async (bytes) => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
    (byte) => byte.toString(16).padStart(2, '0')).join('');
  const one = async ([address, accept]) => {
    const answer = await fetch(address, { headers: { accept }, redirect: 'manual' });
    return [answer.type === 'opaqueredirect' ? 302 : answer.status, answer.headers.get('content-type'),
      await hash(await answer.arrayBuffer())];
  };
  const answers = [];
  for (const address of addresses) answers.push(await one(address));
  return answers;
}"""

HTML, FRAGMENT = "text/html", "text/x-fragment"
BATCH = 200


def addresses(visits: Iterable[Visit], languages: Iterable[str] = LANGUAGES) -> list[str]:
    return [
        f"/{lang}{quote(path)}{'?' + urlencode(query) if query else ''}" for path, query in visits for lang in languages
    ]


def from_the_phone(page: Page, asked: list[tuple[str, str]]) -> list[tuple[int, str | None, str]]:
    batches = [asked[start : start + BATCH] for start in range(0, len(asked), BATCH)]
    return [tuple(one) for batch in batches for one in page.evaluate(ASK_THE_PHONE, batch)]


def from_flask(server: Server, asked: list[tuple[str, str]]) -> list[tuple[int, str | None, str]]:
    answers = []
    with closing(http.client.HTTPConnection("127.0.0.1", server.network.port)) as connection:
        for address, accept in asked:
            connection.request("GET", address, headers={"Accept": accept, "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            body = answer.read()
            redirected = answer.status == 302
            kind = None if redirected else answer.headers["Content-Type"]
            answers.append((answer.status, kind, hashlib.sha256(b"" if redirected else body).hexdigest()))
    return answers


def compare(page: Page, server: Server, asked: list[tuple[str, str]]) -> None:
    flask = from_flask(server, asked)
    server.network.set("off")
    phone = from_the_phone(page, asked)
    server.network.calm()
    wrong = [(ask, one, two) for ask, one, two in zip(asked, flask, phone, strict=True) if one != two]
    if wrong:  # a page that says "now" may have been asked for on two sides of the fifth minute
        again = [ask for ask, _, _ in wrong]
        flask, phone = from_flask(server, again), from_the_phone(page, again)
        wrong = [(ask, one, two) for ask, one, two in zip(again, flask, phone, strict=True) if one != two]
    assert wrong == []


def snapshot(server: Server) -> dict:
    with closing(http.client.HTTPConnection("127.0.0.1", server.network.port)) as connection:
        connection.request("GET", "/api/catalogue")
        address = json.loads(connection.getresponse().read())["snapshot"]
        connection.request("GET", address)
        return json.loads(connection.getresponse().read())


def ready(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/")
    page.wait_for_selector(READY)


def test_every_record_of_the_demo_fair(page: Page, server: Server) -> None:
    ready(page, server)
    asked = [(address, HTML) for address in addresses(records(snapshot(server)))]
    assert len(asked) > 3000
    compare(page, server, asked)


def test_every_other_page_and_its_fragment(page: Page, server: Server) -> None:
    ready(page, server)
    asked = addresses(questions(snapshot(server)))
    short = [address for address in asked if len(address) < 4000]
    compare(page, server, [(address, accept) for address in short for accept in (HTML, FRAGMENT)])


def test_hostile_texts_in_every_field(page: Page, own_server: Server) -> None:
    engine = create_engine(f"sqlite:///{own_server.folder / 'rafiq.sqlite'}")
    texts = [text for text in HOSTILE if "\x00" not in text]
    with Session(engine) as session:
        rows = {
            kind: session.scalars(select(model).order_by(model.id).limit(40)).all() for kind, model in KINDS.items()
        }
        changes = [
            Change(kind, row.id, {f"{name}.{lang}": texts[(at + n) % len(texts)] for n, (name, lang) in enumerate(
                (name, lang) for name in sorted(texts_of(KINDS[kind])) for lang in LANGUAGES)})
            for kind, some in rows.items() for at, row in enumerate(some)
        ]  # fmt: skip
        write(session, changes, Author("test", "importer"))
        session.commit()
        changed = {row.code for kind in ("exhibitor", "booth", "workshop") for row in rows[kind]}
    engine.dispose()
    ready(page, own_server)
    visits = [("/" + path, {}) for path in ("", "exhibitors", "map", "programme", "mine", "scan", "about")]
    told = [visit for visit in records(snapshot(own_server)) if changed & set(re.split("[/.]", visit[0]))]
    asked = addresses([*visits, *told])
    assert len(asked) > 500
    compare(page, own_server, [(address, HTML) for address in asked])
