"""Stage 2: sheets become tables, by their headings.

A sheet is a list of exhibitors, products, workshops or places when some row near its top has headings of one,
in any language and order; what is above that row is a title. Each column gets the path of the field it holds,
`phones` or `name.ar`; a second column for one list is `phones#2`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from companion.catalogue.keys import key
from companion.imports.cells import is_empty, is_error, written
from companion.imports.choices import IGNORE
from companion.imports.headings import KINDS, Headings, lists_of, needs_of
from companion.imports.problems import Finding
from companion.imports.read import Cell, Sheet

TITLE_ROWS = 20
"""How far down the headings are looked for."""

EXAMPLES = frozenset({"exemple", "example", "مثال", "ⴰⵎⴷⵢⴰ"})
"""A row that begins with one of these shows how to fill in the list and is not part of it."""


_REACHING = re.compile(r"\b(?:HYPERLINK|WEBSERVICE|IMPORT\w+|DDE|CALL|EXEC)\s*\(|\|", re.IGNORECASE)
"""Formulas that open or fetch something: a list that holds one is refused, unless its value was saved."""
_FAULTY = ("#", "E", "e", "=")
"""What an error or a formula without a value begins with."""


@dataclass(frozen=True)
class Column:
    """A column that was recognised: where it is (from 0), what it holds, how it is headed."""

    index: int
    path: str
    heading: str


@dataclass
class Table:
    """A sheet that was recognised, and what was found wrong with it so far. `header` counts from 0."""

    kind: str
    sheet: Sheet
    header: int
    columns: dict[str, Column]
    findings: list[Finding] = field(default_factory=list)
    left_out: Collection[int] = ()
    """Numbers of rows that are not to be read."""
    skip_hidden: bool = False
    hidden: set[int] = field(default_factory=set)
    """Rows that hold something and are hidden, from 0; filled as the rows are read."""
    has_blank: bool = False
    """Whether a cell looked empty in a sheet that does not tell whether it is; known when the rows are read."""
    _faulty: set[int] = field(default_factory=set, repr=False)
    """Rows whose faults have been noted."""
    _paths: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def paths(self, name: str) -> list[str]:
        """Return the paths of all columns of a field."""
        if not self._paths:
            for path in self.columns:
                self._paths.setdefault(re.split(r"[.#]", path)[0], []).append(path)
        return self._paths.get(name, [])

    def finding(self, problem: str, row: int, path: str, value: str | None, **parameters: str) -> Finding:
        """Name a problem with a cell; `row` counts from 1. A field without a column is named by its row."""
        column = self.columns.get(path)
        heading, cell = (column.heading, reference(row - 1, column.index)) if column else ("", "")
        return Finding(problem, self.sheet.name, row, heading, cell, value, parameters)

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the headings that hold something: no blank ones, no title lines between."""
        for at in range(self.header + 1, len(self.sheet.rows)):
            cells = self.sheet.rows[at]
            is_filled = [not is_empty(cell) for cell in cells]
            filled = [cell for cell, says in zip(cells, is_filled, strict=True) if says]
            recognised = {path: cells[column.index] for path, column in self.columns.items()}
            told = {path for path, column in self.columns.items() if is_filled[column.index]}
            if at + 1 in self.left_out or (filled and key(written(filled[0])) in EXAMPLES):
                continue
            if not told:
                continue
            if len(filled) == 1 and self._is_title(at):
                continue
            if all(written(cell) == self.columns[path].heading for path, cell in recognised.items()):
                continue
            if at in self.sheet.hidden:
                self.hidden.add(at)
                if self.skip_hidden:
                    continue
            row = Row(self, at + 1, recognised, told)
            if any(isinstance(cell := recognised[path], str) and cell.lstrip()[:1] in _FAULTY for path in told):
                self._note_faults(row, at not in self._faulty)
                self._faulty.add(at)
            if not self.sheet.knows_empty:
                row.blank = recognised.keys() - row.told - row.unread
                self.has_blank = self.has_blank or bool(row.blank)
            yield row

    def _note_faults(self, row: Row, new: bool) -> None:
        """Take cells that hold an error, or a formula without a saved value, out of a row; name them once."""
        for path in list(row.told):
            unsaved = isinstance(cell := row.cells[path], str) and cell.startswith("=") and cell == row.formula(path)
            if unsaved or is_error(cell):
                row.unread.add(path)
                if new:
                    reaching = unsaved and _REACHING.search(row.formula(path) or "")
                    row.find("formula_injection" if reaching else "unsaved_formula" if unsaved else "error_cell", path)
        row.told -= row.unread

    def _is_title(self, at: int) -> bool:
        """A line merged across the list is a title between its parts."""
        return any(top == at == bottom and right > left for top, left, bottom, right in self.sheet.merged)


