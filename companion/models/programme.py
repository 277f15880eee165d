"""Workshops, talks and shows."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Code, Count, Line, Synced, Texts


class Workshop(Synced, Base):
    """One session of the programme; times are local to the fair."""

    __tablename__ = "workshop"
    KIND: ClassVar[str] = "workshop"

    code: Mapped[Code] = mapped_column(default="", index=True)
    room: Mapped[Code] = mapped_column(default="")
    """The code of a place."""
    date: Mapped[Code] = mapped_column(default="")
    start: Mapped[Code] = mapped_column(default="")
    end: Mapped[Code] = mapped_column(default="")
    title: Mapped[Texts] = mapped_column(default=dict)
    abstract: Mapped[Texts] = mapped_column(default=dict)
    speaker: Mapped[Texts] = mapped_column(default=dict)
    languages: Mapped[list[str]] = mapped_column(default=list)
    audience: Mapped[Line] = mapped_column(default="")
    capacity: Mapped[Count | None]
    status: Mapped[Code] = mapped_column(default="confirmed")
    """`confirmed`, `postponed` or `cancelled`."""
    draft: Mapped[bool] = mapped_column(default=False)
    """Only the office sees a draft."""
