"""The fair in the pocket: what a phone still does when the network is gone, silent, lying, or replaced meanwhile."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from companion.models import Exhibitor
from companion.sync.log import Author, Change, write
from tests.browser.conftest import READY, Server

pytestmark = pytest.mark.browser

ONE = "/fr/b/A1"
ADDRESSES = [
    "/",
    "/b/e43",
    "/B/E43",
    "/E/00000",
    *("/FR/", "/AR/", "/Fr/exhibitors?q=miel", "/FR/b/E43", "/AR/b/E43", "/FR/b/E43/", "/ZGH/mine", "/AR/no/such"),
    *(f"/{lang}/{path}" for lang in ("fr", "ar", "zgh") for path in (
        "", "exhibitors", "exhibitors?q=miel", "exhibitors?q=%D8%B9%D8%B3%D9%84&kind=cooperative", "b/E43", "b/e%2043",
        "map", "map?at=E43", "programme", "programme?day=2027-07-04", "programme/W01", "programme/w1.ics", "mine",
        "scan", "scan?code=zzz", "about", "b/Q99", "e/00000", "no/such%20page?q=%3Cb%3E", "exhibitors?q=a&q=b&page=x",
        "exhibitors?q=%FF%E2%82", "exhibitors?=a&q", "exhibitors?q=%C3%A9+a%2Bb&&sector",
    )),
]  # fmt: skip


def ready(page: Page, server: Server, path: str = ONE) -> None:
    """Open a page and wait until the whole fair is on the phone, and until that page is answered by the phone."""
    page.goto(server.url + path)
    page.wait_for_selector(READY)


def opened(page: Page, address: str) -> Response:
    response = page.goto(address)
    assert response is not None
    return response


def seq(page: Page) -> int:
    return int(page.get_attribute("html", "data-seq") or 0)


def publish(server: Server, text: str) -> str:
    """Give the first exhibitor another French name, as an edit of the log; return its code."""
    engine = create_engine(f"sqlite:///{server.folder / 'rafiq.sqlite'}")
    with Session(engine) as session:
        exhibitor = session.scalars(select(Exhibitor).order_by(Exhibitor.code)).first()
        assert exhibitor is not None
        write(session, [Change("exhibitor", exhibitor.id, {"name.fr": text})], Author(name="test", role="importer"))
        session.commit()
        code = exhibitor.code
    engine.dispose()
    return code


def releases(page: Page) -> set[str]:
    """The releases that the page's own files are of."""
    return set(re.findall(r"/static/([0-9a-f]{12})/", page.content()))


@pytest.mark.parametrize("weather", ["off", "silent", "portal"])
def test_after_one_visit_every_address_opens_whatever_the_network_does(
    page: Page, server: Server, weather: str
) -> None:
    ready(page, server)
    server.network.set(weather)
    for path in ADDRESSES:
        if path.endswith(".ics"):
            continue  # a download, not a page
        started = time.monotonic()
        response = opened(page, server.url + path)
        assert response.from_service_worker, path
        assert response.status == (404 if re.search("Q99|00000|no/such", path) else 200), path
        assert time.monotonic() - started < 3, path
        assert page.locator("h1").count() == 1, path


def test_the_phone_answers_the_same_bytes_and_headers_as_the_server(page: Page, server: Server) -> None:
    ready(page, server)
    ask = """async ([address, accept]) => {
        const answer = await fetch(address, { headers: { accept } });
        return [answer.status, Object.fromEntries(answer.headers), await answer.text()];
    }"""
    alike = ("content-type", "content-security-policy", "x-content-type-options", "referrer-policy", "rafiq-release")
    for path in ADDRESSES[4:]:  # those before name no language, and a browser asks for another than a script
        for accept in ("text/html", "text/x-fragment"):
            status, headers, text = page.evaluate(ask, [path, accept])
            server_status, server_headers, server_text = _from_flask(server.url + path, accept)
            assert (path, accept, status, text) == (path, accept, server_status, server_text)
            assert {name: headers[name] for name in alike} == {name: server_headers[name] for name in alike}


def _from_flask(address: str, accept: str) -> tuple[int, Any, str]:
    request = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


