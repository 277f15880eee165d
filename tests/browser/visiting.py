"""What visitors do in several tests: have the fair on the phone, press marks, keep a list."""

from __future__ import annotations

import base64
import json
import os
import signal
import zlib
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import READY, Server

Phones = Callable[..., BrowserContext]
BOOKMARK, VISITED, NOTE = (f"article .acts [data-act={act}]" for act in ("bookmark", "visited", "note"))
SAID = "[data-slot=toast] [data-say=%s]"
TYPED = "Deux pots de miel de thym, livraison à Khouribga, demander Fatima. عسل الزعتر"
ONE_MARK = {"rafiq": 1, "made": "2027-07-03T10:05:00Z", "bookmark": [["K7M2P", 1]]}


def ready(page: Page, server: Server) -> None:
    """Have the whole fair on the phone."""
    page.goto(server.url + "/fr/")
    page.wait_for_selector(READY)


def press(page: Page, selector: str, pressed: bool = True) -> None:
    """Press a mark and wait until it says that it is kept."""
    page.locator(selector).first.click()
    expect(page.locator(selector).first).to_have_attribute("aria-pressed", str(pressed).lower())


def kill(profile: Path) -> None:
    """End the browser as a phone does that needs its memory: at once, without telling it."""
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"--user-data-dir={profile}" in cmdline.read_text():
                os.kill(int(cmdline.parent.name), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            pass  # it went with its parent


def keep(page: Page, server: Server, *booths: str) -> None:
    for booth in booths:
        page.goto(f"{server.url}/fr/b/{booth}")
        press(page, BOOKMARK)


def listed(page: Page) -> list[str]:
    """The booths of the list, in its order."""
    page.wait_for_selector(".kept [data-card]")
    return [card.get_attribute("data-booth") or "" for card in page.locator(".kept [data-card]").all()]


HELD = {"bookmark": "3", "note": "1", "visited": "1", "agenda": "1"}


def a_list(page: Page, server: Server) -> None:
    """Three bookmarks, a note, a visit and a workshop, the page showing them."""
    keep(page, server, "E43", "A12", "C5")
    press(page, VISITED)
    page.click(NOTE)
    page.fill("#note", TYPED)
    page.wait_for_selector("[data-state=saved]")
    page.goto(server.url + "/fr/programme")
    press(page, "[data-act=agenda]")
    page.goto(server.url + "/fr/mine")


def give(page: Page, content: bytes) -> None:
    page.set_input_files("[data-do=restore]", {"name": "a.json", "mimeType": "application/json", "buffer": content})


def packed(content: object, packing: str = "1") -> str:
    data = json.dumps(content).encode()
    return f"#r={packing}" + base64.urlsafe_b64encode(zlib.compress(data) if packing == "1" else data).decode().rstrip(
        "="
    )
