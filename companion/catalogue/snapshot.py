"""The snapshot: the whole public catalogue as one JSON object, the same for everybody.

Flask's pages and the phones' pages are made from this object and from nothing else, so what is not put here
(record ids, stamps, staff's fields) cannot leak into a page. Everything in it is text, whole numbers, yes/no,
lists and objects; an empty value is left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue import days, vocabulary
from companion.catalogue.collation import sort_key
from companion.models import (
    Booth,
    Exhibitor,
    Fair,
    LogEntry,
    LogHead,
    Notice,
    Photo,
    Place,
    Product,
    Sector,
    Synced,
    Texts,
    Workshop,
    Zone,
)  # fmt: skip
from companion.sync.merged import merged_codes

Json = dict[str, Any]
Row = TypeVar("Row", bound=Synced)

_SPACED = re.compile("(?<=«) | (?=[:;?!»])")


DERIVED = ("days", "dates", "offset", "offsets", "languages")
"""Members of the fair's record that depend on settings, zone rules and CLDR beside the log."""


class NoFair(LookupError):
    """The database holds no fair yet: this server is new, and nobody imported one or exchanged with another."""


def build(session: Session, languages: Sequence[str]) -> Json:
    """Build the snapshot of what is public at this moment, with dates written in `languages`.

    Raises NoFair when there is none yet.
    """
    fair = next(iter(_rows(session, Fair)), None)
    if fair is None:
        raise NoFair("the database holds no fair; import one first")
    head = session.get_one(LogHead, 1)
    entry = session.get(LogEntry, head.public_seq)
    exhibitors = [row for row in _rows(session, Exhibitor) if not row.withdrawn]
    products = _rows(session, Product)
    booths = _rows(session, Booth)
    workshops = [row for row in _rows(session, Workshop) if not row.draft]
    listed = exhibitor_records(exhibitors, products, booths, _rows(session, Photo))
    catalogue = {
        "seq": head.public_seq,
        "log": head.node,
        "made": entry.received if entry else "",
        "facts": facts(fair, languages),
        "fair": fair_record(fair, languages),
        "kinds": vocabulary.family("kind"),
        "sectors": {row.code: {"name": row.name, "zone": row.zone} for row in _rows(session, Sector)},
        "zones": {row.code: row.name for row in _rows(session, Zone)},
        **shared_texts(exhibitors, products, workshops),
        "exhibitors": listed,
        "moved": moved_codes(session, exhibitors),
        "order": name_orders(listed, languages),
        "booths": booth_records(booths, {row.id: row.code for row in exhibitors}),
        "places": sorted((place_record(row) for row in _rows(session, Place)), key=_code),
        "workshops": sorted(
            (workshop_record(row) for row in workshops), key=lambda w: (w["date"], w["start"], w["code"])
        ),
        "notices": [notice_record(row) for row in _rows(session, Notice) if row.audience != "exhibitors"],
    }
    return {name: typeset(section) for name, section in catalogue.items()}


def facts(fair: Fair, languages: Sequence[str]) -> str:
    """Return a digest of what a snapshot holds beside the log: zone rules, names of days, vocabulary, languages.

    Two snapshots of one position with different digests differ, so a position alone does not identify a snapshot.
    """
    derived = {name: value for name, value in fair_record(fair, languages).items() if name in DERIVED}
    written = json.dumps([derived, vocabulary.digest()], sort_keys=True).encode()
    return hashlib.sha256(written).hexdigest()[:8]


def typeset(section: Any) -> Any:
    """Return a part of the snapshot with the no-break spaces French wants before : ; ? ! » and after «."""
    if isinstance(section, list):
        return [typeset(one) for one in section]
    if not isinstance(section, dict):
        return section
    return {
        name: _SPACED.sub("\u00a0", one) if name == "fr" and isinstance(one, str) else typeset(one)
        for name, one in section.items()
    }


def moved_codes(session: Session, exhibitors: Iterable[Exhibitor]) -> dict[str, str]:
    """Return the codes of exhibitors that were merged into another, each with the code that stays: cards carry them."""
    codes = {row.id: row.code for row in exhibitors}
    merged = merged_codes(session)
    return {old: codes[own] for own, olds in sorted(merged.items()) if own in codes for old in sorted(olds) if old}


def exhibitor_records(
    exhibitors: Iterable[Exhibitor],
    products: Iterable[Product],
    booths: Iterable[Booth],
    photos: Iterable[Photo] = (),
) -> list[Json]:
    """Return the public records of exhibitors with their products, booths and photos, by code."""
    offers, stands, views = defaultdict(list), defaultdict(list), defaultdict(list)
    for photo in sorted(photos, key=lambda p: (p.position, p.id)):
        views[photo.exhibitor].append(photo.hash)
    for product in products:
        offers[product.exhibitor].append(product)
    for booth in booths:
        stands[booth.exhibitor].append(booth.code)
    return sorted(
        (exhibitor_record(row, offers[row.id], stands[row.id]) | filled(photos=views[row.id]) for row in exhibitors),
        key=_code,
    )


