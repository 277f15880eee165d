"""My card as a code, on the screen and handed on; other people's codes, honest and hostile."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import pytest
import vobject
import zxingcpp
from icalendar.parser import Contentlines
from PIL import Image
from playwright.sync_api import Page, Playwright
from sqlalchemy.orm import Session

from tests.browser.conftest import Server, database, start_phone
from tests.browser.exhibitors import call, card_of, come_in, go, modules, press, scan, standing

pytestmark = pytest.mark.browser

NAMES = {"fr": "Miel d'Azilal; «thym», & fils", "ar": "عسل أزيلال، الزعتر", "zgh": "ⵜⴰⵎⵎⵏⵜ ⵏ ⵓⵣⵉⵍⴰⵍ"}

PHONE = """
window.lamps = []; window.handed = [];
navigator.wakeLock.request = async (what) => { lamps.push(what); return { release: () => lamps.push('released') }; };
navigator.canShare = ({ files }) => Boolean(files?.length);
navigator.share = async ({ files: [file] }) => { handed.push([file.name, file.type, await file.text()]); };
"""
"""What a phone has and this machine's browser has not: a screen that stays on, a sheet to share files."""

BARE = "delete Navigator.prototype.wakeLock; delete Navigator.prototype.share; delete Navigator.prototype.canShare;"
REFUSING = """
navigator.wakeLock.request = async () => { throw new DOMException('the battery is low', 'NotAllowedError'); };
navigator.canShare = () => true;
navigator.share = async () => { throw new DOMException('nobody takes it', 'NotAllowedError'); };
"""


