"""One visitor's question and what every answer holds. static/js/ask.js is the twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from companion.catalogue.index import Catalogue
from companion.visitors.format import NATIVE, Text, address, local, words

FRAGMENT = "text/x-fragment"
"""What a page's script accepts when it asks for the changing part of the page alone."""

Answer = dict[str, Any]
Context = dict[str, Any]

# Every parameter a page reads. Links to the same page keep these, in this order, and drop the others.
PARAMETERS = (
    *("q", "kind", "sector", "province", "zone", "label", "page"),
    *(
        "at",
        "to",
        "stops",
        "day",
        "room",
        "lang",
        "mine",
        "codes",
        "visited",
        "agenda",
        "code",
        "sent",
    ),
)


@dataclass(frozen=True)
class Ask:
    """What is asked, in which language, when, and with which words to answer.

    path: without the language, decoded, e.g. "/e/K7M2P". query: the first value of each parameter.
    now: the fair's own clock, "2027-07-03T10:05". base_url: "https://host" or "". origin: where this
    page was asked for, another address than base_url on the fair's own network. gettext and ngettext answer
    messages with their %(holes)s still open. languages: the codes that are on, in the order to show them.
    """

    lang: str
    path: str
    query: Mapping[str, str]
    now: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    base_url: str
    origin: str
    languages: tuple[str, ...]

    def param(self, name: str) -> str:
        """A parameter of the address; "" when it is not given."""
        return self.query.get(name, "")

    def href(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """The address of a page in the visitor's language."""
        return address(self.lang, path, query)


def page(
    catalogue: Catalogue,
    ask: Ask,
    name: str,
    title: str,
    context: Context,
    status: int = 200,
) -> Answer:
    """The answer that renders one template with the members every page has and its own."""
    fair = catalogue.fair
    query = {key: ask.param(key) for key in PARAMETERS}
    languages = [
        {
            "code": code,
            "name": NATIVE[code],
            "href": address(code, ask.path, query),
            "current": code == ask.lang,
        }
        for code in ask.languages
    ]
    common = {
        "lang": ask.lang,
        "dir": "rtl" if ask.lang == "ar" else "ltr",
        "page": name,
        "nav": NAV.get(name, ""),
        "languages": languages,
        "alternates": languages,
        "path": ask.path,
        "fair": {
            "name": local(fair.get("name"), ask.lang),
            "short_name": local(fair.get("short_name"), ask.lang) or local(fair.get("name"), ask.lang),
            "place": local(fair.get("place"), ask.lang),
            "dates": words(fair.get("dates"), ask.lang),
            "demo": bool(fair.get("demo")),
        },
        "seq": catalogue.snapshot["seq"],
        "made": catalogue.snapshot["made"],
        "base_url": ask.base_url,
        "title": title if name == "home" else f"{title} · {fair_name(catalogue, ask)}",
        "description": words(fair.get("theme"), ask.lang),
        "urgent": [] if name == "home" else _urgent(catalogue, ask),
    }
    return {
        "status": status,
        "template": f"visitors/{name}.html",
        "context": common | context,
    }


def _urgent(catalogue: Catalogue, ask: Ask) -> list[Text | None]:
    """The titles of what cannot wait: every page says them, the first page says all of it."""
    return [
        local(notice.get("title"), ask.lang)
        for notice in catalogue.snapshot.get("notices", [])
        if notice.get("urgency") == "urgent"
        and notice.get("starts", "")[:16] <= ask.now < notice.get("ends", "9999")[:16]
    ]


def fair_name(catalogue: Catalogue, ask: Ask) -> str:
    """The fair's short name, as messages and titles say it."""
    return words(catalogue.fair.get("short_name"), ask.lang) or words(catalogue.fair.get("name"), ask.lang)


# The tab of the bottom bar each page belongs to.
NAV = {
    "home": "home",
    "exhibitors": "exhibitors",
    "exhibitor": "exhibitors",
    "booth_free": "map",
    "map": "map",
    "mine": "mine",
    "scan": "scan",
    "request": "exhibitors",
}
