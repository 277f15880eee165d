"""The fair itself, its zones (poles) and sectors, and the notices staff publish."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from companion.models.base import Base, Code, Line, Synced, Texts
from companion.zones import DEFAULT


class Fair(Synced, Base):
    """One edition of a fair: names, dates, opening hours, place, organisers. There is one record."""

    __tablename__ = "fair"
    KIND: ClassVar[str] = "fair"

    name: Mapped[Texts] = mapped_column(default=dict)
    short_name: Mapped[Texts] = mapped_column(default=dict)
    theme: Mapped[Texts] = mapped_column(default=dict)
    place: Mapped[Texts] = mapped_column(default=dict)
    dates: Mapped[list[str]] = mapped_column(default=list)
    """First and last day, ISO."""
    hours: Mapped[Line] = mapped_column(default="")
    """Daily opening hours, local: `10:00-21:00`."""
    timezone: Mapped[Line] = mapped_column(default=DEFAULT)
    languages: Mapped[list[str]] = mapped_column(default=list)
    currency: Mapped[Code] = mapped_column(default="MAD")
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Size of the floor in metres: `{"width_m": 80, "depth_m": 50}`."""
    organisers: Mapped[list[Texts]] = mapped_column(default=list)
    """`[{"role": "organiser" | "partner" | "with", "fr": …, "ar": …}]`."""
    demo: Mapped[bool] = mapped_column(default=False)


def fair_zone(session: Session) -> ZoneInfo:
    """Return the fair's time zone, in which every time is shown; that of Casablanca while there is no fair."""
    return ZoneInfo(session.scalar(select(Fair.timezone).where(~Fair.deleted).order_by(Fair.id)) or DEFAULT)


class Zone(Synced, Base):
    """A thematic part of the fair (the workbook's "Pôle")."""

    __tablename__ = "zone"
    KIND: ClassVar[str] = "zone"

    code: Mapped[Code] = mapped_column(default="")
    name: Mapped[Texts] = mapped_column(default=dict)


class Sector(Synced, Base):
    """A sector of activity, and the zone it belongs to."""

    __tablename__ = "sector"
    KIND: ClassVar[str] = "sector"

    code: Mapped[Code] = mapped_column(default="")
    name: Mapped[Texts] = mapped_column(default=dict)
    zone: Mapped[Code] = mapped_column(default="")


class Notice(Synced, Base):
    """A message to everybody or to exhibitors, shown between two moments (local time, ISO)."""

    __tablename__ = "notice"
    KIND: ClassVar[str] = "notice"

    title: Mapped[Texts] = mapped_column(default=dict)
    body: Mapped[Texts] = mapped_column(default=dict)
    starts: Mapped[Code] = mapped_column(default="")
    ends: Mapped[Code] = mapped_column(default="")
    audience: Mapped[Code] = mapped_column(default="all")
    """`all`, `visitors` or `exhibitors`."""
    urgency: Mapped[Code] = mapped_column(default="info")
    """`info`, `warning` or `urgent`."""
