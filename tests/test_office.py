"""The office's pages: today, the log, conflicts, the report; each as a browser without JavaScript sees it."""

from __future__ import annotations

import html
import io
import re
from uuid import uuid4

import openpyxl
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Booth, Exhibitor, LogEntry
from companion.printing.printed import posters_were_printed
from companion.stats.today import attention
from companion.sync.conflicts import conflicts
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import apply, write
from companion.sync.stamps import next_stamp
from tests.offices import signed_in

AMINA, DRISS = Author("staff:amina", "editor"), Author("staff:driss", "floor")


@pytest.fixture
def office(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, "editor", "amina")


@pytest.fixture
def honey(session: Session) -> str:
    """The record of an exhibitor."""
    return session.scalars(select(Exhibitor.id).order_by(Exhibitor.code)).first()


def page(client: FlaskClient, path: str, lang: str = "fr") -> str:
    client.set_cookie("lang", lang)
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def put(session: Session, record: str, author: Author = AMINA, **fields: object) -> str:
    edits = write(session, [Change("exhibitor", record, fields)], author)
    session.commit()
    return edits[0].act


def quarrel(session: Session, record: str, path: str, one: object, other: object) -> None:
    """Amina and Driss write one field, each without seeing what the other wrote."""
    seen = session.get_one(Exhibitor, record).stamps.get(path)
    edits = [
        Edit(id=str(uuid4()), kind="exhibitor", record=record, stamp=next_stamp(name, 1_900_000_000_000, [seen]),
             fields={path: value}, base={path: seen})
        for name, value in (("a", one), ("b", other))
    ]  # fmt: skip
    apply(session, edits[:1], AMINA)
    apply(session, edits[1:], DRISS)
    session.commit()


def test_the_log_says_who_changed_what_and_takes_it_back(office: FlaskClient, session: Session, honey: str) -> None:
    put(session, honey, email="old@x.ma")
    act = put(session, honey, DRISS, email="new@x.ma")
    shown = page(office, f"/staff/log?kind=exhibitor&record={honey}")
    assert re.search(r'<del class="was"><bdi>old@x.ma</bdi></del>.*<ins class="becomes"><bdi>new@x.ma', shown)
    assert "<b><bdi>driss</bdi></b>" in shown
    answer = office.post(f"/staff/log/{act}/undo")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/log")
    session.expire_all()
    session.rollback()
    assert session.get_one(Exhibitor, honey).email == "old@x.ma"
    again = page(office, f"/staff/log?record={honey}&kind=exhibitor")
    assert ("Annulé<" in again, "Annule quelque chose" in again, "Refaire" in again) == (True, True, True)
    office.post(f"/staff/log/{act}/undo")
    session.rollback()
    assert session.get_one(Exhibitor, honey).email == "new@x.ma"
    assert office.post(f"/staff/log/{uuid4()}/undo").status_code == 409


def test_what_could_not_be_undone_is_named(office: FlaskClient, session: Session, honey: str) -> None:
    act = put(session, honey, DRISS, email="a@x.ma", whatsapp="+212600000001")
    put(session, honey, email="mine@x.ma")
    answer = office.post(f"/staff/log/{act}/undo")
    shown = answer.get_data(as_text=True)
    assert (answer.status_code, shown.count("<bdi>amina</bdi>")) == (200, 2)  # the page's head and the row
    session.rollback()
    row = session.get_one(Exhibitor, honey)
    assert (row.email, row.whatsapp != "+212600000001") == ("mine@x.ma", True)


def test_the_log_is_filtered_and_paged(office: FlaskClient, session: Session, honey: str) -> None:
    for number in range(35):
        put(session, honey, DRISS, note=f"Note {number}")
    assert page(office, "/staff/log?who=staff:driss").count('<li class="panel') == 30
    first = page(office, "/staff/log?who=staff:driss")
    [before] = re.findall(r"before=(\d+)", first)
    rest = page(office, f"/staff/log?who=staff:driss&before={before}")
    assert rest.count('<li class="panel') == 5
    assert "Note 34" in first
    assert "Note 4" in rest
    assert page(office, "/staff/log?day=1999-01-01").count('<li class="panel') == 0
    assert page(office, "/staff/log?day=yesterday&kind=nothing").count('<li class="panel') == 0
    imported = page(office, "/staff/log?who=import:exhibitors.xlsx")
    assert "Import de exhibitors.xlsx" in imported
    [act, *_] = re.findall(r'href="(/staff/log/[^"]+)"', imported)
    assert page(office, act).count('class="change"') == 100
    assert page(office, f"{act}&from=100").count('class="change"') == 100


def test_a_persons_last_hour_is_undone(office: FlaskClient, session: Session, honey: str) -> None:
    before = session.get_one(Exhibitor, honey).email
    put(session, honey, DRISS, email="a@x.ma")
    put(session, honey, DRISS, email="b@x.ma")
    assert "Annuler la dernière heure" in page(office, "/staff/log?who=staff:driss")
    assert office.post("/staff/log/undo-hour", data={"who": "staff:driss"}).status_code == 303
    session.rollback()
    assert session.get_one(Exhibitor, honey).email == before


