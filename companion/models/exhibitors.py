"""Exhibitors and what they bring."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Code, Count, Line, Moment, RecordId, Synced, Texts


class Exhibitor(Synced, Base):
    """A cooperative, union, association, mutual, social enterprise or public body at the fair."""

    __tablename__ = "exhibitor"
    KIND: ClassVar[str] = "exhibitor"
    STAFF_ONLY: ClassVar[frozenset[str]] = frozenset(
        {"note", "number", "presence", "merged", "walk_in", "card_given", "card_digest", "card_made"}
    )
    OWN_TOO: ClassVar[frozenset[str]] = frozenset({"card_made"})

    code: Mapped[Code] = mapped_column(default="", index=True)
    """The public name in addresses: 4 to 6 letters and digits, Crockford base 32. Never changes."""
    number: Mapped[Code] = mapped_column(default="")
    """The office's own number in its list."""
    name: Mapped[Texts] = mapped_column(default=dict)
    about: Mapped[Texts] = mapped_column(default=dict)
    kind: Mapped[Code] = mapped_column(default="")
    sector: Mapped[Code] = mapped_column(default="")
    zone: Mapped[Code] = mapped_column(default="")
    province: Mapped[Code] = mapped_column(default="")
    commune: Mapped[Code] = mapped_column(default="")
    """The code of the national statistics office (HCP), or empty."""
    commune_text: Mapped[Line] = mapped_column(default="")
    """What was written, when it is no commune we know."""
    founded: Mapped[Count | None]
    members: Mapped[Count | None]
    women: Mapped[Count | None]
    women_led: Mapped[bool] = mapped_column(default=False)
    phones: Mapped[list[str]] = mapped_column(default=list)
    """E.164."""
    whatsapp: Mapped[Code | None]
    email: Mapped[Line | None]
    website: Mapped[Line | None]
    labels: Mapped[list[str]] = mapped_column(default=list)
    certifications: Mapped[list[str]] = mapped_column(default=list)
    delivery: Mapped[bool | None]
    orders: Mapped[bool | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    payment: Mapped[list[str]] = mapped_column(default=list)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    presence: Mapped[Code] = mapped_column(default="")
    """Staff only: `arrived`, `absent`, `left`, `packing`, or empty when nobody has looked yet."""
    walk_in: Mapped[bool] = mapped_column(default=False)
    """Staff only: came without having been on a list, and was added on the floor."""
    card_given: Mapped[bool] = mapped_column(default=False)
    """Staff only: somebody handed the access card out."""
    card_digest: Mapped[Line] = mapped_column(default="")
    """Staff only: sha256 of the secret that the floor's phone made for a walk-in; it opens while there is no card."""
    card_made: Mapped[Moment] = mapped_column(default="")
    """When the office made the newest access card, UTC; empty when it ended it. For staff and its exhibitor."""
    note: Mapped[str] = mapped_column(String(), default="")
    """Staff only: the workbook's "Observations (interne)"."""
    merged: Mapped[RecordId | None]
    """Staff only: the record this one turned out to be; it is a tombstone then."""


class Product(Synced, Base):
    """Something an exhibitor sells or offers, with its price in centimes."""

    __tablename__ = "product"
    KIND: ClassVar[str] = "product"

    exhibitor: Mapped[RecordId] = mapped_column(default="", index=True)
    """The exhibitor's record id."""
    position: Mapped[Count] = mapped_column(default=0)
    name: Mapped[Texts] = mapped_column(default=dict)
    concept: Mapped[Line] = mapped_column(default="")
    unit: Mapped[Line] = mapped_column(default="")
    price: Mapped[Count | None]
    label: Mapped[Line | None]
    available: Mapped[bool] = mapped_column(default=True)
