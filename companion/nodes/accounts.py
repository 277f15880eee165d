"""Who may sign in, on every server alike: rows that servers trusting each other exchange.

Staff and their sessions, exhibitors' cards and phones, and what exhibitors changed that waits for the office. Why not
the log: the log keeps what was, and hashes of former passwords are nothing to keep; staff read it; and a session
that was ended must be gone, not recorded. So these rows travel as they are now, passwords and cards as the hashes
that are stored anyway (the secret of time-based codes has none), and the later change of a row wins whole. Sessions
travel too: with one name for both servers (split DNS), a phone that walks out of the hall stays signed in.

Nobody has to tell this module of a change. It compares the rows with what it saw last and gives what differs a
stamp; a row that went leaves its stamp behind. To find what two servers do not share without sending thousands
of rows, keys fall into 64 heaps, and only heaps whose stamps differ are sent.

Whoever joins a fair takes over its accounts: rows that were there before the first exchange of a server that
calls another lose against all others.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from companion.models import Base, Card, HeldEdit, Node, Phone, Roll, Staff, StaffSession
from companion.sync.edits import Stamp
from companion.sync.log import now_millis, take_turn
from companion.sync.merge import canonical
from companion.sync.stamps import next_stamp

HEAPS = 64
FIRST = "0000000000000-0000-"
"""Begins the stamps of what was there before a server joined."""


@dataclass(frozen=True)
class Travelling:
    """A table whose rows travel under a key of their own; `refers` maps columns to the table they point into."""

    table: Table
    key: str
    refers: Mapping[str, str]
    stays: Mapping[str, str]
    """Columns that are this server's alone, and the column each begins as (empty: as in a new row)."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns that travel."""
        own = [column.name for column in self.table.columns if not _is_number(self.table, column.name)]
        return [name for name in own if name not in self.stays]


def _is_number(table: Table, name: str) -> bool:
    """Tell whether a column is the number this server gave a row."""
    column = table.columns[name]
    return column.primary_key and column.type.python_type is int


def _travelling(
    model: type[Base], key: str, refers: Mapping[str, str] | None = None, stays: Mapping[str, str] | None = None
) -> Travelling:
    table = model.__table__
    assert isinstance(table, Table)
    return Travelling(table, key, refers or {}, stays or {})


TRAVELLING = {
    one.table.name: one
    for one in (
        _travelling(Staff, "name"),
        _travelling(StaffSession, "id", {"staff_id": "staff"}, {"seen": ""}),
        _travelling(Card, "secret"),
        _travelling(Phone, "id", {"card_id": "access_card"}, {"seen": "started"}),
        _travelling(HeldEdit, "id"),
    )
}
"""By name, and in an order in which what a row refers to comes before it."""


class Row(BaseModel):
    """One row as it travels; `row` is None when it is gone."""

    model_config = ConfigDict(hide_input_in_errors=True)

    table: str = Field(max_length=40)
    key: str = Field(max_length=100)
    stamp: Stamp
    row: dict[str, Any] | None


def summary(session: Session) -> dict[str, str]:
    """Notice what changed, and return the digest of every heap that has rows; commits what was noticed."""
    notice(session)
    heaps: dict[str, list[str]] = defaultdict(list)
    for roll in session.execute(select(Roll.table, Roll.key, Roll.stamp)):
        heaps[_heap(roll.table, roll.key)].append(f"{roll.table}\0{roll.key}\0{roll.stamp}")
    return {heap: _digest("\n".join(sorted(lines))) for heap, lines in heaps.items()}


def rows_of(session: Session, heaps: Iterable[str]) -> list[Row]:
    """Return the rows of some heaps."""
    wanted, rows = set(heaps), []
    contents = {name: _contents(session, travelling) for name, travelling in TRAVELLING.items()}
    for roll in session.scalars(select(Roll).order_by(Roll.table, Roll.key)):
        if _heap(roll.table, roll.key) in wanted and roll.table in TRAVELLING:
            row = contents[roll.table].get(roll.key) if roll.digest else None
            rows.append(Row(table=roll.table, key=roll.key, stamp=roll.stamp, row=row))
    return rows


