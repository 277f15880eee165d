"""Reading the log: each reader gets the edits they may know of, and of each what they may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import LogEntry, LogHead, Request, Synced
from companion.sync.edits import Author
from companion.sync.erasure import ERASE, subject
from companion.sync.rights import readable, reads_the_log


@dataclass(frozen=True)
class Page:
    """Some entries of the log, this node's position, and the position to ask from next time."""

    seq: int
    next: int
    edits: list[dict[str, Any]]


def read(session: Session, author: Author, since: int, limit: int) -> Page:
    """Return what `author` may read of the `limit` entries after `since`.

    An edit of which only a part may be read has `"partial": True`.
    """
    seq = session.scalars(select(LogHead.seq)).one()
    query = select(LogEntry).where(LogEntry.seq > since, LogEntry.seq <= seq).order_by(LogEntry.seq)
    if not reads_the_log(author):
        query = query.where(LogEntry.kind.in_((Request.KIND, ERASE)))
    entries = session.scalars(query.limit(limit)).all()
    requests = _requests(session, [entry.record for entry in entries if subject(entry)[0] == Request.KIND])
    edits = []
    for entry in entries:
        fields = readable(author, entry, requests.get(entry.record))
        if fields is not None:
            edits.append(_shown(entry, fields))
    return Page(seq, entries[-1].seq if len(entries) == limit else max(seq, since), edits)


def _requests(session: Session, ids: list[str]) -> dict[str, Synced]:
    return {row.id: row for row in session.scalars(select(Request).where(Request.id.in_(set(ids))))}


def _shown(entry: LogEntry, fields: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "seq": entry.seq, "id": entry.id, "kind": entry.kind, "record": entry.record, "stamp": entry.stamp,
        "fields": fields, "base": {path: stamp for path, stamp in entry.base.items() if path in fields},
        "settles": entry.settles, "act": entry.act,
        "author": entry.author, "role": entry.role, "received": entry.received,
    }  # fmt: skip
    return shown if fields == entry.fields else shown | {"partial": True}
