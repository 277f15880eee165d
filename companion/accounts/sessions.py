"""Staff's sessions: a row in the database for each browser that is signed in."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from companion.accounts.access import PREFIX, PhoneIn, phone_in, start_writing
from companion.accounts.passwords import is_right
from companion.accounts.people import add_staff, find_staff
from companion.extensions import db
from companion.models import Staff, StaffSession
from companion.sync.edits import Author
from companion.writing import NOTES_PATIENCE

__all__ = ["SessionsWhereSomebodySignsIn", "SignedIn", "add_staff", "end_session", "sign_in", "start_session"]

sign_in = LoginManager()
sign_in.login_view = "staff.sign_in_form"
sign_in.login_message = ""

SIGNED_IN = ("/staff/", "/api/", "/exhibitor/", "/in")
"""Where addresses begin that may have somebody behind them."""

IDLE = timedelta(days=30)
"""A session nobody used for so long is over; a phone of the floor may be without a network for the whole fair."""

LOOK = timedelta(minutes=5)
"""How exactly it is kept when a session was last used."""


class SessionsWhereSomebodySignsIn(SecureCookieSessionInterface):
    """Flask's sessions, but none for visitors: a sixth of their page's time for nothing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request that may have somebody behind it, else None."""
        return super().open_session(app, request) if request.path.startswith(SIGNED_IN) else None


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """A staff member as Flask-Login wants to see one; its id is the secret of the session's cookie."""

    def __init__(self, secret: str, staff: Staff) -> None:
        self.id = secret
        self.staff = staff

    @property
    def is_authenticated(self) -> bool:
        """Whether anything opens: not before a password that somebody else knows was changed."""
        return not self.staff.temporary

    @property
    def author(self) -> Author:
        """Who this is in the log."""
        return Author(f"staff:{self.staff.name}", self.staff.role)

    @property
    def session_id(self) -> str:
        """The id of this session's row."""
        return digest(self.id)


@sign_in.user_loader  # type: ignore[untyped-decorator]
def signed_in(secret: str) -> SignedIn | PhoneIn | None:
    """Return who holds this session, or None when it was ended or is too old."""
    if secret.startswith(PREFIX):
        return phone_in(db.session(), secret)
    row = db.session.get(StaffSession, digest(secret))
    if row is None or (row.seen and row.seen < _written(datetime.now(UTC) - IDLE)):
        return None
    _note_use(row)
    return SignedIn(secret, row.staff)


def who(session: Session, name: str, password: str) -> Staff | None:
    """Return who has this name and password, or None."""
    staff = find_staff(session, name)
    return staff if is_right(password, staff.password if staff else None) else None


def start_session(session: Session, staff: Staff, agent: str = "") -> SignedIn:
    """Start a session for somebody in the browser that calls itself `agent`; the caller commits."""
    secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
    row = StaffSession(id=digest(secret), staff=staff, started=now, seen=_written(now), device=device_of(agent))
    session.add(row)
    return SignedIn(secret, staff)


def end_session(session: Session, secret: str) -> None:
    """End one session; the caller commits."""
    start_writing(session)
    session.execute(delete(StaffSession).where(StaffSession.id == digest(secret)))


def sessions_of(session: Session, staff: Staff) -> Sequence[StaffSession]:
    """Return the browsers somebody is signed in with, the one used last first."""
    query = select(StaffSession).where(StaffSession.staff_id == staff.id)
    return session.scalars(query.order_by(StaffSession.seen.desc(), StaffSession.id)).all()


def end_session_of(session: Session, staff: Staff, row: str) -> bool:
    """End the session with the id `row` if it is of this person, and tell whether it was; the caller commits."""
    found = session.get(StaffSession, row)
    if found is None or found.staff_id != staff.id:
        return False
    session.delete(found)
    return True


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def device_of(agent: str) -> str:
    """Say in names people know which browser on which system this is: `Firefox · Windows`."""
    known = (next((name for mark, name in names if mark in agent), "") for names in (BROWSERS, SYSTEMS))
    return " · ".join(name for name in known if name) or re.sub(r"[^\w./ -]", "", agent)[:40]


def digest(secret: str) -> str:
    """Return a session's id, which is stored, from its secret, which is not."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_use(row: StaffSession) -> None:
    """Keep when a session was last used, in a transaction of its own that may fail: it is only a note."""
    now = datetime.now(UTC)
    if row.seen > _written(now - LOOK):
        return
    try:
        with db.engine.execution_options(patience=NOTES_PATIENCE).begin() as connection:
            connection.execute(update(StaffSession).where(StaffSession.id == row.id).values(seen=_written(now)))
    except OperationalError:
        return


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
