"""Exhibitors of which the office made one: whose record a code leads to, and which codes lead to a record.

What is between a visitor and an exhibitor is not rewritten when two exhibitors are merged: a request keeps the code
the visitor saw, a lead the one it was taken under. Who reads for the one that stays reads for the merged codes too.
So it is the same on every node, whatever arrives there first, also for what arrives long after the merge from a
phone that had no network; and when the merge is undone each has its own again.
"""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from companion.models import Exhibitor


def stays(session: Session, code: str) -> Exhibitor | None:
    """Return the exhibitor with this public code or, when it was merged, the one that stays; None when there is none.

    Two offices that merged the same two the other way round left nobody: they are shown both as merged.
    """
    with session.no_autoflush:
        query = select(Exhibitor).where(Exhibitor.code == code, Exhibitor.code != "").order_by(Exhibitor.deleted)
        one = session.scalars(query.limit(1)).first()
        seen: set[str] = set()
        while one is not None and one.deleted:
            seen.add(one.id)
            one = session.get(Exhibitor, one.merged) if one.merged and one.merged not in seen else None
    return one


def together(session: Session, record: str) -> dict[str, str]:
    """Return record id → code of an exhibitor and of all that were merged into it, at one remove or at more."""
    with session.no_autoflush:
        is_merged = Exhibitor.deleted & (Exhibitor.merged != "")
        query = select(Exhibitor.id, Exhibitor.code, Exhibitor.merged).where(or_(Exhibitor.id == record, is_merged))
        rows = session.execute(query).all()
    found = {row.id: row.code for row in rows if row.id == record}
    size = 0
    while size < len(found):
        size = len(found)
        found |= {row.id: row.code for row in rows if row.merged in found}
    return found


def codes(session: Session, code: str) -> frozenset[str]:
    """Return the codes of everything this code's exhibitor was made of, its own among them; empty for no code."""
    one = stays(session, code)
    return frozenset({code, *(together(session, one.id).values() if one else ())} - {""})


def merged_codes(session: Session) -> dict[str, list[str]]:
    """Return the record id of every exhibitor that others were merged into, and their codes."""
    found: dict[str, list[str]] = {}
    for code in session.scalars(select(Exhibitor.code).where(Exhibitor.deleted, Exhibitor.merged != "")).all():
        one = stays(session, code)
        if one is not None:
            found.setdefault(one.id, []).append(code)
    return found
