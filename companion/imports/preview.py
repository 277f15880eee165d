"""What a trial found, as plain values for the office's page: columns, entries, findings, possible duplicates."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from companion.imports.cells import is_empty, written
from companion.imports.choices import IGNORE
from companion.imports.headings import Headings
from companion.imports.problems import Finding
from companion.imports.read import Sheet
from companion.imports.report import Report
from companion.imports.tables import best_table, fullest_row

SAMPLES = 3
"""Values shown of each column."""
WIDEST = 60
"""Columns shown of a sheet; a list that is wider is none."""
LONGEST = 200
"""Characters kept of a value."""

Plain = dict[str, Any]


def preview(report: Report) -> Plain:
    """Return what a trial found as plain JSON values."""
    return {
        "file": report.file,
        "refused": report.refused,
        "applied": report.applied,
        "counts": report.counts,
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "wrong": sum(one.severity == "error" for one in report.findings),
        "by_row": any(one.severity == "error" and one.row is not None for one in report.findings),
        "hidden": any(one.problem.startswith("hidden_") for one in report.findings),
        "left_out": sorted(f"{sheet} {row}" for sheet, row in report.left_out),
        "findings": [asdict(finding) for finding in report.findings],
        "entries": [
            {
                "kind": one.kind, "record": one.record, "state": one.state, "title": one.title, "sheet": one.sheet,
                "row": one.row,
                "fields": [(path, old, new) for path, old, new in one.fields if one.state == "changed"],
            }
            for one in report.entries
        ],
        "possible": [asdict(one) for one in report.possible],
        "sheets": [sheet_columns(sheet, report.headings) for sheet in report.sheets],
        "act": report.act,
    }  # fmt: skip


def findings_of(found: Plain) -> list[Finding]:
    """Return the findings of a preview."""
    return [Finding(**one) for one in found["findings"]]


def sheet_columns(sheet: Sheet, headings: Headings) -> Plain:
    """Return what a sheet was taken for: its kind, the row of its headings and each column with some values."""
    table = best_table(sheet, headings)
    header = table.header if table else fullest_row(sheet)
    paths = {column.index: path.partition("#")[0] for path, column in table.columns.items()} if table else {}
    top = sheet.rows[header] if sheet.rows else []
    chosen = headings.columns.get(sheet.name, {})
    columns = [
        {"index": at, "heading": written(cell)[:LONGEST], "path": paths.get(at, ""), "chosen": chosen.get(at, ""),
         "samples": _samples(sheet, header, at)}
        for at, cell in enumerate(top[:WIDEST])
    ]  # fmt: skip
    filled = [one for one in columns if one["heading"] or one["samples"]]
    kind = table.kind if table else IGNORE if headings.kinds.get(sheet.name) == IGNORE else ""
    return {"name": sheet.name, "kind": kind, "header": header + 1, "rows": len(sheet.rows), "columns": filled}


def _samples(sheet: Sheet, header: int, at: int) -> list[str]:
    cells = (row[at] for row in sheet.rows[header + 1 : header + 200])
    return [written(cell)[:60] for cell, _ in zip((c for c in cells if not is_empty(c)), range(SAMPLES), strict=False)]
