"""Dates of the fair written out in its languages, once, with the words of Unicode CLDR."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from companion.languages import LANGUAGES
from companion.models import Texts
from companion.zones import minutes_ahead, offsets


def days(dates: list[str], languages: Iterable[str]) -> list[dict[str, Any]]:
    """Return every day of the fair: `{"date": iso, "label": "samedi 3 juillet", "short": "sam. 3"}` per language."""
    languages = list(languages)
    return [
        {
            "date": day.isoformat(),
            "label": {lang: _format(day, "EEEE d MMMM", lang) for lang in languages},
            "short": {lang: _format(day, "EEE d", lang) for lang in languages},
        }
        for day in _all_days(dates)
    ]


def date_range(dates: list[str], languages: Iterable[str]) -> Texts:
    """Return the dates of the fair as people write them: `3–7 juillet 2027`."""
    first, last = (date.fromisoformat(day) for day in (dates[0], dates[-1]))
    return {lang: _range(first, last, lang) for lang in languages}


def offset(dates: list[str], timezone: str) -> int:
    """Return how many minutes the fair's clock is ahead of UTC, at noon of its first day."""
    return minutes_ahead(ZoneInfo(timezone), datetime.combine(date.fromisoformat(dates[0]), time(12)))


def offset_changes(dates: list[str], timezone: str) -> list[list[int]]:
    """Return when the offset changes around the fair (`zones.offsets`); empty when it stays the same."""
    return offsets(ZoneInfo(timezone), *(date.fromisoformat(day) for day in (dates[0], dates[-1])))


def _all_days(dates: list[str]) -> list[date]:
    first, last = (date.fromisoformat(day) for day in (dates[0], dates[-1]))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _format(day: date, pattern: str, lang: str) -> str:
    return format_date(day, pattern, locale=Locale.parse(LANGUAGES[lang].locale))


def _range(first: date, last: date, lang: str) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {_format(last, 'MMMM y', lang)}"
    return f"{_format(first, 'd MMMM', lang)} – {_format(last, 'd MMMM y', lang)}"
