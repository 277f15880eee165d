"""Days and times of day as lists write them. A cell is read whole or refused."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from companion.catalogue.keys import key
from companion.imports.cells import clean, western, written
from companion.imports.problems import Unreadable
from companion.imports.read import Cell


def _by_form(forms: tuple[str, ...], first: int) -> dict[str, int]:
    return {key(form): number for number, some in enumerate(forms, start=first) for form in some.split()}


MONTHS = _by_form(
    ("janvier janv january jan يناير جانفي ⵉⵏⵏⴰⵢⵔ", "février févr fév february feb فبراير فيفري ⴱⵕⴰⵢⵕ",
     "mars march mar مارس ⵎⴰⵕⵚ", "avril avr april apr أبريل ابريل أفريل ⵉⴱⵔⵉⵔ", "mai may ماي مايو ⵎⴰⵢⵢⵓ",
     "juin june jun يونيو يونيه جوان ⵢⵓⵏⵢⵓ", "juillet juil july jul يوليوز يوليو يوليه جويلية ⵢⵓⵍⵢⵓⵣ",
     "août aout august aug غشت أغسطس أوت ⵖⵓⵛⵜ", "septembre sept september sep شتنبر سبتمبر ⵛⵓⵜⴰⵏⴱⵉⵔ",
     "octobre oct october أكتوبر ⴽⵜⵓⴱⵔ", "novembre nov november نونبر نوفمبر ⵏⵓⵡⴰⵏⴱⵉⵔ",
     "décembre déc december dec دجنبر ديسمبر ⴷⵓⵊⴰⵏⴱⵉⵔ"), 1)  # fmt: skip
WEEKDAYS = _by_form(
    ("lundi lun monday mon الاثنين الإثنين اثنين ⴰⵢⵏⴰⵙ", "mardi mar tuesday tue الثلاثاء ثلاثاء ⴰⵙⵉⵏⴰⵙ",
     "mercredi mer wednesday wed الأربعاء أربعاء ⴰⴽⵕⴰⵙ", "jeudi jeu thursday thu الخميس خميس ⴰⴽⵡⴰⵙ",
     "vendredi ven friday fri الجمعة جمعة ⴰⵙⵉⵎⵡⴰⵙ", "samedi sam saturday sat السبت سبت ⴰⵙⵉⴹⵢⴰⵙ",
     "dimanche dim sunday sun الأحد أحد ⴰⵙⴰⵎⴰⵙ"), 0)  # fmt: skip
BEFORE_A_DAY = frozenset({"le", "du", "on", "the", "يوم"})
HOURS = (
    "الثانيه عشره", "الحاديه عشره", "العاشره", "التاسعه", "الثامنه", "السابعه", "السادسه", "الخامسه", "الرابعه",
    "الثالثه", "الثانيه", "الواحده",
)  # fmt: skip
"""The hours in Arabic words, from 12 down to 1, as `_plain` writes them."""
MORNING = ("a.m.", "a.m", "am", "du matin", "صباحا", "ص")
AFTERNOON = ("p.m.", "p.m", "pm", "de l'apres midi", "de l’apres midi", "du soir", "مساء", "بعد الزوال", "بعد الظهر",
             "زوالا", "ليلا", "م")  # fmt: skip
EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)
"""Days since `EXCEL_EPOCH` that can be meant: 1954 to 2119."""

_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_FRACTION = re.compile(r"0?[.,]\d{3,}")
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})([-/. ])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)")
_TOGETHER = re.compile(r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})([-/. ])(?P<m>\d{1,2})\2(?P<y>\d{4}|\d{2})(?![\d:h])")
_NO_YEAR = re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})(?![\d:h]|[-/.]\d)")
_NAMED = re.compile(
    r"(?P<d>\d{1,2})(?:er|st|nd|rd|th)?[\s.-]*(?:(?:de|of|من)\s+)?(?P<m>[^\W\d_]+)\.?"
    r"(?:[\s.,/-]*(?P<y>\d{4}|\d{2}))?(?![\d:h])"
)
_MONTH_FIRST = re.compile(
    r"(?P<m>[^\W\d_]+)\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{4}))?(?![\d:h]|\s[^\W\d_]{3})"
)
_ZONE = re.compile(r"\d\s?(?:z|utc|gmt|[+-]\d\d:?\d\d)$")
_BEFORE_A_TIME = re.compile(r"^[\s,;–—-]*(?:(?:t|a|at|de|from|entre|من|علي|الساعه)(?=[\s\d])\s*)*")
_UNTIL = re.compile(r"\s*[-–—→~/]\s*|\s*(?<![^\W\d_])(?:a|to|au|et|jusqu'a|jusqu’a|الي|حتي)(?=[\s\d])\s*|(?<=h)a(?=\d)")
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?P<mark>\s*(?:[:.h]|heures?|س)\s*(?P<m>\d{2})?(?::(?P<s>\d{2})(?:[.,]0+)?)?\s*(?:min|mn)?)?"
    rf"\s*(?P<half>{'|'.join(re.escape(word) for word in (*MORNING, *AFTERNOON))})?"
)


def day(cell: Cell, first: date, last: date) -> date:
    """Read a date; one without a year is that of the fair from `first` to `last`. A time beside it is left out."""
    return day_and_times(cell, first, last)[0]


def time_of_day(cell: Cell) -> str:
    """Read one time as `HH:MM`: `10:30`, `11h30`, `9 h`, `2:30 PM`, or Excel's fraction of a day."""
    when, times = times_of_day(cell)
    if when is not None or len(times) != 1:
        raise Unreadable("invalid_time")
    return times[0]


