"""Texts that hide, mislead or show nothing are refused wherever they are written; honest ones in three scripts are not."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff
from companion.imports.cells import text as read_text
from companion.imports.problems import PROBLEMS, Unreadable
from companion.models import KINDS, Exhibitor, HeldEdit, LogHead, Request, fields_of, texts_of
from companion.spoofing import name_key, problem_with_text
from companion.sync.edits import Author, Change, Edit
from companion.sync.held import accept
from companion.sync.log import apply
from companion.sync.problems import SENTENCES
from companion.sync.receive import receive
from companion.sync.rights import VISITOR
from companion.sync.seen import Wrong, write_as_seen
from tests.offices import signed_in
from tests.test_sync_log import EDITOR
from tests.visitors import make_request

BAD = [
    ("Coop\u202eérative", "text_hidden"), ("\u2066Coop\u2069", "text_hidden"), ("Coop\u200brative", "text_hidden"),
    ("Co\u200dop", "text_hidden"), ("Coop\u00adérative", "text_hidden"), ("Argan\u200e", "text_hidden"),
    ("x\ufe0f", "text_hidden"), ("\u200b\u200b", "text_hidden"), ("Argan\x07", "text_hidden"), ("A\nB", "text_hidden"),
    ("C\u043e\u043ep", "text_lookalike"), ("\u0421\u043e\u043e\u0440", "text_lookalike"),
    ("\u039f\u03bf", "text_lookalike"), ("C\u03bfop", "text_lookalike"), ("\uff23\uff4f\uff4f\uff50", "text_lookalike"),
    ("\U0001d402\U0001d428\U0001d428\U0001d429", "text_lookalike"), ("\u24b8oop", "text_lookalike"),
    ("Coo\u0631p", "text_lookalike"), ("C\u2d54\u2d54p", "text_lookalike"), ("\u0623\u0631\u006b\u0627\u0646", "text_lookalike"),
    ("Z\u0335\u0336\u0337", "text_marks"), ("Z\u0336\u0336", "text_marks"), ("\u0645\u064e\u064f\u0650\u0651", "text_marks"),
    ("   ", "text_blank"), ("\u3164", "text_blank"), ("\u2800", "text_blank"), ("\u00a0", "text_blank"),
]  # fmt: skip

GOOD = [
    "", "Coopérative Argan أركان ⴰⵔⴳⴰⵏ", "Saïd-أمين", "L’Atlas d'Or n° 3 — ½ ™", "Tiɣmi n Ɛli", "Amaziγ n Σli",
    "مُحَمَّدٌ", "ٱللَّٰه", "می\u200cخواهم", "👩\u200d🌾 Ferme ❤️", "الSIAM", "الـSIAM", "① Miel", "Đỗ Thị Hồng", "Москва",
    "日本 カタカナ", "CO2", "گناوة ڭناوة", "Œuvre № 1", "ḍ ẓ ṛ ǧ č", "Argan®️", "S.A.R.L. «Tissir»", "ⵜⵉⵔⵓⴳⵣⴰ 2",
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_what_hides_misleads_or_shows_nothing_is_named(text: str, problem: str) -> None:
    assert problem_with_text(text) == problem
    assert problem in SENTENCES


@pytest.mark.parametrize("text", GOOD)
def test_honest_names_have_nothing_wrong(text: str) -> None:
    assert problem_with_text(text) is None


def test_prose_has_lines_and_marks_of_direction() -> None:
    assert problem_with_text("Un\nDeux \u200fثلاثة\u200f", prose=True) is None
    assert problem_with_text("Un\u202edeux", prose=True) == "text_hidden"


def text_fields() -> list[tuple[str, str]]:
    """Every field of every kind that holds a text: columns in languages, and strings that take a bad one."""
    found = []
    for kind, model in KINDS.items():
        for column, adapter in fields_of(model).items():
            if column in texts_of(model):
                found.append((kind, f"{column}.fr"))
            elif takes_text(adapter):
                found.append((kind, column))
    return found


def takes_text(adapter: object) -> bool:
    try:
        return adapter.validate_python("C\u043eop", strict=True) == "C\u043eop"  # type: ignore[attr-defined]
    except ValueError:
        return False


@pytest.mark.parametrize("bad", ["C\u043eop", "a\u202eb", "a\u0336\u0337\u0338", "\u3164"])
def test_every_text_field_of_every_kind_refuses_them_where_edits_are_applied(
    session: Session, bad: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the rights: they are taken away here, so that nothing else refuses."""
    monkeypatch.setattr("companion.sync.log.refusal", lambda *_: None)
    fields = text_fields()
    assert len(fields) > 60
    edits = [edit(kind, {path: bad}) for kind, path in fields]
    outcomes = apply(session, edits, EDITOR).outcomes
    taken = [where for where, outcome in zip(fields, outcomes, strict=True) if not outcome.problem.startswith("text_")]
    assert taken == []


def edit(kind: str, fields: dict[str, object], record: str = "") -> Edit:
    stamp = "1700000000000-0000-phone"
    return Edit(id=str(uuid4()), kind=kind, record=record or str(uuid4()), stamp=stamp, fields=fields)


