"""What is wrong somewhere at the fair, as the floor team found it; only staff see it."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Line, Moment, RecordId, Synced


class Trouble(Synced, Base):
    """Something to be seen to: a broken lamp, a booth without tables; with a photo or without."""

    __tablename__ = "trouble"
    KIND: ClassVar[str] = "trouble"
    PUBLIC: ClassVar[bool] = False

    exhibitor: Mapped[RecordId | None]
    """The record id of the exhibitor it is about, if any."""
    place: Mapped[Line] = mapped_column(default="")
    """Where: a booth's number, or in words."""
    text: Mapped[str] = mapped_column(String(), default="")
    picture: Mapped[Line] = mapped_column(default="")
    """The hash of a photo, once it has arrived."""
    at: Mapped[Moment] = mapped_column(default="")
    """When it was noted, UTC, ISO."""
    solved: Mapped[bool] = mapped_column(default=False)
