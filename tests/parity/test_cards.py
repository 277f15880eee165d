"""Cards that exhibitors bring in: files as bytes, and codes as text, in the forms address books and phones write."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
import qrcode
import qrcode.util
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

READ_FILE = """async (bytes) => {
    const { fileText } = await import("/static/js/area/bytes.js");
    const { everybody } = await import("/static/js/area/people.js");
    return everybody(fileText(new Uint8Array(bytes)));
}"""
READ_CODE = 'async (text) => (await import("/static/js/area/people.js")).person(text) ?? null'


READ_PICTURE = """async (png) => {
    const { photo } = await import("/static/js/decode.js");
    const { ofCode } = await import("/static/js/area/bytes.js");
    const picture = new Blob([Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0))], { type: "image/png" });
    return photo(picture, ofCode);
}"""
READ_FRAME = """async (png) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    Object.assign(picture, { videoWidth: picture.width, videoHeight: picture.height });
    window.BarcodeDetector = class {
        static async getSupportedFormats() { return ["qr_code"]; }
        async detect() { return [{ rawValue: "S\\ufffdbastien" }]; }
    };
    const { frames } = await import("/static/js/decode.js");
    const { ofCode } = await import("/static/js/area/bytes.js");
    return (await frames(ofCode))(picture, 0);
}"""
RESPELLED = 'async (text) => (await import("/static/js/area/bytes.js")).respelled(text)'


def code(content: bytes) -> str:
    """A PNG of a code whose bytes are these, without a word on their charset."""
    drawn = qrcode.QRCode(border=4, box_size=8)
    drawn.add_data(qrcode.util.QRData(content, mode=qrcode.util.MODE_8BIT_BYTE))
    out = io.BytesIO()
    drawn.make_image().save(out)
    return base64.b64encode(out.getvalue()).decode()


def card(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""])


FILES = [
    (card("FN:A", "item1.TEL;waid=212612345678:+212 612-345678"), "utf-8", {"whatsapp": "+212612345678"}),
    (card("FN:A", "IMPP;X-SERVICE-TYPE=WhatsApp:x-apple:212612345678"), "utf-8", {"whatsapp": "+212612345678"}),
    (card("FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:S=E9bastien"), "ascii", {"name": "Sébastien"}),
    (card("FN;CHARSET=WINDOWS-1256;ENCODING=QUOTED-PRINTABLE:=C3=E3=E1"), "ascii", {"name": "أمل"}),
    (card("FN:Sébastien Brut"), "latin-1", {"name": "Sébastien Brut"}),
    (card("FN:تعاونية أمل"), "cp1256", {"name": "تعاونية أمل"}),
    (card("FN:Été أمل"), "utf-16", {"name": "Été أمل"}),
    (card("FN:Été أمل"), "utf-16-le", {"name": "Été أمل"}),
    (card("FN:Été أمل"), "utf-16-be", {"name": "Été أمل"}),
    (card("FN:A", "NOTE;QUOTED-PRINTABLE:voir=20=", "http://a.ma=", "/b"), "ascii", {"note": "voir http://a.ma/b"}),
    (card("FN:A", "PHOTO;ENCODING=b:AA", *[" " + "A" * 74] * 1400, "TEL:0612345678"), "ascii", {"phone": "+212612345678"}),
    (card("FN:A", "TEL;FAX:0522000000", "TEL;CELL:0612345610"), "ascii",
     {"phone": "+212612345610", "note": "+212522000000 (fax)"}),
    (card("FN:A", "TEL;TYPE=CELL:0612345610", "TEL;TYPE=WORK;PREF=1:0522334455"), "ascii",
     {"phone": "+212522334455", "note": "+212612345610"}),
    (card("N:;;;;", "FN:", "ORG:Coop Argan Seule;"), "ascii", {"name": "", "organisation": "Coop Argan Seule"}),
    (card("KIND:org", "FN:Coop X"), "ascii", {"name": "", "organisation": "Coop X"}),
    (card("FN:A", "TEL;VALUE=uri:tel:0612345616;phone-context=+212"), "ascii", {"phone": "+212612345616"}),
    (card("FN:Société créée", "ORG:Été à Fès"), "latin-1", {"name": "Société créée", "organisation": "Été à Fès"}),
    (card("FN:أمل", "ORG:Coopérative créée", "TITLE:رئيسة"), "cp1256", {"name": "أمل", "note": "رئيسة"}),
    (card("PRODID:-//Rafiq//contacts//EN", "FN:+212612345678", "TEL:+212612345678"), "utf-8", {"name": ""}),
    (card("FN:A", "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Bob;1;;"), "utf-8", {"note": "Bob"}),
    (card("FN:A", "PHOTO;ENCODING=b:AA"), "utf-8", {"leftOut": True}),
    (card("FN:A", "CATEGORIES:" + ",".join(f"t{n}" for n in range(22))), "utf-8", {"note": "t20\nt21", "leftOut": False}),
    (card("FN:A", "EMAIL:bad", "EMAIL:bon@b.ma", "EMAIL:c@b.ma"), "ascii", {"email": "bon@b.ma", "note": "bad\nc@b.ma"}),
]  # fmt: skip
CODES = [
    ("MECARD:N:Zahra,Fatima;TEL:0612345612;TEL:0522334455;NOTE:x\\:y;;",
     {"name": "Fatima Zahra", "phone": "+212612345612", "note": "x:y\n+212522334455"}),
    ("MECARD:N:Zahra;SOUND:zahra;BDAY:19900101;X-ROOM:12;;", {"name": "Zahra", "note": "19900101\n12"}),
    ("BIZCARD:N:Fatima;X:Zahra;C:Coop;B:+212612345614;E:d@b.ma;;",
     {"name": "Fatima Zahra", "organisation": "Coop", "phone": "+212612345614", "email": "d@b.ma"}),
    ("https://wa.me/212612345678?text=Salam", {"whatsapp": "+212612345678", "note": "Salam"}),
    ("tel:0612345678", {"phone": "+212612345678"}),
    ("smsto:0612345678:Bonjour", {"phone": "+212612345678", "note": "Bonjour"}),
    ("mailto:a@b.ma", {"email": "a@b.ma"}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "encoding", "right"), FILES)
def test_a_file(modules: Page, written: str, encoding: str, right: dict[str, Any]) -> None:
    read = modules.evaluate(READ_FILE, list((written + card("FN:B")).encode(encoding)))
    assert (len(read["people"]), read["lost"]) == (2, 0)
    assert {name: read["people"][0][name] for name in right} == right


@pytest.mark.parametrize(("written", "right"), CODES)
def test_a_code(modules: Page, written: str, right: dict[str, Any]) -> None:
    read = modules.evaluate(READ_CODE, written)
    assert {name: read[name] for name in right} == right


def test_cards_of_nobody_are_counted(modules: Page) -> None:
    assert modules.evaluate(READ_FILE, list(card("FN:").encode()))["lost"] == 1
    assert modules.evaluate(READ_CODE, "https://example.com") is None


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1256"])
def test_a_code_in_any_charset(modules: Page, encoding: str) -> None:
    written = card("FN:تعاونية أمل" if encoding == "cp1256" else "FN:Société créée")
    assert modules.evaluate(READ_PICTURE, code(written.encode(encoding))).strip() == written.strip()


def test_letters_that_the_phones_reader_lost_are_read_again(modules: Page) -> None:
    assert modules.evaluate(READ_FRAME, code("Sébastien".encode("latin-1"))) == "Sébastien"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1256"])
def test_bytes_taken_for_latin_1_are_respelled(modules: Page, encoding: str) -> None:
    written = "تعاونية أمل" if encoding == "cp1256" else "Société créée"
    assert modules.evaluate(RESPELLED, written.encode(encoding).decode("latin-1")) == written
    assert modules.evaluate(RESPELLED, written) == written
