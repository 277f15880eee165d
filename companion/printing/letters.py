"""Which letters the committed fonts can draw. typst does not warn: it prints an empty box."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")
"""Unicode categories of what has no shape of its own: breaks, spaces, joiners, marks of direction."""


def undrawable(text: str) -> list[str]:
    """Return the characters of a text that none of the fonts has, each once, in order."""
    known = drawable()
    lacking = [c for c in unicodedata.normalize("NFC", text) if ord(c) not in known]
    return list(dict.fromkeys(c for c in lacking if unicodedata.category(c) not in _UNSEEN))


@cache
def drawable() -> frozenset[int]:
    """Return the code points that at least one of the fonts can draw."""
    return frozenset().union(*(code_points(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))))


def code_points(font: bytes) -> set[int]:
    """Return the code points a TrueType font maps to a glyph, from its `cmap` (OpenType 1.9, formats 4 and 12)."""
    tables = {
        font[at : at + 4]: struct.unpack(">II", font[at + 8 : at + 16]) for at in range(12, 12 + 16 * _u16(font, 4), 16)
    }
    start, _length = tables[b"cmap"]
    found: set[int] = set()
    for record in range(_u16(font, start + 2)):
        at = start + struct.unpack_from(">I", font, start + 4 + 8 * record + 4)[0]
        if _u16(font, at) == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last, _glyph = struct.unpack_from(">III", font, at + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif _u16(font, at) == 4:
            found |= _format_4(font, at)
    return found


def _format_4(font: bytes, at: int) -> set[int]:
    """Read a table of segments; a code whose glyph is 0 is not drawn."""
    count = _u16(font, at + 6) // 2
    ends, starts, deltas, offsets = (at + 14 + extra for extra in (0, 2 * count + 2, 4 * count + 2, 6 * count + 2))
    found = set()
    for n in range(count):
        first, last = _u16(font, starts + 2 * n), _u16(font, ends + 2 * n)
        delta, offset = _u16(font, deltas + 2 * n), _u16(font, offsets + 2 * n)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code if not offset else _u16(font, offsets + 2 * n + offset + 2 * (code - first))
            if (glyph + delta) % 65536 if glyph or not offset else 0:
                found.add(code)
    return found


def _u16(font: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", font, at)[0])
