"""What changed in the public catalogue since a position in the log.

The answer holds whole public records, not fields: small enough (see `make bench`), and a phone that applies
it cannot end between two states of a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Booth, Exhibitor, LogEntry, Place, Workshop

MOST = 200
"""Above so many touched records the whole snapshot is the better answer."""

LISTS = {"exhibitors": "exhibitor", "booths": "booth", "places": "place", "workshops": "workshop"}
"""The lists of records in a snapshot, and the kind of their records."""

SECTIONS = {"fair": "fair", "zone": "zones", "sector": "sectors", "notice": "notices"}
"""Kinds that are few: their section is sent whole."""

SHARED = ("provinces", "communes", "labels", "certifications", "units", "audiences", "order")
"""Sections derived from exhibitors, products and workshops: sent when any of those changed in what they use."""

FEEDS_SHARED = {
    "exhibitor": {"name", "province", "commune", "labels", "certifications", "withdrawn", "deleted"},
    "product": {"unit", "label", "deleted"},
    "workshop": {"audience", "draft", "deleted"},
}


def changes(session: Session, snapshot: dict[str, Any], since: int, facts: str | None = None) -> dict[str, Any]:
    """Return what a phone at `since` lacks to be at `snapshot`; `facts` is the digest in the snapshot it has.

    A phone whose `facts` differ gets the derived sections as well, even when its position is the newest.

    `{"seq", "since", "set": {section: value}, "exhibitors": {"changed": [record], "gone": [code]}, …}`, or
    `{"seq", "whole": True}` when the phone should fetch the snapshot instead.
    """
    seq = snapshot["seq"]
    derived = {}
    if facts is not None and facts != snapshot["facts"]:
        derived = {section: snapshot[section] for section in ("facts", "fair", "kinds", *SHARED)}
    if since == seq:
        return {"seq": seq, "since": since, "set": derived}
    if not 0 < since < seq:
        return {"seq": seq, "whole": True}
    query = select(LogEntry).where(LogEntry.seq > since, LogEntry.seq <= seq, LogEntry.public)
    entries = session.scalars(query.limit(20 * MOST)).all()
    touched = _touched(session, entries)
    touched["workshop"] -= _drafts(session, since)
    if sum(map(len, touched.values())) > MOST or len(entries) == 20 * MOST:
        return {"seq": seq, "whole": True}
    answer: dict[str, Any] = {"seq": seq, "since": since, "set": _sections(snapshot, entries) | derived}
    for section, kind in LISTS.items():
        codes = touched[kind]
        changed = [record for record in snapshot[section] if record["code"] in codes]
        gone = sorted(codes - {record["code"] for record in changed})
        if changed or gone:
            answer[section] = {"changed": changed, "gone": gone}
    return answer


def _sections(snapshot: dict[str, Any], entries: Iterable[LogEntry]) -> dict[str, Any]:
    """Return the sections to be sent whole."""
    wanted: set[str] = set()
    for entry in entries:
        columns = {path.partition(".")[0] for path in entry.fields}
        if entry.kind in SECTIONS:
            wanted.add(SECTIONS[entry.kind])
        if entry.kind == Exhibitor.KIND and columns & {"merged", "withdrawn", "code"}:
            wanted.add("moved")
        if columns & FEEDS_SHARED.get(entry.kind, set()):
            wanted.update(SHARED)
    return {section: snapshot[section] for section in sorted(wanted)} | {
        name: snapshot[name] for name in ("facts", "made")
    }


def _touched(session: Session, entries: Sequence[LogEntry]) -> dict[str, set[str]]:
    """Return, per kind of listed record, the codes of all records that may look different now."""
    ids: dict[str, set[str]] = {kind: set() for kind in LISTS.values()}
    products = {entry.record for entry in entries if entry.kind == "product"}
    for entry in entries:
        if entry.kind in ids:
            ids[entry.kind].add(entry.record)
    ids["exhibitor"] |= _ever(session, "product", products)
    ids["exhibitor"] |= _ever(session, "booth", ids["booth"])
    ids["booth"] |= set(session.scalars(select(Booth.id).where(Booth.exhibitor.in_(ids["exhibitor"]))))
    models: dict[str, Any] = {"exhibitor": Exhibitor, "booth": Booth, "place": Place, "workshop": Workshop}
    return {
        kind: set(session.scalars(select(model.code).where(model.id.in_(ids[kind])))) for kind, model in models.items()
    }


def _drafts(session: Session, since: int) -> set[str]:
    """Return the codes of drafts that no phone at `since` knows of: they have not gone, they were never there."""
    drafts = {row.id: row.code for row in session.scalars(select(Workshop).where(Workshop.draft))}
    query = select(LogEntry).where(LogEntry.kind == Workshop.KIND, LogEntry.record.in_(drafts), LogEntry.seq <= since)
    draft: dict[str, bool] = {}
    for entry in session.scalars(query.order_by(LogEntry.stamp)):
        draft[entry.record] = entry.fields.get("draft", draft.get(entry.record, False))
    return {code for own, code in drafts.items() if draft.get(own, True)}


def _ever(session: Session, kind: str, records: set[str]) -> set[str]:
    """Return the exhibitors that these products or booths belong to or ever belonged to."""
    query = select(LogEntry.fields).where(LogEntry.kind == kind, LogEntry.record.in_(records))
    return {fields["exhibitor"] for fields in session.scalars(query) if fields.get("exhibitor")}
