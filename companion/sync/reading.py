"""Reading the log: each reader gets the edits they may know of, and of each what they may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import KINDS, ROLES, LogEntry, LogHead, Synced, Tally, fields_of, texts_of
from companion.sync.edits import Author
from companion.sync.erasure import subject
from companion.sync.merge import split
from companion.sync.own import own_entries, own_records
from companion.sync.rights import EXHIBITOR, PRIVATE, hidden_from, readable, reads_the_log


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
        query = query.where(own_entries(session, author))
    entries = session.scalars(query.limit(limit)).all()
    records = {} if reads_the_log(author) else _records(session, entries)
    edits = []
    for entry in entries:
        fields = readable(session, author, entry, records.get(subject(entry)))
        if fields is not None and (fields or reads_the_log(author)):
            edits.append(_shown(entry, fields, author))
    return Page(seq, entries[-1].seq if len(entries) == limit else max(seq, since), edits)


def records(session: Session, author: Author) -> tuple[int, list[dict[str, Any]]]:
    """Return this node's position and every record `author` may read, for a phone to begin from.

    A record is `{"kind", "id", "fields": {path: value}, "stamps": {path: stamp}}`, empty fields left out. What
    changed since comes from `read`.
    """
    seq = session.scalars(select(LogHead.seq)).one()
    if author.role in ROLES:
        models = [model for kind, model in KINDS.items() if kind not in (*PRIVATE, Tally.KIND)]
        found: list[Synced] = [row for model in models for row in session.scalars(select(model).where(~model.deleted))]
    elif author.role == EXHIBITOR:
        found = own_records(session, author)
    else:
        found = []
    return seq, [_record(row, hidden_from(author, row)) for row in found]


def _record(row: Synced, hidden: frozenset[str]) -> dict[str, Any]:
    model = type(row)
    fields: dict[str, Any] = {}
    for column in fields_of(model):
        value = getattr(row, column)
        if column in hidden or value in (None, "", [], {}):
            continue
        fields |= (
            {f"{column}.{lang}": text for lang, text in value.items()} if column in texts_of(model) else {column: value}
        )
    stamps = {path: stamp for path, stamp in row.stamps.items() if split(path)[0] not in hidden}
    return {"kind": model.KIND, "id": row.id, "fields": fields, "stamps": stamps}


def _records(session: Session, entries: Sequence[LogEntry]) -> dict[tuple[str, str], Synced]:
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        kind, record = subject(entry)
        wanted.setdefault(kind, set()).add(record)
    return {
        (kind, row.id): row
        for kind, ids in wanted.items()
        if kind in KINDS
        for row in session.scalars(select(KINDS[kind]).where(KINDS[kind].id.in_(ids)))
    }


def _shown(entry: LogEntry, fields: dict[str, Any], author: Author) -> dict[str, Any]:
    """Return an entry as its reader gets it; exhibitors are told the office's role and no names."""
    named = reads_the_log(author) or entry.role == EXHIBITOR
    shown = {
        "seq": entry.seq, "id": entry.id, "kind": entry.kind, "record": entry.record, "stamp": entry.stamp,
        "fields": fields, "base": {path: stamp for path, stamp in entry.base.items() if path in fields},
        "settles": entry.settles, "act": entry.act, "author": entry.author if named else entry.role,
        "role": entry.role, "received": entry.received,
    }  # fmt: skip
    return shown if fields == entry.fields else shown | {"partial": True}
