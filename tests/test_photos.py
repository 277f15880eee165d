"""What becomes of a stranger's picture: a small one of our own, or a plain no."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Picture
from companion.photos import MOST_BYTES, NoPicture, keep, made_small, picture
from tests.photos import bomb, jpeg


def test_a_photo_becomes_small_and_loses_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SpyCam"
    exif.get_ifd(0x8825)[1] = "N"
    small = made_small(jpeg(2400, 1600, exif=exif, comment=b"hidden words"))
    with Image.open(io.BytesIO(small)) as picture:
        assert (picture.format, max(picture.size) <= 640) == ("WEBP", True)
        assert dict(picture.getexif()) == {}
    assert len(small) < 25_000, "noise is the worst there is"
    for trace in (b"SpyCam", b"hidden words", b"EXIF", b"Exif"):
        assert trace not in small


def test_a_photo_taken_upright_stays_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(made_small(jpeg(900, 600, exif=exif)))) as picture:
        assert picture.height > picture.width


def polyglot() -> bytes:
    """A photo that is a page, a program and the beginning of an archive as well."""
    return jpeg() + b"<script>alert(1)</script><?php system($_GET[0]) ?>" + b"PK\x03\x04"


def test_what_hides_behind_a_picture_is_gone() -> None:
    small = made_small(polyglot())
    assert b"script" not in small
    assert b"PK\x03\x04" not in small


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (bomb(), "large"),
        (bomb(10_000, 10_000), "large"),
        (b"\0" * (MOST_BYTES + 1), "large"),
        (b"", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "type"),
        (b"%PDF-1.7 ...", "type"),
        (b"GIF89a" + b"\0" * 100, "type"),
        (jpeg()[:2000], "broken"),
        (bomb(2000, 2000)[:400], "broken"),
    ],
    ids=["bomb", "100-megapixel", "bytes", "nothing", "svg", "pdf", "gif", "cut", "cut-png"],
)
def test_hostile_pictures_are_refused(content: bytes, problem: str) -> None:
    with pytest.raises(NoPicture, match=f"^{problem}$"):
        made_small(content)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_picture_is_kept_though_somebody_wrote_meanwhile(
    open_node: Callable[[str, str], Session], engine: str
) -> None:
    """Who is signed in was read before; SQLite lets nobody write after others on what was read then."""
    session = open_node(engine, "photos")
    assert session.scalars(select(Picture)).all() == []
    photos = [jpeg(90, 60), jpeg(60, 90)]
    with Session(session.get_bind()) as other:
        first = keep(other, photos[0])
        other.commit()
    names = [keep(session, photo) for photo in (*photos, photos[1])]
    session.commit()
    assert names[0] == first
    assert names[1] == names[2] != first
    assert [picture(session, name) for name in names[:2]] == [made_small(photo) for photo in photos]