def day_and_times(cell: Cell, first: date, last: date) -> tuple[date, list[str]]:
    """Read a date and the time, or the two times, that may stand beside it."""
    if isinstance(cell, datetime):
        rounded = _to_the_minute(cell)
        return cell.date(), [f"{rounded:%H:%M}"] if rounded.date() == cell.date() else []
    if isinstance(cell, date):
        return cell, []
    if serial := _serial(cell):
        return serial
    text = _plain(written(cell))
    found = _dated(text, first, last) or _dated(_without_weekday(text), first, last)
    if found is None:
        raise Unreadable("invalid_date")
    when, rest = found
    named = next((WEEKDAYS[word] for word in re.findall(r"[^\W\d_]+", text)[:2] if word in WEEKDAYS), None)
    if named is not None and named != when.weekday() and not _dated(text, first, last):
        raise Unreadable("weekday_disagrees", other=when.isoformat())
    if _ZONE.search(rest):
        raise Unreadable("date_with_zone")
    rest = _BEFORE_A_TIME.sub("", rest)
    try:
        return when, _times(rest) if rest else []
    except Unreadable:
        raise Unreadable("invalid_date") from None


def times_of_day(cell: Cell) -> tuple[date | None, list[str]]:
    """Read a time, or the beginning and end (`14h30 à 16h00`), and the day when the cell is a whole date and time."""
    if isinstance(cell, float) and 0 <= cell < 1:
        return None, [_of_minutes(round(cell * 24 * 60))]
    if isinstance(cell, datetime) or _serial(cell):
        when, times = day_and_times(cell, date.min, date.max)
        return when, times or ["00:00"]
    if isinstance(cell, date | bool):
        raise Unreadable("invalid_time")
    text = _plain(written(cell))
    if _FRACTION.fullmatch(text):
        return None, [_of_minutes(round(float(text.replace(",", ".")) * 24 * 60))]
    for pattern in (_YEAR_FIRST, _DAY_FIRST):
        if (match := pattern.match(text)) and text[match.end() :].strip():
            when, times = day_and_times(text, date.min, date.max)
            return when, times
    return None, _times(_BEFORE_A_TIME.sub("", text))


