"""Charts as SVG, drawn on the server: bars, stacked bars, lines; in any script and direction, for screen and paper.

A chart is an image with a title and a description, and whoever shows one shows its numbers as a table too. Colours
are attributes, for paper and for typst, and classes `c1` … `c6`, for a page's own colours. Nothing is only a colour:
values stand beside bars, and lines have points of different shapes. In right-to-left scripts a chart is mirrored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 440
ROW, BAR, TEXT = 42, 14, 13
"""Pixels: a row of a bar chart, its bar, and the size of letters."""

COLOURS = ("#27357a", "#c4830e", "#5b6b1f", "#8c2f1b", "#54463a", "#8a5aa0")
FONTS = "Noto Sans, Noto Sans Arabic, Noto Sans Tifinagh, system-ui, sans-serif"
INK, SOFT, LINE = "#241a12", "#54463a", "#dfd2bb"


@dataclass(frozen=True)
class Series:
    """One row of numbers and what they are called."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True)
class Chart:
    """What to draw: a number for each label and series. `description` is for who cannot see it, in a sentence."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    description: str = ""
    rtl: bool = False
    id: str = "chart"

    @property
    def total(self) -> int:
        """All numbers together; of a chart of nothing 0."""
        return sum(sum(series.values) for series in self.series)


def bars(chart: Chart) -> str:
    """Draw one series as bars that lie, each below its label: long names have room in every script."""
    values = chart.series[0].values if chart.series else ()
    top, parts = max(values, default=0), []
    for row, (label, value) in enumerate(zip(chart.labels, values, strict=True)):
        y = row * ROW
        width = _scaled(value, top, WIDTH - 60)
        parts += [
            _text(chart, 0, y + TEXT, label),
            _rect(chart, 0, y + TEXT + 6, width, BAR, 1),
            _text(chart, width + 6, y + TEXT + 6 + BAR - 3, f"{value:d}", weight=700),
        ]
    return _svg(chart, len(values) * ROW, parts)


def stacked(chart: Chart) -> str:
    """Draw several series as one bar for each label, made of pieces; with the total at its end."""
    totals = [sum(series.values[n] for series in chart.series) for n in range(len(chart.labels))]
    top, head = max(totals, default=0), 26
    parts = _legend(chart)
    for row, (label, total) in enumerate(zip(chart.labels, totals, strict=True)):
        y, x = head + row * ROW, 0.0
        parts.append(_text(chart, 0, y + TEXT, label))
        for n, series in enumerate(chart.series, 1):
            value, width = series.values[row], _scaled(series.values[row], top, WIDTH - 60)
            parts.append(_rect(chart, x, y + TEXT + 6, width, BAR + 4, n))
            if width > 10 * len(str(value)) + 4:
                middle = x + width / 2
                parts.append(
                    _text(chart, middle, y + TEXT + 6 + BAR, f"{value:d}", anchor="middle", fill="#fff", size=11)
                )
            x += width
        parts.append(_text(chart, x + 6, y + TEXT + 6 + BAR, f"{total:d}", weight=700))
    return _svg(chart, head + len(totals) * ROW, parts)


def lines(chart: Chart) -> str:
    """Draw series as lines over labels, which are days or hours; points of each series have a shape of their own."""
    top = max((value for series in chart.series for value in series.values), default=0)
    left, right, head, floor = 44, WIDTH - 30, 40, 220
    step = (right - left) / max(1, len(chart.labels) - 1)
    parts = _legend(chart)
    for mark in _marks(top):
        y = floor - _scaled(mark, _marks(top)[-1], floor - head)
        parts += [_line(chart, [(left, y), (right, y)], 0), _text(chart, left - 8, y + 4, f"{mark:d}", anchor="end")]
    for n, label in enumerate(chart.labels):
        parts.append(_text(chart, left + n * step, floor + 20, _day(label), anchor="middle", fill=SOFT))
    for number, series in enumerate(chart.series, 1):
        points = [
            (left + n * step, floor - _scaled(value, _marks(top)[-1], floor - head))
            for n, value in enumerate(series.values)
        ]
        parts.append(_line(chart, points, number))
        parts += [_point(chart, x, y, number) for x, y in points]
    return _svg(chart, floor + 32, parts)


def rows_of(chart: Chart) -> list[tuple[str, list[int]]]:
    """Return a chart's numbers as rows of a table: label and a number for each series."""
    return [(label, [series.values[n] for series in chart.series]) for n, label in enumerate(chart.labels)]


