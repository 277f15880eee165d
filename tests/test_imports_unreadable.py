"""A cell whose value is not known is named, and what the record has there stays; hidden rows are counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.imports import import_file
from companion.imports.choices import Choices
from companion.models import Booth, Exhibitor, Product, Workshop
from companion.sync.log import name_node
from tests.workbooks import write_workbook

EXAMPLES = Path(__file__).parent.parent / "examples"
DATA = Path(__file__).parent / "data"
HEAD = ["N°", "Nom", "Type", "Téléphone", "Année de création", "E-mail", "N° de stand"]
FULL = ["9203", "Amal", "coop", "0612345603", 2011, "a@coop.example", "Z01"]
PLAN = [["Code", "Type", "X", "Y", "Largeur", "Profondeur"], ["Z01", "stand", 1, 1, 2, 2]]


@pytest.fixture
def office(open_node: Callable[[str, str], Session]) -> Session:
    session = open_node("sqlite", "site")
    name_node(session, "site")
    assert import_file(session, EXAMPLES / "fair.toml").applied
    return session


def written(path: Path, rows: list[list[Any]], value: Any) -> Path:
    """Write a list whose cells that begin with `=` are formulas with this saved value."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Exposants")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(at, column, cell, None, value)
                else:
                    sheet.write(at, column, cell)
    return path


def exhibitor(session: Session) -> tuple[Any, ...]:
    one = session.scalars(select(Exhibitor)).one()
    booths = session.scalars(select(Booth.code).where(Booth.exhibitor == one.id)).all()
    return one.phones, one.founded, one.email, list(booths)


KNOWN = (["+212612345603"], 2011, "a@coop.example", ["Z01"])
ERRORS = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#N/D", "#VALEUR!", "#NOM?", "#NOMBRE!",
          "Err:502", "####"]  # fmt: skip


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_erases_nothing(office: Session, tmp_path: Path, error: str) -> None:
    assert import_file(office, write_workbook(tmp_path / "first.xlsx", {"Exposants": [HEAD, FULL]})).applied
    assert exhibitor(office) == KNOWN
    text = [";".join(HEAD), f"9203;Amal;coop;{error};{error};{error};{error}"]
    (tmp_path / "again.csv").write_text("\n".join(text), "utf-8")
    report = import_file(office, tmp_path / "again.csv")
    assert report.applied
    named = [(one.problem, one.cell, one.value) for one in report.findings if one.problem == "error_cell"]
    assert named == [("error_cell", cell, error) for cell in ("D2", "E2", "F2", "G2")]
    assert exhibitor(office) == KNOWN


@pytest.mark.parametrize(("value", "problem"), [("#N/A", "error_cell"), ("", "unsaved_formula")])
def test_a_formula_without_a_value_erases_nothing(office: Session, tmp_path: Path, value: str, problem: str) -> None:
    assert import_file(office, write_workbook(tmp_path / "first.xlsx", {"Exposants": [HEAD, FULL]})).applied
    rows = [HEAD, ["9203", "Amal", "coop", "=Z9", "=Z9", "=Z9", "=Z9"]]
    report = import_file(office, written(tmp_path / "again.xlsx", rows, value))
    assert [(one.problem, one.cell) for one in report.findings if one.severity == "warning"] == [
        (problem, cell) for cell in ("D2", "E2", "F2", "G2")
    ]
    assert exhibitor(office) == KNOWN


def test_a_formula_with_a_saved_value_is_taken(office: Session, tmp_path: Path) -> None:
    path = written(
        tmp_path / "list.xlsx", [["N°", "Nom", "Type"], ["9202", '=PROPER("miel neuf")', "coop"]], "Miel Neuf"
    )
    report = import_file(office, path)
    assert report.applied
    assert [one.problem for one in report.findings if one.severity == "warning"] == ["formula_value"]
    assert office.scalars(select(Exhibitor)).one().name == {"fr": "Miel Neuf"}


def test_an_empty_cell_still_empties(office: Session, tmp_path: Path) -> None:
    assert import_file(office, write_workbook(tmp_path / "first.xlsx", {"Exposants": [HEAD, FULL]})).applied
    rows: list[list[Any]] = [HEAD, ["9203", "Amal", "coop", None, None, None, None]]
    assert import_file(office, write_workbook(tmp_path / "again.xlsx", {"Exposants": rows})).applied
    assert exhibitor(office) == ([], None, None, [])


