"""The floor team's day: signed in once at the entrance, then a hall without a network, and a colleague in the office."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator

import pytest
import qrcode
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff
from companion.extensions import prepare_sqlite
from companion.models import Booth, Exhibitor, LogEntry, Picture, Trouble
from companion.sync.conflicts import conflicts
from companion.sync.edits import Author, Change
from companion.sync.log import write
from tests.browser.conftest import READY, Server
from tests.browser.exhibitors import press, unsent
from tests.offices import PASSWORD

pytestmark = pytest.mark.browser

OFFICE = Author("staff:driss", "editor")

KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('floor-'));
  return names.length ? (await (await caches.open(names[0])).keys()).length : 0;
}"""
"""How many of the floor's files the phone has."""


@pytest.fixture
def records(own_server: Server) -> Iterator[Session]:
    """The server's database, seen from the office; amina is of the floor team, badr of the office."""
    engine = create_engine(f"sqlite:///{own_server.folder / 'rafiq.sqlite'}")
    prepare_sqlite(engine)
    with Session(engine) as session:
        add_staff(session, "amina", "floor", PASSWORD)
        add_staff(session, "badr", "editor", PASSWORD)
        session.commit()
        yield session
    engine.dispose()


def sign_in(page: Page, server: Server, name: str = "amina") -> None:
    """Sign in, and wait until the floor opens without a server."""
    page.goto(server.url + "/staff/sign-in?next=/staff/floor")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[data-one]")
    page.wait_for_selector(READY, state="attached")
    deadline = time.monotonic() + 20
    while page.evaluate(KEPT) < 4:
        assert time.monotonic() < deadline, "the floor's files are not stored"
        page.wait_for_timeout(50)


def go(page: Page, server: Server, path: str = "") -> None:
    page.goto(f"{server.url}/staff/floor{path}")
    page.wait_for_selector("#area h1")


def at(session: Session, booth: str) -> Exhibitor:
    """Who stands at a booth."""
    session.rollback()
    return session.scalars(
        select(Exhibitor).join(Booth, Booth.exhibitor == Exhibitor.id).where(Booth.code == booth)
    ).one()


def deliver(page: Page, server: Server) -> None:
    go(page, server, "/leave")
    page.click('[data-do="send"]')
    page.wait_for_function("() => document.querySelector('.sent.fine')")
    assert unsent(page) == []


def poster(address: str) -> bytes:
    out = io.BytesIO()
    qrcode.make(address).save(out)
    return out.getvalue()


def test_while_the_first_records_do_not_come_the_page_says_so_and_goes_on_by_itself(
    own_server: Server, page: Page, records: Session
) -> None:
    held: list[Route] = []
    page.route("**/api/records", lambda route: held.append(route))
    page.goto(own_server.url + "/staff/sign-in?next=/staff/floor")
    page.fill("[name=name]", "amina")
    page.fill("[name=password]", PASSWORD)
    with page.expect_request("**/api/records"):
        page.press("[name=password]", "Enter")
    expect(page.locator("#area h1")).to_have_text("Enregistrement de la foire sur ce téléphone…")
    page.wait_for_timeout(100)  # the request is handed to the route
    held[0].abort()
    expect(page.locator("#area h1")).to_have_text("Pour le moment, Internet est nécessaire")
    page.unroute("**/api/records")
    page.wait_for_selector("[data-one]")


