"""What exhibitors write and read: their own, field by field, and never anything of another."""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from companion.models import KINDS, Exhibitor, Lead, LogEntry, Photo, Product, Remark
from companion.sync.conflicts import conflicts
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.own import WRITTEN
from companion.sync.reading import read, records
from companion.sync.receive import receive
from tests.test_sync_log import EDITOR, OpenNode, empty
from tests.visitors import HONEY, erasure, make_edit, make_request, make_tally

OTHER = "0AB1C"
ME = Author(f"exhibitor:{HONEY}", "exhibitor", HONEY)
THEM = Author(f"exhibitor:{OTHER}", "exhibitor", OTHER)
VISITOR = Author("visitor", "visitor")


def named(what: str) -> str:
    return str(uuid5(NAMESPACE_URL, what))


MINE = {kind: named(f"mine {kind}") for kind in (*WRITTEN, "request", "tally")}
THEIRS = {kind: named(f"theirs {kind}") for kind in (*WRITTEN, "request", "tally")}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, open_node: OpenNode) -> Session:
    return open_node(request.param, "cloud")


@pytest.fixture
def node(database: Session) -> Session:
    """Two exhibitors, each with a product, a photo, a lead and a note; notices to everybody and to staff's ears."""
    database.rollback()
    empty(database)
    for code, ids in ((HONEY, MINE), (OTHER, THEIRS)):
        write(database, [
            Change("exhibitor", ids["exhibitor"], {"code": code, "name.fr": f"Nom {code}", "note": f"secret {code}"}),
            Change("product", ids["product"], {"exhibitor": ids["exhibitor"], "name.fr": f"Miel {code}"}),
            Change("photo", ids["photo"], {"exhibitor": ids["exhibitor"], "hash": "0" * 32}),
        ], EDITOR)  # fmt: skip
    write(database, [
        Change("notice", named("all"), {"title.fr": "À tous", "audience": "all"}),
        Change("notice", named("exhibitors"), {"title.fr": "Aux exposants", "audience": "exhibitors"}),
        Change("notice", named("visitors"), {"title.fr": "Aux visiteurs", "audience": "visitors"}),
    ], EDITOR)  # fmt: skip
    database.commit()
    for author, ids in ((ME, MINE), (THEM, THEIRS)):
        code = author.exhibitor
        sent = [
            make_edit(
                "lead", ids["lead"], {"exhibitor": code, "name": f"Visiteur de {code}", "phone": "+212600000001"}
            ),
            make_edit("remark", ids["remark"], {"exhibitor": code, "lead": ids["lead"], "text": f"à {code}"}),
        ]
        assert send(database, author, *sent) == ["applied", "applied"]
        asked = [make_request(exhibitor=code, name=f"Demande à {code}"), make_tally(exhibitor=code)]
        assert send(database, VISITOR, *asked) == ["applied", "applied"]
    return database


def send(node: Session, author: Author, *edits: Any) -> list[str]:
    outcomes = receive(node, list(edits), author).outcomes
    node.commit()
    return [outcome.problem or outcome.state for outcome in outcomes]


def everything(node: Session) -> str:
    node.expire_all()
    rows = [row for model in KINDS.values() for row in node.query(model).order_by(model.id)]
    return json.dumps([[row.KIND, row.id, row.deleted, row.stamps] for row in rows], sort_keys=True)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (
            "exhibitor",
            {"about.ar": "نبيع العسل", "about.zgh": "ⵜⴰⵎⵎⵏⵜ", "phones": ["+212600000001"], "payment": ["cash"]},
        ),
        ("exhibitor", {"whatsapp": "+212600000001", "email": "a@example.org", "website": "https://example.org/x"}),
        ("product", {"price": 12000, "available": False, "name.ar": "عسل", "unit": "kg", "position": 3}),
        ("photo", {"position": 1}),
        ("lead", {"stars": 3, "tags": ["gros"], "state": "called", "interest": "miel"}),
        ("remark", {"by": "Khadija"}),
    ],
)
def test_an_exhibitor_changes_their_own(node: Session, kind: str, fields: dict[str, Any]) -> None:
    assert send(node, ME, make_edit(kind, MINE[kind], fields)) == ["applied"]
    row = node.get_one(KINDS[kind], MINE[kind])
    for path, value in fields.items():
        column, _, lang = path.partition(".")
        assert (getattr(row, column)[lang] if lang else getattr(row, column)) == value


