"""What people say about a file: columns, possible duplicates, rows to leave out; and taking an import back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.imports import Report, import_file
from companion.imports.choices import IGNORE, NEW, Choices
from companion.imports.headings import learn
from companion.models import Booth, Exhibitor, Product
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.undo import undo
from tests.test_imports_records import FAIR, changed, opened
from tests.workbooks import write_workbook

AMINA = Author("staff:amina", "editor")
LIST: list[list[Any]] = [
    ["N°", "Nom", "Type", "Tél", "Stand"],
    [1, "Coopérative Amal", "coop", "0612345671", "A1"],
    [2, "Coopérative Nour", "coop", "0612345672", "A2"],
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Session]:
    with opened(tmp_path / "office.sqlite") as session:
        import_file(session, FAIR)
        session.commit()
        yield session
        session.get_bind().dispose()  # type: ignore[union-attr]


def imported(session: Session, folder: Path, rows: list[list[Any]], choices: Choices | None = None) -> Report:
    report = import_file(session, write_workbook(folder / "list.xlsx", {"Liste": rows}), choices=choices)
    session.commit()
    return report


def names(session: Session) -> list[str]:
    query = select(Exhibitor).where(Exhibitor.deleted.is_(False)).order_by(Exhibitor.number)
    return [row.name["fr"] for row in session.scalars(query)]


def test_columns_are_chosen_ignored_and_learnt(office: Session, tmp_path: Path) -> None:
    title = ["Foire des métiers 2029"]
    rows = [["Qui", "Nom", "Genre", "Portable"], ["Coopérative Amal", "x", "coop", "0612345671"]]
    choices = Choices(kinds={"Liste": "exhibitors"}, columns={"Liste": {0: "name.fr", 1: IGNORE, 2: "kind"}})
    report = imported(office, tmp_path, [title, *rows], choices)
    assert (report.applied, names(office)) == (True, ["Coopérative Amal"])
    rows[1][0] = "Coopérative Nour"
    assert [one.problem for one in imported(office, tmp_path, [row[:1] + row[2:] for row in rows]).findings] == [
        "no_list_found", "unknown_sheet",
    ]  # fmt: skip
    for heading, path in (("QUI ?", "name.fr"), ("Genre", "kind")):
        learn(office, "exhibitors", heading, path, "staff:amina")
    imported(office, tmp_path, [row[:1] + row[2:] for row in rows])
    assert sorted(names(office)) == ["Coopérative Amal", "Coopérative Nour"]


def test_an_unknown_sheet_can_be_left_out(office: Session, tmp_path: Path) -> None:
    report = imported(office, tmp_path, LIST, Choices(kinds={"Liste": IGNORE}))
    assert [one.problem for one in report.findings] == ["no_list_found", "unknown_sheet"]


def test_a_possible_duplicate_is_new_or_the_same_as_somebody_says(office: Session, tmp_path: Path) -> None:
    imported(office, tmp_path, LIST)
    amal = office.scalars(select(Exhibitor).where(Exhibitor.number == "1")).one()
    rows = [LIST[0][:4], [71, "Cooperative feminine Amal Azilal", "coop", "0612345671"]]
    report = imported(office, tmp_path, rows)
    assert [one.candidates for one in report.possible] == [((amal.id, "Coopérative Amal", amal.code),)]
    assert changed(report) == {"exhibitor": {"new": 1}}
    undo(office, report.act, AMINA)
    office.commit()
    report = imported(office, tmp_path, rows, Choices(same={"Liste 2": amal.id}))
    assert changed(report) == {"exhibitor": {"changed": 1}}
    (entry,) = report.entries
    assert {path: (old, new) for path, old, new in entry.fields} == {
        "name.fr": ("Coopérative Amal", "Cooperative feminine Amal Azilal"), "number": ("1", "71"),
        "women_led": (None, True),
    }  # fmt: skip
    rows[1][1:] = ["Amal Coop du Dir", "coop", "0612345671"]
    report = imported(office, tmp_path, rows, Choices(same={"Liste 2": NEW}))
    assert (changed(report), [one.chosen for one in report.possible]) == ({"exhibitor": {"new": 1}}, [NEW])


def test_rows_with_errors_are_left_out_when_that_is_chosen(office: Session, tmp_path: Path) -> None:
    imported(office, tmp_path, LIST)
    rows = [
        LIST[0],
        [1, "Coopérative Amal", "coop", "pas de tél", "A1"],
        [2, "Coopérative Nour", "coop", "0612345673", "A2"],
    ]
    assert imported(office, tmp_path, rows).refused
    report = imported(office, tmp_path, rows, Choices(without_refused=True))
    assert (report.applied, changed(report)) == (True, {"exhibitor": {"changed": 1}})
    assert report.left_out == {("Liste", 2)}
    booths = office.execute(select(Booth.code, Booth.status).order_by(Booth.code)).all()
    assert list(map(tuple, booths)) == [("A01", "occupied"), ("A02", "occupied")]


def test_an_import_is_taken_back_and_can_be_made_again(office: Session, tmp_path: Path) -> None:
    first = imported(office, tmp_path, LIST)
    second = imported(office, tmp_path, [*LIST, [3, "Coopérative Tiziri", "coop", None, None]])
    assert names(office) == ["Coopérative Amal", "Coopérative Nour", "Coopérative Tiziri"]
    for report, left in ((second, ["Coopérative Amal", "Coopérative Nour"]), (first, [])):
        assert undo(office, report.act, AMINA).kept == []
        office.commit()
        assert names(office) == left
    again = imported(office, tmp_path, LIST)
    assert (changed(again)["exhibitor"], names(office)) == ({"changed": 2}, ["Coopérative Amal", "Coopérative Nour"])


def test_what_somebody_deleted_or_merged_stays_so(office: Session, tmp_path: Path) -> None:
    goods = [["N° exposant", "Produit", "Prix"], [1, "Miel", 10], [2, "Huile", 20]]
    path = write_workbook(tmp_path / "both.xlsx", {"Liste": LIST, "Produits": goods})
    import_file(office, path)
    office.commit()
    amal, nour = office.scalars(select(Exhibitor).order_by(Exhibitor.number)).all()
    oil = office.scalars(select(Product).where(Product.exhibitor == nour.id)).one()
    honey = office.scalars(select(Product).where(Product.exhibitor == amal.id)).one()
    changes = [
        Change("exhibitor", nour.id, {"deleted": True, "merged": amal.id}),
        Change("product", oil.id, {"exhibitor": amal.id}), Change("product", honey.id, {"deleted": True}),
    ]  # fmt: skip
    write(office, changes, AMINA)
    office.commit()
    report = import_file(office, path)
    office.commit()
    assert names(office) == ["Coopérative Amal"]
    assert [one.problem for one in report.findings if one.problem == "merged_row"] == ["merged_row"]
    assert office.get_one(Product, honey.id).deleted
    assert [row.name["fr"] for row in office.scalars(select(Product).where(Product.deleted.is_(False)))] == ["Huile"]


def test_a_heading_in_three_languages_is_known(office: Session, tmp_path: Path) -> None:
    rows = [["Nom (FR)\nالاسم بالفرنسية", "Nature · النوع", "Genre | الهاتف"], ["Amal", "coop", "0612345671"]]
    imported(office, tmp_path, rows)
    assert office.scalars(select(Exhibitor.phones)).all() == [["+212612345671"]]


def test_a_separated_list_is_imported_and_says_how_it_was_read(office: Session, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes("Nom;Type;Tél\nCoopérative Été;coop;06 12 34 56 71\n".encode("cp1252"))
    report = import_file(office, path)
    assert (report.applied, report.encoding, report.delimiter) == (True, "cp1252", ";")
    assert office.scalars(select(Exhibitor.name)).all() == [{"fr": "Coopérative Été"}]
    assert import_file(office, path, choices=Choices("utf-8")).findings[0].problem == "wrong_encoding"
