"""How numbers, texts and addresses are written before a template gets them."""

from __future__ import annotations

import pytest

from companion.visitors.format import excerpt, fill, fnv, local, phone, plain, price, tidy, website
from tests.test_pages import CODE, visit


def test_a_missing_text_is_taken_from_another_language_and_marked() -> None:
    texts = {"ar": "عسل", "zgh": "ⵜⴰⵎⵎⴻⵎⵜ", "fr": ""}
    assert local(texts, "fr") == {"text": "عسل", "lang": "ar", "dir": "rtl", "other": True}
    assert local(texts, "zgh") == {"text": "ⵜⴰⵎⵎⴻⵎⵜ", "lang": "zgh", "dir": "ltr", "other": False}
    assert local({"zgh": "ⵜⴰⵎⵎⴻⵎⵜ"}, "fr") == {"text": "ⵜⴰⵎⵎⴻⵎⵜ", "lang": "zgh", "dir": "ltr", "other": True}
    assert local({"fr": ""}, "fr") is local(None, "fr") is None


def test_a_text_without_a_language_is_told_by_its_script() -> None:
    languages = {text: (plain(text, "ar") or {})["lang"] for text in ("500 g", "قطعة", "ⴰⵎⵓ", "12")}
    assert languages == {"500 g": "fr", "قطعة": "ar", "ⴰⵎⵓ": "zgh", "12": "ar"}


def test_prices() -> None:
    assert [price(n, "fr") for n in (0, 5, 100, 21850, 123456700)] == [
        "0",
        "0,05",
        "1",
        "218,50",
        "1\u00a0234\u00a0567",
    ]
    assert price(21850, "en") == "218.50"
    assert visit(f"/e/{CODE}", "ar")["products"][0]["price"].endswith(" DH")


def test_phones() -> None:
    assert phone("+212600000197") == "06\u00a000\u00a000\u00a001\u00a097"
    assert phone("+33612345678") == "+33612345678"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/\n", "http://a b", "ftp://a", "//a", "http://"]
)
def test_only_web_addresses_are_links(url: str) -> None:
    assert website(url) is None


def test_a_web_address_is_shown_without_its_scheme() -> None:
    assert website("HTTPS://a.example/b/") == {"href": "HTTPS://a.example/b/", "shown": "a.example/b"}


def test_messages_are_filled_once() -> None:
    values = {"name": "%(code)s", "code": 7}
    assert fill("%(name)s %(code)s 100%% %(other)s", values) == "%(code)s 7 100% %(other)s"


def test_texts_are_cut_between_words() -> None:
    assert excerpt("un  deux\ntrois", 10) == "un deux…"
    assert excerpt("x" * 300) == "x" * 159 + "…"
    assert tidy("\u00a0 a \t b " + "c" * 200) == "a b " + "c" * 96


def test_fnv_is_the_published_one() -> None:
    assert (fnv(""), fnv("a"), fnv("foobar")) == (0x811C9DC5, 0xE40C292C, 0xBF9CF968)
