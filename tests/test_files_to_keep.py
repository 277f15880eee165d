"""What a visitor's phone takes over into its own books: contact cards and calendar entries."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import pytest
import vobject

from companion.catalogue.index import Catalogue
from companion.visitors.format import local
from companion.visitors.pages import answer
from tests.test_pages import FAIR, HOSTILE_FAIR
from tests.visits import LANGUAGES, ask


@pytest.mark.parametrize("fair", [FAIR, HOSTILE_FAIR], ids=["demo", "hostile"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_contact_card_any_phone_reads(fair: Catalogue, lang: str) -> None:
    for exhibitor in fair.exhibitors[:48]:
        answered = answer(fair, ask(f"/e/{exhibitor['code']}.vcf", lang=lang))
        assert answered["type"] == "text/vcard; charset=utf-8"
        assert all(len(line.encode()) <= 75 for line in answered["body"].split("\r\n"))
        card = vobject.readOne(answered["body"])
        name = (local(exhibitor["name"], lang) or {"text": exhibitor["code"]})["text"]
        assert card.fn.value == readable(name)
        assert [tel.value for tel in card.contents.get("tel", [])] == exhibitor.get("phones", [])
        assert card.contents["url"][-1].value == f"https://rafiq.example/{lang}/e/{exhibitor['code']}"
        assert sum(name == "url" for name in card.contents) == 1
        note = (local(fair.fair["short_name"], lang) or {"text": ""})["text"]
        assert card.note.value.endswith(readable(note))


@pytest.mark.parametrize("fair", [FAIR, HOSTILE_FAIR], ids=["demo", "hostile"])
def test_a_calendar_file_for_every_workshop(fair: Catalogue) -> None:
    for workshop in fair.workshops:
        body = answer(fair, ask(f"/programme/{workshop['code']}.ics"))["body"]
        assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
        (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
        title = (local(workshop["title"], "fr") or {"text": ""})["text"]
        assert str(event.get("SUMMARY", "")) == readable(title)
        assert event["UID"] == f"{workshop['code']}-2027@rafiq.example"
        assert event["URL"] == f"https://rafiq.example/fr/programme/{workshop['code']}"
        assert event["STATUS"] == {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}.get(
            workshop["status"], "CONFIRMED"
        )
        starts = datetime.fromisoformat(f"{workshop['date']}T{workshop['start']}+00:00")  # Morocco since September 2026
        assert event.start == starts.astimezone(UTC)
        assert event.end > event.start


def readable(text: str) -> str:
    """A text after a file: line breaks are all alike and other control characters gone."""
    for ending in ("\r\n", "\u2028", "\u2029", "\x85", "\x0b"):
        text = text.replace(ending, "\n")
    return text.replace("\0", "")