def test_a_number_pasted_from_an_address_book_is_no_offence(session: Session) -> None:
    code = session.scalars(select(Exhibitor.code)).first() or ""
    sent = make_request(exhibitor=code, message="Rappelez au \u202a+212 6 11 22 33 44\u202c, merci")
    session.commit()
    assert receive(session, [sent], VISITOR).outcomes[0].state == "applied"
    assert session.get_one(Request, sent["record"]).message == "Rappelez au +212 6 11 22 33 44, merci"


def test_an_account_of_the_office_has_an_honest_name(session: Session) -> None:
    with pytest.raises(ValueError, match="name_wrong"):
        add_staff(session, "\u0430mina", "editor")


def test_lists_and_what_is_in_them_are_looked_at_too(session: Session) -> None:
    one = edit("exhibitor", {"labels": ["Bio", "B\u0456o"]})
    [outcome] = apply(session, [one], Author("staff:amina", "editor")).outcomes
    assert (outcome.state, outcome.problem, outcome.field) == ("refused", "text_lookalike", "labels")


def test_forms_of_the_office_name_the_field(session: Session) -> None:
    seq = session.get_one(LogHead, 1).seq
    with pytest.raises(Wrong) as refused:
        write_as_seen(session, [Change("notice", str(uuid4()), {"title.fr": "F\u043eire"})], EDITOR, seq)
    assert refused.value.problems == {"title.fr": "text_lookalike"}


def test_a_notice_with_lookalikes_is_shown_again_with_why(app: Flask, session: Session) -> None:
    office = signed_in(app, session, "editor")
    page = office.post(
        "/staff/notices/new", data={"title.fr": "F\u043eire", "seen": "0", "audience": "all", "urgency": "info"}
    )
    assert page.status_code == 422
    assert "F\u043eire" in page.get_data(as_text=True)


def test_an_exhibitors_form_is_shown_again_with_why(app: Flask, session: Session) -> None:
    office = signed_in(app, session, "editor")
    code = session.scalars(select(Exhibitor.code)).first() or ""
    for field, typed in (("website", "https://\u0430rgan.ma"), ("name.fr", "C\u043eop"), ("note", "C\u043eop")):
        form = {field: typed, "seen": str(session.get_one(LogHead, 1).seq)}
        answer = office.post(f"/staff/exhibitors/{code}", data=form)
        assert answer.status_code == 422, field
        assert typed in answer.get_data(as_text=True)


@pytest.mark.parametrize(("text", "problem"), [(t, p) for t, p in BAD if p in ("text_lookalike", "text_marks")])
def test_the_importer_names_them_too(text: str, problem: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_text(text, 100)
    assert refused.value.problem == problem
    assert problem in PROBLEMS


def exhibitors(session: Session) -> tuple[Exhibitor, Exhibitor]:
    one, other = session.scalars(select(Exhibitor).where(Exhibitor.merged.is_(None)).order_by(Exhibitor.code).limit(2))
    return one, other


@pytest.mark.parametrize("change", [str, str.upper, lambda name: f"  {name}!"])
def test_another_exhibitors_name_waits_for_the_office_also_without_moderation(session: Session, change: object) -> None:
    one, other = exhibitors(session)
    own, taken = one.id, change(other.name["fr"])  # type: ignore[operator]
    author = Author(f"exhibitor:{one.code}", "exhibitor", one.code)
    stamp = one.stamps["name.fr"]
    later = f"{int(stamp[:13]) + 1:013d}-0000-phone"
    sent = {
        "id": str(uuid4()),
        "kind": "exhibitor",
        "record": own,
        "stamp": later,
        "fields": {"name.fr": taken},
        "base": {"name.fr": stamp},
    }
    before = one.name
    session.commit()
    assert receive(session, [sent], author).outcomes[0].state == "applied"
    session.commit()
    assert session.get_one(Exhibitor, own).name == before
    [held] = session.scalars(select(HeldEdit))
    accept(session, held.id)
    session.commit()
    assert session.get_one(Exhibitor, own).name["fr"] == taken


def test_a_name_of_ones_own_does_not_wait(session: Session) -> None:
    one, _ = exhibitors(session)
    author = Author(f"exhibitor:{one.code}", "exhibitor", one.code)
    stamp = one.stamps["name.fr"]
    later = f"{int(stamp[:13]) + 1:013d}-0000-phone"
    names = {"name.fr": "Tissir de Tafraout"}
    sent = {
        "id": str(uuid4()),
        "kind": "exhibitor",
        "record": one.id,
        "stamp": later,
        "fields": names,
        "base": {"name.fr": stamp},
    }
    session.commit()
    receive(session, [sent], author)
    session.commit()
    assert session.scalars(select(HeldEdit)).all() == []


def test_names_are_compared_as_people_read_them() -> None:
    assert name_key("Coopérative  Argan !") == name_key("COOPERATIVE ARGAN")
    assert name_key("تعاونية أركان") == name_key("تعاونيّة اركان")
    assert name_key("Argan d'Or") != name_key("Argan d'Agadir")
