"""Lists of other fairs: other headings, orders, languages, kinds of file; and what headings are taken for."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from companion.imports.edition import Edition
from companion.imports.headings import path_of
from companion.imports.interpret import Content, interpret
from companion.imports.problems import Finding
from companion.imports.read import read_sheets
from tests.workbooks import write_workbook

SAFI = Edition(
    "0b0e7a52-0000-5000-8000-000000000000", date(2028, 4, 12), date(2028, 4, 16), 40, 30,
    {"POT": ({"fr": "Poterie", "en": "Pottery", "ar": "الفخار"}, "H1"),
     "FISH": ({"fr": "Pêche", "en": "Fishing"}, "H2")},
    {"H1": {"fr": "Hall des métiers"}, "H2": {"fr": "Hall de la mer"}},
)  # fmt: skip


def understood(path: Path) -> tuple[Content, list[tuple[str, str, str]]]:
    content, findings = interpret(read_sheets(path), SAFI)
    return content, [(one.severity, one.problem, one.value or one.parameters.get("other", "")) for one in findings]


def test_an_english_list_with_titles_sections_and_few_columns(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Safi Solidarity Fair 2028"],
        ["list of exhibitors, draft 3"],
        [],
        [
            "Stand number",
            "Sector",
            "Hobby",
            "Exhibitor",
            "Name (Arabic)",
            "Category",
            "Phone",
            "Mobile",
            "Languages spoken",
        ],
        ["HALL 1"],
        [
            "b 3",
            "pottery",
            "chess",
            "Amal Pots",
            "فخار الأمل",
            "NGO",
            "0612345678",
            "+33 6 12 34 56 78",
            "English and French",
        ],
        ["B4", "POT", None, "Blue Clay", None, "coop", 612345679.0, None, None],
        ["HALL 2"],
        ["C-1", "Fishing", None, "Sardine Women", None, "Social enterprise", None, None, "arabic"],
    ]
    path = write_workbook(tmp_path / "list.xlsx", {"Sheet1": rows}, {"Sheet1": ["A5:I5", "A8:I8"]})
    content, findings = understood(path)
    assert [
        (one.fields["name.fr"], one.fields["kind"], one.fields["sector"], one.fields["zone"], one.fields["phones"],
         one.fields["languages"], one.booths)
        for one in content.exhibitors
    ] == [
        ("Amal Pots", "association", "POT", "H1", ["+212612345678", "+33612345678"], ["en", "fr"], ["B03"]),
        ("Blue Clay", "cooperative", "POT", "H1", ["+212612345679"], [], ["B04"]),
        ("Sardine Women", "social_enterprise", "FISH", "H2", [], ["ar"], ["C01"]),
    ]  # fmt: skip
    assert sorted((spot.code, spot.holder.name) for spot in content.spots if spot.holder) == [
        ("B03", "Amal Pots"), ("B04", "Blue Clay"), ("C01", "Sardine Women"),
    ]  # fmt: skip
    assert findings == [
        ("info", "unknown_column", "Hobby"), ("warning", "missing_arabic", ""), ("warning", "missing_arabic", ""),
    ]  # fmt: skip
    assert "note" not in content.exhibitors[0].fields


def test_an_arabic_list(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["الرقم", "اسم التعاونية", "النوع", "القطاع", "رقم الهاتف", "الرواق"],
        ["١", "فخار آسفي", "تعاونية", "الفخار", "٠٦١٢٣٤٥٦٧٨", "A١"],
    ]
    content, findings = understood(write_workbook(tmp_path / "list.xlsx", {"ورقة1": rows}))
    (one,) = content.exhibitors
    assert (one.fields["number"], one.fields["name.ar"], one.fields["kind"], one.fields["sector"], one.fields["phones"],
            one.booths) == ("1", "فخار آسفي", "cooperative", "POT", ["+212612345678"], ["A01"])  # fmt: skip
    assert findings == []


def test_an_arabic_name_in_a_french_column_goes_to_arabic(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Nom", "Type"], ["تعاونية الأمل", "coop"], ["Amal", "coop"]]
    content, _ = understood(write_workbook(tmp_path / "list.xlsx", {"A": rows}))
    assert [one.name for one in content.exhibitors] == ["تعاونية الأمل", "Amal"]
    assert content.exhibitors[0].fields["name.ar"] == "تعاونية الأمل"


def test_formulas(tmp_path: Path) -> None:
    """What was computed is taken with a word about it."""
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "list.xlsx") as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Nom", "Type", "Nbre d'adhérents"])
        sheet.write_row(1, 0, ["Amal", "coop"])
        sheet.write_formula("C2", "=3*7", None, 21)
        sheet.write_formula("A3", '=HYPERLINK("https://x.example","Blue")', None, "Blue")
        sheet.write("B3", "coop")
    content, findings = understood(tmp_path / "list.xlsx")
    assert content.exhibitors[0].fields["members"] == 21
    assert findings == [
        ("warning", "formula_value", "=3*7"),
        ("warning", "formula_value", '=HYPERLINK("https://x.example","Blue")'),
    ]  # fmt: skip


def test_two_rows_with_one_number_are_not_one_exhibitor(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["N°", "Nom", "Type"], [7, "Amal", "coop"], [7, "Blue Clay", "coop"]]
    content, findings = understood(write_workbook(tmp_path / "list.xlsx", {"A": rows}))
    assert [one.name for one in content.exhibitors] == ["Amal", "Blue Clay"]
    assert findings == [("error", "duplicate_number", "7")]


def test_namesakes_need_a_number_in_the_list_of_products(tmp_path: Path) -> None:
    exhibitors: list[list[Any]] = [
        ["N°", "Nom", "Type", "Tél"], [1, "Coop. Amal", "coop", "0612345678"], [2, "Coopérative Amal", "coop", "0612345679"],
    ]  # fmt: skip
    goods: list[list[Any]] = [
        ["Produit", "Exposant", "N° exposant", "Prix"], ["Bol", "Amal Coop", None, 10], ["Plat", "Coop Amal", None, 20],
        ["Vase", "Coop Amal", 2, 30],
    ]  # fmt: skip
    content, findings = understood(write_workbook(tmp_path / "list.xlsx", {"A": exhibitors, "B": goods}))
    assert [(one.owner.fields["number"], one.fields["price"]) for one in content.products] == [("2", 3000)]
    assert findings == [("error", "unknown_exhibitor", "Amal Coop"), ("error", "ambiguous_exhibitor", "Coop Amal")]


def test_an_ods_is_read_as_well(tmp_path: Path) -> None:
    cells = "".join(
        "<table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in row
        ) + "</table:table-row>"
        for row in (("Nom", "Type"), ("Amal", "coop"))
    )  # fmt: skip
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text", "manifest")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    with zipfile.ZipFile(tmp_path / "list.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f"<manifest:manifest {names}/>")
        package.writestr("content.xml", content)
    assert [one.name for one in understood(tmp_path / "list.ods")[0].exhibitors] == ["Amal"]


def test_a_workbook_without_a_list(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "list.xlsx", {"Budget": [["Recettes", "Dépenses"], [1, 2]], "Vide": []})
    assert understood(path)[1] == [("error", "no_list_found", ""), ("info", "unknown_sheet", "Budget")]


@pytest.mark.parametrize(
    ("kind", "heading", "path"),
    [
        ("exhibitors", "NOM DE LA STRUCTURE", "name.fr"), ("exhibitors", "Nom (AR)", "name.ar"),
        ("exhibitors", "الاسم بالفرنسية", "name.fr"), ("exhibitors", "Nom en arabe", "name.ar"),
        ("exhibitors", "Description (English)", "about.en"), ("exhibitors", "Téléphone 2", "phones"),
        ("exhibitors", "Langues parlées", "languages"), ("exhibitors", "Observations (interne)", "note"),
        ("exhibitors", "Couleur préférée", None), ("products", "Prix (DH)", "price"),
        ("products", "المنتوج", "name.ar"),
        ("workshops", "Intervenant(e)", "speaker.fr"), ("plan", "X (m)", "x"), ("plan", "Exposant(s)", "exhibitors"),
    ],
)  # fmt: skip
def test_headings(kind: str, heading: str, path: str | None) -> None:
    assert path_of(kind, heading) == path


def test_findings_can_be_translated() -> None:
    finding = Finding("unknown_booth", "Exposants", 6, "Stand", "T6", "Z99")
    french = {"There is no booth %(value)s on the plan.": "Le stand %(value)s n'est pas sur le plan."}
    assert finding.line(lambda message, **parameters: french.get(message, message) % parameters) == (
        "error: Exposants T6 [Stand]: Le stand Z99 n'est pas sur le plan. Correct it here or add it to the plan."
    )


def test_a_list_on_several_sheets_is_read_from_all_of_them(tmp_path: Path) -> None:
    heads = ["Exhibitor", "Stand number", "Sector"]
    path = write_workbook(tmp_path / "halls.xlsx", {
        "Hall 1": [heads, ["Amal Pots", "B3", "pottery"], ["Blue Clay", "B4", "POT"]],
        "Hall 2": [["Stand number", "Exhibitor", "Phone"], ["C1", "Sea Women", "0612345678"], ["B3", "Amal Pots", None]],
        "Goods": [["Exhibitor", "Product", "Price"], ["Sea Women", "Nets", 40]],
        "More goods": [["Exhibitor", "Product", "Price"], ["Blue Clay", "Jar", 90]],
        "Notes": [["call the hall"]],
    })  # fmt: skip
    content, findings = understood(path)
    assert [one.name for one in content.exhibitors] == ["Amal Pots", "Blue Clay", "Sea Women"]
    assert [(offer.owner.name, offer.fields["price"]) for offer in content.products] == [
        ("Sea Women", 4000), ("Blue Clay", 9000),
    ]  # fmt: skip
    assert [one for one in findings if one[1] in ("unknown_sheet", "duplicate_row")] == [
        ("warning", "duplicate_row", "Amal Pots"), ("info", "unknown_sheet", "Notes"),
    ]  # fmt: skip
