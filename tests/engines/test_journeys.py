"""The main journeys in Chromium, Firefox and WebKitGTK (of an iPhone's family), and in browsers that lack what newer ones have.

Run by `make test-browsers`; `make test` has the same pages in Chromium, in depth.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.accounts.access import make_card
from companion.models import Booth, Lead, Request
from tests.browser import pictures
from tests.browser.conftest import READY, Server, serving, start_phone
from tests.browser.conftest import database as opened
from tests.engines.eyes import Driven, Eyes, Spoken, address, text
from tests.engines.install import FIREFOX
from tests.engines.webdriver import webkit

WIDTH, HEIGHT = 360, 740
WITHOUT = """
for (const name of ['BarcodeDetector', 'SyncManager', 'CompressionStream', 'DecompressionStream', 'scheduler', 'navigation',
    'CookieStore', 'cookieStore', 'requestIdleCallback']) delete window[name];
delete Document.prototype.startViewTransition;
delete ServiceWorkerRegistration.prototype.sync;
for (const name of ['locks', 'share', 'canShare', 'clipboard', 'wakeLock', 'vibrate', 'connection', 'permissions'])
    delete Navigator.prototype[name];
delete StorageManager.prototype.persist;
delete StorageManager.prototype.persisted;
delete StorageManager.prototype.estimate;
delete crypto.constructor.prototype.randomUUID;
"""
"""Takes away from a page what is not in every browser of the last years."""
LACKING = """() => ({
    BarcodeDetector: 'BarcodeDetector' in window, sync: 'SyncManager' in window, locks: !!navigator.locks,
    persist: !!navigator.storage?.persist, transitions: 'startViewTransition' in document, share: !!navigator.share,
    compression: 'CompressionStream' in window, clipboard: !!navigator.clipboard,
})"""


@contextmanager
def chromium(playwright: Playwright, folder: Path, **options: Any) -> Iterator[Driven]:
    phone = start_phone(playwright, folder, **options)
    yield Driven(phone.pages[0])
    phone.close()


@contextmanager
def bare(playwright: Playwright, folder: Path) -> Iterator[Driven]:
    phone = start_phone(playwright, folder)
    phone.add_init_script(WITHOUT)
    yield Driven(phone.pages[0])
    phone.close()


@contextmanager
def firefox(playwright: Playwright, folder: Path, **wishes: Any) -> Iterator[Driven]:
    phone = playwright.firefox.launch_persistent_context(
        folder,
        executable_path=FIREFOX,
        channel="moz-firefox",
        viewport={"width": WIDTH, "height": HEIGHT},
        firefox_user_prefs=wishes,
    )
    yield Driven(phone.pages[0])
    phone.close()


@contextmanager
def safari(_: Playwright, __: Path) -> Iterator[Spoken]:
    with webkit(WIDTH, HEIGHT) as session:
        yield Spoken(session)


ENGINES = {"chromium": chromium, "bare": bare, "firefox": firefox, "webkit": safari}


@pytest.fixture(params=ENGINES)
def eyes(request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path) -> Iterator[Eyes]:
    with ENGINES[request.param](playwright, tmp_path / "phone") as browser:
        yield browser


@pytest.fixture(scope="module")
def server(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The running app, which a test may stop and start."""
    with serving(Path(shutil.copytree(demo, tmp_path_factory.mktemp("engines") / "instance"))) as server:
        yield server


@pytest.fixture
def database(server: Server) -> Iterator[Session]:
    with opened(server) as session:
        yield session


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """The server is down; the phone believes it has a network."""
    server.network.set("off")
    server.stop()
    try:
        yield
    finally:
        server.start()
        server.network.set("good")


def test_a_visitor(eyes: Eyes, server: Server, database: Session, tmp_path: Path) -> None:
    """First visit, everything with the server stopped, delivered when it is back."""
    eyes.open(server.url + "/fr/b/E43")
    eyes.see(READY)
    code = eyes.run("() => document.querySelector('[data-exhibitor]').dataset.exhibitor")
    lacks = sorted(name for name, there in eyes.run(LACKING).items() if not there)
    with stopped(server):
        for lang in ("fr", "ar", "zgh"):
            browse(eyes, f"{server.url}/{lang}", lang, code)
        scan(eyes, server, tmp_path)
        message = f"from {type(eyes).__name__} without {' '.join(lacks)}"
        write_request(eyes, f"{server.url}/fr", code, message)
        eyes.see("[data-slot=done]:not([hidden])")
        eyes.open(server.url + "/fr/mine")
        eyes.see(".request[data-sent=waiting]")
        eyes.see(f".kept [data-card='{code}']")
        assert eyes.run("() => document.documentElement.dataset.unsent") == "1"
    assert list(database.scalars(select(Request).where(Request.message == message))) == []
    eyes.press("[data-do=send]")
    eyes.see(".request[data-sent=delivered]")
    eyes.see("html[data-unsent='0']")
    database.rollback()
    assert len(list(database.scalars(select(Request).where(Request.message == message)))) == 1


def browse(eyes: Eyes, base: str, lang: str, code: str) -> None:
    """Home, search as one types, an exhibitor kept, the way to a booth, the programme: in one language."""
    eyes.open(base + "/")
    assert eyes.run("() => document.documentElement.lang") == lang
    assert eyes.run("() => innerWidth >= document.documentElement.scrollWidth")
    eyes.open(base + "/exhibitors")
    eyes.type("input[name=q]", "E43")
    eyes.see(f"#fragment [data-card='{code}']")
    eyes.press(f"#fragment [data-card='{code}']")
    eyes.see(f"[data-exhibitor='{code}']")
    if lang == "fr":
        eyes.press(".acts [data-act=bookmark]")
    eyes.see(".acts [data-act=bookmark][aria-pressed=true]")
    eyes.open(base + "/map?at=ENT-S&to=E43")
    eyes.see("[data-overlay] polyline")
    eyes.open(base + "/programme")
    eyes.press(".session h3 a")
    eyes.see("article.workshop")


