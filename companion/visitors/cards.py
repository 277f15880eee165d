"""What lists of exhibitors and workshops are made of. static/js/cards.js is the twin."""

from __future__ import annotations

from typing import Any

from companion.catalogue.index import Catalogue, Record
from companion.visitors.ask import Ask, Context
from companion.visitors.format import Text, local, minutes, plain, tagged, words

SOON = 60
DAY = 24 * 60


def place(catalogue: Catalogue, exhibitor: Record, lang: str) -> Text | None:
    """The commune an exhibitor comes from, as named by the list of communes or else as its file wrote it."""
    commune = catalogue.snapshot.get("communes", {}).get(exhibitor.get("commune"))
    return local(commune["name"], lang) if commune else plain(exhibitor.get("commune_text", ""), lang)


def card(catalogue: Catalogue, ask: Ask, exhibitor: Record, distance: int | None = None) -> Context:
    """An exhibitor in a list. `distance` (metres) is a member only where it is known."""
    lang = ask.lang
    booths = exhibitor.get("booths", [])
    products = [local(product["name"], lang) for product in exhibitor.get("products", [])[:3]]
    shown = {
        "code": exhibitor["code"],
        "href": ask.href(f"/e/{exhibitor['code']}"),
        "name": local(exhibitor["name"], lang),
        "kind": words(catalogue.texts("kind", exhibitor.get("kind", "")), lang),
        "sector": exhibitor.get("sector", ""),
        "sector_name": local(catalogue.texts("sector", exhibitor.get("sector", "")), lang),
        "place": place(catalogue, exhibitor, lang),
        "booths": booths,
        "booth_href": ask.href("/map", {"to": booths[0]}) if booths else "",
        "products": [product for product in products if product],
        "labels": bool(catalogue.values(exhibitor, "label")),
    }
    return shown if distance is None else shown | {"distance": distance}


def sectors(catalogue: Catalogue, ask: Ask) -> list[Context]:
    """The sectors that have exhibitors, the largest first."""
    return [
        {
            "code": code,
            "name": local(catalogue.texts("sector", code), ask.lang),
            "count": catalogue.counts["sector"][code],
            "href": ask.href("/exhibitors", {"sector": code}),
        }
        for code in catalogue.options("sector")
    ]


def nearby(catalogue: Catalogue, ask: Ask, booth: Record) -> list[Context]:
    """Cards of the six exhibitors one reaches first on foot from a booth, with the distance."""
    near: dict[str, Context] = {}
    for code, metres in catalogue.floor.near(booth["code"], 8):
        there = catalogue.booth(code)
        exhibitor = catalogue.holder(there) if there else None
        if exhibitor and exhibitor["code"] not in near:
            near[exhibitor["code"]] = card(catalogue, ask, exhibitor, metres)
    return list(near.values())[:6]


def spoken(ask: Ask, codes: list[str]) -> list[Text]:
    """The names of languages, in the page's language; a code without a name is left out."""
    _ = ask.gettext
    names = {
        "ar": _("Arabic"),
        "fr": _("French"),
        "zgh": _("Tamazight"),
        "en": _("English"),
        "es": _("Spanish"),
    }
    return [tagged(names[code], ask.lang, ask.lang) for code in codes if code in names]


def span(workshop: Record) -> tuple[int, int]:
    """When a workshop starts and ends, in minutes(); one that ends past midnight ends the next day."""
    starts = minutes(workshop["date"], workshop["start"])
    ends = minutes(workshop["date"], workshop["end"])
    return starts, ends if ends > starts else ends + DAY


def confirmed(workshop: Record) -> bool:
    """Whether a workshop takes place as announced."""
    return bool(workshop.get("status", "confirmed") == "confirmed")


def clock(ask: Ask) -> int:
    """Now, in minutes()."""
    return minutes(ask.now[:10], ask.now[11:16])


def state(workshop: Record, now: int) -> str:
    """ "past", "now", "next" (starts within the hour) or ""; what is cancelled or postponed is only ever past."""
    starts, ends = span(workshop)
    if ends <= now:
        return "past"
    if not confirmed(workshop) or starts - now > SOON:
        return ""
    return "now" if starts <= now else "next"


def clashes(workshop: Record, agenda: list[Record]) -> bool:
    """Whether a workshop overlaps another one of an agenda; cancelled and postponed ones take no time."""
    if not confirmed(workshop):
        return False
    starts, ends = span(workshop)
    others = [span(other) for other in agenda if other is not workshop and confirmed(other)]
    return any(start < ends and starts < end for start, end in others)


def session(catalogue: Catalogue, ask: Ask, workshop: Record, agenda: list[Record]) -> Context:
    """A workshop in a list. mine: it is in the agenda; clash: it overlaps another one that is."""
    lang = ask.lang
    href = ask.href(f"/programme/{workshop['code']}")
    room: dict[str, Any] = catalogue.place(workshop.get("room", "")) or {}
    day: dict[str, Any] = next((day for day in catalogue.days if day["date"] == workshop["date"]), {})
    audiences = catalogue.snapshot.get("audiences", {})
    return {
        "code": workshop["code"],
        "href": href,
        "ics": href + ".ics",
        "title": local(workshop["title"], lang),
        "speaker": local(workshop.get("speaker"), lang),
        "room": local(room.get("label"), lang),
        "room_code": room.get("code", ""),
        "day": local(day.get("label"), lang),
        "date": workshop["date"],
        "start": workshop["start"],
        "end": workshop["end"],
        "languages": spoken(ask, workshop.get("languages", [])),
        "audience": local(audiences.get(workshop.get("audience")), lang),
        "status": workshop.get("status", "confirmed"),
        "state": state(workshop, clock(ask)),
        "capacity": workshop.get("capacity", 0),
        "mine": any(other is workshop for other in agenda),
        "clash": clashes(workshop, agenda),
    }


def listed(text: str, longest: int) -> list[str]:
    """The codes of a comma-separated parameter, each once, at most `longest` of them."""
    codes = dict.fromkeys(code.strip(" ") for code in text.split(","))
    return [code for code in codes if code][:longest]


def agenda_of(catalogue: Catalogue, text: str) -> list[Record]:
    """The workshops a comma-separated parameter names, in order, each once; unknown codes are skipped."""
    found = [workshop for code in listed(text, 100) if (workshop := catalogue.workshop(code))]
    return list({workshop["code"]: workshop for workshop in found}.values())
