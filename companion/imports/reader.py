"""The child process that opens a workbook: a script, run by `companion.imports.read`, never imported.

It limits its own memory and time before it touches the file, because a workbook of 5 kB can unpack to
gigabytes and calamine ends the process when memory runs out. Prints one JSON object on standard output:
`{"sheets": [{"name", "rows", "merged", "formulas", "hidden", "is_hidden", "knows_empty"}]}` or `{"refused": problem}`.

A cell is null, text, a number, true or false, `{"date": "2027-07-03"}`, with `T10:30:00` when it has a time, or
`{"time": "10:30"}`. `merged` holds
`[top, left, bottom, right]`, `formulas` maps `"row,column"` to the formula's text, `hidden` are rows; all count from 0.
A cell with an error holds its text, `#N/A`; a formula without a saved value is its own text, `=A1&B1`.
In an .xls or .xlsb both look empty, which `knows_empty` says.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

MEMORY = 1 << 30
CPU_SECONDS = 20
OUTPUT = 64 << 20
UNPACKED = 200 << 20
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 50_000, 500, 2_000_000

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
ERROR_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
OLD = (("EncryptedPackage", "password_protected"), ("WordDocument", "word_document"))
"""Streams of old Office files that are no workbook, and what to call those files."""
MOST_ALIKE = 1000
"""Rows of an .ods with the same formulas, beyond which they hold no list."""


@dataclass
class Marks:
    """What calamine does not tell of a sheet: formulas, texts of errors and unsaved formulas, hidden rows."""

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)


class Refusal(Exception):
    """The workbook is refused; the argument is the problem."""


def limit() -> None:
    """Bound this process for good: address space, processor time, size of what it writes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def sheets(path: Path) -> list[dict[str, Any]]:
    """Return all worksheets of a workbook; raises Refusal."""
    import python_calamine as calamine

    marks = marks_of(path) if zipfile.is_zipfile(path) else {}
    if old_format_holds(path, "_VBA_PROJECT"):
        raise Refusal("has_macros")
    try:
        workbook = calamine.load_workbook(io.BytesIO(path.read_bytes()))  # by its content, not by its name
        return [
            sheet_of(workbook.get_sheet_by_name(meta.name), marks.get(meta.name, Marks()))
            | {"is_hidden": meta.visible != calamine.SheetVisibleEnum.Visible, "knows_empty": meta.name in marks}
            for meta in workbook.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError:
        raise Refusal("password_protected") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise Refusal(
            next((what for stream, what in OLD if old_format_holds(path, stream)), "not_a_workbook")
        ) from None


def sheet_of(sheet: Any, marks: Marks) -> dict[str, Any]:
    """Return one worksheet from its cell A1 on."""
    rows, columns = sheet.total_height, sheet.total_width
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise Refusal("too_many_cells")
    merged = sheet.merged_cell_ranges or []
    filled = [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in marks.texts.items():
        if row < len(filled) and column < len(filled[row]):
            filled[row][column] = text
    return {
        "name": sheet.name,
        "rows": filled,
        "merged": [[*start, *end] for start, end in merged],
        "formulas": {f"{row},{column}": formula for (row, column), formula in marks.formulas.items()},
        "hidden": [row for row in marks.hidden if row < len(filled)],
    }


def plain(cell: Any) -> Any:
    """Return a cell as JSON values."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, datetime):
        return {"date": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return {"time": f"{minutes // 60:02d}:{minutes % 60:02d}"}
    if isinstance(cell, time):
        minutes = round((cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6) / 60)
        return {"time": f"{minutes // 60:02d}:{minutes % 60:02d}"}
    return cell


def marks_of(path: Path) -> dict[str, Marks]:
    """Return the marks of an .xlsx or .ods by sheet, since calamine gives only values.

    Looks over the whole package first: too much to unpack, or a document type declaration (no spreadsheet
    writes one; it is how entities that explode are declared), and the workbook is refused. So the parser
    below meets no entities, and works within this process's limits: what S314 warns of cannot happen.
    """
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            if sum(member.file_size for member in members) > UNPACKED:
                raise Refusal("too_many_cells")
            if any("vbaproject" in member.filename.lower() for member in members):
                raise Refusal("has_macros")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with package.open(member) as file:
                        if b"<!DOCTYPE" in file.read(4096):
                            raise Refusal("unsafe_file")
            check_package(package)
            if "content.xml" in package.namelist():
                return open_document_marks(package)
            return {name: marks_in(package, part) for name, part in sheet_parts(package)}
    except (zipfile.BadZipFile, ET.ParseError, EOFError, NotImplementedError, RuntimeError, KeyError):
        raise Refusal("not_a_workbook") from None


def check_package(package: zipfile.ZipFile) -> None:
    """Refuse a package that holds no spreadsheet, by what it is."""
    names = set(package.namelist())
    if any(name.startswith("xl/") for name in names):
        return
    if "mimetype" in names and "content.xml" in names:
        with package.open("mimetype") as file:
            kind = file.read(100)
        if b"opendocument.text" in kind:
            raise Refusal("word_document")
        if b"opendocument.spreadsheet" in kind and b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise Refusal("password_protected")
    elif "word/document.xml" in names:
        raise Refusal("word_document")
    elif any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        raise Refusal("numbers_document")
    elif "[Content_Types].xml" not in names:
        raise Refusal("archive")


def sheet_parts(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the names of the sheets with the parts of the package that hold them."""
    if "xl/workbook.xml" not in package.namelist():
        return []
    relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
    parts = [(sheet.get("name", ""), targets.get(sheet.get(RELATION), "")) for sheet in book.iter(f"{MAIN}sheet")]
    found = [(name, part.lstrip("/") if part.startswith("/") else f"xl/{part}") for name, part in parts]
    return [(name, part) for name, part in found if part in package.namelist()]


def marks_in(package: zipfile.ZipFile, part: str) -> Marks:
    """Return the marks of one sheet of an .xlsx."""
    marks = Marks()
    with package.open(part) as file:
        for _, element in ET.iterparse(file):  # noqa: S314
            if element.tag == f"{MAIN}c":
                kind, formula, value = element.get("t"), element.find(f"{MAIN}f"), element.find(f"{MAIN}v")
                if formula is not None:
                    at = position(element.get("r", "A1"))
                    marks.formulas[at] = f"={formula.text or ''}"
                    if (value is None or not value.text) and kind not in ("str", "inlineStr"):
                        marks.texts[at] = marks.formulas[at]
                if kind == "e" and value is not None and value.text:
                    marks.texts[position(element.get("r", "A1"))] = value.text
            elif element.tag == f"{MAIN}row":
                if element.get("hidden") in ("1", "true") or element.get("ht") == "0":
                    marks.hidden.append(int(element.get("r", "1")) - 1)
                element.clear()
    return marks


def open_document_marks(package: zipfile.ZipFile) -> dict[str, Marks]:
    """Return the marks of an .ods by sheet. Rows and cells that are alike stand there once, with how often."""
    found: dict[str, Marks] = {}
    marks, row = Marks(), 0
    with package.open("content.xml") as file:
        for event, element in ET.iterparse(file, ("start", "end")):  # noqa: S314
            if event == "start" and element.tag == f"{TABLE}table":
                marks, row = found.setdefault(element.get(f"{TABLE}name", ""), Marks()), 0
            elif event == "end" and element.tag == f"{TABLE}table-row":
                times = int(element.get(f"{TABLE}number-rows-repeated", "1"))
                rows = range(row, min(row + times, MAX_ROWS))
                if element.get(f"{TABLE}visibility") in ("collapse", "filter"):
                    marks.hidden += rows
                if any(cell.get(f"{TABLE}formula") or cell.get(ERROR_TYPE) == "error" for cell in element):
                    for at in rows[:MOST_ALIKE]:
                        mark_row(marks, at, element)
                row += times
                element.clear()
    return found


def mark_row(marks: Marks, row: int, element: ET.Element) -> None:
    """Note the formulas and errors of one row of an .ods."""
    column = 0
    for cell in element:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        formula, kind = cell.get(f"{TABLE}formula"), cell.get(ERROR_TYPE) or cell.get(f"{OFFICE}value-type")
        for at in range(column, min(column + times, MAX_COLUMNS)):
            if formula:
                marks.formulas[row, at] = f"={formula.partition('=')[2]}"
                if kind is None:
                    marks.texts[row, at] = marks.formulas[row, at]
            if kind == "error":
                marks.texts[row, at] = "".join(cell.itertext()).strip() or "#N/A"
        column += times


def position(reference: str) -> tuple[int, int]:
    """Turn `B14` into `(13, 1)`."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]) - 1, column - 1


def old_format_holds(path: Path, stream: str) -> bool:
    """Tell whether a file is a container of the old Office format with a stream of this name.

    Excel puts a workbook with a password into one (`EncryptedPackage`), and the macros of an .xls (`_VBA_PROJECT`).
    """
    with path.open("rb") as file:
        content = file.read()
    return content.startswith(b"\xd0\xcf\x11\xe0") and stream.encode("utf-16-le") in content


def main() -> None:
    """Read the workbook named on the command line."""
    limit()
    try:
        answer: dict[str, Any] = {"sheets": sheets(Path(sys.argv[1]))}
    except Refusal as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"refused": "too_many_cells"}
    json.dump(answer, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
