"""The log: one way in, idempotent, gapless, the same result in any order on any node."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, event, select
from sqlalchemy.orm import Session

from companion.extensions import prepare_sqlite
from companion.models import KINDS, Base, Booth, Exhibitor, LogEntry, LogHead
from companion.sync import log
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import apply, name_node, write
from companion.sync.receive import receive
from companion.sync.stamps import BROKEN, next_stamp

EDITOR = Author("staff:amina", "editor")
NODE = Author("node:site", "node")
YEAR = 365 * 86_400_000
NOW = 1_814_600_000_000

OpenNode = Callable[[str, str], Session]


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, open_node: OpenNode) -> Session:
    return open_node(request.param, "cloud")


def make_edit(fields: dict[str, object], *, record: str = "", stamp: str = "", **more: object) -> Edit:
    return Edit(
        id=str(uuid4()), kind="exhibitor", record=record or str(uuid4()),
        stamp=stamp or next_stamp("phone", NOW, []), fields=fields, **more,
    )  # fmt: skip


def state_of(session: Session) -> dict[tuple[str, str], dict[str, object]]:
    """All synced records with all they hold, as JSON-like values."""
    return {
        (kind, row.id): {column.key: getattr(row, column.key) for column in model.__table__.columns}
        for kind, model in KINDS.items()
        for row in session.scalars(select(model))
    }


def test_an_edit_makes_its_record_and_is_kept_with_its_author(node: Session) -> None:
    edit = make_edit({"name.fr": "Coopérative Tifawin", "phones": ["+212600000001"]})
    applied = apply(node, [edit], EDITOR)
    node.commit()

    row = node.get_one(Exhibitor, edit.record)
    assert (row.name, row.phones) == ({"fr": "Coopérative Tifawin"}, ["+212600000001"])
    assert row.stamps == {"name.fr": edit.stamp, "phones": edit.stamp}
    entry = node.get_one(LogEntry, 1)
    assert (entry.id, entry.author, entry.role, entry.fields) == (
        edit.id,
        "staff:amina",
        "editor",
        edit.fields,
    )
    assert (applied.seq, [o.state for o in applied.outcomes]) == (1, ["applied"])


def test_the_same_edit_again_changes_nothing(node: Session) -> None:
    edit = make_edit({"name.fr": "Tifawin"})
    apply(node, [edit], EDITOR)
    node.commit()
    applied = apply(node, [edit, edit], EDITOR)
    node.commit()
    assert [o.state for o in applied.outcomes] == ["duplicate", "duplicate"]
    assert node.get_one(LogHead, 1).seq == 1


def test_presentation_forms_are_kept_as_ordinary_letters_however_they_come(node: Session) -> None:
    written, kept = "\ufe97\ufecc\ufe8e\ufeed\ufee7\ufef4\ufe94", "تعاونية"
    sent = make_edit({"name.ar": written, "phones": []})
    as_sent = sent.model_dump()
    assert [receive(node, [as_sent], EDITOR).outcomes[0].state for _ in "12"] == ["applied", "duplicate"]
    assert node.get_one(Exhibitor, sent.record).name == {"ar": kept}
    assert write(node, [Change("exhibitor", sent.record, {"name.ar": written})], EDITOR) == []


def test_an_id_of_another_edit_is_refused(node: Session) -> None:
    edit = make_edit({"name.fr": "Tifawin"})
    forged = edit.model_copy(update={"fields": {"name.fr": "Other"}})
    outcomes = apply(node, [edit, forged], EDITOR).outcomes
    assert [o.state for o in outcomes] == ["applied", "refused"]
    assert node.get_one(Exhibitor, edit.record).name == {"fr": "Tifawin"}


def test_a_bad_edit_never_blocks_the_ones_behind_it(node: Session) -> None:
    bad = [
        make_edit({"nonsense": 1}),
        make_edit({"name": {"fr": "whole dict"}}),
        make_edit({"name.fr": ""}),
        make_edit({"name.fr": "x" * 3001}),
        make_edit({"name.fr": "NUL \x00"}),
        make_edit({"members": "nine"}),
        make_edit({"members": -1}),
        make_edit({"id": str(uuid4())}),
        make_edit({"stamps": {}}),
        make_edit({"name.fr": "A"}).model_copy(update={"kind": "staff"}),
        make_edit({"name.fr": "A"}, base={"phones": None}),
    ]
    good = make_edit({"name.fr": "Good"})
    outcomes = apply(node, [*bad, good], EDITOR).outcomes
    node.commit()
    assert [o.state for o in outcomes] == ["refused"] * len(bad) + ["applied"]
    assert all(o.problem for o in outcomes[:-1])
    assert list(state_of(node)) == [("exhibitor", good.record)]


def test_who_has_no_right_is_refused(node: Session) -> None:
    for role in ("visitor", "viewer", "exhibitor", "", "admin"):
        [outcome] = apply(node, [make_edit({"name.fr": "Mine now"})], Author("device:x", role)).outcomes
        assert (outcome.state, outcome.problem) == ("refused", "no_right")
    assert state_of(node) == {}


def test_the_later_stamp_wins_whatever_the_order_of_arrival(node: Session) -> None:
    record = str(uuid4())
    early = make_edit({"name.fr": "Early", "founded": 1999}, record=record, stamp=next_stamp("a", NOW, []))
    late = make_edit({"name.fr": "Late"}, record=record, stamp=next_stamp("b", NOW + 1, []))
    apply(node, [late], EDITOR)
    apply(node, [early], EDITOR)
    row = node.get_one(Exhibitor, record)
    assert (row.name, row.founded) == ({"fr": "Late"}, 1999)


def test_two_languages_of_one_text_never_collide(node: Session) -> None:
    record = str(uuid4())
    apply(
        node,
        [make_edit({"name.fr": "Miel"}, record=record), make_edit({"name.ar": "عسل"}, record=record)],
        EDITOR,
    )
    assert node.get_one(Exhibitor, record).name == {"fr": "Miel", "ar": "عسل"}


def test_two_who_saw_the_same_value_and_wrote_different_ones_are_in_conflict(node: Session) -> None:
    [first] = write(node, [Change("exhibitor", str(uuid4()), {"email": "a@example.org"})], EDITOR)
    seen = {"email": first.stamp}
    one = make_edit({"email": "b@example.org"}, record=first.record, stamp=next_stamp("a", NOW + YEAR, []), base=seen)
    same = make_edit({"email": "b@example.org"}, record=first.record, stamp=next_stamp("b", NOW + YEAR, []), base=seen)
    other = make_edit({"email": "c@example.org"}, record=first.record, stamp=next_stamp("c", NOW + YEAR, []), base=seen)
    states = [o.state for edit in (one, same, other) for o in apply(node, [edit], EDITOR).outcomes]
    assert states == ["applied", "applied", "conflict"]
    assert node.get_one(Exhibitor, first.record).email == "c@example.org"


def test_a_phone_a_year_behind_still_writes_over_what_it_saw(node: Session) -> None:
    [first] = write(node, [Change("exhibitor", str(uuid4()), {"members": 9})], EDITOR)
    stamp = next_stamp("phone", log.now_millis() - YEAR, [first.stamp])
    apply(node, [make_edit({"members": 10}, record=first.record, stamp=stamp)], EDITOR)
    assert node.get_one(Exhibitor, first.record).members == 10


def test_an_office_writes_over_a_phone_two_years_ahead(node: Session) -> None:
    edit = make_edit({"members": 9}, stamp=next_stamp("phone", log.now_millis() + 2 * YEAR, []))
    apply(node, [edit], EDITOR)
    [answer] = write(node, [Change("exhibitor", edit.record, {"members": 10})], EDITOR)
    assert answer.stamp > edit.stamp
    assert node.get_one(Exhibitor, edit.record).members == 10
    [elsewhere] = write(node, [Change("exhibitor", str(uuid4()), {"members": 1})], EDITOR)
    assert elsewhere.stamp > answer.stamp, "one node's stamps never go back"


def test_write_makes_edits_only_of_what_differs(node: Session) -> None:
    record = str(uuid4())
    fields = {"name.fr": "Tifawin", "members": None, "labels": ["Terroir du Maroc"]}
    assert len(write(node, [Change("exhibitor", record, fields)], EDITOR)) == 1
    node.commit()
    assert write(node, [Change("exhibitor", record, fields)], EDITOR) == []
    [edit] = write(node, [Change("exhibitor", record, fields | {"members": 4, "name.fr": None})], EDITOR)
    assert edit.fields == {"members": 4, "name.fr": None}
    assert node.get_one(Exhibitor, record).name == {}


def test_metres_written_as_whole_numbers_are_not_a_difference(node: Session) -> None:
    record = str(uuid4())
    write(node, [Change("booth", record, {"code": "A1", "x": 2, "w": 2.5})], EDITOR)
    node.commit()
    node.expire_all()
    assert write(node, [Change("booth", record, {"code": "A1", "x": 2, "w": 2.5})], EDITOR) == []
    assert node.get_one(Booth, record).x == 2.0


def test_write_tells_a_local_author_at_once_and_leaves_all_as_it_was(node: Session) -> None:
    record = str(uuid4())
    with pytest.raises(ValueError, match="cannot be stored"):
        write(
            node,
            [Change("exhibitor", record, {"members": 3}), Change("exhibitor", record, {"members": -3})],
            EDITOR,
        )
    node.rollback()
    assert state_of(node) == {}
    assert node.get_one(LogHead, 1).seq == 0


def test_a_turn_is_refused_to_a_session_with_unsaved_objects(node: Session) -> None:
    node.add(LogHead(id=2, node="x"))
    with pytest.raises(RuntimeError):
        write(node, [Change("exhibitor", str(uuid4()), {"members": 3})], EDITOR)


def test_seq_has_no_gap_and_follows_commits_with_many_writers(new_database: Callable[[str], str]) -> None:
    for engine_name in ("sqlite", "postgresql"):
        engine = create_engine(new_database(engine_name), pool_size=8)
        if engine_name == "sqlite":
            prepare_sqlite(engine)
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            name_node(session, "cloud")
        seen: list[int] = []
        errors: list[BaseException] = []
        done = threading.Event()

        def watch(engine=engine, seen=seen, done=done) -> None:  # type: ignore[no-untyped-def]
            """Read as a phone does: everything after what it has; a position that appears late is lost to it."""
            while True:
                last_round = done.is_set()
                with Session(engine) as session:
                    after = seen[-1] if seen else 0
                    seen.extend(
                        session.scalars(select(LogEntry.seq).where(LogEntry.seq > after).order_by(LogEntry.seq))
                    )
                if last_round:
                    return

        def work(seed: int, engine=engine, errors=errors) -> None:  # type: ignore[no-untyped-def]
            dice = random.Random(seed)
            try:
                for _ in range(12):
                    with Session(engine) as session:
                        session.execute(select(LogHead.seq)).all()
                        apply(
                            session,
                            [make_edit({"members": dice.randrange(99)}) for _ in range(dice.randrange(1, 4))],
                            EDITOR,
                        )
                        session.rollback() if dice.random() < 0.3 else session.commit()
            except BaseException as error:
                errors.append(error)

        reader = threading.Thread(target=watch)
        writers = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
        for thread in (reader, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        reader.join()
        engine.dispose()
        assert errors == []
        assert seen == list(range(1, len(seen) + 1)) and len(seen) > 50


# Three nodes, two engines, clocks years apart: whatever is lost, repeated or shuffled, all end the same.

RECORDS = [str(UUID(int=n)) for n in range(1, 4)]
FIELDS = st.one_of(
    st.fixed_dictionaries({"name.fr": st.sampled_from(["A", "B", "é\u202e", "ⵜ"]) | st.none()}),
    st.fixed_dictionaries({"members": st.integers(0, 3) | st.none(), "women_led": st.booleans()}),
    st.fixed_dictionaries({"phones": st.lists(st.sampled_from(["+212600000001", "+33100000000"]), max_size=2)}),
    st.fixed_dictionaries({"deleted": st.booleans()}),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 2), st.sampled_from(RECORDS), FIELDS),
        st.tuples(st.just("send"), st.integers(0, 2), st.integers(0, 2), st.randoms(use_true_random=False)),
    ),
    max_size=25,
)
SKEW = (-2 * YEAR, 0, 3 * YEAR)


@pytest.fixture(scope="module")
def nodes(open_node: OpenNode) -> list[Session]:
    return [open_node("sqlite", "site"), open_node("postgresql", "cloud"), open_node("sqlite", "laptop")]


def empty(session: Session) -> None:
    for model in (*KINDS.values(), LogEntry):
        session.execute(delete(model))
    head = session.get_one(LogHead, 1)
    head.seq, head.public_seq, head.stamp = 0, 0, ""
    session.commit()
    session.expunge_all()


def edits_of(session: Session) -> list[Edit]:
    entries = session.scalars(select(LogEntry).order_by(LogEntry.seq))
    return [
        Edit(id=e.id, kind=e.kind, record=e.record, stamp=e.stamp, fields=e.fields, base=e.base,
             settles=e.settles, author=e.author, role=e.role)
        for e in entries
    ]  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_three_nodes_end_with_the_same_records(
    nodes: list[Session], monkeypatch: pytest.MonkeyPatch, steps: list[tuple]
) -> None:
    for session in nodes:
        empty(session)
    for step in steps:
        if step[0] == "write":
            _, who, record, fields = step
            monkeypatch.setattr(log, "now_millis", lambda who=who: NOW + SKEW[who])
            write(nodes[who], [Change("exhibitor", record, fields)], EDITOR)
            nodes[who].commit()
        else:
            _, sender, receiver, dice = step
            edits = edits_of(nodes[sender])
            sent = dice.sample(edits, dice.randint(0, len(edits))) * 2
            apply(nodes[receiver], sent, NODE)
            # Sometimes the connection dies before the commit, sometimes after it: the answer is lost either way.
            nodes[receiver].rollback() if dice.random() < 0.3 else nodes[receiver].commit()
    for _ in range(2):
        for sender in nodes:
            for receiver in nodes:
                apply(receiver, edits_of(sender), NODE)
                receiver.commit()
    first, *others = [state_of(session) for session in nodes]
    assert all(other == first for other in others)
    logs = [{(e.id, e.author, e.stamp) for e in edits_of(session)} for session in nodes]
    assert logs[0] == logs[1] == logs[2]
    for session in nodes:
        seqs = list(session.scalars(select(LogEntry.seq).order_by(LogEntry.seq)))
        assert seqs == list(range(1, len(seqs) + 1))
        assert session.get_one(LogHead, 1).seq == len(seqs)
        session.rollback()


def test_many_changes_go_to_the_database_together(node: Session) -> None:
    """A list of thousands is two statements for its lines and records, however long; one named twice is merged."""
    ids = [str(uuid4()) for _ in range(300)]
    changes = [Change("exhibitor", own, {"name.fr": f"Coop {own}", "members": 3}) for own in ids]
    twice = Change("exhibitor", ids[7], {"name.ar": "تعاونية", "phones": ["+212600000001"]})
    inserts: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        inserts.extend([statement] if statement.startswith("INSERT") else [])

    event.listen(node.get_bind(), "before_cursor_execute", note)
    edits = write(node, [*changes, twice], EDITOR)
    event.remove(node.get_bind(), "before_cursor_execute", note)
    node.commit()

    assert len(inserts) <= 4  # the lines, the records, and the one that was named twice
    rows = {row.id: row for row in node.scalars(select(Exhibitor))}
    assert {own: row.name["fr"] for own, row in rows.items()} == {own: f"Coop {own}" for own in ids}
    assert (rows[ids[7]].phones, rows[ids[7]].members) == (["+212600000001"], 3)
    assert rows[ids[0]].stamps == {"name.fr": edits[0].stamp, "members": edits[0].stamp}
    assert rows[ids[0]].founded is None
    assert [entry.seq for entry in node.scalars(select(LogEntry).order_by(LogEntry.seq))] == list(range(1, 302))


def test_a_record_begun_in_bulk_is_what_merging_makes(node: Session) -> None:
    """There is one meaning of an edit: as a first change of this server's, or arriving from elsewhere."""
    fields = {"name.fr": "Tifawin", "name.ar": "تيفاوين", "members": 12, "delivery": False, "phones": ["+212600000001"]}
    [edit] = write(node, [Change("exhibitor", str(uuid4()), fields)], EDITOR)
    other = make_edit(dict(fields), stamp=edit.stamp)
    apply(node, [other], EDITOR)
    node.commit()
    begun, merged = (state_of(node)["exhibitor", one.record] for one in (edit, other))
    assert begun | {"id": ""} == merged | {"id": ""}


