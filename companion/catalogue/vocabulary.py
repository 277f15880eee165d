"""The words the product knows in its languages: kinds of exhibitors, labels, units, audiences, places …

They are in `vocabulary.toml`; records hold a code (`cooperative`) or the French text (`Terroir du Maroc`).
Sectors and zones belong to each fair and are records, not words of the product.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from companion.catalogue import communes as places
from companion.catalogue.keys import key, slug
from companion.languages import LANGUAGES

__all__ = ["communes", "family", "find", "provinces", "slug", "texts"]

FILE = Path(__file__).with_name("vocabulary.toml")

ARABIC_MEASURES = {"g": "غ", "kg": "كلغ", "ml": "مل", "cl": "سل", "l": "ل", "cm": "سم", "m": "م"}
_MEASURE = re.compile(r"(?P<size>\d+(?: x \d+)*) (?P<unit>kg|g|ml|cl|l|cm|m)", re.IGNORECASE)
_SET = re.compile(r"lot de (?P<count>\d+)", re.IGNORECASE)


def family(name: str) -> dict[str, dict[str, str]]:
    """Return all words of a family (`kind`, `label`, `place` …) by code, each `{"fr": …, "ar": …}`."""
    return {
        code: {
            lang: entry.get(lang, code if lang == "fr" else "") for lang in LANGUAGES if lang in entry or lang == "fr"
        }
        for code, entry in _entries(name).items()
    }


def texts(name: str, value: str) -> dict[str, str]:
    """Return a value of a family in every language known; `{"fr": value}` for one nobody translated.

    Measures are translated by rule: `500 g`, `150 x 200 cm`, `lot de 3`.
    """
    code = find(name, value)
    if code is not None:
        return family(name)[code]
    arabic = _measure_in_arabic(value) if name == "unit" else None
    return {"fr": value} | ({"ar": arabic} if arabic else {})


def find(name: str, written: str) -> str | None:
    """Return the code of the word of a family that was `written` in any language or usual form, or None."""
    return _written_forms(name).get(key(written))


def provinces(wanted: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the names of the provinces with these slugs; unknown ones are left out."""
    return {code: names for code, names in places.provinces().items() if code in wanted}


def communes(wanted: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return `{"name": texts, "province": slug}` of the communes with these HCP codes."""
    return {
        code: {"name": commune.names, "province": commune.province}
        for code, commune in places.communes().items()
        if code in wanted
    }


def _measure_in_arabic(value: str) -> str | None:
    if match := _MEASURE.fullmatch(value):
        return f"{match['size']} {ARABIC_MEASURES[match['unit'].lower()]}"
    if match := _SET.fullmatch(value):
        return f"مجموعة من {match['count']}"
    return None


@cache
def digest() -> str:
    """Return a digest of all words, provinces and communes."""
    return hashlib.sha256(FILE.read_bytes() + places.TABLE.read_bytes()).hexdigest()


@cache
def _entries(name: str) -> dict[str, dict[str, Any]]:
    return _vocabulary()[name]


@cache
def _vocabulary() -> dict[str, dict[str, dict[str, Any]]]:
    with FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def _written_forms(name: str) -> dict[str, str]:
    return {
        key(form): code
        for code, entry in _entries(name).items()
        for form in (code, *(entry[lang] for lang in LANGUAGES if lang in entry), *entry.get("also", ()))
    }
