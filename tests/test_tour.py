"""The visitors' tour: one minute, in every language, left at any step, without scripts."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("lang", "title"),
    [("fr", "Le salon en une minute"), ("ar", "المعرض في دقيقة واحدة"), ("zgh", "ⴰⵙⴼⵙⵔ ⴳ ⵢⴰⵜ ⵜⵓⵙⴷⵉⴷⵜ")],
)
def test_six_steps_each_with_a_way_out(client: FlaskClient, lang: str, title: str) -> None:
    page = client.get(f"/tour?lang={lang}").get_data(as_text=True)
    assert f"<h1>{title}</h1>" in page
    assert re.findall(r'<li id="step-(\d)">', page) == list("123456")
    assert re.findall(r'href="#step-(\d)"', page) == list("23456")
    assert page.count(f'href="/{lang}/"') == 1 + 6
    assert f'href="/tour?lang={lang}"' in client.get(f"/{lang}/about").get_data(as_text=True)


def test_without_a_language_it_is_the_visitors(client: FlaskClient) -> None:
    for address in ("/tour", "/tour?lang=xx"):
        answer = client.get(address, headers={"Accept-Language": "ar"})
        assert (answer.status_code, 'lang="ar" dir="rtl"' in answer.get_data(as_text=True)) == (200, True)
