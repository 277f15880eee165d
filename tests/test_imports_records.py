"""Importing into a database: once, again, corrected, renumbered, beside people's own corrections, in part."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from companion.extensions import prepare_sqlite
from companion.imports import Report, import_file
from companion.models import KINDS, Base, Booth, Exhibitor, LogEntry, LogHead, Product, Workshop
from companion.sync.edits import Author, Change
from companion.sync.log import name_node, write
from tests.workbooks import WORKBOOK, demo_rows, set_cells, write_workbook

ROOT = Path(__file__).parent.parent
FAIR = ROOT / "examples" / "fair.toml"
STAFF = Author("staff:amina", "editor")

Cells = dict[str, Any]


def opened(file: Path, node: str = "office") -> Session:
    engine = create_engine(f"sqlite:///{file}")
    prepare_sqlite(engine)
    Base.metadata.create_all(engine)
    session = Session(engine)
    name_node(session, node)
    return session


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo fair; copied for each test."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    with opened(file) as session:
        for path in (FAIR, WORKBOOK):
            assert import_file(session, path).applied
            session.commit()
        session.get_bind().dispose()  # type: ignore[union-attr]
    return file


@pytest.fixture
def office(imported: Path, tmp_path: Path) -> Iterator[Session]:
    with opened(Path(shutil.copy(imported, tmp_path / "office.sqlite"))) as session:
        yield session
        session.get_bind().dispose()  # type: ignore[union-attr]


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[dict[str, Cells]], Path]:
    """Return a function that writes the demo workbook with some cells changed."""

    def edit(cells: dict[str, Cells]) -> Path:
        sheets = demo_rows()
        for sheet, values in cells.items():
            set_cells(sheets[sheet], values)
        return write_workbook(tmp_path / "corrected.xlsx", sheets)

    return edit


def records(session: Session) -> dict[str, dict[str, dict[str, Any]]]:
    """All synced records by kind and id, without their stamps."""
    return {
        kind: {
            row.id: {name: value for name, value in vars(row).items() if name not in ("_sa_instance_state", "stamps")}
            for row in session.scalars(select(model))
        }
        for kind, model in KINDS.items()
    }


def seq(session: Session) -> int:
    return session.get_one(LogHead, 1).seq


def numbered(session: Session, number: str) -> Exhibitor:
    return session.scalars(select(Exhibitor).where(Exhibitor.number == number)).one()


def changed(report: Report) -> dict[str, dict[str, int]]:
    different = {
        kind: {what: n for what, n in counts.items() if n and what != "same"} for kind, counts in report.counts.items()
    }
    return {kind: counts for kind, counts in different.items() if counts}


def test_the_demo_fair(office: Session) -> None:
    counts = {
        kind: session_count
        for kind, model in KINDS.items()
        if (session_count := office.scalar(select(func.count()).select_from(model)))
    }
    assert counts == {"fair": 1, "zone": 5, "sector": 17, "notice": 3, "exhibitor": 320, "product": 900, "booth": 332,
                      "place": 27, "workshop": 40}  # fmt: skip
    one = numbered(office, "2")
    stands = office.scalars(select(Booth.code).where(Booth.exhibitor == one.id)).all()
    goods = office.scalars(select(Product).where(Product.exhibitor == one.id).order_by(Product.position)).all()
    assert (one.name["fr"], one.kind, one.note, stands) == (
        "Coopérative Igr Souk Sebt Ouled Nemma", "cooperative", "وصل الملف ناقصا", ["B40"],
    )  # fmt: skip
    assert [(each.name["fr"], each.unit, each.price) for each in goods] == [
        ("Sellou aux amandes", "500 g", 6000), ("Sellou au sésame", "1 kg", 8700),
        ("Sellou sans sucre ajouté", "500 g", 5500),
    ]  # fmt: skip
    codes = office.scalars(select(Exhibitor.code)).all()
    assert len(set(codes)) == 320
    assert {len(code) for code in codes} == {5}


def test_everything_is_in_the_log_under_the_importers_name(office: Session) -> None:
    authors = office.execute(select(LogEntry.author, LogEntry.role).distinct()).all()
    assert sorted(map(tuple, authors)) == [("import:exhibitors.xlsx", "importer"), ("import:fair.toml", "importer")]


@pytest.mark.parametrize("path", [FAIR, WORKBOOK], ids=lambda path: path.name)
def test_importing_again_changes_nothing(office: Session, path: Path) -> None:
    before = seq(office)
    report = import_file(office, path)
    office.commit()
    assert (report.applied, changed(report), seq(office)) == (True, {}, before)


def test_two_nodes_make_the_same_records(office: Session, open_node: Callable[[str, str], Session]) -> None:
    site = open_node("postgresql", "site")
    for path in (FAIR, WORKBOOK):
        import_file(site, path)
        site.commit()
    assert records(site) == records(office)


def test_a_dry_run_tells_and_changes_nothing(office: Session, edited: Callable[[dict[str, Cells]], Path]) -> None:
    before = records(office), seq(office)
    report = import_file(office, edited({"Exposants": {"P2": "06 11 11 11 11"}}), dry_run=True)
    assert (report.applied, changed(report)) == (False, {"exhibitor": {"changed": 1}})
    assert (records(office), seq(office)) == before


def test_a_broken_workbook_is_not_half_imported(office: Session) -> None:
    before = records(office), seq(office)
    report = import_file(office, ROOT / "tests" / "data" / "exhibitors_broken.xlsx")
    office.commit()
    assert (report.applied, report.refused, report.counts) == (False, True, {})
    assert (records(office), seq(office)) == before


def test_a_corrected_workbook_changes_what_differs(office: Session, edited: Callable[[dict[str, Cells]], Path]) -> None:
    corrected = edited(
        {
            "Exposants": {"B5": "Coopérative Toudert du Souk", "P2": "06 11 11 11 11", "S2": None, "T2": "A48"},
            "Plan": {}, "Ateliers": {"D4": "10:30"},
            "Produits": {"C2": "Lampe solaire de poche", "H3": 110},
        }
    )  # fmt: skip
    before, code = seq(office), numbered(office, "4").code
    lamp = office.scalars(select(Product.id).where(Product.price == 21800, Product.unit == "pièce")).first()
    report = import_file(office, corrected)
    office.commit()
    assert changed(report) == {
        "exhibitor": {"changed": 2}, "product": {"changed": 2}, "booth": {"changed": 2}, "workshop": {"changed": 1},
    }  # fmt: skip
    assert seq(office) == before + 7
    first, second = numbered(office, "1"), numbered(office, "4")
    assert (second.code, second.name["fr"]) == (code, "Coopérative Toudert du Souk")
    assert (first.phones, first.website) == (["+212611111111"], None)
    assert office.get_one(Product, lamp).name["fr"] == "Lampe solaire de poche"
    booths = {booth.code: booth for booth in office.scalars(select(Booth).where(Booth.code.in_(("A48", "E43"))))}
    assert {code: (booth.exhibitor, booth.status) for code, booth in booths.items()} == {
        "A48": (first.id, "occupied"), "E43": (None, "occupied"),
    }  # fmt: skip
    assert office.scalars(select(Workshop.start).where(Workshop.code == "W01")).one() == "10:30"


def test_a_renumbered_list_keeps_everybody_who_they_are(office: Session, tmp_path: Path) -> None:
    codes = {row.id: (row.code, row.name["fr"]) for row in office.scalars(select(Exhibitor))}
    sheets = demo_rows()
    for row in (*sheets["Exposants"][1:], *sheets["Produits"][1:]):
        row[0] = row[0] and row[0] + 1000
    for row in sheets["Plan"][1:]:
        row[13] = None
    report = import_file(office, write_workbook(tmp_path / "renumbered.xlsx", sheets))
    office.commit()
    assert changed(report) == {"exhibitor": {"changed": 320}}
    assert {row.id: (row.code, row.name["fr"]) for row in office.scalars(select(Exhibitor))} == codes


def test_who_is_missing_from_a_list_is_reported_and_stays(office: Session, tmp_path: Path) -> None:
    gone = numbered(office, "319")
    sheets = demo_rows()
    for name in ("Exposants", "Produits"):
        sheets[name] = [row for row in sheets[name] if row[0] != 319]
    report = import_file(office, write_workbook(tmp_path / "shorter.xlsx", sheets))
    office.commit()
    told = [finding.parameters["other"] for finding in report.findings if finding.problem == "missing_from_file"]
    assert told == [f"{gone.name['fr']} ({gone.code})"]
    assert report.applied
    assert not numbered(office, "319").deleted


def test_a_list_with_few_columns_leaves_the_rest_alone(office: Session, tmp_path: Path) -> None:
    before = records(office)
    rows = [["Coopérative", "Tél."], ["COOP. Igr Souk Sebt Ouled Nemma", "06 22 22 22 22"]]
    report = import_file(office, write_workbook(tmp_path / "phones.xlsx", {"Feuil1": rows}))
    office.commit()
    one = numbered(office, "2")
    expected = before["exhibitor"][one.id] | {"phones": ["+212622222222"], "name": one.name}
    assert changed(report) == {"exhibitor": {"changed": 1}}
    assert records(office) == before | {"exhibitor": before["exhibitor"] | {one.id: expected}}


def test_a_name_that_several_have_needs_more(office: Session, tmp_path: Path) -> None:
    namesake = {"name.fr": "Toudert éco", "code": "ZZZZZ", "commune": "05.091.01.01"}
    write(office, [Change("exhibitor", str(uuid4()), namesake)], STAFF)
    office.commit()
    before = seq(office)
    rows = [["Coopérative", "Tél."], ["Toudert Éco", "06 22 22 22 22"]]
    report = import_file(office, write_workbook(tmp_path / "phones.xlsx", {"Feuil1": rows}))
    told = [(one.problem, one.cell) for one in report.findings if one.severity == "error"]
    assert (told, report.applied, seq(office)) == ([("ambiguous_exhibitor", "A2")], False, before)
    rows = [["Coopérative", "Tél.", "Commune"], ["Toudert Éco", "06 22 22 22 22", "Béni Mellal"]]
    report = import_file(office, write_workbook(tmp_path / "phones.xlsx", {"Feuil1": rows}))
    assert report.applied
    assert office.scalars(select(Exhibitor).where(Exhibitor.code == "ZZZZZ")).one().phones == ["+212622222222"]


def test_a_correction_made_since_survives_the_same_list(office: Session) -> None:
    one = numbered(office, "1")
    write(office, [Change("exhibitor", one.id, {"phones": ["+212699999999"], "name.zgh": None})], STAFF)
    office.commit()
    before = seq(office)
    report = import_file(office, WORKBOOK)
    office.commit()
    assert seq(office) == before
    assert numbered(office, "1").phones == ["+212699999999"]
    assert [one.parameters["other"] for one in report.findings if one.problem == "kept_correction"] == [
        "Tighermt Impact (name.zgh, phones)"
    ]


def test_a_booth_moved_at_the_fair_stays_moved(office: Session) -> None:
    one = numbered(office, "1")
    booths = {booth.code: booth.id for booth in office.scalars(select(Booth))}
    moved = [Change("booth", booths["E43"], {"exhibitor": None}), Change("booth", booths["A48"], {"exhibitor": one.id})]
    write(office, moved, STAFF)
    office.commit()
    import_file(office, WORKBOOK)
    office.commit()
    assert office.scalars(select(Booth.code).where(Booth.exhibitor == one.id)).all() == ["A48"]


def test_a_list_corrected_in_the_same_place_counts_and_says_so(
    office: Session, edited: Callable[[dict[str, Cells]], Path]
) -> None:
    one = numbered(office, "1")
    write(office, [Change("exhibitor", one.id, {"phones": ["+212699999999"]})], STAFF)
    office.commit()
    report = import_file(office, edited({"Exposants": {"P2": "06 11 11 11 11"}}))
    office.commit()
    assert numbered(office, "1").phones == ["+212611111111"]
    assert [one.problem for one in report.findings if one.problem.endswith("_correction")] == ["replaced_correction"]


def test_a_fair_that_is_renamed_stays_the_same_fair(office: Session, tmp_path: Path) -> None:
    renamed = tmp_path / "fair.toml"
    renamed.write_text(
        FAIR.read_text(encoding="utf-8").replace("Salon ESS Béni Mellal", "Salon de Béni Mellal"), encoding="utf-8"
    )
    report = import_file(office, renamed)
    assert changed(report) == {"fair": {"changed": 1}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("dates = [2027-07-03", "not valid TOML"),
        ("dates = [2027-07-03, 2027-07-07]", "name: Field required"),
        (FAIR.read_text(encoding="utf-8").replace("2027-07-07]", "2027-07-01]"), "the last day is before the first"),
        (FAIR.read_text(encoding="utf-8").replace('zone = "P1"', 'zone = "P9"'), "unknown zone P9"),
        (FAIR.read_text(encoding="utf-8").replace("Africa/Casablanca", "Casablanca"), "time zone"),
        (FAIR.read_text(encoding="utf-8").replace("hours =", "houres ="), "hours"),
    ],
)  # fmt: skip
def test_a_wrong_fair_file_is_refused(office: Session, tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "fair.toml"
    path.write_text(content, encoding="utf-8")
    report = import_file(office, path)
    assert [finding.problem for finding in report.findings] == ["invalid_toml"]
    assert told in report.as_text()


def test_a_workbook_before_the_fair_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "empty.sqlite") as session:
        report = import_file(session, WORKBOOK)
        assert report.as_text() == (
            "error: There is no fair yet. Import the fair's own file (fair.toml) first.\nexhibitors.xlsx: nothing imported"
        )
        session.get_bind().dispose()  # type: ignore[union-attr]


def test_the_report_as_json(office: Session) -> None:
    report = import_file(office, ROOT / "tests" / "data" / "exhibitors_broken.xlsx").as_json()
    assert {name: report[name] for name in ("workbook", "applied", "counts")} == {
        "workbook": "exhibitors_broken.xlsx", "applied": False, "counts": {},
    }  # fmt: skip
    assert report["errors"][0] == {
        "sheet": "Exposants", "row": 3, "column": "Nom de la structure (FR)", "cell": "B3", "problem": "missing_name",
        "severity": "error", "value": None, "note": "The name is missing. Type it in this cell.",
    }  # fmt: skip
