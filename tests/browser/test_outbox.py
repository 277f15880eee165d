"""Nothing typed is lost or sent twice: what broke in products like this one, each as a test (`test_1` to `test_22`), and the
journey of a request from the form to the exhibitor and back out of the log."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff
from companion.models import Exhibitor, LogEntry, Request, Tally
from tests.browser import pictures
from tests.browser.conftest import READY, Server
from tests.browser.faults import FaultProxy
from tests.browser.visiting import kill

pytestmark = pytest.mark.browser

Phones = Callable[..., BrowserContext]
MODULES = """async () => {
    const address = document.querySelector('script[type=module]').src;
    const [page, sending] = await Promise.all([import(address), import(address.replace('site.js', 'sending.js'))]);
    Object.assign(globalThis, sending.modules['js/outbox.js'], { mine: page.modules['js/store.js'].mine });
}"""
STATES = "async () => (await all()).filter(({ edit }) => edit.kind !== 'tally').map(({ state }) => state)"


@pytest.fixture
def database(running: Server) -> Iterator[Session]:
    """The server's database, as a command would have it open."""
    engine = create_engine(f"sqlite:///{running.folder / 'rafiq.sqlite'}")
    with Session(engine) as session:
        yield session
    engine.dispose()


def form(page: Page, server: Server, booth: str = "E43", lang: str = "fr") -> None:
    page.goto(f"{server.url}/{lang}/b/{booth}")
    page.click("[data-act=request]")
    page.wait_for_selector("form.ask")
    page.wait_for_function("() => document.querySelector('form.ask').noValidate")


def ask(page: Page, message: str, wants: str = "call") -> None:
    """Fill in the form and press the button."""
    page.click(f"label:has([name=wants][value={wants}])")
    page.fill("#phone", "06 12 34 56 78")
    page.fill("#message", message)
    page.check("[name=consent]")
    page.click("form.ask [type=submit]")


def asked(page: Page) -> None:
    page.wait_for_selector("[data-slot=done]:not([hidden])")


def unsent(page: Page, count: int) -> None:
    expect(page.locator("html")).to_have_attribute("data-unsent", str(count))


def outbox(page: Page) -> list[str]:
    """The states of what is on its way."""
    page.evaluate(MODULES)
    states: list[str] = page.evaluate(STATES)
    return states


def tried(page: Page) -> list[str]:
    """The states once it was tried: putting and loading send by themselves, a moment later."""
    until = time.monotonic() + 20
    while (states := outbox(page)) != ["signin"] and time.monotonic() < until:
        time.sleep(0.2)
    return states


def arrived(database: Session, message: str) -> list[Request]:
    database.rollback()
    return list(database.scalars(select(Request).where(Request.message == message)))


def test_1_the_tick_comes_after_the_disk(open_phone: Phones, server: Server, tmp_path: Path, database: Session) -> None:
    page = open_phone().pages[0]
    form(page, server)
    server.network.set("off")
    ask(page, "killed at once")
    asked(page)
    kill(tmp_path / "phone")
    server.network.set("good")
    page = open_phone().pages[0]
    page.goto(server.url + "/ar/mine")
    page.wait_for_selector(".request[data-sent=delivered]")
    assert len(arrived(database, "killed at once")) == 1


def test_2_and_3_nothing_but_an_answer_empties_the_outbox(page: Page, server: Server, database: Session) -> None:
    """No other language, no erasing, no signing out, no number of failures."""
    form(page, server)
    server.network.set("portal", only="/api/edits")
    ask(page, "through everything")
    asked(page)
    outbox(page)
    for _ in range(12):
        page.evaluate("() => send()")
    assert outbox(page) == ["waiting"]
    page.goto(server.url + "/zgh/about")
    for erase in ("erase", "erase-fair"):
        page.click(f"[data-do={erase}]")
        page.click(f"dialog#{erase} [value={erase}]")
        page.wait_for_selector(f"[data-say={'erased' if erase == 'erase' else 'fair-erased'}]")
    page.request.post(server.url + "/staff/sign-out", headers={"Origin": server.url})
    page.goto(server.url + "/fr/mine")
    unsent(page, 1)
    page.wait_for_selector(".request[data-sent=waiting]")
    assert arrived(database, "through everything") == []
    server.network.set("good")
    page.locator("[data-do=send]").dispatch_event("click")  # it may just have sent by itself, and hide the button
    unsent(page, 0)
    assert len(arrived(database, "through everything")) == 1


