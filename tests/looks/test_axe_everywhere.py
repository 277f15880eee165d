"""Every page of visitors, the office and the floor, in three languages, light, dark and with forced colours: axe finds nothing.

Run by `make check-pages`; `make test` looks at visitors' pages light and dark, and at the others in part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.conftest import Server
from tests.browser.places import LANGUAGES
from tests.browser.test_axe import AXE, CHECK
from tests.offices import PASSWORD

SCHEMES = ("light", "dark", "forced")


@pytest.fixture(params=SCHEMES)
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme: Any = "dark" if request.param == "dark" else "light"
    phone = chromium.new_context(
        viewport={"width": 360, "height": 2400},  # so tall that the bar at the foot hardly covers anything
        color_scheme=scheme,
        forced_colors="active" if request.param == "forced" else "none",
        reduced_motion="reduce",
        service_workers="block",
    )
    yield phone.new_page()
    phone.close()


def wrong(page: Page, debugger: CDPSession) -> list[Any]:
    debugger.send("Runtime.evaluate", {"expression": AXE})
    answer = debugger.send("Runtime.evaluate", {"expression": CHECK, "awaitPromise": True, "returnByValue": True})
    found: list[Any] = answer["result"]["value"]["wrong"]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_for_visitors(page: Page, fair: Server, visited: dict[str, list[str]], lang: str) -> None:
    debugger = page.context.new_cdp_session(page)
    found = {}
    for place in visited[lang]:
        page.goto(fair.url + place)
        if said := wrong(page, debugger):
            found[place] = said
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_behind_the_doors(page: Page, fair: Server, closed: list[str], lang: str) -> None:
    page.context.add_cookies([{"name": "lang", "value": lang, "url": fair.url}])
    debugger = page.context.new_cdp_session(page)
    found = {}
    for place in ("/staff/sign-in", "/in", *closed):
        page.goto(fair.url + place)
        page.wait_for_selector("h1")
        if page.url.endswith("/staff/sign-in"):
            found[place] = wrong(page, debugger)
            page.fill("[name=name]", "amina")
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/staff/")
        elif page.url.startswith(fair.url + place):
            found[place] = wrong(page, debugger)
    assert len(found) > len(closed) - 2
    said = {place: said for place, said in found.items() if said}
    assert not said, json.dumps(said, indent=1, ensure_ascii=False)
