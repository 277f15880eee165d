"""Numbers, texts and addresses as visitors read them, made before the templates see them.

static/js/format.js is the twin: the same values in give the same text out, which is why nothing here asks
the platform (no locale, no Intl, no \\s).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from companion.languages import LANGUAGES
from companion.phones import national

FALLBACK = ("fr", "ar", "en", "zgh")
NATIVE = {code: language.name for code, language in LANGUAGES.items()}

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_TIFINAGH = re.compile("[\u2d30-\u2d7f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_SPACES = re.compile("[\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
_HOLE = re.compile(r"%(?:\((\w+)\)s|%)", re.ASCII)
_WEB = re.compile(
    'https?://([^\u0000-\u0020"<>\\\\^`{|}\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+)',
    re.ASCII | re.IGNORECASE,
)
_EPOCH = date(1970, 1, 1)

Text = dict[str, Any]


def tagged(text: str, code: str, lang: str) -> Text:
    """A text in language `code` for a page in `lang`; `other` tells the template to mark it."""
    return {
        "text": text,
        "lang": code,
        "dir": "rtl" if code == "ar" else "ltr",
        "other": code != lang,
    }


def local(texts: Mapping[str, str] | None, lang: str) -> Text | None:
    """The text in the page's language, else the first there is of fr, ar, en, zgh; None when there is none."""
    for code in (lang, *FALLBACK):
        if texts and texts.get(code):
            return tagged(texts[code], code, lang)
    return None


def plain(text: str, lang: str) -> Text | None:
    """A text whose language nobody wrote down ("500 g", "lot de 3"): its script tells; None when empty."""
    if not text:
        return None
    scripts = (("ar", _ARABIC), ("zgh", _TIFINAGH), ("fr", _LATIN))
    code = next((code for code, script in scripts if script.search(text)), lang)
    return tagged(text, code, lang)


def words(texts: Mapping[str, str] | None, lang: str) -> str:
    """The text of local() alone, for places that cannot mark a language (titles, messages, labels of a plan)."""
    text = local(texts, lang)
    return str(text["text"]) if text else ""


def tidy(text: str, longest: int = 100) -> str:
    """What a person typed, on one line, without surplus spaces, at most `longest` characters."""
    return _SPACES.sub(" ", text[: 4 * longest]).strip(" ")[:longest].rstrip(" ")


def excerpt(text: str, longest: int = 160) -> str:
    """The beginning of a text, cut between words."""
    text = _SPACES.sub(" ", text).strip(" ")
    if len(text) <= longest:
        return text
    start = text[: longest - 1]
    return (start[: start.rfind(" ")] if " " in start else start) + "…"


def fill(message: str, values: Mapping[str, str | int]) -> str:
    """A translated message with its `%(name)s` filled in; an unknown name stays as it is written."""

    def value(hole: re.Match[str]) -> str:
        name = hole[1]
        return "%" if name is None else str(values.get(name, hole[0]))

    return _HOLE.sub(value, message)


def encode(text: str) -> str:
    """Percent-encoding of all but RFC 3986's unreserved characters, for any part of an address."""
    return quote(text, safe="")


def address(lang: str, path: str, query: Mapping[str, str] | None = None) -> str:
    """The address of a visitor's page in one language, its empty parameters left out."""
    parts = "/".join(encode(part) for part in path.split("/"))
    pairs = "&".join(f"{encode(key)}={encode(value)}" for key, value in (query or {}).items() if value)
    return f"/{lang}{parts}{'?' if pairs else ''}{pairs}"


def price(centimes: int, lang: str) -> str:
    """An amount of centimes as "1 250" or "1 250,50", digits held together by no-break spaces."""
    units, rest = divmod(centimes, 100)
    point = "." if lang == "en" else ","
    return f"{units:,}".replace(",", "\u00a0") + (f"{point}{rest:02d}" if rest else "")


def phone(number: str) -> str:
    """An E.164 number as its country's people write it: "06 00 00 00 01" for Morocco, others unchanged."""
    return national(number)


def website(url: str) -> dict[str, str] | None:
    """A link to an http(s) site, shown without scheme and last slash; None for anything else."""
    found = _WEB.fullmatch(url)
    return {"href": url, "shown": re.sub("/$", "", found[1])} if found else None


def minutes(day: str, time: str) -> int:
    """Minutes from 1970-01-01 00:00 to a day and time of the fair's own clock."""
    hours, mins = time.split(":")
    return (date.fromisoformat(day) - _EPOCH).days * 1440 + int(hours) * 60 + int(mins)


def ahead(fair: Mapping[str, Any], moment: float) -> int:
    """Minutes the fair's clock is ahead of UTC at a moment, in minutes since 1970 (UTC)."""
    found: int = fair.get("offset", 0)
    for start, offset in fair.get("offsets", ()):
        found = found if moment < start else offset
    return found


def utc(count: int, fair: Mapping[str, Any]) -> str:
    """Minutes of the fair's clock as iCalendar writes UTC, by the offset of that moment: 20270703T090000Z."""
    offset = ahead(fair, count - ahead(fair, count - fair.get("offset", 0)))
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=count - offset)).strftime("%Y%m%dT%H%M%SZ")


def fnv(text: str) -> int:
    """FNV-1a, 32 bits, of the UTF-8 bytes (http://www.isthe.com/chongo/tech/comp/fnv/)."""
    total = 0x811C9DC5
    for byte in text.encode():
        total = (total ^ byte) * 0x01000193 & 0xFFFFFFFF
    return total