def test_conflicts_are_settled_by_one_the_other_or_a_third(office: FlaskClient, session: Session) -> None:
    first, second, third, fourth = session.scalars(select(Exhibitor.id).order_by(Exhibitor.code).limit(4)).all()
    for record in (first, second, third):
        quarrel(session, record, "email", "amina@x.ma", "driss@x.ma")
    quarrel(session, fourth, "phones", ["+212600000001"], ["+212600000002"])
    assert "4 conflits à régler" in page(office, "/staff/")
    shown = page(office, "/staff/conflicts")
    assert shown.count("<fieldset") == 4
    assert shown.count("affiché maintenant") == 4
    keys = {
        c.record: (c, re.findall(rf'name="choice-(\w+)" value="{c.sides[0].edit}"', shown)[0])
        for c in conflicts(session)
    }
    session.commit()
    data = {
        f"choice-{keys[first][1]}": keys[first][0].sides[0].edit,
        f"choice-{keys[second][1]}": keys[second][0].sides[1].edit,
        f"choice-{keys[third][1]}": "other", f"third-{keys[third][1]}": "third@x.ma",
    }  # fmt: skip
    assert office.post("/staff/conflicts", data=data).status_code == 303
    session.rollback()
    emails = [session.get_one(Exhibitor, record).email for record in (first, second, third)]
    assert emails == ["amina@x.ma", "driss@x.ma", "third@x.ma"]
    settled = session.scalars(
        select(LogEntry).where(LogEntry.author == "staff:amina").order_by(LogEntry.seq.desc()).limit(3)
    ).all()
    assert all(entry.settles for entry in settled)
    session.rollback()
    wrong = {f"choice-{keys[fourth][1]}": "other", f"third-{keys[fourth][1]}": "x" * 20_000}
    assert page(office, "/staff/conflicts").count("<fieldset") == 1
    answer = office.post("/staff/conflicts", data=wrong)
    assert answer.status_code in (303, 422)
    assert office.post("/staff/conflicts", data={}).status_code == 303
    assert office.post("/staff/conflicts", data=data).status_code == 303, "settled meanwhile is no mistake"


def test_the_floor_settles_what_it_may_write(app: Flask, session: Session) -> None:
    first, second = session.scalars(select(Exhibitor.id).order_by(Exhibitor.code).limit(2)).all()
    quarrel(session, first, "email", "amina@x.ma", "driss@x.ma")
    for record, name in ((second, "Un"), (second, "Deux")):
        edit = Edit(id=str(uuid4()), kind="exhibitor", record=record, fields={"name.fr": name}, base={"name.fr": None},
                    stamp=next_stamp(name.lower(), 1_900_000_000_000, []))  # fmt: skip
        apply(session, [edit], AMINA)
    session.commit()
    assert page(signed_in(app, session, "editor"), "/staff/conflicts").count("<fieldset") == 2
    assert page(signed_in(app, session, "floor"), "/staff/conflicts").count("<fieldset") == 1


def test_today_counts_what_needs_attention(office: FlaskClient, session: Session) -> None:
    before = attention(session, ["fr", "ar", "zgh"])
    booth = session.scalars(select(Booth).where(Booth.exhibitor.is_not(None)).order_by(Booth.code)).first()
    code = booth.code
    posters_were_printed(session, session.scalars(select(Booth.code)).all())
    session.commit()
    write(session, [Change("booth", booth.id, {"exhibitor": None})], AMINA)
    session.commit()
    after = attention(session, ["fr", "ar", "zgh"])
    assert after.unplaced == before.unplaced + 1
    session.commit()
    shown = page(office, "/staff/")
    assert f"1 affiche à réimprimer\u202f: {code}" in shown
    assert shown.count('<svg class="chart"') >= 2
    assert shown.count("<table>") >= 2
    part = office.get("/staff/", headers={"Accept": "text/x-fragment"})
    assert part.mimetype == "text/x-fragment"
    assert (f"réimprimer\u202f: {code}" in part.get_data(as_text=True), "<html" in part.get_data(as_text=True)) == (
        True,
        False,
    )


def test_the_report_is_a_page_a_pdf_and_a_workbook(app: Flask, session: Session) -> None:
    reader = signed_in(app, session, "viewer")
    rows = session.scalars(select(Exhibitor).where(~Exhibitor.deleted, ~Exhibitor.withdrawn)).all()
    led = sum(row.women_led for row in rows)
    session.commit()
    for lang in ("fr", "ar", "zgh"):
        shown = page(reader, "/staff/report", lang)
        assert f"<dd>{len(rows)}</dd>" in shown
        assert f"<dd>{led}</dd>" in shown
    with reader.get("/staff/report.xlsx") as answer:
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert len(book.worksheets) == 7
    first = dict(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert set(first.values()) >= {len(rows), led}
    kinds = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert sum(row[1] for row in kinds) == len(rows)
    reader.set_cookie("lang", "fr")
    with reader.get("/staff/report.pdf") as answer:
        pdf = pypdfium2.PdfDocument(answer.data)
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    assert str(len(rows)) in text
    assert "Exposants par secteur" in text


def test_what_somebody_typed_is_text_everywhere(office: FlaskClient, session: Session, honey: str) -> None:
    put(session, honey, **{"note": '<script>alert("x")</script>', "name.fr": "=1+1<b>"})
    for path in ("/staff/log", "/staff/", "/staff/report", "/staff/conflicts"):
        raw = office.get(path).get_data(as_text=True)
        assert "<script>alert" not in raw
        assert "<b>" not in re.sub(r"<b>(<bdi>|\d|Rafiq|[^<=]*</b>)", "", raw) or "=1+1<b>" not in raw