@pytest.mark.parametrize("fault", ["error", "portal", "old"])
def test_4_a_200_is_no_proof(page: Page, server: Server, faults: FaultProxy, fault: str) -> None:
    through(page, server, faults, [fault] * 3)


@pytest.mark.parametrize("fault", ["401", "404", "413", "422", "429"])
def test_5_no_status_drops_an_edit(page: Page, server: Server, faults: FaultProxy, fault: str) -> None:
    through(page, server, faults, [fault] * 3)


@pytest.fixture
def faults(server: Server) -> Iterator[FaultProxy]:
    proxy = FaultProxy(server.port)
    yield proxy
    proxy.close()


def through(page: Page, server: Server, faults: FaultProxy, plan: list[str]) -> None:
    """Send one request through these faults: it stays until all goes well, and is told to be there."""
    faults.plans["127"] = [*plan]
    page.goto(f"http://127.0.0.1:{faults.port}/fr/mine")
    outbox(page)
    code = page.evaluate(
        "() => fetch('/api/catalogue').then((a) => a.json()).then((a) => fetch(a.snapshot)).then((a) => a.json()).then((a) => a.exhibitors[0].code)"
    )
    page.evaluate(PUT, [code, "through " + " ".join(plan)])
    for left in range(len(plan), -1, -1):
        page.evaluate("() => send()")
        states = outbox(page)
        assert states == [] or faults.plans["127"] or left
        if not states:
            break
    else:
        page.evaluate("() => send()")
    assert outbox(page) == []
    page.wait_for_selector(".request[data-sent=delivered]")


PUT = """async ([exhibitor, message, as]) => {
    const at = new Date().toISOString();
    const fields = { exhibitor, wants: 'call', phone: '+212612345678', lang: 'fr', consent: '1.fr', message, at };
    return put({ kind: 'request', fields, as }, { type: 'request', at, title: exhibitor, fields });
}"""


def test_6_a_slow_submission_is_one_record(page: Page, server: Server, database: Session) -> None:
    form(page, server)
    server.network.latency = 2.0
    ask(page, "slow")
    page.click("form.ask [type=submit]", force=True, timeout=300, no_wait_after=True) if page.is_visible(
        "form.ask"
    ) else None
    asked(page)
    outbox(page)
    page.evaluate("() => Promise.all([send(), send(), send()])")
    unsent(page, 0)
    assert len(arrived(database, "slow")) == 1


def test_7_and_22_two_who_write_over_the_same_value_are_both_kept(open_phone: Phones, own_server: Server) -> None:
    """One of them was offline; neither phone's words are lost, and staff choose."""
    engine = create_engine(f"sqlite:///{own_server.folder / 'rafiq.sqlite'}")
    with Session(engine) as session:
        row = session.scalars(select(Exhibitor).order_by(Exhibitor.code)).first()
        assert row is not None
        record, base = row.id, row.stamps["name.fr"]
        session.rollback()
        passwords = {name: add_staff(session, name, "editor") for name in ("amina", "brahim")}
        session.commit()
    pages = {name: open_phone(name).pages[0] for name in passwords}
    for name, page in pages.items():
        page.goto(own_server.url + "/staff/sign-in")
        page.fill("[name=name]", name)
        page.fill("[name=password]", passwords[name])
        page.click("form .strong")
        page.wait_for_url("**/staff/")
        page.goto(own_server.url + "/fr/mine")
        outbox(page)
    own_server.network.set("off")
    change = "([record, base, name]) => put({ kind: 'exhibitor', record, fields: { 'name.fr': name }, base: { 'name.fr': base }, as: `staff:${name}` })"
    for name, page in pages.items():
        page.evaluate(change, [record, base, name])
    own_server.network.set("good")
    for page in pages.values():
        page.evaluate("() => send()")
        assert outbox(page) == []
    with Session(engine) as session:
        entries = session.scalars(select(LogEntry).where(LogEntry.record == record, LogEntry.role == "editor")).all()
        assert sorted((entry.author, entry.fields["name.fr"]) for entry in entries) == [
            ("staff:amina", "amina"),
            ("staff:brahim", "brahim"),
        ]
    engine.dispose()


