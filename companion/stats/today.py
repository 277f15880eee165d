"""What needs somebody's attention now: counted from the fair's records, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from companion.models import Booth, Exhibitor, HeldEdit, Node, StaffSession, Trouble, UntakenEdit

SILENT = timedelta(minutes=15)
"""A server that was not heard of for so long may be cut off."""
AWAY = timedelta(days=1)
"""A staff browser that was not seen for so long may hold work nobody has seen."""


@dataclass(frozen=True)
class Attention:
    """How much there is of each; `incomplete` are exhibitors that lack a name or text in a language.

    `walked_in` are the codes of those the floor team added who lack a sector or any text still.
    """

    unplaced: int = 0
    incomplete: dict[str, int] = field(default_factory=dict)
    held: int = 0
    untaken: int = 0
    silent: list[str] = field(default_factory=list)
    away: int = 0
    walked_in: list[str] = field(default_factory=list)
    troubles: int = 0


def attention(session: Session, languages: Sequence[str], now: datetime | None = None) -> Attention:
    """Count what needs attention, with texts looked for in `languages`."""
    now = now or datetime.now(UTC)
    rows = session.scalars(select(Exhibitor).where(~Exhibitor.deleted, ~Exhibitor.withdrawn)).all()
    placed = set(session.scalars(select(Booth.exhibitor).where(~Booth.deleted)))
    lacking = {lang: sum(not (row.name.get(lang) and row.about.get(lang)) for row in rows) for lang in languages}
    silent = session.scalars(select(Node.name).where(Node.seen < _written(now - SILENT)).order_by(Node.name))
    return Attention(
        unplaced=sum(row.id not in placed for row in rows),
        incomplete={lang: number for lang, number in lacking.items() if number},
        held=_number(session, select(func.count()).select_from(HeldEdit).where(~HeldEdit.declined)),
        untaken=_number(session, select(func.count()).select_from(UntakenEdit)),
        silent=list(silent),
        walked_in=[row.code for row in rows if row.walk_in and not (row.sector and any(row.about.values()))],
        troubles=_number(
            session, select(func.count()).select_from(Trouble).where(~Trouble.deleted, ~Trouble.solved)
        ),
        away=_number(
            session,
            select(func.count()).select_from(StaffSession).where(
                StaffSession.seen != "", StaffSession.seen < _written(now - AWAY)
            ),
        ),
    )  # fmt: skip


def taken_by_zone(session: Session) -> list[tuple[str, int, int]]:
    """Return, for each letter of the plan, how many booths are taken and how many free."""
    taken: Counter[str] = Counter()
    free: Counter[str] = Counter()
    for zone, exhibitor in session.execute(select(Booth.zone, Booth.exhibitor).where(~Booth.deleted)):
        (taken if exhibitor else free)[zone] += 1
    return [(zone, taken[zone], free[zone]) for zone in sorted(taken | free)]


def presence(session: Session) -> Counter[str]:
    """Return how many exhibitors have come, are absent, pack or left; empty: nobody looked yet."""
    query = select(Exhibitor.presence, func.count()).where(~Exhibitor.deleted, ~Exhibitor.withdrawn)
    rows = session.execute(query.group_by(Exhibitor.presence)).all()
    return Counter({row[0]: row[1] for row in rows})


def _number(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
