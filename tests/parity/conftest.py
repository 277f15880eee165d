"""A page in Chromium that can import the site's own modules, without the site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).parents[2]
ORIGIN = "https://modules.test"


@pytest.fixture(scope="session")
def modules(chromium: Browser) -> Iterator[Page]:
    """An empty page; `import("/static/js/….js")` in it reads the file of the repository."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/":
            route.fulfill(body="<!doctype html><title>modules</title>", content_type="text/html")
        else:
            route.fulfill(path=ROOT / path.lstrip("/"), content_type="text/javascript")

    page = chromium.new_page()
    page.route(f"{ORIGIN}/**", answer)
    page.goto(ORIGIN)
    yield page
    page.close()
