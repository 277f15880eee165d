"""What the office's pages call the kinds of records and their fields."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from companion.languages import LANGUAGES

KINDS = {
    "fair": _("Fair"), "zone": _("Zone"), "sector": _("Sector"), "notice": _("Notice"), "exhibitor": _("Exhibitor"),
    "product": _("Product"), "booth": _("Booth"), "place": _("Place"), "workshop": _("Workshop"),
}  # fmt: skip
LISTS = {
    "exhibitors": _("Exhibitors"), "products": _("Products"), "workshops": _("Programme"), "plan": _("Plan"),
}  # fmt: skip
FIELDS: dict[str, LazyString] = {
    "number": _("Number"), "code": _("Code"), "name": _("Name"), "about": _("Presentation"), "kind": _("Type"),
    "sector": _("Sector"), "zone": _("Zone"), "commune": _("Commune"), "commune_text": _("Commune as written"),
    "province": _("Province"), "founded": _("Year founded"), "members": _("Members"), "women": _("Women among them"),
    "women_led": _("Led by women"), "phones": _("Phone"), "whatsapp": _("WhatsApp"), "email": _("E-mail"),
    "website": _("Website"), "booths": _("Booth"), "labels": _("Labels"), "certifications": _("Certifications"),
    "delivery": _("Delivery"), "orders": _("Takes orders"), "languages": _("Languages"), "payment": _("Payment"),
    "withdrawn": _("Withdrawn"), "note": _("Internal note"), "exhibitor": _("Exhibitor"), "merged": _("Merged into"),
    "exhibitor_number": _("Exhibitor's number"), "exhibitor_name": _("Exhibitor's name"),
    "exhibitor_code": _("Exhibitor's code"), "concept": _("Category"), "unit": _("Unit"), "price": _("Price"),
    "label": _("Label"), "available": _("Available"), "position": _("Position"), "weekday": _("Weekday"),
    "date": _("Date"), "start": _("Start"), "end": _("End"), "room": _("Room"), "title": _("Title"),
    "abstract": _("Summary"), "speaker": _("Speaker"), "audience": _("Audience"), "capacity": _("Places"),
    "status": _("Status"), "type": _("Type"), "row": _("Row"), "x": _("Left (m)"), "y": _("Top (m)"),
    "w": _("Width (m)"), "d": _("Depth (m)"), "exhibitors": _("Exhibitor"), "deleted": _("Deleted"),
    "presence": _("Presence"), "walk_in": _("Came without being on the list"), "card_given": _("Card handed out"),
    "card_made": _("Access card made"),
}  # fmt: skip


def field_name(path: str) -> str:
    """Return what a field is called: `name.ar` is “Name (العربية)”."""
    column, _dot, lang = path.partition(".")
    name = str(FIELDS.get(column, column))
    return f"{name} ({LANGUAGES[lang].name})" if lang in LANGUAGES else name


def value_text(value: object) -> str:
    """Return a value as a person reads it; nothing is a dash."""
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, list):
        return ", ".join(value_text(one) for one in value)
    if isinstance(value, dict):
        return " · ".join(str(one) for one in value.values())
    return f"{value:g}" if isinstance(value, float) else str(value)
