"""The QR code of an address, as printed on the booths."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError

QUIET = 4
"""Modules of white around the code; scanners need them."""

LEVELS = (ERROR_CORRECT_H, ERROR_CORRECT_Q, ERROR_CORRECT_M, ERROR_CORRECT_L)


def booth_address(base_url: str, booth: str) -> str:
    """Return what a booth's code says: the address in capitals, which QR stores in 5.5 bits a letter."""
    return f"{base_url}/b/{booth}".upper()


def qr_modules(text: str) -> list[list[bool]]:
    """Return the modules of the code for `text`, row by row, without the quiet zone; True is dark.

    The version is the smallest from 2 up that holds the text with level M, and the level the highest that
    version holds: measured the best for blurred and stained codes of one printed size.
    """
    version = next(v for v in range(2, 41) if _fits(text, v, ERROR_CORRECT_M))
    level = next(level for level in LEVELS if _fits(text, version, level))
    return [list(map(bool, row)) for row in _code(text, version, level).get_matrix()]


def qr_svg(text: str) -> str:
    """Return the code as an SVG of one path, one unit a module, with its quiet zone."""
    rows = qr_modules(text)
    side = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def _fits(text: str, version: int, level: int) -> bool:
    try:
        _code(text, version, level)
    except DataOverflowError:
        return False
    return True


def _code(text: str, version: int, level: int) -> qrcode.QRCode:
    code = qrcode.QRCode(version=version, error_correction=level, border=0)
    code.add_data(text)
    code.make(fit=False)
    return code
