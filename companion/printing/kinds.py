"""Every kind of paper there is, by name: what it is called, what one may choose, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from companion.catalogue.index import Catalogue
from companion.printing import guides, papers
from companion.printing.cards import business_card, business_cards
from companion.printing.posters import booth_posters, posters
from companion.printing.typeset import Copy
from companion.printing.words import _

Choice = Literal["", "booth", "exhibitor", "zone", "day"]


@dataclass(frozen=True)
class Kind:
    """A kind of paper. `one` is what may be chosen of it, `sizes` the paper sizes, the first the usual one.

    `make(catalogue, base_url, which, size)` returns it ready to be set, with nothing on it when `which` is not there.
    """

    name: str
    title: str
    about: str
    make: Callable[[Catalogue, str, str, str], Copy]
    one: Choice = ""
    sizes: tuple[str, ...] = ("a4",)


class NothingToPrint(LookupError):
    """What was asked for is not there: no such booth, exhibitor, zone or day, or none at all."""


def _posters(catalogue: Catalogue, base_url: str, which: str, size: str) -> Copy:
    chosen = [poster for booth in which.split(",") for poster in booth_posters(catalogue, base_url, booth.strip())]
    return posters(catalogue, chosen, size)


def _business(catalogue: Catalogue, base_url: str, which: str, _size: str) -> Copy:
    chosen = [one for one in catalogue.exhibitors if not which or papers.is_asked(one, which)]
    return business_cards([business_card(catalogue, base_url, one) for one in chosen])


KINDS = {
    kind.name: kind
    for kind in (
        Kind("posters", _("Booth posters"), _("Booth number, names and code, to stand on each booth."),
             _posters, "booth", ("a5", "a4", "a6")),
        Kind("entrance", _("Poster for entrances"), _("The fair in your pocket: for doors, walls and desks."),
             lambda catalogue, base_url, _which, size: papers.entrance_poster(catalogue, base_url, size),
             sizes=("a3", "a1", "a2", "a4")),
        Kind("business", _("Business cards"), _("Ten a page, with marks to cut along; one page an exhibitor."),
             _business, "exhibitor"),
        Kind("booths", _("Table of booths"), _("Who stands where, zone by zone."),
             lambda catalogue, _base_url, which, _size: papers.booth_table(catalogue, which), "zone"),
        Kind("plan", _("Plan of the hall"), _("All booths with their names, drawn from the plan's metres."),
             lambda catalogue, base_url, _which, size: papers.plan_poster(catalogue, base_url, size),
             sizes=("a1", "a2", "a3", "a4")),
        Kind("programme", _("Programme of the day"), _("Each day on a page of its own."),
             lambda catalogue, _base_url, which, _size: papers.day_programmes(catalogue, which), "day"),
        Kind("certificates", _("Certificates of participation"), _("With room for signatures."),
             lambda catalogue, _base_url, which, _size: papers.certificates(catalogue, which), "exhibitor"),
        Kind("guide-exhibitors", _("Exhibitor's guide"), _("Two pages, each step a picture and a sentence."),
             lambda catalogue, base_url, _which, _size: guides.exhibitors_guide(catalogue, base_url)),
        Kind("guide-staff", _("Staff's guide"), _("Two pages for the office and the floor."),
             lambda catalogue, base_url, _which, _size: guides.staff_guide(catalogue, base_url)),
    )
}  # fmt: skip


def ready(kind: Kind, catalogue: Catalogue, base_url: str, which: str = "", size: str = "") -> Copy:
    """Return a paper ready to be set; `which` and `size` empty: all of it, on the usual paper.

    Raises NothingToPrint when there is nothing of what was asked, ValueError for a size it is not made in.
    """
    if size and size not in kind.sizes:
        raise ValueError(f"{kind.name} is made on {', '.join(kind.sizes)}")
    copy = kind.make(catalogue, base_url, which, size or kind.sizes[0])
    if kind.one and not copy.sheets and not copy.data.get("zones"):
        raise NothingToPrint(which)
    return copy
