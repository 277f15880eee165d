"""The first page: what happens today, what there is. static/js/page_home.js is the twin."""

from __future__ import annotations

from companion.catalogue.index import Catalogue, Record
from companion.visitors.ask import Answer, Ask, Context, page
from companion.visitors.cards import clock, sectors, session, span
from companion.visitors.format import local, words

URGENCY = ("urgent", "warning", "info")


def home(catalogue: Catalogue, ask: Ask) -> Answer:
    """`/`"""
    fair = catalogue.fair
    day, sessions = _sessions(catalogue, ask)
    context = {
        "phase": phase(catalogue, ask),
        "day": local(day.get("label"), ask.lang) if day else None,
        "today": day is not None and day["date"] == ask.now[:10],
        "sessions": sessions,
        "notices": _notices(catalogue, ask),
        "sectors": sectors(catalogue, ask),
        "counts": {
            "exhibitors": len(catalogue.exhibitors),
            "workshops": len(catalogue.workshops),
            "products": sum(len(exhibitor.get("products", [])) for exhibitor in catalogue.exhibitors),
        },
        "theme": local(fair.get("theme"), ask.lang),
        "organisers": [
            {"role": organiser["role"], "name": local(organiser["name"], ask.lang)}
            for organiser in fair.get("organisers", [])
        ],
        "hours": f"{fair['open']}–{fair['close']}" if fair.get("open") and fair.get("close") else "",
        "search_href": ask.href("/exhibitors"),
    }
    return page(catalogue, ask, "home", words(fair.get("name"), ask.lang), context)


def phase(catalogue: Catalogue, ask: Ask) -> str:
    """ "before" the fair's first day, "during" its days and those between them, or "after" the last."""
    days, today = catalogue.days, ask.now[:10]
    if not days or today < days[0]["date"]:
        return "before"
    return "during" if today <= days[-1]["date"] else "after"


def _sessions(catalogue: Catalogue, ask: Ask) -> tuple[Record | None, list[Context]]:
    """The first day with a workshop still to come, and up to six of that day: those not over first, then those
    that are. After the last workshop: the last day, and nothing."""
    days = catalogue.days
    now = clock(ask)
    coming = [workshop for workshop in catalogue.workshops if span(workshop)[1] > now]
    for day in days:
        if any(workshop["date"] == day["date"] for workshop in coming):
            of_day = [workshop for workshop in catalogue.workshops if workshop["date"] == day["date"]]
            of_day.sort(key=lambda workshop: span(workshop)[1] <= now)
            return day, [session(catalogue, ask, workshop, []) for workshop in of_day[:6]]
    return (days[-1] if days else None), []


def _notices(catalogue: Catalogue, ask: Ask) -> list[Context]:
    """Notices of this moment, most urgent first. Before the fair also those to come: they help to prepare."""
    early = phase(catalogue, ask) == "before"
    found = [
        notice
        for notice in catalogue.snapshot.get("notices", [])
        if (early or notice.get("starts", "")[:16] <= ask.now) and ask.now < notice.get("ends", "9999")[:16]
    ]
    found.sort(key=lambda notice: URGENCY.index(notice.get("urgency", "info")))
    return [
        {
            "title": local(notice.get("title"), ask.lang),
            "body": local(notice.get("body"), ask.lang),
            "urgency": notice.get("urgency", "info"),
        }
        for notice in found
    ]
