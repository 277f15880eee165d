"""The visitors' tour on a small phone: pressed through, skipped, and asked for without a network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import READY, Server
from tests.browser.test_axe import AXE, CHECK

pytestmark = pytest.mark.browser

SHOWN = """n => { const { left, right } = document.getElementById(`step-${n}`).getBoundingClientRect();
  return left > -9 && right < innerWidth + 9; }"""


def test_the_tour_is_pressed_through_and_leads_home(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(reduced_motion="reduce")
    page.goto(server.url + "/ar/about")
    page.click('a[href="/tour?lang=ar"]')
    assert page.evaluate("() => Math.max(innerWidth, document.documentElement.scrollWidth)") == 320
    debugger = page.context.new_cdp_session(page)
    debugger.send("Runtime.evaluate", {"expression": AXE})
    answer = debugger.send("Runtime.evaluate", {"expression": CHECK, "awaitPromise": True, "returnByValue": True})
    assert answer["result"]["value"]["wrong"] == []
    for n in range(1, 6):
        page.wait_for_function(SHOWN, arg=n)
        page.click(f"#step-{n} a.strong")
    page.wait_for_function(SHOWN, arg=6)
    page.click("#step-6 a.strong")
    page.wait_for_url("**/ar/")
    page.wait_for_selector(READY, timeout=90_000)
    server.network.set("off")
    page.goto(server.url + "/tour?lang=ar")
    page.wait_for_url(server.url + "/")
    assert page.get_attribute("html", "lang") == "ar"
