"""The sectors' pictograms and dyes, taken from where the screens have them: the sprite and the stylesheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"

_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>')
_DYE = re.compile(r"\.s-(\w+) \{ --c: (#[0-9a-f]{6});")


def sector_signs(sectors: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return `{"dye": "#96600a", "svg": …}` of the sectors that have a pictogram, by code; strokes are white."""
    return {
        code: {"dye": _dyes()[code], "svg": _svg(_symbols()[code], "#fff", 1.7)}
        for code in sorted(set(sectors))
        if code in _symbols() and code in _dyes()
    }


def icon(name: str, color: str) -> str:
    """Return one of the sprite's icons as an SVG of its own."""
    return _svg(_symbols()[name], color, 2)


def _svg(content: str, color: str, width: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{color}" '
        f'stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round">{content}</svg>'
    )


@cache
def _symbols() -> dict[str, str]:
    return dict(_SYMBOL.findall((STATIC / "icons" / "sprite.svg").read_text()))


@cache
def _dyes() -> dict[str, str]:
    return dict(_DYE.findall((STATIC / "css" / "site.css").read_text()))
