"""A database that somebody else keeps locked: readers are answered, and in the office nothing typed is lost."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from companion.models import Booth, Staff
from tests.browser.conftest import Server
from tests.browser.offices import database, open_office, sign_in
from tests.busy import locked

pytestmark = pytest.mark.browser

FIVE = 5


@pytest.fixture
def office(demo: Path, tmp_path: Path) -> Iterator[Server]:
    server = open_office(demo, tmp_path / "instance", "administrator")
    yield server
    server.close()


def url(server: Server) -> str:
    return f"sqlite:///{server.folder / 'rafiq.sqlite'}"


def test_five_who_wait_to_write_stop_no_reader(own_server: Server) -> None:
    """Four threads serve; two may wait for the lock, who comes after them is sent away with a time to come again."""
    answers: list[tuple[int, str]] = []

    def send() -> None:
        sent = urllib.request.Request(
            f"{own_server.url}/api/edits", b'{"edits": []}', {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(sent, timeout=60) as answer:
                answers.append((answer.status, ""))
        except urllib.error.HTTPError as error:
            answers.append((error.code, error.headers["Retry-After"]))

    with locked(url(own_server)):
        threads = [threading.Thread(target=send) for _ in range(FIVE)]
        for thread in threads:
            thread.start()
        for address in ("/fr/", "/ar/exhibitors?q=miel", "/healthz"):
            with urllib.request.urlopen(own_server.url + address, timeout=8) as page:
                assert page.status == 200, address
        for thread in threads:
            thread.join()
    assert answers == [(503, "2")] * FIVE
    send()
    assert answers[-1] == (200, "")


def test_a_form_that_found_the_lock_held_is_sent_again_with_what_was_typed(chromium: Browser, office: Server) -> None:
    context = chromium.new_context(locale="fr-MA")
    page = sign_in(context, office)
    page.goto(office.url + "/staff/people")
    page.fill("form[aria-label] [name=name]", "Zahra l'autre")
    with locked(url(office)):
        page.press("form[aria-label] [name=name]", "Enter")
        expect(page.locator("h1")).to_have_text("Le serveur est occupé")
        expect(page.locator("main")).to_contain_text("Votre saisie est conservée")
    page.click("text=Envoyer à nouveau")
    expect(page.locator("main")).to_contain_text("Zahra l'autre")
    with database(office) as session:
        assert session.scalars(select(Staff.name).where(Staff.name == "Zahra l'autre")).all() == ["Zahra l'autre"]
    context.close()


@pytest.mark.parametrize(("lang", "said"), [("fr", "Le serveur est occupé"), ("ar", "الخادم مشغول")])
def test_a_form_sent_in_place_keeps_what_was_typed(chromium: Browser, office: Server, lang: str, said: str) -> None:
    with database(office) as session:
        free = session.scalars(select(Booth.code).where(Booth.exhibitor.is_(None), ~Booth.deleted)).first()
    context = chromium.new_context(locale="fr-MA")
    page = sign_in(context, office, lang)
    page.goto(f"{office.url}/staff/plan?pick={free}")
    form = page.locator("form[action$='/staff/plan/assign']").first
    who = form.locator("[name=who]")
    who.fill("Amina")
    with locked(url(office)):
        form.locator("button").first.click()
        expect(page.locator("[data-slot=toast]")).to_contain_text(said)
        assert who.input_value() == "Amina"
        expect(page).to_have_url(re.compile(f"pick={free}"))
    context.close()
