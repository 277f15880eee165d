"""Exhibitors' changes that wait until the office has looked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.models.base import Base


class HeldEdit(Base):
    """An edit as it was sent, not applied yet; declined ones stay, so that the exhibitor sees which."""

    __tablename__ = "held_edit"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    exhibitor: Mapped[str] = mapped_column(String(20), index=True)
    """The author's public code."""
    edit: Mapped[dict[str, Any]] = mapped_column(JSON)
    received: Mapped[str] = mapped_column(String(24))
    declined: Mapped[bool] = mapped_column(default=False)