def _svg(chart: Chart, height: float, parts: Sequence[str]) -> str:
    name = escape(chart.id)
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-labelledby="{name}-t {name}-d" font-family="{FONTS}" font-size="{TEXT}"'
        f"{' direction=' + chr(34) + 'rtl' + chr(34) if chart.rtl else ''}>"
        f'<title id="{name}-t">{escape(chart.title)}</title><desc id="{name}-d">{escape(chart.description)}</desc>'
        + "".join(parts)
        + "</svg>"
    )


def _scaled(value: float, top: float, room: float) -> float:
    return round(value * room / top, 1) if top else 0


def _marks(top: int) -> list[int]:
    """Return up to six round numbers from 0 to at least `top`."""
    step = next(size * 10**power for power in range(10) for size in (1, 2, 5) if size * 10**power * 5 >= max(top, 1))
    return [step * n for n in range(-(-max(top, 1) // step) + 1)]


def _day(label: str) -> str:
    """Return day and month of an ISO date; another label as it is."""
    return f"{label[8:]}/{label[5:7]}" if len(label) == 10 and label[4:8:3] == "--" else label


def _across(chart: Chart, x: float) -> float:
    return round(WIDTH - x if chart.rtl else x, 1)


def _text(
    chart: Chart,
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    fill: str = INK,
    weight: int = 400,
    size: int = TEXT,
) -> str:
    kind = {INK: "ink", SOFT: "soft"}.get(fill, "on")
    more = (f' font-weight="{weight}"' if weight != 400 else "") + (f' font-size="{size}"' if size != TEXT else "")
    more += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{kind}" x="{_across(chart, x):g}" y="{y:g}" fill="{fill}"{more}>{escape(text)}</text>'


def _rect(chart: Chart, x: float, y: float, width: float, height: float, number: int) -> str:
    start = _across(chart, x + width) if chart.rtl else x
    place = f'x="{start:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect class="c{number}" {place} rx="2" fill="{_colour(number)}"/>'


def _line(chart: Chart, points: Sequence[tuple[float, float]], number: int) -> str:
    path = "M" + "L".join(f"{_across(chart, x):g} {y:g}" for x, y in points)
    colour, width = (_colour(number), 2.5) if number else (LINE, 1)
    return (
        f'<path class="l{number}" d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>' if points else ""
    )


def _point(chart: Chart, x: float, y: float, number: int) -> str:
    """A circle, a square, a triangle, a diamond, …: told apart without colour."""
    x, shape = _across(chart, x), (number - 1) % 4
    if shape == 0:
        drawn = f'<circle cx="{x:g}" cy="{y:g}" r="4.5"'
    elif shape == 1:
        drawn = f'<rect x="{x - 4:g}" y="{y - 4:g}" width="8" height="8"'
    elif shape == 2:
        drawn = f'<path d="M{x:g} {y - 5.5:g}l5.5 9.5h-11z"'
    else:
        drawn = f'<path d="M{x:g} {y - 6:g}l6 6-6 6-6-6z"'
    return f'{drawn} class="c{number}" fill="{_colour(number)}"/>'


def _legend(chart: Chart) -> list[str]:
    """The series' names in a row, each after its shape; their place goes by how long they are, roughly."""
    parts, x = [], 6.0
    for number, series in enumerate(chart.series, 1):
        parts += [_point(chart, x, 9, number), _text(chart, x + 11, 13.5, series.name)]
        x += 34 + 7.5 * len(series.name)
    return parts


def _colour(number: int) -> str:
    return COLOURS[(number - 1) % len(COLOURS)]