def test_a_price_and_a_speaker_stay(office: Session, tmp_path: Path) -> None:
    def sheets(price: Any, speaker: str) -> dict[str, list[list[Any]]]:
        return {
            "Exposants": [HEAD, FULL],
            "Produits": [["N° exposant", "Produit", "Unité", "Prix"], ["9203", "Miel", "kg", price]],
            "Ateliers": [["Code", "Titre", "Date", "Début", "Fin", "Intervenant"],
                         ["T1", "Cuisine", "03/07/2027", "10:00", "11:00", speaker]],
        }  # fmt: skip

    assert import_file(office, write_workbook(tmp_path / "first.xlsx", sheets(120, "Fatima"))).applied
    report = import_file(office, write_workbook(tmp_path / "again.xlsx", sheets("#N/A", "#REF!")))
    assert report.applied, report.as_text()
    assert [one.problem for one in report.findings if one.severity == "warning"] == ["error_cell", "error_cell"]
    assert office.scalars(select(Product)).one().price == 12000
    assert office.scalars(select(Workshop)).one().speaker == {"fr": "Fatima"}


def test_an_error_where_a_value_is_needed_refuses_the_file(office: Session, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Code", "Titre", "Date", "Début", "Fin"], ["T1", "Cuisine", "#N/A", "10:00", "11:00"]]
    report = import_file(office, write_workbook(tmp_path / "list.xlsx", {"Ateliers": rows}))
    assert report.refused
    assert [(one.problem, one.cell) for one in report.findings] == [("error_cell", "C2"), ("missing_date", "C2")]


@pytest.mark.parametrize("plan", [True, False], ids=["plan", "no plan"])
def test_an_old_workbook_empties_nothing_and_says_so(office: Session, tmp_path: Path, plan: bool) -> None:
    """What reads an .xls shows errors and formulas without a value as empty cells."""
    sheets: dict[str, list[list[Any]]] = {
        "Exposants": [HEAD, FULL],
        "Produits": [["N° exposant", "Produit", "Unité", "Prix"], ["9203", "Miel", "kg", 120]],
    }
    first = sheets | ({"Plan": PLAN} if plan else {})
    report = import_file(office, write_workbook(tmp_path / "first.xlsx", first))
    assert report.applied, report.as_text()
    report = import_file(office, DATA / "errors.xls")
    assert report.applied, report.as_text()
    assert [one.sheet for one in report.findings if one.problem == "empty_kept"] == ["Exposants", "Produits"]
    assert exhibitor(office) == KNOWN
    assert office.scalars(select(Product)).one().price == 12000


@pytest.mark.parametrize("column", range(6))
@pytest.mark.parametrize("sheet", ["Plan", "Ateliers"])
def test_an_error_anywhere_in_the_plan_or_programme_is_told(
    office: Session, tmp_path: Path, sheet: str, column: int
) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Plan": [[*row] for row in PLAN],
        "Ateliers": [["Code", "Titre", "Date", "Début", "Fin", "Salle"],
                     ["T1", "Cuisine", "03/07/2027", "10:00", "11:00", None]],
    }  # fmt: skip
    sheets["Plan"].append(["S1", "salle", 5, 5, 2, 2])
    sheets["Ateliers"][1][5] = "S1"
    sheets[sheet][-1][column] = "#REF!"
    report = import_file(office, write_workbook(tmp_path / "list.xlsx", sheets))
    assert "error_cell" in [one.problem for one in report.findings], report.as_text()


def test_a_row_of_an_old_workbook_is_new_all_the_same(office: Session) -> None:
    report = import_file(office, DATA / "errors.xls")
    assert report.applied, report.as_text()
    assert exhibitor(office)[:3] == ([], None, None)
    assert office.scalars(select(Product)).one().available


def with_hidden(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, first in (("Exposants", 1), ("Ancien", 11)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["N°", "Nom", "Type"])
            for at, named in enumerate(("Un", "Deux", "Trois")):
                sheet.write_row(at + 1, 0, [str(first + at), f"{named} {name}", "coop"])
        book.get_worksheet_by_name("Exposants").set_row(2, None, None, {"hidden": True})
        book.get_worksheet_by_name("Ancien").hide()
    return path


def test_hidden_rows_and_sheets_are_counted(office: Session, tmp_path: Path) -> None:
    report = import_file(office, with_hidden(tmp_path / "list.xlsx"), dry_run=True)
    told = [(one.problem, one.sheet, one.parameters) for one in report.findings if one.severity == "warning"]
    assert sorted(told) == [("hidden_rows", "Exposants", {"other": "1"}), ("hidden_sheet", "Ancien", {})]
    assert report.counts["exhibitor"]["new"] == 6


def test_hidden_rows_and_sheets_are_left_out_when_chosen(office: Session, tmp_path: Path) -> None:
    report = import_file(office, with_hidden(tmp_path / "list.xlsx"), choices=Choices(skip_hidden=True))
    told = [(one.problem, one.sheet, one.parameters) for one in report.findings if one.severity == "warning"]
    assert sorted(told) == [
        ("hidden_rows_left_out", "Exposants", {"other": "1"}), ("hidden_sheet_left_out", "Ancien", {})
    ]  # fmt: skip
    assert report.counts["exhibitor"]["new"] == 2