@pytest.mark.parametrize(
    "reach", [{"phone": "+212600000001"}, {"whatsapp": "+212600000001"}, {"email": "a@example.org"}, {}]
)
def test_a_contact_may_have_an_organisation_and_no_name(node: Session, reach: dict[str, str]) -> None:
    own = node.get_one(KINDS["lead"], MINE["lead"]).exhibitor
    fields = {"exhibitor": own, "source": "code", "organisation": "Coop Argan Seule", **reach}
    new = "7a1c8a30-8f5e-5d0e-9d0f-0d6a4a0b5c77"
    assert send(node, ME, make_edit("lead", new, fields)) == ["applied"]
    assert node.get_one(KINDS["lead"], new).organisation == "Coop Argan Seule"


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        ("exhibitor", {"note": "staff only"}, "no_right"),
        ("exhibitor", {"code": OTHER}, "no_right"),
        ("exhibitor", {"withdrawn": True}, "no_right"),
        ("exhibitor", {"sector": "MIEL"}, "no_right"),
        ("exhibitor", {"certifications": ["Bio"]}, "no_right"),
        ("exhibitor", {"deleted": True}, "no_right"),
        ("exhibitor", {"about.fr": "x", "number": "1"}, "no_right"),
        ("exhibitor", {"phones": ["call me"]}, "phone_wrong"),
        ("exhibitor", {"phones": ["+212600000001"] * 21}, "phone_wrong"),
        ("exhibitor", {"email": "x@y"}, "email_wrong"),
        ("exhibitor", {"website": "javascript:alert(1)"}, "value_wrong"),
        ("exhibitor", {"website": "https://a b"}, "value_wrong"),
        ("exhibitor", {"payment": 7}, "value_wrong"),
        ("product", {"price": -1}, "value_wrong"),
        ("product", {"concept": "honey"}, "no_right"),
        ("photo", {"hash": "../../etc/passwd"}, "value_wrong"),
        ("lead", {"stars": 4}, "value_wrong"),
        ("lead", {"state": "rich"}, "value_wrong"),
        ("lead", {"phone": "=cmd"}, "phone_wrong"),
        ("lead", {"tags": ["x" * 101]}, "text_wrong"),
        ("remark", {"text": "x" * 2001}, "text_wrong"),
    ],
)
def test_and_nothing_else_of_it(node: Session, kind: str, fields: dict[str, Any], problem: str) -> None:
    before = everything(node)
    assert send(node, ME, make_edit(kind, MINE[kind], fields)) == [problem]
    assert everything(node) == before


FIELDS = {
    "exhibitor": st.sampled_from([OTHER, HONEY, THEIRS["exhibitor"], MINE["exhibitor"], "", "x"]),
    "name.fr": st.text(min_size=1, max_size=5), "name": st.text(max_size=5), "position": st.integers(0, 9),
    "text": st.text(max_size=5), "lead": st.sampled_from([MINE["lead"], THEIRS["lead"]]), "deleted": st.booleans(),
    "stars": st.integers(0, 3), "hash": st.just("b" * 32), "available": st.booleans(), "price": st.integers(0, 99),
    "about.fr": st.just("volé"), "code": st.just(HONEY), "withdrawn": st.booleans(), "kind": st.sampled_from(sorted(KINDS)),
    "title.fr": st.just("Faux avis"), "status": st.just("cancelled"), "message": st.just("x"), "count": st.just(1),
}  # fmt: skip


@st.composite
def attempts(draw: st.DrawFn) -> dict[str, Any]:
    """Any edit of anything that is not the author's."""
    kind = draw(st.sampled_from([*sorted(KINDS), "erase", "nothing"]))
    record = draw(st.sampled_from([*THEIRS.values(), named("all"), named("exhibitors"), named("new")]))
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=4, unique=True))
    fields = {name: draw(FIELDS[name]) for name in names}
    new = THEIRS.get(kind) != record  # ids are of a kind: another kind's names nothing yet
    if kind in ("request", "tally") or (new and fields.get("exhibitor") in (HONEY, MINE["exhibitor"])):
        kind = "exhibitor"  # what anybody may leave, and a new record of one's own, are no trespass
    if kind == "erase":
        fields = {"kind": draw(st.sampled_from(["lead", "remark", "exhibitor", "product"]))}
    return make_edit(kind, record, fields, base={})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(attempts(), min_size=1, max_size=6))
def test_nothing_of_another_is_ever_written(node: Session, edits: list[dict[str, Any]]) -> None:
    before = everything(node)
    outcomes = receive(node, edits, ME).outcomes
    node.commit()
    assert {outcome.state for outcome in outcomes} == {"refused"}
    assert everything(node) == before


def test_nothing_of_another_is_ever_read(node: Session) -> None:
    """Whatever the other writes, no reader but the other finds a trace of it."""
    for kind, fields in (
        ("lead", {"interest": "Zinzolin"}),
        ("remark", {"by": "Zinzolin"}),
        ("product", {"unit": "Zinzolin"}),
    ):
        assert send(node, THEM, make_edit(kind, THEIRS[kind], fields)) == ["applied"]
    assert send(node, VISITOR, make_request(exhibitor=OTHER, message="Zinzolin")) == ["applied"]
    own = json.dumps([records(node, ME), read(node, ME, 0, 1000).edits], ensure_ascii=False)
    for trace in ("Zinzolin", f"Visiteur de {OTHER}", f"Demande à {OTHER}", f"secret {OTHER}", *THEIRS.values()):
        assert trace not in own, trace
    for found in (f"Visiteur de {HONEY}", f"Demande à {HONEY}", f"Miel {HONEY}", "À tous", "Aux exposants"):
        assert own.count(found) == 2, found
    for hidden in (f"secret {HONEY}", "Aux visiteurs", "editor:"):
        assert hidden not in own, hidden
    theirs = json.dumps([records(node, THEM), read(node, THEM, 0, 1000).edits], ensure_ascii=False)
    assert theirs.count("Zinzolin") == 8


