"""What the phone makes of an answer to its outbox, case by case; and its stamps, which are the server's."""

from __future__ import annotations

import json
from typing import Any

import phonenumbers
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from companion.accounts import people
from companion.phones import e164
from companion.sync import stamps
from companion.sync.edits import Edit
from companion.sync.requests import EMAIL, tidied
from tests.visitors import make_request

pytestmark = pytest.mark.browser

SENT = ["a", "b"]
NOW = 1_800_000_000_000
IN_TWO_MINUTES = "Fri, 15 Jan 2027 08:02:00 GMT"
JSON, HTML = "application/json", "text/html; charset=utf-8"

Row = tuple[str, int, str, str, object, str, int, dict[str, str]]


def ours(**states: str) -> dict[str, Any]:
    return {"seq": 7, "outcomes": [{"id": edit, "state": state} for edit, state in states.items()]}


TABLE: list[Row] = [
    # what came, status, type, Retry-After, body → verdict, wait (ms), outcomes
    ("all taken", 200, JSON, "", ours(a="applied", b="duplicate"), "answered", 0, {"a": "applied", "b": "duplicate"}),
    ("all taken, a limit told", 200, JSON, "60", ours(a="applied"), "answered", 0, {"a": "applied"}),
    ("one refused", 200, JSON, "", ours(a="refused", b="applied"), "answered", 0, {"a": "refused", "b": "applied"}),
    ("a conflict is kept there", 200, JSON, "", ours(a="conflict"), "answered", 0, {"a": "conflict"}),
    ("one id is missing", 200, JSON, "", ours(b="applied"), "answered", 0, {"b": "applied"}),
    ("a state nobody knows", 200, JSON, "", ours(a="queued"), "again", 0, {}),
    ("an old answer from a cache", 200, JSON, "", ours(x="applied", y="applied"), "again", 0, {}),
    ("outcomes without ids", 200, JSON, "", {"seq": 7, "outcomes": [{"state": "applied"}, None, 3]}, "again", 0, {}),
    ("an error inside a 200", 200, JSON, "", {"error": "no"}, "again", 0, {}),
    ("no position of a log", 200, JSON, "", ours(a="applied") | {"seq": "7"}, "again", 0, {}),
    ("outcomes that are no list", 200, JSON, "", {"seq": 7, "outcomes": {"a": "applied"}}, "again", 0, {}),
    ("a number", 200, JSON, "", 3, "again", 0, {}),
    ("nothing", 200, JSON, "", None, "again", 0, {}),
    ("half an answer", 200, JSON, "", '{"seq": 7, "outcomes": [{"id": "a", "sta', "again", 0, {}),
    ("our answer called a page", 200, HTML, "", ours(a="applied"), "again", 0, {}),
    ("a captive portal", 200, HTML, "", "<!doctype html><h1>Log in", "again", 0, {}),
    ("a captive portal without a type", 200, "", "", "<!doctype html>", "again", 0, {}),
    ("no content", 204, "", "", "", "again", 0, {}),
    ("created somewhere", 201, JSON, "", ours(a="applied"), "again", 0, {}),
    ("too much at once", 413, HTML, "", "", "split", 0, {}),
    ("one spoils the rest", 422, JSON, "", {"message": "no"}, "split", 0, {}),
    ("bad request", 400, HTML, "", "", "split", 0, {}),
    ("the session is over", 401, JSON, "", {"message": "Sign in"}, "signin", 0, {}),
    ("a proxy wants a password", 401, HTML, "", "", "again", 0, {}),
    ("forbidden", 403, HTML, "", "", "again", 0, {}),
    ("not there", 404, HTML, "", "", "again", 0, {}),
    ("gone", 410, HTML, "", "", "again", 0, {}),
    ("too often", 429, JSON, "17", {}, "again", 17_000, {}),
    ("too often, until a time", 429, JSON, IN_TWO_MINUTES, {}, "again", 120_000, {}),
    ("too often, for a year", 429, JSON, "31536000", {}, "again", 3_600_000, {}),
    ("too often, some day", 429, JSON, "soon", {}, "again", 0, {}),
    ("too often, since long", 429, JSON, "Mon, 01 Jan 2001 00:00:00 GMT", {}, "again", 0, {}),
    ("the server failed", 500, HTML, "", "", "again", 0, {}),
    ("the proxy has no server", 502, HTML, "", "", "again", 0, {}),
    ("the server is busy", 503, JSON, "2", ours(a="applied"), "again", 2_000, {}),
    ("the proxy waited too long", 504, HTML, "", "", "again", 0, {}),
]

JUDGE = """async ([rows, sent, now]) => {
    const { judge } = await import('/static/js/verdict.js');
    const plain = ({ what, outcomes, wait }) => [what, wait, Object.fromEntries([...outcomes].map(([id, o]) => [id, o.state]))];
    return rows.map((answer) => plain(judge(answer ?? undefined, sent, now)));
}"""


def test_every_answer_has_its_verdict(modules: Page) -> None:
    answers: list[Any] = [
        {"status": status, "type": kind, "after": after, "text": body if isinstance(body, str) else json.dumps(body)}
        for _, status, kind, after, body, _, _, _ in TABLE
    ]
    verdicts = modules.evaluate(JUDGE, [[*answers, None], SENT, NOW])
    told = {name: tuple(verdict) for (name, *_), verdict in zip(TABLE, verdicts, strict=False)}
    assert told == {name: (what, wait, outcomes) for name, *_, what, wait, outcomes in TABLE}
    assert verdicts[-1] == ["again", 0, {}], "no answer at all"


