"""A workshop for a phone's calendar (RFC 5545). static/js/ical.js is the twin."""

from __future__ import annotations

from companion.catalogue.index import Catalogue, Record
from companion.visitors.ask import Ask
from companion.visitors.cards import span
from companion.visitors.format import utc, words
from companion.visitors.lines import content, escape

STATUS = {"confirmed": "CONFIRMED", "postponed": "TENTATIVE", "cancelled": "CANCELLED"}


def ical(catalogue: Catalogue, ask: Ask, workshop: Record) -> str:
    """One event. The same workshop keeps its UID in later files, so a calendar updates it: SEQUENCE only grows."""
    lang = ask.lang
    fair = catalogue.fair
    starts, ends = (utc(count, fair) for count in span(workshop))
    room = words((catalogue.place(workshop.get("room", "")) or {}).get("label"), lang)
    about = [
        words(workshop.get("speaker"), lang),
        words(workshop.get("abstract"), lang),
    ]
    where = [room, words(fair.get("name"), lang), words(fair.get("place"), lang)]
    host = ask.base_url.partition("://")[2] or "rafiq"
    return content(
        [
            ("BEGIN", "VCALENDAR"),
            ("VERSION", "2.0"),
            ("PRODID", f"-//Rafiq//Fair companion//{lang.upper()}"),
            ("METHOD", "PUBLISH"),
            ("BEGIN", "VEVENT"),
            ("UID", f"{workshop['code']}-{workshop['date'][:4]}@{host}"),
            ("DTSTAMP", catalogue.snapshot["made"].replace("-", "").replace(":", "")),
            ("SEQUENCE", str(catalogue.snapshot["seq"])),
            ("DTSTART", starts),
            ("DTEND", ends),
            ("SUMMARY", escape(words(workshop["title"], lang))),
            ("DESCRIPTION", escape("\n".join(text for text in about if text))),
            ("LOCATION", escape(", ".join(text for text in where if text))),
            ("STATUS", STATUS.get(workshop.get("status", ""), "CONFIRMED")),
            (
                "URL",
                ask.base_url and ask.base_url + ask.href(f"/programme/{workshop['code']}"),
            ),
            ("END", "VEVENT"),
            ("END", "VCALENDAR"),
        ]
    )
