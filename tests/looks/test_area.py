"""Every page of the exhibitors' area, drawn on the phone: axe in light, dark and forced colours, and the W3C's Nu checker.

Run by `make check-pages`; `make test` looks at it in fewer colours (`tests/browser/test_exhibitor_look.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.conftest import Server, database, start_phone
from tests.browser.exhibitors import card_of, come_in, go, write_down
from tests.browser.places import LANGUAGES
from tests.browser.test_exhibitor_look import BOOTH, PLACES
from tests.looks.test_axe_everywhere import wrong
from tests.looks.test_nu import errors

COLOURS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "light", "forced_colors": "active"},
)


@pytest.fixture(scope="module")
def exhibitor(fair: Server, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The phone of somebody who came in and took a contact."""
    phone = start_phone(playwright, tmp_path_factory.mktemp("area"), viewport={"width": 360, "height": 2400})
    page = phone.pages[0]
    page.emulate_media(reduced_motion="reduce")
    with database(fair) as records:
        come_in(page, fair, card_of(records, BOOTH))
    write_down(page, fair, "Fatima Zahra El Amrani Idrissi", "0600000061", organisation="Hôtel Chems", town="Azilal")
    yield page
    phone.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_found_in_the_exhibitors_area(exhibitor: Page, fair: Server, lang: str, tmp_path: Path) -> None:
    go(exhibitor, fair, "")
    exhibitor.click(f'[data-lang="{lang}"]')
    exhibitor.wait_for_selector(f"html[lang={lang}]")
    go(exhibitor, fair, "contacts")
    lead = exhibitor.locator("[data-lead]").first.get_attribute("data-lead")
    debugger = exhibitor.context.new_cdp_session(exhibitor)
    found: dict[str, Any] = {}
    pages: dict[str, str] = {}
    for place in (*PLACES, f"contact/{lead}"):
        for colours in COLOURS:
            exhibitor.emulate_media(**colours)
            go(exhibitor, fair, place)
            said = wrong(exhibitor, debugger)
            if colours["forced_colors"] == "active":  # axe takes a text's own colour for that which is drawn
                said = [one for one in said if not one[0].startswith("color-contrast")]
            if said:
                found[f"{place} {colours}"] = said
        pages[place] = "<!doctype html>\n" + exhibitor.evaluate("() => document.documentElement.outerHTML")
    debugger.detach()
    found |= errors(pages, tmp_path)
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)
