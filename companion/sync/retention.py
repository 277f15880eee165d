"""Erasing on request and after the fair: what the commands `erase` and `retention` do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import KINDS, Fair, Personal
from companion.sync.edits import Author, Edit
from companion.sync.erasure import ERASE
from companion.sync.log import apply, now_millis, take_turn
from companion.sync.stamps import next_stamp

PERSONAL = tuple(model for model in KINDS.values() if issubclass(model, Personal))


def erase_record(session: Session, record: str, author: Author) -> str:
    """Erase the personal record with this id, here and wherever the log travels; the caller commits.

    Returns its kind; raises LookupError when there is none, so that a mistyped id is noticed.
    """
    for model in PERSONAL:
        row = session.get(model, record)
        if row is not None and not row.erased:
            _erase(session, [(model.KIND, record)], author)
            return model.KIND
    raise LookupError(f"there is no personal record {record} that is not erased already")


def erase_after(session: Session, days: int, author: Author, today: date | None = None) -> int:
    """Erase every personal record once the fair's last day is more than `days` days ago; the caller commits.

    Returns how many were erased. Raises LookupError when the fair has no dates.
    """
    last = max((fair.dates[-1] for fair in session.scalars(select(Fair)) if fair.dates), default="")
    if not last:
        raise LookupError("the fair has no dates")
    if (today or datetime.now(UTC).date()) <= date.fromisoformat(last) + timedelta(days=days):
        return 0
    rows = [
        (model.KIND, record)
        for model in PERSONAL
        for record in session.scalars(select(model.id).where(model.erased.is_(False)).order_by(model.id))
    ]
    _erase(session, rows, author)
    return len(rows)


def _erase(session: Session, rows: Iterable[tuple[str, str]], author: Author) -> None:
    head = take_turn(session)
    edits = []
    for kind, record in rows:
        head.stamp = next_stamp(head.node, now_millis(), [head.stamp])
        edits.append(Edit(id=str(uuid4()), kind=ERASE, record=record, stamp=head.stamp, fields={"kind": kind}))
    refused = [outcome for outcome in apply(session, edits, author).outcomes if outcome.state == "refused"]
    if refused:
        raise PermissionError(refused[0].problem)
