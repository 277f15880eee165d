"""Staff's passwords and sessions."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from companion.accounts.access import PREFIX, PhoneIn, phone_in
from companion.extensions import db
from companion.models import ROLES, Staff, StaffSession
from companion.sync.edits import Author

sign_in = LoginManager()
sign_in.login_view = "staff.sign_in_form"
sign_in.login_message = ""

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106's low-memory profile


SIGNED_IN = ("/staff/", "/api/", "/exhibitor/", "/in")
"""Where addresses begin that may have somebody behind them."""


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
    def author(self) -> Author:
        """Who this is in the log."""
        return Author(f"staff:{self.staff.name}", self.staff.role)


@sign_in.user_loader  # type: ignore[untyped-decorator]
def signed_in(secret: str) -> SignedIn | PhoneIn | None:
    """Return who holds this session, or None when it was ended."""
    if secret.startswith(PREFIX):
        return phone_in(db.session(), secret)
    row = db.session.get(StaffSession, _digest(secret))
    return SignedIn(secret, row.staff) if row else None


def add_staff(session: Session, name: str, role: str, password: str = "") -> str:
    """Add a staff member and return the password, made up if none is given; the caller commits.

    Raises ValueError for an unknown role or a name that is taken.
    """
    if role not in ROLES:
        raise ValueError(f"the role is one of {', '.join(ROLES)}")
    if session.scalar(select(Staff).where(Staff.name == name)):
        raise ValueError(f"{name} is already on the list")
    password = password or new_password()
    session.add(Staff(name=name, role=role, password=_hasher.hash(password)))
    return password


def new_password() -> str:
    """Return a password of 60 bits that can be read aloud: `k7mp-2wxd-9rqt`."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def start_session(session: Session, name: str, password: str) -> SignedIn | None:
    """Start a session for who gives the right name and password, else return None; the caller commits."""
    staff = session.scalar(select(Staff).where(Staff.name == name))
    try:
        _hasher.verify(staff.password if staff else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    if staff is None:
        return None
    secret = secrets.token_urlsafe(32)
    session.add(StaffSession(id=_digest(secret), staff=staff, started=datetime.now(UTC)))
    return SignedIn(secret, staff)


def end_session(session: Session, secret: str) -> None:
    """End one session; the caller commits."""
    session.execute(delete(StaffSession).where(StaffSession.id == _digest(secret)))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


_NOBODY = _hasher.hash(secrets.token_urlsafe(16))
"""Checked when the name is unknown, so that the time taken does not tell which names exist."""
