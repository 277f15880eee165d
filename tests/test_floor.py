"""The floor: who may stand where, what is wrong with it, what is proposed for those who wait."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from companion.extensions import prepare_sqlite
from companion.floor.assigning import Impossible, assign, assign_all, release
from companion.floor.automatic import propose
from companion.floor.clashes import booth_conflicts, clashes, homes
from companion.floor.drawing import draw, erase, measure
from companion.floor.state import Box, Floor, Guest, Spot, Stand, read_floor
from companion.imports import import_file
from companion.imports.choices import IGNORE, Choices
from companion.models import Booth, Exhibitor
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import apply, write
from companion.sync.seen import Overtaken, Wrong
from companion.sync.stamps import next_stamp
from tests.test_sync_log import EDITOR, NODE, NOW
from tests.workbooks import demo_rows, write_workbook

DRISS = Author("staff:driss", "editor")


@pytest.fixture
def session(demo_instance: Path, tmp_path: Path) -> Iterator[Session]:
    """The demo fair's database, without an app around it."""
    copy = shutil.copy(demo_instance / "rafiq.sqlite", tmp_path)
    engine = create_engine(f"sqlite:///{copy}")
    prepare_sqlite(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def stand(code: str, x: float = 0, y: float = 0, w: float = 2, exhibitor: str | None = None, row: str = "") -> Stand:
    return Stand(f"booth {code}", code, Box(x, y, w, 2), code[:1], row, exhibitor)


def guest(code: str, zone: str = "P1", sector: str = "MIEL", *, here: bool = True) -> Guest:
    return Guest(f"guest {code}", code, {"fr": code}, sector, zone, here)


def floor(stands: list[Stand], guests: list[Guest], spots: tuple[Spot, ...] = (), side: float = 100) -> Floor:
    zones = {one.zone: {"fr": one.zone} for one in guests if one.zone}
    return Floor(1, side, side, tuple(stands), spots, {one.id: one for one in guests}, zones, {})


def kinds(found: Floor) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.codes) for one in clashes(found)]


def test_side_by_side_is_no_clash_and_one_on_another_is() -> None:
    assert kinds(floor([stand("A1"), stand("A2", x=2)], [])) == []
    assert kinds(floor([stand("A1"), stand("A2", x=1.9)], [])) == [("overlap", ("A1", "A2"))]
    stage = Spot("s", "STAGE", "stage", Box(1, 1, 5, 5), {})
    aisle = Spot("a", "AL1", "aisle", Box(0, 0, 50, 50), {})
    assert kinds(floor([stand("A1")], [], (stage, aisle))) == [("overlap", ("A1", "STAGE"))]


def test_a_booth_outside_of_the_floor_or_of_every_hall_is_told() -> None:
    assert kinds(floor([stand("A1", x=99)], [])) == [("outside", ("A1",))]
    assert kinds(floor([stand("A1", w=0)], [])) == [("no_size", ("A1",))]
    halls = (Spot("h", "H1", "hall", Box(0, 0, 10, 10), {}), Spot("o", "O1", "outdoor", Box(10, 0, 10, 10), {}))
    inside, across = stand("A1", x=4), stand("A2", x=9)
    assert kinds(floor([inside, across], [], halls)) == [("outside", ("A2",))]


def test_an_exhibitor_with_two_booths_is_told_unless_they_are_one() -> None:
    mine = guest("K1")
    double = [stand("A1", exhibitor=mine.id), stand("A2", x=2, exhibitor=mine.id)]
    assert kinds(floor(double, [mine])) == []
    apart = [stand("A1", exhibitor=mine.id), stand("A2", x=20, exhibitor=mine.id)]
    assert kinds(floor(apart, [mine])) == [("apart", ("A1", "A2"))]


def test_more_exhibitors_than_booths_and_booths_of_nobody_are_told() -> None:
    gone = guest("K9", here=False)
    found = clashes(floor([stand("A1", exhibitor=gone.id)], [gone, guest("K1"), guest("K2")]))
    assert [(one.kind, one.numbers) for one in found] == [("gone", {}), ("full", {"num": 2})]


def test_one_alone_among_those_of_another_zone_is_told_and_a_shared_row_is_not() -> None:
    guests = [guest(f"K{n:02}") for n in range(20)] + [guest("L1", zone="P2")]
    stands = [stand(f"A{n:02}", x=2 * n, exhibitor=one.id) for n, one in enumerate(guests)]
    assert kinds(floor(stands, guests)) == [("wrong_zone", ("A20",))]
    guests[19] = guest("K19", zone="P2")
    guests[18] = guest("K18", zone="P2")
    assert kinds(floor(stands, guests)) == []


