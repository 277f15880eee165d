"""People an exhibitor takes down: from their card before the camera, from what they asked, from a file of another phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import vobject
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Lead, Remark
from tests.browser import pictures
from tests.browser.conftest import Server
from tests.browser.exhibitors import call, card_of, come_in, delivered, go, press, scan, standing, write_down
from tests.visitors import make_request

pytestmark = pytest.mark.browser

BOOTH = "A19"
Phones = Callable[..., BrowserContext]


def visitor(uid: int, *lines: str) -> str:
    """A visitor's card as their phone shows it (static/js/own_card.js)."""
    shown = ("BEGIN:VCARD", "VERSION:3.0", "N:Zineb;;;;", "FN:Zineb", "TEL;TYPE=CELL:+212600000021", *lines)
    return "\r\n".join((*shown, f"UID:urn:uuid:7a1c8a30-8f5e-4d0e-9d0f-0d6a4a0b5c{uid:02}", "END:VCARD", ""))


def lead_of(session: Session, code: str, name: str) -> Lead:
    session.rollback()
    return session.scalars(select(Lead).where(Lead.exhibitor == code, Lead.name == name, ~Lead.deleted)).one()


def send(page: Page, edits: list[dict[str, Any]]) -> list[str]:
    """What becomes of edits sent as a visitor's phone sends them."""
    states: list[str] = page.evaluate(
        """async (edits) => {
          const headers = { 'content-type': 'application/json' };
          const answer = await fetch('/api/edits', { method: 'POST', headers, body: JSON.stringify({ edits }) });
          return (await answer.json()).outcomes.map(({ state }) => state);
        }""",
        edits,
    )
    return states


def test_a_card_before_the_camera_and_again_with_consent(
    area_server: Server, open_phone: Phones, records: Session, tmp_path: Path
) -> None:
    """The camera reads it; the second time what is new is added, the consent too, and nothing is overwritten."""
    own = standing(records, BOOTH)
    args = pictures.film(visitor(11), tmp_path / "card.mjpeg", side=560)
    page = open_phone(args=args, permissions=["camera"], locale="ar-MA").pages[0]
    come_in(page, area_server, card_of(records, BOOTH))
    area_server.network.set("off")
    go(page, area_server, "take")
    page.click('[data-do="camera"]')
    page.wait_for_selector("form[data-read]")
    expect(page.locator("[data-scanner] .view")).to_be_hidden()
    assert page.evaluate("() => document.querySelector('video').srcObject") is None, "the camera is given back"
    assert (page.input_value("[name=name]"), page.input_value("[name=phone]")) == ("Zineb", "+212600000021")
    page.fill("[name=interest]", "زرابي")
    press(page, ".sheet .strong")
    page.wait_for_selector("h1:has-text('Zineb')")
    page.wait_for_selector("text=غير مسجلة")
    press(page, '[data-stars="3"]')
    page.wait_for_selector('[data-stars="3"][aria-pressed="true"]')
    scan(page, area_server, visitor(11, "EMAIL:zineb@example.org"), "رجعت", "خديجة", agreed=True)
    page.wait_for_selector('[data-act="email"]')
    page.wait_for_selector("dd:has-text('العربية')")
    scan(page, area_server, visitor(11), "Troisième fois", "Amina")
    area_server.network.calm()
    delivered(page, area_server)
    lead = lead_of(records, own.code, "Zineb")
    assert (lead.consent, lead.consent_lang, lead.email) == ("1", "ar", "zineb@example.org")
    assert (lead.interest, lead.stars, lead.source) == ("زرابي", 3, "card")
    notes = records.scalars(select(Remark).where(Remark.lead == lead.id).order_by(Remark.at)).all()
    assert [note.text for note in notes] == ["", "رجعت", "Troisième fois"]
    assert lead.at == notes[0].at, "when they were met first stays"


def test_who_holds_no_card_before_the_camera_is_told_what_helps(
    area_server: Server, open_phone: Phones, records: Session, tmp_path: Path
) -> None:
    """Closer, steady, the torch: said after a while, with the torch at hand."""
    page = open_phone(args=pictures.film_of_nothing(tmp_path / "desk.mjpeg"), permissions=["camera"]).pages[0]
    page.add_init_script(pictures.TORCH)
    come_in(page, area_server, card_of(records, BOOTH))
    go(page, area_server, "take")
    expect(page.locator("[data-do=light]")).to_be_hidden()
    page.click("[data-do=camera]")
    light = page.locator("[data-do=light]")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-slot=toast]")).to_be_empty()
    page.wait_for_selector("[data-slot=toast] [data-say=closer]", timeout=40_000)
    page.click("[data-do=stop]")
    expect(page.locator("[data-scanner] .view")).to_be_hidden()
    assert page.evaluate("() => [lamps.join(), document.querySelector('video').srcObject]") == ["true", None]


