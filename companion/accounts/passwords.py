"""Passwords: hashed with argon2id, made up readably, and what makes one good enough."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 10
MOST = 200
"""Characters. Length is what makes a password hard to guess; rules about its letters make it hard to remember."""

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106's low-memory profile
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))
"""Checked when the name is unknown, so that the time taken does not tell which names exist."""


def hashed(password: str) -> str:
    """Return a password as it is stored."""
    return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Tell whether a password is the stored one; takes as long when there is none."""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def problem_with(password: str, name: str, before: str) -> str:
    """Say what is wrong with a new password: `short`, `long`, `name` or `same`; empty when nothing is.

    `before` is the stored one it replaces.
    """
    if len(password) < LEAST:
        return "short"
    if len(password) > MOST:
        return "long"
    if name.casefold() in password.casefold() and len(password) < len(name) + LEAST:
        return "name"
    return "same" if is_right(password, before) else ""


def new_password() -> str:
    """Return a password of 60 bits that can be read aloud: `k7mp-2wxd-9rqt`."""
    return code_of(3)


def code_of(groups: int) -> str:
    """Return that many groups of four letters and digits that look like no others; 20 bits each."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(groups))
