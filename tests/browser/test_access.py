"""For every hand, eye and phone: keyboard only, small screens and large letters, three scripts, no JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.conftest import Server, start_phone
from tests.browser.places import LANGUAGES, PLACES

pytestmark = pytest.mark.browser

# What has the focus: what it is, whether one sees that it has it, and whether anything lies over it.
FOCUSED = """() => {
    const focused = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    const [{ x, y, width, height }] = focused.getClientRects(); // the first line of a link that has two
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return {
        what: focused.name || focused.dataset.card || focused.className || focused.getAttribute('href'),
        seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && focused.contains(top),
    };
}"""
# Texts and controls that reach out of the screen, and boxes that cut off what is in them. What scrolls sideways by
# itself may be wider than the screen; what is clipped away is for voices.
CUT_OFF = """() => {
    const wide = document.documentElement.clientWidth;
    const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const clipped = (element) => element && (getComputedStyle(element).clipPath !== 'none' || clipped(element.parentElement));
    const skipped = (element) => element.closest('svg, [hidden], dialog:not([open])') || clipped(element);
    const inside = (element) => element && (scrolls(element) || inside(element.parentElement));
    const wrong = [...document.querySelectorAll('body *')].filter((element) => {
        if (skipped(element) || inside(element.parentElement)) return false;
        const { left, right, width } = element.getBoundingClientRect();
        const out = width > 0 && (left < -1 || right > wide + 1);
        const cut = /hidden|clip/.test(getComputedStyle(element).overflowX) && !element.matches('input, select, textarea')
            && element.scrollWidth > element.clientWidth + 1;
        return out || cut;
    });
    return wrong.map((element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`);
}"""


@pytest.fixture(scope="module")
def small(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The smallest phone there is, without a worker, so that pages come at once."""
    screen = {"viewport": {"width": 320, "height": 640}, "is_mobile": True}
    phone = start_phone(playwright, tmp_path_factory.mktemp("phone"), service_workers="block", **screen)
    yield phone.pages[0]
    phone.close()


@pytest.fixture(scope="module")
def plain(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser without JavaScript."""
    phone = start_phone(playwright, tmp_path_factory.mktemp("phone"), java_script_enabled=False)
    yield phone.pages[0]
    phone.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_cut_off_on_the_smallest_screen_and_with_letters_twice_as_large(
    small: Page, server: Server, lang: str
) -> None:
    for place in PLACES:
        small.goto(f"{server.url}/{lang}{place}")
        for size in ("", "200%"):
            small.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
            assert small.evaluate("() => innerWidth") == 320, (place, size)
            assert small.evaluate(CUT_OFF) == [], (place, size)


def tab_until(page: Page, what: str) -> list[str]:
    """Press Tab until that has the focus; what had it on the way. Whatever has it shows it and lies on top."""
    seen: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        seen.append(focused["what"])
        assert focused["seen"], seen
        if focused["what"] == what:
            return seen
    raise AssertionError(seen)


def test_with_the_keyboard_alone_one_finds_an_exhibitor_and_keeps_it(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/exhibitors?q=miel")
    cards = page.locator("#fragment [data-card]")
    first = cards.first.get_attribute("data-card") or ""
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == {"what": "skip", "seen": True}
    page.keyboard.press("Enter")
    assert tab_until(page, "q") == ["q"]
    page.reload()
    way = tab_until(page, first)
    assert way.index("skip") < way.index("scan") < way.index("q") < len(way) - 1
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/fr/e/{first}")
    expect(page.locator("article .acts [data-act=bookmark]")).to_be_visible()
    page.focus("article .acts [data-act=bookmark]")
    page.keyboard.press("Space")
    expect(page.locator("article .acts [data-act=bookmark]")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_focus_is_seen_all_the_way_down_a_page(page: Page, server: Server, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    for place in ("/fr/b/E43", "/ar/programme/W01"):
        page.goto(server.url + place)
        page.wait_for_timeout(300)  # buttons for what one keeps are shown by a script
        for _ in range(30):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            assert focused["seen"], (place, focused)


STEP = """() => {
    const focused = document.activeElement;
    const { x, y, width } = focused.getClientRects()[0] ?? {};
    const inside = focused.closest('svg, [data-pan], table') !== null;
    return focused === document.body || inside ? null : { x: x + width / 2, y: y + scrollY, what: focused.outerHTML.slice(0, 90) };
}"""


@pytest.mark.parametrize(("lang", "onwards"), [("fr", 1), ("ar", -1)])
def test_the_focus_goes_as_one_reads(page: Page, server: Server, lang: str, onwards: int) -> None:
    """Along a line from its beginning to its end, which in Arabic is on the left, and from line to line downwards."""
    page.set_viewport_size({"width": 1280, "height": 740})
    along = 0
    for place in ("/", "/b/E43", "/programme", "/exhibitors?q=miel"):
        page.goto(f"{server.url}/{lang}{place}")
        page.wait_for_timeout(300)
        before = None
        for _ in range(25):
            page.keyboard.press("Tab")
            now = page.evaluate(STEP)
            if before and now and abs(now["y"] - before["y"]) < 4:
                along += 1
                assert (now["x"] - before["x"]) * onwards > 0, (place, before, now)
            before = now
    assert along > 30


MOVING = """() => [...document.querySelectorAll('*')].flatMap((element) => {
    const { transitionDuration, transitionProperty, animationName, animationDuration, scrollBehavior } = getComputedStyle(element);
    const moves = transitionDuration.split(', ').some((time) => parseFloat(time) > 0.01) && !/^(color|background|opacity)/.test(transitionProperty);
    const runs = animationName !== 'none' && parseFloat(animationDuration) > 0.01;
    return moves || runs || scrollBehavior === 'smooth' ? [`${element.tagName}.${element.className}`] : [];
})"""


def test_nothing_moves_for_who_wants_no_motion(page: Page, server: Server) -> None:
    moving = {}
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        for place in ("/", "/b/E43", "/map?at=ENT-S&to=E43", "/programme", "/mine"):
            page.goto(f"{server.url}/fr{place}")
            moving[motion, place] = page.evaluate(MOVING)
    assert [found for (motion, _), found in moving.items() if motion == "no-preference" and found]
    assert {place: found for (motion, place), found in moving.items() if motion == "reduce" and found} == {}


def fonts(page: Page, selector: str) -> list[tuple[str, bool]]:
    """The families the letters of an element are drawn with, and whether the site brought them."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("DOM.enable")
    debugger.send("CSS.enable")
    root = debugger.send("DOM.getDocument")["root"]["nodeId"]
    node = debugger.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    used = debugger.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return [(font["familyName"], font["isCustomFont"]) for font in used]


def test_tifinagh_is_drawn_with_our_own_letters(page: Page, server: Server) -> None:
    page.goto(server.url + "/zgh/programme")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    assert set(page.inner_text("h1").strip()) <= {chr(code) for code in range(0x2D30, 0x2D80)}
    assert fonts(page, "h1") == [("Noto Sans Tifinagh", True)]
    page.goto(server.url + "/fr/")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    assert fonts(page, ".tongues [lang=zgh]") == [("Noto Sans Tifinagh", True)]


def test_arabic_runs_from_the_right_and_its_numbers_do_not(page: Page, server: Server) -> None:
    page.goto(server.url + "/ar/b/E43")
    assert (page.get_attribute("html", "lang"), page.get_attribute("html", "dir")) == ("ar", "rtl")
    heading, brand = (page.locator(part).bounding_box() for part in ("h1", ".brand"))
    assert heading
    assert brand
    assert brand["x"] > 180
    number = page.locator(".ways bdi").first
    assert number.evaluate("(node) => getComputedStyle(node).direction") == "ltr"
    assert number.inner_text().startswith("0")


# Without JavaScript


def shown(page: Page, selector: str) -> int:
    return page.locator(selector).filter(visible=True).count()


def test_without_scripts_the_whole_fair_can_be_read(plain: Page, server: Server) -> None:
    plain.goto(server.url + "/fr/")
    assert shown(plain, ".sectors a") > 10
    assert shown(plain, ".session") > 0
    plain.fill("[name=q]", "miel")
    plain.press("[name=q]", "Enter")
    plain.wait_for_url("**/fr/exhibitors?q=miel")
    plain.click("#fragment [data-card] >> nth=0")
    plain.wait_for_url("**/fr/e/*")
    assert shown(plain, "[data-act=call], [data-act=vcard]") > 0
    assert shown(plain, "[data-act=bookmark], [data-act=note], [data-act=share]") == 0
    plain.click("article .booths a >> nth=0")
    plain.wait_for_url("**/fr/map?to=*")
    plain.fill("#at", "ent-s")
    plain.press("#at", "Enter")
    expect(plain.locator("#itinerary .lead")).to_be_visible()
    assert plain.locator("[data-overlay] polyline").count() == 2
    assert shown(plain, "[data-zoom], [data-plan-card]") == 0
    plain.goto(server.url + "/fr/programme")
    plain.click(".days a >> nth=1")
    plain.click(".session h3 a >> nth=0")
    assert shown(plain, "article.workshop") == 1


def test_without_scripts_a_typed_code_opens_its_booth(plain: Page, server: Server) -> None:
    plain.goto(server.url + "/ar/scan")
    assert shown(plain, "[data-scanner]") == 0
    plain.fill("[name=code]", "e٤٣")
    with plain.expect_response(lambda response: "/ar/scan?code=" in response.url) as answer:
        plain.press("[name=code]", "Enter")
    assert answer.value.status == 302
    plain.wait_for_url("**/ar/b/E43")
    plain.goto(server.url + "/ar/scan?code=Z99")
    assert shown(plain, ".notice") == 1


def test_without_scripts_pages_do_not_offer_what_needs_them(plain: Page, server: Server) -> None:
    for place in ("/", "/mine", "/about", "/b/E43", "/map"):
        plain.goto(f"{server.url}/fr{place}")
        offered = [button.inner_text() for button in plain.locator("button[type=button]:visible").all()]
        assert offered == [], place


Phones = Callable[..., BrowserContext]


def test_forced_colours_keep_what_is_chosen_visible(open_phone: Phones, server: Server) -> None:
    page = open_phone(forced_colors="active").pages[0]
    page.goto(server.url + "/fr/programme")
    chosen = page.locator(".days [aria-current]")
    assert chosen.evaluate("(node) => getComputedStyle(node).outlineStyle") == "solid"
