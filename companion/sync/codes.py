"""The public codes of exhibitors: made alike on every node, and parted when two came to have the same.

A phone without a network gives a walk-in a code it knows nobody to have. Somebody else may have given it meanwhile.
Whoever has both then, a server that hears of the second or two servers that exchange, lets the exhibitor that came
first keep it and gives the other another, by an edit like any other; it follows from the record's id, so that
several servers give the same.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from companion.models import Exhibitor
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import write

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code can be read aloud and typed (crockford.com/base32.html)."""

SHORTEST, LONGEST = 5, 6

ITSELF = Author("command:codes", "importer")
"""Who parts codes: the server itself."""


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


def part_codes(session: Session, edits: Iterable[Edit]) -> None:
    """Give exhibitors another code who have one that somebody had before them; the caller commits.

    Looks at the codes that `edits`, which were just applied, wrote.
    """
    written = {edit.fields["code"] for edit in edits if edit.kind == Exhibitor.KIND and edit.fields.get("code")}
    if not written:
        return
    query = select(Exhibitor.code).where(Exhibitor.code.in_(written), ~Exhibitor.deleted)
    twice = session.scalars(query.group_by(Exhibitor.code).having(func.count() > 1)).all()
    for code in twice:
        rows = session.scalars(select(Exhibitor).where(Exhibitor.code == code, ~Exhibitor.deleted)).all()
        later = sorted(rows, key=lambda row: (row.stamps.get("code", ""), row.id))[1:]
        taken = set(session.scalars(select(Exhibitor.code)))
        write(session, [Change(Exhibitor.KIND, row.id, {"code": free_code(row.id, taken)}) for row in later], ITSELF)
