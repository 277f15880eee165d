"""The report for the organisers: the numbers of the fair with a chart of each, and as a workbook to go on with."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from companion.stats.charts import Chart, Series, bars, lines, stacked
from companion.stats.counts import Counted, Table

BY_DAY = ("visits", "asked")
"""Tables whose rows are days: drawn as lines."""


def chart_of(table: Table, *, rtl: bool = False) -> Chart:
    """Return the chart of a table: exhibitors led by women beside others, else its numbers as they are."""
    series = [Series(head, [numbers[n] for _, numbers in table.rows]) for n, head in enumerate(table.heads)]
    if table.others:
        led = [numbers[1] for _, numbers in table.rows]
        rest = [numbers[0] - numbers[1] for _, numbers in table.rows]
        series = [Series(table.heads[1], led), Series(table.others, rest)]
    largest = max(table.rows, key=lambda row: row[1][0], default=None)
    said = f"{largest[0]}: {largest[1][0]}" if largest else ""
    return Chart(table.title, [label for label, _ in table.rows], series, said, rtl=rtl, id=f"chart-{table.key}")


def drawing_of(table: Table, *, rtl: bool = False) -> str:
    """Return a table's chart as SVG; empty when there is nothing to draw."""
    chart = chart_of(table, rtl=rtl)
    if not chart.total:
        return ""
    if table.key in BY_DAY:
        return lines(chart)
    return stacked(chart) if table.others else bars(chart)


def paper_data(counted: Counted, lang: str, made: str) -> dict[str, Any]:
    """Return what the paper `report` shows, as JSON-like values."""
    rtl = lang == "ar"
    tables = [
        {
            "title": table.title, "heads": list(table.heads), "drawing": drawing_of(table, rtl=rtl),
            "rows": [[label, *numbers] for label, numbers in table.rows],
        }
        for table in counted.tables
    ]  # fmt: skip
    figures = [list(figure) for figure in counted.figures]
    return {"lang": lang, "fair": counted.fair, "made": made, "figures": figures, "tables": tables}


def report_xlsx(counted: Counted, title: str, label: str, lang: str) -> bytes:
    """Return the numbers as a workbook: one sheet a table, with a chart; texts stay texts, whatever they begin with."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1})
    _sheet(book, title, [label, ""], [[name, number] for name, number in counted.figures], lang, bold)
    for table in counted.tables:
        rows = [[name, *numbers] for name, numbers in table.rows]
        sheet, name = _sheet(book, table.title, [label, *table.heads], rows, lang, bold)
        if rows:
            _chart(book, sheet, name, table)
    book.close()
    return out.getvalue()


def _sheet(book: Any, title: str, heads: list[str], rows: list[list[Any]], lang: str, bold: Any) -> tuple[Any, str]:
    name = "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31]
    sheet = book.add_worksheet(name)
    if lang == "ar":
        sheet.right_to_left()
    sheet.write_row(0, 0, heads, bold)
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, row)
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, len(heads), 18)
    sheet.freeze_panes(1, 1)
    return sheet, name


def _chart(book: Any, sheet: Any, name: str, table: Table) -> None:
    chart = book.add_chart({"type": "line" if table.key in BY_DAY else "bar"})
    last = len(table.rows)
    for column in range(1, 2 if table.key not in BY_DAY else len(table.heads) + 1):
        chart.add_series({
            "name": [name, 0, column], "categories": [name, 1, 0, last, 0], "values": [name, 1, column, last, column],
        })  # fmt: skip
    chart.set_title({"name": table.title})
    if table.key not in BY_DAY:
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"none": True})
    sheet.insert_chart(1, len(table.heads) + 2, chart, {"x_scale": 1.4, "y_scale": max(1.2, last / 12)})