def test_the_browser_restarted_without_network_opens_booths_never_seen(
    open_phone: Callable[..., BrowserContext], server: Server
) -> None:
    phone = open_phone()
    ready(phone.pages[0], server)
    phone.close()
    server.network.set("off")
    page = open_phone().pages[0]
    response = opened(page, server.url + "/B/E43")
    assert (response.status, response.from_service_worker) == (200, True)
    page.wait_for_selector(READY)
    assert page.locator("[data-exhibitor]").count() == 1


def test_a_worker_that_the_browser_stopped_answers_again(phone: BrowserContext, page: Page, server: Server) -> None:
    ready(page, server)
    server.network.set("silent")
    browser = phone.new_cdp_session(page)
    browser.send("ServiceWorker.enable")
    for path in ("/ar/map", "/zgh/b/E43", "/fr/exhibitors?q=miel"):
        browser.send("ServiceWorker.stopAllWorkers")
        assert opened(page, server.url + path).status == 200


def test_an_address_without_language_keeps_the_last_one(page: Page, server: Server) -> None:
    ready(page, server, "/ar/")
    server.network.set("off")
    page.goto(server.url + "/b/E43")
    assert page.get_attribute("html", "lang") == "ar"


def test_the_phone_redirects_as_the_server_does(page: Page, server: Server) -> None:
    ready(page, server)
    for path, leads_to in (
        ("/fr", "/fr/"),
        ("/ar?q=a", "/ar/?q=a"),
        ("/fr/scan?code=E43", "/fr/b/E43"),
    ):
        with urllib.request.urlopen(server.url + path) as answer:
            assert answer.url == server.url + leads_to
        page.goto(server.url + path)
        assert page.url == server.url + leads_to


@pytest.mark.parametrize(
    ("weather", "only"),
    [("portal", "/api/"), ("silent", "/api/"), ("cut", "/packed"), ("portal", "/packed"), ("portal", "/fonts/")],
)
def test_what_the_network_spoils_is_not_kept_and_not_called_ready(
    page: Page, server: Server, weather: str, only: str
) -> None:
    server.network.set(weather, after=20_000, only=only)
    page.goto(server.url + ONE)
    page.wait_for_timeout(3000)
    assert page.get_attribute("html", "data-offline") in ("none", "partial")
    server.network.set("good")
    page.wait_for_selector(READY)
    server.network.set("off")
    assert opened(page, server.url + "/ar/b/E43").status == 200


def test_without_catalogue_and_network_the_phone_says_so_and_recovers(
    phone: BrowserContext, page: Page, server: Server
) -> None:
    ready(page, server)
    browser = phone.new_cdp_session(page)
    browser.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "indexeddb"})
    browser.send("ServiceWorker.enable")
    browser.send("ServiceWorker.stopAllWorkers")
    server.network.set("off")
    assert opened(page, server.url + "/ar/b/E43").status == 503
    assert page.get_attribute("html", "dir") == "rtl"
    page.wait_for_selector("html[data-offline=partial]")
    server.network.set("good")
    page.wait_for_selector("[data-exhibitor]")
    page.wait_for_selector(READY)


def test_an_update_is_the_old_catalogue_or_the_new_one(page: Page, own_server: Server) -> None:
    ready(page, own_server)
    before = seq(page)
    code = publish(own_server, "Les nouvelles abeilles")
    own_server.network.set("cut", after=300, only="/api/catalogue/changes")
    page.goto(f"{own_server.url}/fr/e/{code}")
    page.wait_for_timeout(1500)
    page.reload()
    assert seq(page) == before
    assert "abeilles" not in page.inner_text("h1")
    own_server.network.set("good")
    page.wait_for_function("() => indexedDB.databases().then(() => true)")
    page.wait_for_timeout(4000)
    page.reload()
    assert seq(page) > before
    assert page.inner_text("h1") == "Les nouvelles abeilles"
    own_server.network.set("off")
    page.goto(f"{own_server.url}/fr/exhibitors?q=nouvelles+abeilles")
    assert page.locator(f"[data-card='{code}']").count() == 1


