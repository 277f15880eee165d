"""The office's pages on a tablet and on a small laptop: nothing sticks out, no script fails, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Server
from tests.browser.offices import NAME, PASSWORD, open_office, sign_in
from tests.browser.places import OFFICE

pytestmark = pytest.mark.browser

SIZES = {"fr": (820, 1180), "ar": (1280, 800), "zgh": (820, 1180)}
WIDE = "() => Math.max(innerWidth, document.documentElement.scrollWidth) - innerWidth"
COLUMN = "() => { const { scrollHeight, clientHeight } = document.querySelector('.top'); return scrollHeight - clientHeight; }"


@pytest.fixture(scope="module")
def office(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running app with an administrator, who has every page."""
    server = open_office(demo, tmp_path_factory.mktemp("office") / "instance", "administrator")
    yield server
    server.close()


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[list[BrowserContext]]:
    """The browsers that a test opens; closed when it is over."""
    opened: list[BrowserContext] = []
    yield opened
    for one in opened:
        one.close()


def test_every_page_fits_a_tablet_and_a_small_laptop(
    chromium: Browser, office: Server, contexts: list[BrowserContext]
) -> None:
    wrong: list[str] = []
    for lang, (width, height) in SIZES.items():
        context = chromium.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = sign_in(context, office, lang)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(office.url + "/staff/exhibitors")
        code = page.get_attribute("[data-code]", "data-code") or ""
        for place in OFFICE:
            page.goto(f"{office.url}/staff/{place.format(code=code)}")
            assert (page.evaluate(WIDE), wrong) == (0, []), (lang, place)
            assert page.evaluate(COLUMN) == 0, (lang, place)  # who is signed in and the way out are in sight


def test_what_was_typed_when_the_session_ended_is_saved_after_signing_in(
    chromium: Browser, office: Server, contexts: list[BrowserContext]
) -> None:
    contexts.append(chromium.new_context())
    page = sign_in(contexts[0], office)
    page.goto(office.url + "/staff/notices/new")
    page.fill("[name='title.fr']", "Tempête de sable")
    contexts[0].clear_cookies(name="session")
    page.click("form.stack button.strong")
    expect(page.locator(".note-bar.fine")).to_be_visible()
    page.fill("[name=name]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.click(".sheet button.strong")
    page.wait_for_url("**/staff/notices**")
    expect(page.locator("main")).to_contain_text("Tempête de sable")
