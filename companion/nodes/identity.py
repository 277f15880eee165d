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

NAME_TAKEN = "two servers call themselves"
"""Begins the message about a name that another server known here has; the board tells it from other problems."""

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


def reread_all(session: Session) -> None:
    """Read every other server's log from the start at the next exchange; the caller commits.

    What was withheld from this server under its former name, which another may have shared, comes then.
    """
    take_turn(session)
    session.execute(update(Node).values(got=0, got_id=""))


def meet(session: Session, node: Node, identity: str) -> None:
    """Note the name a server gives its log: a new one is read from the start, and withheld nothing.

    Raises ValueError when it is this server's own name (one of the two was set up as a copy of the other), and
    when another server known here has it: edits of both would pass for one server's, and neither would get the
    other's. Names are held by key: who shows another key never takes over a name.
    """
    if identity == log_name(session):
        raise ValueError(
            f"both servers call themselves {identity}: the address leads back to this server (docs/deploy.md,"
            " one name), or one is a copy of the other; then run `flask --app app sync rename` on the one set up last"
        )
    holder = _holder(session, node, identity)
    if holder is None and identity == node.identity:
        return
    take_turn(session)
    holder = _holder(session, node, identity)
    if holder is not None:
        raise ValueError(
            f"{NAME_TAKEN} {identity}: the server known here as {holder} has that name. Run `flask --app app sync"
            f" rename` on {node.name}, or on {holder}, whichever was set up last; nothing is lost meanwhile"
        )
    if _holder(session, node, node.identity) is not None:
        rename_log(session)
    session.execute(update(LogEntry).where(LogEntry.via.in_({identity, node.identity} - {""})).values(via=""))
    node.identity, node.got, node.got_id, node.theirs = identity, 0, "", 0


def _holder(session: Session, node: Node, identity: str) -> str | None:
    """Return what another server with this identity is called here, or None."""
    query = select(Node.name).where(Node.identity == identity, Node.name != node.name, Node.identity != "")
    return session.scalar(query.order_by(Node.name).limit(1))
