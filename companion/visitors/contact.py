"""The ways to reach an exhibitor. static/js/contact.js is the twin."""

from __future__ import annotations

import re

from companion.catalogue.index import Catalogue, Record
from companion.visitors.ask import Ask, Context, fair_name
from companion.visitors.format import encode, fill, phone, website, words


def contact(catalogue: Catalogue, ask: Ask, record: Record, booth: str) -> Context:
    """The ways to reach an exhibitor; each is empty when there is none."""
    _ = ask.gettext
    said = {
        "name": words(record["name"], ask.lang),
        "booth": booth,
        "fair": fair_name(catalogue, ask),
    }
    phones = record.get("phones", [])
    mobile = next(
        (number for number in phones if re.match(r"\+212[67]", number)),
        record.get("whatsapp", ""),
    )
    email = record.get("email", "")
    hello = _("Hello, I saw your booth %(booth)s at %(fair)s.") if booth else _("Hello, I saw you at %(fair)s.")
    share = _("%(name)s, booth %(booth)s, %(fair)s") if booth else _("%(name)s, %(fair)s")
    href = ask.href(f"/e/{record['code']}")
    return {
        "phones": [{"href": "tel:" + number, "shown": phone(number)} for number in phones],
        "sms_href": f"sms:{mobile}" if mobile else "",
        "whatsapp_href": _whatsapp(record.get("whatsapp", ""), fill(hello, said)),
        "email": email,
        "email_href": _mailto(email, fill(share, said)),
        "website": website(record.get("website", "")),
        "vcf_href": href + ".vcf",
        "share": {
            "title": said["name"],
            "text": fill(share, said),
            "url": ask.base_url + href,
        },
    }


def _whatsapp(number: str, text: str) -> str:
    return f"https://wa.me/{number[1:]}?text={encode(text)}" if number else ""


def _mailto(email: str, subject: str) -> str:
    """RFC 6068; the address is encoded so that a "?" in it adds no header."""
    return f"mailto:{encode(email).replace('%40', '@')}?subject={encode(subject)}" if email else ""
