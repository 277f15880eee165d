"""Writing workbooks for tests: from rows, or the demo workbook with some cells changed."""

from __future__ import annotations

import copy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from companion.imports.read import Cell, read_sheets

WORKBOOK = Path(__file__).parent.parent / "examples" / "exhibitors.xlsx"

Rows = list[list[Any]]


def write_workbook(path: Path, sheets: dict[str, Rows], merged: dict[str, list[str]] | None = None) -> Path:
    """Write an .xlsx; text stays text, also when it begins with `=`. `merged` are ranges by sheet."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for area in (merged or {}).get(name, ()):
                sheet.merge_range(area, "")
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value, day)  # type: ignore[arg-type]
                    elif value is not None:
                        sheet.write(at, column, value)
    return path


@cache
def _demo() -> dict[str, list[list[Cell]]]:
    return {sheet.name: sheet.rows for sheet in read_sheets(WORKBOOK)}


def demo_rows() -> dict[str, Rows]:
    """The demo workbook's cells by sheet; a copy to change at will."""
    return copy.deepcopy(_demo())


def set_cells(rows: Rows, cells: dict[str, Any]) -> None:
    """Set cells named as people name them: `{"P2": "06 …"}`; columns A to Z."""
    for cell, value in cells.items():
        rows[int(cell[1:]) - 1][ord(cell[0]) - ord("A")] = value
