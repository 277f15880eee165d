"""A stranger's picture becomes a small WebP of our own, or is refused.

What is kept is drawn anew from the pixels: nothing else of the file is left, no place, no camera, no second file
hidden behind the first. Sizes are looked at before anything is unpacked.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from datetime import UTC, datetime

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import LargeBinary, String, exists, insert, literal, select, update
from sqlalchemy.orm import Session

from companion.models import Picture, Trouble

MOST_BYTES = 2 * 1024 * 1024
"""Of a file sent; phones make theirs smaller first, about 150 kB."""

MOST_PIXELS = 25_000_000
"""Unpacked, 100 MB of memory at most; a phone's photo has 12 million and is made smaller before."""

SIDE = 640
SMALL_ENOUGH = 14_000
"""Bytes a thumbnail should not exceed; tried in the order of `ATTEMPTS`."""

ATTEMPTS = ((640, 60), (640, 45), (560, 40), (480, 35), (400, 25))
FORMATS = ("JPEG", "PNG", "WEBP")


class NoPicture(ValueError):
    """A file that is no picture we take; the message is `type`, `large` or `broken`."""


def made_small(content: bytes) -> bytes:
    """Return a picture as a small WebP without anything but its pixels.

    Raises NoPicture for other kinds of file, for too many bytes or pixels, and for damaged ones.
    """
    if len(content) > MOST_BYTES:
        raise NoPicture("large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                _look_at_size(picture)
                picture.draft("RGB", (2 * SIDE, 2 * SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except NoPicture:
        raise
    except Image.DecompressionBombError:
        raise NoPicture("large") from None
    except UnidentifiedImageError:
        raise NoPicture("type") from None
    except Exception:  # Pillow's readers raise whatever a broken file makes them raise
        raise NoPicture("broken") from None
    return _thumbnail(upright)


def _look_at_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise NoPicture("large")


def _thumbnail(picture: Image.Image) -> bytes:
    content = b""
    for side, quality in ATTEMPTS:
        small = picture.copy()
        small.thumbnail((side, side))
        small.info = {}
        out = io.BytesIO()
        small.save(out, "WEBP", quality=quality, method=4, exif=b"", icc_profile=b"", xmp=b"")
        content = out.getvalue()
        if len(content) <= SMALL_ENOUGH:
            break
    return content


def keep(session: Session, content: bytes) -> str:
    """Keep a stranger's picture, made small, and return its hash; the caller commits. Raises NoPicture.

    What was read so far ends before: others write while a picture is made small, and SQLite lets nobody write who
    has read what is no longer so.
    """
    small = made_small(content)
    if session.in_transaction():
        session.commit()
    return keep_made(session, small)


def keep_made(session: Session, small: bytes) -> str:
    """Keep a picture that is small already, as it came from another server; the caller commits."""
    name = hashlib.sha256(small).hexdigest()[:32]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = select(literal(name, String), literal(small, LargeBinary), literal(now, String))
    told = told.where(~exists().where(Picture.hash == name))
    session.execute(insert(Picture).from_select(["hash", "content", "at"], told))
    session.execute(update(Picture).where(Picture.hash == name).values(at=now))
    return name


def is_for_staff(session: Session, name: str) -> bool:
    """Tell whether a picture is of a trouble: the floor team photographs what is broken, and whoever stands there."""
    return session.scalar(select(Trouble.id).where(Trouble.picture == name).limit(1)) is not None


def picture(session: Session, name: str) -> bytes | None:
    """Return the bytes of a picture by its hash, or None."""
    row = session.get(Picture, name)
    return row.content if row else None