@pytest.fixture(scope="module")
def phone(running_area: Server, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One phone for the module, that came in and has no network any more."""
    phone = start_phone(playwright, tmp_path_factory.mktemp("card"))
    page = phone.pages[0]
    running_area.network.calm()
    with database(running_area) as records:
        come_in(page, running_area, card_of(records, "A16"))
    go(page, running_area, "edit/name")
    for code, name in NAMES.items():
        page.fill(f"[name=text-{code}]", name)
    press(page, ".sheet .strong")
    page.wait_for_selector(f"h1:has-text({NAMES['fr']!r})")
    running_area.network.set("off")
    yield page
    running_area.network.calm()
    phone.close()


def shown(page: Page, server: Server, lang: str, what: str) -> str:
    """What another phone reads off the full screen, in its own reader and in ours."""
    go(page, server, "card")
    page.click(f'[data-lang="{lang}"]')
    page.wait_for_selector(f"html[lang={lang}]")
    page.click(f'[data-do="{what}"]')
    page.wait_for_selector("#full[open] .qr svg")
    png = page.locator("#full .qr svg").screenshot()
    with Image.open(io.BytesIO(png)) as shot:
        [read] = zxingcpp.read_barcodes(shot)
    ours = page.evaluate(
        """async ([area, png]) => {
          const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
          const codes = await import(area.replace('area.js', 'with-qr.js'));
          return codes.modules['js/decode.js'].photo(new Blob([bytes], { type: 'image/png' }));
        }""",
        [modules(page), base64.b64encode(png).decode()],
    )
    page.click('[data-do="close"]')
    assert ours == read.text
    return str(read.text)


@pytest.mark.parametrize("lang", NAMES)
def test_a_name_in_any_script_survives_two_readers_of_codes_and_two_of_cards(
    phone: Page, running_area: Server, lang: str
) -> None:
    text = shown(phone, running_area, lang, "show_card")
    card = vobject.readOne(text)
    assert (card.version.value, card.fn.value) == ("3.0", NAMES[lang])
    lines = {str(line).split(":", 1)[0].split(";")[0]: line.parts()[2] for line in Contentlines.from_ical(text) if line}
    assert re.sub(r"\\(.)", r"\1", lines["FN"]) == NAMES[lang]
    assert call(phone, "js/area/people.js", "person", text)["name"] == NAMES[lang]


def test_the_address_of_the_page_is_a_code_too(phone: Page, running_area: Server, records: Session) -> None:
    address = f"{running_area.url}/ar/e/{standing(records, 'A16').code}"
    assert shown(phone, running_area, "ar", "show_address") == address


def with_script(phone: Page, server: Server, script: str) -> Page:
    """The page of the card, in French, on a phone of which something is different."""
    page = phone.context.new_page()
    page.add_init_script(script)
    go(page, server, "card")
    page.click('[data-lang="fr"]')
    page.wait_for_selector("html[lang=fr]")
    return page


def test_the_screen_stays_on_while_the_code_is_shown_and_the_card_is_handed_on(
    phone: Page, running_area: Server, records: Session
) -> None:
    page = with_script(phone, running_area, PHONE)
    page.click('[data-do="show_card"]')
    page.wait_for_function("() => lamps.length === 1")
    page.click('[data-do="close"]')
    page.wait_for_function("() => lamps.length === 2")
    assert page.evaluate("() => lamps") == ["screen", "released"]
    page.click('[data-do="share_card"]')
    page.wait_for_function("() => handed.length === 1")
    name, kind, text = page.evaluate("() => handed[0]")
    own = standing(records, "A16").code
    assert (name, kind, vobject.readOne(text).fn.value) == (f"{own}.vcf", "text/vcard", NAMES["fr"])
    page.close()


@pytest.mark.parametrize("script", [BARE, REFUSING], ids=["has neither", "refuses both"])
def test_without_them_the_code_is_shown_and_the_card_is_a_file(
    phone: Page, running_area: Server, records: Session, script: str
) -> None:
    page = with_script(phone, running_area, script)
    page.click('[data-do="show_card"]')
    page.wait_for_selector("#full[open] .qr svg")
    page.click('[data-do="close"]')
    with page.expect_download() as saved:
        page.click('[data-do="share_card"]')
    assert saved.value.suggested_filename == f"{standing(records, 'A16').code}.vcf"
    assert vobject.readOne(Path(saved.value.path()).read_text()).fn.value == NAMES["fr"]
    page.close()


HONEST_AND_HOSTILE = {
    "markup": "BEGIN:VCARD\nFN:<img src=x onerror=alert(1)>\nTEL:06 00 00 00 05\nEND:VCARD",
    "2.1": "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D8=B9=D9=85=D8=B1\nEND:VCARD",
    "4.0": "BEGIN:VCARD\nVERSION:4.0\nFN:Zoé\nTEL;VALUE=uri:tel:+33612345678\nEND:VCARD",
    "script": "BEGIN:VCARD\nN:Zahra\\;x;Fatima;;;\nTEL:javascript:alert(1)\nEMAIL:not an address\nEND:VCARD",
    "huge": "BEGIN:VCARD\nFN:" + "A" * 7000 + "\nEND:VCARD",
    "two": "BEGIN:VCARD\nFN:Un\nEND:VCARD\nBEGIN:VCARD\nFN:Deux\nEND:VCARD",
    "folded": "BEGIN:VCARD\r\nFN:Fati\r\n ma\r\nTEL:06000\r\n\t00005\r\nEND:VCARD\r\n",
    "injected": "BEGIN:VCARD\nFN:Un\\nTEL:0600000009\\nEND:VCARD\nTEL:0600000005\nEND:VCARD",
    "many lines": "BEGIN:VCARD\nFN:Un\n" + "X:y\n" * 900 + "TEL:0600000009\nEND:VCARD",
    "mecard": "MECARD:N:Zahra,Fatima;TEL:0600000006;EMAIL:f@example.org;;",
    "mecard that injects": "MECARD:N:Un\\;TEL\\:0600000009;TEL:0600000006;TEL:0600000007;;",
}
READ = {
    "markup": ("<img src=x onerror=alert(1)>", "+212600000005"), "2.1": ("عمر", ""), "4.0": ("Zoé", "+33612345678"),
    "script": ("Fatima Zahra;x", ""), "huge": ("A" * 200, ""), "two": ("Un", ""), "folded": ("Fatima", "+212600000005"),
    "injected": ("Un TEL:0600000009 END:VCARD", "+212600000005"), "many lines": ("Un", ""),
    "mecard": ("Fatima Zahra", "+212600000006"), "mecard that injects": ("Un;TEL:0600000009", "+212600000006"),
}  # fmt: skip
"""Name and number each of them says."""

OF_NOBODY = (
    "", "https://evil.example", "BEGIN:VCARD", "MECARD:;;", "BEGIN:VCARD\n" + ";" * 9000, "WIFI:T:WPA;;", "\0" * 50,
    "BEGIN:VCARD\n" + "N" * 9000, "MECARD:" + "\\" * 9000, "BEGIN:VCARD\nTEL" + ';X="' * 2000, "javascript:alert(1)",
)  # fmt: skip


@pytest.mark.parametrize("which", HONEST_AND_HOSTILE)
def test_what_is_in_others_codes_is_a_text_or_a_number(phone: Page, which: str) -> None:
    found = call(phone, "js/area/people.js", "person", HONEST_AND_HOSTILE[which])
    assert (found["name"], found["phone"]) == READ[which]


def test_other_codes_are_of_nobody(phone: Page) -> None:
    assert [call(phone, "js/area/people.js", "person", text) for text in OF_NOBODY] == [None] * len(OF_NOBODY)


def test_a_code_that_lies_is_shown_as_text_and_changes_nothing_else(phone: Page, running_area: Server) -> None:
    scan(phone, running_area, HONEST_AND_HOSTILE["markup"], "<b>note</b>", "<i>moi</i>")
    assert phone.locator("#area img").count() == 0
    assert phone.inner_text("#area h1") == "<img src=x onerror=alert(1)>"
    assert phone.evaluate("() => document.querySelector('.trail li').innerText").startswith("<b>note</b>")


def test_an_id_made_of_a_name_is_the_standards(phone: Page) -> None:
    made = call(phone, "js/area/people.js", "named", str(NAMESPACE_DNS), "ⴰⵣⵓⵍ")
    assert made == str(uuid5(NAMESPACE_DNS, "ⴰⵣⵓⵍ"))


def test_merging_is_the_servers(phone: Page) -> None:
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
            phone.evaluate(
                "async ([area, edits]) => { const { merged } = (await import(area)).modules['js/records.js'];"
                " let row; for (const edit of edits) row = merged(row, edit); return [row.fields, row.stamps]; }",
                [modules(phone), order],
            ),
            sort_keys=True,
        )
        for order in itertools.permutations(edits)
    }
    assert ends == {
        json.dumps([{"stars": 3}, {"name": "1700000000003-0001-a", "stars": "1700000000003-0001-a"}], sort_keys=True)
    }