def test_a_day_in_the_hall_without_a_server(own_server: Server, page: Page, records: Session) -> None:
    """Check in, correct, swap, scan, search; the office writes meanwhile; afterwards everything is there."""
    here, there = at(records, "A12"), at(records, "B04")
    here_id, there_id, name = here.id, there.id, here.name["fr"]
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, own_server)
    own_server.network.set("off")

    go(page, own_server)
    page.fill("[name=q]", "a12")
    page.wait_for_function("() => document.querySelectorAll('[data-one]').length === 1")
    assert page.get_attribute("[data-one]", "data-one") == here_id
    page.fill("[name=q]", " ".join(name.split()[-2:]))
    page.wait_for_selector(f'[data-one="{here_id}"]')
    page.click(f'[data-one="{here_id}"] a')
    press(page, '[data-do="presence"][data-state="arrived"]')
    page.wait_for_selector('[data-state="arrived"][aria-pressed="true"]')
    expect(page.locator(".floor-one .waits")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-unsent", "1")
    assert unsent(page)[0]["as"] == "staff:amina"

    go(page, own_server, f"/edit/{here_id}")
    assert page.locator("[name='name.fr']").count() == 0, "the floor team may not rename anybody"
    page.fill("#phone-1", "12")
    press(page, ".sheet .strong")
    page.wait_for_selector('[data-slot="toast"] [data-tone="problem"]')
    page.fill("#phone-1", "06 00 00 00 21")
    page.fill("[name=note]", "Attend une <table>")
    press(page, ".sheet .strong")
    page.wait_for_selector(".team-note >> text=Attend une <table>")
    page.wait_for_selector("text=06 00 00 00 21")

    go(page, own_server, f"/move/{here_id}")
    page.fill("[name=q]", "b04")
    page.wait_for_function("() => document.querySelectorAll('[data-place]').length === 1")
    page.click("[data-place] button")
    page.wait_for_selector("#sure[open] .moves li:nth-child(2)")
    page.click('[data-do="bring"]')
    page.wait_for_selector(".where-now >> text=B04")

    go(page, own_server, "/scan")
    page.fill("[name=code]", "b 4")
    press(page, ".code .strong")
    page.wait_for_selector(f'article[data-one="{here_id}"]')
    go(page, own_server, "/scan")
    code = poster(f"{own_server.url}/B/A12".upper())
    page.set_input_files('[data-do="photo"]', {"name": "p.png", "mimeType": "image/png", "buffer": code})
    page.wait_for_selector(f'article[data-one="{there_id}"]')

    go(page, own_server, "?state=arrived")
    expect(page.locator("[data-one]")).to_have_count(1)

    write(records, [Change("exhibitor", here_id, {"name.fr": "Un autre nom", "phones": ["+212600000022"]})], OFFICE)
    records.commit()
    own_server.network.calm()
    deliver(page, own_server)
    assert at(records, "B04").id == here_id
    assert at(records, "A12").id == there_id
    row = records.get_one(Exhibitor, here_id)
    assert (row.presence, row.note, row.name["fr"]) == ("arrived", "Attend une <table>", "Un autre nom")
    [conflict] = conflicts(records)
    assert (conflict.record, conflict.path) == (here_id, "phones")
    authors = select(LogEntry.author, LogEntry.role).where(LogEntry.record == here_id, LogEntry.author == "staff:amina")
    assert set(records.execute(authors)) == {("staff:amina", "floor")}
    go(page, own_server, f"/one/{here_id}")
    page.wait_for_selector("h1 >> text=Un autre nom")
    go(page, own_server, "/conflicts")
    page.wait_for_selector("[data-conflict]")
    own_server.network.set("off")
    go(page, own_server, "/conflicts")
    expect(page.locator("[data-replaced]")).to_contain_text("driss")
    expect(page.locator("[data-replaced] del")).to_contain_text("06 00 00 00 21")
    press(page, '[data-do="understood"]')
    page.wait_for_function("() => !document.querySelector('[data-replaced]')")
    sides = page.locator("[data-conflict] label:has(small)").all_inner_texts()
    assert sorted("amina" if "Vous" in text else "driss" for text in sides) == ["amina", "driss"]
    press(page, ".sheet .strong")
    page.wait_for_selector('[data-slot="toast"] [data-tone="problem"]')
    page.check('[value="third"]')
    page.fill("[name^=third]", "06 00 00 00 21, 06 00 00 00 22")
    press(page, ".sheet .strong")
    page.wait_for_selector(".empty")
    go(page, own_server, f"/one/{here_id}")
    page.wait_for_selector("text=06 00 00 00 22")
    own_server.network.calm()
    deliver(page, own_server)
    records.rollback()
    assert conflicts(records) == []
    assert records.get_one(Exhibitor, here_id).phones == ["+212600000021", "+212600000022"]
    # The browser itself complains when it goes from a page of one style to one of another.
    assert [problem for problem in problems if "ViewTransition" not in problem] == []


def test_somebody_new_their_card_and_a_problem_without_a_server(
    own_server: Server, page: Page, records: Session, open_phone: Callable[..., BrowserContext]
) -> None:
    """Added, shown a code, handed out; a problem with its photo, in Arabic; later all of it is in the office and the code opens."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, own_server)
    own_server.network.set("off")
    go(page, own_server)
    page.click('a[href="/staff/floor/new"]')
    page.wait_for_selector("#name-fr")
    press(page, ".sheet .strong")
    page.wait_for_selector('[data-slot="toast"] [data-tone="problem"]')
    page.fill("#name-fr", "Coopérative <Tifaouine>")
    page.fill("#name-ar", "تعاونية تيفاوين")
    page.fill("#phone", "06 00 00 00 33")
    page.select_option("#booth", index=1)
    press(page, ".sheet .strong")
    page.wait_for_url("**/floor/card/**")
    page.wait_for_selector(".qr svg")
    new = page.url.rpartition("/")[2]
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator(".qr").screenshot())))
    address, _, secret = read.text.partition("#")
    assert (address, len(secret)) == (f"{own_server.url}/in", 22)
    assert secret not in str(unsent(page)), "what is sent is the secret's digest"
    press(page, '[data-do="given"]')
    page.wait_for_selector(f'article[data-one="{new}"]')
    expect(page.locator('[data-do="card"]')).to_have_attribute("aria-pressed", "true")

    page.click('[data-do="lang"][data-lang="ar"]')
    page.wait_for_selector("html[dir=rtl]")
    page.click(f'a[href="/staff/floor/problem/{new}"]')
    page.fill("#text", "المصباح مكسور")
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "red").save(out, "JPEG")
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.locator('[data-do="photo"]').first.set_input_files(photo)
    page.wait_for_selector(".taken:not([hidden])")
    press(page, ".sheet .strong")
    page.wait_for_selector('[data-problem] img[src^="blob:"]')
    expect(page.locator("[data-problem] .waits")).to_be_visible()
    go(page, own_server, "/leave")
    expect(page.locator("[data-item]")).to_have_count(4)

    own_server.network.calm()
    deliver(page, own_server)
    page.wait_for_function("() => document.querySelector('.sent.fine') && !document.querySelector('[data-item]')")
    deadline = time.monotonic() + 20
    while not (noted := told(records)).picture:
        assert time.monotonic() < deadline, "the photo has not come"
        page.wait_for_timeout(100)
    row = records.get_one(Exhibitor, new)
    assert (row.walk_in, row.presence, row.card_given, row.phones) == (True, "arrived", True, ["+212600000033"])
    assert records.scalars(select(Booth).where(Booth.exhibitor == new)).one()
    assert (noted.text, noted.exhibitor) == ("المصباح مكسور", new)
    assert records.get_one(Picture, noted.picture)

    theirs = open_phone("theirs").pages[0]
    theirs.goto(read.text)
    theirs.click('[data-do="enter"]')
    theirs.wait_for_selector("#new-pin")
    theirs.goto(own_server.url + "/exhibitor/")
    theirs.wait_for_selector("text=Coopérative <Tifaouine>")
    assert [problem for problem in problems if "ViewTransition" not in problem] == []


def told(session: Session) -> Trouble:
    """The one problem that was noted."""
    session.rollback()
    return session.scalars(select(Trouble)).one()


def test_a_phone_that_comes_to_another_server_misses_nothing(own_server: Server, page: Page, records: Session) -> None:
    """The hall's server is set back to a backup: its log is another, and what is written then is at positions read before."""
    here = at(records, "A12").id
    sign_in(page, own_server)
    backup = own_server.folder.parent / "fair.backup"
    own_server.flask("backup", str(backup))
    for number in range(3):
        write(records, [Change("exhibitor", here, {"note": f"Avant {number}"})], OFFICE)
        records.commit()
    go(page, own_server, f"/one/{here}")
    page.wait_for_selector(".team-note >> text=Avant 2")
    records.close()
    own_server.stop()
    own_server.flask("restore", "--replace", str(backup))
    write(records, [Change("exhibitor", here, {"website": "https://apres.example"})], OFFICE)
    records.commit()
    own_server.start()
    go(page, own_server, f"/one/{here}")
    page.wait_for_selector("text=apres.example")
    assert page.locator(".team-note").count() == 0, "it shows what this server has"


def test_signing_out_keeps_what_is_unsent_and_takes_the_rest(own_server: Server, page: Page, records: Session) -> None:
    """Another person on the same phone sees nothing of it and sends nothing of it; the first one's work arrives later."""
    own = at(records, "A12").id
    sign_in(page, own_server)
    own_server.network.set("off")
    go(page, own_server, f"/one/{own}")
    press(page, '[data-do="presence"][data-state="absent"]')
    page.wait_for_selector('[data-state="absent"][aria-pressed="true"]')
    go(page, own_server, "/leave")
    press(page, '[data-do="leave"]')
    page.wait_for_selector("#unsent[open]")
    with page.expect_download() as saved:
        page.click('#unsent [data-do="file"]')
    assert own in saved.value.path().read_text()
    page.click('#unsent [value="cancel"]')
    press(page, '[data-do="leave"]')
    page.click('#unsent [data-do="leave_anyway"]')
    page.wait_for_selector('[data-slot="toast"] [data-tone="problem"]')
    expect(page.locator("h1")).to_be_visible()

    own_server.network.calm()
    page.evaluate("() => navigator.locks.request('outbox', () => new Promise(() => {})) && undefined")
    page.click('[data-do="leave_anyway"]')
    page.wait_for_url("**/staff/sign-in**")
    kept = page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open('rafiq');
          opening.onsuccess = () => {
            const names = ['records', 'history', 'area'];
            const counts = names.map((name) => new Promise((counted) => {
              const asking = opening.result.transaction(name).objectStore(name).count();
              asking.onsuccess = () => counted(asking.result);
            }));
            Promise.all(counts).then((all) => { opening.result.close(); resolve(all); });
          };
        })"""
    )
    assert kept == [0, 0, 0]
    assert [item["as"] for item in unsent(page)] == ["staff:amina"]

    sign_in(page, own_server, "badr")
    go(page, own_server, f"/one/{own}")
    assert page.get_attribute('[data-state="absent"]', "aria-pressed") == "false"
    records.rollback()
    assert records.get_one(Exhibitor, own).presence == ""
    go(page, own_server, f"/edit/{own}")
    expect(page.locator("[name='name.ar']")).to_have_attribute("dir", "rtl")
    go(page, own_server, "/leave")
    press(page, '[data-do="leave"]')
    page.wait_for_url("**/staff/sign-in**")

    sign_in(page, own_server)
    deliver(page, own_server)
    records.rollback()
    assert records.get_one(Exhibitor, own).presence == "absent"
