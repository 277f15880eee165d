"""What a visitor may ask, for the tests of the pages: of the demo fair, and of one full of hostile texts."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

from companion.catalogue.index import FILTERS
from companion.visitors.ask import Ask

DEMO: dict[str, Any] = json.loads((Path(__file__).parent / "data/snapshot.json").read_text("utf-8"))
LANGUAGES = ("fr", "ar", "zgh")
BASE_URL = "https://rafiq.example"
ORIGIN = "https://box.fair.example:8443"
DURING = "2027-07-03T10:35"

Visit = tuple[str, dict[str, str]]

HOSTILE = (
    "<script>alert('1')</script> & \"quoted\" `${x}`",
    "a\u2028b\u2029c\u0085d\r\ne\u000bf\u0000g",
    "👩‍🌾 𝔐𝔦𝔢𝔩 😀" * 12,
    "\u202eevil\u202c \u2067عربي\u2069 ABC",
    "%(name)s 100% %% %(code)s",
    "{{ 7 * 7 }}{% raw %} {# #}",
    "\\ ; , : \\n \\;",
    " \u00a0 spaces \t everywhere \u3000 ",
    "مرحبا، «سلام» 12;34",
    "ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ!*'()~",
    "constructor",
    "word " * 90,
    "=cmd|'/C calc'!A0 </script></style><svg onload=alert(1)> a\u200bb\ufeff\u2066 \u202e ]]> #import \"/etc/passwd\"",
)


def ask(
    path: str,
    query: dict[str, str] | None = None,
    lang: str = "fr",
    now: str = DURING,
    base_url: str = BASE_URL,
    languages: tuple[str, ...] = LANGUAGES,
) -> Ask:
    """A question in plain English: messages come back untranslated."""
    return Ask(
        lang=lang,
        path=path,
        query=query or {},
        now=now,
        gettext=lambda message: message,
        ngettext=lambda one, many, n: one if n == 1 else many,
        base_url=base_url,
        origin=ORIGIN,
        languages=languages,
    )


def records(snapshot: dict[str, Any]) -> list[Visit]:
    """Every page and file about one exhibitor, booth or workshop."""
    exhibitors = [f"/e/{exhibitor['code']}" for exhibitor in snapshot["exhibitors"]]
    workshops = [f"/programme/{workshop['code']}" for workshop in snapshot["workshops"]]
    booths = [f"/b/{booth['code']}" for booth in snapshot["booths"]]
    forms = [path + "/request" for path in exhibitors]
    files = [path + ".vcf" for path in exhibitors] + [path + ".ics" for path in workshops]
    return [(path, {}) for path in exhibitors + forms + booths + workshops + files]


def questions(snapshot: dict[str, Any]) -> list[Visit]:
    """The other pages, with what people put into their addresses, meant or not."""
    codes = [exhibitor["code"] for exhibitor in snapshot["exhibitors"]]
    booths = [booth["code"] for booth in snapshot["booths"]]
    workshops = [workshop["code"] for workshop in snapshot["workshops"]]
    tabs: list[Visit] = [(f"/{tab}", {}) for tab in ("", "exhibitors", "map", "programme", "mine", "scan", "about")]
    return [
        *tabs,
        *_lists(snapshot),
        *_plans(booths),
        *_agendas(snapshot, workshops, codes),
        *_scans(codes),
        *_lost(),
    ]


def _lists(snapshot: dict[str, Any]) -> list[Visit]:
    values = {name: _values(snapshot, name) for name in FILTERS}
    singles = [
        {name: value} for name in FILTERS for value in [*values[name], "", "nothing", "constructor", "__proto__"]
    ]
    pairs = [
        {"sector": s, "province": p}
        for s, p in zip(values["sector"], itertools.cycle(values["province"]), strict=False)
    ]
    words = [
        "miel",
        "huile d'olive",
        "عسل",
        "3sel",
        "ⵜⴰⵎⵎⴻⵎⵜ",
        "tapi",
        "b40",
        "B-40",
        "٤٠",
        "a 01",
        "A48",
        "zzzz",
        "é",
    ]
    words += [*HOSTILE, "x" * 5000, " ", "%", "+", "a" * 99 + "😀😀", "the\u200fre", "'"]
    searches: list[dict[str, str]] = [{"q": word} for word in words]
    searches += [{"q": "co", "page": page} for page in ("2", "3", "1", "0", "-1", "99999", "²", "٢", "1.5", "2\n")]
    searches += [{"q": "miel", "sector": "TEXT"}, {"q": "zzzz", "sector": "MIEL"}, {"q": "co", "label": "x"}]
    everything = {name: values[name][0] for name in FILTERS if values[name]}
    return [("/exhibitors", query) for query in [*singles, *pairs, *searches, everything, {"page": "2"}]]


def _values(snapshot: dict[str, Any], name: str) -> list[str]:
    return [value for value in snapshot.get(name + "s", {}) if value]


def _plans(booths: list[str]) -> list[Visit]:
    queries = [
        {"at": booths[0]},
        {"to": booths[-1]},
        {"at": booths[0], "to": booths[-1]},
        {"at": booths[0], "to": booths[0]},
        {"at": "ENT-S", "to": booths[7].lower(), "stops": ",".join(booths[3:9])},
        {"stops": ",".join(booths[::40])},
        {"stops": ",".join([*booths[:44], booths[0]])},
        {"stops": " , ,,A01, a-1 ,A48,Z99,<b>"},
        {"stops": "A48"},
        {"at": "nowhere", "to": "'\"<>", "stops": "😀"},
        {"at": "ent-s"},
    ]
    return [("/map", query) for query in queries]


def _agendas(snapshot: dict[str, Any], workshops: list[str], codes: list[str]) -> list[Visit]:
    days = [day["date"] for day in snapshot["fair"]["days"]]
    rooms = [place["code"] for place in snapshot["places"]]
    filters = [{"day": day, "room": room} for day in [*days, "2027-01-01"] for room in [*rooms[:4], "nowhere"]]
    filters += [{"lang": lang} for lang in ("ar", "zgh", "fr", "en", "es", "de")]
    agenda = ",".join(workshops)
    mine: list[dict[str, str]] = [
        {"codes": ",".join(codes[:20]), "visited": ",".join(codes[5:9]), "agenda": agenda},
        {"codes": f"{codes[0].lower()},nobody, {codes[0]},,<>", "visited": "x", "agenda": "w1,W01,W99"},
        {"codes": ",".join(codes * 2)},
    ]
    return [
        *(("/programme", query) for query in [*filters, {"mine": agenda}, {"mine": "W01,W03", "day": days[-1]}]),
        *(("/mine", query) for query in mine),
        (f"/programme/{workshops[0]}", {"mine": agenda}),
    ]


def _scans(codes: list[str]) -> list[Visit]:
    texts = [
        *(
            "A12",
            "a-12",
            "b٤٠",
            "A48",
            "Z99",
            "A99",
            "w1",
            codes[3],
            codes[3].lower(),
            "0OIL1",
            "hello",
            "   ",
        ),
        *("HTTPS://RAFIQ.EXAMPLE/B/A12", "http://www.rafiq.example:80/fr/b/a12/", "rafiq.example/AR/B/a-12"),
        *("HTTPS://BOX.FAIR.EXAMPLE:8443/B/A12", "box.fair.example:8443/b/A12", "https://box.fair.example/b/A12"),
        *(f"https://rafiq.example/fr/e/{codes[0]}.vcf", f"https://rafiq.example./e/{codes[0]}?x=1#y"),
        *(
            "https://rafiq.example",
            "https://rafiq.example/zgh/map?at=A12",
            "https://rafiq.example/fr/programme/W01.ics",
        ),
        *("https://rafiq.example/b/Z99", "https://rafiq.example/b/a/b", "https://rafiq.example/b/%41"),
        *(
            "https://evil.example/b/A12",
            "https://rafiq.example@evil.example/b/A12",
            "https:///b/A12",
            "https://",
        ),
        *(
            "WIFI:S:fair;T:WPA;P:x;;",
            "tel:+212600000000",
            "SMSTO:+1:x",
            "mailto:a@b.c",
            "geo:1,2",
            "61234567890128",
        ),
        *("BEGIN:VCARD\nFN:X\nEND:VCARD", "MECARD:N:X;;", "BEGIN:VEVENT\nEND:VEVENT", "javascript:alert(1)"),
        f"BEGIN:VCARD\r\nitem1.URL;TYPE=x:https://rafiq.example/ar/e/{codes[1]}\r\nEND:VCARD",
        "BEGIN:VCARD\r\nURL:https://evil.example/e/A12\r\u2028URL: https://rafiq.example/b/A12\r\nEND:VCARD",
        *HOSTILE,
    ]
    return [("/scan", {"code": text}) for text in texts]


def _lost() -> list[Visit]:
    paths = [
        *(
            "/nothing",
            "/exhibitors/",
            "/EXHIBITORS",
            "/e",
            "/e/",
            "/e//",
            "//",
            "/e/nobody",
            "/e/nobody.vcf",
            "/e/nobody/request",
            *("/e/oldie", "/e/0LD1E.vcf", "/e/0ld1e/request", "/e/G0NE1"),
            "/b/Z99",
        ),
        *(
            "/b/A99",
            "/b/b 4",
            "/b/ B-04 ",
            "/B/a٠١",
            "/b/A0001",
            "/b/<b>",
            "/e/😀",
            "/programme/W99",
            "/programme/w-1",
        ),
        *(
            "/programme/W01.ICS",
            "/programme/w1.ics.ics",
            "/a/b/c",
            "/e/constructor",
            "/b/__proto__",
            "/toString",
            "/İ",
        ),
        *(f"/b/{text}" for text in HOSTILE if "/" not in text),
    ]
    return [(path, {}) for path in paths]


def hostile() -> dict[str, Any]:
    """A fair like the demo's, smaller, with something nasty in every text and nothing where it may be missing."""
    snapshot = copy.deepcopy(DEMO)
    snapshot["exhibitors"] = snapshot["exhibitors"][:48]
    held = {code for exhibitor in snapshot["exhibitors"] for code in exhibitor["booths"]}
    snapshot["booths"] = [booth for booth in snapshot["booths"] if booth["code"] in held or booth["code"] < "A60"]
    snapshot["order"] = {"fr": list(range(47, -1, -1)), "ar": list(range(48))}
    _spoil(snapshot, itertools.cycle(HOSTILE), itertools.cycle(range(7)))
    exhibitors = snapshot["exhibitors"]
    odd: list[dict[str, Any]] = [
        {"kind": "none", "sector": "none", "province": "none", "commune": "none"},
        {"email": "a?bcc=x&y=z@b.example", "website": "javascript:alert(1)", "whatsapp": "+33612345678"},
        {"website": "https://b.example/\n", "phones": ["+33612345678", "+2126", "+212522000000"]},
        {"website": "HTTPS://b.example/a?b=c&d='e'/", "phones": [], "booths": []},
        {"booths": ["Z99", "A01"], "commune": "none", "commune_text": HOSTILE[8]},
        {"commune": "none", "commune_text": HOSTILE[0], "labels": ["none", "constructor"]},
        {
            "languages": ["xx", "ar", "constructor"],
            "payment": ["gold", "cash"],
            "founded": 0,
            "women_led": True,
        },
        {"products": [], "delivery": None, "orders": None},
        {
            "products": [
                {"name": {"fr": text}, "unit": text, "price": price}
                for text, price in zip(HOSTILE, PRICES, strict=False)
            ]
        },
    ]
    for exhibitor, changes in zip(exhibitors, odd, strict=False):
        exhibitor.update(changes)
    exhibitors[0]["name"] = {"fr": HOSTILE[2]}  # of four octets each, where lines of files are folded
    for exhibitor in exhibitors[9:39]:
        exhibitor["zone"] = "P4"  # the largest zone is not the first
    snapshot["moved"] = {"0LD1E": exhibitors[0]["code"], "G0NE1": "N0B0D"}
    snapshot["workshops"][0] |= {"end": "00:30", "room": "nowhere", "audience": "constructor"}
    snapshot["workshops"][1] |= {"date": "2027-07-20", "languages": ["xx"], "status": "cancelled"}
    snapshot["notices"] = [
        {"title": {"fr": urgency}, "body": {"ar": urgency}, "urgency": urgency, **when}
        for urgency in ("info", "warning", "urgent")
        for when in (
            {},
            {"starts": "2027-07-03T10:00:00", "ends": "2027-07-03T11:00"},
            {"starts": "2027-07-09T10:00"},
        )
    ]
    return snapshot


PRICES = (0, 1, 99, 100, 101, 99999, 100000, 123456789, 10**12, None, 5000, 250)


def _spoil(node: Any, nasty: itertools.cycle[str], fate: itertools.cycle[int]) -> None:
    """Replace every text of several languages in place; some lose a language, some keep one, some are empty."""
    if isinstance(node, list):
        for item in node:
            _spoil(item, nasty, fate)
    elif isinstance(node, dict):
        if node and set(node) <= {"fr", "ar", "zgh", "en"} and all(isinstance(text, str) for text in node.values()):
            kept = ([*LANGUAGES], [*LANGUAGES], ["ar"], ["zgh"], ["en", "fr"], ["fr", "zgh"], [])[next(fate)]
            node.clear()
            node.update({lang: next(nasty) for lang in kept} or {"fr": ""})
        else:
            for item in node.values():
                _spoil(item, nasty, fate)


def empty() -> dict[str, Any]:
    """A fair that has announced itself and nothing more."""
    return {key: type(value)() if isinstance(value, list | dict) else value for key, value in DEMO.items()} | {
        "fair": DEMO["fair"]
    }
