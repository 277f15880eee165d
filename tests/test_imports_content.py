"""A file is read, or named for what it is, by its content: its name only says what its owner thinks it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from companion.imports import import_file
from companion.sync.log import name_node
from tests.workbooks import write_workbook

EXAMPLES = Path(__file__).parent.parent / "examples"
ROWS = [["N°", "Nom", "Type", "Téléphone"], ["9203", "Amal", "coop", "0612345603"]]
TEXT = "\n".join(";".join(row) for row in ROWS)
PAGE = "<html><body><table><tr><th>Nom</th></tr><tr><td>Miel</td></tr></table></body></html>"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SPREADSHEET = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


def package(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


@pytest.fixture
def office(open_node: Callable[[str, str], Session]) -> Session:
    session = open_node("sqlite", "site")
    name_node(session, "site")
    assert import_file(session, EXAMPLES / "fair.toml").applied
    return session


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xls", "a.xlsb", "a.ods", "a.toml", "a.XLSX", "a.dat", "a"])
def test_a_workbook_is_read_whatever_it_is_called(office: Session, tmp_path: Path, name: str) -> None:
    content = write_workbook(tmp_path / "list.xlsx", {"Exposants": ROWS}).read_bytes()
    (tmp_path / name).write_bytes(content)
    report = import_file(office, tmp_path / name, dry_run=True)
    assert report.applied is False
    assert report.counts["exhibitor"]["new"] == 1, report.as_text()


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.xlsm", "a.xlsb", "a.ods", "a.toml", "a.txt", "a"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_text_is_read_whatever_it_is_called(office: Session, tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_bytes(TEXT.encode(encoding))
    report = import_file(office, tmp_path / name, dry_run=True)
    assert report.counts["exhibitor"]["new"] == 1, report.as_text()


def test_the_fair_is_read_whatever_it_is_called(office: Session, tmp_path: Path) -> None:
    (tmp_path / "fair.txt").write_bytes((EXAMPLES / "fair.toml").read_bytes())
    report = import_file(office, tmp_path / "fair.txt", dry_run=True)
    assert not report.refused, report.as_text()
    assert report.counts["fair"]["same"] == 1


@pytest.mark.parametrize(
    "text", ["PK;Nom\n1;Amal", "BM;Nom\n1;Amal", "GIF;Nom\n1;Amal", "<nom>;Type\nAmal;coop", "ID;Nom\n1;Amal"]
)
def test_a_text_that_begins_like_something_else_is_a_text(office: Session, tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text, "utf-8")
    report = import_file(office, tmp_path / "list.csv", dry_run=True)
    assert [one.name for one in report.sheets] == ["list"], report.as_text()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (PAGE.encode(), "web_page"),
        (("\ufeff" + PAGE).encode("utf-16"), "web_page"),
        (b"\r\n<!DOCTYPE html>\n<p>", "web_page"),
        (b"<!-- saved --><table>", "web_page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "web_page"),
        (SPREADSHEET.encode(), "xml_spreadsheet"),
        (SPREADSHEET.encode("utf-16"), "xml_spreadsheet"),
        (b'<?xml version="1.0"?><office:document xmlns:office="x">', "xml_spreadsheet"),
        (b"%PDF-1.7\n", "pdf_document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "picture"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "picture"),
        (package(liste_csv=TEXT), "archive"),
        (b"Rar!\x1a\x07\x00" + bytes(99), "archive"),
        (package(Index__Document_iwa="", Metadata__Properties_plist=""), "numbers_document"),
        (package(word__document_xml="<w/>"), "word_document"),
        (package(mimetype="application/vnd.oasis.opendocument.text", content_xml="<x/>"), "word_document"),
        (OLD + "WordDocument".encode("utf-16-le") + bytes(3000), "word_document"),
        (b"{\\rtf1 ", "word_document"),
        (OLD + "EncryptedPackage".encode("utf-16-le") + bytes(3000), "password_protected"),
        (b"", "empty_file"),
    ],
)
@pytest.mark.parametrize("name", ["liste.xls", "liste.csv", "liste.ods", "liste"])
def test_what_is_no_list_is_named_for_what_it_is(
    office: Session, tmp_path: Path, content: bytes, problem: str, name: str
) -> None:
    (tmp_path / name).write_bytes(content)
    report = import_file(office, tmp_path / name)
    assert report.refused
    assert [one.problem for one in report.findings] == [problem]


def test_a_web_page_is_told_what_to_do(office: Session, tmp_path: Path) -> None:
    (tmp_path / "liste.xls").write_text(PAGE, "utf-8")
    note = import_file(office, tmp_path / "liste.xls").findings[0].note()
    assert note == "This is a web page named .xls. Open it in Excel or LibreOffice and save it as .xlsx."
