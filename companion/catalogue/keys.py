"""Two plain forms of a written name: one to compare by, one for addresses."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SAME_LETTER = str.maketrans({"ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": "", "œ": "oe", "æ": "ae", "ß": "ss",
                              "ک": "ك", "ی": "ي"})  # fmt: skip


@lru_cache(maxsize=16_384)
def key(text: str) -> str:
    """Fold a name so that two spellings of it compare equal: `key("  L'ÉPICE –  n° ٣ ")` is `"l epice n 3"`.

    Case, accents, Arabic vowel signs and letter variants, kinds of digits, punctuation and spacing go.
    Letters of all scripts stay, nothing is transliterated.
    """
    letters = unicodedata.normalize("NFKD", text.replace("°", " ").replace("º", " ").casefold())
    plain = "".join(_digit(c) for c in letters.translate(_SAME_LETTER) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def slug(text: str) -> str:
    """Return the name as it stands in addresses and JSON keys: `terroir-du-maroc`."""
    return key(text).replace(" ", "-")


def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else character
