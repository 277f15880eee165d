"""Who is behind: the other servers, and the phones and browsers that are signed in here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from companion.models import Device, LogHead, Node, Phone, StaffSession
from companion.nodes.identity import NAME_TAKEN
from companion.nodes.pages import moment, untaken_count
from companion.nodes.peers import known_nodes
from companion.writing import note

REPORT = re.compile(r"(\d{1,9}|-) (\d{1,6}) ([0-9a-f]{1,32}|-)")
"""What a device says of itself in the header `Rafiq-Device`: catalogue, unsent edits, release; `-`: as said before."""

AWAY = timedelta(minutes=10)
"""After which a server that is not heard of is worth a look."""


def report(session: Session, secret: str, who: str, said: str) -> None:
    """Note what a signed-in device says of itself; the caller commits. Anything else is left alone."""
    found = REPORT.fullmatch(said)
    if not found:
        return
    row = Device(id=hashlib.sha256(secret.encode()).hexdigest(), who=who, unsent=int(found[2]), seen=moment())
    if found[1] != "-":
        row.catalogue = int(found[1])
    if found[3] != "-":
        row.release = found[3]
    session.merge(row)


def devices(session: Session) -> Sequence[Device]:
    """Return the devices that are signed in, those with unsent edits first; forgets who signed out, when it can."""
    signed_in = select(StaffSession.id).union(select(Phone.id))
    with note(session):
        session.execute(delete(Device).where(Device.id.notin_(signed_in)))
    listed = select(Device).where(Device.id.in_(signed_in))
    return session.scalars(listed.order_by(Device.unsent.desc(), Device.seen, Device.id)).all()


def state_of(node: Node, head: LogHead) -> str:
    """Return what is the matter with a server.

    `name`, `problem`, `never`, `clock`, `away`, `behind`, `waits` or `well`; `name`: another one calls itself the same.
    """
    if node.problem.startswith(NAME_TAKEN):
        return "name"
    if node.problem:
        return "problem"
    if not node.seen:
        return "never"
    if abs(node.clock) > 60:
        return "clock"
    if datetime.fromisoformat(node.seen) < datetime.now(UTC) - AWAY:
        return "away"
    if node.got < node.seq:
        return "behind"
    return "waits" if node.theirs < head.seq else "well"


def own(session: Session) -> tuple[LogHead, int]:
    """Return where this server's log is, and how many edits of others it could not take."""
    return session.scalars(select(LogHead)).one(), untaken_count(session)


def others(session: Session) -> list[tuple[Node, str]]:
    """Return the other servers with what is the matter with each."""
    head, _ = own(session)
    return [(node, state_of(node, head)) for node in known_nodes(session)]
