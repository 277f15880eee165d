"""Exactly once under faults: whatever the network does and whenever page or worker are killed, each edit arrives once.

Every combination of what becomes of an attempt, of the moment of a kill, and of what is sent, is a phone of its own.
"""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page
from sqlalchemy import create_engine, text

from tests.browser.conftest import Server
from tests.browser.faults import DELAY, FAULTS, HOLDS, FaultProxy

pytestmark = pytest.mark.browser

KILLS = ("never", "written", "reached", "committed", "answered")
LOADS = ("one", "withdrawn", "mixed", "many")
TOGETHER = 28
"""Phones that are on at a time."""

WAKE = """async (release) => { await import(`/static/${release}/js/site.js`); }"""
ACT = """async ([release, code, load]) => {
    const { modules: site } = await import(`/static/${release}/js/site.js`);
    const { modules } = await import(`/static/${release}/js/sending.js`);
    const { put } = modules['js/outbox.js'];
    const { uuid } = modules['js/uuid.js'] ?? site['js/uuid.js'];
    const secret = uuid();
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
    const first = uuid(new Uint8Array(digest, 0, 16)); // whoever has the secret may withdraw it
    const ask = (more, record = uuid()) => {
        const at = new Date().toISOString();
        const fields = { exhibitor: code, wants: 'call', phone: '+212600000001', lang: 'fr', consent: '1.fr', at, ...more };
        return put({ kind: 'request', record, fields }, { type: 'request', at, title: code, fields });
    };
    const made = [await ask({}, first)];
    if (load === 'withdrawn') made.push(await put({ kind: 'request', record: first, fields: { withdrawn: true }, secret }));
    if (load === 'mixed') made.push(await ask({ phone: '+2126' }), await ask({ name: 'after a bad one' }));
    if (load === 'many') for (let n = 0; n < 6; n += 1) made.push(await ask({ name: `number ${n}` }));
    return made.map(({ id }) => id);
}"""
LOOK = """async (release) => {
    const { modules } = await import(`/static/${release}/js/sending.js`);
    const { mine } = (await import(`/static/${release}/js/site.js`)).modules['js/store.js'];
    const items = await modules['js/outbox.js'].all();
    const told = (await mine.all('request')).filter(({ delivered }) => delivered).map(({ id }) => id);
    return [items.map(({ id, state }) => [id, state]), told];
}"""
SEND = """async (release) => (await import(`/static/${release}/js/sending.js`)).modules['js/outbox.js'].send()"""


@dataclass
class Phone:
    """One combination."""

    host: str
    fault: str
    kill: str
    load: str
    tabs: int = 1
    pages: list[Page] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.fault}/{self.kill}/{self.load}/{self.tabs}"

    @property
    def plan(self) -> list[str]:
        """What becomes of its attempts: the kill where there is a moment for one, then the fault, twice."""
        return [*([self.kill] if self.kill in HOLDS else []), self.fault]


class Fair:
    """The proxy before a running server, and what the server's database holds."""

    def __init__(self, server: Server) -> None:
        self.proxy = FaultProxy(server.port)
        self.engine = create_engine(f"sqlite:///{server.folder / 'rafiq.sqlite'}")
        with self.engine.connect() as connection:
            self.codes = [code for (code,) in connection.execute(text("SELECT code FROM exhibitor ORDER BY code"))]
        releases = (server.folder / "releases").iterdir()
        self.release = max(releases, key=lambda path: path.stat().st_mtime).name

    def url(self, phone: Phone) -> str:
        return f"http://{phone.host}.localhost:{self.proxy.port}/blank"

    def hold(self, host: str, what: str) -> None:
        """Wait until the proxy holds this phone's attempt."""
        deadline = time.monotonic() + 20
        while host not in self.proxy.held:
            assert time.monotonic() < deadline, f"{what} is not held"
            time.sleep(0.01)

    def log(self) -> Counter[str]:
        """How often each edit is in the log."""
        with self.engine.connect() as connection:
            return Counter(edit for (edit,) in connection.execute(text("SELECT id FROM log")))

    def requests(self) -> set[str]:
        with self.engine.connect() as connection:
            return {record for (record,) in connection.execute(text("SELECT id FROM request"))}


