"""The fair goes out as the workbook it came from, and coming back in changes nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.extensions import db
from companion.imports import Report, import_file
from companion.imports.export import catalogue_csv, fair_workbook
from companion.models import Booth, Exhibitor, Product, Workshop
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import apply, write
from companion.sync.rights import VISITOR
from tests.visitors import make_request

AMINA = Author("staff:amina", "editor")


def back(session: Session, folder: Path) -> Report:
    path = folder / "fair.xlsx"
    path.write_bytes(fair_workbook(session))
    return import_file(session, path, dry_run=True)


def differences(report: Report) -> list[Any]:
    assert not report.refused, report.as_text()[:3000]
    return [(one.kind, one.title, one.state, one.fields) for one in report.entries if one.state != "same"]


def test_the_demo_fair_comes_back_as_it_went(session: Session, tmp_path: Path) -> None:
    report = back(session, tmp_path)
    assert differences(report) == []
    totals = {kind: sum(counts.values()) for kind, counts in report.counts.items()}
    assert totals == {"exhibitor": 320, "product": 900, "booth": 332, "place": 27, "workshop": 40}


def test_so_it_does_after_people_have_worked_on_it(session: Session, tmp_path: Path) -> None:
    first, second, third, *_ = session.scalars(select(Exhibitor).order_by(Exhibitor.number)).all()
    stands = session.scalars(select(Booth).where(Booth.exhibitor.in_([first.id, third.id]))).all()
    free = session.scalars(select(Booth).where(Booth.exhibitor.is_(None))).first()
    goods = session.scalars(select(Product).where(Product.exhibitor == second.id).order_by(Product.position)).all()
    workshop = session.scalars(select(Workshop)).first()
    assert free
    assert workshop
    changes = [
        Change("exhibitor", first.id, {"name.fr": "COOPÉRATIVE MAJUSCULE", "note": "à\nrappeler", "withdrawn": True,
                                       "women_led": True, "women": None, "phones": ["+212612345678", "+33612345678"],
                                       "number": "", "kind": "", "website": None}),
        Change("exhibitor", third.id, {"deleted": True, "merged": first.id}),
        Change("exhibitor", str(uuid4()), {"code": "ZZZZZ", "name.ar": "تعاونية جديدة", "kind": "cooperative"}),
        Change("product", goods[0].id, {"deleted": True}),
        Change("product", goods[1].id, {"name.fr": "Autre chose", "price": None, "unit": "lot de 2", "position": 7}),
        Change("product", str(uuid4()), {"exhibitor": first.id, "name.ar": "زيت", "price": 0, "position": 40}),
        *(Change("booth", booth.id, {"exhibitor": None}) for booth in stands),
        Change("booth", free.id, {"exhibitor": first.id}),
        Change("workshop", workshop.id, {"status": "cancelled", "room": "R2", "start": "08:00", "end": "08:30"}),
    ]  # fmt: skip
    write(session, changes, AMINA)
    session.commit()
    assert differences(back(session, tmp_path)) == []


def test_nothing_in_it_is_live_and_no_request_is_in_it(session: Session, tmp_path: Path) -> None:
    one = session.scalars(select(Exhibitor)).first()
    assert one is not None
    write(session, [Change("exhibitor", one.id, {"note": '=HYPERLINK("https://x.example")'})], AMINA)
    asked = make_request(exhibitor=one.code, message="un secret de visiteur")
    assert apply(session, [Edit.model_validate(asked)], VISITOR).outcomes[0].state == "applied"
    session.commit()
    book = openpyxl.load_workbook(io.BytesIO(fair_workbook(session)))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert '=HYPERLINK("https://x.example")' in [cell.value for cell in cells]
    assert [cell.value for cell in cells if "secret" in str(cell.value)] == []


def test_the_catalogue_as_a_table_holds_what_visitors_see(app: Flask) -> None:
    with app.app_context():
        snapshot = app.extensions["shelf"].newest(db.session()).snapshot
    hostile = {"code": "A", "name": {"fr": "=cmd|'x'"}, "phones": ["+212600000001"]}
    rows = list(csv.DictReader(io.StringIO(catalogue_csv(snapshot).decode("utf-8-sig")), delimiter=";"))
    assert (len(rows), "note" in rows[0], "number" in rows[0]) == (320, False, False)
    assert [row["code"] for row in rows] == [one["code"] for one in snapshot["exhibitors"]]
    row = catalogue_csv({"exhibitors": [hostile]}).decode("utf-8-sig").splitlines()[1]
    assert "'=cmd" in row
    assert ";+212 6 00 00 00 01;" in row


def test_the_command(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    for name in ("fair.xlsx", "fair.csv", "fair.json"):
        result = runner.invoke(args=["export", str(tmp_path / name)])
        assert (result.exit_code, result.output.strip()) == (0, str(tmp_path / name))
    assert len(json.loads((tmp_path / "fair.json").read_text("utf-8"))["exhibitors"]) == 320
    again = runner.invoke(args=["import", str(tmp_path / "fair.xlsx")])
    assert "exhibitor: 320 same" in again.output
    assert runner.invoke(args=["export", str(tmp_path / "fair.doc")]).exit_code == 1
