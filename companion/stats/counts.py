"""What the organisers want to know, counted: who is there, from where, who came, what was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.catalogue import vocabulary
from companion.languages import FALLBACK
from companion.models import Booth, Exhibitor, Fair, Request, Sector, Tally, fair_zone
from companion.sync.merged import merged_codes
from companion.zones import local

Translate = Callable[[str], str]
WHATS = ("scan", "view", "bookmark", "contact")


def _(message: str) -> str:
    """Mark a sentence for extraction; it is translated when it is shown."""
    return message


@dataclass(frozen=True)
class Table:
    """Numbers under a title: a label and a number for each head after the first."""

    key: str
    title: str
    heads: Sequence[str]
    rows: list[tuple[str, list[int]]] = field(default_factory=list)
    others: str = ""
    """What the exhibitors are called that are not led by women, in a table of exhibitors."""


@dataclass(frozen=True)
class Counted:
    """The fair in numbers: its name and dates, the largest numbers, and tables."""

    fair: str
    dates: list[str]
    figures: list[tuple[str, int]]
    tables: list[Table]


def count(session: Session, lang: str, translate: Translate) -> Counted:
    """Count the fair, with words in a language. Raises LookupError when there is no fair."""
    fair = session.scalar(select(Fair).where(~Fair.deleted))
    if fair is None:
        raise LookupError("there is no fair")
    rows = session.scalars(select(Exhibitor).where(~Exhibitor.deleted, ~Exhibitor.withdrawn)).all()
    sectors = {row.code: _said(row.name, lang) for row in session.scalars(select(Sector).where(~Sector.deleted))}
    kinds = {code: _said(names, lang) for code, names in vocabulary.family("kind").items()}
    codes = {row.province for row in rows}
    merged = merged_codes(session)
    provinces = {code: _said(names, lang) for code, names in vocabulary.provinces(codes).items()}
    sector_of = {code: row.sector for row in rows for code in (row.code, *merged.get(row.id, ()))}
    tables = [
        _people(rows, lambda row: row.kind, kinds, Table("kind", translate(_("Exhibitors by kind")), ())),
        _people(rows, lambda row: row.sector, sectors, Table("sector", translate(_("Exhibitors by sector")), ())),
        _people(
            rows, lambda row: row.province, provinces, Table("province", translate(_("Exhibitors by province")), ())
        ),
    ]
    heads = [translate(head) for head in (_("Exhibitors"), _("Led by women"), _("Members"), _("Women"))]
    others = translate(_("Others"))
    tables = [Table(one.key, one.title, heads, one.rows, others) for one in tables]
    visits, asked = _visits(session, translate), _asked(session, sectors, sector_of, translate)
    return Counted(
        _said(fair.name, lang), list(fair.dates), _figures(session, rows, translate), [*tables, visits, *asked]
    )


def _figures(session: Session, rows: Sequence[Exhibitor], translate: Translate) -> list[tuple[str, int]]:
    placed = session.scalar(
        select(func.count())
        .select_from(Booth)
        .where(~Booth.deleted, Booth.exhibitor.is_not(None), Booth.exhibitor != "")
    )
    scans = session.scalar(select(func.sum(Tally.count)).where(Tally.what == "scan"))
    requests = session.scalar(select(func.count()).select_from(Request).where(~Request.withdrawn, ~Request.erased))
    return [
        (translate(_("Exhibitors")), len(rows)),
        (translate(_("Led by women")), sum(row.women_led for row in rows)),
        (translate(_("Members")), sum(row.members or 0 for row in rows)),
        (translate(_("Women")), sum(row.women or 0 for row in rows)),
        (translate(_("Booths taken")), placed or 0),
        (translate(_("Codes scanned")), int(scans or 0)),
        (translate(_("Contact requests")), requests or 0),
    ]


def _people(
    rows: Iterable[Exhibitor], key: Callable[[Exhibitor], str], names: Mapping[str, str], table: Table
) -> Table:
    found: dict[str, list[int]] = {}
    for row in rows:
        numbers = found.setdefault(key(row), [0, 0, 0, 0])
        for n, more in enumerate((1, int(row.women_led), row.members or 0, row.women or 0)):
            numbers[n] += more
    ordered = sorted(found.items(), key=lambda pair: (-pair[1][0], pair[0]))
    return Table(table.key, table.title, (), [(names.get(code, code) or "—", numbers) for code, numbers in ordered])


def _visits(session: Session, translate: Translate) -> Table:
    """Count what phones told by day: anonymous sums, one row of each day."""
    heads = {
        "scan": translate(_("Codes scanned")), "view": translate(_("Pages opened")),
        "bookmark": translate(_("Kept in a list")), "contact": translate(_("Contacts used")),
    }  # fmt: skip
    found: dict[str, Counter[str]] = {}
    query = select(Tally.day, Tally.what, func.sum(Tally.count)).where(~Tally.deleted).group_by(Tally.day, Tally.what)
    for day, what, number in session.execute(query):
        found.setdefault(day, Counter())[what] += int(number)
    rows = [(day, [numbers[what] for what in WHATS]) for day, numbers in sorted(found.items())]
    return Table("visits", translate(_("Visits by day")), [heads[what] for what in WHATS], rows)


def _asked(
    session: Session, sectors: Mapping[str, str], sector_of: Mapping[str, str], translate: Translate
) -> list[Table]:
    zone = fair_zone(session)
    days: Counter[str] = Counter()
    by_sector: Counter[str] = Counter()
    rows: Any = session.execute(select(Request.exhibitor, Request.at).where(~Request.withdrawn, ~Request.erased))
    for exhibitor, at in rows:
        days[local(zone, at)[:10] or "—"] += 1
        by_sector[sector_of.get(exhibitor, "")] += 1
    head = [translate(_("Contact requests"))]
    ordered = sorted(by_sector.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        Table("asked", translate(_("Contact requests by day")), head, [(day, [n]) for day, n in sorted(days.items())]),
        Table("asked-sector", translate(_("Contact requests by sector")), head,
              [(sectors.get(code, code) or "—", [n]) for code, n in ordered]),
    ]  # fmt: skip


def _said(texts: Mapping[str, str], lang: str) -> str:
    return next((texts[one] for one in (lang, *FALLBACK) if texts.get(one)), next(iter(texts.values()), ""))
