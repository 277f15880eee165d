"""Reading lists as text (.csv, .tsv, .txt): which encoding and which separator, found out or chosen."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from pathlib import Path

from companion.imports.problems import Refused
from companion.imports.read import Cell, Sheet

TEXTS = (".csv", ".tsv", ".txt")
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1256")
"""What offices save: Unicode, or the Windows code page of French or of Arabic."""
DELIMITERS = (";", ",", "\t", "|")
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 50_000, 500, 2_000_000
LOOKED_AT = 50
"""Rows from which the separator is judged."""

_ARABIC = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06af]+")
_NO_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]+")
"""What the name of a sheet may not hold."""
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def read_separated(path: Path, encoding: str = "", delimiter: str = "", name: str = "") -> tuple[Sheet, str, str]:
    """Return a text file as one sheet, the encoding and the separator it was read with. Raises Refused.

    The sheet is called `name`, else as the file, as far as a sheet may.
    """
    content = path.read_bytes()
    encoding = encoding or encoding_of(content)
    text = _decoded(content, encoding)
    delimiter = delimiter or delimiter_of(text)
    rows: list[list[Cell]] = []
    cells = 0
    for row in _rows(text, delimiter):
        cells += len(row)
        if len(rows) >= MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
            raise Refused("too_many_cells")
        rows.append([cell or None for cell in row])
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise Refused("too_many_cells")
    called = " ".join(_NO_NAME.sub(" ", name or path.stem).split())[:31].strip() or "1"
    return Sheet(called, [row + [None] * (width - len(row)) for row in rows], [], {}), encoding, delimiter


def encoding_of(content: bytes) -> str:
    """Find out an encoding: by its mark, by being valid UTF-8, else by whether it reads as Arabic words.

    The two code pages have the small French letters at the same places; where French has its accented capitals
    Arabic has its letters. Capitals with accents stand alone in a word, Arabic letters in a row.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:4000]
    if start and max(start[::2].count(0), start[1::2].count(0)) > len(start) // 8:
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        runs = [len(run) for run in _ARABIC.findall(content.decode("cp1256", "replace"))]
        return "cp1256" if sum(run for run in runs if run > 2) > sum(run for run in runs if run <= 2) else "cp1252"
    return "utf-8"


def decoded_head(content: bytes) -> str:
    """Return the beginning of a file as text, whatever it is; what cannot be decoded is replaced."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if marked or (b"\x00" in content and encoding_of(content) == "utf-16"):
        return content.decode(_utf_16(content), "replace")
    return content.decode("utf-8", "replace")


def delimiter_of(text: str) -> str:
    """Return the separator that cuts the most rows into the same number of columns; `;` when none does."""

    def agreement(delimiter: str) -> int:
        widths = Counter(len(row) for row in _first_rows(text, delimiter) if len(row) > 1)
        return max((width * rows for width, rows in widths.items()), default=0)

    return max(DELIMITERS, key=agreement)


def _decoded(content: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise Refused("not_text")
    marks = {"utf-8": "utf-8-sig", "utf-16": _utf_16(content)}
    try:
        text = content.decode(marks.get(encoding, encoding), "strict" if encoding.startswith("utf") else "replace")
    except UnicodeDecodeError:
        raise Refused("wrong_encoding") from None
    text = text.removeprefix("\ufeff")
    if CONTROL.search(text):
        raise Refused("not_text")
    return text


def _utf_16(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-be" if content[:4000:2].count(0) > content[1:4000:2].count(0) else "utf-16-le"


def _rows(text: str, delimiter: str) -> csv.Reader:  # type: ignore[name-defined]  # only typeshed names it
    if text[:4].lower() == "sep=":  # Excel's own way of saying it
        text = text.partition("\n")[2]
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return [row for row, _ in zip(_rows(text[:100_000], delimiter), range(LOOKED_AT), strict=False)]
    except csv.Error:
        return []