def test_8_the_time_of_the_act_is_kept(page: Page, server: Server, database: Session) -> None:
    form(page, server)
    server.network.set("off")
    ask(page, "at this moment")
    asked(page)
    acted = page.evaluate("() => Date.now()") / 1000
    time.sleep(2)
    server.network.set("good")
    page.reload()
    unsent(page, 0)
    [request] = arrived(database, "at this moment")
    assert acted - 2 < datetime.fromisoformat(request.at).timestamp() <= acted
    assert int(request.stamps["message"][:13]) / 1000 <= acted


def test_9_a_bad_one_stops_no_other_and_is_corrected_or_thrown_away(
    page: Page, server: Server, database: Session
) -> None:
    form(page, server)
    code = page.get_attribute("form.ask", "data-request")
    page.goto(server.url + "/fr/mine")
    outbox(page)
    server.network.set("off")
    bad = PUT.replace("+212612345678", "+2126")
    page.evaluate(bad, [code, "bad one"])
    page.evaluate(bad, [code, "bad two"])
    page.evaluate(PUT, [code, "good one"])
    server.network.set("good")
    page.evaluate("() => send()")
    assert outbox(page) == ["refused", "refused"]
    assert len(arrived(database, "good one")) == 1
    page.wait_for_selector("html[data-needs-you]")
    two = page.locator(".request", has_text="bad two")
    expect(two.locator("[data-slot=why]")).to_contain_text("illisible")
    two.locator("[data-do=discard]").click()
    expect(two).to_have_count(0)
    page.click("[data-undo]")
    expect(two).to_have_count(1)
    page.locator(".request", has_text="bad one").locator("[data-do=edit]").click()
    page.wait_for_selector("[data-wrong=phone]:not([hidden])")
    assert page.input_value("#message") == "bad one"
    page.fill("#phone", "+33 6 12 34 56 78")
    page.check("[name=consent]")
    page.click("form.ask [type=submit]")
    asked(page)
    unsent(page, 1)
    assert [request.phone for request in arrived(database, "bad one")] == ["+33612345678"]


def test_10_who_acted_is_bound_at_the_act(page: Page, server: Server) -> None:
    """What an exhibitor did waits for the exhibitor, whoever uses the phone meanwhile; a visitor's goes at any time."""
    page.goto(server.url + "/fr/mine")
    outbox(page)
    page.evaluate("() => put({ kind: 'exhibitor', fields: { 'name.fr': 'x' }, as: 'exhibitor:K7M2P' })")
    page.evaluate("() => send()")
    assert tried(page) == ["signin"]
    unsent(page, 1)
    page.reload()
    assert tried(page) == ["signin"]


def test_11_and_12_no_uplink_and_a_silent_network_are_as_quick_as_none(
    page: Page, server: Server, database: Session
) -> None:
    page.goto(server.url + "/fr/")
    page.wait_for_selector(READY)
    for weather in ("off", "silent"):
        form(page, server)
        server.network.set(weather)
        assert page.evaluate("() => navigator.onLine")
        began = time.monotonic()
        ask(page, weather)
        asked(page)
        assert time.monotonic() - began < 3
        server.network.set("good")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # no `online` event ever comes
    unsent(page, 0)
    assert [len(arrived(database, weather)) for weather in ("off", "silent")] == [1, 1]


def test_15_an_outbox_goes_to_another_phone_as_a_file(
    open_phone: Phones, server: Server, tmp_path: Path, database: Session
) -> None:
    page, other = open_phone().pages[0], open_phone("second").pages[0]
    form(page, server)
    server.network.set("off")
    ask(page, "from a dying phone")
    asked(page)
    page.click("[data-slot=done] .strong")
    page.wait_for_selector(".request[data-sent=waiting]")  # the page's script is there
    with page.expect_download() as download:
        page.click("[data-do=outbox-file]")
    file = tmp_path / "outbox.json"
    download.value.save_as(file)
    server.network.set("good")
    other.goto(server.url + "/ar/mine")
    for _ in range(2):
        other.set_input_files("[data-do=restore]", file)
        other.wait_for_selector("[data-say=outbox-restored]")
        unsent(other, 0)
    other.wait_for_selector(".request[data-sent=delivered]")
    page.reload()
    unsent(page, 0)
    assert len(arrived(database, "from a dying phone")) == 1
    for broken in ('{"rafiq_outbox": 1, "items": [{}]}', '{"rafiq_outbox":1,"items":[{"edit":{}}]}', '{"rafiq_outbox"'):
        other.set_input_files(
            "[data-do=restore]", {"name": "a.json", "mimeType": "application/json", "buffer": broken.encode()}
        )
        other.wait_for_selector("[data-tone=problem]")
        unsent(other, 0)


