"""What a code leads to that a visitor scanned or typed, and what is said of one that leads nowhere."""

from __future__ import annotations

import pytest

from companion.visitors.pages import answer
from tests.test_pages import CODE, FAIR, visit
from tests.visits import ask


@pytest.mark.parametrize(
    ("code", "location"),
    [
        ("HTTPS://RAFIQ.EXAMPLE/B/A12", "/fr/b/A12"),
        ("http://www.rafiq.example:80/ar/b/a12/", "/fr/b/A12"),
        ("rafiq.example/b/a-12", "/fr/b/A12"),
        (f"https://rafiq.example/zgh/e/{CODE}.vcf", f"/fr/e/{CODE}"),
        ("https://rafiq.example/fr/programme/w1.ics", "/fr/programme/W01"),
        ("https://rafiq.example", "/fr/"),
        ("https://rafiq.example/ar/map?at=A12", "/fr/map"),
        (" b ٤٠ ", "/fr/b/B40"),
        (CODE.lower(), f"/fr/e/{CODE}"),
        ("w1", "/fr/programme/W01"),
        (f"BEGIN:VCARD\r\nFN:X\r\nURL:https://rafiq.example/fr/e/{CODE}\r\nEND:VCARD", f"/fr/e/{CODE}"),
    ],
)
def test_a_code_of_this_fair_leads_there(code: str, location: str) -> None:
    assert answer(FAIR, ask("/scan", {"code": code})) == {"status": 302, "location": location}


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("Z99", "No booth, exhibitor or workshop has this code: Z99"),
        ("https://rafiq.example/b/Z99", "There is no booth Z99 at this fair."),
        ("https://rafiq.example/e/NOBODY", "There is no exhibitor with the code NOBODY."),
        ("https://rafiq.example/shop/1", "This address of the fair leads to no page."),
        ("https://other.example/b/A12", "This code is not from this fair: it opens other.example."),
        (
            "https://rafiq.example@evil.example/b/A12",
            "This code is not from this fair: it opens rafiq.example@evil.example.",
        ),
        ("WIFI:S:x;;", "This code joins a Wi-Fi network, it is not a booth of this fair."),
        ("BEGIN:VCARD\nFN:X\nEND:VCARD", "This code is a contact card, not a booth of this fair."),
        ("TEL:+212600000000", "This code is a phone number, not a booth of this fair."),
        ("6111234567890", "This code is the barcode of a product, not a booth of this fair."),
        ("", ""),
        ("  ", ""),
    ],
)
def test_any_other_code_is_named(code: str, problem: str) -> None:
    assert visit("/scan", code=code)["problem"] == problem


def test_a_mistyped_number_suggests_its_neighbours() -> None:
    assert visit("/scan", code="A99")["suggestions"][0]["booths"] == ["A64"]
