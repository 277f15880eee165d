"""My fair in numbers, and what the team tells: what others did is on the exhibitor's phone, and stays there without a network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Workshop
from companion.sync.edits import Author, Change
from companion.sync.log import write
from tests.browser.conftest import READY, Server
from tests.browser.exhibitors import card_of, come_in, go, standing, wait_until, write_down

pytestmark = pytest.mark.browser

BOOTH = "A25"
EDITOR = Author("staff:samira", "editor")


def totals(page: Page) -> list[str]:
    """Scanned, opened, kept, called, asked, taken down."""
    return page.locator(".charts h2 small").all_inner_texts()


def test_what_visitors_did_is_counted_by_day_and_nobody_is_named(
    area_server: Server, open_phone: Callable[..., BrowserContext], records: Session
) -> None:
    visitor, page = (open_phone(name, locale="ar-MA").pages[0] for name in ("visitor", "mine"))
    visitor.goto(f"{area_server.url}/b/{BOOTH}")
    visitor.wait_for_selector(READY, timeout=90_000)
    visitor.click('[data-act="bookmark"]')
    visitor.goto(f"{area_server.url}/fr/e/{standing(records, BOOTH).code}")
    visitor.wait_for_selector("[data-exhibitor]")
    come_in(page, area_server, card_of(records, BOOTH))

    visitor.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=11))  # counts are gathered for ten
    visitor.goto(f"{area_server.url}/fr/")

    def told() -> bool:
        visitor.evaluate("() => dispatchEvent(new Event('online'))")
        go(page, area_server, "fair")
        return totals(page)[:3] == ["1", "2", "1"]

    wait_until(told)
    area_server.network.set("off")
    write_down(page, area_server, "Malika", "0600000051")
    go(page, area_server, "fair")
    assert totals(page) == ["1", "2", "1", "0", "0", "1"]
    today = datetime.now(UTC)
    drawn = page.locator(".charts svg.chart").nth(1).get_attribute("aria-label") or ""
    assert f"{today:%m-%d}: 2" in drawn, "the day is a bar of its own, with its number"
    assert drawn.count(": 0") == drawn.count(":") - 1
    assert "Malika" not in page.inner_text("#area")
    page.emulate_media(media="print")
    expect(page.locator(".charts svg.chart").first).to_be_visible()
    expect(page.locator(".tabs")).to_be_hidden()


def test_messages_of_the_team_and_workshops_kept(area_server: Server, page: Page, records: Session) -> None:
    texts = {"title.fr": "Le parking ferme à 20 h", "title.ar": "يغلق الموقف على 20", "body.fr": "Sortez avant."}
    days = {"starts": "2020-01-01T08:00", "ends": "2099-01-01T08:00"}
    write(
        records,
        [Change("notice", str(uuid4()), {"audience": "exhibitors", "urgency": "warning", **days, **texts})],
        EDITOR,
    )
    records.commit()
    come_in(page, area_server, card_of(records, BOOTH))
    expect(page.locator(".tiles a[href='/exhibitor/messages'] .count")).to_be_visible()
    workshop = records.scalars(select(Workshop).where(~Workshop.deleted).order_by(Workshop.code)).first()
    assert workshop
    page.goto(f"{area_server.url}/fr/programme/{workshop.code}")
    page.locator('[data-act="agenda"]').first.click()
    page.wait_for_selector('[data-act="agenda"][aria-pressed="true"]')
    area_server.network.set("off")
    go(page, area_server, "messages")
    page.wait_for_selector(f'a[href="/fr/programme/{workshop.code}"]')
    message = page.locator("[data-notice]", has_text="Le parking ferme à 20 h")
    assert message.locator("small").inner_text().count(":") == 1, "with its age"
    page.click('[data-lang="ar"]')
    page.wait_for_selector("text=يغلق الموقف على 20")
