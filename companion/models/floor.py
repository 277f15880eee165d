"""The plan: booths, and every other place. Metres, origin top left, x to the right, y downwards."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Code, Count, Line, Metres, RecordId, Synced, Texts


class _OnPlan(Synced):
    code: Mapped[Code] = mapped_column(default="", index=True)
    label: Mapped[Texts] = mapped_column(default=dict)
    x: Mapped[Metres] = mapped_column(default=0)
    y: Mapped[Metres] = mapped_column(default=0)
    w: Mapped[Metres] = mapped_column(default=0)
    d: Mapped[Metres] = mapped_column(default=0)
    """Depth: the extent along y."""


class Booth(_OnPlan, Base):
    """A stand. It says who stands there, so that two can never be at one booth (design: one side has it)."""

    __tablename__ = "booth"
    KIND: ClassVar[str] = "booth"

    zone: Mapped[Code] = mapped_column(default="")
    """The letter on the plan, first of the booth's code."""
    row: Mapped[Code] = mapped_column(default="")
    number: Mapped[Count | None]
    status: Mapped[Code] = mapped_column(default="free")
    exhibitor: Mapped[RecordId | None] = mapped_column(index=True)
    """The exhibitor's record id."""


class Place(_OnPlan, Base):
    """Anything else on the plan: a room, the stage, toilets, an entrance, an aisle."""

    __tablename__ = "place"
    KIND: ClassVar[str] = "place"

    type: Mapped[Line] = mapped_column(default="")
    capacity: Mapped[Count | None]
