"""The programme by days, and one workshop. static/js/page_programme.js is the twin."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from companion.catalogue.index import Catalogue
from companion.visitors.ask import Answer, Ask, Context, page
from companion.visitors.cards import agenda_of, session, spoken
from companion.visitors.format import excerpt, local, words
from companion.visitors.ical import ical
from companion.visitors.page_missing import missing

_ICS = re.compile(r"\.ics\Z", re.ASCII | re.IGNORECASE)


def programme(catalogue: Catalogue, ask: Ask) -> Answer:
    """`/programme`: one day's workshops. Without a (known) day: today, else the next day of the fair, else the
    first. An unknown room or language counts as not given. `mine` holds the codes of the visitor's agenda."""
    _ = ask.gettext
    days = catalogue.days
    rooms = [place["code"] for place in catalogue.places if _used(catalogue, "room", place["code"])]
    langs = [code for code in ("ar", "zgh", "fr", "en", "es") if _used(catalogue, "languages", code)]
    room = ask.param("room") if ask.param("room") in rooms else ""
    lang = ask.param("lang") if ask.param("lang") in langs else ""
    today = next(
        (day["date"] for day in days if day["date"] >= ask.now[:10]),
        days[0]["date"] if days else "",
    )
    day = next((day["date"] for day in days if day["date"] == ask.param("day")), today)
    kept = {"day": day, "room": room, "lang": lang, "mine": ask.param("mine")}
    agenda = agenda_of(catalogue, ask.param("mine"))
    found = [
        workshop
        for workshop in catalogue.workshops
        if room in ("", workshop.get("room")) and (not lang or lang in workshop.get("languages", []))
    ]
    context = {
        "days": [
            {
                "date": one["date"],
                "label": local(one.get("label"), ask.lang),
                "short": local(one.get("short"), ask.lang),
                "href": ask.href("/programme", kept | {"day": one["date"]}),
                "current": one["date"] == day,
                "count": sum(workshop["date"] == one["date"] for workshop in found),
            }
            for one in days
        ],
        "sessions": [session(catalogue, ask, one, agenda) for one in found if one["date"] == day],
        "rooms": [
            {
                "code": code,
                "name": local((catalogue.place(code) or {}).get("label"), ask.lang),
                "href": ask.href("/programme", kept | {"room": "" if code == room else code}),
                "selected": code == room,
            }
            for code in rooms
        ],
        "spoken": [
            {
                "code": code,
                "name": spoken(ask, [code])[0],
                "href": ask.href("/programme", kept | {"lang": "" if code == lang else code}),
                "selected": code == lang,
            }
            for code in langs
        ],
        "all_href": ask.href("/programme", kept | {"room": "", "lang": ""}),
    }
    return page(catalogue, ask, "programme", _("Programme"), context)


def _used(catalogue: Catalogue, member: str, value: str) -> bool:
    """Whether some workshop is in this room, or in this language."""
    return any(
        value == workshop.get(member) or (member == "languages" and value in workshop.get(member, []))
        for workshop in catalogue.workshops
    )


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