def test_16_without_background_sync_the_next_page_delivers(page: Page, server: Server, database: Session) -> None:
    page.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    form(page, server)
    server.network.set("off")
    ask(page, "no sync")
    asked(page)
    server.network.set("good")
    page.goto(server.url + "/ar/map")
    unsent(page, 0)
    assert len(arrived(database, "no sync")) == 1


@pytest.mark.parametrize("years", [-2, 2])
def test_a_clock_that_is_years_wrong_delivers_and_withdraws(
    page: Page, server: Server, database: Session, years: int
) -> None:
    page.clock.install(time=time.time() + years * 365 * 86_400)
    form(page, server)
    ask(page, f"clock {years}")
    asked(page)
    unsent(page, 0)
    page.click("[data-slot=done] .strong")
    page.click("[data-do=withdraw]")
    page.wait_for_selector(".request[data-withdrawn][data-sent=delivered]")
    unsent(page, 0)
    [request] = arrived(database, f"clock {years}")
    assert request.withdrawn
    assert abs(int(request.at[:4]) - datetime.now(UTC).year - years) <= 1


def test_two_windows_and_the_worker_send_one_at_a_time(
    phone: BrowserContext, server: Server, faults: FaultProxy
) -> None:
    pages = [phone.pages[0], phone.new_page(), phone.new_page()]
    for page in pages:
        page.goto(f"http://127.0.0.1:{faults.port}/fr/mine")
        outbox(page)
    code = json.loads(
        pages[0].evaluate("async () => (await fetch((await (await fetch('/api/catalogue')).json()).snapshot)).text()")
    )["exhibitors"][0]["code"]
    before = faults.attempts["127"]
    for number in range(6):
        pages[number % 3].evaluate(PUT, [code, f"window {number}"])
    for page in pages:
        page.evaluate("() => send()")
    assert outbox(pages[0]) == []
    assert faults.attempts["127"] - before <= 6


def test_a_full_phone_keeps_the_form(phone: BrowserContext, page: Page, server: Server) -> None:
    browser = phone.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": 1})
    form(page, server)
    ask(page, "on a full phone")
    page.wait_for_selector("[data-say=storage-full]")
    assert page.input_value("#message") == "on a full phone"
    assert page.is_hidden("[data-slot=done]")
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url})
    page.click("form.ask [type=submit]")
    asked(page)


def test_a_form_begun_survives_a_killed_phone_and_is_prefilled_from_my_card(
    open_phone: Phones, server: Server, tmp_path: Path
) -> None:
    page = open_phone().pages[0]
    page.goto(server.url + "/fr/mine")
    page.click(".own summary")
    page.fill("#card-name", "فاطمة الزهراء")
    page.fill("#card-phone", "0612345678")
    page.uncheck("[name=share-phone]")
    page.fill("#card-email", "fatima@example.org")
    page.wait_for_selector("[data-slot=card-code] svg")
    card = pictures.read(page.locator("[data-slot=card-code] svg").screenshot())
    assert re.search(r"^UID:urn:uuid:[0-9a-f-]{36}\r?$", card, re.MULTILINE)
    assert ("VERSION:3.0" in card, "FN:فاطمة الزهراء" in card, "fatima@example.org" in card, "612345678" in card) == (
        True,
        True,
        True,
        False,
    )
    form(page, server)
    expect(page.locator("#name")).to_have_value("فاطمة الزهراء")
    expect(page.locator("#phone")).to_have_value("+212612345678")
    page.fill("#message", "three jars, and")
    page.keyboard.type(" two of wax")
    page.wait_for_timeout(400)
    kill(tmp_path / "phone")
    page = open_phone().pages[0]
    form(page, server)
    expect(page.locator("#message")).to_have_value("three jars, and two of wax")


