"""The office at the plan: with a mouse, with a finger, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from companion.models import Booth, Exhibitor
from tests.browser.conftest import Server
from tests.browser.offices import database, open_office, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running app whose floor these tests change."""
    server = open_office(demo, tmp_path_factory.mktemp("office") / "instance")
    yield server
    server.close()


def holder(server: Server, booth: str) -> str:
    """The code of who stands at a booth; empty when nobody does."""
    with database(server) as session:
        own = session.scalars(select(Booth.exhibitor).where(Booth.code == booth, ~Booth.deleted)).one()
        return session.get_one(Exhibitor, own).code if own else ""


def open_plan(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server.url}/staff/plan{query}")
    page.wait_for_selector("[data-plan][data-live]")


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def booth(page: Page, code: str) -> tuple[float, float]:
    return middle(page, f"[data-drawing] [data-booth={code}] rect")


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 10, start[1] + 4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def toast(page: Page, says: str) -> None:
    expect(page.locator("[data-slot=toast]")).to_contain_text(says)


def test_with_the_mouse_exhibitors_and_booths_are_dragged_and_everything_is_undone(
    chromium: Browser, office: Server
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = sign_in(context, office, "ar")  # right to left: the plan itself is not mirrored
    open_plan(page, office)
    first, second = holder(office, "A01"), holder(office, "B12")
    assert booth(page, "A01")[0] < booth(page, "A48")[0]

    drag(page, booth(page, "A01"), booth(page, "A48"))
    toast(page, "نقل من A01 إلى A48")
    expect(page.locator("[data-booth=A48]")).to_have_attribute("data-who", first)
    assert (holder(office, "A01"), holder(office, "A48")) == ("", first)

    drag(page, booth(page, "A48"), booth(page, "B12"))
    toast(page, "B12 وA48 مكانيهما")
    assert (holder(office, "A48"), holder(office, "B12")) == (second, first)
    expect(page.locator("[data-booth=B12]")).to_have_attribute("data-who", first)
    page.click("[data-slot=toast] [data-undo]")
    expect(page.locator("[data-booth=B12]")).to_have_attribute("data-who", second)
    assert (holder(office, "A48"), holder(office, "B12")) == (first, second)

    drag(page, booth(page, "B12"), middle(page, "#wait-title"))
    expect(page.locator(f".guest[data-who='{second}']")).to_be_visible()
    assert holder(office, "B12") == ""
    drag(page, middle(page, f".guest[data-who='{second}'] b"), booth(page, "A48"))
    expect(page.locator(f".guest[data-who='{first}']")).to_be_visible()
    assert holder(office, "A48") == second
    page.keyboard.press("Control+z")
    expect(page.locator(f".guest[data-who='{second}']")).to_be_visible()
    assert holder(office, "A48") == first

    drag(page, (640, 600), (600, 560))  # beside the booths: nothing is lifted, nothing is sent
    page.mouse.click(*booth(page, "A48"))
    expect(page.locator("#picked-title")).to_contain_text("A48")
    assert holder(office, "A48") == first

    open_plan(page, office, "?mode=draw&pick=A48")
    before = page.locator("[data-booth=A48] rect").get_attribute("y")
    x, y = booth(page, "A48")
    drag(page, (x, y), (x, y + 20))
    toast(page, "A48")
    expect(page.locator("[data-booth=A48] rect")).not_to_have_attribute("y", before or "")
    corner = middle(page, ".corner")
    drag(page, corner, (corner[0] + 12, corner[1] + 12))
    expect(page.locator("[data-booth=A48] rect")).not_to_have_attribute("width", "20")
    expect(page.locator(".clashes [data-kind=overlap]").first).to_be_visible()
    context.close()


def test_with_a_finger_the_plan_moves_and_what_is_held_a_moment_is_lifted(chromium: Browser, office: Server) -> None:
    context = chromium.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
    page = sign_in(context, office)
    open_plan(page, office)
    first, second = holder(office, "C01"), holder(office, "E20")
    fingers = context.new_cdp_session(page)

    def touch(kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(at)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def swipe(start: tuple[float, float], end: tuple[float, float], held: int) -> None:
        touch("touchStart", start)
        page.wait_for_timeout(held)
        for part in (0.1, 0.4, 0.7, 1):
            touch("touchMove", (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part))
        touch("touchEnd")

    swipe(booth(page, "C01"), booth(page, "E20"), held=0)
    page.wait_for_timeout(300)
    assert (holder(office, "C01"), holder(office, "E20")) == (first, second)
    page.evaluate("() => scrollTo(0, 0)")
    swipe(booth(page, "C01"), booth(page, "E20"), held=600)
    toast(page, "E20 et C01 ont échangé leurs places")
    assert (holder(office, "C01"), holder(office, "E20")) == (second, first)
    page.tap("[data-slot=toast] [data-undo]")
    toast(page, "Annulé")
    assert (holder(office, "C01"), holder(office, "E20")) == (first, second)

    page.touchscreen.tap(*booth(page, "C01"))
    expect(page.locator("#picked-title")).to_contain_text("C01")
    page.tap("text=Libérer ce stand")
    page.tap(f"[data-choose='{first}']")
    page.touchscreen.tap(*booth(page, "C27"))
    toast(page, "Le stand C27 est attribué")
    assert holder(office, "C27") == first
    page.tap("[data-slot=toast] [data-undo]")
    toast(page, "Annulé")
    context.close()


def test_the_keyboard_alone_is_enough(chromium: Browser, office: Server) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = sign_in(context, office)
    open_plan(page, office)
    first, second = holder(office, "D01"), holder(office, "D02")
    page.focus("#who")
    page.keyboard.type(first.lower())
    page.keyboard.press("Tab")
    page.keyboard.type("d 02")
    page.keyboard.press("Enter")
    toast(page, "D02 et D01 ont échangé leurs places")
    assert (holder(office, "D01"), holder(office, "D02")) == (second, first)

    page.focus("[data-booth=D02]")
    page.keyboard.press("Enter")
    expect(page.locator("#picked-title")).to_contain_text("D02")
    page.focus("#move-to")
    page.keyboard.type("Z99")
    page.keyboard.press("Enter")
    toast(page, "Il n'y a pas de stand Z99 sur le plan.")
    page.focus("#move-to")
    page.keyboard.press("Control+a")
    page.keyboard.type("D01")
    page.keyboard.press("Enter")
    toast(page, "ont échangé leurs places")
    assert (holder(office, "D01"), holder(office, "D02")) == (first, second)

    page.focus("#q")
    page.keyboard.type(second)
    expect(page.locator(".guest")).to_have_count(1)
    page.focus(".guest [data-pick]")
    page.keyboard.press("Enter")
    expect(page.locator("#picked-title")).to_contain_text("D02")

    open_plan(page, office, "?mode=draw&pick=D02")
    page.focus("#f-code")
    page.keyboard.press("Control+a")
    page.keyboard.type("D99")
    page.keyboard.press("Enter")
    expect(page.locator(".note-bar")).to_contain_text("imprimez la nouvelle")
    assert holder(office, "D99") == second
    page.focus(".undo button")
    page.keyboard.press("Enter")
    expect(page.locator(".note-bar")).to_contain_text("Annulé")
    assert holder(office, "D02") == second
    context.close()
