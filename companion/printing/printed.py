"""Which posters were printed, and which of them no longer say what is true."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Booth, Exhibitor, PrintedPoster, Texts


@dataclass(frozen=True)
class Reprint:
    """A booth whose poster must be printed again; `printed`: when the one hanging there was, UTC; empty for never."""

    booth: str
    names: Texts
    printed: str


def posters_to_reprint(session: Session) -> list[Reprint]:
    """Return the booths whose poster says something else than it would now, by code.

    Booths added since are among them, once any poster was printed: before that there is nothing to print again.
    """
    printed = {row.booth: row for row in session.scalars(select(PrintedPoster))}
    if not printed:
        return []
    return [
        Reprint(booth, names, printed[booth].at if booth in printed else "")
        for booth, (content, names) in sorted(_contents(session).items())
        if booth not in printed or printed[booth].content != content
    ]


def posters_were_printed(session: Session, booths: Iterable[str]) -> None:
    """Note that the posters of these booths were printed as they are now; the caller commits."""
    contents = _contents(session)
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    for booth in booths:
        if booth in contents:
            session.merge(PrintedPoster(booth=booth, content=contents[booth][0], at=now))


def _contents(session: Session) -> dict[str, tuple[str, Texts]]:
    """Return, by booth, the hash of what its poster says and the names on it."""
    holders = {row.id: row for row in session.scalars(select(Exhibitor).where(~Exhibitor.deleted))}
    contents = {}
    for booth in session.scalars(select(Booth).where(~Booth.deleted)):
        holder = holders.get(booth.exhibitor or "")
        stands = holder is not None and not holder.withdrawn
        names, sector = (holder.name, holder.sector) if holder and stands else ({}, "")
        said = json.dumps([booth.code, names, sector], sort_keys=True, ensure_ascii=False)
        contents[booth.code] = hashlib.sha256(said.encode()).hexdigest(), names
    return contents
