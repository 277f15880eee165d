"""What was printed, on this server: paper does not travel between servers."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base, Code, Moment


class PrintedPoster(Base):
    """The last poster printed of a booth, to know when it no longer says what is true."""

    __tablename__ = "printed_poster"

    booth: Mapped[Code] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(String(64))
    """sha256 of what it said; `companion.printing.printed` makes it."""
    at: Mapped[Moment]
    """When, UTC, ISO."""
