"""Identities that every node makes alike: record ids from natural keys."""

from __future__ import annotations

from uuid import UUID, uuid5

FAIRS = UUID("b6f0c0de-7a1f-5a1e-9a11-0a61f1c0a6b3")
"""The namespace of fairs; everything else is named within its fair."""


def record_id(*natural_key: str, within: str = str(FAIRS)) -> str:
    """Return the record id of the thing with this natural key, the same on every node."""
    return str(uuid5(UUID(within), "\n".join(natural_key)))
