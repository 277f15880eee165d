"""What the office calls things: moments, people, kinds of records, their fields, and values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import g
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue import vocabulary
from companion.languages import FALLBACK
from companion.models import KINDS, Exhibitor, Place, Sector, Zone, fair_zone
from companion.request_language import preferred_language
from companion.sync.stamps import STAMP

LATE = timedelta(minutes=5)
"""An edit that arrived later than this after the act has both times shown."""


def text_problems() -> dict[str, str]:
    """Say what a text of a form may not hold (`companion.spoofing`), by problem."""
    return {
        "text_hidden": _("This text holds invisible characters. Type it again instead of pasting it."),
        "text_lookalike": _("A word mixes letters of several scripts, or has letters that pass for others."),
        "text_marks": _("A letter bears too many marks."),
        "text_blank": _("This text shows nothing. Write something, or leave it empty."),
    }


def zone_of(session: Session) -> ZoneInfo:
    """Return the fair's time zone, looked up once for each request."""
    if "zone" not in g:
        g.zone = fair_zone(session)
    zone: ZoneInfo = g.zone
    return zone


def moment(session: Session, written: str | datetime) -> str:
    """Write a moment (UTC) in the fair's time and the reader's language: `15 juil. · 14:05`; empty stays empty."""
    if not written:
        return ""
    utc = datetime.fromisoformat(written.replace("Z", "+00:00")) if isinstance(written, str) else written
    utc = utc if utc.tzinfo else utc.replace(tzinfo=UTC)
    return wall_time(utc.astimezone(zone_of(session)))


def act_time(session: Session, noted: str, received: str) -> str:
    """Write when somebody acted, and when it arrived at this server if that was more than `LATE` after.

    `noted` is the stamp of the edit or a moment in UTC. One later than `received` is of a clock that is ahead, or
    was made later than what it replaces (`sync.stamps`): then the arrival is all that is known.
    """
    if not received:
        return moment(session, noted)
    arrival = datetime.fromisoformat(received.replace("Z", "+00:00"))
    acted = _moment_of(noted) or arrival
    if acted >= arrival - LATE:
        return moment(session, min(acted, arrival))
    dated = moment(session, acted)
    if acted.year != arrival.year:
        local = acted.astimezone(zone_of(session)).replace(tzinfo=None)
        dated = format_datetime(local, "d MMM y · HH:mm", locale=get_locale())
    said: str = _("%(noted)s, arrived %(arrived)s", noted=dated, arrived=moment(session, arrival))
    return said


