"""Stage 4: tables become the content of a fair, and everything found wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from companion.imports.cells import written
from companion.imports.edition import Edition
from companion.imports.exhibitors import Listed, exhibitors
from companion.imports.floor import Spot, give_booths, plan
from companion.imports.headings import Headings
from companion.imports.problems import Finding
from companion.imports.products import Offer, products
from companion.imports.programme import Session, fill_capacities, rooms_of, workshops
from companion.imports.read import Sheet
from companion.imports.tables import Row, Table, recognise


@dataclass
class Content:
    """What a workbook says; a kind it has no sheet for is empty and not in `kinds`."""

    kinds: frozenset[str]
    exhibitors: list[Listed] = field(default_factory=list)
    products: list[Offer] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    workshops: list[Session] = field(default_factory=list)


def interpret(
    sheets: list[Sheet],
    edition: Edition,
    headings: Headings | None = None,
    left_out: Collection[tuple[str, int]] = (),
    *,
    skip_hidden: bool = False,
) -> tuple[Content, list[Finding]]:
    """Understand the sheets of a workbook. Findings are in the order of sheets, rows and columns.

    `left_out` are rows, by sheet and number, that are not to be read; `skip_hidden` leaves out hidden rows and sheets.
    """
    tables, findings = recognise(sheets, headings, left_out, skip_hidden=skip_hidden)
    content = Content(frozenset(tables))
    if "plan" in tables:
        content.spots = plan(_rows(tables["plan"]), edition)
    if "exhibitors" in tables:
        offered = _offered(_rows(tables.get("products", ())))
        content.exhibitors = exhibitors(_rows(tables["exhibitors"]), edition, offered)
        give_booths(content.spots, content.exhibitors, edition, drawn="plan" in tables)
    if "products" in tables:
        content.products = products(_rows(tables["products"]), content.exhibitors)
    if "workshops" in tables:
        content.workshops = workshops(_rows(tables["workshops"]), edition, rooms_of(content.spots, edition))
        fill_capacities(content.spots, content.workshops)
    findings += [finding for some in tables.values() for table in some for finding in table.findings]
    for table in (table for some in tables.values() for table in some if table.hidden):
        problem = "hidden_rows_left_out" if skip_hidden else "hidden_rows"
        findings.append(Finding(problem, table.sheet.name, parameters={"other": str(len(table.hidden))}))
    blank = [table.sheet.name for some in tables.values() for table in some if table.has_blank]
    findings += [Finding("empty_kept", name) for name in blank]
    order = {sheet.name: at for at, sheet in enumerate(sheets)}
    findings.sort(key=lambda one: (order.get(one.sheet, -1), one.row or 0, len(one.cell), one.cell))
    return content, findings


def _rows(tables: Iterable[Table]) -> Iterator[Row]:
    """Yield the rows of a list that may stand on several sheets, one a hall or a province, say."""
    for table in tables:
        yield from table.rows()


def _offered(rows: Iterable[Row]) -> list[str]:
    """What the list of products says in French: names and categories."""
    return [written(row.cell(path)) for row in rows for path in ("name.fr", "concept")]