@dataclass
class Row:
    """One row of a table; `number` counts from 1, as sheets do. `told` are the paths of cells that say something."""

    table: Table
    number: int
    cells: dict[str, Cell]
    told: set[str]
    unread: set[str] = field(default_factory=set)
    """Paths of cells whose value is not known: what the record has there stays."""
    blank: set[str] = field(default_factory=set)
    """Paths of cells that look empty, in a sheet that does not tell whether they are."""

    def __contains__(self, path: str) -> bool:
        """Tell whether the table has a column for this field."""
        return path in self.cells

    def cell(self, path: str) -> Cell:
        """Return what a cell holds; None when it is empty or there is no such column."""
        return self.cells[path] if path in self.told else None

    def formula(self, path: str) -> str | None:
        """Return the formula behind a cell, if it is one."""
        if not self.table.sheet.formulas:
            return None
        column = self.table.columns.get(path)
        return self.table.sheet.formulas.get((self.number - 1, column.index)) if column else None

    def finding(self, problem: str, path: str, **parameters: str) -> Finding:
        """Name a problem with one cell of this row."""
        cell = self.cells.get(path)
        value = (self.formula(path) if path not in self.unread else None) or (
            None if cell is None else written(cell)[:120]
        )
        return self.table.finding(problem, self.number, path, value, **parameters)

    def find(self, problem: str, path: str, **parameters: str) -> None:
        """Note a problem with one cell of this row among the findings of its table."""
        self.table.findings.append(self.finding(problem, path, **parameters))

    def paths(self, name: str) -> list[str]:
        """Return the paths of all columns of a field: `name.fr`, `name.ar`; `phones`, `phones#2`."""
        return self.table.paths(name)

    @property
    def place(self) -> str:
        """How messages name this row: `Exposants 12`."""
        return f"{self.table.sheet.name} {self.number}"


def recognise(
    sheets: list[Sheet],
    headings: Headings | None = None,
    left_out: Collection[tuple[str, int]] = (),
    *,
    skip_hidden: bool = False,
) -> tuple[dict[str, list[Table]], list[Finding]]:
    """Return the tables by kind, in the order of their sheets, and findings about headings and sheets.

    `left_out` are rows, by sheet and number, that are not to be read; `skip_hidden` leaves out hidden rows and sheets.
    """
    headings = headings or Headings()
    found: dict[str, list[Table]] = {}
    findings: list[Finding] = []
    for sheet in sheets:
        table = best_table(sheet, headings)
        if table is None:
            if any(not is_empty(cell) for row in sheet.rows for cell in row):
                findings.append(Finding("unknown_sheet", sheet.name, parameters={"other": sheet.name}))
            continue
        if sheet.is_hidden:
            findings.append(Finding("hidden_sheet_left_out" if skip_hidden else "hidden_sheet", sheet.name))
            if skip_hidden:
                continue
        table.skip_hidden = skip_hidden
        table.left_out = {number for name, number in left_out if name == sheet.name}
        found.setdefault(table.kind, []).append(table)
        _note_merged_cells(table)
    if not found:
        findings.append(Finding("no_list_found"))
    return found, findings


def best_table(sheet: Sheet, headings: Headings) -> Table | None:
    """Return a sheet as the list most of its headings are of; None when it is none, or is to be left out.

    The row of the headings is found without the columns that were chosen: those fit any row.
    """
    chosen = headings.kinds.get(sheet.name)
    if chosen == IGNORE or not sheet.rows:
        return None
    kinds = (chosen,) if chosen else KINDS
    plain = replace(headings, columns={})
    rows = range(min(TITLE_ROWS, len(sheet.rows)))
    candidates = [_table(kind, sheet, header, plain) for header in rows for kind in kinds]
    found = max((table for table in candidates if table), key=lambda table: len(table.columns), default=None)
    if found is None and not chosen:
        return None
    kind, header = (found.kind, found.header) if found else (chosen or "", fullest_row(sheet))
    return _read_headings(kind, sheet, header, headings)


def fullest_row(sheet: Sheet) -> int:
    """Return the row near the top with the most filled cells: the headings, most likely."""
    rows = range(min(TITLE_ROWS, len(sheet.rows)))
    return max(rows, key=lambda at: sum(not is_empty(cell) for cell in sheet.rows[at]), default=0)


def _table(kind: str, sheet: Sheet, header: int, headings: Headings) -> Table | None:
    """Read a row as headings of a kind of list; None when it lacks what such a list needs, or is one word."""
    table = _read_headings(kind, sheet, header, headings)
    fields = {path.split(".")[0] for path in table.columns}
    needed = needs_of(kind)
    return table if needed <= fields and len(table.columns) >= max(2, len(needed)) else None


def _read_headings(kind: str, sheet: Sheet, header: int, headings: Headings) -> Table:
    columns: dict[str, Column] = {}
    table = Table(kind, sheet, header, columns)
    for index, cell in enumerate(sheet.rows[header]):
        chosen = headings.columns.get(sheet.name, {}).get(index)
        if chosen == IGNORE or (is_empty(cell) and not chosen):
            continue
        heading = written(cell)
        path = chosen or headings.path_of(kind, heading)
        if path in columns and path in lists_of(kind):
            path = f"{path}#{sum(one.split('#')[0] == path for one in columns) + 1}"
        if path is None or path in columns:
            problem = "repeated_column" if path else "unknown_column"
            at = reference(header, index)
            table.findings.append(Finding(problem, sheet.name, header + 1, heading, at, heading))
            continue
        columns[path] = Column(index, path, heading)
    return table


def _note_merged_cells(table: Table) -> None:
    """Merged cells below the headings lose what the other rows should hold."""
    for top, left, bottom, right in table.sheet.merged:
        hit = [column for column in table.columns.values() if left <= column.index <= right]
        filled = [cell for cell in table.sheet.rows[top] if not is_empty(cell)] if top < len(table.sheet.rows) else []
        title = top == bottom and len(filled) <= 1
        if top > table.header and hit and filled and not title:
            first = min(hit, key=lambda column: column.index)
            value = written(table.sheet.rows[top][first.index])[:120]
            area = f"{reference(top, left)}:{reference(bottom, right)}"
            table.findings.append(table.finding("merged_cells", top + 1, first.path, value, other=area))


def reference(row: int, column: int) -> str:
    """Return the name of a cell, counting from 0: (13, 1) is `B14`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
