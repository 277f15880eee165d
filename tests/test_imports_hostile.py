"""Files made to break an importer end in one clear refusal, quickly, and cost this process little memory."""

from __future__ import annotations

import resource
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from companion.imports.problems import Refused
from companion.imports.read import read_sheets

SECONDS = 15
MEGABYTES = 60

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Exposants" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
    '<Relationship Id="rId2" Target="sharedStrings.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    "xl/sharedStrings.xml": '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Nom</t></si></sst>',
    "xl/worksheets/sheet1.xml": SHEET.format('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
}


def workbook(path: Path, padding: int = 0, **replaced: str) -> Path:
    """Write a minimal .xlsx; `replaced` gives other content to parts, by the last word of their names.

    `padding` adds so many megabytes of blanks to the sheet, without holding them in memory.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in PARTS.items():
            with package.open(name, "w") as part:
                part.write(replaced.get(Path(name).stem, content).encode())
                for _ in range(padding if name.endswith("sheet1.xml") else 0):
                    part.write(b" " * (1 << 20))
    return path


def test_the_harmless_one_is_read(tmp_path: Path) -> None:
    (sheet,) = read_sheets(workbook(tmp_path / "fine.xlsx"))
    assert (sheet.name, sheet.rows) == ("Exposants", [["Nom"]])


def far_cell(path: Path) -> str:
    workbook(path, sheet1=SHEET.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
                                       '<row r="1"><c r="A1"><v>1</v></c></row>'))  # fmt: skip
    assert path.stat().st_size < 5_000
    return "too_many_cells"


def many_rows(path: Path) -> str:
    workbook(path, sheet1=SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row>'
                                       '<row r="900000"><c r="Z900000"><v>1</v></c></row>'))  # fmt: skip
    return "too_many_cells"


def bomb(path: Path) -> str:
    workbook(path, padding=300)
    assert path.stat().st_size < 1_000_000
    return "too_many_cells"


def lying_bomb(path: Path) -> str:
    """The directory of the package says that its largest part is small."""
    workbook(path, padding=300, sheet1="<worksheet>")
    content = path.read_bytes()
    size = struct.pack("<I", len("<worksheet>") + (300 << 20))
    assert size in content
    path.write_bytes(content.replace(size, struct.pack("<I", 1000)))
    return "not_a_workbook"


def billion_laughs(path: Path) -> str:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a0 "ha">{entities}]><sst><si><t>&a9;</t></si></sst>'
    workbook(path, sharedStrings=laughs)
    return "unsafe_file"


def broken_xml(path: Path) -> str:
    workbook(path, sheet1="<worksheet><sheetData><row")
    return "not_a_workbook"


def macros(path: Path) -> str:
    workbook(path)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    return "has_macros"


def macros_of_an_old_file(path: Path) -> str:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "_VBA_PROJECT".encode("utf-16-le") + bytes(99))
    return "has_macros"


def truncated(path: Path) -> str:
    path.write_bytes(workbook(path).read_bytes()[:-200])
    return "not_a_workbook"


def another_package(path: Path) -> str:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    return "word_document"


def no_package(path: Path) -> str:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"picture" * 100)
    return "not_a_workbook"


def with_a_password(path: Path) -> str:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(3000)
    )
    return "password_protected"


def empty(path: Path) -> str:
    path.write_bytes(b"")
    return "empty_file"


def huge(path: Path) -> str:
    with path.open("wb") as file:
        file.truncate(200 << 20)
    return "file_too_big"


def missing(path: Path) -> str:
    return "file_missing"


@pytest.mark.parametrize(
    "make",
    [far_cell, many_rows, bomb, lying_bomb, billion_laughs, macros, macros_of_an_old_file, broken_xml, truncated, another_package, no_package,
     with_a_password, empty, huge, missing],
    ids=lambda make: make.__name__,
)  # fmt: skip
def test_is_refused(make: Callable[[Path], str], tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    problem = make(path)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(Refused) as refusal:
        read_sheets(path)
    assert refusal.value.finding.problem == problem
    assert time.monotonic() - started < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES << 10


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.imports.read.SECONDS", 0.01)
    with pytest.raises(Refused) as refusal:
        read_sheets(workbook(tmp_path / "list.xlsx"))
    assert refusal.value.finding.problem == "too_slow"
