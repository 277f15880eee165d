"""The scanner: what it opens, what it tells apart, and what to do without a camera."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from bench import scanner
from tests.browser import pictures
from tests.browser.conftest import Server
from tests.browser.visiting import (
    ONE_MARK,
    Phones,
    packed,
    ready,
)

pytestmark = pytest.mark.browser


def show(page: Page, server: Server, text: str) -> None:
    """Give the scanner a photo of a code."""
    page.goto(server.url + "/fr/scan")
    page.set_input_files("[data-do=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.photo(text)})


def test_the_camera_opens_the_booth_of_a_poster_with_no_network(
    open_phone: Phones, server: Server, tmp_path: Path
) -> None:
    words = pictures.film(f"{server.url}/b/E43".upper(), tmp_path / "poster.mjpeg")
    page = open_phone(args=words, permissions=["camera"]).pages[0]
    ready(page, server)
    server.network.set("off")
    page.goto(server.url + "/ar/scan")
    page.wait_for_url("**/ar/b/E43")
    page.wait_for_timeout(500)  # the page is there; where the visitor stands is then written down
    page.goto(server.url + "/fr/about")  # the camera would open again on the scanner's page and lead away at once
    page.context.clear_permissions()
    page.goto(server.url + "/fr/scan")
    expect(page.locator("[data-slot=recent] a")).to_have_attribute("href", "/fr/b/E43")


@pytest.mark.parametrize(
    "poster",
    ["{url}/b/E43", "{URL}/B/E43", "{url}/ar/b/e43/", "{url}/b/e-43?from=poster#top", "{host}/B/E43", "E43", "e-43"],
)
def test_a_code_of_this_fair_is_known_however_it_is_spelt(page: Page, server: Server, poster: str) -> None:
    ready(page, server)
    server.network.set("silent")
    host = server.url.removeprefix("http://")
    show(page, server, poster.format(url=server.url, URL=server.url.upper(), host=host))
    page.wait_for_url("**/fr/b/E43")


@pytest.mark.parametrize(
    "code",
    [
        "WIFI:T:WPA;S:home;P:secret;;",
        "https://example.com/pay?token=secret",
        "https://example.com/#secret",
        "BEGIN:VCARD\nVERSION:3.0\nFN:Fatima secret\nTEL:0600000000\nEND:VCARD",
        "tel:secret",
    ],
)
def test_another_code_is_told_apart_and_its_secrets_stay_on_the_phone(
    open_phone: Phones, server: Server, code: str
) -> None:
    page = open_phone(service_workers="block").pages[0]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show(page, server, code)
    notice = page.locator("#fragment .notice")
    expect(notice).to_be_visible()
    assert "/fr/scan" in page.url
    assert not any("secret" in address for address in asked)


def test_the_backup_of_another_phone_is_known_by_the_scanner(page: Page, server: Server) -> None:
    ready(page, server)
    server.network.set("off")
    show(page, server, "https://other.example/ar/mine" + packed(ONE_MARK))
    page.wait_for_selector("#restore[open]")
    assert page.inner_text("#restore [data-slot=bookmark]") == "1"


REFUSE = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '%s'))"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (REFUSE % "NotAllowedError", "refused"),
        (REFUSE % "NotFoundError", "no-camera"),
        (REFUSE % "NotReadableError", "camera-busy"),
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "unsupported"),
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "insecure"),
    ],
)
def test_without_a_camera_the_page_says_why_and_what_else_to_do(
    page: Page, server: Server, script: str, said: str
) -> None:
    page.add_init_script(script)
    page.goto(server.url + "/fr/scan")
    page.click("[data-do=camera]")
    page.wait_for_selector(f"[data-slot=scan-state] [data-say={said}]")
    page.fill("[name=code]", "b 12")
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/fr/b/B12")


def test_the_camera_is_given_back(open_phone: Phones, server: Server, tmp_path: Path) -> None:
    words = pictures.film("nothing of this fair, nor of any", tmp_path / "wall.mjpeg")
    page = open_phone(args=words, permissions=["camera"]).pages[0]
    page.goto(server.url + "/fr/scan")
    page.wait_for_selector("#fragment .notice")  # looked, found something else, and goes on looking
    page.evaluate("() => { window.track = document.querySelector('video').srcObject.getTracks()[0]; }")
    assert page.evaluate("() => track.readyState") == "live"
    page.click("[data-do=stop]")
    assert page.evaluate("() => track.readyState") == "ended"


@pytest.mark.parametrize("side", [75, 640])
def test_a_code_is_read_from_afar_and_from_near(open_phone: Phones, server: Server, tmp_path: Path, side: int) -> None:
    words = pictures.film(f"{server.url}/b/E43".upper(), tmp_path / "film.mjpeg", side)
    page = open_phone(args=words, permissions=["camera"], service_workers="block").pages[0]
    page.goto(server.url + "/fr/scan")
    page.wait_for_url("**/fr/b/E43")


def test_frames_of_the_dark_and_of_small_codes_are_read(playwright: Playwright) -> None:
    """In one of three looks each; what ZXing makes of them is in `make bench`."""
    made = [picture for kind, picture in scanner.frames() if kind in ("low light", "small")]
    said, _ = scanner.in_the_browser(playwright, made)
    assert [scanner.ADDRESS in one["texts"] for one in said].count(False) <= 2


def test_who_finds_no_code_is_told_what_helps(open_phone: Phones, server: Server, tmp_path: Path) -> None:
    page = open_phone(args=pictures.film_of_nothing(tmp_path / "desk.mjpeg"), permissions=["camera"]).pages[0]
    page.goto(server.url + "/fr/scan")
    page.wait_for_selector("[data-slot=scan-state] [data-say=looking]")
    page.wait_for_timeout(1500)
    assert page.locator("[data-say=closer]").count() == 0, "not before one has had time to aim"
    page.wait_for_selector("[data-slot=scan-state] [data-say=closer]", timeout=40_000)


def test_a_picture_without_a_code_and_a_file_that_is_no_picture(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/scan")
    for buffer, said in ((pictures.blank(), "no-code"), (b"%PDF-1.7", "no-picture")):
        page.set_input_files("[data-do=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": buffer})
        page.wait_for_selector(f"[data-slot=scan-state] [data-say={said}]")
