"""What visitors type, and what they must and must not be shown. The vectors are read by the twins' test too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from companion.catalogue.fold import fold, plain, skeletons, stem, words
from companion.catalogue.mistakes import mistakes
from companion.catalogue.search import Hit, Search
from tests.scripts import TYPED

HERE = Path(__file__).parent
DEMO = json.loads((HERE / "data/snapshot.json").read_text("utf-8"))
VECTORS = json.loads((HERE / "vectors/search.json").read_text("utf-8"))
FOLDED = json.loads((HERE / "vectors/fold.json").read_text("utf-8"))
EXHIBITORS = {exhibitor["code"]: exhibitor for exhibitor in DEMO["exhibitors"]}
DEMO_SEARCH = Search(DEMO)


def products(code: str) -> str:
    return "; ".join(product["name"]["fr"] for product in EXHIBITORS[code].get("products", []))


def shown(code: str) -> str:
    """What a French card of an exhibitor says."""
    exhibitor = EXHIBITORS[code]
    sector, commune = DEMO["sectors"][exhibitor["sector"]], DEMO["communes"][exhibitor["commune"]]
    texts = exhibitor["name"], sector["name"], commune["name"], DEMO["provinces"][exhibitor["province"]]
    return " · ".join([text["fr"] for text in texts] + [products(code)])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["q"][:30])
def test_typed(vector: dict[str, Any]) -> None:
    """`codes`: these alone. `first`: these first. `all`: everyone with such a product. `top`: what the first are."""
    found = [hit.code for hit in DEMO_SEARCH.find(vector["q"])]
    if "codes" in vector:
        assert found == vector["codes"]
    if "first" in vector:
        assert found[: len(vector["first"])] == vector["first"]
    if "all" in vector:
        assert [code for code in EXHIBITORS if re.search(vector["all"], products(code)) and code not in found] == []
    if "top" in vector:
        count, like = vector["top"]
        best = [shown(code) for code in found[:count]]
        assert len(best) == count
        assert [card for card in best if not re.search(like, card)] == []
    if "most" in vector:
        assert len(found) <= vector["most"]


@pytest.mark.parametrize("vector", FOLDED, ids=lambda vector: vector["text"][:30])
def test_folded(vector: dict[str, Any]) -> None:
    """`same` texts fold alike and `other` ones do not; `sounds` ones share a skeleton, `unlike` ones do not."""
    text = vector["text"]
    keys = {key for word in words(text) for key in skeletons(word)}
    assert plain(text) == vector["plain"]
    assert fold(text) == vector["fold"]
    assert {fold(same) for same in vector.get("same", [])} <= {vector["fold"]}
    assert vector["fold"] not in [fold(other) for other in vector.get("other", [])]
    for spelling in vector.get("sounds", []):
        assert keys & {key for word in words(spelling) for key in skeletons(word)}, spelling
    for spelling in vector.get("unlike", []):
        assert not keys & {key for word in words(spelling) for key in skeletons(word)}, spelling


@given(TYPED)
@settings(max_examples=400)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert plain(plain(text)) == plain(text)
    assert [stem(stem(word)) for word in words(text)] == [stem(word) for word in words(text)]


@pytest.mark.parametrize(
    ("typed", "word", "whole", "beginning"),
    [
        ("miel", "miel", 0, 0),
        ("meil", "miel", 1, 1),
        ("mel", "miel", 1, 1),
        ("safran", "safranier", 3, 0),
        ("a", "", 1, 1),
    ],
)
def test_mistakes(typed: str, word: str, whole: int, beginning: int) -> None:
    assert mistakes(typed, word) == (whole, beginning)


@given(TYPED)
@settings(max_examples=200, deadline=None)
def test_any_text_may_be_typed(text: str) -> None:
    found = DEMO_SEARCH.find(text)
    assert len({hit.code for hit in found}) == len(found)
    assert found == sorted(found, key=lambda hit: (-hit.score, hit.code))


def test_only_the_first_200_characters_count() -> None:
    assert DEMO_SEARCH.find("miel" + " " * 196 + "azilal") == DEMO_SEARCH.find("miel")


def exhibitor(code: str, name: dict[str, str], *products: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "products": [{"name": product} for product in products], **more}


def fair(*exhibitors: dict[str, Any]) -> Search:
    tables = ("kinds", "sectors", "provinces", "communes", "labels", "certifications")
    return Search({table: {} for table in tables} | {"exhibitors": list(exhibitors)})


def test_ranked_by_field_then_by_code() -> None:
    search = fair(
        exhibitor("T4XT0", {"fr": "Un"}, about={"fr": "Du cumin de nos champs."}),
        exhibitor("PR0D2", {"fr": "Deux"}, {"fr": "Cumin moulu"}),
        exhibitor("PR0D1", {"fr": "Trois"}, {"fr": "Cumin en grains"}),
        exhibitor("NAME0", {"fr": "Le Cumin d'or"}),
        exhibitor("P1ACE", {"fr": "Quatre"}, commune_text="Cumin"),
    )
    assert [hit.code for hit in search.find("cumin")] == ["NAME0", "PR0D1", "PR0D2", "P1ACE", "T4XT0"]


def test_a_product_is_found_in_the_languages_it_is_not_named_in() -> None:
    """Only the Arabic name is known, but others teach what it means."""
    search = fair(
        exhibitor(
            "AAAA1", {"fr": "A"}, {"fr": "Cumin moulu", "ar": "كمون مطحون"}, {"fr": "Sel moulu", "ar": "ملح مطحون"}
        ),
        exhibitor("AAAA2", {"fr": "B"}, {"ar": "كمون"}),
        exhibitor("AAAA3", {"fr": "C"}, {"ar": "ملح"}),
    )
    assert [hit.code for hit in search.find("cumin")] == ["AAAA1", "AAAA2"]
    assert [hit.code for hit in search.find("الملح")] == ["AAAA1", "AAAA3"]
    assert [hit.code for hit in search.find("kemoun")] == ["AAAA1", "AAAA2"]


def test_when_nobody_has_all_words_those_that_have_most() -> None:
    search = fair(
        exhibitor("AAAA1", {"fr": "Cumin Paprika"}),
        exhibitor("AAAA2", {"fr": "Cumin Gingembre"}),
        exhibitor("AAAA3", {"fr": "Cannelle"}),
    )
    assert [hit.code for hit in search.find("cumin paprika cannelle")] == ["AAAA1"]


def test_a_fair_without_exhibitors() -> None:
    assert fair().find("miel") == []


def test_booths_of_other_fairs() -> None:
    search = fair(
        exhibitor("AAAA1", {"fr": "A"}, booths=["H2-07"]),
        exhibitor("AAAA2", {"fr": "B"}, booths=["12B", "12C"]),
        exhibitor("AAAA3", {"fr": "C"}, booths=["7"]),
    )
    for typed, code in [("h2-7", "AAAA1"), ("H2 07", "AAAA1"), ("12 c", "AAAA2"), ("١٢B", "AAAA2"), ("007", "AAAA3")]:
        assert [hit.code for hit in search.find(typed)] == [code], typed


def test_a_code_is_found_before_what_sounds_like_it() -> None:
    search = fair(exhibitor("CVMN1", {"fr": "A"}), exhibitor("AAAA2", {"fr": "Cvmni"}))
    assert search.find("cvmni")[0] == Hit("CVMN1", 1 << 21)
