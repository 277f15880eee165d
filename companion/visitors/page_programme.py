"""The programme by days, and one workshop. static/js/page_programme.js is the twin."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from companion.catalogue.index import Catalogue, Record
from companion.visitors.ask import Answer, Ask, Context, page
from companion.visitors.cards import agenda_of, session, spoken
from companion.visitors.format import excerpt, local, words
from companion.visitors.ical import ical
from companion.visitors.page_missing import missing

_ICS = re.compile(r"\.ics\Z", re.ASCII | re.IGNORECASE)


TONGUES = ("ar", "zgh", "fr", "en", "es")


def programme(catalogue: Catalogue, ask: Ask) -> Answer:
    """`/programme`: one day's workshops. Without a (known) day: today, else the next day of the fair, else the
    first. An unknown room or language counts as not given. `mine` holds the codes of the visitor's agenda."""
    _ = ask.gettext
    kept = _kept(catalogue, ask)
    agenda = agenda_of(catalogue, kept["mine"])
    found = [one for one in catalogue.workshops if _fits(one, kept["room"], kept["lang"])]
    context = {
        "days": [_day(ask, day, kept, found) for day in catalogue.days],
        "sessions": [session(catalogue, ask, one, agenda) for one in found if one["date"] == kept["day"]],
        "rooms": [
            {"name": local(room.get("label"), ask.lang), **_choice(ask, kept, "room", room["code"])}
            for room in _rooms(catalogue)
        ],
        "langs": [{"name": spoken(ask, [code])[0], **_choice(ask, kept, "lang", code)} for code in _tongues(catalogue)],
    }
    return page(catalogue, ask, "programme", _("Programme"), context)


def _kept(catalogue: Catalogue, ask: Ask) -> dict[str, str]:
    """What the visitor chose, as far as it makes sense; every link of the page keeps it."""
    dates = [day["date"] for day in catalogue.days]
    today = next((date for date in dates if date >= ask.now[:10]), dates[0] if dates else "")
    rooms = [room["code"] for room in _rooms(catalogue)]
    return {
        "day": ask.param("day") if ask.param("day") in dates else today,
        "room": ask.param("room") if ask.param("room") in rooms else "",
        "lang": ask.param("lang") if ask.param("lang") in _tongues(catalogue) else "",
        "mine": ask.param("mine"),
    }


def _fits(workshop: Record, room: str, lang: str) -> bool:
    return room in ("", workshop.get("room")) and (not lang or lang in workshop.get("languages", []))


def _rooms(catalogue: Catalogue) -> list[Record]:
    """The places where there is a workshop, in the order of the plan."""
    return [place for place in catalogue.places if any(_fits(one, place["code"], "") for one in catalogue.workshops)]


def _tongues(catalogue: Catalogue) -> list[str]:
    """The languages there is a workshop in."""
    return [code for code in TONGUES if any(_fits(one, "", code) for one in catalogue.workshops)]


def _day(ask: Ask, day: Record, kept: dict[str, str], found: list[Record]) -> Context:
    return {
        "date": day["date"],
        "label": local(day.get("label"), ask.lang),
        "short": local(day.get("short"), ask.lang),
        "href": ask.href("/programme", kept | {"day": day["date"]}),
        "current": day["date"] == kept["day"],
        "count": sum(one["date"] == day["date"] for one in found),
    }


def _choice(ask: Ask, kept: dict[str, str], name: str, code: str) -> Context:
    """A room or language to choose; the link of the chosen one takes it away."""
    selected = kept[name] == code
    href = ask.href("/programme", kept | {name: "" if selected else code})
    return {"code": code, "href": href, "selected": selected}


def workshop(catalogue: Catalogue, ask: Ask, code: str) -> Answer:
    """`/programme/<ID>` and `/programme/<ID>.ics`."""
    record = catalogue.workshop(_ICS.sub("", code))
    if record is None:
        return missing(catalogue, ask, "workshop", code)
    if _ICS.search(code):
        return {
            "status": 200,
            "type": "text/calendar; charset=utf-8",
            "filename": record["code"] + ".ics",
            "body": ical(catalogue, ask, record),
        }
    ask = replace(ask, path=f"/programme/{record['code']}")
    agenda = agenda_of(catalogue, ask.param("mine"))
    room: dict[str, Any] = catalogue.place(record.get("room", "")) or {}
    shown: Context = session(catalogue, ask, record, agenda)
    shown["abstract"] = local(record.get("abstract"), ask.lang)
    others = [one for one in catalogue.workshops if one["date"] == record["date"] and one is not record]
    context = {
        "w": shown,
        "same_day": [session(catalogue, ask, one, agenda) for one in others],
        "map_href": ask.href("/map", {"to": room["code"]}) if room else "",
    }
    title = words(record["title"], ask.lang)
    answer = page(catalogue, ask, "workshop", title, context)
    answer["context"]["description"] = excerpt(words(record.get("abstract"), ask.lang)) or title
    return answer
