"""The demo fair's workbook comes out as its clean file says, the broken one with the findings expected of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from companion.catalogue import vocabulary
from companion.catalogue.communes import communes, provinces
from companion.imports.edition import Edition
from companion.imports.exhibitors import Listed
from companion.imports.fair import Document, load
from companion.imports.interpret import Content, interpret
from companion.imports.problems import Finding
from companion.imports.read import read_sheets

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"

DISPUTED_WOMEN_LED = {"EXP-037", "EXP-062", "EXP-089", "EXP-098", "EXP-145"}
"""Led by women according to the clean file, but nothing in the workbook tells: some members are men, neither
the name nor another column says so, and exhibitors with the same shares are not led by women there."""

NOT_IN_THE_WORKBOOK = {"zgh_review", "concepts", "name_zgh_status"}
"""How sure each Tamazight text is, and the generator's own short names of product categories (the workbook has
their French names, which are compared one to one)."""


@pytest.fixture(scope="module")
def fair() -> Document:
    return load(ROOT / "examples" / "fair.toml")


@pytest.fixture(scope="module")
def edition(fair: Document) -> Edition:
    return Edition(
        "7d1c1f6e-0000-5000-8000-000000000000", fair.dates[0], fair.dates[1], fair.plan.width_m, fair.plan.depth_m,
        {one.code: (one.names(), one.zone) for one in fair.sectors}, {one.code: one.names() for one in fair.zones},
    )  # fmt: skip


@pytest.fixture(scope="module")
def demo(edition: Edition) -> tuple[Content, list[Finding]]:
    return interpret(read_sheets(ROOT / "examples" / "exhibitors.xlsx"), edition)


@pytest.fixture(scope="module")
def clean() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / "exhibitors_clean.json").read_text(encoding="utf-8"))
    return content


def texts(fields: dict[str, Any], name: str) -> dict[str, str]:
    return {path.partition(".")[2]: text for path, text in fields.items() if path.startswith(f"{name}.") and text}


def names_by_number(content: Content) -> dict[int, str]:
    return {id(one): f"EXP-{int(one.fields['number']):03d}" for one in content.exhibitors}


def as_clean(one: Listed) -> dict[str, Any]:
    """Write an exhibitor with the names of the clean file."""
    fields = one.fields
    return {
        "id": f"EXP-{int(fields['number']):03d}", "no": int(fields["number"]), "type": fields["kind"],
        "sector": fields["sector"], "pole": fields["zone"], "name": texts(fields, "name"),
        "description": texts(fields, "about"), "commune": communes()[fields["commune"]].names["fr"],
        "commune_code": fields["commune"], "province": provinces()[fields["province"]]["fr"],
        "founded": fields["founded"], "members": fields["members"], "women_members": fields["women"],
        "women_led": fields["women_led"], "phones": fields["phones"], "whatsapp": fields["whatsapp"],
        "email": fields["email"], "website": fields["website"], "booths": one.booths, "labels": fields["labels"],
        "certifications": fields["certifications"], "delivery": fields["delivery"], "orders_open": fields["orders"],
        "languages": fields["languages"], "payment": fields["payment"], "internal": {"note": fields["note"]},
    }  # fmt: skip


def test_all_exhibitors(demo: tuple[Content, list[Finding]], clean: dict[str, Any]) -> None:
    expected = [
        {name: value for name, value in one.items() if name not in NOT_IN_THE_WORKBOOK} for one in clean["exhibitors"]
    ]
    found = [as_clean(one) for one in demo[0].exhibitors]
    for one in (one for one in (*expected, *found) if one["id"] in DISPUTED_WOMEN_LED):
        del one["women_led"]
    assert found == expected


def test_all_products(demo: tuple[Content, list[Finding]], clean: dict[str, Any]) -> None:
    ids = names_by_number(demo[0])
    found = [
        {
            "id": f"P{at:04d}", "exhibitor_id": ids[id(one.owner)], "name": texts(one.fields, "name"),
            "unit": one.fields["unit"], "label": one.fields["label"], "available": one.fields["available"],
            "price_mad": None if one.fields["price"] is None else one.fields["price"] / 100,
        }
        for at, one in enumerate(demo[0].products, start=1)
    ]  # fmt: skip
    left_out = {*NOT_IN_THE_WORKBOOK, "concept"}
    assert found == [{name: one[name] for name in one if name not in left_out} for one in clean["products"]]


def test_categories_are_told_apart_as_in_the_clean_file(
    demo: tuple[Content, list[Finding]], clean: dict[str, Any]
) -> None:
    pairs = {
        (ours.fields["concept"], theirs["concept"])
        for ours, theirs in zip(demo[0].products, clean["products"], strict=True)
    }
    assert len(pairs) == len({ours for ours, _ in pairs}) == len({theirs for _, theirs in pairs})
    named = {theirs: ours for ours, theirs in pairs}
    ids = names_by_number(demo[0])
    found: dict[str, list[str]] = {}
    for one in demo[0].products:
        found.setdefault(ids[id(one.owner)], []).append(one.fields["concept"])
    for exhibitor in clean["exhibitors"]:
        expected = [named[concept] for concept in exhibitor["concepts"]]
        assert list(dict.fromkeys(found.get(exhibitor["id"], []))) == expected


def test_the_whole_plan(demo: tuple[Content, list[Finding]], clean: dict[str, Any]) -> None:
    ids = names_by_number(demo[0])
    found = []
    for spot in demo[0].spots:
        fields = spot.fields
        one = {
            "code": spot.code, "type": spot.type, "zone": fields.get("zone", ""), "row": fields.get("row", ""),
            "number": fields.get("number"), "label": texts(fields, "label"), "x": fields["x"], "y": fields["y"],
            "w": fields["w"], "h": fields["d"], "status": fields.get("status", "fixed"),
        }  # fmt: skip
        found.append(one | ({"exhibitors": [ids[id(spot.holder)]]} if spot.holder else {}))
    assert found == clean["plan"]


def test_all_workshops_and_rooms(demo: tuple[Content, list[Finding]], clean: dict[str, Any]) -> None:
    found = [
        {"id": one.code}
        | {name: texts(one.fields, name) for name in ("title", "abstract", "speaker")}
        | {
            name: one.fields[name]
            for name in ("room", "date", "start", "end", "languages", "audience", "capacity", "status")
        }
        for one in demo[0].workshops
    ]
    assert found == clean["workshops"]
    rooms = {
        spot.code: {"zgh": ""} | texts(spot.fields, "label") | {"capacity": spot.fields["capacity"]}
        for spot in demo[0].spots
        if spot.fields.get("capacity")
    }
    assert rooms == clean["rooms"]


def test_the_fair_itself(fair: Document, clean: dict[str, Any]) -> None:
    assert {one.code: one.names() | {"pole": one.zone} for one in fair.sectors} == clean["sectors"]
    assert {one.code: one.names() for one in fair.zones} == clean["poles"]
    kinds = vocabulary.family("kind")
    assert {code: {lang: kinds[code][lang] for lang in names} for code, names in clean["types"].items()} == clean[
        "types"
    ]
    assert [day.isoformat() for day in fair.dates] == [clean["meta"]["dates"][0], clean["meta"]["dates"][-1]]


def test_only_the_duplicate_rows_are_worth_a_word(demo: tuple[Content, list[Finding]], clean: dict[str, Any]) -> None:
    found = [(one.problem, one.sheet, one.row, one.parameters["other"]) for one in demo[1]]
    rows = clean["source_rows"]["rows"]
    assert found == [
        ("duplicate_row", one["sheet"], one["row"], f"{one['sheet']} {rows[one['duplicate_of']]}")
        for one in clean["duplicate_rows"]
    ]


def test_every_expected_finding_of_the_broken_workbook(edition: Edition) -> None:
    expected = json.loads((DATA / "expected_errors.json").read_text(encoding="utf-8"))
    found = [one.as_json() for one in interpret(read_sheets(DATA / "exhibitors_broken.xlsx"), edition)[1]]

    members = ("sheet", "row", "column", "cell", "problem", "severity")
    wanted = {tuple(one[name] for name in members) for one in expected["errors"]}
    assert wanted - {tuple(one[name] for name in members) for one in found} == set()

    listed = {(one["sheet"], one["row"]) for one in expected["errors"]}
    errors = {(one["sheet"], one["row"]) for one in found if one["severity"] == "error"}
    assert errors - listed == set()

    values = {(one["cell"], one["sheet"], one["problem"]): one["value"] for one in found}
    for one in expected["errors"]:
        if one["problem"] not in ("control_or_bidi_characters", "text_too_long"):
            assert values[one["cell"], one["sheet"], one["problem"]] == one["value"]


def test_every_label_unit_and_audience_of_the_demo_fair_has_arabic(demo: tuple[Content, list[Finding]]) -> None:
    content = demo[0]
    used = {("label", label) for one in content.exhibitors for label in one.fields["labels"]}
    used |= {("certification", name) for one in content.exhibitors for name in one.fields["certifications"]}
    used |= {("unit", one.fields["unit"]) for one in content.products}
    used |= {("audience", one.fields["audience"]) for one in content.workshops}
    used |= {("place", spot.type) for spot in content.spots}
    assert [(name, value) for name, value in sorted(used) if "ar" not in vocabulary.texts(name, value)] == []
    assert vocabulary.texts("unit", "150 x 200 cm") == {"fr": "150 x 200 cm", "ar": "150 x 200 سم"}
    assert vocabulary.texts("label", "Label de Safi") == {"fr": "Label de Safi"}
