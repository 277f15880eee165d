"""How the application comes among the others of a phone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Server
from tests.browser.visiting import (
    Phones,
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("agent", "wanted"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A045F) Chrome/126.0.0.0 Mobile Safari/537.36",
            "chrome",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13) SamsungBrowser/25.0 Chrome/121 Mobile Safari/537.36",
            "samsung",
        ),
        ("Mozilla/5.0 (Android 13; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", "firefox"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1", "safari"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/21F90 [FBAN/FBIOS;FBAV/468.0]", "in-app"),
        ("Mozilla/5.0 (Linux; Android 13; SM-A045F; wv) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36", "in-app"),
    ],
)
def test_the_install_help_is_the_one_for_this_browser(
    open_phone: Phones, server: Server, agent: str, wanted: str
) -> None:
    page = open_phone(user_agent=agent).pages[0]
    page.goto(server.url + "/fr/about")
    page.wait_for_selector("details[data-browser][open]")
    opened = [item.get_attribute("data-browser") for item in page.locator("details[data-browser][open]").all()]
    assert opened == [wanted]
