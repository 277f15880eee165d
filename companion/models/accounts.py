"""Staff, their sessions, and tries to sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String
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
    temporary: Mapped[bool] = mapped_column(default=False)
    """Somebody else knows the password: nothing opens before it is changed."""
    codes: Mapped[str] = mapped_column(String(64), default="")
    """The secret of the time-based codes in base 32; empty when signing in needs none."""
    code_used: Mapped[int] = mapped_column(default=0)
    """The time step of the last code, which is not accepted again."""
    recovery: Mapped[list[str]] = mapped_column(default=list)
    """sha256 of each recovery code that is left."""


class StaffSession(Base):
    """One signed-in browser; deleting the row ends it."""

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the secret in the cookie."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    started: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    device: Mapped[str] = mapped_column(String(100), default="")
    """Browser and system, as `Firefox · Windows`."""
    seen: Mapped[str] = mapped_column(String(24), default="")
    """UTC, ISO, to five minutes."""
    staff: Mapped[Staff] = relationship()


class SignInTry(Base):
    """One try to sign in as staff that was not right, or whose end is not known yet."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index("ix_sign_in_try_name", "name", "at"), Index("ix_sign_in_try_place", "place", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(64))
    """The address it came from, or the name of a browser known before."""
    at: Mapped[str] = mapped_column(String(24))
    """UTC, ISO, to the second."""
