"""Search as one types: with no network, without worker, without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.visiting import (
    Phones,
    ready,
)

pytestmark = pytest.mark.browser


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
