"""Which log is whose: every server's log has a name of its own, and one that went back gets another.

A position in a log means something only as long as the log grows. A restored backup (or a virtual machine set
back, or a copied disk) counts its new edits from a position others have already read past, and they would never
ask for them. So a log that went back takes a new name, by which the others know to read it from the start; what
they have already is not taken twice, and what the backup lacked comes back from them. `flask restore` does it at
once. Where nobody said anything, the servers notice: with a position goes the id of the entry there, and a log
that holds another entry, or none, has gone back.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from companion.models import LogEntry, Node
from companion.sync.log import log_name, take_turn

AGAIN = re.compile(r"r\d{6}$")
"""What a log's name ends with after it was restored."""


@dataclass(frozen=True)
class Position:
    """How far a log was read: the number of the last entry, and its id. Nothing read: 0 and empty."""

    seq: int = 0
    id: str = ""


def holds(session: Session, position: Position) -> bool:
    """Tell whether this server's log has that very entry at that position."""
    if position.seq == 0:
        return True
    return session.scalar(select(LogEntry.id).where(LogEntry.seq == position.seq)) == position.id


def rename_log(session: Session) -> str:
    """Give this server's log a new name and return it; the caller commits."""
    head = take_turn(session)
    head.node = f"{AGAIN.sub('', head.node)[:25]}r{secrets.randbelow(10**6):06d}"
    session.execute(update(Node).values(theirs=0))
    return head.node


def meet(session: Session, node: Node, identity: str) -> None:
    """Note the name a server gives its log: a new one is read from the start.

    Raises ValueError when it is this server's own name: one of the two was set up as a copy of the other.
    """
    if identity == log_name(session):
        raise ValueError(
            f"both servers call themselves {identity}: the address leads back to this server (docs/deploy.md,"
            " one name), or one is a copy of the other; then run `flask --app app sync rename` on the one set up last"
        )
    if identity != node.identity:
        node.identity, node.got, node.got_id, node.theirs = identity, 0, "", 0
