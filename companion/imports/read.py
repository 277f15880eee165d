"""Stage 1: a file becomes sheets of plain values, read in a child process that may fail without harm."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from companion.imports.problems import Refused

READER = Path(__file__).with_name("reader.py")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
MAX_MEGABYTES = 20
SECONDS = 30

Cell = str | float | bool | date | None
"""A date with a time of day is a `datetime`; a time of day alone arrives as text, `10:30`, as people type it."""


@dataclass(frozen=True)
class Sheet:
    """One worksheet from its cell A1 on. Positions are (row, column) from 0; merged ranges include both ends."""

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]]
    formulas: dict[tuple[int, int], str]
    hidden: frozenset[int] = frozenset()
    """Rows that a spreadsheet does not show, by hand or by a filter."""
    is_hidden: bool = False
    knows_empty: bool = True
    """Whether an empty cell is empty: in an .xls or .xlsb it may hold an error or a formula without a value."""


def check_size(path: Path) -> None:
    """Raise Refused when there is no file, or it is empty or too big."""
    if not path.is_file():
        raise Refused("file_missing")
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty_file")
    if size > MAX_MEGABYTES << 20:
        raise Refused("file_too_big", other=str(MAX_MEGABYTES))


def read_sheets(path: Path) -> list[Sheet]:
    """Read all sheets of a workbook. Raises Refused when it is none, or asks for too much memory or time."""
    check_size(path)
    answer = _ask_child(path)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return [
        Sheet(
            one["name"],
            [list(_cells(row)) for row in one["rows"]],
            [tuple(area) for area in one["merged"]],
            {_position(where): formula for where, formula in one["formulas"].items()},
            frozenset(one["hidden"]),
            one["is_hidden"],
            one["knows_empty"],
        )
        for one in answer["sheets"]
    ]


def _ask_child(path: Path) -> dict[str, Any]:
    """Run the reader. It writes to a file, whose size its limits bound, so that this process stays small too."""
    with tempfile.TemporaryFile() as output:
        try:
            child = subprocess.run(  # noqa: S603 - our own script and a path, no shell
                [sys.executable, "-I", str(READER), str(path.resolve())],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Refused("too_slow") from None
        if child.returncode == 0:
            output.seek(0)
            answer: dict[str, Any] = json.load(output)
            return answer
    out_of_time = -child.returncode in (9, 24)  # SIGKILL, SIGXCPU: the limit of processor time
    raise Refused("too_slow" if out_of_time else "too_many_cells")


def _cells(row: list[Any]) -> Iterator[Cell]:
    for cell in row:
        if not isinstance(cell, dict):
            yield cell
        elif "time" in cell:
            yield cell["time"]
        else:
            yield datetime.fromisoformat(cell["date"]) if "T" in cell["date"] else date.fromisoformat(cell["date"])


def _position(where: str) -> tuple[int, int]:
    row, column = where.split(",")
    return int(row), int(column)