def _moment_of(noted: str) -> datetime | None:
    if STAMP.match(noted):
        return datetime.fromtimestamp(int(noted[:13]) / 1000, UTC)
    try:
        found = datetime.fromisoformat(noted.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def wall_time(shown: str | datetime) -> str:
    """Write what the fair's clocks show in the reader's language: `15 juil. · 14:05`; empty stays empty."""
    if not shown:
        return ""
    local = datetime.fromisoformat(shown) if isinstance(shown, str) else shown
    said: str = format_datetime(local.replace(tzinfo=None), "d MMM · HH:mm", locale=get_locale())
    return said


def role_names() -> dict[str, str]:
    """Return what the roles are called."""
    return {
        "administrator": _("Administrator"), "editor": _("Office"), "floor": _("Floor team"), "viewer": _("Reader"),
    }  # fmt: skip


def kind_names() -> dict[str, str]:
    """Return what kinds of records are called, one of each."""
    return {
        "fair": _("The fair"), "zone": _("Pavilion"), "sector": _("Sector"), "notice": _("Announcement"),
        "exhibitor": _("Exhibitor"), "product": _("Product"), "booth": _("Booth"), "place": _("Place"),
        "workshop": _("Workshop"), "photo": _("Photo"), "trouble": _("Problem"),
    }  # fmt: skip


def field_name(kind: str, path: str) -> str:
    """Return what the office calls a field: `Name (French)`; one without a name is called as it is stored."""
    column, _dot, lang = path.partition(".")
    names = _field_names()
    name = names.get(f"{kind}.{column}") or names.get(column) or column
    return f"{name} ({language_names().get(lang, lang)})" if lang else name


def value_said(session: Session, kind: str, path: str, value: Any) -> str:
    """Write a value as a person says it: yes and no, names instead of codes and record ids, lists with commas."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    column = path.partition(".")[0]
    if column == "exhibitor" and isinstance(value, str):
        return title(session, "exhibitor", value)
    if column in FAMILIES and isinstance(value, str):
        return in_words(vocabulary.texts(FAMILIES[column], value)) or value
    if column in RECORDS and isinstance(value, str):
        return _named(session, RECORDS[column], value)
    if kind == "product" and column == "price" and isinstance(value, int):
        return str(_("%(amount)s DH", amount=f"{value / 100:.2f}".rstrip("0").rstrip(".")))
    if isinstance(value, list):
        return ", ".join(value_said(session, kind, path, one) for one in value)
    if isinstance(value, dict):
        return " · ".join(f"{name}: {one}" for name, one in value.items())
    if isinstance(value, str) and value.startswith("+"):
        return f"\u200e{value}"  # a telephone number keeps its plus in front in Arabic too
    return f"{value:g}" if isinstance(value, float) else str(value)


def step_said(session: Session, kind: str, path: str, before: Any, after: Any) -> dict[str, str]:
    """Say what a field went from and to: `{field, before, after}`, in words."""
    return {
        "field": field_name(kind, path),
        "before": value_said(session, kind, path, before),
        "after": value_said(session, kind, path, after),
    }


def title(session: Session, kind: str, record: str) -> str:
    """Return what a record is called, in the reader's language or the next best; its code, when it has no name."""
    titles: dict[tuple[str, str], str] = g.setdefault("titles", {})
    if (kind, record) not in titles:
        row: Any = session.get(KINDS[kind], record) if kind in KINDS else None
        texts: Any = next((getattr(row, name) for name in ("name", "title", "label") if getattr(row, name, None)), {})
        code = getattr(row, "code", "")
        said = in_words(texts) if isinstance(texts, dict) else ""
        titles[kind, record] = (f"{code} · {said}" if kind == "booth" and said else said) or code or record[:8]
    return titles[kind, record]


def in_words(texts: Mapping[str, str]) -> str:
    """Return a text in the reader's language, else in the next best."""
    order = [g.get("lang") or preferred_language(), *FALLBACK]
    return next((texts[lang] for lang in order if texts.get(lang)), next(iter(texts.values()), ""))


def author_said(session: Session, author: str) -> str:
    """Say who an author of the log is: `amina`, `Import of list.xlsx`, an exhibitor's name."""
    sort, _colon, name = author.partition(":")
    if sort == "exhibitor":
        row = session.scalar(select(Exhibitor).where(Exhibitor.code == name))
        return in_words(row.name) if row and row.name else name
    if sort == "import":
        return str(_("Import of %(file)s", file=name))
    if sort == "command":
        return str(_("Command %(name)s", name=name))
    return name or author


FAMILIES = {"kind": "kind", "labels": "label", "label": "label", "certifications": "certification", "unit": "unit",
            "audience": "audience",
            "languages": "language", "payment": "payment"}  # fmt: skip
"""Columns whose values are words of the product, and their family."""

RECORDS: dict[str, type[Zone | Sector | Place]] = {"sector": Sector, "zone": Zone, "room": Place}
"""Columns whose values are codes of records."""


def _named(session: Session, model: type[Zone | Sector | Place], code: str) -> str:
    row: Any = session.scalar(select(model).where(model.code == code, ~model.deleted))
    texts: Mapping[str, str] = (row.label if isinstance(row, Place) else row.name) if row else {}
    return in_words(texts) if texts else code


def language_names() -> dict[str, str]:
    """Return what the fair's languages are called."""
    return {"fr": _("French"), "ar": _("Arabic"), "zgh": _("Tamazight"), "en": _("English")}


def _field_names() -> dict[str, str]:
    return {
        "deleted": _("Deleted"), "name": _("Name"), "short_name": _("Short name"), "theme": _("Theme"),
        "fair.place": _("Place"), "dates": _("Dates"), "hours": _("Opening hours"), "timezone": _("Time zone"),
        "languages": _("Languages"), "currency": _("Currency"), "plan": _("Size of the plan"),
        "organisers": _("Organisers"), "demo": _("Demonstration"), "code": _("Code"), "zone": _("Pavilion"),
        "title": _("Title"), "body": _("Text"), "starts": _("Shown from"), "ends": _("Shown until"),
        "audience": _("Audience"), "urgency": _("Urgency"), "number": _("Number"), "about": _("Presentation"),
        "kind": _("Kind"), "sector": _("Sector"), "province": _("Province"), "commune": _("Municipality"),
        "commune_text": _("Municipality as written"), "founded": _("Year of creation"), "members": _("Members"),
        "women": _("Women among the members"), "women_led": _("Led by women"), "phones": _("Phone numbers"),
        "whatsapp": _("WhatsApp"), "email": _("E-mail"), "website": _("Website"), "labels": _("Labels"),
        "certifications": _("Certifications"), "delivery": _("Delivery"), "orders": _("Takes orders"),
        "payment": _("Payment"), "withdrawn": _("Withdrawn"), "presence": _("Presence"), "note": _("Staff's note"),
        "exhibitor": _("Exhibitor"), "position": _("Position"), "concept": _("Sort of product"), "unit": _("Unit"),
        "price": _("Price"), "label": _("Label"), "available": _("Available"), "x": _("From the left (m)"),
        "y": _("From the top (m)"), "w": _("Width (m)"), "d": _("Depth (m)"), "row": _("Row"), "status": _("State"),
        "type": _("Type"), "capacity": _("Seats"), "room": _("Room"), "date": _("Date"), "start": _("Begins"),
        "end": _("Ends"), "abstract": _("Summary"), "speaker": _("Speaker"), "draft": _("Draft"), "hash": _("Picture"),
        "walk_in": _("Came without being on the list"), "card_given": _("Card handed out"),
        "card_made": _("Access card made"),
        "card_digest": _("Seal of the access card"), "trouble.place": _("Where"), "text": _("Text"),
        "picture": _("Picture"), "at": _("Noted at"), "solved": _("Solved"),
    }  # fmt: skip
