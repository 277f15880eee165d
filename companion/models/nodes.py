"""The other servers of the fair: who they are, how far each has been read, and what of theirs could not be taken."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Line, Moment


class Node(Base):
    """Another server this one exchanges the log with; both know one key.

    `got` and `got_id` are the position in *its* log up to which this server has everything, and the id of the
    entry there. They are committed together with the edits they count.
    """

    __tablename__ = "node"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    """What this server calls it."""
    identity: Mapped[str] = mapped_column(String(32), default="")
    """The name it gives itself in stamps; empty until it was heard of. A restored backup has another."""
    address: Mapped[Line] = mapped_column(default="")
    """Where to call it; empty when it is the one that calls, or comes by file."""
    key: Mapped[Line] = mapped_column(default="")
    """The key this server shows when it calls; empty where it only knows the digest."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """sha256 of the key."""
    seal: Mapped[str] = mapped_column(String(64))
    """Made from the key, for files carried between the two; it opens no connection."""
    kinds: Mapped[list[str]]
    """The kinds of record it may bring and get; none named: all."""
    got: Mapped[int] = mapped_column(default=0)
    got_id: Mapped[str] = mapped_column(String(36), default="")
    theirs: Mapped[int] = mapped_column(default=0)
    """The position in this server's log up to which it said it has everything."""
    seq: Mapped[int] = mapped_column(default=0)
    """The position of its log, as last told."""
    catalogue: Mapped[int] = mapped_column(default=0)
    """The position of its public catalogue, in its own log, as last told."""
    release: Mapped[str] = mapped_column(String(32), default="")
    format: Mapped[int] = mapped_column(default=1)
    """The newest form of the exchange it knows, as last told (`companion.nodes.exchange`)."""
    seen: Mapped[Moment] = mapped_column(default="")
    """When it last answered or called, UTC, ISO."""
    clock: Mapped[int] = mapped_column(default=0)
    """Seconds its clock was ahead of this one's (behind: negative) when last heard."""
    problem: Mapped[Line] = mapped_column(default="")
    """What went wrong the last time; empty when nothing did."""


class UntakenEdit(Base):
    """An edit another server brought and this one could not take, kept until it can.

    A server of an older release does not know every kind and field; after its update it tries again.
    """

    __tablename__ = "untaken_edit"

    peer: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the key of the server that brought it: it is only ever retried with that server's rights. Empty for
    one kept by an older release when two servers gave themselves one name; it is not retried."""
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    record: Mapped[str] = mapped_column(String(36), index=True)
    edit: Mapped[dict[str, Any]]
    problem: Mapped[str] = mapped_column(String(40))
    at: Mapped[Moment]


class Roll(Base):
    """When a row about who may sign in last changed here or elsewhere; `companion.nodes.accounts` keeps it."""

    __tablename__ = "roll"

    table: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    """Of the row's contents; empty when it is gone."""


class Device(Base):
    """A signed-in phone or browser, as it last reported itself; what visitors' phones say is kept nowhere."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the secret of its session."""
    who: Mapped[str] = mapped_column(String(100))
    """As the log names its author."""
    catalogue: Mapped[int] = mapped_column(default=0)
    """The position of the catalogue it has."""
    unsent: Mapped[int] = mapped_column(default=0)
    """Edits in its outbox."""
    release: Mapped[str] = mapped_column(String(32), default="")
    seen: Mapped[Moment] = mapped_column(default="")
