"""An exhibitor as a contact card, vCard 3.0: 4.0 comes out garbled on iPhones. static/js/vcard.js is the twin."""

from __future__ import annotations

from companion.catalogue.index import Catalogue, Record
from companion.visitors.ask import Ask, fair_name
from companion.visitors.cards import place
from companion.visitors.format import fill, website, words
from companion.visitors.lines import content, escape


def vcard(catalogue: Catalogue, ask: Ask, exhibitor: Record) -> str:
    """RFC 2426. The note says where we met: booth and fair."""
    _ = ask.gettext
    lang = ask.lang
    name = escape(words(exhibitor["name"], lang) or exhibitor["code"])
    commune = place(catalogue, exhibitor, lang)
    town = escape(commune["text"]) if commune else ""
    province = escape(words(catalogue.texts("province", exhibitor.get("province", "")), lang))
    booths = ", ".join(exhibitor.get("booths", []))
    fair = fair_name(catalogue, ask)
    note = fill(_("Booth %(code)s"), {"code": booths}) + " · " + fair if booths else fair
    site = website(exhibitor.get("website", ""))
    return content(
        [
            ("BEGIN", "VCARD"),
            ("VERSION", "3.0"),
            ("N", name + ";;;;"),
            ("FN", name),
            ("ORG", name),
            ("X-ABSHOWAS", "COMPANY"),
            *(("TEL;TYPE=WORK,VOICE", number) for number in exhibitor.get("phones", [])),
            ("EMAIL;TYPE=INTERNET", escape(exhibitor.get("email", ""))),
            ("ADR;TYPE=WORK", ";;;" + ";".join((town, province, "", escape(_("Morocco"))))),
            ("URL", site["href"] if site else ""),
            (
                "URL",
                ask.base_url and ask.base_url + ask.href(f"/e/{exhibitor['code']}"),
            ),
            ("NOTE", escape(note)),
            ("REV", catalogue.snapshot["made"]),
            ("END", "VCARD"),
        ]
    )