def scan(eyes: Eyes, server: Server, folder: Path) -> None:
    """A photo of a poster opens its booth: none of these browsers has a reader of its own."""
    picture = folder / "poster.jpg"
    picture.write_bytes(pictures.photo(f"{server.url}/b/E43".upper()))
    eyes.open(server.url + "/ar/scan")
    eyes.give("[data-do=photo]", picture)
    eyes.see("[data-exhibitor]")
    assert address(eyes) == server.url + "/ar/b/E43"


def write_request(eyes: Eyes, base: str, code: str, message: str) -> None:
    eyes.open(f"{base}/e/{code}/request")
    eyes.see("form.ask")
    assert eyes.run("() => document.querySelector('form.ask').action.startsWith(location.origin)")
    eyes.press("label:has([name=wants][value=call])")
    eyes.type("#phone", "06 12 34 56 78")
    eyes.type("#message", message)
    eyes.press("[name=consent]")
    eyes.press("form.ask [type=submit]")


def test_an_exhibitor(eyes: Eyes, server: Server, database: Session) -> None:
    """Comes in by the card, takes a contact with the server stopped, and it arrives."""
    own = database.scalars(select(Booth.exhibitor).where(Booth.code == "A12")).one()
    assert own
    secret = make_card(database, own)
    database.commit()
    eyes.open(f"{server.url}/in#{secret}")
    eyes.press("[data-do=enter]")
    eyes.see("[data-with=pin]:not([hidden]) a")
    eyes.press("[data-with=pin] a")
    eyes.see(".tiles")
    eyes.see(READY)
    name = f"عمر {secret[:5]}"
    eyes.run(KEPT)
    with stopped(server):
        eyes.open(server.url + "/exhibitor/take")
        eyes.type("[name=name]", name)
        eyes.type("[name=phone]", "0600000003")
        eyes.press("[name=consent]")
        eyes.press(".sheet .strong")
        eyes.see("[data-state=call]")
        eyes.open(server.url + "/exhibitor/contacts")
        eyes.see("[data-lead]")
        assert name in text(eyes, "#area")
    eyes.open(server.url + "/exhibitor/leave")
    eyes.press("[data-do=send]")
    eyes.see(".sent.fine")
    database.rollback()
    [lead] = database.scalars(select(Lead).where(Lead.name == name))
    assert lead.phone == "+212600000003"


KEPT = """async () => {
    for (;;) {
        const names = (await caches.keys()).filter((name) => name.startsWith('area-'));
        if (names.length && (await (await caches.open(names[0])).keys()).length >= 4) return true;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}"""
"""Resolves when the area's files are on the phone."""


REFUSED = """Object.defineProperty(window, 'indexedDB', { value: { open() { throw new DOMException('', 'SecurityError'); } } });
Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });"""
IN_APP = "Mozilla/5.0 (Linux; Android 12; wv) Chrome/120 Mobile Safari/537.36 [FBAN/EMA;FBAV/400.0]"


@contextmanager
def in_app(playwright: Playwright, folder: Path) -> Iterator[Driven]:
    """A browser inside another application: no worker, and nothing is kept."""
    phone = start_phone(playwright, folder, service_workers="block", user_agent=IN_APP)
    phone.add_init_script(REFUSED)
    yield Driven(phone.pages[0])
    phone.close()


def test_inside_another_application(playwright: Playwright, server: Server, tmp_path: Path) -> None:
    """Everything can be read, and the page says what it cannot do and what to do about it."""
    with in_app(playwright, tmp_path / "phone") as eyes:
        reads(eyes, server)
        eyes.open(server.url + "/fr/b/E43")
        eyes.press(".acts [data-act=bookmark]")
        eyes.see("[data-slot=toast] [data-say=storage-refused]")
        assert eyes.count(".acts [data-act=bookmark][aria-pressed=true]") == 0
        eyes.open(server.url + "/fr/about")
        eyes.see("[data-browser=in-app][open]")
        assert "navigateur" in text(eyes, "[data-browser=in-app]")
        assert eyes.run("() => document.documentElement.dataset.offline") == "none"
        eyes.open(server.url + "/fr/b/E43")
        code = eyes.run("() => document.querySelector('[data-exhibitor]').dataset.exhibitor")
        write_request(eyes, f"{server.url}/fr", code, "from inside another application")
        eyes.see(".notice[role=status] bdi")  # sent as a plain form, since it could not be kept


def test_in_a_private_window(playwright: Playwright, server: Server, tmp_path: Path) -> None:
    """As Firefox has long had it: no worker, no storage. Everything can be read, and the page says what is not kept."""
    with firefox(playwright, tmp_path / "phone", **{"dom.serviceWorkers.enabled": False}) as eyes:
        eyes.page.add_init_script(REFUSED)
        reads(eyes, server)
        assert eyes.run("() => navigator.serviceWorker") is None
        eyes.open(server.url + "/fr/b/E43")
        eyes.press(".acts [data-act=bookmark]")
        eyes.see("[data-slot=toast] [data-say=storage-refused]")


def reads(eyes: Eyes, server: Server) -> None:
    for lang in ("fr", "ar", "zgh"):
        for path in ("", "b/E43", "exhibitors?q=miel", "map?at=ENT-S&to=E43", "programme", "mine", "about"):
            eyes.open(f"{server.url}/{lang}/{path}")
            assert eyes.count("h1") == 1, path
