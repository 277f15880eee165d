"""Several phones of one exhibitor, cards that end, days without a network: nothing of it loses work."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from companion.accounts.access import end_card, give_cards
from companion.accounts.people import add_staff
from companion.models import Lead, Remark
from companion.models import Phone as PhoneRow
from companion.sync.edits import Author
from tests.browser.conftest import Server
from tests.browser.exhibitors import (
    card_of,
    come_in,
    delivered,
    go,
    picture,
    scan,
    standing,
    unsent,
    wait_until,
    write_down,
)

pytestmark = pytest.mark.browser

VISITOR = "\r\n".join((
    "BEGIN:VCARD", "VERSION:3.0", "N:ⴼⴰⵟⵉⵎⴰ الزهراء;;;;", "FN:ⴼⴰⵟⵉⵎⴰ الزهراء", "TEL;TYPE=CELL:+212600000001",
    "IMPP:whatsapp:+212600000001", "UID:urn:uuid:7a1c8a30-8f5e-4d0e-9d0f-0d6a4a0b5c11", "END:VCARD", "",
))  # fmt: skip
"""As a visitor's phone shows it (static/js/own_card.js)."""


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_phones_are_told_of_a_new_card(
    area_server: Server, open_phone: Callable[..., BrowserContext], records: Session, lang: str
) -> None:
    own = standing(records, "A18").id
    records.rollback()
    [secret] = give_cards(records, [own], Author("staff:amina", "editor"))
    records.commit()
    page = open_phone(lang, locale=f"{lang}-MA").pages[0]
    come_in(page, area_server, secret)
    line = page.locator("[data-card-made]")
    expect(line).to_have_text(re.compile(r"\S.*\d\d:\d\d$"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    end_card(records, own, Author("staff:amina", "editor"))
    [again] = give_cards(records, [own], Author("staff:amina", "editor"))
    records.commit()
    come_in(page, area_server, again)
    expect(line).to_have_count(1)


def test_two_phones_one_visitor_and_a_card_that_ended(
    area_server: Server, open_phone: Callable[..., BrowserContext], records: Session
) -> None:
    """failures.md 7, 8, 10: notes add up, keep their time and their exhibitor; a revoked phone loses nothing."""
    secret = card_of(records, "A17")
    own = standing(records, "A17")
    first, second = (open_phone(name, locale=lang).pages[0] for name, lang in (("one", "ar-MA"), ("two", "fr-MA")))
    for page in (first, second):
        come_in(page, area_server, secret)
    assert first.get_attribute("html", "dir") == "rtl"
    area_server.network.set("off")
    scan(first, area_server, VISITOR, "تريد زربية", "خديجة")
    scan(second, area_server, VISITOR, "Rappeler lundi", "Amina")
    assert first.url.split("/")[-1] == second.url.split("/")[-1], "the same card is the same contact"
    assert len({item["edit"]["record"] for item in unsent(first) if item["edit"]["kind"] == "remark"}) == 1

    second.context.set_offline(True)
    area_server.network.calm()
    delivered(first, area_server)
    newer = card_of(records, "A17")  # the office prints a new card while the second phone has unsent work
    second.context.set_offline(False)
    go(second, area_server, "leave")
    second.click('[data-do="send"]')
    second.wait_for_selector('a[href="/in"]')
    wait_until(lambda: {item["state"] for item in unsent(second)} == {"signin"})  # parked, not lost
    go(second, area_server, "contacts")
    second.wait_for_selector("[data-lead]")
    come_in(second, area_server, newer)
    delivered(second, area_server)

    records.rollback()
    [lead] = records.scalars(select(Lead).where(Lead.exhibitor == own.code, Lead.source == "card"))
    assert (lead.name, lead.phone, lead.whatsapp) == ("ⴼⴰⵟⵉⵎⴰ الزهراء", "+212600000001", "+212600000001")
    remarks = records.scalars(select(Remark).where(Remark.lead == lead.id).order_by(Remark.at)).all()
    assert [(row.text, row.by, row.exhibitor) for row in remarks] == [
        ("تريد زربية", "خديجة", own.code),
        ("Rappeler lundi", "Amina", own.code),
    ]
    go(second, area_server, f"contact/{lead.id}")
    second.wait_for_selector("text=تريد زربية")


def test_a_card_ended_by_the_office_while_its_phone_was_away_with_unsent_work(
    area_server: Server, page: Page, records: Session, playwright: Playwright
) -> None:
    """What waits is parked, in view and bound to whose it is; another's card does not send it, a new card does."""
    own = standing(records, "A22")
    add_staff(records, "samira", "editor", "five-goats-in-a-tree")
    records.commit()
    come_in(page, area_server, card_of(records, "A22"))
    area_server.network.set("off")
    write_down(page, area_server, "Rachid", "0600000041")
    go(page, area_server, "photos")
    page.set_input_files('[data-do="add"] >> nth=1', {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.wait_for_selector("[data-pending]")
    page.context.set_offline(True)
    area_server.network.calm()

    office = playwright.request.new_context(base_url=area_server.url)
    office.post("/staff/sign-in", form={"name": "samira", "password": "five-goats-in-a-tree"})
    ended = office.post(f"/staff/exhibitors/{own.code}/card/end")
    assert (ended.ok, ended.url) == (True, f"{area_server.url}/staff/exhibitors/{own.code}")
    office.dispose()

    page.context.set_offline(False)
    go(page, area_server, "leave")
    page.click('[data-do="send"]')
    page.wait_for_selector('main a[href="/in"]')
    wait_until(lambda: {item["state"] for item in unsent(page)} == {"signin"})
    go(page, area_server, "contacts")
    page.wait_for_selector("[data-lead] >> text=Rachid")
    go(page, area_server, "photos")
    page.wait_for_selector("[data-pending] img[src^=blob]")

    parked = [item["id"] for item in unsent(page)]
    come_in(page, area_server, card_of(records, "A23"))
    go(page, area_server, "contacts")
    expect(page.locator("[data-lead]")).to_have_count(0)
    assert [item["id"] for item in unsent(page)] == parked, "nobody sends what is another's"
    records.rollback()
    assert records.scalars(select(Lead).where(Lead.name == "Rachid")).all() == []

    come_in(page, area_server, card_of(records, "A22"))
    delivered(page, area_server)
    records.rollback()
    assert [lead.exhibitor for lead in records.scalars(select(Lead).where(Lead.name == "Rachid"))] == [own.code]
    go(page, area_server, "photos")
    page.wait_for_selector("[data-photo] img")


def test_days_without_a_network_and_a_lost_phone(
    area_server: Server, open_phone: Callable[..., BrowserContext], records: Session
) -> None:
    """Who was away for the whole fair is still signed in; a phone that was lost is ended from another."""
    secret = card_of(records, "A24")
    first, second = (open_phone(name).pages[0] for name in ("one", "two"))
    for page in (first, second):
        come_in(page, area_server, secret)
    area_server.network.set("off")
    write_down(first, area_server, "Hassan", "0600000042")
    ago = (datetime.now(UTC) - timedelta(days=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
    records.execute(update(PhoneRow).values(seen=ago))
    records.commit()
    [cookie] = [one for one in first.context.cookies() if one["httpOnly"]]
    assert cookie["expires"] > time.time() + 6 * 86_400
    area_server.network.calm()
    delivered(first, area_server)

    go(second, area_server, "phones")
    expect(second.locator("[data-phone]")).to_have_count(2)
    second.click('[data-phone] [data-do="end"]')
    expect(second.locator("[data-phone]")).to_have_count(1)
    go(first, area_server, "leave")
    first.click('[data-do="send"]')
    first.wait_for_selector('main a[href="/in"]')
    assert "Hassan" in text_of(first, area_server, "contacts"), (
        "what it took down can still be read, until it is signed out"
    )


def text_of(page: Page, server: Server, path: str) -> str:
    go(page, server, path)
    return page.inner_text("#area")


def test_the_number_chosen_at_first_opens_another_phone(
    area_server: Server, open_phone: Callable[..., BrowserContext], records: Session
) -> None:
    """Opening the card's address signs nobody in; pressing the button does. Inside, the language is the door's."""
    own = standing(records, "A27").code
    secret = card_of(records, "A27")
    first, second = (open_phone(name, locale=tongue).pages[0] for name, tongue in (("one", "ar-MA"), ("two", "fr-MA")))
    second.context.add_cookies([{"name": "lang", "value": "zgh", "url": area_server.url}])  # read in Tamazight before
    first.goto(f"{area_server.url}/in#{secret}")
    first.wait_for_selector('[data-with="card"]:not([hidden])')
    first.goto(f"{area_server.url}/exhibitor/")
    first.wait_for_url("**/in")
    first.goto(f"{area_server.url}/in#{secret}")
    first.click('[data-do="enter"]')
    first.fill("#new-pin", "123456")
    first.click('[data-do="pin"] button')
    first.wait_for_selector('[data-slot="toast"] [data-say="easy"]')
    first.fill("#new-pin", "860317")
    first.click('[data-do="pin"] button')
    first.wait_for_selector(".tiles")

    second.goto(f"{area_server.url}/in")
    second.fill("#booth", "a 27")
    second.fill("#pin", "000000")
    second.click(".typed button")
    second.wait_for_selector('[role="alert"]')
    second.fill("#pin", "860317")
    second.click(".typed button")
    second.wait_for_selector(".tiles")
    who = second.evaluate("async () => (await (await fetch('/api/records')).json()).who")
    assert who == f"exhibitor:{own}"
    assert [phone.get_attribute("html", "lang") for phone in (first, second)] == ["ar", "zgh"]
