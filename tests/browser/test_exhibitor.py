"""An exhibitor's day with a cheap phone: the card once, then no server until the evening."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
import qrcode
import vobject
import zxingcpp
from icalendar.parser import Contentlines
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
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


@pytest.fixture
def records(own_server: Server) -> Iterator[Session]:
    """The server's database, seen from the office."""
    engine = create_engine(f"sqlite:///{own_server.folder / 'rafiq.sqlite'}")
    prepare_sqlite(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def card_of(session: Session, booth: str = "") -> str:
    """A new card for who stands at a booth."""
    session.rollback()
    exhibitor = session.scalars(select(Booth.exhibitor).where(Booth.code == (booth or BOOTH))).one()
    assert exhibitor
    session.rollback()
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


def test_a_whole_day_without_a_server(own_server: Server, page: Page, records: Session) -> None:
    """My page, products, photos, contacts, notes, exports: everything but coming in works with the server stopped."""
    own = records.scalars(
        select(Exhibitor).join(Booth, Booth.exhibitor == Exhibitor.id).where(Booth.code == BOOTH)
    ).one()
    first = records.scalars(select(Product).where(Product.exhibitor == own.id).order_by(Product.position)).first()
    assert first
    problems: list[str] = []
    page.on("pageerror", lambda error: "ransition" in str(error) or problems.append(str(error)))
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
    records.rollback()
    assert own.about["fr"] == "Nous filons la laine <b>à la main</b>."
    assert own.about["zgh"] == "ⵜⴰⴹⵓⵜ"
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
    assert (lead.consent, lead.consent_lang, lead.tags, lead.source) == ("1", "fr", ["gros", "Azilal"], "typed")
    [note] = records.scalars(select(Remark).where(Remark.exhibitor == own.code))
    assert (note.text, note.lead) == ("Veut dix tapis", lead.id)
    assert abs_seconds(lead.at, note.at) < 5
    page.wait_for_function("() => !document.querySelector('[data-pending]')")
    go(page, own_server, "photos")
    page.wait_for_selector("[data-photo] img")
    delivered(page, own_server)
    records.rollback()
    [photo] = records.scalars(select(Photo).where(Photo.exhibitor == own.id))
    assert len(photo.hash) == 32
    assert problems == []


def abs_seconds(one: str, other: str) -> float:
    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds())


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((2000, 1500), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def scan(page: Page, server: Server, text: str, note: str, by: str) -> None:
    """Take a contact from the photo of a code, as when the camera does not work."""
    go(page, server, "take")
    code = qrcode.make(text, border=4, box_size=8)
    out = io.BytesIO()
    code.save(out)
    page.set_input_files('[data-do="photo"]', {"name": "c.png", "mimeType": "image/png", "buffer": out.getvalue()})
    page.wait_for_selector("form[data-read]")
    page.fill("[name=note]", note)
    page.locator("details").evaluate("details => { details.open = true; }")
    page.fill("[name=by]", by)
    press(page, ".sheet .strong")
    page.wait_for_selector(f"text={note}")


def test_two_phones_one_visitor_and_a_card_that_ended(
    own_server: Server, open_phone: Callable[..., BrowserContext], records: Session
) -> None:
    """failures.md 7, 8, 10: notes add up, keep their time and their exhibitor; a revoked phone loses nothing."""
    secret = card_of(records)
    own = records.scalars(
        select(Exhibitor).join(Booth, Booth.exhibitor == Exhibitor.id).where(Booth.code == BOOTH)
    ).one()
    first, second = (open_phone(name, locale=lang).pages[0] for name, lang in (("one", "ar-MA"), ("two", "fr-MA")))
    for page in (first, second):
        come_in(page, own_server, secret)
    assert first.get_attribute("html", "dir") == "rtl"
    own_server.network.set("off")
    scan(first, own_server, VISITOR, "تريد زربية", "خديجة")
    scan(second, own_server, VISITOR, "Rappeler lundi", "Amina")
    assert first.url.split("/")[-1] == second.url.split("/")[-1], "the same card is the same contact"
    assert len({item["edit"]["record"] for item in unsent(first) if item["edit"]["kind"] == "remark"}) == 1

    second.context.set_offline(True)
    own_server.network.calm()
    delivered(first, own_server)
    newer = card_of(records)  # the office prints a new card while the second phone has unsent work
    second.context.set_offline(False)
    go(second, own_server, "leave")
    second.click('[data-do="send"]')
    second.wait_for_selector('a[href="/in"]')
    wait_until(lambda: {item["state"] for item in unsent(second)} == {"signin"})  # parked, not lost
    go(second, own_server, "contacts")
    second.wait_for_selector("[data-lead]")
    come_in(second, own_server, newer)
    delivered(second, own_server)

    records.rollback()
    [lead] = records.scalars(select(Lead).where(Lead.exhibitor == own.code, Lead.source == "card"))
    assert (lead.name, lead.phone, lead.whatsapp) == ("ⴼⴰⵟⵉⵎⴰ الزهراء", "+212600000001", "+212600000001")
    remarks = records.scalars(select(Remark).where(Remark.lead == lead.id).order_by(Remark.at)).all()
    assert [(row.text, row.by, row.exhibitor) for row in remarks] == [
        ("تريد زربية", "خديجة", own.code),
        ("Rappeler lundi", "Amina", own.code),
    ]
    go(second, own_server, f"contact/{lead.id}")
    second.wait_for_selector("text=تريد زربية")


def test_signing_out_with_unsent_work_offers_to_send_to_save_or_to_stay(
    own_server: Server, page: Page, records: Session
) -> None:
    come_in(page, own_server, card_of(records))
    own_server.network.set("portal", only="POST /api/edits")
    go(page, own_server, "take")
    page.fill("[name=name]", "Omar")
    page.fill("[name=phone]", "0600000004")
    press(page, ".sheet .strong")
    page.wait_for_selector("h1:has-text('Omar')")
    go(page, own_server, "leave")
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
    page.goto(f"{own_server.url}/exhibitor/contacts")
    page.wait_for_url("**/in")
    own_server.network.calm()
    come_in(page, own_server, card_of(records))
    delivered(page, own_server)
    records.rollback()
    assert [row.name for row in records.scalars(select(Lead).where(Lead.phone == "+212600000004"))] == ["Omar"]


@pytest.fixture
def inside(own_server: Server, page: Page, records: Session) -> Page:
    come_in(page, own_server, card_of(records))
    return page


def modules(page: Page) -> str:
    """The address of the area's scripts, whose modules a test may call."""
    script: str = page.evaluate("() => document.querySelector('script[type=module]').src")
    return script.replace("site.js", "area.js")


def test_codes_are_read_by_others_and_others_codes_by_us(own_server: Server, inside: Page, records: Session) -> None:
    """Names in three scripts survive two readers of codes and two of vCards; hostile codes are texts or nobody."""
    page = inside
    go(page, own_server, "edit/name")
    names = {"fr": "Miel d'Azilal; «thym», & fils", "ar": "عسل أزيلال، الزعتر", "zgh": "ⵜⴰⵎⵎⵏⵜ ⵏ ⵓⵣⵉⵍⴰⵍ"}
    for code, name in names.items():
        page.fill(f"[name=text-{code}]", name)
    press(page, ".sheet .strong")
    page.wait_for_selector(f"h1:has-text({names['fr']!r})")
    own_server.network.set("off")
    for lang, name in names.items():
        go(page, own_server, "card")
        page.click(f'[data-lang="{lang}"]')
        page.wait_for_selector(f"html[lang={lang}]")
        page.click('[data-do="show_card"]')
        page.wait_for_selector("#full[open] .qr svg")
        with Image.open(io.BytesIO(page.locator("#full .qr svg").screenshot())) as shot:
            [read] = zxingcpp.read_barcodes(shot)
            by_us = page.evaluate(
                """async ([area, png]) => {
                  const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
                  const codes = await import(area.replace('area.js', 'with-qr.js'));
                  return codes.modules['js/decode.js'].photo(new Blob([bytes], { type: 'image/png' }));
                }""",
                [modules(page), base64.b64encode(enlarged(shot)).decode()],
            )
        assert by_us == read.text
        card = vobject.readOne(read.text)
        assert (card.version.value, card.fn.value) == ("3.0", name)
        lines = {
            str(line).split(":", 1)[0].split(";")[0]: line.parts()[2]
            for line in Contentlines.from_ical(read.text)
            if line
        }
        assert re.sub(r"\\(.)", r"\1", lines["FN"]) == name
        person = page.evaluate(
            "async ([area, text]) => (await import(area)).modules['js/area/people.js'].person(text)",
            [modules(page), read.text],
        )
        assert person["name"] == name
        page.click('[data-do="close"]')

    hostile = {
        "BEGIN:VCARD\nFN:<img src=x onerror=alert(1)>\nTEL:06 00 00 00 05\nEND:VCARD": (
            "<img src=x onerror=alert(1)>",
            "+212600000005",
        ),
        "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D8=B9=D9=85=D8=B1\nEND:VCARD": (
            "عمر",
            "",
        ),
        "BEGIN:VCARD\nVERSION:4.0\nFN:Zoé\nTEL;VALUE=uri:tel:+33612345678\nEND:VCARD": ("Zoé", "+33612345678"),
        "BEGIN:VCARD\nN:Zahra\\;x;Fatima;;;\nTEL:javascript:alert(1)\nEMAIL:not an address\nEND:VCARD": (
            "Fatima Zahra;x",
            "",
        ),
        "BEGIN:VCARD\nFN:" + "A" * 7000 + "\nEND:VCARD": ("A" * 200, ""),
        "BEGIN:VCARD\nFN:Un\nEND:VCARD\nBEGIN:VCARD\nFN:Deux\nEND:VCARD": ("Un", ""),
        "MECARD:N:Zahra,Fatima;TEL:0600000006;EMAIL:f@example.org;;": ("Fatima Zahra", "+212600000006"),
    }
    for text, wanted in hostile.items():
        found = page.evaluate(
            "async ([area, text]) => (await import(area)).modules['js/area/people.js'].person(text)",
            [modules(page), text],
        )
        assert (found["name"], found["phone"]) == wanted, text[:80]
    for text in (
        "",
        "https://evil.example",
        "BEGIN:VCARD",
        "MECARD:;;",
        "BEGIN:VCARD\n" + ";" * 9000,
        "WIFI:T:WPA;;",
        "\u0000" * 50,
    ):
        assert (
            page.evaluate(
                "async ([area, text]) => (await import(area)).modules['js/area/people.js'].person(text) ?? null",
                [modules(page), text],
            )
            is None
        )
    same = page.evaluate(
        "async (area) => (await import(area)).modules['js/area/people.js'].named('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'ⴰⵣⵓⵍ')",
        modules(page),
    )
    assert same == str(uuid5(NAMESPACE_DNS, "ⴰⵣⵓⵍ"))


def enlarged(shot: Image.Image) -> bytes:
    out = io.BytesIO()
    shot.convert("RGB").save(out, "PNG")
    return out.getvalue()


def test_merging_is_the_servers(own_server: Server, inside: Page) -> None:
    """records.js and sync/merge.py end in the same record whatever the order of edits."""
    edits = [
        {
            "kind": "lead",
            "record": "r",
            "stamp": f"170000000000{n}-000{n % 2}-{node}",
            "fields": {"name": value, "stars": n},
        }
        for n, node, value in [(1, "a", "x"), (2, "b", "y"), (2, "a", "z"), (3, "a", None), (0, "c", "w")]
    ]
    ends = {
        json.dumps(
            inside.evaluate(
                "async ([area, edits]) => { const { merged } = (await import(area)).modules['js/records.js'];"
                " let row; for (const edit of edits) row = merged(row, edit); return [row.fields, row.stamps]; }",
                [modules(inside), order],
            ),
            sort_keys=True,
        )
        for order in itertools.permutations(edits)
    }
    assert ends == {
        json.dumps([{"stars": 3}, {"name": "1700000000003-0001-a", "stars": "1700000000003-0001-a"}], sort_keys=True)
    }
