"""Times in the exhibitors' and the floor team's pages: those of the act, on the fair's clock whatever the phone's is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from companion import zones

pytestmark = pytest.mark.browser

ACTED = """async ([fair, edits]) => {
    const { received } = await import('/static/js/store.js');
    const { acted, clock, learnZone, wall } = await import('/static/js/area/words.js');
    await received.put({ seq: 1, release: '', snapshot: JSON.stringify({ fair }), stored: '' });
    await learnZone();
    return edits.map((edit) => [acted(edit), clock(edit.received), wall(edit.received)]);
}"""

ZONE = ZoneInfo("Africa/Casablanca")
FIRST, LAST = date(2026, 8, 3), date(2026, 10, 5)
"""A fair during which the zone's offset changes for good."""


def shown(page: Page, edits: list[dict[str, str]]) -> Any:
    noon = datetime(2026, 8, 3, 12, tzinfo=UTC)
    fair = {"offset": zones.minutes_ahead(ZONE, noon), "offsets": zones.offsets(ZONE, FIRST, LAST)}
    return page.evaluate(ACTED, [fair, edits])


def stamp(moment: str) -> str:
    return f"{int(datetime.fromisoformat(moment).timestamp() * 1000):013d}-0000-phone"


def test_an_act_has_its_own_time_and_its_arrival_beside_it_where_it_was_late(modules: Page) -> None:
    edits = [
        {"stamp": stamp("2024-09-01T10:02:00+00:00"), "received": "2024-09-01T14:30:00Z"},
        {"stamp": stamp("2024-09-01T10:02:00+00:00"), "received": "2024-09-01T10:06:00Z"},
        {"stamp": stamp("2031-09-01T10:02:00+00:00"), "received": "2024-09-01T10:06:00Z"},
        {"stamp": stamp("2024-09-01T10:02:00+00:00")},
    ]
    assert [act for act, *_ in shown(modules, edits)] == [
        {"at": "01/09/2024 11:02", "arrived": "01/09/2024 15:30"},
        {"at": "01/09/2024 11:02", "arrived": ""},
        {"at": "01/09/2024 11:06", "arrived": ""},
        {"at": "01/09/2024 11:02", "arrived": ""},
    ]


def test_days_are_those_of_the_fair_also_across_a_change_of_the_offset(modules: Page) -> None:
    moments = [datetime(2026, 8, 31, 23, 30, tzinfo=UTC) + timedelta(days=days) for days in (0, 30, 60)]
    edits = [{"stamp": stamp(str(one)), "received": one.isoformat()} for one in moments]
    found = [day[:16] for *_, day in shown(modules, [*edits, {"stamp": stamp(str(moments[0])), "received": "never"}])]
    assert found == [*(zones.local(ZONE, str(one)) for one in moments), ""]
    assert found[0][:10] == "2026-09-01"
