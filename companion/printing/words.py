"""The papers' own words, in all languages of the fair at once."""

from __future__ import annotations

from collections.abc import Sequence

from companion.languages import catalogue
from companion.models import Texts


def _(message: str) -> str:
    """Mark a sentence for extraction; it is translated when it is printed."""
    return message


def in_each(message: str, languages: Sequence[str], **parameters: str) -> Texts:
    """Return a message in each of the languages that has it; one that does not is left out, not repeated in another."""
    texts: Texts = {}
    for lang in languages:
        known = catalogue(lang).get(message) if lang != "en" else None
        text = message if lang == "en" else (known.string if known else "")
        if text:
            texts[lang] = str(text) % parameters if parameters else str(text)
    return texts