def answers(page: Page) -> dict[str, str]:
    """The addresses of the ways to answer, and the text each begins with."""
    links = {link.get_attribute("data-act"): link.get_attribute("href") for link in page.locator(".acts a").all()}
    return {str(act): str(href) for act, href in links.items()}


def test_visitors_are_answered_in_their_language(area_server: Server, page: Page, records: Session) -> None:
    """On a phone in French: one who asked in Arabic, one taken down who speaks Tamazight, one who gave an address only."""
    own = standing(records, BOOTH)
    come_in(page, area_server, card_of(records, BOOTH))
    asked = make_request(
        exhibitor=own.code, name="سعيد", phone="+212600000022", whatsapp="+212600000023", email="said@example.org",
        lang="ar", message="بكم؟", wants="price",
    )  # fmt: skip
    assert send(page, [asked]) == ["applied"]
    go(page, area_server, "contacts")
    page.wait_for_selector(f'[data-request="{asked["record"]}"]')
    area_server.network.set("off")
    page.click(f'[data-request="{asked["record"]}"]')
    page.wait_for_selector("text=بكم؟")
    ways = answers(page)
    assert ways["call"] == "tel:+212600000022"
    texts = {
        parse_qs(urlsplit(ways["sms"]).query)["body"][0],
        parse_qs(urlsplit(ways["whatsapp"]).query)["text"][0],
        parse_qs(urlsplit(ways["email"]).query)["body"][0],
    }
    [text] = texts
    assert text.startswith("السلام عليكم سعيد، معكم ")
    assert own.name["ar"] in text
    assert ways["whatsapp"].startswith("https://wa.me/212600000023?")
    assert unquote(ways["email"]).startswith("mailto:said@example.org?subject=" + own.name["ar"])
    press(page, '[data-state="ordered"]')
    page.wait_for_selector('[data-state="ordered"][aria-pressed="true"]')
    write_down(page, area_server, "Itto", "0600000024", lang="zgh")
    assert parse_qs(urlsplit(answers(page)["sms"]).query)["body"][0].startswith("ⴰⵣⵓⵍ Itto")
    assert set(answers(page)) == {"call", "sms"}
    go(page, area_server, "contacts?show=ordered")
    expect(page.locator("[data-lead]")).to_have_count(1)
    expect(page.locator("[data-request]")).to_have_count(0)
    write_down(page, area_server, "Par erreur", "0600000025")
    press(page, '[data-do="ask_erase"]')
    page.click('#erase [data-do="erase"]')
    page.wait_for_url("**/exhibitor/contacts")
    expect(page.locator("[data-lead]", has_text="Par erreur")).to_have_count(0)
    area_server.network.calm()
    delivered(page, area_server)
    records.rollback()
    assert records.scalars(select(Lead).where(Lead.name == "Par erreur")).all() == []
    lead = lead_of(records, own.code, "سعيد")
    assert (lead.request, lead.source, lead.state, lead.consent_lang) == (asked["record"], "request", "ordered", "ar")
    assert lead.at == asked["fields"]["at"]


