"""Notices: short messages shown between two moments, to everybody, to visitors or to exhibitors alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Notice
from companion.programme.workshops import fair_now, texts_from
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import take_turn
from companion.sync.seen import Wrong, write_as_seen

AUDIENCES = ("all", "visitors", "exhibitors")
URGENCIES = ("info", "warning", "urgent")
MOMENT = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d")

State = Literal["now", "coming", "over"]


def read_notices(session: Session, now: str) -> list[tuple[Notice, State]]:
    """Return all notices with where they stand at `now` (`2027-07-03T10:05`): shown ones, coming ones, past ones."""
    found = [(one, state(one, now)) for one in session.scalars(select(Notice).where(~Notice.deleted))]
    order: dict[State, int] = {"now": 0, "coming": 1, "over": 2}
    urgency = {name: -at for at, name in enumerate(URGENCIES)}
    return sorted(found, key=lambda one: (order[one[1]], urgency.get(one[0].urgency, 0), one[0].starts, one[0].id))


def state(notice: Notice, now: str) -> State:
    """Say whether a notice is shown at `now`, is to come or is over."""
    if notice.ends and notice.ends[:16] <= now:
        return "over"
    return "coming" if notice.starts[:16] > now else "now"


def save(session: Session, author: Author, seen: int, own: str, typed: Mapping[str, str]) -> tuple[str, list[Edit]]:
    """Write a notice, a new one when `own` is empty; return its record id and the edits. The caller commits.

    Raises Wrong, and `sync.seen.Overtaken` when somebody changed the same meanwhile.
    """
    take_turn(session)
    if own and _known(session, own) is None:
        raise Wrong({"title.fr": "not_there"})
    fields, problems = fields_from(typed)
    if problems:
        raise Wrong(problems)
    own = own or str(uuid4())
    return own, write_as_seen(session, [Change(Notice.KIND, own, fields)], author, seen)


def finish(session: Session, author: Author, seen: int, own: str, fields: dict[str, Any]) -> list[Edit]:
    """End a notice now or take it away; the caller commits. Raises Wrong."""
    take_turn(session)
    if _known(session, own) is None:
        raise Wrong({"title.fr": "not_there"})
    return write_as_seen(session, [Change(Notice.KIND, own, fields)], author, seen)


def end_now(session: Session) -> str:
    """Return when a notice must end to be gone at once: visitors' pages know the time to five minutes."""
    now = fair_now(session)
    return f"{now[:14]}{int(now[14:]) // 5 * 5:02}"


def fields_from(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields that were typed, and by field what is wrong with them."""
    problems: dict[str, str] = {}
    fields: dict[str, Any] = texts_from(typed, ("title", "body"), problems)
    if not any(value for path, value in fields.items() if path.startswith("title.")):
        problems["title.fr"] = "title_missing"
    for name in ("starts", "ends"):
        fields[name] = typed.get(name, "").strip()[:16]
        if not MOMENT.fullmatch(fields[name]):
            problems[name] = "moment_missing"
    if not {"starts", "ends"} & problems.keys() and fields["ends"] <= fields["starts"]:
        problems["ends"] = "ends_early"
    fields |= {"audience": typed.get("audience", ""), "urgency": typed.get("urgency", "")}
    if fields["audience"] not in AUDIENCES:
        problems["audience"] = "choice_missing"
    if fields["urgency"] not in URGENCIES:
        problems["urgency"] = "choice_missing"
    return fields, problems


def _known(session: Session, own: str) -> Notice | None:
    notice = session.get(Notice, own)
    return None if notice is None or notice.deleted else notice
