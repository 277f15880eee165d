"""Every page of the exhibitors' area: axe finds nothing, nothing is wider than a small phone, everything is large enough to press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select

from companion.models import Product
from tests.browser.conftest import Server, database, start_phone
from tests.browser.exhibitors import card_of, come_in, go, press, standing, write_down
from tests.browser.test_axe import AXE, CHECK

pytestmark = pytest.mark.browser

BOOTH = "A26"
PLACES = (
    "", "page", "edit/name", "edit/about", "edit/contact", "edit/labels", "product/new", "photos", "history", "card", "take",
    "contacts", "fair", "messages", "phones", "leave", "tour/1", "tour/3", "tour/5",
)  # fmt: skip
WIDE = "() => Math.max(innerWidth, document.documentElement.scrollWidth)"
SMALL = """() => [...document.querySelectorAll('#area :is(a, button, label.button, label.tick, input, select, textarea, summary)')]
  .filter((one) => !one.matches('[type=checkbox], .unseen') && one.checkVisibility({ contentVisibilityAuto: true }))
  .filter((one) => one.getBoundingClientRect().height < 40 && !one.matches('p > a, a.more, a.notice'))
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def phone(running_area: Server, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A phone with a product, a photo's place, and somebody taken down, without a network."""
    phone = start_phone(playwright, tmp_path_factory.mktemp("look"), viewport={"width": 320, "height": 640})
    page = phone.pages[0]
    running_area.network.calm()
    with database(running_area) as records:
        come_in(page, running_area, card_of(records, BOOTH))
    page.emulate_media(reduced_motion="reduce")
    running_area.network.set("off")
    write_down(
        page, running_area, "Fatima Zahra El Amrani Idrissi", "0600000061", organisation="Hôtel Chems", town="Azilal"
    )
    yield page
    running_area.network.calm()
    phone.close()


@pytest.fixture
def places(phone: Page, running_area: Server) -> list[str]:
    """All pages, that of a product and of a contact among them."""
    go(phone, running_area, "contacts")
    lead = phone.locator("[data-lead]").first.get_attribute("data-lead")
    with database(running_area) as records:
        own = standing(records, BOOTH).id
        product = records.scalars(select(Product.id).where(Product.exhibitor == own)).first()
    return [*PLACES, f"contact/{lead}", f"product/{product}"]


@pytest.mark.parametrize(("lang", "scheme"), [("fr", "light"), ("ar", "dark"), ("zgh", "light")])
def test_every_page_can_be_read_and_pressed(
    phone: Page, running_area: Server, places: list[str], lang: str, scheme: str
) -> None:
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    go(phone, running_area, "")
    phone.click(f'[data-lang="{lang}"]')
    phone.wait_for_selector(f"html[lang={lang}]")
    debugger = phone.context.new_cdp_session(phone)
    for place in places:
        go(phone, running_area, place)
        assert phone.evaluate(WIDE) == 320, place
        assert phone.evaluate(SMALL) == [], place
        debugger.send("Runtime.evaluate", {"expression": AXE})
        answer = debugger.send("Runtime.evaluate", {"expression": CHECK, "awaitPromise": True, "returnByValue": True})
        assert answer["result"]["value"]["wrong"] == [], place
    debugger.detach()


def test_a_tour_of_one_minute_is_offered_once_and_can_be_left(phone: Page, running_area: Server) -> None:
    go(phone, running_area, "")
    phone.click(".offer a")
    for step in range(1, 5):
        phone.wait_for_selector(f'.tour[data-step="{step}"]')
        phone.click(".tour a.strong")
    phone.wait_for_selector('.tour[data-step="5"]')
    phone.click('.tour [data-do="skip"]')
    phone.wait_for_selector(".tiles")
    expect(phone.locator(".offer")).to_have_count(0)
    press(phone, 'main a[href="/exhibitor/tour/1"]')
    phone.click('.tour [data-do="skip"]')
    phone.wait_for_selector(".tiles")
