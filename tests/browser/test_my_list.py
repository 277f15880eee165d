"""The list a visitor keeps: undone, carried to another phone by code or file, shared, erased."""

from __future__ import annotations

import base64
import json
import os
import re
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from companion.models import Booth, Workshop
from companion.sync.edits import Author, Change
from companion.sync.log import write
from tests.browser import pictures
from tests.browser.conftest import READY, Server, database
from tests.browser.visiting import (
    HELD,
    NOTE,
    ONE_MARK,
    SAID,
    TYPED,
    Phones,
    a_list,
    give,
    keep,
    listed,
    packed,
    ready,
)

pytestmark = pytest.mark.browser

OFFICE = Author("staff:amina", "editor")


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


def test_what_left_the_fair_is_said_and_can_be_taken_off(page: Page, own_server: Server) -> None:
    ready(page, own_server)
    keep(page, own_server, "A12", "E43")
    page.click(NOTE)
    page.fill("#note", TYPED)
    page.wait_for_selector("[data-state=saved]")
    exhibitor = page.inner_text("h1")
    page.goto(own_server.url + "/fr/programme")
    for n in (0, 1):
        page.locator("[data-act=agenda]").nth(n).click()
        expect(page.locator("[data-act=agenda]").nth(n)).to_have_attribute("aria-pressed", "true")
    code = page.locator("[data-session]").first.get_attribute("data-session")
    workshop = page.locator("[data-session] h3").first.inner_text()
    with database(own_server) as session:
        booth = session.scalars(select(Booth).where(Booth.code == "E43")).one()
        chosen = session.scalars(select(Workshop).where(Workshop.code == code)).one()
        write(session, [Change("exhibitor", str(booth.exhibitor), {"withdrawn": True})], OFFICE)
        write(session, [Change("workshop", chosen.id, {"draft": True})], OFFICE)
        session.commit()
    position = page.get_attribute("html", "data-seq") or ""
    for _ in range(40):  # a server may answer from what it knew a moment ago
        page.reload()
        page.wait_for_selector(READY)
        page.wait_for_timeout(500)
        if page.get_attribute("html", "data-seq") != position:
            break
    assert page.get_attribute("html", "data-seq") != position

    page.goto(own_server.url + "/fr/mine")
    lost = page.locator("section:has(h2:text('Mon agenda')) li:has([data-name-of])")
    expect(lost).to_have_count(1)
    assert lost.locator("h3").inner_text() == workshop
    assert "n'est plus au programme" in lost.inner_text().replace("’", "'")
    gone = page.locator("li:has([data-name-of]):has([data-do=forget])")
    assert gone.locator("h3").inner_text() == exhibitor
    assert "n'est plus à la foire" in gone.inner_text().replace("’", "'")
    assert gone.locator("[data-note-of]").inner_text() == TYPED

    lost.locator("[data-act=agenda]").click()
    expect(lost).to_have_count(0)
    page.click("[data-undo]")
    expect(lost.locator("h3")).to_have_text(workshop)
    lost.locator("[data-act=agenda]").click()
    expect(lost).to_have_count(0)
    gone.locator("[data-do=forget]").click()
    expect(gone).to_have_count(0)
    page.reload()
    assert listed(page) == ["A12"]
    expect(page.locator("[data-session]")).to_have_count(1)
    expect(page.locator("[data-name-of]")).to_have_count(0)
