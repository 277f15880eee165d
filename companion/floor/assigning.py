"""Giving booths to exhibitors, changing them over, taking them back. Every act is one; undoing it is one.

Who stands where is a field of the booth, so two exhibitors can never be at one. What the author saw is a
position in the log: what somebody else did to the same booths or the same exhibitor after it raises
`sync.seen.Overtaken`, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.floor.state import Floor, Stand, read_floor
from companion.models import Booth, LogEntry
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import take_turn
from companion.sync.seen import Overtaken, write_as_seen

What = Literal["placed", "moved", "swapped", "replaced", "freed", "nothing"]


class Impossible(ValueError):
    """What was asked cannot be done; `problem` is `no_exhibitor`, `no_booth`, `two_booths` or `not_there`."""

    def __init__(self, problem: str, text: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.text = text


@dataclass(frozen=True)
class Act:
    """What was done: `act` names it for undoing, empty when nothing changed; codes of the booths it was about."""

    what: What
    act: str = ""
    booth: str = ""
    other: str = ""


def assign(session: Session, author: Author, seen: int, who: str, booth: str, origin: str = "") -> Act:
    """Bring an exhibitor (code or name) to a booth (code); the caller commits.

    From `origin`, the booth it leaves; without one, from the only booth it has, if it has any. Whoever stands at
    the booth goes to the one that was left, or waits for another.
    """
    take_turn(session)
    floor = read_floor(session)
    guest, stand = floor.find_guest(who), floor.stand(booth)
    if guest is None:
        raise Impossible("no_exhibitor", who)
    if stand is None:
        raise Impossible("no_booth", booth)
    leaves = _origin(floor, guest.id, origin)
    _unmoved(session, {guest.id}, seen)
    if stand.exhibitor == guest.id:
        return Act("nothing", booth=stand.code)
    changes = [Change(Booth.KIND, stand.id, {"exhibitor": guest.id})]
    changes += [Change(Booth.KIND, leaves.id, {"exhibitor": stand.exhibitor})] if leaves else []
    what: What = ("swapped" if leaves else "replaced") if stand.exhibitor else ("moved" if leaves else "placed")
    edits = write_as_seen(session, changes, author, seen)
    return Act(what, _act(edits), stand.code, leaves.code if leaves else "")


def release(session: Session, author: Author, seen: int, booth: str) -> Act:
    """Take a booth back; who stood there waits for another. The caller commits."""
    take_turn(session)
    stand = read_floor(session).stand(booth)
    if stand is None:
        raise Impossible("no_booth", booth)
    edits = write_as_seen(session, [Change(Booth.KIND, stand.id, {"exhibitor": None})], author, seen)
    return Act("freed" if edits else "nothing", _act(edits), stand.code)


def assign_all(session: Session, author: Author, seen: int, pairs: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Give booths to many at once, as (exhibitor's code, booth's code); all or nothing. The caller commits.

    Returns how many got one, and the act that undoes it. Raises Impossible for a code that is not there.
    """
    take_turn(session)
    floor = read_floor(session)
    by_code = {guest.code: guest for guest in floor.guests.values() if guest.here}
    by_booth = {stand.code: stand for stand in floor.stands}
    changes = []
    for who, booth in pairs:
        if who not in by_code:
            raise Impossible("no_exhibitor", who)
        if booth not in by_booth:
            raise Impossible("no_booth", booth)
        changes.append(Change(Booth.KIND, by_booth[booth].id, {"exhibitor": by_code[who].id}))
    _unmoved(session, {by_code[who].id for who, _ in pairs}, seen)
    edits = write_as_seen(session, changes, author, seen)
    return len(edits), _act(edits)


def _origin(floor: Floor, guest: str, origin: str) -> Stand | None:
    """The booth an exhibitor leaves."""
    held = floor.held.get(guest, [])
    if origin:
        stand = floor.stand(origin)
        if stand not in held:
            raise Impossible("not_there", origin)
        return stand
    if len(held) > 1:
        raise Impossible("two_booths", ", ".join(stand.code for stand in held))
    return held[0] if held else None


def _unmoved(session: Session, guests: Collection[str], seen: int) -> None:
    """Raise Overtaken when somebody gave one of the exhibitors a booth that the author has not seen it at."""
    query = select(LogEntry).where(LogEntry.kind == Booth.KIND, LogEntry.seq > seen).order_by(LogEntry.seq)
    by = [entry for entry in session.scalars(query) if entry.fields.get("exhibitor") in guests]
    if by:
        raise Overtaken(by)


def _act(edits: list[Edit]) -> str:
    return edits[0].act if edits else ""
