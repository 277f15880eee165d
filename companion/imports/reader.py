"""The child process that opens a workbook: a script, run by `companion.imports.read`, never imported.

It limits its own memory and time before it touches the file, because a workbook of 5 kB can unpack to
gigabytes and calamine ends the process when memory runs out. Prints one JSON object on standard output:
`{"sheets": [{"name", "rows", "merged", "formulas"}]}` or `{"refused": problem}`.

A cell is null, text, a number, true or false, `{"date": "2027-07-03"}`, with `T10:30:00` when it has a time, or
`{"time": "10:30"}`. `merged` holds
`[top, left, bottom, right]`, `formulas` maps `"row,column"` to the formula's text; all count from 0.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
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

    formulas = formulas_of(path) if zipfile.is_zipfile(path) else {}
    if old_format_holds(path, "_VBA_PROJECT"):
        raise Refusal("has_macros")
    try:
        workbook = calamine.load_workbook(path)
        return [
            sheet_of(workbook.get_sheet_by_name(name), formulas.get(name, {}))
            for name, kind in ((meta.name, meta.typ) for meta in workbook.sheets_metadata)
            if kind == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError:
        raise Refusal("password_protected") from None
    except (calamine.CalamineError, OSError, ValueError):
        encrypted = old_format_holds(path, "EncryptedPackage")
        raise Refusal("password_protected" if encrypted else "not_a_workbook") from None


def sheet_of(sheet: Any, formulas: dict[str, str]) -> dict[str, Any]:
    """Return one worksheet from its cell A1 on."""
    rows, columns = sheet.total_height, sheet.total_width
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise Refusal("too_many_cells")
    merged = sheet.merged_cell_ranges or []
    return {
        "name": sheet.name,
        "rows": [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
        "merged": [[*start, *end] for start, end in merged],
        "formulas": formulas,
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


def formulas_of(path: Path) -> dict[str, dict[str, str]]:
    """Return the formulas of an .xlsx by sheet, since calamine gives only their last values.

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
            return {name: formulas_in(package, part) for name, part in sheet_parts(package)}
    except (zipfile.BadZipFile, ET.ParseError, EOFError, NotImplementedError, RuntimeError, KeyError):
        raise Refusal("not_a_workbook") from None


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


def formulas_in(package: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return `{"row,column": "=formula"}` of one sheet."""
    found = {}
    with package.open(part) as file:
        for _, element in ET.iterparse(file):  # noqa: S314
            if element.tag == f"{MAIN}c":
                formula = element.find(f"{MAIN}f")
                if formula is not None:
                    found[position(element.get("r", "A1"))] = f"={formula.text or ''}"
            if element.tag == f"{MAIN}row":
                element.clear()
    return found


def position(reference: str) -> str:
    """Turn `B14` into `13,1`."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return f"{int(reference[len(letters) :]) - 1},{column - 1}"


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
