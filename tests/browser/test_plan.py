"""The plan in the hand: taps, fingers and keys, the way from where one stands, what one keeps; all with no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from tests.browser.conftest import READY, Server, start_phone

pytestmark = pytest.mark.browser

LINE = "[data-overlay] polyline"
LOOKS = """() => {
    const drawing = document.querySelector('[data-plan] > svg').getBoundingClientRect();
    const shown = (text) => getComputedStyle(text).display !== 'none';
    return {
        frame: [drawing.x, drawing.y, drawing.width, drawing.height].map(Math.round),
        numbers: [...document.querySelectorAll('.booths text')].filter(shown).length,
    };
}"""
FORGET = """() => new Promise((done, failed) => {
    const opening = indexedDB.open('rafiq');
    opening.onsuccess = () => {
        const change = opening.result.transaction(['mine', 'settings'], 'readwrite');
        for (const name of ['mine', 'settings']) change.objectStore(name).clear();
        change.oncomplete = () => { opening.result.close(); done(); };
        change.onabort = failed;
    };
})"""


@pytest.fixture(scope="module")
def offline_page(playwright: Playwright, running: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A phone that has the fair."""
    phone = start_phone(playwright, tmp_path_factory.mktemp("phone"))
    page = phone.pages[0]
    page.goto(running.url + "/fr/")
    page.wait_for_selector(READY)
    yield page
    phone.close()


@pytest.fixture
def page(offline_page: Page, server: Server) -> Page:
    """The same phone, with nothing kept from the test before."""
    server.network.set("off")
    offline_page.goto(server.url + "/fr/about")
    offline_page.evaluate(FORGET)
    return offline_page


@pytest.fixture
def visit(page: Page, running: Server) -> Callable[[str], None]:
    """Open an address and wait until the plan, if there is one, can be moved."""

    def go(path: str) -> None:
        page.goto(running.url + path)
        if "/map" in path:
            page.wait_for_selector("[data-plan][data-live]")
            page.wait_for_timeout(300)  # the way from the last scan is asked for
            looked_at(page)

    return go


Visit = Callable[[str], None]


def looked_at(page: Page) -> list[float]:
    """What part of the plan shows: x, y, width, height in decimetres, once it stands still."""
    before, now = "", page.get_attribute("[data-plan] > svg", "viewBox") or ""
    while before != now:
        page.wait_for_timeout(100)
        before, now = now, page.get_attribute("[data-plan] > svg", "viewBox") or ""
    return [float(number) for number in now.split()]


def booth(page: Page, code: str) -> tuple[float, float]:
    """Where a booth is on the screen."""
    box = page.locator(f"[data-booth={code}] rect").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_first_tap_shows_who_stands_there_and_the_next_opens_the_page(page: Page, visit: Visit) -> None:
    visit("/fr/map")
    page.mouse.click(*booth(page, "E43"))
    expect(page.locator("[data-plan-card]")).to_be_visible()
    assert page.inner_text("[data-plan-card] [data-slot=booth]") == "E43"
    name = page.inner_text("[data-plan-card] [data-slot=name]")
    page.mouse.click(*booth(page, "B12"))
    assert page.inner_text("[data-plan-card] [data-slot=booth]") == "B12"
    page.wait_for_timeout(400)  # two taps in one place are a double tap, which enlarges
    page.mouse.click(*booth(page, "E43"))
    page.wait_for_timeout(400)
    page.mouse.click(*booth(page, "E43"))
    page.wait_for_url("**/fr/e/*")
    assert page.inner_text("h1") == name


