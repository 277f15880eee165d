"""The office brings in a list of another fair: dropped, corrected, applied, taken back; and a huge file meets a living server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server
from tests.browser.offices import open_office, sign_in
from tests.workbooks import write_workbook

pytestmark = pytest.mark.browser

LIST: list[list[Any]] = [
    ["Agadir Crafts Week 2029: who comes"],
    ["Phone", "Legal form", "المنظمة", "Who", "Favourite colour"],
    ["0612340001", "NGO", "جمعية البحر", "Sea Friends", "blue"],
    ["0612340002", "coop", "تعاونية الجبل", "Mountain Weavers", "red"],
]


@pytest.fixture
def office(demo: Path, tmp_path: Path) -> Iterator[Server]:
    """A running app that this test changes."""
    server = open_office(demo, tmp_path / "instance")
    yield server
    server.close()


def drop(page: Page, path: Path) -> None:
    """Let go of a file over the form, as from a folder's window."""
    content = list(path.read_bytes())
    moved = page.evaluate_handle(
        """([bytes, name]) => { const moved = new DataTransfer(); moved.items.add(new File([new Uint8Array(bytes)], name)); return moved; }""",
        [content, path.name],
    )
    page.dispatch_event("form[data-drop]", "dragover", {"dataTransfer": moved})
    expect(page.locator("form[data-drop]")).to_have_attribute("data-over", "")
    page.dispatch_event("form[data-drop]", "drop", {"dataTransfer": moved})


def leaf(page: Page, name: str) -> Page:
    page.click(f"nav.leaves a[href*='show={name}']")
    return page


def test_a_list_of_another_fair(chromium: Browser, office: Server, tmp_path: Path) -> None:
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = sign_in(context, office)
        page.goto(office.url + "/staff/import")
        drop(page, write_workbook(tmp_path / "agadir.xlsx", {"Participants": LIST}))
        page.wait_for_selector("nav.leaves")
        expect(page.locator(".note-bar.problem")).to_be_visible()
        leaf(page, "columns").select_option("[name='kind:Participants']", "exhibitors")
        for column, path in {0: "phones", 1: "kind", 2: "name.ar", 3: "name.fr"}.items():
            page.select_option(f"[name='column:Participants:{column}']", path)
        page.click("main form.stack button.strong")
        page.wait_for_selector(".note-bar.fine")
        expect(leaf(page, "new").locator("[data-rows=new] tbody tr")).to_have_count(2)
        page.click("form[data-stage] button.strong")
        page.wait_for_selector("text=agadir.xlsx")
        expect(page.locator("table").nth(1)).to_contain_text("Who")
        page.goto(office.url + "/staff/exhibitors?q=Mountain")
        expect(page.locator("[data-register] tbody tr")).to_have_count(1)
        page.goto(office.url + "/staff/import")
        page.locator("form[action*='/undo/'] button").first.click()
        page.wait_for_selector(".note-bar.fine")
        page.goto(office.url + "/staff/exhibitors?q=Mountain")
        expect(page.locator("[data-register] tbody tr")).to_have_count(0)
        huge = tmp_path / "huge.xlsx"
        with huge.open("wb") as file:
            file.truncate(60 << 20)
        page.goto(office.url + "/staff/import")
        page.set_input_files("input[type=file]", huge)
        page.wait_for_selector(".note-bar.problem, [data-stage-is=lost]:not([hidden])")
        assert page.request.get(office.url + "/healthz").ok
