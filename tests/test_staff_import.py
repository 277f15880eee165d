"""The office's import pages: bring, look, correct, apply, take back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.accounts.sessions import add_staff
from companion.models import Exhibitor, LearntHeading, LogHead
from tests.workbooks import demo_rows, set_cells, write_workbook

BROKEN = Path(__file__).parent / "data" / "exhibitors_broken.xlsx"


@pytest.fixture
def office(client: FlaskClient, session: Session) -> FlaskClient:
    password = add_staff(session, "amina", "editor")
    session.commit()
    client.post("/staff/sign-in", data={"name": "amina", "password": password})
    client.post("/staff/language", data={"lang": "fr"})
    return client


def bring(office: FlaskClient, content: bytes, name: str) -> Any:
    answer = office.post("/staff/import", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303
    return answer.headers["Location"]


def text(office: FlaskClient, address: str) -> str:
    return office.get(address).get_data(as_text=True)


def tried(office: FlaskClient, page: str) -> str:
    assert "data-go" in text(office, page)
    assert office.post(f"{page}/try").headers["Location"] == page
    return text(office, page)


def edited(folder: Path, cells: dict[str, Any]) -> bytes:
    sheets = demo_rows()
    set_cells(sheets["Exposants"], cells)
    return write_workbook(folder / "liste.xlsx", sheets).read_bytes()


def test_a_list_is_looked_at_applied_and_taken_back(
    office: FlaskClient, session: Session, app: Flask, tmp_path: Path
) -> None:
    before = session.scalars(select(LogHead.seq)).one()
    page = bring(office, edited(tmp_path, {"P2": "06 11 11 11 11"}), "liste.xlsx")
    shown = tried(office, page)
    assert '<span class="becomes"><bdi>+212611111111</bdi>' in shown
    assert '<span class="was"><bdi>+212600000001</bdi>' in shown
    assert office.get(f"{page}/stage").json == {"stage": "write"}
    session.rollback()
    assert session.scalars(select(LogHead.seq)).one() == before
    assert office.post(f"{page}/apply").headers["Location"] == "/staff/import"
    assert list(Path(app.config["DATABASE_FOLDER"], "imports").iterdir()) == []
    listed = text(office, "/staff/import")
    assert "liste.xlsx" in listed
    act = listed.partition("/staff/import/undo/")[2][:36]
    session.rollback()
    one = session.scalars(select(Exhibitor).where(Exhibitor.number == "1")).one()
    assert one.phones == ["+212611111111"]
    assert office.post(f"/staff/import/undo/{act}").status_code == 303
    session.rollback()
    assert session.scalars(select(Exhibitor.phones).where(Exhibitor.number == "1")).one() == ["+212600000001"]
    office.post(f"/staff/import/undo/{act}")
    assert 'class="note-bar problem"' in text(office, "/staff/import")


def test_a_broken_list_is_explained_marked_and_imported_without_its_rows(office: FlaskClient, session: Session) -> None:
    page = bring(office, BROKEN.read_bytes(), "broken.xlsx")
    shown = tried(office, page)
    assert 'data-rows="refused"' in shown
    assert f"{page}/apply" not in shown
    marked = openpyxl.load_workbook(io.BytesIO(office.get(f"{page}/marked.xlsx").data))
    cell = marked["Exposants"]["B3"]
    assert cell.comment is not None
    assert cell.fill.fgColor.rgb == "FFF4B6A6"
    formulas = [c.value for sheet in marked for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []
    office.post(f"{page}/choices", data={"leave": "yes"})
    shown = tried(office, page)
    assert f"{page}/apply" in shown
    office.post(f"{page}/remove")
    assert office.get(page).status_code == 404
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Exhibitor)) == 320


def test_today_tells_of_rows_that_wait_to_be_corrected(office: FlaskClient, session: Session, tmp_path: Path) -> None:
    rows = [["Nom", "Type", "Tél"], ["Coopérative Une", "coopérative", "12"], ["Coopérative Deux", "coopérative", ""]]
    page = bring(office, write_workbook(tmp_path / "a.xlsx", {"Liste": rows}).read_bytes(), "a.xlsx")
    assert "a.xlsx" not in text(office, "/staff/")
    tried(office, page)
    assert f'href="{page}"' in text(office, "/staff/")
    office.post(f"{page}/choices", data={"leave": "yes"})
    tried(office, page)
    assert office.post(f"{page}/apply").headers["Location"] == "/staff/import"
    assert session.scalar(select(func.count()).select_from(Exhibitor)) == 321
    today = text(office, "/staff/")
    assert "1 problème dans la liste a.xlsx" in today
    assert 'data-rows="refused"' in text(office, page)
    office.post(f"{page}/remove")
    assert "a.xlsx" not in text(office, "/staff/")


def test_columns_encoding_and_separator_are_changed_and_headings_learnt(office: FlaskClient, session: Session) -> None:
    content = "Société;Genre;Portable\nCoopérative Été;coop;06 12 34 56 71\n".encode("cp1252")
    page = bring(office, content, "liste.csv")
    tried(office, page)
    shown = text(office, f"{page}?show=columns")
    assert "<option selected>cp1252</option>" in shown
    assert "<bdi>Coopérative Été</bdi>" in shown
    sheet = "column:" + next(part for part in shown.split('"') if part.startswith("kind:")).removeprefix("kind:")
    data = {f"{sheet}:0": "name.fr", f"{sheet}:1": "kind", sheet.replace("column", "kind", 1): "exhibitors"}
    office.post(f"{page}/choices", data=data)
    shown = tried(office, page)
    assert f"{page}/apply" in shown
    assert office.post(f"{page}/apply").headers["Location"] == "/staff/import"
    learnt = session.scalars(select(LearntHeading).order_by(LearntHeading.heading)).all()
    assert [(one.heading, one.path, one.by) for one in learnt] == [
        ("Genre", "kind", "staff:amina"), ("Société", "name.fr", "staff:amina"),
    ]  # fmt: skip
    assert "<bdi>Société</bdi>" in text(office, "/staff/import")
    office.post(f"/staff/import/learnt/{learnt[0].id}/forget")
    session.rollback()
    assert session.scalars(select(LearntHeading.heading)).all() == ["Société"]


def test_a_possible_duplicate_is_asked_about(office: FlaskClient, session: Session, tmp_path: Path) -> None:
    one = session.scalars(select(Exhibitor).where(Exhibitor.number == "1")).one()
    rows = [["Nom", "Type", "Tél"], ["Tighermt pour l'impact social", "entreprise sociale", "0600000001"]]
    page = bring(office, write_workbook(tmp_path / "a.xlsx", {"Liste": rows}).read_bytes(), "a.xlsx")
    shown = tried(office, page)
    assert f'value="{one.id}"' in shown
    office.post(f"{page}/choices", data={"same:Liste 2": one.id})
    tried(office, page)
    assert "Tighermt pour l&#39;impact social" in text(office, f"{page}?show=changed")


def test_the_blank_list_has_choices_and_is_understood_when_filled_in(office: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(office.get("/staff/import/blank.xlsx").data))
    page = book["Exposants"]
    assert len(page.data_validations.dataValidation) == 6
    heads = {str(cell.value).split("\n")[0]: cell.column for cell in page[1]}
    filled = {"Nom (FR)": "Amal du Dir", "Type": "Coopérative", "Province": "Azilal", "Téléphone": "0612345678"}
    for heading, value in filled.items():
        page.cell(3, heads[heading], value)
    out = io.BytesIO()
    book.save(out)
    shown = tried(office, bring(office, out.getvalue(), "inscription.xlsx"))
    assert "Amal du Dir" in shown
    assert "Coopérative Exemple" not in shown


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ" + bytes(500), "list.exe"), (b"", "list.xlsx")], ids=["type", "empty"]
)
def test_what_cannot_be_taken_is_refused_with_a_reason(
    office: FlaskClient, content: bytes, name: str, app: Flask
) -> None:
    assert bring(office, content, name) == "/staff/import"
    assert 'class="note-bar problem"' in text(office, "/staff/import")
    folder = Path(app.config["DATABASE_FOLDER"], "imports")
    assert not folder.exists() or list(folder.iterdir()) == []


def test_200_megabytes_are_refused_before_they_are_read(office: FlaskClient) -> None:
    sent = {"CONTENT_LENGTH": str(200 << 20), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = office.post("/staff/import", environ_overrides=sent)
    assert answer.headers["Location"] == "/staff/import"
    assert "20 Mo" in text(office, "/staff/import")


def test_a_file_that_is_no_list_is_explained(office: FlaskClient) -> None:
    for content, name in ((b"PK\x03\x04" + bytes(99), "list.xlsx"), (bytes(99), "list.csv")):
        shown = tried(office, bring(office, content, name))
        assert 'class="error"' in shown


def test_only_the_office_imports(client: FlaskClient, session: Session) -> None:
    assert client.post("/staff/import", data={}).headers["Location"].startswith("/staff/sign-in")
    password = add_staff(session, "driss", "floor")
    session.commit()
    client.post("/staff/sign-in", data={"name": "driss", "password": password})
    assert (client.get("/staff/import").status_code, client.post("/staff/import", data={}).status_code) == (403, 403)
    assert "/staff/import" not in text(client, "/staff/")


def test_other_routes_take_no_large_bodies(office: FlaskClient) -> None:
    assert office.post("/staff/sign-in", data={"name": "a" * (3 << 20)}).status_code == 413


def test_a_file_that_is_no_list_is_not_told_to_leave_rows_out(office: FlaskClient) -> None:
    """There are no rows to leave out and, when it could not be read, no cells to mark; headings can be told."""
    broken = tried(office, bring(office, b"\x89PNG\r\n" + b"x" * 99, "photo.xlsx"))
    assert "Ce fichier ne peut pas être importé tel quel." in broken
    assert ("marked.xlsx" in broken, "Ignorer les lignes refusées" in broken, "Colonnes »" in broken) == (False,) * 3
    bare = tried(office, bring(office, b"1;2;3\n4;5;6\n", "chiffres.csv"))
    assert ("Ignorer les lignes refusées" in bare, "sous «\u00a0Colonnes\u00a0»" in bare) == (False, True)


def test_a_text_file_is_called_as_its_owner_calls_it(office: FlaskClient) -> None:
    """The sheet of a CSV has no name: messages, columns and the marked list use the file's, not where it is kept."""
    page = bring(office, b"Enseigne;Courriel;Secteur\nLes Ruchers;pas un mail;Cosmos\n", "noël [2027].csv")
    assert "noël 2027" in tried(office, page)
    assert 'name="column:noël 2027:1"' in text(office, f"{page}?show=columns")
    marked = openpyxl.load_workbook(io.BytesIO(office.get(f"{page}/marked.xlsx").data))
    assert "noël 2027" in marked.sheetnames


