"""Every visitor's page by axe-core's rules: WCAG 2.2 A and AA, and text contrast AAA; light and dark.

axe is injected by the debugger's protocol, so that our strict policy for scripts stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.conftest import Server, start_phone
from tests.browser.places import LANGUAGES, PLACES

pytestmark = pytest.mark.browser

VENDOR = Path(__file__).parents[1] / "vendor"
AXE = (VENDOR / "axe.min.js").read_text("utf-8")  # npm axe-core 4.14.1
SUM = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
CHECK = """axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: { 'color-contrast-enhanced': { enabled: true } },
}).then(({ passes, violations }) => ({
    applied: passes.concat(violations).map(({ id }) => id),
    wrong: violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => [id, html, any[0]?.message])),
}))"""


@pytest.fixture(scope="module")
def page(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    phone = start_phone(playwright, tmp_path_factory.mktemp("phone"), service_workers="block", reduced_motion="reduce")
    yield phone.pages[0]
    phone.close()


def test_axe_is_the_one_that_was_reviewed() -> None:
    assert hashlib.sha256((VENDOR / "axe.min.js").read_bytes()).hexdigest() == SUM
    assert "Mozilla Public License, version 2.0" in (VENDOR / "axe.LICENCE.txt").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing(page: Page, server: Server, lang: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    debugger = page.context.new_cdp_session(page)
    for place in PLACES:
        page.goto(f"{server.url}/{lang}{place}")
        debugger.send("Runtime.evaluate", {"expression": AXE})
        answer = debugger.send("Runtime.evaluate", {"expression": CHECK, "awaitPromise": True, "returnByValue": True})
        found = answer["result"]["value"]
        assert found["wrong"] == [], place
        assert {"color-contrast-enhanced", "target-size"} <= set(found["applied"]), place
    debugger.detach()
