"""The other papers, and the office's page that prints all of them."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue.index import Catalogue
from companion.extensions import db
from companion.models import Card
from companion.printing.kinds import KINDS, NothingToPrint, ready
from companion.printing.printed import posters_to_reprint
from companion.printing.typeset import typeset
from tests import offices
from tests.test_printing import BASE, HOSTILE, codes_of, text_of


@pytest.fixture
def catalogue(app: Flask) -> Catalogue:
    with app.app_context():
        catalogue: Catalogue = app.extensions["shelf"].newest(db.session()).catalogue
    return catalogue


PAPERS: list[tuple[str, str, str, int, list[str], list[str]]] = [
    ("entrance", "", "a4", 1, ["Le salon dans votre poche", "rafiq.example"], ["HTTPS://RAFIQ.EXAMPLE/"]),
    ("booths", "F", "", 1, ["F01", "F12"], []),
    ("plan", "", "a4", 1, ["A01", "E64", "Scène"], ["HTTPS://RAFIQ.EXAMPLE/"]),
    ("programme", "2027-07-03", "", 1, ["samedi 3 juillet", "Cérémonie d'ouverture", "20:30"], []),
    ("certificates", "A12,A13", "", 2, ["Attestation de participation", "Béni Mellal, 3–7 juillet 2027"], []),
    ("guide-exhibitors", "", "", 2, ["Guide de l'exposant", "1 / 2"], ["https://rafiq.example/in"]),
    ("guide-staff", "", "", 2, ["Guide de l'équipe", "1 / 2"], ["https://rafiq.example/staff/"]),
]


@pytest.mark.parametrize(("name", "which", "size", "pages", "words", "codes"), PAPERS, ids=[one[0] for one in PAPERS])
def test_a_paper_has_its_pages_words_and_codes(
    catalogue: Catalogue, name: str, which: str, size: str, pages: int, words: list[str], codes: list[str]
) -> None:
    paper = typeset(ready(KINDS[name], catalogue, BASE, which, size))
    texts = text_of(paper.pdf)
    assert (len(texts), paper.pages) == (pages, pages)
    assert [word for word in words if word not in texts[0]] == []
    assert [code for page in codes_of(paper.pdf, 4) for code in page] == codes
    assert paper.problems == []


def test_all_days_all_zones(catalogue: Catalogue) -> None:
    programme = text_of(typeset(ready(KINDS["programme"], catalogue, BASE)).pdf)
    assert [
        day["label"]["fr"] for day in catalogue.days if not any(day["label"]["fr"] in page for page in programme)
    ] == []
    table = " ".join(text_of(typeset(ready(KINDS["booths"], catalogue, BASE)).pdf))
    shown = [booth["code"] for booth in catalogue.booths]
    turned = {code: code[1:] + code[0] for code in shown}  # so pdfium reads some of those beside Arabic
    assert [code for code in shown if code not in table and turned[code] not in table] == []


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if kind.one])
def test_what_is_not_there_is_not_printed(catalogue: Catalogue, kind: str) -> None:
    with pytest.raises(NothingToPrint):
        ready(KINDS[kind], catalogue, BASE, "nowhere")
    with pytest.raises(ValueError, match="a4"):
        ready(KINDS[kind], catalogue, BASE, size="a0")


def test_hostile_texts_are_text_on_every_paper(catalogue: Catalogue) -> None:
    hostile = Catalogue(_with_texts(catalogue.snapshot, HOSTILE))
    for kind in KINDS.values():
        which = {"booth": "A12", "exhibitor": "A12", "zone": "F", "day": "2027-07-07"}.get(kind.one, "")
        paper = typeset(ready(kind, hostile, BASE, which))
        assert paper.pages >= 1, kind.name


def _with_texts(value: Any, text: str) -> Any:
    """The same with every translated text replaced."""
    if isinstance(value, list):
        return [_with_texts(one, text) for one in value]
    if not isinstance(value, dict):
        return value
    if value and set(value) <= {"fr", "ar", "zgh"} and all(isinstance(one, str) for one in value.values()):
        return dict.fromkeys(value, text)
    return {name: _with_texts(one, text) for name, one in value.items()}


def test_the_command_writes_any_paper(app: Flask, tmp_path: Path) -> None:
    app.config["BASE_URL"] = BASE
    run, out = app.test_cli_runner().invoke, tmp_path / "paper.pdf"
    done = run(args=["papers", "business", str(out), "--which", "A12"])
    assert (done.exit_code, done.output.splitlines()[0]) == (0, f"{out}: business")
    assert "10 codes read by zxing and rqrr (printed, blurred, glare, torn): 26 readings, all right" in done.output
    assert len(codes_of(out.read_bytes(), 4)[0]) == 10
    assert run(args=["papers", "plan", str(out), "--paper", "a6"]).exit_code == 1
    assert run(args=["papers", "booths", str(out), "--which", "Z"]).exit_code == 1


def test_the_command_writes_posters(app: Flask, tmp_path: Path) -> None:
    run, out = app.test_cli_runner().invoke, tmp_path / "posters.pdf"
    without = run(args=["posters", str(out)])
    assert (without.exit_code, "COMPANION_BASE_URL" in without.output) == (1, True)
    app.config["BASE_URL"] = BASE
    assert run(args=["posters", str(out), "--booth", "Z99"]).exit_code == 1
    done = run(args=["posters", str(out), "--booth", "a12", "--paper", "a6"])
    assert (done.exit_code, done.output.splitlines()[0]) == (0, f"{out}: 1 posters, A6")
    assert codes_of(out.read_bytes()) == [["HTTPS://RAFIQ.EXAMPLE/B/A12"]]


@pytest.fixture
def signed_in(app: Flask, session: Session) -> Callable[[str], FlaskClient]:
    """Return a function that signs somebody of a role in."""

    return lambda role: offices.signed_in(app, session, role)


def ordered(client: FlaskClient, **order: str) -> str:
    """Order a paper, wait until it is done, return its address."""
    answer = client.post("/staff/print", data=order)
    assert answer.status_code == 302
    address = answer.headers["Location"]
    deadline = time.monotonic() + 60
    while "Refresh" in (page := client.get(address)).headers:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert page.status_code == 200
    return str(address)


def test_an_editor_orders_looks_and_takes(signed_in: Callable[[str], FlaskClient], session: Session) -> None:
    editor = signed_in("editor")
    page = editor.get("/staff/print").get_data(as_text=True)
    assert page.count('<form method="post" class="panel"') == len(KINDS) + 1
    address = ordered(editor, kind="posters", which="a 12, A13", size="a6")
    shown = editor.get(address).get_data(as_text=True)
    assert "<b>16</b>" in shown
    with Image.open(io.BytesIO(editor.get(f"{address}/0.png").data)) as picture:
        assert picture.size[0] == 900
    assert editor.get(f"{address}/2.png").status_code == 404
    assert posters_to_reprint(session) == []
    file = editor.get(f"{address}/file")
    assert file.headers["Content-Disposition"] == "attachment; filename=posters.pdf"
    assert codes_of(file.data) == [["HTTP://LOCALHOST/B/A12"], ["HTTP://LOCALHOST/B/A13"]]
    session.rollback()
    assert {"A12", "A13"}.isdisjoint(one.booth for one in posters_to_reprint(session))
    assert len(posters_to_reprint(session)) == 330
    assert "A14" in editor.get("/staff/print").get_data(as_text=True).partition("</section>")[0]
    assert signed_in("administrator").get(f"{address}/file").status_code == 404, "what somebody else ordered"


def test_one_file_each_comes_as_a_zip(signed_in: Callable[[str], FlaskClient]) -> None:
    editor = signed_in("editor")
    address = ordered(editor, kind="posters", which="A12,A13", size="a6", apart="1")
    with zipfile.ZipFile(io.BytesIO(editor.get(f"{address}/file").data)) as files:
        assert files.namelist() == ["posters-A12.pdf", "posters-A13.pdf"]
        assert codes_of(files.read("posters-A13.pdf")) == [["HTTP://LOCALHOST/B/A13"]]


def test_the_floor_prints_for_one_booth(signed_in: Callable[[str], FlaskClient], session: Session) -> None:
    floor = signed_in("floor")
    for refused in (
        {"kind": "posters"},
        {"kind": "posters", "which": "A12,A13"},
        {"kind": "plan"},
        {"kind": "access"},
        {"kind": "access", "which": "A12"},
    ):
        assert floor.post("/staff/print", data=refused).headers["Location"] == "/staff/print"
    assert session.scalars(select(Card)).all() == []
    assert signed_in("viewer").get("/staff/print").status_code == 403


def test_nothing_is_handed_out_before_it_is_checked(signed_in: Callable[[str], FlaskClient], app: Flask) -> None:
    editor = signed_in("editor")
    address = ordered(editor, kind="posters", which="A12", size="a6")
    home = app.config["DATABASE_FOLDER"] / "orders" / address.rpartition("/")[2]
    order = json.loads((home / "order.json").read_text())
    failure = {"page": 0, "says": "HTTP://LOCALHOST/B/A12", "reader": "rqrr", "how": "torn"}
    for state, refresh in (("working", True), ("refused", False), ("interrupted", False)):
        (home / "order.json").write_text(json.dumps(order | {"state": state, "failures": [failure]}))
        page = editor.get(address)
        assert ("Refresh" in page.headers) is refresh
        assert ("torn" in page.get_data(as_text=True)) is (state == "refused")
        assert editor.get(f"{address}/file").status_code == 404
        assert editor.get(f"{address}/0.png").status_code == 404
    (home / "order.json").write_text(json.dumps(order | {"state": "working", "started": time.time() - 3600}))
    assert "Refresh" not in editor.get(address).headers