def test_withdrawn_and_erased_after_delivery_in_every_language(page: Page, server: Server, database: Session) -> None:
    form(page, server, lang="ar")
    ask(page, "to be erased", wants="order")
    asked(page)
    page.wait_for_selector("[data-slot=sent][data-sent=delivered]")
    [request] = arrived(database, "to be erased")
    assert (request.lang, request.consent) == ("ar", "1.ar")
    record = request.id
    page.click("[data-slot=done] .strong")
    page.click("[data-do=withdraw]")
    page.wait_for_selector(".request[data-withdrawn][data-sent=delivered]")
    assert arrived(database, "to be erased")[0].withdrawn
    page.click("[data-do=erase]:not([hidden])")
    page.click("#erase-request [value=erase]")
    expect(page.locator(".request")).to_have_count(0)
    unsent(page, 0)
    assert arrived(database, "to be erased") == []
    assert database.get_one(Request, record).erased
    database.rollback()
    entries = database.scalars(select(LogEntry).where(LogEntry.record == record)).all()
    assert all("message" not in entry.fields for entry in entries)


def test_what_is_wrong_is_said_at_its_field_before_anything_is_kept(page: Page, server: Server) -> None:
    form(page, server, lang="fr")
    page.click("form.ask [type=submit]")
    shown = "form.ask [data-wrong]:not([hidden])"
    assert [each.get_attribute("data-wrong") for each in page.locator(shown).all()] == ["wants", "phone", "consent"]
    page.click("label:has([value=price])")
    page.fill("#email", "nobody")
    page.check("[name=consent]")
    page.click("form.ask [type=submit]")
    assert [each.get_attribute("data-wrong") for each in page.locator(shown).all()] == ["email"]
    assert outbox(page) == []


def test_counts_are_gathered_sent_once_and_switched_off(page: Page, server: Server, database: Session) -> None:
    page.clock.install()
    before = {row.id for row in database.scalars(select(Tally))}
    for _ in range(3):
        page.goto(server.url + "/fr/b/C5")
        page.wait_for_load_state()
        page.wait_for_timeout(500)
    unsent(page, 0)
    page.clock.fast_forward("15:00")
    page.goto(server.url + "/fr/mine")
    outbox(page)
    page.evaluate("() => send()")
    database.rollback()
    rows = [row for row in database.scalars(select(Tally)) if row.id not in before]
    assert sorted((row.what, row.count) for row in rows) == [("scan", 3), ("view", 3)]
    page.goto(server.url + "/fr/about")
    page.uncheck("[name=tallies]")
    page.wait_for_timeout(300)
    page.goto(server.url + "/fr/b/C5")
    page.wait_for_timeout(500)
    page.evaluate(MODULES)
    assert page.evaluate("async () => (await all()).length") == 0


def test_browsers_that_ask_not_to_be_followed_are_not_counted(page: Page, server: Server) -> None:
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })")
    page.goto(server.url + "/fr/b/C5")
    page.wait_for_timeout(800)
    page.evaluate(MODULES)
    assert page.evaluate("async () => (await all()).length") == 0
    page.goto(server.url + "/fr/about")
    page.wait_for_selector("[data-slot=tallies-refused]:not([hidden])")
    assert page.is_disabled("[name=tallies]")


def test_own_requests_are_shown_in_the_fairs_time_and_not_the_phones(open_phone: Phones, server: Server) -> None:
    page = open_phone(timezone_id="Asia/Tokyo").pages[0]
    page.goto(server.url + "/fr/")
    page.wait_for_selector(READY)
    form(page, server)
    ask(page, "from far away")
    asked(page)
    page.goto(server.url + "/fr/mine")
    shown = page.locator(".request time")
    expect(shown).to_have_count(1)
    made = datetime.fromisoformat((shown.get_attribute("datetime") or "").replace("Z", "+00:00"))
    assert shown.inner_text() == made.astimezone(ZoneInfo("Africa/Casablanca")).strftime("%Y-%m-%d %H:%M")