def test_a_deploy_neither_breaks_open_pages_nor_mixes_releases(
    phone: BrowserContext, page: Page, own_server: Server
) -> None:
    ready(page, own_server, "/fr/exhibitors")
    old = releases(page)
    other = phone.new_page()
    own_server.stop()
    own_server.start(COMPANION_LANGUAGES="fr,ar,zgh,en")
    other.goto(own_server.url + "/fr/map")
    page.wait_for_selector("[data-slot=update]:not([hidden])")
    assert releases(page) == old
    own_server.network.set("off")
    loaded = page.evaluate("() => Promise.all([...document.styleSheets].map((s) => fetch(s.href).then((a) => a.ok)))")
    assert loaded == [True]
    with page.expect_navigation():
        page.fill("input[name=q]", "miel")
    page.wait_for_selector("[data-card]")
    assert len(releases(page)) == 1
    assert releases(page) != old
    assert page.locator("a[hreflang=en]").count() > 0
    assert page.evaluate("() => document.querySelector('.top').offsetHeight") < 70  # four languages on one line
    assert page.url == own_server.url + "/fr/exhibitors?q=miel"


def test_a_phone_that_refuses_storage_still_reads_from_the_server(
    phone: BrowserContext, page: Page, server: Server
) -> None:
    browser = phone.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": 1})
    page.goto(server.url + ONE)
    page.wait_for_timeout(2500)
    assert page.get_attribute("html", "data-offline") != "ready"
    assert opened(page, server.url + "/ar/exhibitors?q=miel").status == 200
    assert page.locator("[data-card]").count() > 0


def test_a_browser_without_workers_reads_from_the_server(
    open_phone: Callable[..., BrowserContext], server: Server
) -> None:
    page = open_phone(service_workers="block").pages[0]
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(error))
    for path in ("/ar/b/E43", "/fr/exhibitors?q=miel", "/zgh/map"):
        assert opened(page, server.url + path).status == 200
        assert page.get_attribute("html", "data-offline") == "none"
    assert errors == []


def test_what_the_browser_evicted_comes_back(phone: BrowserContext, page: Page, server: Server) -> None:
    ready(page, server)
    browser = phone.new_cdp_session(page)
    browser.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "cache_storage"})
    page.goto(server.url + "/fr/map")
    page.wait_for_selector(READY)
    server.network.set("off")
    page.goto(server.url + "/fr/programme")
    loaded = page.evaluate("() => [...document.styleSheets].map((sheet) => sheet.cssRules.length > 0)")
    assert loaded == [True]


SPOIL = """() => new Promise((done, fail) => {
  const opening = indexedDB.open('rafiq');
  opening.onerror = fail;
  opening.onsuccess = () => {
    const db = opening.result;
    const transaction = db.transaction('catalogue', 'readwrite');
    const store = transaction.objectStore('catalogue');
    store.get('current').onsuccess = ({ target: { result } }) => {
      const snapshot = JSON.parse(result.snapshot);
      delete snapshot.fair.offsets;
      const wrong = { ...snapshot, facts: 'older', fair: { ...snapshot.fair, offset: 330 } };
      store.put({ ...result, snapshot: JSON.stringify(wrong) }, 'current');
    };
    transaction.onerror = fail;
    transaction.oncomplete = () => {
      db.close();
      new BroadcastChannel('catalogue').postMessage(0);
      done();
    };
  };
})"""
"""What a phone has whose catalogue was made with other zone rules, at the same position of the log."""

STARTS = """async () => {
  const answer = await fetch('/fr/programme/W01.ics');
  return /DTSTART:(.*)/.exec(await answer.text())[1];
}"""


def starts(page: Page, wanted: Callable[[str], bool]) -> str:
    """When the first workshop starts, by the calendar file the phone makes, once it is as wanted."""
    for _ in range(300):
        found = str(page.evaluate(STARTS))
        if wanted(found):
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"still {found}")


def test_a_phone_with_another_offset_gets_the_right_one_with_no_change_in_the_log(
    page: Page, own_server: Server
) -> None:
    ready(page, own_server, "/fr/programme")
    right, position = str(page.evaluate(STARTS)), seq(page)
    own_server.network.set("off")
    page.evaluate(SPOIL)
    starts(page, lambda found: found != right)
    own_server.network.set("good")
    page.goto(own_server.url + "/fr/")
    starts(page, lambda found: found == right)
    assert seq(page) == position
