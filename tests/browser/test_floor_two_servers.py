"""Hall and cloud as real processes, SQLite and PostgreSQL, a phone at each with a clock three hours wrong, and one disagreement."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff
from companion.models import Exhibitor
from companion.sync.conflicts import conflicts
from companion.sync.edits import Author, Change
from companion.sync.log import write
from tests.browser.conftest import ROOT, Server, _environment, database
from tests.browser.exhibitors import press, unsent
from tests.browser.test_floor_team import at, deliver, go, sign_in
from tests.offices import PASSWORD

pytestmark = pytest.mark.browser

OFFICE = Author("staff:driss", "editor")
THREE_HOURS = 3 * 3600


@dataclass
class Place:
    """A server, its database, and the phone that stands before it."""

    server: Server
    records: Session
    settings: dict[str, str]

    def flask(self, *words: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "tests.browser.serve", *words]
        environ = _environment(self.server.folder, self.settings)
        return subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout

    def disagreements(self) -> list[tuple[str, str, frozenset[str]]]:
        """What is in conflict: record, field, and the edits that disagree."""
        self.records.rollback()
        return sorted(
            (one.record, one.path, frozenset(side.edit for side in one.sides)) for one in conflicts(self.records)
        )

    def phones(self, record: str) -> list[str]:
        self.records.rollback()
        return self.records.get_one(Exhibitor, record).phones


@pytest.fixture
def places(
    own_server: Server, demo: Path, tmp_path: Path, new_database: Callable[[str], str]
) -> Iterator[tuple[Place, Place]]:
    """The hall, which has the fair, and an empty cloud; each knows the other. amina and badr are of the floor team."""
    url = new_database("postgresql")
    settings = {"COMPANION_DATABASE_URL": url, "COMPANION_NODE": "heaven"}
    folder = Path(shutil.copytree(demo, tmp_path / "cloud", ignore=shutil.ignore_patterns("*.sqlite*")))
    server, engine = Server(folder), create_engine(url)
    with database(own_server) as here, Session(engine) as there:
        hall, cloud = Place(own_server, here, {}), Place(server, there, settings)
        for name in ("amina", "badr"):
            add_staff(here, name, "floor", PASSWORD)
        here.commit()
        cloud.flask("prepare", "--empty")
        server.start(**settings)
        key = cloud.flask("sync", "add", "hall").split()[-1]
        hall.flask("sync", "add", "heaven", "--address", server.url, "--key", key)
        hall.flask("sync", "exchange")
        yield hall, cloud
    server.close()
    engine.dispose()


@contextmanager
def clock_off(phone: BrowserContext, seconds: int) -> Iterator[Page]:
    """A page of a phone whose clock is wrong."""
    page = phone.pages[0]
    page.clock.set_system_time(time.time() + seconds)
    yield page


def settle(page: Page, place: Place, choose: Callable[[Page], Any]) -> None:
    """Settle the one conflict without a network, then send."""
    go(page, place.server, "/conflicts")
    page.wait_for_selector("[data-conflict]")
    place.server.network.set("off")
    choose(page)
    press(page, ".sheet .strong")
    page.wait_for_selector(".empty")
    place.server.network.calm()
    deliver(page, place.server)


def third(page: Page) -> None:
    page.check('[value="third"]')
    page.fill("[name^=third]", "06 00 00 00 33")


def first(page: Page) -> None:
    page.locator("[data-conflict] input[type=radio]").first.check()


def test_two_servers_two_phones_and_wrong_clocks(
    places: tuple[Place, Place], open_phone: Callable[..., BrowserContext]
) -> None:
    hall, cloud = places
    record = at(hall.records, "A12").id
    assert at(cloud.records, "A12").id == record
    written = {"amina": "06 00 00 00 11", "badr": "06 00 00 00 22"}
    ahead, behind = open_phone("ahead"), open_phone("behind")

    for phone, place, who, off in ((ahead, hall, "amina", THREE_HOURS), (behind, cloud, "badr", -THREE_HOURS)):
        with clock_off(phone, off) as page:
            sign_in(page, place.server, who)
            place.server.network.set("off")
            go(page, place.server, f"/edit/{record}")
            page.fill("#phone-1", written[who])
            page.fill("#phone-2", "")
            press(page, ".sheet .strong")
            page.wait_for_selector(f"text={written[who]}")

    ahead.close()
    ahead = open_phone("ahead")
    mine, theirs = ahead.pages[0], behind.pages[0]
    go(mine, hall.server, f"/one/{record}")
    mine.wait_for_selector(f"text={written['amina']}")
    assert [item["as"] for item in unsent(mine)] == ["staff:amina"], "the app was killed, its work was not"

    for page, place in ((mine, hall), (theirs, cloud)):
        place.server.network.calm()
        deliver(page, place.server)
    hall.flask("sync", "exchange")
    [(of, path, sides)] = hall.disagreements()
    assert (of, path, len(sides)) == (record, "phones", 2)
    assert cloud.disagreements() == hall.disagreements()
    assert cloud.phones(record) == hall.phones(record)

    settle(mine, hall, third)
    settle(theirs, cloud, first)
    assert (hall.disagreements(), cloud.disagreements()) == ([], [])
    hall.flask("sync", "exchange")
    [(of, path, sides)] = hall.disagreements()
    assert (of, path, len(sides)) == (record, "phones", 2), "each settled it otherwise: that is one question again"
    assert cloud.disagreements() == hall.disagreements()

    settle(mine, hall, first)
    hall.flask("sync", "exchange")
    assert hall.disagreements() == cloud.disagreements() == []
    assert hall.phones(record) == cloud.phones(record)

    write(cloud.records, [Change("exhibitor", record, {"phones": ["+212600000044"]})], OFFICE)
    cloud.records.commit()
    hall.flask("sync", "exchange")
    assert hall.phones(record) == ["+212600000044"], "who writes after a clock that was ahead is not overwritten by it"
    assert hall.disagreements() == []
    go(mine, hall.server, f"/one/{record}")
    mine.wait_for_selector("text=06 00 00 00 44")
