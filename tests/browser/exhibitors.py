"""What tests of the exhibitors' area share: a card, the way in, and the hand that presses things."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import qrcode
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.access import make_card
from companion.models import Booth, Exhibitor
from tests.browser.conftest import Server


def standing(session: Session, booth: str) -> Exhibitor:
    """Who stands at a booth."""
    session.rollback()
    query = select(Exhibitor).join(Booth, Booth.exhibitor == Exhibitor.id)
    return session.scalars(query.where(Booth.code == booth)).one()


def card_of(session: Session, booth: str) -> str:
    """A new card for who stands at a booth; the one before ends."""
    exhibitor = standing(session, booth).id
    session.rollback()
    secret = make_card(session, exhibitor)
    session.commit()
    return secret


def come_in(page: Page, server: Server, secret: str) -> None:
    """Scan the card and press the button; wait until the area opens without a server."""
    page.goto("about:blank")  # a scanned card opens a page of its own; at the door already, it would load it anew
    page.goto(f"{server.url}/in#{secret}")
    page.click('[data-do="enter"]')
    page.wait_for_selector('[data-with="pin"]:not([hidden]) a')
    page.click('[data-with="pin"] a')
    page.wait_for_selector(".tiles")
    wait_until(lambda: bool(page.evaluate(KEPT)))


KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('area-'));
  const kept = names.length ? await (await caches.open(names[0])).keys() : [];
  return kept.length >= 4 && document.documentElement.dataset.offline === 'ready';
}"""
"""Whether the area's files and the fair are on the phone."""


def go(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.url}/exhibitor/{path}")
    page.wait_for_selector("#area h1")


def press(page: Page, selector: str) -> None:
    """Press something, away from the bar at the foot of the screen."""
    page.locator(selector).first.evaluate("element => element.scrollIntoView({ block: 'center' })")
    page.locator(selector).first.click()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


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


def modules(page: Page) -> str:
    """The address of the area's scripts, whose modules a test may call."""
    script: str = page.evaluate("() => document.querySelector('script[type=module]').src")
    return script.replace("site.js", "area.js")


def call(page: Page, module: str, function: str, *words: Any) -> Any:
    """What a function of one of the area's modules returns."""
    return page.evaluate(
        "async ([area, module, name, words]) => (await import(area)).modules[module][name](...words) ?? null",
        [modules(page), module, function, words],
    )


def picture() -> bytes:
    """A photo of 3 million pixels, as no two others look."""
    out = io.BytesIO()
    Image.effect_noise((2000, 1500), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def scan(page: Page, server: Server, text: str, note: str, by: str, *, agreed: bool = False) -> None:
    """Take a contact from the photo of a code, as when the camera does not work."""
    go(page, server, "take")
    code = qrcode.make(text, border=4, box_size=8)
    out = io.BytesIO()
    code.save(out)
    page.set_input_files('[data-do="photo"]', {"name": "c.png", "mimeType": "image/png", "buffer": out.getvalue()})
    page.wait_for_selector("form[data-read]")
    page.fill("[name=note]", note)
    page.set_checked("[name=consent]", agreed)
    page.locator("details").evaluate("details => { details.open = true; }")
    page.fill("[name=by]", by)
    press(page, ".sheet .strong")
    page.wait_for_selector(f"text={note}")


def write_down(page: Page, server: Server, name: str, phone: str, **more: str) -> None:
    """Take a contact by hand."""
    go(page, server, "take")
    page.locator("details").evaluate("details => { details.open = true; }")
    for field, value in {"name": name, "phone": phone, **more}.items():
        if field == "lang":
            page.select_option(f"[name={field}]", value)
        else:
            page.fill(f"[name={field}]", value)
    press(page, ".sheet .strong")
    page.wait_for_selector(f"h1:has-text({name!r})")
