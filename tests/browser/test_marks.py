"""Marks and notes are on the disk before a page says so, however the phone ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.visiting import (
    BOOKMARK,
    NOTE,
    SAID,
    TYPED,
    VISITED,
    Phones,
    kill,
    press,
)

pytestmark = pytest.mark.browser


def test_a_bookmark_is_on_the_disk_when_the_button_says_so(open_phone: Phones, server: Server, tmp_path: Path) -> None:
    page = open_phone().pages[0]
    page.goto(server.url + "/fr/b/E43")
    press(page, BOOKMARK)
    press(page, VISITED)
    kill(tmp_path / "phone")
    page = open_phone().pages[0]
    page.goto(server.url + "/ar/b/E43")
    expect(page.locator(BOOKMARK)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(VISITED)).to_have_attribute("aria-pressed", "true")
    code = page.get_attribute("[data-exhibitor]", "data-exhibitor")
    page.goto(server.url + "/fr/exhibitors?q=E43")
    card = page.locator(f"[data-card='{code}']").first
    expect(card).to_have_attribute("data-marks", "bookmark visited")
    assert len(card.locator(".marks").inner_text().split(", ")) == 2


def test_what_is_taken_back_by_mistake_comes_back(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/b/E43")
    for mark in (BOOKMARK, VISITED):
        press(page, mark)
        press(page, mark, pressed=False)
        page.click("[data-undo]")
        expect(page.locator(mark)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-undo]")).to_have_count(0)


def test_a_full_phone_is_not_told_that_it_keeps_anything(phone: BrowserContext, page: Page, server: Server) -> None:
    browser = phone.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": 1})
    page.goto(server.url + "/fr/b/E43")
    page.click(BOOKMARK)
    page.wait_for_selector(SAID % "storage-full")
    expect(page.locator(BOOKMARK)).to_have_attribute("aria-pressed", "false")
    page.click(NOTE)
    page.fill("#note", TYPED)
    page.wait_for_selector("[data-state=problem]")
    assert page.input_value("#note") == TYPED
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url})
    page.type("#note", "!")
    page.wait_for_selector("[data-state=saved]")
    page.reload()
    expect(page.locator("#note")).to_have_value(TYPED + "!")


@pytest.mark.parametrize("delay", [0, 20])
def test_a_note_typed_just_before_the_app_is_killed_is_there(
    open_phone: Phones, server: Server, tmp_path: Path, delay: int
) -> None:
    page = open_phone().pages[0]
    page.goto(server.url + "/fr/b/E43")
    page.click(NOTE)
    page.keyboard.type(TYPED, delay=delay)
    page.wait_for_timeout(100)
    kill(tmp_path / "phone")
    page = open_phone().pages[0]
    page.goto(server.url + "/fr/b/E43")
    expect(page.locator("#note")).to_have_value(TYPED)


@pytest.mark.parametrize("leave", ["close", "go"])
def test_a_note_typed_just_before_the_page_is_left_is_there(phone: BrowserContext, server: Server, leave: str) -> None:
    page = phone.new_page()
    page.goto(server.url + "/fr/b/E43")
    page.click(NOTE)
    page.keyboard.type(TYPED)
    if leave == "close":
        page.close(run_before_unload=True)
        page = phone.pages[0]
    else:
        page.goto(server.url + "/fr/map")
    page.goto(server.url + "/fr/b/E43")
    expect(page.locator("#note")).to_have_value(TYPED)
    page.wait_for_selector("[data-state=saved]", state="attached")
    page.reload()
    expect(page.locator("#note")).to_have_value(TYPED)


def test_two_tabs_do_not_overwrite_each_other(phone: BrowserContext, page: Page, server: Server) -> None:
    other = phone.new_page()
    for tab in (page, other):
        tab.goto(server.url + "/fr/b/E43")
        tab.click(NOTE)
    page.fill("#note", "le premier")
    page.wait_for_selector("[data-state=saved]")
    other.fill("#note", "le second")
    expect(other.locator("#note")).to_have_value("le premier\n\nle second")