def _plain(text: str) -> str:
    """Write small, without accents and vowel signs, Arabic letters by their plain form, all digits as ours."""
    letters = unicodedata.normalize("NFKD", western(clean(text)).casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    arabic = bare.translate(str.maketrans("ىةٱ", "يها"))
    return re.sub(r"(?<=\d)\s*/\s*(?=\d)", "/", arabic).replace("apres-midi", "apres midi")


def _serial(cell: Cell) -> tuple[date, list[str]] | None:
    """Read the number Excel keeps a date as, also where a text holds it."""
    match = _SERIAL.fullmatch(written(cell).strip()) if isinstance(cell, float | str) else None
    if not match or int(match[1]) not in SERIALS:
        return None
    whole = _to_the_minute(
        datetime.combine(EXCEL_EPOCH, time.min) + timedelta(days=float(f"{match[1]}.{match[2] or 0}"))
    )
    return whole.date(), [f"{whole:%H:%M}"] if match[2] and whole.time() else []


def _to_the_minute(moment: datetime) -> datetime:
    """Round as spreadsheets need it, which keep 10:30 as 10:29:59.99."""
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _without_weekday(text: str) -> str:
    while (match := re.match(r"([^\W\d_]+)[.,]?\s+", text)) and (match[1] in WEEKDAYS or match[1] in BEFORE_A_DAY):
        text = text[match.end() :]
    return text


def _dated(text: str, first: date, last: date) -> tuple[date, str] | None:
    """Return the date a text begins with and the rest of it; None when it begins with none."""
    for pattern in (_YEAR_FIRST, _TOGETHER, _DAY_FIRST, _NAMED, _MONTH_FIRST, _NO_YEAR):
        match = pattern.match(text)
        parts = match.groupdict() if match else {}
        month = parts.get("m") or ""
        number = int(month) if month.isdecimal() else MONTHS.get(month)
        if match and number:
            try:
                return _date(parts.get("y") or "", number, int(parts["d"]), first, last), text[match.end() :]
            except ValueError:
                return None
    return None


def _date(year: str, month: int, number: int, first: date, last: date) -> date:
    if year:
        return date(int(year) if len(year) > 2 else 2000 + int(year), month, number)
    within = date(first.year, month, number)
    return within if within >= first or first.year == last.year else within.replace(year=last.year)


def _times(text: str) -> list[str]:
    """Read a time or two, the second after `-`, `à`, `to` …; `2-4 pm` are both in the afternoon."""
    for at, word in enumerate(HOURS):
        text = text.replace(word, str(12 - at))
    text = re.sub(r"(?<=\d)\s*و\s*النصف", ":30", text)
    text = re.sub(r"(?<=\d)\s*و\s*الربع", ":15", text)
    matches = [_TIME.fullmatch(part) for part in _UNTIL.split(text.strip())]
    if not 1 <= len(matches) <= 2:
        raise Unreadable("invalid_time")
    found: list[str] = []
    half = next((match["half"] for match in reversed(matches) if match and match["half"]), None)
    for match in matches:
        if match is None:
            raise Unreadable("invalid_time")
        found.append(_one(match, match["half"] or (half if int(match["h"]) <= 12 else None)))
    return found


def _one(match: re.Match[str], half: str | None) -> str:
    hour, minute = int(match["h"]), int(match["m"] or 0)
    if minute > 59 or (match["s"] or "00") != "00":
        raise Unreadable("invalid_time")
    if half:
        if hour > 12 and half in MORNING:
            raise Unreadable("invalid_time")
        hour = hour % 12 + 12 * (half in AFTERNOON) if hour <= 12 else hour
    elif not match["mark"] and not 7 <= hour <= 23:
        raise Unreadable("ambiguous_time" if hour < 7 else "invalid_time")
    if (hour, minute) == (24, 0):
        return "24:00"
    if hour > 23:
        raise Unreadable("invalid_time")
    return f"{hour:02d}:{minute:02d}"


def _of_minutes(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
