"""The papers made from the catalogue beside posters and cards: for entrances, walls, rooms and exhibitors."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from companion.catalogue.index import Catalogue, Record, typed
from companion.models import Texts
from companion.printing.codes import qr_svg, without_scheme
from companion.printing.signs import icon, sector_signs
from companion.printing.typeset import Copy, Written
from companion.printing.words import _, in_each

POCKET = _("The fair in your pocket")
SCAN = _("Scan: the whole fair in your pocket, even without a network")


def entrance_poster(catalogue: Catalogue, base_url: str, paper: str) -> Copy:
    """A poster for entrances: scan, wait a moment, and the whole fair is in the pocket."""
    languages = catalogue.fair["languages"]
    steps = (
        ("scan", _("Scan the code with your phone.")),
        ("phone-ready", _("Wait until it says: works without Internet.")),
        ("map", _("Exhibitors, plan, programme: all on your phone.")),
    )
    says = f"{base_url}/".upper()
    data = {
        "paper": paper,
        "title": in_each(POCKET, languages),
        "steps": [{"icon": icon(name, "#fff"), "words": in_each(words, languages)} for name, words in steps],
        "fair": catalogue.fair["name"],
        "dates": catalogue.fair["dates"],
        "address": without_scheme(base_url),
        "code": qr_svg(says),
    }
    return Copy("entrance", data, says=[[says]], module=3)


def booth_table(catalogue: Catalogue, zone: str) -> Copy:
    """Who stands where, a table a zone; of one zone when it is named."""
    booths = [booth for booth in catalogue.booths if not zone or booth.get("zone", "") == zone]
    rows = [(booth, catalogue.holder(booth) or {}) for booth in booths]
    zones = [
        {
            "zone": name or "–",
            "booths": [
                {"code": booth["code"], "names": holder.get("name", {}), "sector": holder.get("sector", "")}
                for booth, holder in group
            ],
        }
        for name, group in groupby(sorted(rows, key=_zone), key=_zone)
    ]
    languages = catalogue.fair["languages"]
    data = {
        "title": in_each(_("Who stands where"), languages),
        "free": in_each(_("Free booth"), languages),
        "signs": sector_signs(holder.get("sector", "") for _booth, holder in rows),
        "zones": zones,
    }
    written = [
        Written(booth["code"], f"name.{lang}", name)
        for booth, holder in rows
        for lang, name in holder.get("name", {}).items()
    ]
    return Copy("booths", data, written=written, tagged=True)


def plan_poster(catalogue: Catalogue, base_url: str, paper: str) -> Copy:
    """The hall drawn from its metres, each booth with its number and who stands there."""
    languages = catalogue.fair["languages"]
    booths = [(booth, catalogue.holder(booth) or {}) for booth in catalogue.booths]
    says = f"{base_url}/".upper()
    data = {
        "paper": paper,
        "hall": _hall(catalogue),
        "fair": catalogue.fair["name"],
        "invitation": in_each(SCAN, languages),
        "address": without_scheme(base_url),
        "code": qr_svg(says),
        "signs": sector_signs(holder.get("sector", "") for _booth, holder in booths),
        "places": [
            _box(place)
            | {
                "code": place["code"],
                "type": place.get("type", ""),
                "label": place.get("label", {}),
                "icon": _place_icon(place),
            }
            for place in catalogue.places
            if place.get("type") != "aisle"
        ],
        "booths": [
            _box(booth) | {"code": booth["code"], "names": holder.get("name", {}), "sector": holder.get("sector", "")}
            for booth, holder in booths
        ],
    }
    written = [
        Written(booth["code"], f"name.{lang}", name)
        for booth, holder in booths
        for lang, name in holder.get("name", {}).items()
    ]
    return Copy(
        "plan", data, says=[[says]], module=0.75 * {"a4": 1, "a3": 1.41, "a2": 2, "a1": 2.83}[paper], written=written
    )


def day_programmes(catalogue: Catalogue, day: str) -> Copy:
    """The programme, each day on a page of its own; of one day (ISO) when it is named."""
    languages = catalogue.fair["languages"]
    states = {"cancelled": in_each(_("Cancelled"), languages), "postponed": in_each(_("Postponed"), languages)}
    sheets = [
        {
            "label": one["label"],
            "sessions": [
                {
                    "start": workshop["start"],
                    "end": workshop["end"],
                    "title": workshop.get("title", {}),
                    "speaker": workshop.get("speaker", {}),
                    "room": _room(catalogue, workshop),
                    "off": workshop.get("status") in states,
                    "state": states.get(workshop.get("status", ""), {}),
                }
                for workshop in catalogue.workshops
                if workshop["date"] == one["date"]
            ],
        }
        for one in catalogue.days
        if not day or one["date"] == day
    ]
    data = {"title": in_each(_("Programme"), languages), "fair": catalogue.fair["name"]}
    written = [
        Written(workshop["code"], f"{field}.{lang}", text)
        for workshop in catalogue.workshops
        for field in ("title", "speaker")
        for lang, text in workshop.get(field, {}).items()
    ]
    return Copy("programme", data, sheets, written=written, tagged=True)


def certificates(catalogue: Catalogue, which: str) -> Copy:
    """Certificates of participation with room for signatures: for all exhibitors, or one by booth or code."""
    languages = catalogue.fair["languages"]
    fair = catalogue.fair
    place = fair.get("place", {})
    took_part = in_each(_("took part in: %(fair)s"), [lang for lang in languages if fair["name"].get(lang)])
    data = {
        "title": in_each(_("Certificate of participation"), languages),
        "says": in_each(_("The organisers certify that"), languages),
        "fair": {lang: words % {"fair": fair["name"].get(lang, "")} for lang, words in took_part.items()},
        "when": {
            lang: f"{place[lang]}{'،' if lang == 'ar' else ','} {dates}" if place.get(lang) else dates
            for lang, dates in fair["dates"].items()
        },
        "signatures": [one["name"] for one in fair.get("organisers", []) if one["role"] in ("organiser", "partner")][
            :3
        ],
    }
    chosen = [one for one in catalogue.exhibitors if not which or is_asked(one, which)]
    sheets = [{"of": one["code"], "names": one["name"]} for one in chosen]
    written = [Written(one["code"], f"name.{lang}", name) for one in chosen for lang, name in one["name"].items()]
    return Copy("certificates", data, sheets, written=written)


def is_asked(exhibitor: Record, which: str) -> bool:
    """Tell whether `which`, some codes or booths with commas between, however written, names the exhibitor."""
    known = {exhibitor["code"], *(typed(booth) for booth in exhibitor.get("booths", []))}
    return not known.isdisjoint(typed(one) for one in which.split(","))


def _zone(row: tuple[Record, Record]) -> str:
    zone: str = row[0].get("zone", "")
    return zone


def _room(catalogue: Catalogue, workshop: Record) -> Texts:
    label: Texts = (catalogue.place(workshop.get("room", "")) or {}).get("label", {})
    return label


def _box(record: Record) -> dict[str, int]:
    return {side: record[side] for side in ("x", "y", "w", "h")}


def _hall(catalogue: Catalogue) -> dict[str, int]:
    """Return the hall's size in decimetres; of one nobody has measured, as far as booths and places go."""
    hall: dict[str, int] = catalogue.fair.get("plan") or {}
    placed = [*catalogue.booths, *catalogue.places]
    return {
        "w": max([hall.get("w", 0), 1, *(one["x"] + one["w"] for one in placed)]),
        "h": max([hall.get("h", 0), 1, *(one["y"] + one["h"] for one in placed)]),
    }


def _place_icon(place: dict[str, Any]) -> str:
    name = {"entrance": "", "exit": "", "emergency_exit": ""}.get(place.get("type", ""), place.get("type", ""))
    return icon(name, "#27357a") if name else ""
