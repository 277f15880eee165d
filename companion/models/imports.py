"""What the office taught the importer. Of this server alone: it is about files, not about the fair."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base


class LearntHeading(Base):
    """What a heading means, as somebody corrected it."""

    __tablename__ = "learnt_heading"
    __table_args__ = (UniqueConstraint("kind", "folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """The list: `exhibitors`, `products`, `workshops` or `plan`."""
    folded: Mapped[str] = mapped_column(String(200))
    heading: Mapped[str] = mapped_column(String(200))
    """As it was written."""
    path: Mapped[str] = mapped_column(String(40))
    """The field it stands for."""
    by: Mapped[str] = mapped_column(String(100))
    """Who corrected it."""
