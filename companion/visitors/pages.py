"""Which page answers which address. Flask and the service worker ask the same; static/js/pages.js is the twin.

Templates get plain text, integers, booleans, lists and dicts only; they do the escaping.
"""

from __future__ import annotations

from collections.abc import Callable

from companion.catalogue.index import Catalogue
from companion.visitors.ask import Answer, Ask, page
from companion.visitors.page_exhibitor import booth, exhibitor
from companion.visitors.page_exhibitors import exhibitors
from companion.visitors.page_home import home
from companion.visitors.page_map import plan
from companion.visitors.page_mine import mine
from companion.visitors.page_missing import missing
from companion.visitors.page_programme import programme, workshop
from companion.visitors.page_request import request
from companion.visitors.page_scan import scan


def about(catalogue: Catalogue, ask: Ask) -> Answer:
    """`/about`: all its words are in the template."""
    _ = ask.gettext
    return page(catalogue, ask, "about", _("About"), {})


PAGES: dict[str, Callable[[Catalogue, Ask], Answer]] = {
    "": home,
    "exhibitors": exhibitors,
    "map": plan,
    "programme": programme,
    "mine": mine,
    "scan": scan,
    "about": about,
}

RECORDS: dict[str, Callable[[Catalogue, Ask, str], Answer]] = {
    "e": exhibitor,
    "b": booth,
    "programme": workshop,
}


def answer(catalogue: Catalogue, ask: Ask) -> Answer:
    """Answer a visitor's address: in any case, with or without a last slash, whatever the parameters.

    A page: {"status": 200 | 404, "template", "context"}. A file: {"status": 200, "type", "filename", "body"}.
    Elsewhere: {"status": 302, "location"}. Parameters a page cannot make sense of count as not given.
    """
    parts = ask.path.split("/")[1:]
    if len(parts) > 1 and parts[-1] == "":
        parts.pop()
    head = parts[0].lower() if parts else ""
    if len(parts) < 2 and head in PAGES:
        return PAGES[head](catalogue, ask)
    if len(parts) == 2 and head in RECORDS:
        return RECORDS[head](catalogue, ask, parts[1])
    if len(parts) == 3 and head == "e" and parts[2].lower() == "request":
        return request(catalogue, ask, parts[1])
    return missing(catalogue, ask, "page", ask.path)
