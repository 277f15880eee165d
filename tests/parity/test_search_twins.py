"""Both servers search the same way: companion/catalogue/{fold,search,…}.py and static/js/, answer for answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from bench.catalogue import grown
from companion.catalogue.fold import fold, outline, plain, skeletons, stem, words
from companion.catalogue.search import Search
from tests.scripts import TYPED

pytestmark = pytest.mark.browser
TESTS = Path(__file__).parents[1]
DEMO = json.loads((TESTS / "data/snapshot.json").read_text("utf-8"))
QUERIES = [vector["q"] for vector in json.loads((TESTS / "vectors/search.json").read_text("utf-8"))]
TEXTS = [vector["text"] for vector in json.loads((TESTS / "vectors/fold.json").read_text("utf-8"))]

FOLD = """async (texts) => {
    const { fold, outline, plain, skeletons, stem, words } = await import("/static/js/fold.js");
    return texts.map((text) => [plain(text), fold(text), words(text).map((w) => [stem(w), outline(w), skeletons(w)])]);
}"""
FIND = """async ([snapshot, queries]) => {
    const { Search } = await import("/static/js/search.js");
    globalThis.searched = snapshot ? new Search(snapshot) : globalThis.searched;
    return queries.map((q) => globalThis.searched.find(q).map(({ code, score }) => [code, score]));
}"""


def folded(texts: list[str]) -> list[Any]:
    return [[plain(t), fold(t), [[stem(w), outline(w), skeletons(w)] for w in words(t)]] for t in texts]


def found(search: Search, queries: list[str]) -> list[list[list[Any]]]:
    return [[[hit.code, hit.score] for hit in search.find(q)] for q in queries]


def agree(queries: list[str], here: list[Any], there: list[Any]) -> None:
    assert [q for q, python, javascript in zip(queries, here, there, strict=True) if python != javascript] == []


def test_vectors(modules: Page) -> None:
    agree(TEXTS + QUERIES, folded(TEXTS + QUERIES), modules.evaluate(FOLD, TEXTS + QUERIES))
    agree(QUERIES, found(Search(DEMO), QUERIES), modules.evaluate(FIND, [DEMO, QUERIES]))


def test_every_word_of_the_fair(modules: Page) -> None:
    texts = [text for row in DEMO["exhibitors"] for field in (row["name"], row["about"]) for text in field.values()]
    agree(texts, folded(texts), modules.evaluate(FOLD, texts))


def test_every_query_as_it_is_typed(modules: Page) -> None:
    """Each beginning of each vector, on a fair of 700 invented exhibitors."""
    snapshot = grown(DEMO, 700)
    typed = sorted({q[:length] for q in QUERIES[::3] for length in range(2, min(len(q), 12))})
    agree(typed, found(Search(snapshot), typed), modules.evaluate(FIND, [snapshot, typed]))


def test_what_every_object_has_is_no_name(modules: Page) -> None:
    strange = dict.fromkeys(("sector", "kind", "province", "commune"), "constructor")
    lists = {"labels": ["constructor", "toString"], "certifications": ["valueOf"], "products": []}
    snapshot = DEMO | {"exhibitors": [row | strange | lists for row in DEMO["exhibitors"][:9]]}
    queries = ["object", "o", "b", "j", "e", "c", "t", "constructor", "miel"]
    agree(queries, found(Search(snapshot), queries), modules.evaluate(FIND, [snapshot, queries]))


@given(st.lists(TYPED, min_size=50, max_size=50))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_typed(modules: Page, texts: list[str]) -> None:
    agree(texts, folded(texts), modules.evaluate(FOLD, texts))


@given(st.lists(TYPED, min_size=40, max_size=40))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_sought(modules: Page, queries: list[str]) -> None:
    search = Search(DEMO)
    agree(queries, found(search, queries), modules.evaluate(FIND, [DEMO, queries]))