STAMPS = """async (rows) => {
    const { isStamp, nextStamp } = await import('/static/js/stamps.js');
    return rows.map(([now, replaced]) => {
        try { return nextStamp('phone', now, replaced); } catch { return isStamp(replaced[0]); }
    });
}"""
TIMES = st.one_of(st.integers(0, 9_999_999_999_999), st.sampled_from([NOW, 9_999_999_999_999]))
STAMP = st.builds(
    lambda millis, counter, node: f"{millis:013d}-{counter:04d}-{node}",
    TIMES, st.sampled_from([0, 1, 9998, 9999]), st.sampled_from(["phone", "cloud", "a"]),
)  # fmt: skip


@given(st.lists(st.tuples(TIMES, st.lists(st.none() | STAMP | st.just(""), max_size=3)), min_size=60, max_size=60))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_stamp_is_later_than_what_it_replaces_and_the_servers(
    modules: Page, rows: list[tuple[int, list[str]]]
) -> None:
    def here(now: int, replaced: list[str]) -> str | bool:
        try:
            return stamps.next_stamp("phone", now, replaced)
        except OverflowError:
            return stamps.STAMP.match(replaced[0] or "") is not None

    made = modules.evaluate(STAMPS, rows)
    assert made == [here(*row) for row in rows]
    for stamp, (_, replaced) in zip(made, rows, strict=True):
        assert isinstance(stamp, bool) or all(stamp > (old or "") for old in replaced)


READ = """async (texts) => {
    const { e164, email } = await import('/static/js/reach.js');
    return texts.map((text) => [e164(text), email(text)]);
}"""
MOROCCAN = [
    "06 12 34 56 78", "0612345678", "+212612345678", "+212 6 12-34-56-78", "00212612345678", "212612345678", "612345678",
    "+2120612345678", "+212 (0) 6 12 34 56 78", "٠٦١٢٣٤٥٦٧٨", "۰۶۱۲۳۴۵۶۷۸", "05.22.00.00.00", "0800 00 00 00", "",
    "06123", "061234567890", "0112345678", "+212112345678", "06 12 34 56 7x", "call me", "+2126", "0", "+",
]  # fmt: skip


def test_numbers_are_read_at_home_as_the_server_does_and_abroad_never_more_strictly(modules: Page) -> None:
    regions = sorted(phonenumbers.SUPPORTED_REGIONS - {"MA", "EH"})
    examples = [phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE) for region in regions]
    formats = (phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164)
    abroad = [phonenumbers.format_number(number, form) for number in examples if number for form in formats]
    there = [number for number, _ in modules.evaluate(READ, MOROCCAN)]
    assert dict(zip(MOROCCAN, there, strict=True)) == {text: e164(text) or "" for text in MOROCCAN}
    taken = modules.evaluate(READ, abroad)
    assert [text for text, (number, _) in zip(abroad, taken, strict=True) if number != e164(text)] == []
    assert len(abroad) > 300


def test_addresses_are_read_as_the_server_does(modules: Page) -> None:
    texts = [
        "a@b.c",
        " Fatima@Example.ORG ",
        "é@exémple.ma",
        "a@b",
        "a b@c.d",
        "@b.c",
        "a@b.c,d@e.f",
        "<a@b.c>",
        "a@b..c",
        "",
    ]
    there = [address for _, address in modules.evaluate(READ, texts)]
    edits = [tidied(Edit.model_validate(make_request(email=text))).fields["email"] for text in texts]
    wanted = [text if text and EMAIL.fullmatch(text) else "" for text in edits]
    assert dict(zip(texts, there, strict=True)) == dict(zip(texts, wanted, strict=True))


NAMES = """async (names) => {
    const { AUTHOR } = await import('/static/js/outbox.js');
    return names.map((name) => AUTHOR.test(`staff:${name}`));
}"""
NAMED = [
    "amina", "Fatima Zahra", "Zoé", "Zoe\u0301", "أمينة", "فاطمة الزهراء", "فَاطِمَة", "ⴰⵎⵉⵏⴰ", "L’Office", "O'Hara", "a.b-c_d", "٣", "½", "²", "𝒜",
    "a  b", " a", "a ", "", "a\n", "a\tb", "a@b", "a/b", "a:b", "x" * 60, "x" * 61, "𝒜" * 60, "𝒜" * 61, "a\u00a0b", "a\u200fb", "‮a",
]  # fmt: skip


KNOWN = st.characters(exclude_categories=("Cn", "Cs"))  # a newer Unicode has more letters


@given(st.lists(st.text(KNOWN, max_size=6), min_size=200, max_size=200))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_files_name_staff_as_accounts_do(modules: Page, texts: list[str]) -> None:
    names = [*NAMED, *texts]
    there = modules.evaluate(NAMES, names)
    here = [people.NAME.fullmatch(name) is not None and len(name) <= 60 for name in names]
    assert [name for name, mine, yours in zip(names, here, there, strict=True) if mine != yours] == []
