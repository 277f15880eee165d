"""Identities that every node makes alike: record ids from natural keys, public codes from record ids."""

from __future__ import annotations

from collections.abc import Container
from hashlib import sha256
from uuid import UUID, uuid5

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code can be read aloud and typed (crockford.com/base32.html)."""

FAIRS = UUID("b6f0c0de-7a1f-5a1e-9a11-0a61f1c0a6b3")
"""The namespace of fairs; everything else is named within its fair."""

SHORTEST, LONGEST = 5, 6


def record_id(*natural_key: str, within: str = str(FAIRS)) -> str:
    """Return the record id of the thing with this natural key, the same on every node."""
    return str(uuid5(UUID(within), "\n".join(natural_key)))


def code_from(text: str, length: int) -> str:
    """Return `length` letters and digits that depend on nothing but `text`."""
    bits = int.from_bytes(sha256(text.encode()).digest())
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(length))


def free_code(record: str, taken: Container[str]) -> str:
    """Return the public code of a new exhibitor: from its record id, one letter longer when it is taken."""
    for length in range(SHORTEST, LONGEST + 1):
        code = code_from(record, length)
        if code not in taken:
            return code
    return next(code for turn in range(1000) if (code := code_from(f"{record} {turn}", LONGEST)) not in taken)
