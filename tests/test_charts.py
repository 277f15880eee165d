"""Charts: true to their numbers, readable without eyes and without colour, mirrored for Arabic."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from companion.stats.charts import WIDTH, Chart, Series, bars, lines, rows_of, stacked

SVG = "{http://www.w3.org/2000/svg}"
KINDS = Chart(
    "Exhibitors <by> kind", ("Coopératives", "تعاونيات", "ⵜⵉⵡⵉⵣⵉ & co"), [Series("n", (8, 4, 0))], "Most: 8", id="kinds"
)
DAYS = Chart("Requests", ("1", "2", "3"), [Series("Scans", (10, 20, 5)), Series("Views", (0, 7, 30))], rtl=True)


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def texts(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", [bars, stacked, lines])
@pytest.mark.parametrize("chart", [KINDS, DAYS, Chart("Nothing", (), []), Chart("None", ("a",), [Series("n", (0,))])])
def test_every_chart_is_svg_with_title_and_description_and_no_style(draw: object, chart: Chart) -> None:
    svg = draw(chart)
    root = drawn(svg)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert (title.text, description.text or "") == (chart.title, chart.description)
    assert (root.get("direction") == "rtl") == chart.rtl
    assert "style" not in svg
    left = [float(one.get("x")) for one in root.iter() if one.get("x") is not None]
    assert all(0 <= x <= WIDTH for x in left)


def test_bars_are_as_long_as_their_numbers() -> None:
    root = drawn(bars(KINDS))
    widths = [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")]
    assert (widths[0], widths[1], widths[2]) == (WIDTH - 60, (WIDTH - 60) / 2, 0)
    assert texts(root) == ["Coopératives", "8", "تعاونيات", "4", "ⵜⵉⵡⵉⵣⵉ & co", "0"]


def test_stacks_say_their_pieces_and_totals() -> None:
    said = texts(drawn(stacked(DAYS)))
    assert [total for total in said if total in ("10", "27", "35")] == ["10", "10", "27", "35"]
    assert {"Scans", "Views"} <= set(said)


def test_lines_are_told_apart_by_shape() -> None:
    root = drawn(lines(DAYS))
    assert len(list(root.iter(f"{SVG}circle"))) == 4  # three days and the legend
    assert len(list(root.iter(f"{SVG}rect"))) == 4
    assert [text for text in texts(root) if text.isdigit()][:4] == ["0", "10", "20", "30"]


def test_arabic_charts_grow_from_the_right() -> None:
    there = drawn(bars(KINDS)).find(f"{SVG}rect")
    back = drawn(bars(Chart(KINDS.title, KINDS.labels, KINDS.series, rtl=True))).find(f"{SVG}rect")
    assert float(there.get("x")) == 0
    assert float(back.get("x")) + float(back.get("width")) == WIDTH


def test_the_table_beside_has_the_same_numbers() -> None:
    assert rows_of(DAYS) == [("1", [10, 0]), ("2", [20, 7]), ("3", [5, 30])]
