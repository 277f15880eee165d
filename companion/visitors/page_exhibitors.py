"""The catalogue: search, filters with counts, and what to try when nothing is found.

static/js/page_exhibitors.js is the twin.
"""

from __future__ import annotations

import re
from collections import Counter

from companion.catalogue.index import FILTERS, Catalogue, Record
from companion.visitors.ask import Answer, Ask, Context, page
from companion.visitors.cards import card
from companion.visitors.format import local, tidy

BROWSED = 400
SEARCHED = 60


def exhibitors(catalogue: Catalogue, ask: Ask) -> Answer:
    """`/exhibitors`. A filter with a value nobody has counts as not given, so an old link still shows something;
    a page number that is none, or past the end, shows the first page. When the search is a booth's number, that booth's
    exhibitor is `booth_hit`, whatever the filters, and not among the others."""
    _ = ask.gettext
    q = tidy(ask.param("q"))
    chosen = {name: ask.param(name) for name in FILTERS if catalogue.counts[name][ask.param(name)]}
    hit = catalogue.booth(q) if q else None
    holder = catalogue.holder(hit) if hit else None
    records = catalogue.find(q) if q else catalogue.in_order(ask.lang)
    found, counts = _sift(catalogue, [record for record in records if record is not holder], chosen)
    size = SEARCHED if q else BROWSED
    number = _page_number(ask.param("page"), len(found), size)
    more = {"q": q, **chosen, "page": str(number + 1)} if number * size < len(found) else None
    context = {
        "q": q,
        "filters": [_filter(catalogue, ask, name, q, chosen, counts[name]) for name in FILTERS],
        "active": len(chosen),
        "clear_href": ask.href("/exhibitors", {"q": q}),
        "total": len(found),
        "cards_found": [card(catalogue, ask, record) for record in found[(number - 1) * size : number * size]],
        "more_href": ask.href("/exhibitors", more) if more else "",
        "booth_hit": card(catalogue, ask, holder) if holder else None,
        "suggestions": [] if found else _suggestions(catalogue, ask, q, chosen, counts),
    }
    return page(catalogue, ask, "exhibitors", _("Exhibitors"), context)


def _page_number(text: str, total: int, size: int) -> int:
    number = int(text) if re.fullmatch("[1-9][0-9]{0,4}", text) else 1
    return number if (number - 1) * size < total else 1


def _sift(
    catalogue: Catalogue, records: list[Record], chosen: dict[str, str]
) -> tuple[list[Record], dict[str, Counter[str]]]:
    """The records that pass every chosen filter, in order, and for each filter how many there would be under
    each of its values, and "" for any value, with the other filters as they are: a record counts where no other
    one refuses it."""
    found: list[Record] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in FILTERS}
    for record in records:
        refused = [name for name, value in chosen.items() if value not in catalogue.values(record, name)]
        if not refused:
            found.append(record)
        for name in FILTERS:
            if not refused or refused == [name]:
                counts[name].update(["", *catalogue.values(record, name)])
    return found, counts


def _filter(
    catalogue: Catalogue,
    ask: Ask,
    name: str,
    q: str,
    chosen: dict[str, str],
    counts: Counter[str],
) -> Context:
    """One filter. The link of the chosen option takes the filter away, any other sets it."""
    _ = ask.gettext
    labels = {
        "sector": _("Sector"),
        "kind": _("Type"),
        "province": _("Province"),
        "zone": _("Pavilion"),
        "label": _("Label (quality sign)"),
    }
    value = chosen.get(name, "")
    options = [
        {
            "value": option,
            "name": local(catalogue.texts(name, option), ask.lang),
            "count": counts[option],
            "selected": option == value,
            "href": _narrowed(ask, q, chosen, name, "" if option == value else option),
        }
        for option in catalogue.options(name)
    ]
    return {
        "name": name,
        "label": labels[name],
        "options": options,
        "chosen": local(catalogue.texts(name, value), ask.lang) if value else None,
    }


def _narrowed(ask: Ask, q: str, chosen: dict[str, str], name: str, value: str) -> str:
    """The list with one filter set, or without it; parameters always in the same order."""
    wanted = chosen | {name: value}
    return ask.href("/exhibitors", {"q": q} | {name: wanted.get(name, "") for name in FILTERS})


def _suggestions(
    catalogue: Catalogue,
    ask: Ask,
    q: str,
    chosen: dict[str, str],
    counts: dict[str, Counter[str]],
) -> list[Context]:
    """Ways out of an empty list: one filter less where that finds something, else the six largest sectors."""
    fewer = []
    for name, value in chosen.items():
        text = local(catalogue.texts(name, value), ask.lang)
        if text and counts[name][""]:
            fewer.append({**text, "href": _narrowed(ask, q, chosen, name, ""), "without": True})
    if fewer:
        return fewer
    sectors = [(code, local(catalogue.texts("sector", code), ask.lang)) for code in catalogue.options("sector")[:6]]
    return [
        {**text, "href": ask.href("/exhibitors", {"sector": code}), "without": False} for code, text in sectors if text
    ]