def test_the_way_is_one_step_that_back_undoes(page: Page, visit: Visit) -> None:
    visit("/fr/map")
    page.mouse.click(*booth(page, "E43"))
    page.click("[data-plan-card] [data-do=go]")
    page.wait_for_function("() => location.search === '?to=E43'")
    page.wait_for_selector("[data-booth=E43][data-to]")
    expect(page.locator(LINE)).to_have_count(0)
    page.click("#itinerary a[href*='at=ENT-S']")
    page.wait_for_function("() => location.search === '?at=ENT-S&to=E43'")
    expect(page.locator(LINE)).to_have_count(2)
    assert (page.input_value("#at"), page.input_value("#to")) == ("ENT-S", "E43")
    assert re.search(r"\d+\sm\s· \d+", page.inner_text("#itinerary .lead"))
    page.go_back()
    expect(page.locator(LINE)).to_have_count(0)
    assert page.input_value("#at") == ""
    page.go_back()
    page.wait_for_selector("[data-booth=E43]:not([data-to])")
    assert page.input_value("#to") == ""


def test_the_way_starts_at_the_booth_scanned_last_and_the_address_does_not_tell(page: Page, visit: Visit) -> None:
    visit("/fr/b/A12")
    page.wait_for_timeout(300)  # where the visitor stands is written when the page is there
    visit("/fr/map?to=E43")
    expect(page.locator("#at")).to_have_value("A12")
    expect(page.locator(LINE)).to_have_count(2)
    assert page.evaluate("() => location.search") == "?to=E43"
    page.mouse.click(*booth(page, "F01"))
    page.click("[data-plan-card] [data-do=stand]")
    expect(page.locator("#at")).to_have_value("F01")
    assert page.evaluate("() => location.search") == "?to=E43&at=F01"


def test_what_one_keeps_is_on_the_plan_and_its_round_is_one_tap_away(page: Page, visit: Visit) -> None:
    for code, act in (("E43", "bookmark"), ("F01", "bookmark"), ("C05", "bookmark"), ("C05", "visited")):
        visit(f"/fr/b/{code}")
        page.click(f"article .acts [data-act={act}]")
        expect(page.locator(f"article .acts [data-act={act}]")).to_have_attribute("aria-pressed", "true")
    visit("/fr/map")
    marks = {
        code: page.get_attribute(f"[data-booth={code}]", "data-marks") or "" for code in ("E43", "C05", "C06", "A01")
    }
    assert marks == {"E43": "bookmark", "C05": "bookmark visited", "C06": "nearby", "A01": ""}
    legend = page.text_content(".legend [data-mark=visited]") or ""
    assert (page.get_attribute("[data-booth=C05]", "aria-label") or "").endswith(f", {legend}")
    page.click("[data-do=trip]")
    page.wait_for_selector(".stops")
    assert sorted(page.locator(".stops bdi").all_inner_texts()) == ["E43", "F01"]
    expect(page.locator(LINE)).to_have_count(2)


def test_keys_zoom_move_and_show_everything_again(page: Page, visit: Visit) -> None:
    visit("/fr/map")
    whole = looked_at(page)
    page.focus("[data-plan]")
    page.keyboard.press("ArrowRight")
    assert looked_at(page) == whole
    for _ in range(3):
        page.keyboard.press("+")
        near = looked_at(page)
    assert near[2] == pytest.approx(whole[2] / 1.5**3, rel=0.02)
    page.keyboard.press("ArrowRight")
    assert looked_at(page)[0] > near[0]
    page.keyboard.press("ArrowDown")
    assert looked_at(page)[1] > near[1]
    page.keyboard.press("-")
    assert looked_at(page)[2] == pytest.approx(near[2] * 1.5, rel=0.02)
    page.keyboard.press("0")
    assert looked_at(page) == whole


