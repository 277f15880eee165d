"""The QR codes of addresses, as they are printed.

ZXing makes them: a poster's in a quarter of a millisecond, where the usual package takes six. One of the two readers
that judge the finished paper is another's work and would not share a mistake.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import zxingcpp

QUIET = 4
"""Modules of white around the code; scanners need them."""

SMALLEST = 2
"""The version from which a code has the small square that readers find its grid by."""


def booth_address(base_url: str, booth: str) -> str:
    """Return what a booth's code says: the address in capitals, which QR stores in 5.5 bits a letter."""
    return f"{base_url}/b/{booth}".upper()


def exhibitor_address(base_url: str, code: str) -> str:
    """Return what a business card's code says: the exhibitor's page in the reader's language, in capitals."""
    return f"{base_url}/e/{code}".upper()


def without_scheme(address: str) -> str:
    """Return an address as people type it: `rafiq.example/b/A12`."""
    return address.partition("://")[2]


def qr_modules(text: str) -> list[list[bool]]:
    """Return the modules of the code for `text`, row by row, without the quiet zone; True is dark.

    The version is the smallest from 2 up that holds the text with level Q, which a torn corner or a stain of 15 %
    leaves readable; the level is H where that version holds the text with H as well.
    """
    rows = _drawn(text, ec_level="Q")
    if len(rows) < _side(SMALLEST):
        rows = _drawn(text, ec_level="Q", version=SMALLEST)
    try:
        return _drawn(text, ec_level="H", version=(len(rows) - _side(0)) // 4)
    except ValueError:  # it needs a larger version
        return rows


@lru_cache(1000)
def qr_svg(text: str) -> str:
    """Return the code as an SVG of one path, one unit a module, with its quiet zone."""
    rows = qr_modules(text)
    side = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h{wide}v1h-{wide}z" for y, row in enumerate(rows) for x, wide in _dark_runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return where dark modules stand side by side: first column and how many."""
    starts = [x for x, dark in enumerate(row) if dark and (x == 0 or not row[x - 1])]
    return [(x, next((n for n, dark in enumerate(row[x:]) if not dark), len(row) - x)) for x in starts]


def _drawn(text: str, **how: str | int) -> list[list[bool]]:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **how)
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)  # typed without its bytes
    rows: Any = memoryview(picture).tolist()
    return [[light == 0 for light in row] for row in rows]


def _side(version: int) -> int:
    return 17 + 4 * version
