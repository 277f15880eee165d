"""What exhibitors take down about the people who came to their booth; nobody else reads it."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Code, Count, Line, Moment, Personal, RecordId


class Lead(Personal, Base):
    """A person who is interested in what an exhibitor offers.

    The same visitor's card scanned on two phones is the same lead: its id is made of exhibitor and card.
    """

    __tablename__ = "lead"
    KIND: ClassVar[str] = "lead"
    PUBLIC: ClassVar[bool] = False
    KEPT: ClassVar[frozenset[str]] = frozenset({"exhibitor"})

    exhibitor: Mapped[Code] = mapped_column(default="", index=True)
    """The exhibitor's public code, bound when the lead is taken."""
    source: Mapped[Code] = mapped_column(default="")
    """`request`, `card`, `code` or `typed`."""
    request: Mapped[RecordId | None]
    """The visitor's request this is about."""
    name: Mapped[Line] = mapped_column(default="")
    organisation: Mapped[Line] = mapped_column(default="")
    town: Mapped[Line] = mapped_column(default="")
    phone: Mapped[Code | None]
    whatsapp: Mapped[Code | None]
    email: Mapped[Line | None]
    interest: Mapped[Line] = mapped_column(default="")
    stars: Mapped[Count] = mapped_column(default=0)
    """0 (not said) to 3."""
    tags: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[Code] = mapped_column(default="")
    """`call`, `called` or `ordered`; empty when nothing is to be done."""
    lang: Mapped[Code] = mapped_column(default="")
    """The visitor's language, for answering."""
    consent: Mapped[Code] = mapped_column(default="")
    """Version of the wording the visitor agreed to."""
    consent_lang: Mapped[Code] = mapped_column(default="")
    at: Mapped[Moment] = mapped_column(default="")
    """When it was taken, UTC, by the phone's clock."""


class Remark(Personal, Base):
    """One remark on a lead, by one phone. Notes are records of their own, so that they add up and never overwrite."""

    __tablename__ = "remark"
    KIND: ClassVar[str] = "remark"
    PUBLIC: ClassVar[bool] = False
    KEPT: ClassVar[frozenset[str]] = frozenset({"exhibitor", "lead"})

    exhibitor: Mapped[Code] = mapped_column(default="", index=True)
    lead: Mapped[RecordId] = mapped_column(default="", index=True)
    text: Mapped[str] = mapped_column(String(), default="")
    """Empty when it only says that the person was met."""
    by: Mapped[Line] = mapped_column(default="")
    """Who wrote it, as that phone is called."""
    at: Mapped[Moment] = mapped_column(default="")
