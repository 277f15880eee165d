"""What a visitor keeps. Only the phone knows it; it asks for this page with its codes. static/js/page_mine.js is the
twin."""

from __future__ import annotations

from companion.catalogue.index import Catalogue, Record
from companion.visitors.ask import Answer, Ask, page
from companion.visitors.cards import agenda_of, card, listed, session

MOST = 400


def mine(catalogue: Catalogue, ask: Ask) -> Answer:
    """`/mine`. codes: bookmarked exhibitors; visited: exhibitors; agenda: workshops. What is no longer in the
    catalogue stands in `gone` (exhibitors) and `lost` (workshops) by its code: the phone knows what it was called."""
    _ = ask.gettext
    asked = listed(ask.param("codes"), MOST)
    kept = _exhibitors(catalogue, asked)
    visited = [exhibitor["code"] for exhibitor in _exhibitors(catalogue, listed(ask.param("visited"), MOST))]
    agenda = agenda_of(catalogue, ask.param("agenda"))
    agenda.sort(key=lambda workshop: (workshop["date"], workshop["start"], workshop["code"]))
    homes = [catalogue.home(exhibitor) for exhibitor in kept if exhibitor["code"] not in visited]
    stops = [home["code"] for home in homes if home]
    context = {
        "cards": [card(catalogue, ask, exhibitor) for exhibitor in kept],
        "visited": visited,
        "sessions": [session(catalogue, ask, workshop, agenda) for workshop in agenda],
        "gone": [code for code in asked if catalogue.exhibitor(code) is None],
        "lost": [code for code in listed(ask.param("agenda"), 100) if catalogue.workshop(code) is None],
        "map_href": ask.href("/map", {"stops": ",".join(stops[:40])}) if stops else "",
    }
    return page(catalogue, ask, "mine", _("My list"), context)


def _exhibitors(catalogue: Catalogue, codes: list[str]) -> list[Record]:
    """The exhibitors of these codes, in order, each once; unknown codes are skipped."""
    found = [exhibitor for code in codes if (exhibitor := catalogue.exhibitor(code))]
    return list({exhibitor["code"]: exhibitor for exhibitor in found}.values())
