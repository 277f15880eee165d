"""Phones are the last replica: what they delivered is offered again to a server that was set back to an older backup; and
a database connection that died without a close event loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from companion.accounts.people import add_staff
from companion.models import Exhibitor, Lead, LogEntry, Photo, Request, Tally
from companion.sync.edits import Change
from companion.sync.log import write
from tests.browser import test_floor_team as floor
from tests.browser.conftest import Server, database
from tests.browser.exhibitors import card_of, come_in, delivered, go, picture, press, standing, wait_until, write_down
from tests.browser.test_outbox import MODULES, ask, asked, form, unsent
from tests.browser.visiting import kill, ready

pytestmark = pytest.mark.browser

Phones = Callable[..., BrowserContext]

DEAD = """() => {
    const real = IDBDatabase.prototype.transaction;
    const opened = indexedDB.open.bind(indexedDB);
    const alive = new WeakSet();
    IDBFactory.prototype.open = function (...words) {
        const opening = opened(...words);
        opening.addEventListener('success', () => alive.add(opening.result));
        return opening;
    };
    globalThis.deaths = 0;
    IDBDatabase.prototype.transaction = function (...words) {
        if (alive.has(this)) return real.apply(this, words);
        globalThis.deaths += 1;
        throw new DOMException('The database connection is closing.', 'InvalidStateError');
    };
}"""
"""Every connection that is open now is dead for ever; a new one works."""


def set_back(server: Server, backup: Path) -> None:
    """Restore an older backup of the only server."""
    server.stop()
    server.flask("restore", str(backup), "--replace")
    server.start()


def backup_of(server: Server, path: Path) -> Path:
    server.flask("backup", str(path))
    return path


def arrived(server: Server, message: str) -> int:
    with database(server) as session:
        return len(session.scalars(select(Request).where(Request.message == message)).all())


def log_of(server: Server) -> list[tuple[str, str]]:
    """The ids and kinds of what visitors and exhibitors wrote."""
    with database(server) as session:
        rows = session.execute(select(LogEntry.id, LogEntry.kind).where(LogEntry.role.in_(["visitor", "exhibitor"])))
        return sorted((row.id, row.kind) for row in rows)


def test_a_request_is_offered_again_after_a_restore(
    open_phone: Phones,
    own_server: Server,
    tmp_path: Path,
) -> None:
    backup = backup_of(own_server, tmp_path / "backup.gz")
    page = open_phone().pages[0]
    ready(page, own_server)
    form(page, own_server)
    ask(page, "kept by the phone")
    asked(page)
    page.wait_for_selector("[data-slot=sent][data-sent=delivered]")
    page.evaluate(MODULES)
    before = log_of(own_server)
    for _ in range(2):  # restored twice; the phone sees the second one only
        set_back(own_server, backup)
    assert arrived(own_server, "kept by the phone") == 0
    own_server.network.set("off")
    page.goto(own_server.url + "/fr/mine")
    page.wait_for_selector(".request")
    kill(tmp_path / "phone")
    own_server.network.calm()
    own_server.network.set("portal", only="/api/edits")
    context = open_phone()
    page = context.pages[0]
    page.goto(own_server.url + "/fr/mine")
    page.wait_for_selector(".request[data-sent=waiting], .request[data-sent=sending]")  # the server does not know it
    own_server.network.calm()
    second = context.new_page()
    second.goto(own_server.url + "/ar/mine")
    for tab in (page, second):
        tab.wait_for_selector(".request[data-sent=delivered]")
        unsent(tab, 0)
    wait_until(lambda: arrived(own_server, "kept by the phone") == 1)
    assert [row for row in log_of(own_server) if row[1] == "request"] == [row for row in before if row[1] == "request"]


def test_an_erased_request_is_not_offered_again(
    page: Page,
    own_server: Server,
    tmp_path: Path,
) -> None:
    ready(page, own_server)
    form(page, own_server)
    ask(page, "erased since")
    asked(page)
    page.wait_for_selector("[data-slot=sent][data-sent=delivered]")
    backup = backup_of(own_server, tmp_path / "backup.gz")
    page.goto(own_server.url + "/fr/mine")
    page.click("[data-do=erase]:not([hidden])")
    page.click("#erase-request [value=erase]")
    expect(page.locator(".request")).to_have_count(0)
    unsent(page, 0)
    page.evaluate(MODULES)
    kept = page.evaluate("async () => JSON.stringify(await mine.all('sent'))")
    assert "erased since" not in kept
    set_back(own_server, backup)
    assert arrived(own_server, "erased since") == 1
    page.goto(own_server.url + "/fr/mine")
    wait_until(lambda: arrived(own_server, "erased since") == 0)


def test_an_exhibitors_contacts_survive_a_restore_and_signing_in_again(
    page: Page, own_server: Server, tmp_path: Path
) -> None:
    with database(own_server) as session:
        secret = card_of(session, "E43")
    backup = backup_of(own_server, tmp_path / "backup.gz")
    come_in(page, own_server, secret)
    write_down(page, own_server, "Zineb", "0612345678", note="two jars")
    delivered(page, own_server)
    before = log_of(own_server)
    set_back(own_server, backup)
    come_in(page, own_server, secret)
    page.goto(own_server.url + "/exhibitor/contacts")
    page.wait_for_selector("text=Zineb")
    delivered(page, own_server)
    assert [row for row in log_of(own_server) if row[1] != "tally"] == [row for row in before if row[1] != "tally"]
    with database(own_server) as session:
        assert session.scalar(select(func.count()).select_from(Lead).where(Lead.name == "Zineb")) == 1


def gone(server: Server, own: str, deleted: bool) -> None:
    """Take an exhibitor out of the fair, or bring it back."""
    with database(server) as session:
        write(session, [Change("exhibitor", own, {"deleted": deleted})], floor.OFFICE)
        session.commit()


def test_a_request_whose_exhibitor_is_newer_than_the_backup_waits_for_it(
    page: Page, own_server: Server, tmp_path: Path
) -> None:
    with database(own_server) as session:
        own = standing(session, "E43").id
    gone(own_server, own, deleted=True)
    backup = backup_of(own_server, tmp_path / "backup.gz")
    gone(own_server, own, deleted=False)
    ready(page, own_server)
    form(page, own_server)
    ask(page, "before its exhibitor")
    asked(page)
    page.wait_for_selector("[data-slot=sent][data-sent=delivered]")
    set_back(own_server, backup)
    page.goto(own_server.url + "/fr/mine")
    page.wait_for_selector(".request[data-sent=waiting]")
    page.evaluate(MODULES)
    page.wait_for_function("async () => (await all()).some(({ after }) => after)")
    expect(page.locator(".request")).to_have_attribute("data-sent", "waiting")
    assert arrived(own_server, "before its exhibitor") == 0
    gone(own_server, own, deleted=False)
    page.goto(own_server.url + "/fr/mine")
    page.wait_for_selector(".request[data-sent=delivered]")
    unsent(page, 0)
    assert arrived(own_server, "before its exhibitor") == 1


def test_counts_are_offered_again_and_add_up_once(page: Page, own_server: Server, tmp_path: Path) -> None:
    def counts() -> set[tuple[str, int]]:
        with database(own_server) as session:
            return {(tally.id, tally.count) for tally in session.scalars(select(Tally))}

    earlier = counts()
    backup = backup_of(own_server, tmp_path / "backup.gz")
    ready(page, own_server)
    page.goto(own_server.url + "/fr/b/E43")
    page.wait_for_selector("[data-act=bookmark]:not([hidden])")
    page.evaluate(MODULES)
    page.wait_for_function("async () => (await all()).some(({ edit }) => edit.kind === 'tally')")
    age = """async () => {
        const { outbox } = (await import(document.querySelector('script[type=module]').src)).modules['js/store.js'];
        await outbox.change(async (out) => {
            for (const item of await out.getAll()) await out.put({ ...item, at: '2020-01-01T00:00:00Z' });
        });
        await send();
    }"""
    page.evaluate(age)
    wait_until(lambda: counts() != earlier)
    before = counts() - earlier
    set_back(own_server, backup)
    assert not before & counts()
    page.goto(own_server.url + "/fr/")
    wait_until(lambda: before <= counts())
    page.reload()
    page.wait_for_function("async () => document.documentElement.dataset.unsent === '0'")
    assert before <= counts()


def test_photos_newer_than_the_backup_come_back(page: Page, own_server: Server, tmp_path: Path) -> None:
    with database(own_server) as session:
        secret, own = card_of(session, "E43"), standing(session, "E43").id
    backup = backup_of(own_server, tmp_path / "backup.gz")
    come_in(page, own_server, secret)
    go(page, own_server, "photos")
    page.set_input_files('[data-do="add"] >> nth=1', {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture()})

    def photos() -> list[tuple[str, str]]:
        with database(own_server) as session:
            rows = session.scalars(select(Photo).where(Photo.exhibitor == own))
            return [(photo.id, photo.hash) for photo in rows]

    wait_until(lambda: bool(photos()))
    delivered(page, own_server)
    [(record, name)] = photos()
    set_back(own_server, backup)
    assert photos() == []
    come_in(page, own_server, secret)
    delivered(page, own_server)
    wait_until(lambda: photos() == [(record, name)])
    wait_until(lambda: page.request.get(f"{own_server.url}/photos/{name}.webp").ok)
    with database(own_server) as session:
        assert len(session.scalars(select(LogEntry).where(LogEntry.record == record)).all()) == 1


def test_the_floors_work_survives_a_restore(page: Page, own_server: Server, tmp_path: Path) -> None:
    with database(own_server) as session:
        add_staff(session, "amina", "floor", floor.PASSWORD)
        session.commit()
        own = standing(session, "E43").id
    backup = backup_of(own_server, tmp_path / "backup.gz")
    floor.sign_in(page, own_server)
    floor.go(page, own_server, f"/one/{own}")
    press(page, '[data-do="presence"][data-state="arrived"]')
    page.wait_for_selector('[data-do="presence"][data-state="arrived"][aria-pressed="true"]')
    floor.deliver(page, own_server)

    def presence() -> str:
        with database(own_server) as session:
            return session.get_one(Exhibitor, own).presence

    assert presence() == "arrived"
    set_back(own_server, backup)
    assert presence() == ""
    floor.sign_in(page, own_server)  # the backup is older than the session
    wait_until(lambda: presence() == "arrived")
    floor.deliver(page, own_server)
    with database(own_server) as session:
        written = session.scalars(select(LogEntry).where(LogEntry.record == own, LogEntry.role == "floor")).all()
    assert len(written) == 1


def test_what_was_refused_is_not_said_to_wait_for_a_network(page: Page, own_server: Server) -> None:
    with database(own_server) as session:
        secret = card_of(session, "E43")
    come_in(page, own_server, secret)
    own_server.network.set("off")
    write_down(page, own_server, "Zineb", "0612345678")
    go(page, own_server, "leave")
    expect(page.locator(".lead")).to_contain_text("attend")
    refuse = """async () => {
        const { outbox } = (await import(document.querySelector('script[type=module]').src)).modules['js/store.js'];
        await outbox.change(async (out) => {
            for (const item of await out.getAll()) await out.put({ ...item, state: 'refused', problem: 'value_wrong' });
        });
    }"""
    page.evaluate(refuse)
    go(page, own_server, "leave")
    page.wait_for_selector(".lead[data-wrong]")
    assert "attend" not in page.inner_text("#area .lead")
    assert page.locator(".state .sent.bad").count() == 1


def test_a_dead_connection_is_opened_anew(page: Page, server: Server) -> None:
    ready(page, server)
    page.goto(server.url + "/fr/b/E43")
    page.wait_for_selector("[data-act=bookmark]:not([hidden])")
    page.evaluate(DEAD)
    page.click("[data-act=bookmark]")
    page.wait_for_selector("[data-act=bookmark][aria-pressed=true]")
    assert page.evaluate("() => deaths") > 0
    form(page, server)
    page.evaluate(DEAD)
    server.network.set("off")
    ask(page, "over a dead connection")
    asked(page)
    unsent(page, 1)


def test_a_browser_that_keeps_nothing_sends_at_once_and_never_leaves_the_form(page: Page, server: Server) -> None:
    page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); };")
    form(page, server)
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.endsWith('/online.js'))"
    )
    server.network.set("off")
    ask(page, "kept nowhere")
    page.wait_for_selector("[data-say=no-answer]")
    assert page.input_value("#message") == "kept nowhere"
    server.network.set("good")
    page.click("form.ask [type=submit]")
    asked(page)
    assert arrived(server, "kept nowhere") == 1


def test_a_file_is_taken_item_by_item_whatever_its_authors_are_called(page: Page, server: Server) -> None:
    page.goto(server.url + "/fr/mine")
    page.wait_for_selector("[data-do=restore]", state="attached")
    names = ["Fatima Zahra", "Zoé", "أمينة", "L’Office", "O'Hara", "ⴰⵎⵉⵏⴰ", "a.b-c", "x" * 60]
    bad = ["two  spaces", "", "x" * 61, "a@b", "tab\there"]
    items = [
        {
            "as": f"staff:{name}",
            "at": "2027-07-03T10:05:00Z",
            "edit": {
                "id": str(uuid4()), "kind": "exhibitor", "record": str(uuid4()), "base": {},
                "stamp": "1800000000000-0000-phone", "fields": {"presence": "arrived"},
            },
        }
        for name in [*bad, *names]
    ]  # fmt: skip
    file = json.dumps({"rafiq_outbox": 1, "made": "2027-07-03T10:05:00Z", "items": items}).encode()
    page.set_input_files("[data-do=restore]", {"name": "o.json", "mimeType": "application/json", "buffer": file})
    expect(page.locator("[data-say=outbox-part] [data-slot=count]")).to_have_text(str(len(names)))
    expect(page.locator("[data-say=outbox-part] [data-slot=refused]")).to_contain_text("1 staff:two")
    unsent(page, len(names))
