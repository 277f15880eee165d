"""How exhibitors sign in: printed cards, phones that are signed in, and how often somebody tried."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companion.models.base import Base


class Card(Base):
    """An access card: whoever holds it signs in for its exhibitor. An exhibitor has at most one that is valid."""

    __tablename__ = "access_card"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor: Mapped[str] = mapped_column(String(36), index=True)
    """The exhibitor's record id."""
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """sha256 of the 128 bits in the printed address."""
    pin: Mapped[str] = mapped_column(String(200), default="")
    """argon2id hash of the PIN the exhibitor chose; empty until then."""
    made: Mapped[str] = mapped_column(String(24))
    """UTC, ISO, as are all times here."""
    revoked: Mapped[str] = mapped_column(String(24), default="")


class Phone(Base):
    """A phone signed in with a card; deleting the row ends its session."""

    __tablename__ = "exhibitor_phone"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the secret in the phone's cookie."""
    card_id: Mapped[int] = mapped_column(ForeignKey("access_card.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    """What kind of phone it is, as its browser says."""
    started: Mapped[str] = mapped_column(String(24))
    seen: Mapped[str] = mapped_column(String(24))
    card: Mapped[Card] = relationship()


class Attempt(Base):
    """A wrong PIN. Rows in the database, so that restarts and more workers give no more tries.

    It counts against the card or, where there is none, against the `door` that was tried, so that both answer alike.
    """

    __tablename__ = "access_attempt"
    __table_args__ = (Index("ix_access_attempt_card", "card_id", "at"), Index("ix_access_attempt_door", "door", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int | None] = mapped_column(ForeignKey("access_card.id", ondelete="CASCADE"))
    door: Mapped[str] = mapped_column(String(36), default="")
    """The record id of an exhibitor who never had a card, or one of 256 names that all other booths share."""
    at: Mapped[str] = mapped_column(String(24))
