"""Flask and the service worker answer alike: companion/visitors/pages.py and static/js/pages.js, answer for answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from companion.catalogue.index import Catalogue
from companion.visitors.pages import answer
from tests.test_pages import without_a_plan
from tests.visits import (
    BASE_URL,
    DEMO,
    DURING,
    HOSTILE,
    LANGUAGES,
    ORIGIN,
    Visit,
    ask,
    empty,
    hostile,
    questions,
    records,
)

pytestmark = pytest.mark.browser

BEFORE, EVENING, LAST, AFTER = "2027-06-20T09:00", "2027-07-03T23:55", "2027-07-07T20:55", "2027-08-01T00:00"

ASK = """async ([snapshot, visits, given]) => {
    const { Catalogue } = await import('/static/js/index.js');
    const { answer } = await import('/static/js/pages.js');
    const catalogue = new Catalogue(JSON.parse(snapshot));
    const gettext = (message) => `«${message}»`;
    const ngettext = (one, many, n) => `«${n === 1 ? one : many}»`;
    const asked = { ...given, gettext, ngettext };
    return visits.map(([path, query]) => JSON.stringify(answer(catalogue, { ...asked, path, query })));
}"""


def both(
    page: Page,
    snapshot: dict[str, Any],
    visits: list[Visit],
    lang: str,
    now: str = DURING,
    base_url: str = BASE_URL,
    languages: tuple[str, ...] = LANGUAGES,
) -> None:
    given = {"lang": lang, "now": now, "base_url": base_url, "origin": ORIGIN, "languages": languages}
    there = page.evaluate(ASK, [json.dumps(snapshot), visits, given])
    catalogue = Catalogue(snapshot)
    for (path, query), javascript in zip(visits, there, strict=True):
        question = replace(
            ask(path, query, lang, now, base_url, languages),
            gettext=lambda message: f"«{message}»",
            ngettext=lambda one, many, n: f"«{one if n == 1 else many}»",
        )
        assert json.loads(javascript) == answer(catalogue, question), (path, query)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_record_of_the_demo_fair(modules: Page, lang: str) -> None:
    both(modules, DEMO, records(DEMO), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_other_pages_of_the_demo_fair(modules: Page, lang: str) -> None:
    both(modules, DEMO, questions(DEMO), lang)


@pytest.mark.parametrize("now", [BEFORE, EVENING, LAST, AFTER])
def test_pages_that_know_the_time(modules: Page, now: str) -> None:
    days: list[Visit] = [("/programme", {"day": day["date"]}) for day in DEMO["fair"]["days"]]
    both(modules, DEMO, [("/", {}), ("/programme", {}), ("/programme/W05", {}), *days], "ar", now)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_texts_in_every_field(modules: Page, lang: str) -> None:
    snapshot = hostile()
    both(modules, snapshot, [*records(snapshot), *questions(snapshot)], lang)


def test_a_fair_without_a_plan(modules: Page) -> None:
    snapshot = without_a_plan()
    both(modules, snapshot, [*records(snapshot)[::7], *questions(snapshot)[-90:], ("/map", {"at": "A01"})], "fr")


def test_english_and_an_address_not_yet_known(modules: Page) -> None:
    languages = ("en", *LANGUAGES)
    for snapshot in (DEMO, hostile()):
        visits = [*records(snapshot)[::9], *questions(snapshot)[::3]]
        both(modules, snapshot, visits, "en", base_url="", languages=languages)


def test_a_fair_without_anything_yet(modules: Page) -> None:
    tabs = ("", "exhibitors", "map", "programme", "mine", "scan", "about", "e/A", "b/A", "programme/A")
    visits: list[Visit] = [(f"/{tab}", {}) for tab in tabs]
    visits += [("/exhibitors", {"q": text, "sector": "MIEL"}) for text in HOSTILE]
    both(modules, empty(), [*visits, ("/map", {"at": "A", "to": "B", "stops": "C"})], "fr", BEFORE)


def test_my_list_with_what_the_fair_has_no_more(modules: Page) -> None:
    codes = ",".join(["GONE1", DEMO["exhibitors"][0]["code"], "gone2", "<b>"])
    asked = ({"codes": codes, "agenda": "W01,W98,w02"}, {"codes": "GONE1"}, {"agenda": "W98, ,W98,__proto__"})
    for lang in LANGUAGES:
        both(modules, DEMO, [("/mine", query) for query in asked], lang)
