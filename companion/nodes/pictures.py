"""Pictures go after the records that name them: by the hash of their bytes, each once, whoever has it."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Photo, Picture, Trouble
from companion.photos import keep_made, picture

MOST = 100
"""Pictures asked for at once; there is a next time."""

HASH = r"^[0-9a-f]{32}$"


class Carried(BaseModel):
    """A picture on its way."""

    hash: str = Field(pattern=HASH)
    content: str = Field(max_length=1_500_000, description="Base64")


def missing(session: Session) -> list[str]:
    """Return hashes of pictures that records name and this server has not."""
    here = select(Picture.hash)
    shown = select(Photo.hash).where(~Photo.deleted, Photo.hash != "", Photo.hash.notin_(here))
    noted = select(Trouble.picture).where(~Trouble.deleted, Trouble.picture != "", Trouble.picture.notin_(here))
    return sorted(session.scalars(shown.union(noted).limit(MOST)))


def carried(session: Session, name: str) -> Carried | None:
    """Return a picture by its hash, or None when it is not here."""
    content = picture(session, name)
    return None if content is None else Carried(hash=name, content=base64.b64encode(content).decode())


def carried_all(session: Session, names: Iterable[str]) -> Iterable[Carried]:
    """Return those of some pictures that are here, one at a time."""
    return (found for found in (carried(session, name) for name in names) if found)


def take_picture(session: Session, sent: Carried) -> bool:
    """Keep a picture if it is the one it says, and tell whether it was; the caller commits."""
    try:
        content = base64.b64decode(sent.content, validate=True)
    except ValueError:
        return False
    if len(content) > 1_000_000:
        return False
    with session.begin_nested() as attempt:
        same = keep_made(session, content) == sent.hash
        if not same:
            attempt.rollback()
    return same