@pytest.mark.parametrize("name", ["liste.csv", "liste.xls", "liste.bin"])
def test_a_workbook_is_read_by_its_content(office: FlaskClient, tmp_path: Path, name: str) -> None:
    shown = tried(office, bring(office, edited(tmp_path, {"P2": "06 11 11 11 11"}), name))
    assert '<span class="becomes"><bdi>+212611111111</bdi>' in shown


def test_a_web_page_is_named_for_what_it_is(office: FlaskClient) -> None:
    shown = tried(office, bring(office, b"<html><table><tr><td>Nom</td></tr></table></html>", "liste.xls"))
    assert "Ceci est une page web nommée .xls." in shown
    assert "enregistrez-la au format .xlsx" in shown


def test_hidden_rows_are_left_out_and_taken_in_again(office: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    write_workbook(path, {"Exposants": [["N°", "Nom", "Type"], ["9901", "Un", "coop"], ["9902", "Deux", "coop"]]})
    book = openpyxl.load_workbook(path)
    book["Exposants"].row_dimensions[3].hidden = True
    book.save(path)
    page = bring(office, path.read_bytes(), "liste.xlsx")
    whole = tried(office, page)
    assert "Lignes masquées ou filtrées importées aussi\u202f: 1." in text(office, f"{page}?show=notes")
    assert 'name="hidden" value="no"' in whole
    assert office.post(f"{page}/choices", data={"hidden": "no"}).status_code == 303
    less = tried(office, page)
    assert 'name="hidden" value="yes"' in less
    assert "Lignes masquées ou filtrées laissées de côté\u202f: 1." in text(office, f"{page}?show=notes")
    assert "Deux" not in text(office, f"{page}?show=new")
    office.post(f"{page}/choices", data={"hidden": "yes"})
    tried(office, page)
    assert "Deux" in text(office, f"{page}?show=new")