def test_nobody_writes_at_the_end_of_time_and_has_the_last_word_for_ever(node: Session) -> None:
    """Nothing could be written after it, and a server that had to would be out of stamps for everything else."""
    first, end = make_edit({"members": 1}), "9999999999999-9998-phone"
    [known] = apply(node, [first], EDITOR).outcomes
    late = make_edit({"members": 2}, record=first.record, stamp=end, base={"members": first.stamp})
    claims = make_edit({"members": 2}, record=first.record, stamp=end, base={"members": end})
    new = make_edit({"members": 2}, stamp=end)
    outcomes = apply(node, [late, claims, new], EDITOR).outcomes
    assert [known.state, *((one.state, one.problem) for one in outcomes)] == [
        "applied",
        *[("refused", "clock_wrong")] * 3,
    ]
    ahead = make_edit(
        {"members": 3}, record=first.record, stamp=f"{BROKEN - 1}-9999-phone", base={"members": first.stamp}
    )
    assert apply(node, [ahead], EDITOR).outcomes[0].state == "applied", "a clock that is only wrong"
    node.commit()
    [written] = write(node, [Change("exhibitor", first.record, {"members": 4})], EDITOR)
    node.commit()
    stamp = next_stamp("phone", NOW, [written.stamp])
    after = make_edit({"members": 5}, record=first.record, stamp=stamp, base={"members": written.stamp})
    assert int(stamp[:13]) >= BROKEN
    assert apply(node, [after], EDITOR).outcomes[0].state == "applied", "what it replaces is as late"
    assert write(node, [Change("exhibitor", str(uuid4()), {"members": 1})], EDITOR)
    node.commit()