def exhibitor_record(row: Exhibitor, products: list[Product], booths: list[str]) -> Json:
    """Return what visitors may see of one exhibitor."""
    return filled(
        code=row.code,
        name=row.name,
        about=row.about,
        kind=row.kind,
        sector=row.sector,
        zone=row.zone,
        province=row.province,
        commune=row.commune,
        commune_text=row.commune_text,
        founded=row.founded,
        members=row.members,
        women=row.women,
        women_led=row.women_led or None,
        phones=row.phones,
        whatsapp=row.whatsapp,
        email=row.email,
        website=row.website,
        booths=sorted(booths),
        labels=[vocabulary.slug(label) for label in row.labels],
        certifications=[vocabulary.slug(one) for one in row.certifications],
        delivery=row.delivery,
        orders=row.orders,
        languages=row.languages,
        payment=row.payment,
        products=[product_record(product) for product in sorted(products, key=lambda p: (p.position, p.id))],
    )


def product_record(row: Product) -> Json:
    """Return what visitors may see of one product; the price in centimes."""
    return filled(
        name=row.name,
        unit=row.unit,
        price=row.price,
        label=vocabulary.slug(row.label) if row.label else None,
        available=row.available,
    )


def workshop_record(row: Workshop) -> Json:
    """Return what visitors may see of one workshop."""
    return filled(
        code=row.code,
        room=row.room,
        date=row.date,
        start=row.start,
        end=row.end,
        title=row.title,
        abstract=row.abstract,
        speaker=row.speaker,
        languages=row.languages,
        audience=vocabulary.slug(row.audience) if row.audience else None,
        capacity=row.capacity,
        status=row.status,
    )


def booth_records(booths: Iterable[Booth], codes: dict[str, str]) -> list[Json]:
    """Return all booths, by code, in decimetres; `codes` maps record ids of exhibitors to their codes."""
    return sorted(
        (
            filled(
                code=row.code,
                **_box(row),
                zone=row.zone,
                row=row.row,
                exhibitor=codes.get(row.exhibitor or ""),
            )
            for row in booths
        ),
        key=_code,
    )


def place_record(row: Place) -> Json:
    """Return a room, entrance, aisle or other place, in decimetres."""
    return filled(code=row.code, type=row.type, label=row.label, **_box(row), capacity=row.capacity)


def notice_record(row: Notice) -> Json:
    """Return a notice for visitors."""
    return filled(title=row.title, body=row.body, starts=row.starts, ends=row.ends, urgency=row.urgency)


def fair_record(row: Fair, languages: Sequence[str]) -> Json:
    """Return the fair with its days and dates written out in every language."""
    opens, _, closes = row.hours.partition("-")
    return filled(
        name=row.name,
        short_name=row.short_name,
        theme=row.theme,
        place=row.place,
        organisers=[
            {"role": one.get("role", "organiser"), "name": {k: v for k, v in one.items() if k != "role"}}
            for one in row.organisers
        ],
        days=days.days(row.dates, languages),
        dates=days.date_range(row.dates, languages),
        open=opens,
        close=closes,
        offset=days.offset(row.dates, row.timezone),
        offsets=days.offset_changes(row.dates, row.timezone),
        languages=list(languages),
        currency=row.currency,
        plan=_hall(row.plan),
        demo=row.demo or None,
    )


def name_orders(exhibitors: list[Json], languages: Iterable[str]) -> dict[str, list[int]]:
    """Return, per language, the positions of `exhibitors` in the alphabetical order of that language."""
    return {
        lang: sorted(range(len(exhibitors)), key=lambda i: sort_key(exhibitors[i]["name"], lang)) for lang in languages
    }


def shared_texts(exhibitors: Iterable[Exhibitor], products: Iterable[Product], workshops: Iterable[Workshop]) -> Json:
    """Return the texts that many records share (labels, units, communes …), of those in use only."""
    exhibitors, products = list(exhibitors), list(products)
    labels = {label for row in exhibitors for label in row.labels} | {row.label for row in products}
    return {
        "provinces": vocabulary.provinces({row.province for row in exhibitors}),
        "communes": vocabulary.communes({row.commune for row in exhibitors}),
        "labels": _named("label", labels),
        "certifications": _named("certification", {one for row in exhibitors for one in row.certifications}),
        "units": {
            unit: texts
            for unit in sorted({row.unit for row in products})
            if (texts := vocabulary.texts("unit", unit)) != {"fr": unit} and unit
        },
        "audiences": _named("audience", {row.audience for row in workshops}),
    }


def _named(family: str, values: Iterable[str | None]) -> dict[str, Texts]:
    return {vocabulary.slug(value): vocabulary.texts(family, value) for value in sorted(filter(None, values))}


def filled(**members: Any) -> Json:
    """Return the members that hold something; no and 0 are something, None and empty are not."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def _rows(session: Session, model: type[Row]) -> list[Row]:
    return list(session.scalars(select(model).where(~model.deleted).order_by(model.id)))


def _code(record: Json) -> str:
    return str(record["code"])


def _hall(plan: Json) -> Json | None:
    """Return the size of the hall in decimetres; None when nobody has measured it."""
    wide, deep = _dm(plan.get("width_m", 0)), _dm(plan.get("depth_m", 0))
    return {"w": wide, "h": deep} if wide and deep else None


def _box(row: Booth | Place) -> Json:
    return {"x": _dm(row.x), "y": _dm(row.y), "w": _dm(row.w), "h": _dm(row.d)}


def _dm(metres: float) -> int:
    return round(metres * 10)
