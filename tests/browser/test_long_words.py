"""Words of sixty letters without a space, where people type: no page becomes wider than a small phone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff
from companion.models import Booth, Exhibitor, Notice, Product, Workshop
from companion.sync.edits import Author, Change
from companion.sync.log import write
from tests.browser.conftest import PATIENCE, Server, database, start_phone
from tests.browser.exhibitors import card_of, come_in
from tests.browser.exhibitors import go as go_area
from tests.browser.offices import PASSWORD
from tests.browser.places import FLOOR, OFFICE
from tests.visitors import make_request

pytestmark = pytest.mark.browser

BOOTH = "A14"
WORD = "Coopérativeagricoledesproductricesdemielduhautatlasoriental"
ARABIC = "تعاونيةالنساءالمنتجاتللعسلوالأركانوالزعفرانبالأطلسالكبيرالشرقي"
EMAIL = f"{'contact.cooperative.' * 3}z@{'atlas-oriental-' * 3}x.example"
SITE = f"https://{'atlas-oriental-' * 3}x.example/{'catalogue' * 5}"
WIDE = "() => Math.max(innerWidth, document.documentElement.scrollWidth)"
OFFICE_AUTHOR = Author("staff:driss", "administrator")
AREA = (
    "", "page", "edit/name", "edit/about", "edit/contact", "edit/labels", "product/new", "product/{product}", "photos",
    "history", "card", "take", "contacts", "contact/{lead}", "contact/{request}", "fair", "messages", "phones", "leave",
)  # fmt: skip
VISITORS = (
    "/", "/exhibitors", "/e/{code}", "/e/{code}/request", "/b/{booth}", "/map?at={booth}", "/programme", "/programme/{workshop}",
    "/mine", "/scan?code={word}", "/exhibitors?q={word}", "/{word}",
)  # fmt: skip


def texts() -> dict[str, str]:
    return {"fr": WORD, "ar": ARABIC, "zgh": WORD}


def of(path: str, words: dict[str, str] | None = None) -> dict[str, Any]:
    """The fields of a translated text."""
    return {f"{path}.{lang}": word for lang, word in (words or texts()).items()}


def fill(session: Session) -> dict[str, str]:
    """Write long words wherever somebody types; return what addresses are made of."""
    one = session.scalars(
        select(Exhibitor).join(Booth, Booth.exhibitor == Exhibitor.id).where(Booth.code == BOOTH)
    ).one()
    product = session.scalars(select(Product.id).where(Product.exhibitor == one.id)).first() or ""
    workshop = session.scalars(select(Workshop)).first()
    assert workshop
    fields = {
        Exhibitor.KIND: of("name") | of("about") | {
            "email": EMAIL, "website": SITE, "commune": "", "commune_text": WORD, "note": WORD, "labels": [WORD],
            "certifications": [WORD], "number": WORD[:20],
        },
        Product.KIND: of("name") | {"unit": WORD, "label": WORD, "price": 123456789},
        Workshop.KIND: of("title") | of("abstract") | of("speaker") | {"audience": WORD},
    }  # fmt: skip
    ids = {Exhibitor.KIND: one.id, Product.KIND: product, Workshop.KIND: workshop.id}
    write(session, [Change(kind, ids[kind], fields[kind]) for kind in fields], OFFICE_AUTHOR)
    notice = of("title") | of("body") | {"urgency": "urgent", "audience": "all"}
    new = "6d1f3e0a-9c1b-4a53-8c57-0d6a4a0b5c{:02}"
    write(session, [Change(Notice.KIND, new.format(1), notice)], OFFICE_AUTHOR)
    return {
        "id": one.id, "code": one.code, "booth": BOOTH, "product": product, "workshop": workshop.code, "word": WORD,
    }  # fmt: skip


@pytest.fixture(scope="module")
def places(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    server = Server(Path(shutil.copytree(demo, tmp_path_factory.mktemp("long") / "instance")))
    with database(server) as session:
        names = fill(session)
        add_staff(session, WORD, "administrator", PASSWORD)
        add_staff(session, "f" + WORD[1:], "floor", PASSWORD)
        session.commit()
    server.start()
    yield server, names
    server.close()


def measure(page: Page, addresses: list[str], open_: Callable[[str], Any]) -> dict[str, dict[int, int]]:
    """The pages that are wider than the screen, and by how much."""
    wide: dict[str, dict[int, int]] = {}
    for address in addresses:
        open_(address)
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 700})
            shown = page.evaluate(WIDE)
            if shown != width:
                wide.setdefault(address, {})[width] = shown
    return wide


def phone(chromium: Browser) -> BrowserContext:
    context = chromium.new_context(
        viewport={"width": 320, "height": 700}, is_mobile=True, has_touch=True, service_workers="block"
    )
    context.set_default_timeout(PATIENCE)
    return context


def filled(paths: tuple[str, ...], names: dict[str, str]) -> list[str]:
    return [path.format(**names) for path in paths]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_visitors_pages(chromium: Browser, places: tuple[Server, dict[str, str]], lang: str) -> None:
    server, names = places
    with phone(chromium) as context:
        page = context.new_page()
        addresses = [f"{server.url}/{lang}{path}" for path in filled(VISITORS, names)]
        assert measure(page, addresses, page.goto) == {}
        page.goto(f"{server.url}/{lang}/e/{names['code']}")
        assert page.locator("h1").inner_text().strip() == (ARABIC if lang == "ar" else WORD)


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("who", ["office", "floor"])
def test_staff_pages(chromium: Browser, places: tuple[Server, dict[str, str]], who: str, lang: str) -> None:
    server, names = places
    with phone(chromium) as context:
        context.add_cookies([{"name": "lang", "value": lang, "url": server.url}])
        page = context.new_page()
        page.goto(server.url + ("/staff/sign-in" if who == "office" else "/staff/sign-in?next=/staff/floor"))
        page.fill("[name=name]", WORD if who == "office" else "f" + WORD[1:])
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/staff/" if who == "office" else "**/staff/floor**")

        def go_floor(address: str) -> None:
            page.goto(address)
            page.wait_for_selector("#area h1")

        base = server.url + "/staff/" if who == "office" else server.url + "/staff/floor"
        addresses = [base + path for path in filled(OFFICE if who == "office" else FLOOR, names)]
        assert measure(page, addresses, page.goto if who == "office" else go_floor) == {}


def test_exhibitors_pages(places: tuple[Server, dict[str, str]], playwright: Playwright, tmp_path: Path) -> None:
    server, names = places
    context = start_phone(playwright, tmp_path / "phone", is_mobile=True)
    page = context.pages[0]
    with database(server) as records:
        come_in(page, server, card_of(records, BOOTH))
    asked = make_request(
        exhibitor=names["code"], name=WORD, email=EMAIL, phone="+212600000022", message=WORD, lang="fr", wants="other"
    )
    assert page.evaluate(SEND, [asked]) == ["applied"]
    go_area(page, server, "take")
    page.locator("details").evaluate("details => { details.open = true; }")
    for field in ("name", "organisation", "town", "interest", "note", "by"):
        page.fill(f"[name={field}]", WORD)
    page.fill("[name=email]", EMAIL)
    page.locator(".sheet .strong").first.click()
    page.wait_for_url("**/exhibitor/contact/*")
    lead = page.url.rpartition("/")[2]
    page.wait_for_selector("[name=tags]")
    page.fill("[name=tags]", WORD)
    page.locator('[data-do="details"] button').click()
    page.wait_for_selector("[data-slot=toast] p")
    names = names | {"lead": lead, "request": asked["record"]}
    wide: dict[str, dict[int, int]] = {}
    for lang in ("fr", "ar"):
        go_area(page, server, "")
        page.click(f'[data-lang="{lang}"]')
        page.wait_for_selector(f"html[lang={lang}]")
        wide |= {
            f"{lang} {path}": by
            for path, by in measure(page, filled(AREA, names), lambda path: go_area(page, server, path)).items()
        }
    assert wide == {}
    context.close()


SEND = """async (edits) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch('/api/edits', { method: 'POST', headers, body: JSON.stringify({ edits }) });
  return (await answer.json()).outcomes.map(({ state }) => state);
}"""
