"""Alphabetical order of names in each language, done once on the server.

Python has no collation of the Unicode kind and phones differ in theirs; these keys follow the main rules for
the scripts at hand. Latin: accents and case do not count. Arabic: forms of alef are one letter, letters
Moroccans add stand with the one written instead of them, vowel marks and tatweel do not count. Tifinagh: the
Unicode block is in the order of the IRCAM alphabet.
"""

from __future__ import annotations

import unicodedata

from companion.catalogue.fold import MAGHRIBI
from companion.models import Texts

ARABIC = str.maketrans(
    MAGHRIBI | {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ة": "ه", "ـ": ""}
)


def sort_key(name: Texts, lang: str) -> tuple[bool, str, str]:
    """Return the place of a translated name in the alphabet of `lang`; untranslated names come after."""
    own = name.get(lang, "")
    shown = own or next((name[code] for code in ("fr", "ar", "en") if code in name), "")
    return not own, fold_for_order(shown), shown


def fold_for_order(text: str) -> str:
    """Return `text` without case, accents, vowel marks and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.translate(ARABIC).casefold().replace("œ", "oe"))
    kept = (char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char))
    return " ".join("".join(kept).split())