def test_contacts_are_brought_to_another_phone_from_either_file(
    area_server: Server, open_phone: Phones, records: Session, tmp_path: Path
) -> None:
    """A table and an address book's file, written without a server and read on a phone that has none of it yet."""
    first = open_phone("first").pages[0]
    come_in(first, area_server, card_of(records, "A20"))
    area_server.network.set("off")
    write_down(first, area_server, "=2+5", "0600000031", town="Azilal", note='+ dix; "pots", vite\nlundi')
    first.fill("[name=tags]", "gros, Azilal")
    press(first, '[data-do="details"] button')
    first.wait_for_selector("[data-slot=toast] p")
    write_down(first, area_server, "ⵉⵟⵟⵓ ، إيطو", "0600000032")
    said = first.inner_text(".top .sent").strip()
    go(first, area_server, "contacts")
    assert first.inner_text(".top .sent").strip() == said
    assert int(said) > 2, "each page says how many changes wait"
    files = {}
    for kind in ("csv", "vcf"):
        go(first, area_server, "contacts")
        with first.expect_download() as saved:
            press(first, f'[data-do="{kind}"]')
        files[kind] = tmp_path / f"contacts.{kind}"
        files[kind].write_bytes(Path(saved.value.path()).read_bytes())
    assert '"\'=2+5";' in files["csv"].read_text("utf-8-sig")
    assert '"+212 6 00 00 00 32"' in files["csv"].read_text("utf-8-sig"), "text in a spreadsheet, without an apostrophe"
    cards = {card.fn.value: card for card in vobject.readComponents(files["vcf"].read_text("utf-8"))}
    assert cards.keys() == {"=2+5", "ⵉⵟⵟⵓ ، إيطو"}
    assert cards["=2+5"].note.value.endswith('+ dix; "pots", vite\nlundi')
    assert cards["=2+5"].categories.value == ["gros", "Azilal"]

    second = open_phone("second", locale="ar-MA").pages[0]
    area_server.network.calm()
    come_in(second, area_server, card_of(records, "A20"))  # a new card: what the first phone has stays unsent there
    area_server.network.set("off")
    for kind, count in (("vcf", "2"), ("csv", "0")):
        go(second, area_server, "contacts")
        second.set_input_files('[data-do="bring"]', files[kind])
        second.wait_for_function(
            "count => document.querySelector('[data-slot=toast] [data-slot=count]')?.textContent === count", arg=count
        )
    go(second, area_server, "contacts")
    second.set_input_files(
        '[data-do="bring"]', {"name": "x.vcf", "mimeType": "text/vcard", "buffer": b"BEGIN:VCARD\nFN:"}
    )
    second.wait_for_selector('[data-slot="toast"] [data-say="not-a-list"]')
    expect(second.locator("[data-lead]")).to_have_count(2)
    area_server.network.calm()
    delivered(second, area_server)
    own = standing(records, "A20")
    lead = lead_of(records, own.code, "=2+5")
    assert (lead.phone, lead.town, lead.tags) == ("+212600000031", "Azilal", ["gros", "Azilal"])
    [note] = records.scalars(select(Remark).where(Remark.lead == lead.id))
    assert note.text == '+ dix; "pots", vite\nlundi'
    assert lead.at == cards["=2+5"].rev.value
    read = call(second, "js/area/bring.js", "contacts", files["csv"].read_text("utf-8"), own.id, None)
    assert {row["id"]: row["fields"]["name"] for row in read["people"]}[lead.id] == "=2+5"


def test_a_cooperative_without_a_person_is_called_by_its_name(
    area_server: Server, page: Page, records: Session
) -> None:
    """In the list, on its page, in the greeting and in the file; its card's photo is said to be left out."""
    own = standing(records, "A21")
    come_in(page, area_server, card_of(records, "A21"))
    area_server.network.set("off")
    go(page, area_server, "contacts")
    lines = ("N:;;;;", "FN:", "ORG:Coop Argan Seule;", "PHOTO;ENCODING=b;TYPE=JPEG:AAAA", "TEL:0612345611")
    card = "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))
    page.set_input_files('[data-do="bring"]', {"name": "x.vcf", "mimeType": "text/vcard", "buffer": card.encode()})
    expect(page.locator("[data-slot=toast]")).to_contain_text("Les photos, sons et clés ne sont pas gardés.")
    row = page.locator("[data-lead]", has_text="Coop Argan Seule")
    expect(row).to_have_count(1)
    with page.expect_download() as saved:
        press(page, '[data-do="vcf"]')
    [written] = vobject.readComponents(Path(saved.value.path()).read_text("utf-8"))
    assert (written.fn.value, written.n.value.family) == ("Coop Argan Seule", "Coop Argan Seule")
    row.click()
    page.wait_for_selector("h1:has-text('Coop Argan Seule')")
    assert "Coop Argan Seule" in parse_qs(urlsplit(answers(page)["sms"]).query)["body"][0]
    area_server.network.calm()
    delivered(page, area_server)
    lead = lead_of(records, own.code, "")
    assert (lead.organisation, lead.phone) == ("Coop Argan Seule", "+212612345611")
