"""A fair of 2,500 exhibitors: the list comes first, the rest in parts, and what has come is not asked for again."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench.catalogue import grown
from companion.sync.edits import Author, Change
from companion.sync.log import write
from tests.browser.conftest import READY, Server
from tests.visits import DEMO

pytestmark = pytest.mark.browser

SIZE = 2500
PARTS = "/api/catalogue/parts/"
KEPT = "async () => (await (await caches.open('catalogue')).keys()).map((request) => new URL(request.url).pathname)"


@pytest.fixture
def large(own_server: Server) -> Server:
    """The demo fair and more exhibitors, invented from its own."""
    fields = ("code", "name", "about", "kind", "sector", "zone", "province", "commune", "phones")
    fair = grown(DEMO, SIZE - len(DEMO["exhibitors"]))
    engine = create_engine(f"sqlite:///{own_server.folder / 'rafiq.sqlite'}")
    with Session(engine) as session:
        changes = []
        for one in fair["exhibitors"]:
            record = {name: one[name] for name in fields if name in one and name not in ("name", "about")}
            texts = {f"{name}.{lang}": text for name in ("name", "about") for lang, text in one[name].items()}
            changes.append(Change("exhibitor", str(uuid.uuid4()), record | texts))
        write(session, changes, Author("test", "importer"))
        session.commit()
    engine.dispose()
    return own_server


def test_a_download_cut_in_the_middle_goes_on_and_is_never_half_used(
    open_phone: Callable[..., BrowserContext], large: Server
) -> None:
    with urllib.request.urlopen(large.url + "/api/catalogue/packed") as answer:
        parts = [f"{PARTS}{name}.json" for name in json.loads(answer.read())["parts"]]
    assert len(parts) == 5
    phone = open_phone()
    page = phone.pages[0]
    large.network.set("cut", after=20_000, only=parts[2])
    page.goto(large.url + "/fr/exhibitors")
    wait_until(page, lambda kept: kept == ["/api/catalogue/packed", *parts[:2]])
    wait_until(page, lambda _: f"GET {parts[2]}" in large.network.asked)
    page.wait_for_selector("html[data-offline=partial]")
    phone.close()

    large.network.set("off")
    page = open_phone().pages[0]
    page.goto(large.url + "/fr/exhibitors")
    assert page.locator("[data-card]").count() > 0
    assert page.get_attribute("html", "data-offline") != "ready"
    assert "2500" in re.sub(r"\s", "", page.inner_text("main"))

    large.network.set("good", only=PARTS)
    page.wait_for_selector(READY, timeout=60_000)
    asked = [line.removeprefix("GET ") for line in large.network.asked]
    assert [address for address in asked if address in parts] == parts[2:]
    assert page.evaluate("() => caches.has('catalogue')") is False
    large.network.set("off")
    page.goto(large.url + "/ar/exhibitors?q=miel")
    assert page.locator("[data-card]").count() > 0


def wait_until(page: Page, done: Callable[[list[str]], bool]) -> None:
    """Wait for what the phone has kept of the download."""
    for _ in range(150):
        if done(page.evaluate(KEPT)):
            return
        page.wait_for_timeout(200)
    raise AssertionError(page.evaluate(KEPT))
