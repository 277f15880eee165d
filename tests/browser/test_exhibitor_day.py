"""An exhibitor's day with a cheap phone: the card once, then no server until the evening. In French and in Arabic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import vobject
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Lead, Photo, Product, Remark
from tests.browser.conftest import Server
from tests.browser.exhibitors import card_of, come_in, delivered, go, picture, press, standing, unsent, write_down

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "booth"), [("fr", "A12"), ("ar", "A13")])
def test_a_whole_day_without_a_server(
    area_server: Server, open_phone: Callable[..., BrowserContext], records: Session, lang: str, booth: str
) -> None:
    """My page, products, photos, contacts, notes, exports: everything but coming in works with the server stopped."""
    page = open_phone(locale=f"{lang}-MA").pages[0]
    own = standing(records, booth)
    first = records.scalars(select(Product).where(Product.exhibitor == own.id).order_by(Product.position)).first()
    assert first
    problems: list[str] = []
    page.on("pageerror", lambda error: "ransition" in str(error) or problems.append(str(error)))
    come_in(page, area_server, card_of(records, booth))
    area_server.network.set("off")
    assert page.get_attribute("html", "lang") == lang

    go(page, area_server, "edit/about")
    expect(page.locator("[name=text-ar]")).to_have_attribute("dir", "rtl")
    page.fill("[name=text-fr]", "Nous filons la laine <b>à la main</b>.")
    page.click('[data-do="copy"][data-to="zgh"]')
    expect(page.locator("[name=text-zgh]")).to_have_value("Nous filons la laine <b>à la main</b>.")
    page.fill("[name=text-zgh]", "ⵜⴰⴹⵓⵜ")
    shown = {"fr": "Nous filons la laine <b>à la main</b>.", "ar": "نغزل الصوف <b>باليد</b>."}
    page.fill("[name=text-ar]", shown["ar"])
    press(page, ".sheet .strong")
    page.wait_for_selector(f"text={shown[lang]}")
    assert [item["as"] for item in unsent(page)] == [f"exhibitor:{own.code}"]

    go(page, area_server, "edit/contact")
    page.fill("[name=whatsapp]", "12")
    press(page, ".sheet .strong")
    page.wait_for_selector('[data-slot="toast"] [data-tone="problem"]')
    page.fill("[name=whatsapp]", "06 00 00 00 02")
    press(page, ".sheet .strong")
    page.wait_for_selector("text=06 00 00 00 02")

    press(page, f'[data-product="{first.id}"] [data-do="sold"]')
    page.wait_for_selector(f'[data-product="{first.id}"].gone')
    go(page, area_server, "product/new")
    page.fill("[name=text-fr]", "Tapis")
    page.fill("[name=price]", "1 250,50")
    press(page, ".sheet .strong")
    page.wait_for_selector("text=1 250,50")

    go(page, area_server, "photos")
    page.set_input_files('[data-do="add"] >> nth=1', {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.wait_for_selector("[data-pending] img[src^=blob]")

    go(page, area_server, "take")
    page.fill("[name=name]", "عمر")
    page.fill("[name=phone]", "٠٦٠٠٠٠٠٠٠٣")
    page.fill("[name=note]", "Veut dix tapis")
    page.check("[name=consent]")
    press(page, ".sheet .strong")
    page.wait_for_selector("h1:has-text('عمر')")
    press(page, '[data-state="call"]')
    page.wait_for_selector('[data-state="call"][aria-pressed="true"]')
    page.fill("[name=interest]", "=tapis")
    press(page, '[data-stars="2"]')
    page.wait_for_selector('[data-stars="2"][aria-pressed="true"]')
    page.fill("[name=tags]", "gros, Azilal")
    press(page, '[data-do="details"] button')
    page.wait_for_selector("[data-slot=toast] p")
    assert page.get_attribute('[data-act="call"]', "href") == "tel:+212600000003"

    go(page, area_server, "contacts")
    page.wait_for_selector("[data-lead] >> text=عمر")
    with page.expect_download() as saved:
        press(page, '[data-do="csv"]')
    table = Path(saved.value.path()).read_bytes()
    assert table.startswith(b"\xef\xbb\xbf")
    assert '"\'=tapis"' in table.decode()
    assert "Veut dix tapis" in table.decode()
    with page.expect_download() as cards:
        press(page, '[data-do="vcf"]')
    [person] = vobject.readComponents(Path(cards.value.path()).read_text())
    assert (person.fn.value, person.tel.value) == ("عمر", "+212600000003")

    assert len(unsent(page)) >= 8
    area_server.network.calm()
    delivered(page, area_server)
    page.wait_for_timeout(500)
    records.rollback()
    assert own.about == shown | {"zgh": "ⵜⴰⴹⵓⵜ"}
    assert own.whatsapp == "+212600000002"
    assert first.available is False
    rug = next(
        row
        for row in records.scalars(select(Product).where(Product.exhibitor == own.id))
        if row.name.get("fr") == "Tapis"
    )
    assert rug.price == 125050
    [lead] = records.scalars(select(Lead).where(Lead.exhibitor == own.code))
    assert (lead.exhibitor, lead.name, lead.phone, lead.state, lead.stars) == (
        own.code,
        "عمر",
        "+212600000003",
        "call",
        2,
    )
    assert (lead.consent, lead.consent_lang, lead.tags, lead.source) == ("1", lang, ["gros", "Azilal"], "typed")
    [note] = records.scalars(select(Remark).where(Remark.exhibitor == own.code))
    assert (note.text, note.lead) == ("Veut dix tapis", lead.id)
    assert abs_seconds(lead.at, note.at) < 5
    page.wait_for_function("() => !document.querySelector('[data-pending]')")
    go(page, area_server, "photos")
    page.wait_for_selector("[data-photo] img")
    delivered(page, area_server)
    records.rollback()
    [photo] = records.scalars(select(Photo).where(Photo.exhibitor == own.id))
    assert len(photo.hash) == 32
    assert problems == []


def abs_seconds(one: str, other: str) -> float:
    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds())


def test_signing_out_with_unsent_work_offers_to_send_to_save_or_to_stay(
    area_server: Server, page: Page, records: Session
) -> None:
    come_in(page, area_server, card_of(records, "A14"))
    area_server.network.set("portal", only="POST /api/edits")
    write_down(page, area_server, "Omar", "0600000004")
    go(page, area_server, "leave")
    press(page, '[data-do="leave"]')
    page.wait_for_selector("#unsent[open]")
    with page.expect_download() as saved:
        page.click('#unsent [data-do="file"]')
    assert "+212600000004" in Path(saved.value.path()).read_text()
    page.click('#unsent [value="cancel"]')
    page.wait_for_selector("#unsent:not([open])", state="attached")
    before = len(unsent(page))
    press(page, '[data-do="leave"]')
    page.click('#unsent [data-do="leave_anyway"]')
    page.wait_for_url("**/in")
    assert len(unsent(page)) == before > 0, "signing out loses nothing"
    page.goto(f"{area_server.url}/exhibitor/contacts")
    page.wait_for_url("**/in")
    area_server.network.calm()
    come_in(page, area_server, card_of(records, "A14"))
    delivered(page, area_server)
    records.rollback()
    assert [row.name for row in records.scalars(select(Lead).where(Lead.phone == "+212600000004"))] == ["Omar"]
    area_server.network.set("off")
    write_down(page, area_server, "Brahim", "0600000005")
    go(page, area_server, "leave")
    press(page, '[data-do="leave"]')
    page.wait_for_selector("#unsent[open]")
    area_server.network.calm()
    page.click('#unsent [data-do="send"]')
    page.wait_for_selector(".sent.fine")
    press(page, '[data-do="leave"]')
    page.wait_for_url("**/in")
    assert page.evaluate("async () => (await fetch('/api/own/phones')).status") == 401
