"""Where a scanned or typed code leads, or what it is instead. static/js/page_scan.js is the twin."""

from __future__ import annotations

from companion.catalogue.index import Catalogue
from companion.visitors.ask import Answer, Ask, page
from companion.visitors.codes import Found, resolve
from companion.visitors.format import fill, tidy
from companion.visitors.page_missing import suggestions


def scan(catalogue: Catalogue, ask: Ask) -> Answer:
    """`/scan`, and `/scan?code=`, which goes to what the code names or says what it is instead."""
    _ = ask.gettext
    code = ask.param("code")
    found = resolve(catalogue, code, ask.base_url, ask.origin) if tidy(code) else {}
    if "href" in found:
        return {"status": 302, "location": ask.href(found["href"])}
    text = found.get("text", "")
    near = suggestions(catalogue, ask, text) if found.get("what") in ("booth", "exhibitor", "workshop", "text") else []
    context = {"code": tidy(code), "problem": problem(ask, found), "suggestions": near}
    return page(catalogue, ask, "scan", _("Scan"), context)


def problem(ask: Ask, found: Found) -> str:
    """What to tell whoever scanned a code that leads nowhere here; "" when it leads somewhere."""
    _ = ask.gettext
    messages = {
        "booth": _("There is no booth %(text)s at this fair."),
        "exhibitor": _("There is no exhibitor with the code %(text)s."),
        "workshop": _("There is no workshop %(text)s."),
        "page": _("This address of the fair leads to no page."),
        "site": _("This code is not from this fair: it opens %(text)s."),
        "contact": _("This code is a contact card, not a booth of this fair."),
        "event": _("This code is a calendar event, not a booth of this fair."),
        "wifi": _("This code joins a Wi-Fi network, it is not a booth of this fair."),
        "phone": _("This code is a phone number, not a booth of this fair."),
        "sms": _("This code is a text message, not a booth of this fair."),
        "email": _("This code is an e-mail, not a booth of this fair."),
        "place": _("This code is a place on the map, not a booth of this fair."),
        "product": _("This code is the barcode of a product, not a booth of this fair."),
        "text": _("No booth, exhibitor or workshop has this code: %(text)s"),
    }
    return fill(messages[found["what"]], found) if "what" in found else ""
