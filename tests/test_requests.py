"""What visitors may send: contact requests and tallies, checked field by field; and nothing else, ever."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue.snapshot import build
from companion.models import KINDS, ROLES, Fair, LogEntry, LogHead, Request, Tally
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.problems import SENTENCES
from companion.sync.receive import receive
from companion.sync.rights import VISITOR
from tests.test_sync_log import EDITOR, OpenNode, empty, state_of
from tests.visitors import GONE, HONEY, erasure, make_edit, make_request, make_tally, open_fair, withdrawal


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, open_node: OpenNode) -> Session:
    return open_node(request.param, "cloud")


@pytest.fixture
def node(database: Session) -> Session:
    """A node with nothing but two exhibitors."""
    database.rollback()
    empty(database)
    open_fair(database)
    return database


def send(node: Session, *edits: Any, author: Author = VISITOR) -> list[tuple[str, str, str]]:
    outcomes = receive(node, list(edits), author).outcomes
    node.commit()
    return [(o.state, o.problem, o.field) for o in outcomes]


APPLIED = ("applied", "", "")


def test_a_request_is_kept_as_it_was_written(node: Session) -> None:
    edit = make_request()
    assert send(node, edit) == [APPLIED]
    row = node.get_one(Request, edit["record"])
    assert {name: getattr(row, name) for name in edit["fields"]} == edit["fields"]
    assert (row.withdrawn, row.deleted, row.erased) == (False, False, False)


def test_sent_again_it_is_known_again(node: Session) -> None:
    edit = make_request(phone="06 00 00 00 01", name=" Fatima ", website="")
    assert send(node, edit, edit) == [APPLIED, ("duplicate", "", "")]
    assert send(node, edit) == [("duplicate", "", "")]
    assert len(node.scalars(select(Request)).all()) == 1


def test_the_log_names_nobody_and_no_phone(node: Session) -> None:
    edits = [make_request(), make_tally()]
    send(node, *edits, author=Author("staff:amina", "floor"))
    for edit in edits:
        entry = node.scalars(select(LogEntry).where(LogEntry.id == edit["id"])).one()
        kept = [entry.author, entry.role, entry.stamp, entry.base, node.get_one(KINDS[entry.kind], entry.record).stamps]
        assert kept[:2] == ["visitor", "visitor"]
        assert "7f3a" in edit["stamp"]
        assert "7f3a" not in str(kept)


def test_visitors_never_move_the_public_catalogue(node: Session) -> None:
    write(node, [Change("fair", str(uuid4()), {"name.fr": "Salon", "dates": ["2027-07-03", "2027-07-07"],
                                               "hours": "10:00-21:00"})], EDITOR)  # fmt: skip
    node.commit()
    before = (node.get_one(LogHead, 1).public_seq, build(node, ("fr",)))
    sent = make_request(name="Only the exhibitor reads this")
    send(node, sent, make_tally(), withdrawal(sent["record"]), erasure(sent["record"]))
    head = node.get_one(LogHead, 1)
    assert head.seq == before[0] + 4
    after = (head.public_seq, build(node, ("fr",)))
    assert before[1].pop("made") and after[1].pop("made")
    assert after == before
    assert node.scalars(select(Fair)).one().name == {"fr": "Salon"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 00 00 00 01", "+212600000001"),
        ("0612-34-56-78", "+212612345678"),
        ("+212 (0)6 12 34 56 78", "+212612345678"),
        ("00212 5 23 48 00 00", "+212523480000"),
        ("٠٦٠٠٠٠٠٠٠١", "+212600000001"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+1 650 253 0000", "+16502530000"),
        ("06 00", None),
        ("0912345678", None),
        ("call me", None),
        ("+999 12345678", None),
        (612345678, None),
    ],
)
def test_numbers_are_read_as_people_write_them(node: Session, typed: Any, kept: str | None) -> None:
    for field in ("phone", "whatsapp"):
        edit = make_request(**{"phone": ..., field: typed})
        assert send(node, edit) == [APPLIED if kept else ("refused", "phone_wrong", field)]
        if kept:
            assert getattr(node.get_one(Request, edit["record"]), field) == kept


@pytest.mark.parametrize(
    ("fields", "problem", "field"),
    [
        ({"phone": ...}, "reach_missing", "phone"),
        ({"phone": "", "whatsapp": "", "email": None}, "reach_missing", "phone"),
        ({"email": "fatima at example.org"}, "email_wrong", "email"),
        ({"email": "x" * 300 + "@example.org"}, "email_wrong", "email"),
        ({"exhibitor": "NOONE"}, "exhibitor_unknown", "exhibitor"),
        ({"exhibitor": ""}, "exhibitor_unknown", "exhibitor"),
        ({"exhibitor": ...}, "exhibitor_unknown", "exhibitor"),
        ({"exhibitor": GONE}, "exhibitor_withdrawn", "exhibitor"),
        ({"wants": "money"}, "wants_wrong", "wants"),
        ({"name": "x" * 201}, "text_wrong", "name"),
        ({"name": "\ud800"}, "text_wrong", "name"),
        ({"name": "NUL \x00"}, "value_wrong", "name"),
        ({"message": "x" * 2001}, "text_wrong", "message"),
        ({"message": None}, "text_wrong", "message"),
        ({"products": [{"name": "Miel", "quantity": 0}]}, "products_wrong", "products"),
        ({"products": [{"name": "Miel", "price": 3}]}, "products_wrong", "products"),
        ({"products": [{"name": "Miel"}] * 51}, "products_wrong", "products"),
        ({"lang": "de"}, "lang_wrong", "lang"),
        ({"consent": ...}, "consent_missing", "consent"),
        ({"consent": ""}, "consent_missing", "consent"),
        ({"consent": True}, "consent_missing", "consent"),
        ({"at": "yesterday"}, "time_wrong", "at"),
        ({"website": "https://spam.example"}, "not_accepted", "website"),
        ({"withdrawn": True}, "field_unknown", "withdrawn"),
        ({"erased": True}, "field_unknown", "erased"),
        ({"deleted": True}, "field_unknown", "deleted"),
        ({"stamps": {}}, "field_unknown", "stamps"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(node: Session, fields: dict[str, Any], problem: str, field: str) -> None:
    bad, good = make_request(**fields), make_request()
    assert send(node, bad, good) == [("refused", problem, field), APPLIED]
    assert problem in SENTENCES
    assert [row.id for row in node.scalars(select(Request))] == [good["record"]]


def test_who_can_be_reached_one_way_is_enough(node: Session) -> None:
    ways = [{"phone": "0600000001"}, {"whatsapp": "0600000001"}, {"email": "Fatima@Example.org"}]
    edits = [make_request(**{"phone": ..., "name": ..., "message": ..., "products": ...} | way) for way in ways]
    assert send(node, *edits) == [APPLIED] * 3
    assert node.get_one(Request, edits[2]["record"]).email == "fatima@example.org"


@pytest.mark.parametrize(
    ("fields", "problem", "field"),
    [
        ({"count": 0}, "tally_wrong", "count"),
        ({"count": 1001}, "tally_wrong", "count"),
        ({"what": "like"}, "tally_wrong", "what"),
        ({"day": "03/07/2027"}, "time_wrong", "day"),
        ({"day": "20270703"}, "time_wrong", "day"),
        ({"exhibitor": "NOONE"}, "exhibitor_unknown", "exhibitor"),
        ({"device": "7f3a"}, "field_unknown", "device"),
    ],
)
def test_a_tally_is_checked(node: Session, fields: dict[str, Any], problem: str, field: str) -> None:
    good = make_tally(count=7)
    assert send(node, make_tally(**fields), good) == [("refused", problem, field), APPLIED]
    assert [(row.what, row.count) for row in node.scalars(select(Tally))] == [("scan", 7)]


def test_nobody_changes_a_request_after_it_was_sent(node: Session) -> None:
    sent = make_request()
    record = sent["record"]
    send(node, sent)
    before = state_of(node)
    refused = ("refused", "no_right", "")
    for author in (VISITOR, EDITOR, Author("staff:a", "administrator"), Author("e", "exhibitor", HONEY)):
        assert send(node, make_request(record, name="Other"), author=author) == [refused]
        assert send(node, make_edit("request", record, {"withdrawn": False}), author=author) == [refused]
        assert send(node, make_edit("request", record, {"withdrawn": True, "name": ""}), author=author) == [refused]
    assert state_of(node) == before


def test_whoever_only_knows_its_id_neither_withdraws_nor_erases_it(node: Session) -> None:
    sent, elsewhere = make_request(), make_request()
    send(node, sent)
    before = state_of(node)
    wrong = [{}, {"secret": ""}, {"secret": sent["record"]}, {"secret": "0" * 64}]
    staff = [Author(f"staff:{role}", role) for role in ROLES]
    for author in (VISITOR, *staff, Author("exhibitor:K7M2P", "exhibitor", HONEY), Author("e", "exhibitor", GONE)):
        for record in (sent["record"], elsewhere["record"]):
            for secret in wrong:
                tries = [
                    make_edit("request", record, {"withdrawn": True}) | secret,
                    make_edit("erase", record, {"kind": "request"}, base={}) | secret,
                ]
                assert send(node, *tries, author=author) == [("refused", "secret_wrong", "")] * 2
    assert state_of(node) == before


def test_the_secret_is_kept_nowhere(node: Session) -> None:
    sent = make_request()
    taken = [withdrawal(sent["record"]), erasure(sent["record"])]
    assert send(node, sent, *taken) == [APPLIED] * 3
    entries = node.scalars(select(LogEntry).where(LogEntry.record == sent["record"])).all()
    assert len(entries) == 3
    assert taken[0]["secret"] not in repr([vars(entry) for entry in entries])


def test_who_sent_it_withdraws_it_even_where_it_has_not_arrived(node: Session) -> None:
    sent, later = make_request(), make_request()
    assert send(node, sent, withdrawal(sent["record"])) == [APPLIED] * 2
    assert send(node, withdrawal(later["record"])) == [APPLIED]
    assert send(node, later) == [APPLIED]
    rows = node.scalars(select(Request)).all()
    assert [(row.name, row.withdrawn) for row in rows] == [("Fatima Zahra", True)] * 2


def test_a_record_whose_id_could_be_guessed_is_refused(node: Session) -> None:
    for record in ("00000000-0000-0000-0000-000000000001", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"):
        for edit in (make_request(record), withdrawal(record)):
            assert send(node, edit) == [("refused", "record_guessable", "")]


# Whatever a visitor sends, nothing but their own new requests and tallies is different afterwards.

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.integers(), max_size=2),
    st.sampled_from([HONEY, GONE, "call", "fr", "1", "+212600000001", "2027-07-03", "scan", "request", "exhibitor"]),
)  # fmt: skip
PATHS = st.sampled_from(
    ["exhibitor", "wants", "name", "name.fr", "phone", "lang", "consent", "count", "day", "what", "deleted",
     "withdrawn", "erased", "stamps", "id", "kind", "code", "note", "password", "website"]
) | st.text(max_size=6)  # fmt: skip


OWN = ["0b6b2c52-7f43-4b57-9a86-1f2d3c4b5a69", "5d0f5a0e-2f0e-4c55-8b0f-0d6f6f3f7c11"]
OTHERS = ["9a1de644-815e-46d1-bb8f-aa1837f8a88b", "e3e70682-c209-4cac-a29f-6fbed82c07cd"]
"""Records of an exhibitor and a tally; a request's id is known to its phone alone."""