def test_the_demo_fair_has_nothing_wrong(session: Session) -> None:
    found = read_floor(session)
    assert (len(found.stands), len(found.free), found.waiting) == (332, 6, [])
    assert clashes(found, booth_conflicts(session)) == []


@st.composite
def floors(draw: st.DrawFn) -> Floor:
    """Rows of booths, some taken, some without a size, and exhibitors of several zones and sectors, some gone."""
    zones = ["", "P1", "P2", "P3"]
    guests = [
        guest(f"K{n:03}", draw(st.sampled_from(zones)), draw(st.sampled_from("MOT")), here=draw(st.integers(0, 9)) > 0)
        for n in range(draw(st.integers(0, 30)))
    ]
    holders = [one.id for one in guests if draw(st.booleans())]
    stands = []
    for n in range(draw(st.integers(0, 30))):
        holder = holders.pop() if holders and draw(st.booleans()) else None
        row, size = draw(st.sampled_from("ABC")), draw(st.sampled_from([0, 2, 2, 2, 2]))
        stands.append(stand(f"{row}{n:02}", x=3 * n, y=5 * ord(row), w=size, exhibitor=holder))
    return floor(stands, guests, side=1000)


@given(floors())
def test_a_proposal_gives_free_booths_to_those_who_wait_and_each_once(found: Floor) -> None:
    proposal = propose(found)
    assert len(proposal) == min(len(found.waiting), len(found.free))
    assert len({one.guest.id for one in proposal}) == len({one.stand.id for one in proposal}) == len(proposal)
    assert {one.guest.id for one in proposal} <= {one.id for one in found.waiting}
    assert {one.stand.id for one in proposal} <= {one.id for one in found.free}


@given(floors())
def test_nobody_is_out_of_their_zone_while_a_booth_in_it_is_left(found: Floor) -> None:
    proposal, at_home = propose(found), homes(found)
    used = {one.stand.id for one in proposal}
    left = [one for one in found.free if one.id not in used]
    for one in proposal:
        at = at_home[one.stand.line]
        reason = {"sector": one.guest.zone in at, "zone": one.guest.zone in at, "open": not at, "elsewhere": bool(at)}
        assert reason[one.reason], one
        if one.reason in ("open", "elsewhere"):
            assert not any(one.guest.zone in at_home[other.line] for other in left)


