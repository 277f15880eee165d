"""Photos of exhibitors: the synced record says whose and in which order; the bytes are kept under their hash."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Count, Line, Moment, RecordId, Synced


class Photo(Synced, Base):
    """One photo on an exhibitor's page; the first is at its head."""

    __tablename__ = "photo"
    KIND: ClassVar[str] = "photo"

    exhibitor: Mapped[RecordId] = mapped_column(default="", index=True)
    """The exhibitor's record id."""
    position: Mapped[Count] = mapped_column(default=0)
    hash: Mapped[Line] = mapped_column(default="")
    """Name of the picture: 32 hexadecimal digits of the sha256 of its bytes."""


class Picture(Base):
    """The bytes of a picture, WebP, by their hash; not synced by the log but fetched by hash where it is missing."""

    __tablename__ = "picture"

    hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[Moment] = mapped_column(default="")
    """When it was last sent, UTC, ISO."""
