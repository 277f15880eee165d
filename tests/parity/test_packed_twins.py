"""The catalogue as phones download it: what the server packs, the phone unpacks to the same."""

from __future__ import annotations

import json
from typing import Any

import brotli
import pytest
from playwright.sync_api import Page

from bench.catalogue import grown
from companion.catalogue.packed import LISTED, PART, WHOLE, pack
from tests.visits import DEMO, empty, hostile

pytestmark = pytest.mark.browser

UNPACK = """async ([first, parts]) => {
    const { unpack } = await import('/static/js/unpack.js');
    return JSON.stringify(unpack(JSON.parse(first), parts.map((part) => JSON.parse(part))));
}"""


def unpacked(page: Page, first: bytes, parts: list[bytes]) -> Any:
    return json.loads(page.evaluate(UNPACK, [first.decode(), [part.decode() for part in parts]]))


def with_booths_of_its_own(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A snapshot as the server builds it: an exhibitor's booths are those that say they are its."""
    held: dict[str, list[str]] = {}
    for booth in snapshot["booths"]:
        held.setdefault(booth.get("exhibitor", ""), []).append(booth["code"])
    exhibitors = [
        {name: value for name, value in one.items() if name != "booths"}
        | ({"booths": sorted(held[one["code"]])} if one["code"] in held else {})
        for one in snapshot["exhibitors"]
    ]
    return snapshot | {"exhibitors": sorted(exhibitors, key=lambda one: one["code"])}


def filled(value: Any) -> Any:
    """Without what the server leaves out: members that are empty or nothing."""
    if isinstance(value, list):
        return [filled(one) for one in value]
    if isinstance(value, dict):
        members = {name: filled(one) for name, one in value.items()}
        return {name: one for name, one in members.items() if one not in (None, "", [], {})}
    return value


@pytest.mark.parametrize("snapshot", [DEMO, filled(hostile()), empty()], ids=["demo", "hostile", "empty"])
def test_a_fair_comes_out_as_it_went_in(modules: Page, snapshot: dict[str, Any]) -> None:
    fair = with_booths_of_its_own(snapshot)
    first, parts = pack(fair)
    assert parts == {}
    assert unpacked(modules, first, []) == fair


def test_the_demo_fair_is_a_tenth_smaller_on_the_way() -> None:
    plain = json.dumps(DEMO, ensure_ascii=False, separators=(",", ":")).encode()
    first, _ = pack(DEMO)
    sizes = [len(brotli.compress(content, quality=10)) for content in (first, plain)]
    assert sizes[0] < 0.91 * sizes[1]
    assert sizes[0] < 70_000


def test_a_large_fair_is_a_list_and_parts(modules: Page) -> None:
    fair = with_booths_of_its_own(grown(DEMO, 2500))
    first, parts = pack(fair)
    assert len(parts) == 2500 / PART
    assert list(parts) == json.loads(first)["parts"]
    assert unpacked(modules, first, list(parts.values())) == fair
    listed = unpacked(modules, first, [])
    assert {name for one in listed["exhibitors"] for name in one} == set(LISTED)
    assert {**listed, "exhibitors": 0} == {**fair, "exhibitors": 0}
    fair["exhibitors"][1000]["about"] = {"fr": "Autre chose"}
    changed = pack(fair)
    assert changed[0] != first
    assert len(parts.keys() - changed[1].keys()) == 1


def test_up_to_so_many_exhibitors_one_answer_is_all() -> None:
    assert pack(grown(DEMO, WHOLE))[1] == {}
    assert len(pack(grown(DEMO, WHOLE + 1))[1]) == 5


def test_the_list_of_a_large_fair_is_a_fraction_of_all() -> None:
    first, parts = pack(grown(DEMO, 2500))
    assert len(first) < sum(map(len, parts.values())) / 3