def test_a_booth_reached_by_the_keyboard_is_brought_into_view_and_opens_at_once(page: Page, visit: Visit) -> None:
    visit("/fr/map")
    page.focus("[data-plan]")
    for key in ("+", "+", "Tab"):
        page.keyboard.press(key)
        looked_at(page)
    code = page.evaluate("() => document.activeElement.dataset.booth")
    frame = page.locator("[data-plan]").bounding_box()
    x, y = booth(page, code)
    assert frame
    assert frame["x"] < x < frame["x"] + frame["width"]
    assert frame["y"] < y < frame["y"] + frame["height"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/e/*")
    assert code in page.inner_text("article .booths")


def test_two_fingers_enlarge_what_is_between_them(page: Page, visit: Visit) -> None:
    visit("/fr/map")
    before = looked_at(page)
    x, y = booth(page, "C20")
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *apart: int) -> None:
        points = [{"x": x + side, "y": y, "id": number} for number, side in enumerate(apart)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -20, 20)
    for spread in (25, 35, 45, 60):
        touch("touchMove", -spread, spread)
    touch("touchEnd")
    after = looked_at(page)
    assert after[2] == pytest.approx(before[2] / 3, rel=0.05)
    assert booth(page, "C20") == pytest.approx((x, y), abs=12)
    expect(page.locator("[data-plan-card]")).to_be_hidden()
    assert page.evaluate("() => visualViewport.scale") == 1


def test_a_pinch_past_the_edges_comes_back_to_where_it_began(page: Page, visit: Visit) -> None:
    visit("/fr/map")
    before = looked_at(page)
    x, y = booth(page, "A01")
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *apart: tuple[int, int]) -> None:
        points = [{"x": x + right, "y": y + down, "id": number} for number, (right, down) in enumerate(apart)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0, 0), (80, 0))
    for span, down in ((140, 0), (200, 30), (200, 90), (90, 90), (30, 60), (15, 0), (80, 0)):
        touch("touchMove", (0, down), (span, down))
    assert looked_at(page) == pytest.approx(before, abs=1)
    touch("touchMove", (0, 0), (160, 0))
    assert looked_at(page)[2] == pytest.approx(before[2] / 2, rel=0.05)
    assert booth(page, "A01") == pytest.approx((x, y), abs=12)
    touch("touchEnd")


def test_the_arabic_plan_is_the_same_plan(page: Page, visit: Visit) -> None:
    places = {}
    for lang in ("fr", "ar"):
        visit(f"/{lang}/map?at=ENT-S&to=E43")
        page.click("[data-zoom=fit]")
        looked_at(page)
        places[lang] = [booth(page, code)[0] for code in ("A01", "E43", "F01")]
    assert places["ar"] == pytest.approx(places["fr"], abs=1)
    assert page.get_attribute("html", "dir") == "rtl"


def test_whoever_looks_at_a_free_booth_on_the_plan_does_not_stand_there(page: Page, visit: Visit) -> None:
    visit("/fr/b/A12")
    page.wait_for_timeout(300)
    visit("/fr/map")
    page.click("[data-zoom=fit]")
    looked_at(page)
    page.mouse.click(*booth(page, "A48"))
    page.click("[data-plan-card] [data-do=open]")
    page.wait_for_url("**/fr/b/A48")
    page.wait_for_timeout(300)
    visit("/fr/map")
    expect(page.locator("#at")).to_have_value("A12")
    visit("/fr/scan")
    page.fill("[name=code]", "a 48")
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/fr/b/A48")
    page.wait_for_timeout(300)
    visit("/fr/map")
    expect(page.locator("#at")).to_have_value("A48")


def test_the_plan_looks_before_its_script_as_after_it(
    open_phone: Callable[..., BrowserContext], server: Server
) -> None:
    slow = open_phone(service_workers="block").pages[0]
    held: list[Route] = []
    slow.route("**/js/site.js", lambda route: held.append(route))
    with slow.expect_request("**/js/site.js"):
        slow.goto(server.url + "/fr/map", wait_until="commit")
    slow.wait_for_selector(".foot")  # all of the page is there
    before = slow.evaluate(LOOKS)
    assert before["numbers"] == 0
    held[0].continue_()
    slow.wait_for_selector("[data-plan][data-live]")
    assert slow.evaluate(LOOKS) == before


def test_without_scripts_the_plan_is_large_enough_to_be_read(
    open_phone: Callable[..., BrowserContext], server: Server
) -> None:
    plain = open_phone(java_script_enabled=False).pages[0]
    plain.goto(server.url + "/fr/map")
    number = plain.locator("[data-booth=A12] text").bounding_box()
    assert number
    assert number["height"] > 8
    plain.locator("[data-booth=F12]").scroll_into_view_if_needed()
    plain.click("[data-booth=F12]")
    plain.wait_for_url("**/e/*")
