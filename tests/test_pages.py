"""What visitors are told, page by page, over the demo fair."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from companion.catalogue.index import FILTERS, Catalogue
from companion.visitors.pages import answer
from tests.visits import DEMO, DURING, HOSTILE, LANGUAGES, ask, hostile, questions, records

FAIR = Catalogue(DEMO)
HOSTILE_FAIR = Catalogue(hostile())
CODE = FAIR.booth("A01")["exhibitor"]  # type: ignore[index]
SOMEBODY: dict[str, Any] = FAIR.exhibitor(CODE)  # type: ignore[assignment]


def visit(path: str, lang: str = "fr", now: str = DURING, **query: str) -> dict[str, Any]:
    """The context of a page, which must be there."""
    answered = answer(FAIR, ask(path, query, lang, now))
    assert answered["status"] == 200
    context: dict[str, Any] = answered["context"]
    return context


def codes(cards: list[dict[str, Any]]) -> list[str]:
    return [card["code"] for card in cards]


# Every address


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_record_has_its_page(lang: str) -> None:
    for path, query in records(DEMO):
        answered = answer(FAIR, ask(path, query, lang))
        assert answered["status"] == 200, path
        if "context" in answered:
            assert answered["context"]["path"] == path


def test_templates_get_plain_values_only() -> None:
    def check(value: Any, where: str) -> None:
        if isinstance(value, dict):
            for name, member in value.items():
                check(member, f"{where}.{name}")
        elif isinstance(value, list):
            for member in value:
                check(member, where)
        else:
            assert value is None or type(value) in (str, int, bool), where

    for path, query in [*records(DEMO)[::17], *questions(DEMO)]:
        check(answer(FAIR, ask(path, query)), path)


def test_every_link_to_a_page_leads_to_one() -> None:
    def hrefs(value: Any) -> list[str]:
        if isinstance(value, list):
            return [href for member in value for href in hrefs(member)]
        if not isinstance(value, dict):
            return []
        own = [member for name, member in value.items() if name.endswith(("href", "ics")) and isinstance(member, str)]
        return own + [href for member in value.values() for href in hrefs(member)]

    pages = ["/", "/exhibitors", "/map", "/programme", "/mine", "/about", f"/e/{CODE}", "/b/A48", "/programme/W01"]
    asked = [answer(FAIR, ask(path)) for path in pages] + [answer(FAIR, ask("/exhibitors", {"q": "zzzz"}))]
    links = {href for answered in asked for href in hrefs(answered["context"]) if href.startswith("/")}
    assert len(links) > 700
    for link in links:
        _, lang, path = urlsplit(link).path.split("/", 2)
        query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        assert lang in LANGUAGES
        assert answer(FAIR, ask("/" + unquote(path), query, lang))["status"] == 200, link


@pytest.mark.parametrize(
    ("path", "what", "asked"),
    [
        ("/nothing", "page", "/nothing"),
        ("/a/b/c", "page", "/a/b/c"),
        ("/e", "page", "/e"),
        ("/e/NOBODY", "exhibitor", "NOBODY"),
        ("/b/Z99", "booth", "Z99"),
        ("/programme/W99", "workshop", "W99"),
        ("/b/" + "x" * 900, "booth", "x" * 40),
    ],
)
def test_what_is_not_there_is_said(path: str, what: str, asked: str) -> None:
    answered = answer(FAIR, ask(path))
    assert (answered["status"], answered["template"]) == (404, "visitors/missing.html")
    assert (answered["context"]["what"], answered["context"]["asked"]) == (what, asked)


def test_a_booth_number_past_the_end_suggests_the_last_ones() -> None:
    near = answer(FAIR, ask("/b/A99"))["context"]["suggestions"]
    assert [card["booths"] for card in near] == [["A64"], ["A63"], ["A62"]]


@pytest.mark.parametrize("typed", ["A01", "a01", "A-01", "a 1", "A.1", "أ01".replace("أ", "a"), "a٠١", "A0001"])
def test_a_booth_however_it_is_written(typed: str) -> None:
    context = visit(f"/b/{typed}")
    assert (context["code"], context["booth"], context["here"], context["path"]) == (CODE, "A01", True, "/b/A01")


def test_letters_that_look_like_digits_in_an_exhibitors_code() -> None:
    code = next(e["code"] for e in DEMO["exhibitors"] if "0" in e["code"] and "1" in e["code"])
    assert visit(f"/e/{code.replace('0', 'o').replace('1', 'l')}")["code"] == code


def test_the_other_languages_keep_page_and_query() -> None:
    context = visit("/exhibitors", q="huile d'olive", sector="OLIVE", utm_source="x")
    assert [one["href"] for one in context["languages"]] == [
        f"/{lang}/exhibitors?q=huile%20d%27olive&sector=OLIVE" for lang in LANGUAGES
    ]
    assert [one["current"] for one in context["languages"]] == [True, False, False]


# Exhibitors


def test_browsing_shows_everybody_in_the_languages_order() -> None:
    for lang in LANGUAGES:
        context = visit("/exhibitors", lang)
        assert context["total"] == 320
        assert codes(context["cards_found"]) == [DEMO["exhibitors"][at]["code"] for at in DEMO["order"][lang]]
        assert context["more_href"] == ""


def test_filter_counts_tell_what_choosing_gives() -> None:
    chosen = {"sector": "MIEL", "province": "azilal"}
    for filters in visit("/exhibitors", **chosen)["filters"]:
        for option in filters["options"]:
            asked = {**chosen, filters["name"]: option["value"]}
            assert visit("/exhibitors", **asked)["total"] == option["count"], option


def test_single_valued_filters_add_up() -> None:
    for name in ("sector", "kind", "province", "zone"):
        filters = next(one for one in visit("/exhibitors")["filters"] if one["name"] == name)
        assert sum(option["count"] for option in filters["options"]) == 320


def test_the_chosen_options_link_takes_it_away() -> None:
    filters = visit("/exhibitors", q="co", sector="MIEL", zone="P1")["filters"]
    selected = [option["href"] for one in filters for option in one["options"] if option["selected"]]
    assert selected == ["/fr/exhibitors?q=co&zone=P1", "/fr/exhibitors?q=co&sector=MIEL"]
    assert [one["name"] for one in filters if one["chosen"]] == ["sector", "zone"]


def test_a_filter_nobody_has_counts_as_not_given() -> None:
    context = visit("/exhibitors", sector="SPACE", province="constructor")
    assert (context["total"], context["active"]) == (320, 0)


def test_a_label_is_found_on_products_too() -> None:
    label = "igp-miel-d-euphorbe-tadla-azilal"
    for card in visit("/exhibitors", label=label)["cards_found"]:
        exhibitor: Any = FAIR.exhibitor(card["code"])
        assert label in [*exhibitor.get("labels", []), *(p.get("label") for p in exhibitor["products"])]
        assert card["labels"] is True


def test_search_comes_in_pages_without_gaps_or_repeats() -> None:
    pages = [visit("/exhibitors", q="cooperative", page=str(number)) for number in (1, 2)]
    assert [len(page["cards_found"]) for page in pages] == [60, 60]
    assert pages[0]["more_href"] == "/fr/exhibitors?q=cooperative&page=2"
    found = [exhibitor["code"] for exhibitor in FAIR.find("cooperative")]
    assert codes(pages[0]["cards_found"] + pages[1]["cards_found"]) == found[:120]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1.5", "²", "٢", "2\n", "99999999999999999999"])
def test_a_page_number_that_is_none_shows_the_first(page: str) -> None:
    assert visit("/exhibitors", q="miel", page=page)["cards_found"] == visit("/exhibitors", q="miel")["cards_found"]


def test_a_booth_number_in_the_search_field_shows_its_exhibitor_once() -> None:
    context = visit("/exhibitors", q="a-1")
    assert context["booth_hit"]["code"] == CODE
    assert CODE not in codes(context["cards_found"])


def test_an_empty_list_offers_ways_out() -> None:
    few = next(
        (sector, province)
        for sector, province in itertools.product(DEMO["sectors"], DEMO["provinces"])
        if not any(e["sector"] == sector and e["province"] == province for e in DEMO["exhibitors"])
    )
    fewer = visit("/exhibitors", sector=few[0], province=few[1])["suggestions"]
    assert [way["href"] for way in fewer] == [
        f"/fr/exhibitors?province={few[1]}",
        f"/fr/exhibitors?sector={few[0]}",
    ]
    sectors = visit("/exhibitors", q="zzzzqqqq")["suggestions"]
    assert [way["without"] for way in sectors] == [False] * 6


def test_an_exhibitors_page_says_all_its_record_says() -> None:
    for record in DEMO["exhibitors"]:
        context = visit(f"/e/{record['code']}", "ar")
        assert context["name"]["text"] == record["name"]["ar"]
        assert [booth["code"] for booth in context["booths"]] == record["booths"]
        assert len(context["products"]) == len(record["products"])
        assert [p["available"] for p in context["products"]] == [p["available"] for p in record["products"]]
        assert [p["href"] for p in context["phones"]] == [f"tel:{number}" for number in record["phones"]]
        assert (context["members"], context["women"]) == (record.get("members", 0), record.get("women", 0))
        assert context["delivery"] == {True: "yes", False: "no", None: ""}[record.get("delivery")]
        assert len(context["languages_spoken"]) == len(record["languages"])
        assert len(context["payment"]) == len(record.get("payment", []))


def test_more_of_the_sector_and_who_stands_near() -> None:
    context = visit("/b/A01")
    assert len(context["same_sector"]) == len(context["nearby"]) == 6
    assert {card["sector"] for card in context["same_sector"]} == {SOMEBODY["sector"]}
    assert CODE not in codes(context["same_sector"]) + codes(context["nearby"])
    distances = [card["distance"] for card in context["nearby"]]
    assert distances == sorted(distances)
    assert distances[0] < 6


def test_a_booth_nobody_holds() -> None:
    answered = answer(FAIR, ask("/b/A48"))
    assert (answered["status"], answered["template"]) == (200, "visitors/booth_free.html")
    assert len(answered["context"]["nearby"]) == 6


def test_whatsapp_says_booth_and_fair_in_the_visitors_words() -> None:
    record = next(e for e in DEMO["exhibitors"] if "whatsapp" in e)
    link = urlsplit(visit(f"/e/{record['code']}", "ar")["whatsapp_href"])
    assert (link.netloc, link.path) == ("wa.me", "/" + record["whatsapp"].removeprefix("+"))
    assert parse_qs(link.query) == {
        "text": [f"Hello, I saw your booth {record['booths'][0]} at {DEMO['fair']['short_name']['ar']}."]
    }


def test_what_a_person_typed_never_becomes_part_of_an_address() -> None:
    record = HOSTILE_FAIR.exhibitors[1]
    context = answer(HOSTILE_FAIR, ask(f"/e/{record['code']}"))["context"]
    mail = urlsplit(context["email_href"])
    assert unquote(mail.path) == record["email"]
    assert list(parse_qs(mail.query)) == ["subject"]
    assert context["website"] is None
    assert context["whatsapp_href"].startswith("https://wa.me/33612345678?text=Hello")


def test_the_weave_is_always_the_same_and_differs_between_exhibitors() -> None:
    weaves = [visit(f"/e/{e['code']}")["weave"] for e in DEMO["exhibitors"]]
    assert visit(f"/e/{CODE}")["weave"] == visit("/b/A01", "ar")["weave"]
    assert len({tuple(weave["bands"]) for weave in weaves}) > 310
    assert {band for weave in weaves for band in weave["bands"]} == set(range(8))
    assert {weave["hue"] for weave in weaves} == set(range(len(DEMO["sectors"])))


# Home and programme


@pytest.mark.parametrize(
    ("now", "phase", "day", "first", "notices"),
    [
        ("2027-06-01T12:00", "before", "samedi 3 juillet", "W01", 1),
        ("2027-07-03T08:55", "during", "samedi 3 juillet", "W01", 0),
        ("2027-07-03T10:35", "during", "samedi 3 juillet", "W01", 1),
        ("2027-07-03T23:00", "during", "dimanche 4 juillet", "W10", 1),
        ("2027-07-07T23:00", "during", "mercredi 7 juillet", None, 0),
        ("2027-09-01T12:00", "after", "mercredi 7 juillet", None, 0),
    ],
)
def test_home_follows_the_fair(now: str, phase: str, day: str, first: str | None, notices: int) -> None:
    context = visit("/", now=now)
    assert (context["phase"], context["day"]["text"], len(context["notices"])) == (phase, day, notices)
    assert next(iter(codes(context["sessions"])), None) == first
    assert len(context["sessions"]) == (6 if first else 0)
    assert context["today"] is (now[:10] in ("2027-07-03", "2027-07-07") and now != "2027-07-03T23:00")
    assert context["counts"] == {"exhibitors": 320, "workshops": 40, "products": 900}
    assert sum(sector["count"] for sector in context["sectors"]) == 320
    assert context["hours"] == "10:00–21:00"


def test_on_the_first_page_what_is_over_comes_last() -> None:
    states = [session["state"] for session in visit("/", now="2027-07-03T14:00")["sessions"]]
    assert states == sorted(states, key=lambda state: state == "past")


def test_a_session_knows_what_time_it_is() -> None:
    def state(now: str) -> str:
        return str(visit("/programme/W01", now=now)["w"]["state"])  # 10:00 to 11:00

    moments = ["2027-07-02T10:30", "2027-07-03T08:55", "2027-07-03T09:00", "2027-07-03T09:55", "2027-07-03T10:00"]
    assert [state(now) for now in moments] == ["", "", "next", "next", "now"]
    assert [state(now) for now in ("2027-07-03T10:55", "2027-07-03T11:00", "2027-07-04T10:30")] == [
        "now",
        "past",
        "past",
    ]


def test_what_is_cancelled_is_never_now() -> None:
    cancelled = next(w for w in DEMO["workshops"] if w["status"] == "cancelled")
    now = f"{cancelled['date']}T{cancelled['start']}"
    assert visit(f"/programme/{cancelled['code']}", now=now)["w"]["state"] == ""


def test_the_programme_by_days() -> None:
    context = visit("/programme", now="2027-07-05T09:00")
    assert [day["date"] for day in context["days"] if day["current"]] == ["2027-07-05"]
    assert sum(day["count"] for day in context["days"]) == 40
    for day in context["days"]:
        shown = visit("/programme", day=day["date"])["sessions"]
        assert len(shown) == day["count"]
        assert {session["date"] for session in shown} == {day["date"]}


def test_the_programme_of_one_room_in_one_language() -> None:
    context = answer(FAIR, ask("/programme", {"room": "R1", "lang": "zgh", "day": "2027-07-04"}))["context"]
    expected = [
        w["code"]
        for w in DEMO["workshops"]
        if (w["room"], w["date"]) == ("R1", "2027-07-04") and "zgh" in w["languages"]
    ]
    assert codes(context["sessions"]) == expected
    assert [room["href"] for room in context["rooms"] if room["selected"]] == ["/fr/programme?day=2027-07-04&lang=zgh"]


def test_the_agenda_shows_what_overlaps() -> None:
    shown = visit("/programme", mine="W01,W03,W99", day="2027-07-03")["sessions"]  # 10:00-11:00 and 10:30-12:00
    clashing = {session["code"]: (session["mine"], session["clash"]) for session in shown}
    assert clashing["W01"] == clashing["W03"] == (True, True)
    alone = visit("/programme", mine="W01", day="2027-07-03")["sessions"]
    assert {session["code"] for session in alone if session["mine"]} == {"W01"}
    assert {session["code"] for session in alone if session["clash"]} == {
        w["code"]
        for w in DEMO["workshops"]
        if w["date"] == "2027-07-03" and w["code"] != "W01" and w["start"] < "11:00"
    }


# Plan and list


def test_the_plan_has_every_booth_and_place() -> None:
    context = visit("/map")
    assert (context["width"], context["height"]) == (800, 500)
    assert len(context["booths"]) == 332
    assert sum(not booth["exhibitor"] for booth in context["booths"]) == 6
    assert len(context["places"]) + len(context["aisles"]) == 27
    assert codes(context["letters"]) == ["A", "B", "C", "D", "E", "F"]
    for letter in context["letters"]:  # none on a room's name
        assert not any(
            abs(letter["cx"] - x["cx"]) < x["w"] / 2 + 8 and abs(letter["cy"] - x["cy"]) < x["h"] / 2
            for x in context["places"]
            if x["type"] != "entrance"
        )
    assert [start["code"] for start in context["starts"]] == ["ENT-S", "ENT-O"]
    assert (context["route"], context["here"], context["problem"]) == (None, None, "")


def test_the_way_to_a_booth() -> None:
    context = visit("/map", at="ENT-S", to="a-1")
    way = FAIR.floor.route("ENT-S", "A01")
    assert way
    assert visit("/map", at="ent s")["at"] == "ENT-S"
    assert (context["at"], context["to"], context["here"]) == ("ENT-S", "A01", {"x": 400, "y": 497})
    assert context["route"] == {
        "points": " ".join(f"{x},{y}" for x, y in way["points"]),
        "metres": way["metres"],
        "minutes": -(-way["metres"] // 50),
    }


def test_the_round_of_many_booths() -> None:
    context = visit("/map", at="ENT-S", stops="A01,F01,E43,A01")
    assert sorted(stop["booth"] for stop in context["stops"]) == ["A01", "E43", "F01"]
    assert [stop["card"]["booths"] for stop in context["stops"]] == [[stop["booth"]] for stop in context["stops"]]
    assert context["route"]["metres"] == sum(stop["metres"] for stop in context["stops"])
    assert context["starts"][0]["href"] == "/fr/map?at=ENT-S&stops=A01%2CF01%2CE43%2CA01"


def test_what_the_plan_cannot_do_is_said() -> None:
    assert visit("/map", at="Z99", stops="A01,<b>")["problem"] == "Not on the plan: Z99, <b>"
    assert visit("/map", stops="A01,A48")["problem"] == "Nobody holds this booth yet: A48"
    many = ",".join(booth["code"] for booth in DEMO["booths"][:42])
    assert len(visit("/map", stops=many)["stops"]) == 40
    assert visit("/map", stops=many)["problem"] == "Only the first 40 booths are in the tour."


def without_a_plan() -> dict[str, Any]:
    """The demo fair before anybody has measured the hall: a list gives booths to exhibitors, and nothing more."""
    booths = [booth | {"x": 0, "y": 0, "w": 0, "h": 0} for booth in DEMO["booths"]]
    fair = {name: value for name, value in DEMO["fair"].items() if name != "plan"}
    return DEMO | {"fair": fair, "booths": booths, "places": []}


def test_booths_without_a_size_have_pages_and_no_place_on_the_plan() -> None:
    catalogue = Catalogue(without_a_plan())
    plan = answer(catalogue, ask("/map", {"at": "A01", "to": "E43"}))["context"]
    assert (plan["width"], plan["booths"], plan["letters"], plan["here"], plan["route"]) == (0, [], [], None, None)
    assert plan["problem"] == "Not on the plan: A01, E43"
    booth = answer(catalogue, ask("/b/A01"))["context"]
    assert (booth["code"], booth["nearby"]) == (CODE, [])
    drawn = Catalogue(DEMO | {"booths": [DEMO["booths"][0] | {"w": 0}, *DEMO["booths"][1:]]})
    plan = answer(drawn, ask("/map", {"to": "A01"}))["context"]
    assert (len(plan["booths"]), plan["to"], plan["problem"]) == (331, "", "Not on the plan: A01")


def test_my_list_in_my_order() -> None:
    mine = ["B01", "A01", "C05"]
    kept = [FAIR.holder(booth)["code"] for code in mine if (booth := FAIR.booth(code))]  # type: ignore[index]
    context = visit("/mine", codes=",".join([*kept, "GONE1", kept[0].lower()]), visited=kept[1], agenda="W03,W01,W98")
    assert codes(context["cards"]) == kept
    assert (context["visited"], context["gone"], context["lost"]) == ([kept[1]], ["GONE1"], ["W98"])
    assert [(s["code"], s["clash"]) for s in context["sessions"]] == [("W01", True), ("W03", True)]
    assert context["map_href"] == "/fr/map?stops=B01%2CC05"


# Hostile


def test_hostile_texts_break_no_page() -> None:
    visits = [*records(HOSTILE_FAIR.snapshot), *questions(HOSTILE_FAIR.snapshot)]
    statuses = {path: answer(HOSTILE_FAIR, ask(path, query, "ar"))["status"] for path, query in visits}
    assert all(statuses[path] == 200 for path, _ in records(HOSTILE_FAIR.snapshot))


def test_nothing_is_written_twice_in_a_list() -> None:
    for name in FILTERS:
        values = [
            option["value"]
            for option in next(f for f in visit("/exhibitors")["filters"] if f["name"] == name)["options"]
        ]
        assert len(values) == len(set(values)), name
    assert len(HOSTILE) == len(set(HOSTILE))