@pytest.fixture
def fair(running: Server) -> Iterator[Fair]:
    fair = Fair(running)
    yield fair
    fair.engine.dispose()
    fair.proxy.close()


def combinations() -> list[Phone]:
    rows = [(*row, 1) for row in itertools.product(FAULTS, KILLS, LOADS)]
    rows += [(fault, "never", "many", 2) for fault in FAULTS]
    return [Phone(f"p{number}", *row) for number, row in enumerate(rows)]


def test_every_combination_of_fault_and_kill_delivers_once(chromium: Browser, fair: Fair) -> None:
    phones = combinations()
    tabs = Tabs(chromium)
    slow = [phone for phone in phones if phone.fault == "delay"]
    quick = [phone for phone in phones if phone.fault != "delay"]
    begun = time.monotonic()
    for phone in slow:
        begin(tabs, fair, phone)  # these wait for their answers while the others come and go
    kill(fair, slow)
    for start in range(0, len(quick), TOGETHER):
        some = quick[start : start + TOGETHER]
        for phone in some:
            begin(tabs, fair, phone)
        kill(fair, some)
        finish(tabs, fair, some)
    finish(tabs, fair, slow)
    time.sleep(max(0.0, begun + DELAY + 5 - time.monotonic()))  # what was delayed has arrived as well, and is known
    judge_all(fair, phones)
    assert len(phones) >= 300


class Tabs:
    """Tabs that are used again: to open hundreds would take the time. A page is killed by sending its tab elsewhere."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(service_workers="block")
        self._free: list[Page] = []

    def take(self) -> Page:
        return self._free.pop() if self._free else self._context.new_page()

    def give_back(self, page: Page) -> None:
        page.goto("about:blank")
        self._free.append(page)


def begin(tabs: Tabs, fair: Fair, phone: Phone) -> None:
    """Open the phone's pages and act on the first; with a kill at `written`, end it as soon as the disk has the edit."""
    fair.proxy.plans[phone.host] = phone.plan
    phone.pages = [tabs.take() for _ in range(phone.tabs)]
    for page in phone.pages:
        switch_on(fair, phone, page)
    code = fair.codes[int(phone.host[1:]) % len(fair.codes)]
    phone.sent = phone.pages[0].evaluate(ACT, [fair.release, code, phone.load])
    if phone.kill == "written":
        phone.pages[0].goto("about:blank")


def switch_on(fair: Fair, phone: Phone, page: Page) -> None:
    page.goto(fair.url(phone))
    page.evaluate(WAKE, fair.release)


def kill(fair: Fair, phones: list[Phone]) -> None:
    """End the pages whose attempt is held where it should be, look at what the others were told, and reopen."""
    for phone in phones:
        if phone.kill in HOLDS:
            fair.hold(phone.host, str(phone))
            phone.pages[0].goto("about:blank")
    for phone in phones:
        if phone.kill == "never":
            tell_the_truth(fair, phone)
        else:
            switch_on(fair, phone, phone.pages[0])


def tell_the_truth(fair: Fair, phone: Phone) -> None:
    """What has left the outbox is in the log; what is told as delivered is a record of the server."""
    left, told = phone.pages[0].evaluate(LOOK, fair.release)
    gone = set(phone.sent) - {edit for edit, _ in left}
    assert gone <= fair.log().keys(), phone
    assert set(told) <= fair.requests(), phone


def finish(tabs: Tabs, fair: Fair, phones: list[Phone]) -> None:
    """Wait until nothing is left but what was refused; press the button once where an answer asked for a person."""
    for phone in phones:
        page = phone.pages[0]
        for turn in range(60):
            left, _ = page.evaluate(LOOK, fair.release)
            waiting = [state for _, state in left if state != "refused"]
            if not waiting:
                break
            if "signin" in waiting or turn % 10 == 9:
                page.evaluate(SEND, fair.release)
            page.wait_for_timeout(200 if phone.fault != "delay" else 800)
        tell_the_truth(fair, phone)
        assert [state for _, state in left] == (["refused"] if phone.load == "mixed" else []), phone
        for page in phone.pages:
            tabs.give_back(page)


