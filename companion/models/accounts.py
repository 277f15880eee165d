"""Staff and their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companion.models.base import Base

ROLES = ("administrator", "editor", "floor", "viewer")


class Staff(Base):
    """A member of the fair's office or floor team."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str] = mapped_column(String(200))
    """argon2id hash."""


class StaffSession(Base):
    """One signed-in browser; deleting the row ends it."""

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the secret in the cookie."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    started: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    staff: Mapped[Staff] = relationship()
