"""The second thing to sign in with: codes that change every 30 seconds, and recovery codes for a lost phone.

Codes are RFC 6238 (TOTP) with what every authenticator knows: SHA-1, six digits, 30 seconds.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from urllib.parse import quote

from sqlalchemy.orm import Session

from companion.accounts.passwords import code_of
from companion.models import Staff

STEP = 30
"""Seconds a code is shown."""
DIGITS = 6
RECOVERY_CODES = 10


def new_secret() -> str:
    """Return a secret of 160 bits in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def otpauth(secret: str, name: str, issuer: str) -> str:
    """Return the address an authenticator reads from a QR code."""
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?secret={secret}&issuer={quote(issuer)}"


def code_at(secret: str, step: int) -> str:
    """Return the code of a time step (RFC 4226 §5.3). Raises ValueError for a secret that is no base 32."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: str, typed: str, now: float | None = None, after: int = 0) -> int:
    """Return the time step that a typed code is of, or 0.

    Clocks may differ by one step. A step up to `after` does not count, so that a code seen over the shoulder is worth
    nothing.
    """
    digits = "".join(typed.split()).encode()
    present = int(time.time() if now is None else now) // STEP
    found = [
        step
        for step in (present - 1, present, present + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), digits)
    ]
    return next((step for step in found if step > after), 0)


def turn_on(session: Session, staff: Staff, secret: str, typed: str) -> list[str]:
    """Ask for codes from now on and return the recovery codes, once; empty when the typed code is not right.

    The caller commits.
    """
    try:
        step = step_of(secret, typed)
    except ValueError:
        return []
    if not step:
        return []
    recovery = [code_of(4) for _ in range(RECOVERY_CODES)]
    staff.codes, staff.code_used, staff.recovery = secret, step, [_digest(code) for code in recovery]
    session.flush()
    return recovery


def turn_off(staff: Staff) -> None:
    """Ask for no codes any more; the caller commits."""
    staff.codes, staff.code_used, staff.recovery = "", 0, []


def use_code(staff: Staff, typed: str) -> bool:
    """Tell whether a code or a recovery code is right, and use it up; the caller commits."""
    step = step_of(staff.codes, typed, after=staff.code_used)
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
