"""The page that says something is not here, and offers what is near. static/js/page_missing.js is the twin."""

from __future__ import annotations

import re

from companion.catalogue.index import Catalogue, typed
from companion.visitors.ask import Answer, Ask, Context, page
from companion.visitors.cards import card
from companion.visitors.format import tidy

_NUMBERED = re.compile("([A-Z]+)([0-9]{1,6})")


def neighbours(catalogue: Catalogue, ask: Ask, asked: str) -> list[Context]:
    """Cards of the three held booths of the same letter whose numbers are closest to one that does not exist."""
    found = _NUMBERED.fullmatch(typed(asked))
    if not found:
        return []
    near = []
    for booth in catalogue.booths:
        there = _NUMBERED.fullmatch(booth["code"])
        exhibitor = catalogue.holder(booth)
        if there and exhibitor and there[1] == found[1]:
            near.append((abs(int(there[2]) - int(found[2])), booth["code"], exhibitor))
    nearest = {exhibitor["code"]: exhibitor for _, _, exhibitor in sorted(near, key=lambda item: item[:2])}
    return [card(catalogue, ask, exhibitor) for exhibitor in list(nearest.values())[:3]]


def suggestions(catalogue: Catalogue, ask: Ask, asked: str) -> list[Context]:
    """Up to three cards for a code or words that led nowhere."""
    near = neighbours(catalogue, ask, asked)
    return near or [card(catalogue, ask, exhibitor) for exhibitor in catalogue.find(asked)[:3]]


def missing(catalogue: Catalogue, ask: Ask, what: str, asked: str) -> Answer:
    """404. what: "booth", "exhibitor", "workshop" or "page"; asked: the code or path as it was typed."""
    _ = ask.gettext
    asked = tidy(asked, 40)
    near = [] if what == "page" else suggestions(catalogue, ask, asked)
    context = {"what": what, "asked": asked, "suggestions": near}
    return page(catalogue, ask, "missing", _("Not found"), context, status=404)
