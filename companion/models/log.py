"""The log of every change, and this node's place in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base


class LogEntry(Base):
    """One edit as this node received it: who, when, which record, which fields, from what, to what.

    `seq` is its position here; it has no gaps and follows the order of commits. `base` gives, per field, the
    stamp of the value the author saw.
    """

    __tablename__ = "log"
    __table_args__ = (Index("ix_log_record", "kind", "record"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    record: Mapped[str] = mapped_column(String(36))
    stamp: Mapped[str] = mapped_column(String(64))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    base: Mapped[dict[str, str | None]] = mapped_column(JSON)
    settles: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The ids of the edits whose conflict this one settles."""
    act: Mapped[str] = mapped_column(String(36), default="", index=True)
    """What was done in one go (an import, a saved form, a merge) has one act; empty before acts were kept."""
    author: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    received: Mapped[str] = mapped_column(String(24))
    """UTC, ISO, to the second."""
    via: Mapped[str] = mapped_column(String(32), default="")
    """The server that brought it; empty for what was written here. It is not sent back there."""
    public: Mapped[bool]
    """Whether the edit changes anything a visitor sees."""


class LogHead(Base):
    """The one row that whoever writes to the log takes first and updates last.

    Holding it makes writers take turns, which is what keeps `seq` gapless and in commit order on both
    databases; a database sequence does neither.
    """

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    node: Mapped[str] = mapped_column(String(32))
    """The name of this node in its stamps."""
    seq: Mapped[int] = mapped_column(default=0)
    public_seq: Mapped[int] = mapped_column(default=0)
    """The last position that changed the public catalogue."""
    stamp: Mapped[str] = mapped_column(String(64), default="")
    """The last stamp this node gave."""
