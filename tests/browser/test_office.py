"""The office's way from a registration list to a printed poster, with the keyboard alone; and everything taken back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from companion.models import Booth, Exhibitor
from tests.browser.conftest import Server
from tests.browser.offices import database
from tests.workbooks import write_workbook

pytestmark = pytest.mark.browser

LIST: list[list[Any]] = [
    ["Agadir Crafts Week 2029: who comes"],
    ["Phone", "Legal form", "المنظمة", "Who", "Favourite colour"],
    ["0612340001", "NGO", "جمعية البحر", "Sea Friends", "blue"],
    ["06123", "coop", "تعاونية الجبل", "Mountain Weavers", "red"],
]
CHOSEN = {"0": "phones", "1": "kind", "2": "name.ar", "3": "name.fr"}


def enter(page: Page, selector: str) -> None:
    """Press what has the focus."""
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")


def typed(page: Page, selector: str, text: str) -> None:
    page.locator(selector).first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def chosen(page: Page, selector: str, value: str) -> None:
    """Choose with the arrows, as somebody without a mouse does."""
    field = page.locator(selector)
    field.focus()
    values = field.evaluate("(one) => [...one.options].map((option) => option.value)")
    now = field.evaluate("(one) => one.selectedIndex")
    for _ in range(abs(values.index(value) - now)):
        page.keyboard.press("ArrowDown" if values.index(value) > now else "ArrowUp")
    expect(field).to_have_value(value)


def test_from_the_list_to_the_poster_and_back_without_a_mouse(
    chromium: Browser, own_server: Server, tmp_path: Path
) -> None:
    password = own_server.flask("staff", "add", "naima", "--role", "administrator").split()[-1]
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="fr-MA")
    context.set_default_timeout(30_000)
    page = context.new_page()
    _sign_in_for_the_first_time(page, own_server, password)
    _import_and_correct(page, own_server, write_workbook(tmp_path / "agadir.xlsx", {"Participants": LIST}))
    with database(own_server) as session:
        [one] = session.scalars(select(Exhibitor).where(Exhibitor.name["fr"].as_string() == "Mountain Weavers"))
        free = session.scalars(select(Booth.code).where(Booth.exhibitor.is_(None), ~Booth.deleted)).first()
        code, record = one.code, one.id
        assert one.phones == ["+212612340002"]
    assert free
    _place(page, own_server, code, free)
    _print(page, own_server, free, tmp_path)

    page.goto(own_server.url + "/staff/log")
    expect(page.locator(".trail .panel").first).to_contain_text(free)
    enter(page, ".trail .panel form button")
    expect(page.locator(".note-bar")).to_be_visible()
    with database(own_server) as session:
        assert session.scalars(select(Booth.code).where(Booth.exhibitor == record)).all() == []
    page.goto(own_server.url + "/staff/")
    expect(page.locator(".tasks")).to_contain_text("à réimprimer")
    expect(page.locator(".tasks")).to_contain_text("1 problème dans la liste agadir.xlsx")  # the one that was refused
    page.goto(own_server.url + "/staff/import")
    enter(page, "form[action*='/undo/'] button")
    expect(page.locator(".note-bar").first).to_be_visible()
    page.goto(own_server.url + "/staff/exhibitors?q=Sea+Friends")
    expect(page.locator("[data-register] tbody tr")).to_have_count(0)
    context.close()


def _sign_in_for_the_first_time(page: Page, server: Server, password: str) -> None:
    """What the command printed opens one page only: that of choosing a password of one's own."""
    page.goto(server.url + "/staff/exhibitors")
    typed(page, "[name=name]", "naima")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/first-password**")
    fields = page.locator("main input[type=password]")
    for at in range(fields.count()):
        fields.nth(at).focus()
        page.keyboard.type("eight-goats-graze")
    page.keyboard.press("Enter")
    page.wait_for_url(server.url + "/staff/exhibitors")


def _import_and_correct(page: Page, server: Server, path: Path) -> None:
    """The headings are told, one row is wrong and left out, and put right afterwards on the exhibitor's own page."""
    page.goto(server.url + "/staff/import")
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector("nav.leaves")
    enter(page, "nav.leaves a[href*='show=columns']")
    chosen(page, "[name='kind:Participants']", "exhibitors")
    for column, field in CHOSEN.items():
        chosen(page, f"[name='column:Participants:{column}']", field)
    enter(page, "main form.stack button.strong")
    page.wait_for_selector("[data-rows=refused]")
    expect(page.locator("[data-rows=refused]")).to_contain_text("06123")
    LIST[3][0] = "0612340002"
    page.goto(server.url + "/staff/import")
    page.set_input_files("input[type=file]", write_workbook(path, {"Participants": LIST}))
    page.wait_for_selector(".note-bar.fine")  # its headings were learnt from the correction
    enter(page, "nav.leaves a[href*='show=new']")
    expect(page.locator("[data-rows=new] tbody tr")).to_have_count(2)
    enter(page, "form[data-stage] button.strong")
    page.wait_for_url("**/staff/import")
    expect(page.locator("table").first).to_contain_text("naima")


def _place(page: Page, server: Server, code: str, booth: str) -> None:
    """Found among those without a booth, looked at, and sent to a free one."""
    page.goto(server.url + "/staff/exhibitors?missing=booth")
    typed(page, "[name=q]", "Mountain")
    page.keyboard.press("Enter")
    expect(page.locator("[data-register] tbody tr")).to_have_count(1)
    enter(page, "[data-register] tbody tr a")
    typed(page, "[name='about.fr']", "Tapis et couvertures de la montagne")
    enter(page, "form[data-exhibitor-form] button.strong")
    expect(page.locator(".note-bar.fine")).to_be_visible()
    page.goto(server.url + "/staff/plan")
    page.wait_for_selector("[data-plan][data-live]")
    typed(page, "#who", code)
    page.keyboard.press("Tab")
    page.keyboard.type(booth)
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot=toast]")).to_contain_text(booth)


def _print(page: Page, server: Server, booth: str, folder: Path) -> None:
    """The poster is handed out when both readers have read its code four ways; the page says so."""
    page.goto(server.url + "/staff/print")
    form = "form:has([name=kind][value=posters]):has([name=apart])"
    typed(page, f"{form} [name=which]", booth)
    page.keyboard.press("Enter")
    expect(page.locator(".note-bar.fine .made")).to_be_visible()
    assert re.findall(r"<b>(\d+)</b>", page.locator(".made").inner_html())[:3] == ["1", "1", "8"]
    with page.expect_download() as download:
        enter(page, "main a.button.strong")
    download.value.save_as(folder / "poster.pdf")
    picture = pypdfium2.PdfDocument(folder / "poster.pdf")[0].render(scale=3).to_pil()
    assert [code.text.rpartition("/")[2] for code in zxingcpp.read_barcodes(picture)] == [booth]
