"""Whose change was replaced by somebody who had not seen it: they are told, and may write it again.

As conflicts are, it is derived from the log, so that it is the same on every server and on every phone of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import LogEntry
from companion.sync.conflicts import ASIDE
from companion.sync.edits import Author
from companion.sync.log import IN_CHUNKS
from companion.sync.merge import canonical
from companion.sync.rights import EXHIBITOR

MOST = 50


def replaced(session: Session, author: Author) -> list[dict[str, Any]]:
    """Return what `author` wrote that somebody else's value has replaced unseen, the newest replacement first.

    Each is `{"edit", "kind", "record", "path", "mine", "now", "by", "at"}`: the edit that lost, both values, who
    wrote the other (to exhibitors a role, no name), and when it arrived.
    """
    own = select(LogEntry.record).where(LogEntry.author == author.name, LogEntry.kind.notin_(ASIDE)).distinct()
    records, found = list(session.scalars(own)), []
    for start in range(0, len(records), IN_CHUNKS):
        query = select(LogEntry).where(LogEntry.record.in_(records[start : start + IN_CHUNKS]))
        written: dict[tuple[str, str, str], list[LogEntry]] = defaultdict(list)
        for entry in session.scalars(query.where(LogEntry.kind.notin_(ASIDE)).order_by(LogEntry.stamp, LogEntry.id)):
            for path in entry.fields:
                written[entry.kind, entry.record, path].append(entry)
        found += [told for field, entries in written.items() if (told := _lost(field, entries, author))]
    return sorted(found, key=lambda one: str(one["at"]), reverse=True)[:MOST]


def _lost(field: tuple[str, str, str], entries: Sequence[LogEntry], author: Author) -> dict[str, Any] | None:
    """Say how the author's newest value of a field was replaced; None when it stands, or whoever replaced it saw it."""
    kind, record, path = field
    last = entries[-1]
    at = next((at for at in range(len(entries) - 1, -1, -1) if entries[at].author == author.name), None)
    if at is None or last.author == author.name:
        return None
    mine, after = entries[at], entries[at + 1]
    written = canonical(mine.fields[path])
    unseen = any(
        one.author != author.name
        and one.base.get(path) == mine.base.get(path)
        and canonical(one.fields[path]) != written
        for one in entries
    )
    seen = after.base.get(path) == mine.stamp and mine.id not in after.settles
    if not unseen or seen or canonical(last.fields[path]) == written:
        return None
    return {
        "edit": mine.id, "kind": kind, "record": record, "path": path, "mine": mine.fields[path],
        "now": last.fields[path], "by": last.role if author.role == EXHIBITOR else last.author, "at": last.received,
    }  # fmt: skip