def judge_all(fair: Fair, phones: list[Phone]) -> None:
    """Each edit is in the log exactly once, but for the bad one, which is nowhere."""
    log = fair.log()
    for phone in phones:
        bad = {phone.sent[1]} if phone.load == "mixed" else set()
        assert {edit: log[edit] for edit in phone.sent} == {edit: int(edit not in bad) for edit in phone.sent}, phone


# The worker

STORE = """(code) => new Promise((resolve, reject) => {
    const at = new Date().toISOString();
    const fields = { exhibitor: code, wants: 'call', phone: '+212600000001', lang: 'fr', consent: '1.fr', at };
    const id = crypto.randomUUID();
    const edit = { id, kind: 'request', record: crypto.randomUUID(), stamp: `${Date.now()}-0000-phone`, fields, base: {} };
    const opening = indexedDB.open('rafiq');
    opening.onerror = reject;
    opening.onsuccess = () => {
        const change = opening.result.transaction('outbox', 'readwrite');
        change.objectStore('outbox').put({ id, edit, as: 'visitor', at, order: 1, state: 'waiting' });
        change.oncomplete = () => { opening.result.close(); resolve(id); };
    };
})"""
LEFT = """() => new Promise((resolve) => {
    const opening = indexedDB.open('rafiq');
    opening.onsuccess = () => {
        const asked = opening.result.transaction('outbox').objectStore('outbox').getAll();
        asked.onsuccess = () => { opening.result.close(); resolve(asked.result.map(({ state }) => state)); };
    };
})"""


def test_the_worker_alone_delivers_once_however_it_is_stopped(chromium: Browser, fair: Fair) -> None:
    """With no page of the fair open; the browser's sync event is given by hand, since no browser is quick about it."""
    context = chromium.new_context()
    worker = Worker(context, fair)
    worker.install()
    rows = [(f, k) for f in FAULTS for k in ("never", *HOLDS) if f != "delay"]
    sent = {}
    for fault, kill in rows:
        worker.store()
        fair.proxy.held.discard(worker.host)
        fair.proxy.plans[worker.host] = [*([kill] if kill != "never" else []), fault]
        sent[worker.edit] = (fault, kill)
        worker.wake()
        if kill != "never":
            fair.hold(worker.host, f"{fault}/{kill}")
            worker.stop()
        worker.deliver((fault, kill))
    log = fair.log()
    assert {row: log[edit] for edit, row in sent.items()} == dict.fromkeys(rows, 1)
    context.close()


class Worker:
    """A service worker and the plain file of its origin from which it is watched, since that runs no script of ours."""

    host = "w0"

    def __init__(self, context: BrowserContext, fair: Fair) -> None:
        self.fair, self.page = fair, context.new_page()
        self.origin = f"http://{self.host}.localhost:{fair.proxy.port}"
        self.devtools: CDPSession = context.new_cdp_session(self.page)
        self.registrations: list[str] = []
        self.edit, self.stored = "", 0
        self.devtools.on("ServiceWorker.workerRegistrationUpdated", self._hear)
        self.devtools.send("ServiceWorker.enable")

    def _hear(self, event: dict[str, Any]) -> None:
        self.registrations += [each["registrationId"] for each in event["registrations"] if not each["isDeleted"]]

    def install(self) -> None:
        self.page.goto(self.origin + "/fr/about")
        self.page.wait_for_selector("html[data-offline=ready]")
        self.page.goto(self.origin + "/blank")

    def store(self) -> None:
        self.stored += 1  # at many exhibitors: a device may ask one of them twenty times an hour
        self.edit = self.page.evaluate(STORE, self.fair.codes[self.stored % len(self.fair.codes)])

    def wake(self) -> None:
        told = {"origin": self.origin, "registrationId": self.registrations[-1], "tag": "outbox", "lastChance": False}
        self.devtools.send("ServiceWorker.dispatchSyncEvent", told)

    def stop(self) -> None:
        self.devtools.send("ServiceWorker.stopAllWorkers")

    def deliver(self, row: tuple[str, str]) -> None:
        for turn in range(80):
            if not self.page.evaluate(LEFT):
                return
            if turn % 4 == 3:
                self.wake()
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{row} is left behind: {json.dumps(self.page.evaluate(LEFT))}")
