"""Font coverage: the characters that the committed fonts have glyphs for.

typst prints an empty box for any other, without a warning.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

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
    covered: set[int] = set()
    for path in FONTS.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            covered.update(font.getBestCmap())
    return frozenset(covered)
