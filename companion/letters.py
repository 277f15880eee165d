"""The letters texts are stored in: Arabic presentation forms, as old programs give them, become ordinary ones."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

#: Arabic Presentation Forms A and B. NFKC of anything else would also rewrite `½`, `m²` and the like.
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")


def ordinary(value: Any) -> Any:
    """Return a text, or a list or mapping of texts, with ordinary Arabic letters; any other value as it is."""
    if isinstance(value, str):
        return value if value.isascii() else _PRESENTATION.sub(_composed, value)
    if isinstance(value, list):
        return [ordinary(one) for one in value]
    if isinstance(value, dict):
        return {name: ordinary(one) for name, one in value.items()}
    return value


def _composed(run: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", run[0])