def notice(session: Session) -> None:
    """Give every row that changed since the last time a stamp; commits if there is any."""
    if not any(True for _ in _changed(session)):
        return
    head = take_turn(session)
    joined = session.scalar(select(Roll.key).limit(1)) is None and session.scalar(
        select(Node.name).where(Node.address != "").limit(1)
    )
    for table, key, digest, known in list(_changed(session)):
        if joined:
            stamp = FIRST + head.node
        else:
            stamp = head.stamp = next_stamp(head.node, now_millis(), [head.stamp, known.stamp if known else None])
        session.merge(Roll(table=table, key=key, stamp=stamp, digest=digest))
    session.commit()


def take_rows(session: Session, rows: Iterable[Row]) -> int:
    """Take over the rows that are later than here and return how many; the caller commits.

    A row with a column this release does not know is left for later: without it, it would be another row.
    """
    head = take_turn(session)
    order = list(TRAVELLING)
    known = {(roll.table, roll.key): roll.stamp for roll in session.scalars(select(Roll))}
    later = [row for row in rows if row.table in TRAVELLING and row.stamp > known.get((row.table, row.key), "")]
    taken = 0
    for row in sorted(later, key=lambda row: order.index(row.table)):
        if row.row is None:
            _remove(session, TRAVELLING[row.table], row.key)
        elif not _store(session, TRAVELLING[row.table], row.row):
            continue
        digest = "" if row.row is None else _digest_of(row.row)
        session.merge(Roll(table=row.table, key=row.key, stamp=row.stamp, digest=digest))
        taken += 1
    head.stamp = max([head.stamp, *(row.stamp for row in later if row.stamp.endswith(f"-{head.node}"))])
    session.flush()
    return taken


def _changed(session: Session) -> Iterable[tuple[str, str, str, Roll | None]]:
    known = {(roll.table, roll.key): roll for roll in session.scalars(select(Roll))}
    for name, travelling in TRAVELLING.items():
        contents = _contents(session, travelling)
        for key, row in contents.items():
            roll = known.get((name, key))
            digest = _digest_of(row)
            if roll is None or roll.digest != digest:
                yield name, key, digest, roll
        for (table, key), roll in known.items():
            if table == name and roll.digest and key not in contents:
                yield name, key, "", roll


def _contents(session: Session, travelling: Travelling) -> dict[str, dict[str, Any]]:
    names = travelling.columns
    lookups = {name: _keys(session, TRAVELLING[other]) for name, other in travelling.refers.items()}
    rows = {}
    for values in session.execute(select(*(travelling.table.c[name] for name in names))):
        row = {name: _plain(value) for name, value in zip(names, values, strict=True)}
        for name, keys in lookups.items():
            row[name] = keys.get(row[name], "")
        rows[str(row[travelling.key])] = row
    return rows


def _keys(session: Session, travelling: Travelling) -> dict[Any, str]:
    """Return the travelling key of every row by its number here."""
    [number] = travelling.table.primary_key.columns
    return {row[0]: str(row[1]) for row in session.execute(select(number, travelling.table.c[travelling.key]))}


def _store(session: Session, travelling: Travelling, row: dict[str, Any]) -> bool:
    """Write a row; False when this server cannot yet."""
    values = {}
    if not row.keys() <= set(travelling.columns) or travelling.key not in row:
        return False
    for name, value in row.items():
        if name in travelling.refers:
            numbers = {key: number for number, key in _keys(session, TRAVELLING[travelling.refers[name]]).items()}
            if value not in numbers:
                return False
            value = numbers[value]
        values[name] = _typed(travelling.table, name, value)
    here = travelling.table.c[travelling.key] == row[travelling.key]
    if session.execute(select(travelling.table.c[travelling.key]).where(here)).first():
        session.execute(update(travelling.table).where(here).values(values))
    else:
        begins = {name: values[other] for name, other in travelling.stays.items() if other}
        session.execute(insert(travelling.table).values(values | begins))
    return True


def _remove(session: Session, travelling: Travelling, key: str) -> None:
    session.execute(delete(travelling.table).where(travelling.table.c[travelling.key] == key))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _typed(table: Table, name: str, value: Any) -> Any:
    wanted = table.columns[name].type.python_type
    return datetime.fromisoformat(value) if wanted is datetime and value else value


def _digest_of(row: Mapping[str, Any]) -> str:
    """Return the digest of a row, the same before and after a release adds a column that is empty."""
    return _digest(canonical({name: value for name, value in row.items() if value}))


def _heap(table: str, key: str) -> str:
    return str(int(_digest(f"{table}\0{key}")[:4], 16) % HEAPS)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
