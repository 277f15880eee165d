"""The form for a request to one exhibitor. static/js/page_request.js is the twin."""

from __future__ import annotations

import re
from dataclasses import replace

from companion.catalogue.index import Catalogue
from companion.visitors.ask import Answer, Ask, page
from companion.visitors.format import NATIVE, local
from companion.visitors.page_exhibitor import product
from companion.visitors.page_missing import missing

CONSENT = "1"
"""The version of the wording a visitor agrees to, which is in the template. Another wording needs another version."""

FIELDS = ("wants", "name", "phone", "same", "whatsapp", "email", "message", "lang", "consent", "other")
"""What the form has besides products, and `other`: what is wrong with the whole."""

_RECORD = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def request(catalogue: Catalogue, ask: Ask, code: str) -> Answer:
    """`/e/<CODE>/request`. typed, wrong: what was typed and what is wrong with it, by field, when the server read the
    form; sent: the number of a request that was left without scripts."""
    record = catalogue.exhibitor(code)
    if record is None:
        return missing(catalogue, ask, "exhibitor", code)
    _ = ask.gettext
    home = catalogue.home(record)
    sent = ask.param("sent")
    context = {
        "code": record["code"],
        "name": local(record["name"], ask.lang),
        "sector": record.get("sector", ""),
        "booth": home["code"] if home else "",
        "exhibitor_href": ask.href(f"/e/{record['code']}"),
        "action": ask.href(f"/e/{record['code']}/request"),
        "products": [product(catalogue, ask, item) for item in record.get("products", [])],
        "tongues": [{"code": code, "name": NATIVE[code]} for code in ask.languages],
        "consent": f"{CONSENT}.{ask.lang}",
        "sent": sent if _RECORD.fullmatch(sent) else "",
        "typed": dict.fromkeys(FIELDS, ""),
        "wrong": dict.fromkeys(FIELDS, ""),
    }
    ask = replace(ask, path=f"/e/{record['code']}/request")
    return page(catalogue, ask, "request", _("Leave a request"), context)
