"""What visitors leave: contact requests, and anonymous tallies. Visitors see neither in the public catalogue."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Code, Count, Line, Moment, Personal, Synced


class Request(Personal, Base):
    """A visitor asks an exhibitor to be called, for a price, a visit or an order.

    Its id is the digest of a secret that stays on the visitor's phone (`sync.requests.record_of`); who shows the secret
    may withdraw or erase the request. What the plain form leaves has a random id and no secret.
    """

    __tablename__ = "request"
    KIND: ClassVar[str] = "request"
    PUBLIC: ClassVar[bool] = False
    KEPT: ClassVar[frozenset[str]] = frozenset({"exhibitor"})

    exhibitor: Mapped[Code] = mapped_column(default="", index=True)
    """The exhibitor's public code."""
    wants: Mapped[Code] = mapped_column(default="")
    """`call`, `price`, `visit`, `order` or `other`."""
    name: Mapped[Line] = mapped_column(default="")
    phone: Mapped[Code | None]
    """E.164, as is `whatsapp`."""
    whatsapp: Mapped[Code | None]
    email: Mapped[Line | None]
    message: Mapped[str] = mapped_column(String(), default="")
    products: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """`[{"name": "Miel de thym", "quantity": 3, "unit": "kg"}]`, as the visitor saw and chose them."""
    lang: Mapped[Code] = mapped_column(default="")
    consent: Mapped[Code] = mapped_column(default="")
    """The version of the wording the visitor agreed to."""
    at: Mapped[Moment] = mapped_column(default="")
    """When it was written, UTC, by the phone's clock; not when it was sent."""
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Tally(Synced, Base):
    """How often something happened to one exhibitor on one day, as one phone counted it.

    Each is a record of its own, counted once; nothing says which phone it came from.
    """

    __tablename__ = "tally"
    KIND: ClassVar[str] = "tally"
    PUBLIC: ClassVar[bool] = False

    exhibitor: Mapped[Code] = mapped_column(default="", index=True)
    """The exhibitor's public code."""
    day: Mapped[Code] = mapped_column(default="")
    """ISO."""
    what: Mapped[Code] = mapped_column(default="")
    """`scan`, `view`, `bookmark` or `contact`."""
    count: Mapped[Count] = mapped_column(default=0)