def test_staff_and_others_read_nothing_between_a_visitor_and_an_exhibitor(node: Session) -> None:
    for author in (
        Author("staff:amina", "administrator"),
        Author("staff:ali", "viewer"),
        VISITOR,
        Author("exhibitor:", "exhibitor"),
    ):
        seen = json.dumps([records(node, author), read(node, author, 0, 1000).edits], ensure_ascii=False)
        assert "Visiteur de" not in seen
        assert "Demande à" not in seen
        assert f"à {HONEY}" not in seen
    assert records(node, VISITOR)[1] == records(node, Author("exhibitor:", "exhibitor"))[1] == []


def test_staff_do_not_write_leads_either(node: Session) -> None:
    edit = make_edit("lead", MINE["lead"], {"name": "Autre"})
    assert send(node, Author("staff:amina", "administrator"), edit) == ["no_right"]


def test_what_is_read_whole_is_what_the_edits_add_up_to(node: Session) -> None:
    send(node, ME, make_edit("exhibitor", MINE["exhibitor"], {"about.fr": "Du miel", "phones": ["+212600000001"]}))
    _, whole = records(node, ME)
    summed: dict[str, dict[str, Any]] = {}
    for edit in read(node, ME, 0, 1000).edits:
        summed.setdefault(edit["record"], {}).update(edit["fields"])
    for record in whole:
        fields = {path: value for path, value in summed[record["id"]].items() if value not in (None, "", [])}
        written = {path: value for path, value in record["fields"].items() if path in summed[record["id"]]}
        assert written == fields


def test_notes_of_two_phones_add_up(node: Session) -> None:
    """failures.md 7: the second phone's note is one more."""
    for phone in ("phone1", "phone2"):
        lead = make_edit(
            "lead", MINE["lead"], {"exhibitor": HONEY, "name": "Fatima"}, stamp=f"1900000000000-0000-{phone}"
        )
        note = make_edit("remark", "", {"exhibitor": HONEY, "lead": MINE["lead"], "text": f"de {phone}", "by": phone})
        assert send(node, ME, lead, note)[1] == "applied"
    texts = [row.text for row in node.query(Remark).filter_by(lead=MINE["lead"])]
    assert sorted(texts) == ["de phone1", "de phone2", f"à {HONEY}"]
    assert node.query(Lead).filter_by(exhibitor=HONEY).count() == 1
    assert conflicts(node) == []


def test_an_exhibitor_erases_their_contacts_and_no_others(node: Session) -> None:
    for kind in ("lead", "remark"):
        assert send(node, ME, erasure(THEIRS[kind]) | {"fields": {"kind": kind}}) == ["no_right"]
        assert send(node, ME, erasure(MINE[kind]) | {"fields": {"kind": kind}}) == ["applied"]
    node.expire_all()
    left = [row.fields for row in node.query(LogEntry).filter(LogEntry.record.in_([MINE["lead"], MINE["remark"]]))]
    assert "Visiteur de" not in json.dumps(left)
    assert node.get_one(Lead, MINE["lead"]).name == ""
    assert node.get_one(Lead, THEIRS["lead"]).name == f"Visiteur de {OTHER}"


def test_one_makes_records_of_ones_own_only(node: Session) -> None:
    mine = [
        make_edit("product", "", {"exhibitor": MINE["exhibitor"], "name.fr": "Pollen"}),
        make_edit("photo", "", {"exhibitor": MINE["exhibitor"], "hash": "c" * 32}),
        make_edit("lead", "", {"exhibitor": HONEY, "name": "Omar"}),
    ]
    assert send(node, ME, *mine) == ["applied"] * 3
    theirs = [
        make_edit("product", "", {"exhibitor": THEIRS["exhibitor"], "name.fr": "Pollen"}),
        make_edit("photo", "", {"exhibitor": THEIRS["exhibitor"], "hash": "c" * 32}),
        make_edit("lead", "", {"exhibitor": OTHER, "name": "Omar"}),
        make_edit("product", "", {"name.fr": "De personne"}),
        make_edit("exhibitor", str(uuid4()), {"name.fr": "Encore moi"}),
    ]
    assert send(node, ME, *theirs) == ["no_right"] * 5
    assert node.query(Product).count() == 3
    assert node.query(Photo).count() == 3
    assert node.query(Exhibitor).count() == 2
