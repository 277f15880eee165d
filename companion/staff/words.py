"""What the office calls things: moments, people, kinds of records, their fields, and values."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask import g
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Fair


def zone_of(session: Session) -> str:
    """Return the fair's time zone; that of Casablanca while there is no fair."""
    if "zone" not in g:
        g.zone = session.scalar(select(Fair.timezone).where(~Fair.deleted)) or "Africa/Casablanca"
    zone: str = g.zone
    return zone


def moment(session: Session, written: str | datetime) -> str:
    """Write a moment (UTC) in the fair's time and the reader's language: `15 juil., 14:05`; empty stays empty."""
    if not written:
        return ""
    utc = datetime.fromisoformat(written.replace("Z", "+00:00")) if isinstance(written, str) else written
    utc = utc if utc.tzinfo else utc.replace(tzinfo=ZoneInfo("UTC"))
    said: str = format_datetime(utc.astimezone(ZoneInfo(zone_of(session))), "d MMM, HH:mm", locale=get_locale())
    return said


def role_names() -> dict[str, str]:
    """Return what the roles are called."""
    return {
        "administrator": _("Administrator"), "editor": _("Office"), "floor": _("Floor team"), "viewer": _("Reader"),
    }  # fmt: skip
