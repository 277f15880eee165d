"""From the printed poster to the way through the hall, on a phone without a network."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, expect

from companion.catalogue.index import Catalogue
from companion.printing.posters import booth_posters, posters
from companion.printing.typeset import typeset
from tests.browser import pictures
from tests.browser.conftest import READY, Server

pytestmark = pytest.mark.browser


def read(address: str) -> dict[str, str]:
    with urlopen(address) as answer:
        content: dict[str, str] = json.load(answer)
    return content


@pytest.mark.parametrize("paper", ["a4", "a6"])
def test_a_poster_before_the_camera_leads_to_its_booth_and_on(
    open_phone: Callable[..., BrowserContext], server: Server, tmp_path: Path, paper: str
) -> None:
    fair = Catalogue(read(server.url + read(server.url + "/api/catalogue")["snapshot"]))
    pdf = typeset(posters(fair, booth_posters(fair, server.url, "E43"), paper)).pdf
    words = pictures.film_of_print(pdf, tmp_path / "poster.mjpeg")
    page = open_phone(args=words, permissions=["camera"]).pages[0]
    page.goto(server.url + "/zgh/")
    page.wait_for_selector(READY)
    server.network.set("off")
    page.click(".tabs .scan")
    page.wait_for_url("**/zgh/b/E43")
    expect(page.locator("article .here")).to_be_visible()
    page.click(".booths a >> nth=0")
    page.wait_for_url("**/zgh/map?at=E43")
    expect(page.locator("[data-overlay] .here")).to_be_attached()
    page.fill("#to", "a 12")
    page.press("#to", "Enter")
    expect(page.locator("[data-overlay] polyline")).to_have_count(2)
    expect(page.locator("#at")).to_have_value("E43")
