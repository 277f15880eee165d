"""An exhibitor's day with a cheap phone: the card once, then no server until the evening."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import vobject
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from companion.accounts.access import make_card
from companion.extensions import prepare_sqlite
from companion.models import Booth, Exhibitor, Lead, Photo, Product, Remark
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

BOOTH = "A12"
VISITOR = "\r\n".join((
    "BEGIN:VCARD", "VERSION:3.0", "N:ⴼⴰⵟⵉⵎⴰ الزهراء;;;;", "FN:ⴼⴰⵟⵉⵎⴰ الزهراء", "TEL;TYPE=CELL:+212600000001",
    "IMPP:whatsapp:+212600000001", "UID:urn:uuid:7a1c8a30-8f5e-4d0e-9d0f-0d6a4a0b5c11", "END:VCARD", "",
))  # fmt: skip
"""As a visitor's phone shows it (static/js/own_card.js)."""

READ = "/fr/scan"


@pytest.fixture
def records(own_server: Server) -> Iterator[Session]:
    """The server's database, seen from the office."""
    engine = create_engine(f"sqlite:///{own_server.folder / 'rafiq.sqlite'}")
    prepare_sqlite(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def card_of(session: Session, booth: str = BOOTH) -> str:
    """A new card for who stands at a booth."""
    exhibitor = session.scalars(select(Booth.exhibitor).where(Booth.code == booth)).one()
    assert exhibitor
    secret = make_card(session, exhibitor)
    session.commit()
    return secret


def come_in(page: Page, server: Server, secret: str) -> None:
    """Scan the card and press the button; wait until the area opens without a server."""
    page.goto(f"{server.url}/in#{secret}")
    page.click('[data-do="enter"]')
    page.wait_for_selector('[data-with="pin"]:not([hidden]) a')
    page.click('[data-with="pin"] a')
    page.wait_for_selector(".tiles")
    page.wait_for_function(
        """async () => {
          const names = (await caches.keys()).filter((name) => name.startsWith('area-'));
          const kept = names.length ? await (await caches.open(names[0])).keys() : [];
          return kept.length >= 4 && document.documentElement.dataset.offline === 'ready';
        }"""
    )


def go(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.url}/exhibitor/{path}")
    page.wait_for_selector("#area h1")


def press(page: Page, selector: str) -> None:
    """Press something, away from the bar at the foot of the screen."""
    page.locator(selector).first.evaluate("element => element.scrollIntoView({ block: 'center' })")
    page.locator(selector).first.click()


def unsent(page: Page) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open('rafiq');
          opening.onsuccess = () => {
            const asking = opening.result.transaction('outbox').objectStore('outbox').getAll();
            asking.onsuccess = () => { opening.result.close(); resolve(asking.result); };
          };
        })"""
    )
    return [item for item in items if item["edit"]["kind"] != "tally"]


def delivered(page: Page, server: Server) -> None:
    """Open the area again with a network and wait until everything is sent."""
    go(page, server, "leave")
    page.click('[data-do="send"]')
    page.wait_for_function("() => document.querySelector('.sent.fine')")
    assert unsent(page) == []


def test_a_whole_day_without_a_server(own_server: Server, page: Page, records: Session) -> None:
    """My page, products, photos, contacts, notes, exports: everything but coming in works with the server stopped."""
    own = records.scalars(
        select(Exhibitor).join(Booth, Booth.exhibitor == Exhibitor.id).where(Booth.code == BOOTH)
    ).one()
    first = records.scalars(select(Product).where(Product.exhibitor == own.id).order_by(Product.position)).first()
    assert first
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    come_in(page, own_server, card_of(records))
    own_server.network.set("off")

    go(page, own_server, "edit/about")
    expect(page.locator("[name=text-ar]")).to_have_attribute("dir", "rtl")
    page.fill("[name=text-fr]", "Nous filons la laine <b>à la main</b>.")
    page.click('[data-do="copy"][data-to="zgh"]')
    expect(page.locator("[name=text-zgh]")).to_have_value("Nous filons la laine <b>à la main</b>.")
    page.fill("[name=text-zgh]", "ⵜⴰⴹⵓⵜ")
    press(page, ".sheet .strong")
    page.wait_for_selector("text=Nous filons la laine <b>à la main</b>.")
    assert [item["as"] for item in unsent(page)] == [f"exhibitor:{own.code}"]

    go(page, own_server, "edit/contact")
    page.fill("[name=whatsapp]", "12")
    press(page, ".sheet .strong")
    page.wait_for_selector('[data-slot="toast"] [data-tone="problem"]')
    page.fill("[name=whatsapp]", "06 00 00 00 02")
    press(page, ".sheet .strong")
    page.wait_for_selector("text=06 00 00 00 02")

    press(page, f'[data-product="{first.id}"] [data-do="sold"]')
    page.wait_for_selector(f'[data-product="{first.id}"].gone')
    go(page, own_server, "product/new")
    page.fill("[name=text-fr]", "Tapis")
    page.fill("[name=price]", "1 250,50")
    press(page, ".sheet .strong")
    page.wait_for_selector("text=1 250,50")

    go(page, own_server, "photos")
    page.set_input_files('[data-do="add"] >> nth=1', {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.wait_for_selector("[data-pending] img[src^=blob]")

    go(page, own_server, "take")
    page.fill("[name=name]", "عمر")
    page.fill("[name=phone]", "٠٦٠٠٠٠٠٠٠٣")
    page.fill("[name=note]", "Veut dix tapis")
    page.check("[name=consent]")
    press(page, ".sheet .strong")
    page.wait_for_selector("h1:has-text('عمر')")
    press(page, '[data-state="call"]')
    page.wait_for_selector('[data-state="call"][aria-pressed="true"]')
    press(page, '[data-stars="2"]')
    page.wait_for_selector('[data-stars="2"][aria-pressed="true"]')
    page.fill("[name=interest]", "=tapis")
    page.fill("[name=tags]", "gros, Azilal")
    press(page, '[data-do="details"] button')
    page.wait_for_selector("[data-slot=toast] p")
    assert page.get_attribute('[data-act="call"]', "href") == "tel:+212600000003"

    go(page, own_server, "contacts")
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
    own_server.network.calm()
    delivered(page, own_server)
    page.wait_for_timeout(500)
    records.expire_all()
    assert own.about["fr"] == "Nous filons la laine <b>à la main</b>."
    assert own.about["zgh"] == "ⵜⴰⴹⵓⵜ"
    assert own.whatsapp == "+212600000002"
    assert first.available is False
    assert records.scalars(select(Product).where(Product.exhibitor == own.id)).all()[-1] is not None
    rug = next(
        row
        for row in records.scalars(select(Product).where(Product.exhibitor == own.id))
        if row.name.get("fr") == "Tapis"
    )
    assert rug.price == 125050
    [lead] = records.scalars(select(Lead))
    assert (lead.exhibitor, lead.name, lead.phone, lead.state, lead.stars) == (
        own.code,
        "عمر",
        "+212600000003",
        "call",
        2,
    )
    assert (lead.consent, lead.consent_lang, lead.tags, lead.source) == ("1", "fr", ["gros", "Azilal"], "typed")
    [note] = records.scalars(select(Remark))
    assert (note.text, note.lead) == ("Veut dix tapis", lead.id)
    assert abs_seconds(lead.at, note.at) < 5
    page.wait_for_function("() => !document.querySelector('[data-pending]')")
    go(page, own_server, "photos")
    page.wait_for_selector("[data-photo] img")
    delivered(page, own_server)
    records.expire_all()
    [photo] = records.scalars(select(Photo))
    assert photo.exhibitor == own.id
    assert problems == []


def abs_seconds(one: str, other: str) -> float:
    from datetime import datetime

    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds())


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((2000, 1500), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()
