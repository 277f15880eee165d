"""Which servers this one exchanges the log with: added, listed, revoked; the key two of them share."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from companion.models import KINDS, Node, UntakenEdit
from companion.sync.edits import Author
from companion.sync.log import BROUGHT_BY
from companion.sync.rights import NODE

NAME = re.compile(r"[a-z0-9]{1,32}")
SHORTEST_KEY = 32
ACCOUNT, PHOTO = "account", "photo-bytes"
"""What may be exchanged besides records: who may sign in, and the pictures themselves."""


def add_node(session: Session, name: str, address: str = "", key: str = "", kinds: Sequence[str] = ()) -> str:
    """Add another server and return the key both show each other, made up if none is given; the caller commits.

    Raises ValueError for a name or key that cannot be used, and for an unknown kind.
    """
    unknown = [kind for kind in kinds if kind not in (*KINDS, ACCOUNT, PHOTO)]
    if unknown:
        raise ValueError(f"there is no kind {unknown[0]}; there are {', '.join((*KINDS, ACCOUNT, PHOTO))}")
    if not NAME.fullmatch(name):
        raise ValueError("a server's name is 1 to 32 small letters and digits")
    if session.get(Node, name):
        raise ValueError(f"{name} is already known; revoke it first to give it a new key")
    if address and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?/?", address):
        raise ValueError("write an address like https://rafiq.example, without a path")
    key = key or secrets.token_urlsafe(32)
    if len(key) < SHORTEST_KEY:
        raise ValueError("this is not a whole key; copy all of it")
    session.add(
        Node(
            name=name, address=address.rstrip("/"), key=key if address else "", digest=_digest(key),
            seal=hmac.new(key.encode(), b"file", hashlib.sha256).hexdigest(), kinds=list(kinds),
        )
    )  # fmt: skip
    return key


def revoke_node(session: Session, name: str) -> None:
    """Forget a server and its key: it can neither call nor be called; the caller commits. What it brought stays.

    Raises LookupError when there is none of that name.
    """
    node = _known(session, name)
    session.execute(delete(UntakenEdit).where(UntakenEdit.peer == node.digest))
    session.delete(node)


def known_nodes(session: Session) -> Sequence[Node]:
    """Return the other servers by name."""
    return session.scalars(select(Node).order_by(Node.name)).all()


def callable_nodes(session: Session, name: str = "") -> list[str]:
    """Return the names of the servers this one can call: the one named, or all that have an address.

    Raises LookupError when there is none.
    """
    nodes = [_known(session, name)] if name else known_nodes(session)
    names = [node.name for node in nodes if node.address]
    if not names:
        raise LookupError(
            f"{name or 'no other server'} has an address to call; add one with: sync add NAME --address URL"
        )
    return names


def who_shows(session: Session, key: str) -> Node | None:
    """Return the server that has this key, or None."""
    return session.scalar(select(Node).where(Node.digest == _digest(key))) if key else None


def author_of(node: Node) -> Author:
    """Return the author that stands for a server where rights are checked; edits keep their own author."""
    return Author(f"{BROUGHT_BY}{node.identity}", NODE, kinds=tuple(node.kinds))


def trusts(node: Node, what: str) -> bool:
    """Tell whether a server may bring and get a kind, `ACCOUNT` or `PHOTO`."""
    return not node.kinds or what in node.kinds


def _known(session: Session, name: str) -> Node:
    node = session.get(Node, name)
    if node is None:
        raise LookupError(f"no server is called {name}")
    return node


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
