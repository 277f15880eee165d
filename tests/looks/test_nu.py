"""The W3C's Nu checker finds no error on any page: as it is served, and as it stands after its scripts have run.

Run by `make check-pages`. The checker is Java, from npm (vnu-jar).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server
from tests.browser.places import LANGUAGES
from tests.node import package
from tests.offices import PASSWORD


def errors(pages: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """What the checker calls an error, by the page's name; all pages go in one call."""
    assert shutil.which("java"), "the Nu checker needs Java: apt-get install default-jre-headless"
    checker = package("vnu-jar") / "build/dist/vnu.jar"
    files = {}
    for number, (name, page) in enumerate(pages.items()):
        file = folder / f"page{number:03}.html"
        file.write_text(page, "utf-8")
        files[file.name] = name
    words = ["java", "-Xss1m", "-jar", str(checker), "--format", "json", "--exit-zero-always", str(folder)]
    said: list[dict[str, Any]] = json.loads(subprocess.run(words, capture_output=True, text=True).stderr)["messages"]
    found: dict[str, list[str]] = {}
    for one in said:
        if one["type"] != "info":
            found.setdefault(files[one["url"].rpartition("/")[2]], []).append(f"{one['message']} {one.get('extract')}")
    return found


def test_a_wrong_page_would_be_found(tmp_path: Path) -> None:
    page = "<!doctype html><html lang=fr><title>x</title><p><div></p><button><a href=x>y</a></button>"
    assert len(errors({"wrong": page}, tmp_path)["wrong"]) >= 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_has_an_error(
    chromium: Browser, fair: Server, closed: list[str], visited: dict[str, list[str]], lang: str, tmp_path: Path
) -> None:
    pages: dict[str, str] = {}
    phone = chromium.new_context(service_workers="block", viewport={"width": 360, "height": 740})
    phone.add_cookies([{"name": "lang", "value": lang, "url": fair.url}])
    page = phone.new_page()
    for place in ["/staff/sign-in", *closed, "/staff/nothing", *visited[lang]]:
        answer = page.goto(fair.url + place)
        assert answer is not None
        pages[f"{place} as served"] = answer.text()
        page.wait_for_selector("h1")
        pages[f"{place} as it stands"] = "<!doctype html>\n" + page.evaluate("() => document.documentElement.outerHTML")
        if place == "/staff/sign-in":
            page.fill("[name=name]", "amina")
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/staff/")
    phone.close()
    found = errors(pages, tmp_path)
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)
