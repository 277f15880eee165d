"""Two-factor sign-in for staff: time-based one-time passwords (TOTP) and recovery codes for a lost phone.

One-time passwords are RFC 6238 with what every authenticator knows: SHA-1, six digits, 30 seconds (pyotp's defaults).
"""

from __future__ import annotations

import hashlib

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy.orm import Session

from companion.accounts.passwords import code_of
from companion.models import Staff

RECOVERY_CODES = 10


def new_secret() -> str:
    """Return a secret of 160 bits in base 32."""
    return pyotp.random_base32()


def otpauth(secret: str, name: str, issuer: str) -> str:
    """Return the address an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def matching_step(secret: str, typed: str, now: float | None = None, after: int = 0) -> int:
    """Return the time step (30 s, counted from 1970) that a typed code is of, or 0 when it is of none.

    Clocks may differ by one step (RFC 6238 §5.2). A step up to `after` does not count, so that a code is accepted
    once. now: seconds since 1970. Raises ValueError for a secret that is no base 32.
    """
    try:
        step = pyotp.TOTP(secret).verify_and_get_timecode("".join(typed.split()), for_time=now, valid_window=1)
    except OTPVerificationError:
        return 0
    return step if step > after else 0


def turn_on(session: Session, staff: Staff, secret: str, typed: str) -> list[str]:
    """Turn two-factor sign-in on and return the recovery codes, once; empty when the typed code is not right.

    The caller commits.
    """
    try:
        step = matching_step(secret, typed)
    except ValueError:
        return []
    if not step:
        return []
    recovery = [code_of(4) for _ in range(RECOVERY_CODES)]
    staff.codes, staff.code_used, staff.recovery = secret, step, [_digest(code) for code in recovery]
    session.flush()
    return recovery


def turn_off(staff: Staff) -> None:
    """Turn two-factor sign-in off; the caller commits."""
    staff.codes, staff.code_used, staff.recovery = "", 0, []


def use_code(staff: Staff, typed: str) -> bool:
    """Tell whether a code or a recovery code is right, and use it up; the caller commits."""
    step = matching_step(staff.codes, typed, after=staff.code_used)
    if step:
        staff.code_used = step
        return True
    digest = _digest(typed.strip().lower())
    if digest not in staff.recovery:
        return False
    staff.recovery = [code for code in staff.recovery if code != digest]
    return True


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