@given(floors(), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(found: Floor, dice: random.Random) -> None:
    stands, guests = list(found.stands), list(found.guests.values())
    dice.shuffle(stands)
    dice.shuffle(guests)
    assert propose(floor(stands, guests, side=1000)) == propose(found)


def test_a_sector_gathers_around_those_of_it_who_stand_already() -> None:
    guests = [guest("K1"), guest("K2", sector="OLIVE"), guest("K3"), guest("K4", sector="OLIVE")]
    stands = [stand(f"A{n}", x=2 * n) for n in range(6)]
    stands[0] = stand("A0", exhibitor=guests[0].id)
    stands[5] = stand("A5", x=10, exhibitor=guests[1].id)
    proposal = propose(floor(stands, guests))
    assert [(one.guest.code, one.stand.code, one.reason) for one in proposal] == [
        ("K3", "A1", "sector"),
        ("K4", "A4", "sector"),
    ]


def test_an_empty_fair_is_filled_zone_by_zone() -> None:
    guests = [guest("K1", "P2"), guest("K2", "P1"), guest("K3", "P2"), guest("K4", "P1")]
    proposal = propose(floor([stand(f"A{n}", x=2 * n) for n in range(4)], guests))
    assert [(one.stand.code, one.guest.zone) for one in proposal] == [
        ("A0", "P1"),
        ("A1", "P1"),
        ("A2", "P2"),
        ("A3", "P2"),
    ]
    assert {one.reason for one in proposal} == {"open"}


def who(session: Session, booth: str) -> str:
    """The code of who stands at a booth of the demo fair, or nothing."""
    session.rollback()
    own = session.scalars(select(Booth.exhibitor).where(Booth.code == booth)).one()
    return session.get_one(Exhibitor, own).code if own else ""


def test_a_free_booth_is_taken_a_taken_one_changed_over_and_one_given_back(session: Session) -> None:
    first, second = who(session, "A01"), who(session, "A02")
    seen = read_floor(session).seq
    done = assign(session, EDITOR, seen, first, "a 02", "A01")
    session.commit()
    assert (done.what, done.booth, done.other) == ("swapped", "A02", "A01")
    assert (who(session, "A01"), who(session, "A02")) == (second, first)

    seen = read_floor(session).seq
    assert release(session, EDITOR, seen, "A01").what == "freed"
    session.commit()
    assert (who(session, "A01"), [one.code for one in read_floor(session).waiting]) == ("", [second])

    seen = read_floor(session).seq
    assert assign(session, EDITOR, seen, second, "A48").what == "placed"
    session.commit()
    seen = read_floor(session).seq
    assert assign(session, EDITOR, seen, second, "A02").what == "swapped"
    session.commit()
    assert (who(session, "A48"), who(session, "A02")) == (first, second)
    assert assign(session, EDITOR, read_floor(session).seq, second, "A02").what == "nothing"


def test_what_cannot_be_done_says_why_and_changes_nothing(session: Session) -> None:
    double = who(session, "C27")
    seen = read_floor(session).seq
    for words, problem in (
        ((double, "A48"), "two_booths"),
        (("ZZZZZ", "A48"), "no_exhibitor"),
        ((double, "Z99"), "no_booth"),
        ((double, "A48", "A01"), "not_there"),
    ):
        with pytest.raises(Impossible) as told:
            assign(session, EDITOR, seen, *words)
        session.rollback()
        assert told.value.problem == problem
    assert read_floor(session).seq == seen


def test_of_two_who_act_on_what_they_saw_the_second_is_told(session: Session) -> None:
    first, third = who(session, "A01"), who(session, "A03")
    seen = read_floor(session).seq
    assign(session, EDITOR, seen, first, "A48", "A01")
    session.commit()
    for words in ((third, "A48", "A03"), (third, "A01", "A03"), (first, "A05", "")):
        with pytest.raises(Overtaken) as told:
            assign(session, DRISS, seen, *words)
        session.rollback()
        assert told.value.author == "amina"
    assert (who(session, "A48"), who(session, "A03"), who(session, "A01")) == (first, third, "")
    assign(session, DRISS, read_floor(session).seq, third, "A48", "A03")
    session.commit()
    assert (who(session, "A48"), who(session, "A03")) == (third, first)


def test_many_at_once_are_one_act_all_or_nothing(session: Session) -> None:
    taken = [who(session, code) for code in ("A01", "A02")]
    for code in ("A01", "A02"):
        release(session, EDITOR, read_floor(session).seq, code)
        session.commit()
    found = read_floor(session)
    pairs = [(one.guest.code, one.stand.code) for one in propose(found)]
    with pytest.raises(Impossible):
        assign_all(session, EDITOR, found.seq, [*pairs, ("ZZZZZ", "A48")])
    session.rollback()
    number, act = assign_all(session, EDITOR, found.seq, pairs)
    session.commit()
    assert (number, bool(act), sorted(code for code, _ in pairs)) == (2, True, sorted(taken))
    assert read_floor(session).waiting == []


def test_two_floor_phones_that_gave_one_booth_away_side_by_side_are_told_of(session: Session) -> None:
    booth = session.scalars(select(Booth).where(Booth.code == "A48")).one()
    base = {"exhibitor": booth.stamps.get("exhibitor")}
    for number, code in enumerate(("A01", "A02")):
        holder = session.scalars(select(Booth.exhibitor).where(Booth.code == code)).one()
        edit = Edit(
            id=str(uuid4()), kind="booth", record=booth.id, stamp=next_stamp(f"phone{number}", NOW, []),
            fields={"exhibitor": holder}, base=base, author=f"staff:{code}", role="floor",
        )  # fmt: skip
        apply(session, [edit], NODE)
        session.commit()
    [found] = [one for one in clashes(read_floor(session), booth_conflicts(session)) if one.kind == "wanted_twice"]
    assert (found.codes, len(found.guests), found.conflict is not None) == (("A48",), 2, True)


def test_a_row_of_booths_is_drawn_at_once_and_each_has_its_number(session: Session) -> None:
    typed = {"code": "g 08", "x": "60", "y": "1,5", "w": "2", "d": "2", "zone": "G", "count": "4", "along": "down"}
    done = draw(session, EDITOR, read_floor(session).seq, "booth", "", typed)
    session.commit()
    assert done.codes == ("G08", "G09", "G10", "G11")
    boxes = [one.box for one in read_floor(session).stands if one.code in done.codes]
    assert boxes == [Box(60, 1.5 + 2 * n, 2, 2) for n in range(4)]


def test_what_was_typed_wrong_is_named_field_by_field(session: Session) -> None:
    seen = read_floor(session).seq
    typed = {"code": "A01", "x": "east", "y": "nan", "w": "0", "d": "-2", "count": "1000"}
    with pytest.raises(Wrong) as told:
        draw(session, EDITOR, seen, "booth", "", typed)
    session.rollback()
    assert told.value.problems == {
        "code": "code_taken", "x": "number_wrong", "y": "number_wrong", "w": "size_wrong", "d": "size_wrong",
        "count": "number_wrong",
    } or told.value.problems == {
        "x": "number_wrong", "y": "number_wrong", "w": "size_wrong", "d": "size_wrong", "count": "number_wrong",
    }  # fmt: skip
    with pytest.raises(Wrong) as told:
        draw(session, EDITOR, seen, "place", "", {"code": "", "type": "castle", "capacity": "many"})
    session.rollback()
    assert told.value.problems.keys() == {"code", "type", "capacity", "x", "y", "w", "d"}
    with pytest.raises(Wrong) as told:
        draw(session, EDITOR, seen, "booth", str(uuid4()), {"x": "1"})
    session.rollback()
    assert told.value.problems == {"code": "not_there"}


def test_a_booth_keeps_who_stands_there_when_it_is_moved_and_renumbered(session: Session) -> None:
    own, holder = session.execute(select(Booth.id, Booth.exhibitor).where(Booth.code == "A01")).one()
    done = draw(session, EDITOR, read_floor(session).seq, "booth", own, {"code": "A99", "x": "70"})
    session.commit()
    assert (done.codes, done.was) == (("A99",), "A01")
    moved = read_floor(session).stand("A99")
    assert moved is not None
    assert (moved.box, moved.exhibitor) == (Box(70, 11, 2, 2), holder)
    with pytest.raises(Wrong) as told:
        draw(session, EDITOR, read_floor(session).seq, "booth", own, {"code": "stage"})
    session.rollback()
    assert told.value.problems == {"code": "code_taken"}


def test_a_booth_taken_off_the_plan_leaves_its_exhibitor_waiting(session: Session) -> None:
    code = who(session, "A01")
    found = read_floor(session).stand("A01")
    assert found
    erase(session, EDITOR, read_floor(session).seq, "booth", found.id)
    session.commit()
    assert [one.code for one in read_floor(session).waiting] == [code]
    with pytest.raises(Wrong):
        erase(session, EDITOR, read_floor(session).seq, "booth", found.id)


def test_the_floor_is_measured(session: Session) -> None:
    seen = read_floor(session).seq
    measure(session, EDITOR, seen, {"width_m": "100", "depth_m": "62,5"})
    session.commit()
    assert (read_floor(session).width, read_floor(session).depth) == (100, 62.5)
    with pytest.raises(Wrong) as told:
        measure(session, EDITOR, seen, {"width_m": "0", "depth_m": ""})
    assert told.value.problems == {"width_m": "size_wrong", "depth_m": "number_wrong"}


def test_two_who_correct_two_fields_of_one_booth_do_not_get_in_each_others_way(session: Session) -> None:
    found = read_floor(session)
    booth = found.stand("A01")
    assert booth
    shown = {"code": "A01", "x": str(booth.box.x), "y": str(booth.box.y)}
    draw(session, EDITOR, found.seq, "booth", booth.id, {**shown, "x": "1"})
    session.commit()
    draw(session, DRISS, found.seq, "booth", booth.id, {**shown, "y": "2"})
    session.commit()
    moved = read_floor(session).stand("A01")
    assert moved
    assert (moved.box.x, moved.box.y) == (1, 2)
    with pytest.raises(Overtaken):
        draw(session, DRISS, found.seq, "booth", booth.id, {**shown, "x": "9"})


def test_what_an_import_wrote_since_counts_as_somebody_elses_change(session: Session) -> None:
    found = read_floor(session)
    booth, other = found.stand("A02"), found.stand("A01")
    assert booth
    assert other
    change = Change("booth", booth.id, {"exhibitor": other.exhibitor})
    write(session, [change], Author("import:list.xlsx", "importer"))
    session.commit()
    with pytest.raises(Overtaken) as told:
        release(session, EDITOR, found.seq, "A02")
    assert told.value.author == "list.xlsx"


def test_the_plan_of_a_workbook_alone_moves_booths_and_leaves_who_stands_there(
    session: Session, tmp_path: Path
) -> None:
    rows = demo_rows()
    at = next(number for number, row in enumerate(rows["Plan"]) if "A01" in row)
    before, holder = read_floor(session).stand("A01"), who(session, "A01")
    assert before
    column = rows["Plan"][at].index(before.box.x)
    rows["Plan"][at][column] = 1.5
    report = import_file(
        session,
        write_workbook(tmp_path / "list.xlsx", rows),
        choices=Choices(kinds={sheet: IGNORE for sheet in rows if sheet != "Plan"}),
    )
    session.commit()
    moved = read_floor(session).stand("A01")
    assert moved
    assert (report.applied, set(report.counts), moved.box.x, who(session, "A01")) == (
        True,
        {"booth", "place"},
        1.5,
        holder,
    )