LOGGED = "f728b4fa-4248-4e3a-8a5d-2f346baa9455"
"""The id of an edit in the log."""

SENT = st.lists(
    st.builds(
        lambda record, fields: make_request(record, **fields),
        st.sampled_from(OWN),
        st.dictionaries(PATHS, VALUES, max_size=1),
    )
    | st.fixed_dictionaries(
        {
            "id": st.just(LOGGED) | st.uuids().map(str) | VALUES,
            "kind": st.sampled_from([*KINDS, "erase", "staff"]) | st.text(max_size=4),
            "record": st.sampled_from([*OWN, *OTHERS]),
            "stamp": st.just("9999999999999-9999-cloud") | st.just("1814600000000-0000-me") | VALUES,
            "fields": st.just({"kind": "request"})
            | st.just({"kind": "exhibitor"})
            | st.just({"withdrawn": True})
            | st.just({"erased": True})
            | st.dictionaries(PATHS, VALUES, min_size=1, max_size=4),
        },
        optional={
            "base": st.dictionaries(PATHS, st.none(), max_size=2),
            "author": st.just("staff:amina"),
            "role": st.sampled_from(["node", "administrator"]),
        },
    )
    | VALUES,
    max_size=6,
)


@pytest.fixture(scope="module")
def fair(open_node: OpenNode) -> Session:
    session = open_node("sqlite", "cloud")
    open_fair(session)
    write(session, [Change("exhibitor", OTHERS[0], {"code": "ABCD", "note": "Staff only"})], EDITOR)
    assert send(session, make_tally() | {"record": OTHERS[1], "id": LOGGED}, make_request()) == [APPLIED] * 2
    return session


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=SENT)
def test_a_visitor_changes_nothing_but_their_own_new_records(fair: Session, sent: list[Any]) -> None:
    before, seq = state_of(fair), fair.get_one(LogHead, 1).seq
    logged = [(e.id, e.kind, e.record, e.fields, e.author) for e in fair.scalars(select(LogEntry))]
    outcomes = receive(fair, sent, VISITOR).outcomes
    assert {outcome.state for outcome in outcomes} <= {"applied", "duplicate", "refused"}
    after = state_of(fair)
    assert {key: after[key] for key in before} == before
    assert after.keys() - before.keys() <= {(kind, record) for kind in ("request", "tally") for record in OWN}
    entries = fair.scalars(select(LogEntry).order_by(LogEntry.seq)).all()
    assert [(e.id, e.kind, e.record, e.fields, e.author) for e in entries[:seq]] == logged
    assert {(e.author, e.role, e.public) for e in entries[seq:]} <= {("visitor", "visitor", False)}
    fair.rollback()
