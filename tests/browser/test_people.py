"""What a visitor keeps and scans: on the disk before it is said, back on another phone, and all of it offline."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import pictures
from tests.browser.conftest import READY, Server

pytestmark = pytest.mark.browser

Phones = Callable[..., BrowserContext]
BOOKMARK, VISITED, NOTE = (f"article .acts [data-act={act}]" for act in ("bookmark", "visited", "note"))
SAID = "[data-slot=toast] [data-say=%s]"
TYPED = "Deux pots de miel de thym, livraison à Khouribga, demander Fatima. عسل الزعتر"


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


# Marks


def test_a_bookmark_is_on_the_disk_when_the_button_says_so(open_phone: Phones, server: Server, tmp_path: Path) -> None:
    page = open_phone().pages[0]
    page.goto(server.url + "/fr/b/E43")
    press(page, BOOKMARK)
    press(page, VISITED)
    kill(tmp_path / "phone")
    page = open_phone().pages[0]
    page.goto(server.url + "/ar/b/E43")
    expect(page.locator(BOOKMARK)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(VISITED)).to_have_attribute("aria-pressed", "true")
    code = page.get_attribute("[data-exhibitor]", "data-exhibitor")
    page.goto(server.url + "/fr/exhibitors?q=E43")
    card = page.locator(f"[data-card='{code}']").first
    expect(card).to_have_attribute("data-marks", "bookmark visited")
    assert len(card.locator(".marks").inner_text().split(", ")) == 2


def test_what_is_taken_back_by_mistake_comes_back(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/b/E43")
    for mark in (BOOKMARK, VISITED):
        press(page, mark)
        press(page, mark, pressed=False)
        page.click("[data-undo]")
        expect(page.locator(mark)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-undo]")).to_have_count(0)


def test_a_full_phone_is_not_told_that_it_keeps_anything(phone: BrowserContext, page: Page, server: Server) -> None:
    browser = phone.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": 1})
    page.goto(server.url + "/fr/b/E43")
    page.click(BOOKMARK)
    page.wait_for_selector(SAID % "storage-full")
    expect(page.locator(BOOKMARK)).to_have_attribute("aria-pressed", "false")
    page.click(NOTE)
    page.fill("#note", TYPED)
    page.wait_for_selector("[data-state=problem]")
    assert page.input_value("#note") == TYPED
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url})
    page.type("#note", "!")
    page.wait_for_selector("[data-state=saved]")
    page.reload()
    expect(page.locator("#note")).to_have_value(TYPED + "!")


# Notes


@pytest.mark.parametrize("delay", [0, 20])
def test_a_note_typed_just_before_the_app_is_killed_is_there(
    open_phone: Phones, server: Server, tmp_path: Path, delay: int
) -> None:
    page = open_phone().pages[0]
    page.goto(server.url + "/fr/b/E43")
    page.click(NOTE)
    page.keyboard.type(TYPED, delay=delay)
    page.wait_for_timeout(100)
    kill(tmp_path / "phone")
    page = open_phone().pages[0]
    page.goto(server.url + "/fr/b/E43")
    expect(page.locator("#note")).to_have_value(TYPED)


@pytest.mark.parametrize("leave", ["close", "go"])
def test_a_note_typed_just_before_the_page_is_left_is_there(phone: BrowserContext, server: Server, leave: str) -> None:
    page = phone.new_page()
    page.goto(server.url + "/fr/b/E43")
    page.click(NOTE)
    page.keyboard.type(TYPED)
    if leave == "close":
        page.close(run_before_unload=True)
        page = phone.pages[0]
    else:
        page.goto(server.url + "/fr/map")
    page.goto(server.url + "/fr/b/E43")
    expect(page.locator("#note")).to_have_value(TYPED)
    page.wait_for_selector("[data-state=saved]", state="attached")
    page.reload()
    expect(page.locator("#note")).to_have_value(TYPED)


def test_two_tabs_do_not_overwrite_each_other(phone: BrowserContext, page: Page, server: Server) -> None:
    other = phone.new_page()
    for tab in (page, other):
        tab.goto(server.url + "/fr/b/E43")
        tab.click(NOTE)
    page.fill("#note", "le premier")
    page.wait_for_selector("[data-state=saved]")
    other.fill("#note", "le second")
    expect(other.locator("#note")).to_have_value("le premier\n\nle second")


# The list, its backup, another phone


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


def test_the_list_is_sorted_shows_its_notes_and_undoes_a_removal(page: Page, server: Server) -> None:
    a_list(page, server)
    assert listed(page) == ["C05", "A12", "E43"]
    assert page.inner_text("li:has([data-booth=C05]) [data-note-of]") == TYPED
    assert page.locator("[data-session]").count() == 1
    page.select_option("[name=order]", "booth")
    assert listed(page) == ["A12", "C05", "E43"]
    page.click("li:has([data-booth=C05]) [data-do=forget]")
    page.wait_for_selector("[data-undo]")
    assert listed(page) == ["A12", "E43"]
    page.click("[data-undo]")
    page.wait_for_selector("[data-booth=C05]")
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('.kept [data-card]').length === 3")
    assert listed(page) == ["A12", "C05", "E43"]
    assert page.inner_text("li:has([data-booth=C05]) [data-note-of]") == TYPED


def test_a_list_goes_to_another_phone_by_one_code_with_no_network(open_phone: Phones, server: Server) -> None:
    page, other = open_phone().pages[0], open_phone(name="second").pages[0]
    ready(page, server)
    ready(other, server)
    a_list(page, server)
    other.goto(server.url + "/fr/b/C5")
    other.click(NOTE)
    other.fill("#note", "Passer samedi")
    other.wait_for_selector("[data-state=saved]")
    server.network.set("off")

    page.click("[data-do=backup-code]")
    address = pictures.read(page.locator("#backup svg").screenshot())
    assert address.startswith(server.url + "/fr/mine#r=")
    for times in (1, 2):
        other.goto("about:blank")
        other.goto(address)
        other.wait_for_selector("#restore[open]")
        counts = {kind: other.inner_text(f"#restore [data-slot={kind}]") for kind in HELD}
        assert counts == HELD
        if times == 1:
            other.click("#restore [value=cancel]")
            assert listed(other) == ["C05"]
    other.click("#restore [value=restore]")
    other.wait_for_selector(SAID % "restored")
    assert sorted(listed(other)) == ["A12", "C05", "E43"]
    assert other.inner_text("[data-note-of]:not([hidden])") == f"Passer samedi\n\n{TYPED}"
    assert "#" not in other.url
    other.goto(server.url + "/fr/programme")
    expect(other.locator("[data-act=agenda]").first).to_have_attribute("aria-pressed", "true")


def test_a_list_goes_to_another_phone_as_a_file_and_bringing_it_back_twice_changes_nothing(
    open_phone: Phones, server: Server, tmp_path: Path
) -> None:
    page, other = open_phone().pages[0], open_phone(name="second").pages[0]
    ready(other, server)
    a_list(page, server)
    with page.expect_download() as download:
        page.click("[data-do=backup-file]")
    file = tmp_path / "list.json"
    download.value.save_as(file)
    server.network.set("off")
    other.goto(server.url + "/ar/mine")
    for _ in range(2):
        other.set_input_files("[data-do=restore]", file)
        other.click("#restore [value=restore]")
        other.wait_for_selector(SAID % "restored")
        assert listed(other) == ["C05", "A12", "E43"]
        assert other.inner_text("[data-note-of]:not([hidden])") == TYPED
        other.reload()


def test_the_times_of_a_backup_are_those_of_the_acts(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/mine")
    backup = {"rafiq": 1, "made": "2025-07-03T10:05:00Z", "visited": [["K7M2P", 95]], "bookmark": [["K7M2P", 0]]}
    give(page, json.dumps(backup).encode())
    page.click("#restore [value=restore]")
    page.wait_for_selector(SAID % "restored")
    with page.expect_download() as download:
        page.click("[data-do=backup-file]")
    again = json.loads(download.value.path().read_text())
    assert again["visited"][0][1] - again["bookmark"][0][1] == 95


def give(page: Page, content: bytes) -> None:
    page.set_input_files("[data-do=restore]", {"name": "a.json", "mimeType": "application/json", "buffer": content})


def packed(content: object, packing: str = "1") -> str:
    data = json.dumps(content).encode()
    return f"#r={packing}" + base64.urlsafe_b64encode(zlib.compress(data) if packing == "1" else data).decode().rstrip(
        "="
    )


ONE_MARK = {"rafiq": 1, "made": "2027-07-03T10:05:00Z", "bookmark": [["K7M2P", 1]]}


def test_a_backup_that_was_not_compressed_is_read_too(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/mine" + packed(ONE_MARK, "0"))
    page.wait_for_selector("#restore[open]")
    assert page.inner_text("#restore [data-slot=bookmark]") == "1"


@pytest.mark.parametrize(
    ("backup", "said"),
    [
        ("#r=", "backup-broken"),
        ("#r=1AAAA", "backup-broken"),
        ("#r=0AAAA", "backup-broken"),
        ("#r=1" + "A" * 9000, "backup-broken"),
        (packed(ONE_MARK)[:-5], "backup-broken"),
        (packed(None), "backup-broken"),
        (packed([1]), "backup-broken"),
        (packed(ONE_MARK | {"bookmark": [["<img>", 1]]}), "backup-broken"),
        (packed(ONE_MARK | {"bookmark": [["K7M2P", -1]]}), "backup-broken"),
        (packed(ONE_MARK | {"bookmark": "K7M2P"}), "backup-broken"),
        (packed(ONE_MARK | {"note": [["K7M2P", 1]]}), "backup-broken"),
        (packed(ONE_MARK | {"note": [["K7M2P", 1, "x" * 30_000]]}), "backup-broken"),
        (packed(ONE_MARK | {"filling": "x" * 3_000_000}), "backup-broken"),
        (packed(ONE_MARK | {"rafiq": 2}), "backup-newer"),
        ("#r=7zzz", "backup-newer"),
    ],
)
def test_a_damaged_or_hostile_backup_is_refused_with_a_reason(
    page: Page, server: Server, backup: str, said: str
) -> None:
    page.goto(server.url + "/fr/mine" + backup)
    page.wait_for_selector(SAID % said)
    assert page.locator("#restore[open], .kept").count() == 0


def test_a_list_too_long_for_a_code_is_offered_as_a_file(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/mine")
    text = base64.b85encode(os.urandom(1500)).decode()  # nothing in it to compress
    give(page, json.dumps(ONE_MARK | {"note": [["K7M2P", 1, text]]}).encode())
    page.click("#restore [value=restore]")
    page.wait_for_selector(SAID % "restored")
    page.click("[data-do=backup-code]")
    page.wait_for_selector("#backup [data-say=backup-too-big]")


def test_a_shared_list_has_the_bookmarks_and_not_the_notes(open_phone: Phones, server: Server) -> None:
    page = open_phone(permissions=["clipboard-read", "clipboard-write"]).pages[0]
    a_list(page, server)
    page.click("[data-do=share]")
    page.wait_for_selector(SAID % "copied")
    *lines, address = page.evaluate("() => navigator.clipboard.readText()").split("\n")
    assert [line[:3] for line in lines] == ["C05", "A12", "E43"]
    [payload] = re.findall(r"#r=1(.+)$", address)
    shared = json.loads(zlib.decompress(base64.urlsafe_b64decode(payload + "==")))
    assert sorted(shared) == ["bookmark", "made", "rafiq"]
    assert len(shared["bookmark"]) == 3


def test_erasing_takes_two_steps_and_then_nothing_is_left(page: Page, server: Server) -> None:
    a_list(page, server)
    page.goto(server.url + "/fr/about")
    page.click("[data-do=erase]")
    page.click("#erase [value=cancel]")
    page.goto(server.url + "/fr/mine")
    assert len(listed(page)) == 3
    page.goto(server.url + "/fr/about")
    page.click("[data-do=erase]")
    page.click("#erase [value=erase]")
    page.wait_for_selector(SAID % "erased")
    page.goto(server.url + "/fr/mine")
    page.wait_for_timeout(500)
    assert page.locator(".kept, [data-session]").count() == 0


def test_workshops_at_the_same_time_are_told(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/programme")
    starts = [item.get_attribute("datetime") for item in page.locator(".session time:first-of-type").all()]
    first = next(n for n, start in enumerate(starts) if start in starts[n + 1 :])
    second = starts.index(starts[first], first + 1)
    for number in (first, second):
        assert page.locator(f".session >> nth={first} >> .flag.bad").count() == 0
        page.locator("[data-act=agenda]").nth(number).click()
        expect(page.locator("[data-act=agenda]").nth(number)).to_have_attribute("aria-pressed", "true")
    for number in (first, second):
        expect(page.locator(f".session >> nth={number} >> .flag.bad")).to_have_count(1)
    assert "mine=" not in page.url


# The scanner


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


def test_a_picture_without_a_code_and_a_file_that_is_no_picture(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/scan")
    for buffer, said in ((pictures.blank(), "no-code"), (b"%PDF-1.7", "no-picture")):
        page.set_input_files("[data-do=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": buffer})
        page.wait_for_selector(f"[data-slot=scan-state] [data-say={said}]")


# Search as you type


def found(page: Page) -> list[str]:
    return [card.get_attribute("data-card") or "" for card in page.locator("#fragment [data-card]").all()]


def test_the_results_follow_the_fingers_with_no_network(page: Page, server: Server) -> None:
    ready(page, server)
    server.network.set("off")
    page.goto(server.url + "/fr/exhibitors")
    everything = len(found(page))
    page.evaluate("() => { window.same = true; }")
    page.type("[name=q]", "miel", delay=30)
    page.wait_for_function("() => location.search === '?q=miel'")
    assert 0 < len(found(page)) < everything
    assert re.search(r"\d", page.inner_text("[data-slot=found]"))
    assert page.evaluate("() => document.activeElement.name") == "q"
    assert page.evaluate("() => window.same")
    typed = found(page)
    page.reload()
    assert found(page) == typed
    assert page.input_value("[name=q]") == "miel"


def test_enter_opens_the_booth_and_back_is_where_one_was(page: Page, server: Server) -> None:
    ready(page, server)
    page.goto(server.url + "/fr/exhibitors")
    page.type("[name=q]", "e 43")
    page.press("[name=q]", "Enter")
    page.wait_for_url("**/fr/e/*")
    assert "E43" in page.inner_text("article .booths")
    page.go_back()
    expect(page.locator("[name=q]")).to_have_value("e 43")
    assert page.locator(".hit [data-card]").count() == 1


def test_a_filter_is_one_step_that_back_undoes(page: Page, server: Server) -> None:
    ready(page, server)
    page.goto(server.url + "/fr/exhibitors")
    everything = found(page)
    page.type("[name=q]", "miel")
    page.wait_for_function("() => location.search === '?q=miel'")
    honey = found(page)
    page.click("[data-filter=province] summary")
    page.click("[data-filter=province] .options a >> nth=0")
    page.wait_for_function("() => location.search.includes('province=')")
    page.wait_for_selector("[data-filter=province].chosen")
    assert set(found(page)) < set(honey) < set(everything)
    page.go_back()
    page.wait_for_selector("[data-filter=province]:not(.chosen)")
    assert found(page) == honey
    assert page.input_value("[name=q]") == "miel"


def test_without_worker_the_last_question_is_the_one_answered(open_phone: Phones, server: Server) -> None:
    page = open_phone(service_workers="block").pages[0]
    page.goto(server.url + "/fr/exhibitors")
    server.network.latency = 0.4
    page.type("[name=q]", "tapis azilal", delay=120)
    page.wait_for_function("() => location.search === '?q=tapis+azilal'")
    server.network.calm()
    typed = found(page)
    page.reload()
    assert found(page) == typed


def test_without_scripts_search_is_a_form(open_phone: Phones, server: Server) -> None:
    page = open_phone(java_script_enabled=False).pages[0]
    page.goto(server.url + "/fr/exhibitors")
    page.fill("[name=q]", "miel")
    page.press("[name=q]", "Enter")
    page.wait_for_url("**/fr/exhibitors?q=miel")
    assert len(found(page)) > 0
    page.goto(server.url + "/fr/b/E43")
    assert page.locator("[data-act=bookmark]:visible, [data-act=note]:visible").count() == 0


# Installing


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
