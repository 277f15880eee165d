"""The fair's own file, `fair.toml`: names, days, place, organisers, zones, sectors, notices."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from companion.imports.codes import record_id
from companion.imports.problems import Refused
from companion.languages import LANGUAGES
from companion.models import MAX_TEXT
from companion.spoofing import problem_with_text
from companion.sync.edits import Change
from companion.sync.problems import SENTENCES

Code = Annotated[str, StringConstraints(min_length=1, max_length=20, strip_whitespace=True)]


def _plain(text: str) -> str:
    problem = problem_with_text(text, prose=True)
    if problem:
        raise ValueError(SENTENCES[problem])
    return text


Text = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_TEXT, strip_whitespace=True), AfterValidator(_plain)
]
Hours = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")]


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not the name of a time zone, such as Africa/Casablanca")
    return name


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Texts(_Part):
    """A text in the languages it was written in."""

    fr: Text | None = None
    ar: Text | None = None
    zgh: Text | None = None
    en: Text | None = None

    def names(self) -> dict[str, str]:
        """Return the texts there are by language."""
        return {lang: text for lang in LANGUAGES if (text := getattr(self, lang)) is not None}


class Organiser(Texts):
    """Who organises the fair, supports it or works with it."""

    role: Literal["organiser", "partner", "with"] = "organiser"


class Zone(Texts):
    """A thematic part of the fair."""

    code: Code


class Sector(Texts):
    """A sector of activity, and the code of its zone."""

    code: Code
    zone: Annotated[str, StringConstraints(max_length=20)] = ""


class Notice(_Part):
    """A message shown between two moments; local times."""

    code: Code
    title: Texts
    body: Texts = Texts()
    starts: datetime
    ends: datetime
    audience: Literal["all", "visitors", "exhibitors"] = "all"
    urgency: Literal["info", "warning", "urgent"] = "info"


class Plan(_Part):
    """The size of the floor in metres."""

    width_m: Annotated[float, Field(gt=0, le=10_000)]
    depth_m: Annotated[float, Field(gt=0, le=10_000)]


class Document(_Part):
    """All of `fair.toml`."""

    name: Texts
    short_name: Texts = Texts()
    theme: Texts = Texts()
    place: Texts = Texts()
    dates: tuple[date, date]
    hours: Hours
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "Africa/Casablanca"
    languages: Annotated[list[Literal["fr", "ar", "zgh", "en"]], Field(min_length=1)] = ["fr", "ar", "zgh"]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "MAD"
    plan: Plan
    demo: bool = False
    organisers: list[Organiser] = []
    zones: list[Zone] = []
    sectors: list[Sector] = []
    notices: list[Notice] = []

    @model_validator(mode="after")
    def _is_consistent(self) -> Document:
        if self.dates[0] > self.dates[1]:
            raise ValueError("dates: the last day is before the first")
        if not self.name.names():
            raise ValueError("name: the fair needs a name")
        for part in (self.zones, self.sectors, self.notices):
            codes = [one.code for one in part]
            if len(set(codes)) != len(codes):
                raise ValueError("a code is used twice")
        unknown = {one.zone for one in self.sectors} - {one.code for one in self.zones} - {""}
        if unknown:
            raise ValueError(f"sectors: unknown zone {', '.join(sorted(unknown))}")
        return self


def load(path: Path) -> Document:
    """Read and check a fair's file; raises Refused with the line or member that is wrong."""
    if not path.is_file():
        raise Refused("file_missing")
    try:
        with path.open("rb") as file:
            return Document.model_validate(tomllib.load(file))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused("invalid_toml", other=f"{where}: {first['msg']}".lstrip(": ")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused("invalid_toml", other=str(error)) from None


def changes(fair: Document, existing: str | None) -> list[Change]:
    """Return what the records of the fair, its zones, sectors and notices should become.

    `existing` is the record id of the fair this node has already: a fair that is renamed stays the same fair.
    """
    own = existing or record_id("fair", next(iter(fair.name.names().values())), fair.dates[0].isoformat())
    made = [Change("fair", own, _fair_fields(fair))]
    made += [
        Change("zone", record_id("zone", one.code, within=own), {"code": one.code, **paths("name", one)})
        for one in fair.zones
    ]
    made += [
        Change(
            "sector", record_id("sector", one.code, within=own),
            {"code": one.code, "zone": one.zone, **paths("name", one)},
        )
        for one in fair.sectors
    ]  # fmt: skip
    return made + [
        Change(
            "notice", record_id("notice", one.code, within=own),
            {
                **paths("title", one.title), **paths("body", one.body), "audience": one.audience,
                "urgency": one.urgency, "starts": _minute(one.starts), "ends": _minute(one.ends),
            },
        )
        for one in fair.notices
    ]  # fmt: skip


def paths(name: str, texts: Texts) -> dict[str, str | None]:
    """Return a text as fields of an edit, `name.fr` …; a language it is not written in is emptied."""
    return {f"{name}.{lang}": getattr(texts, lang) for lang in LANGUAGES}


def _fair_fields(fair: Document) -> dict[str, Any]:
    texts = {name: getattr(fair, name) for name in ("name", "short_name", "theme", "place")}
    return {
        **{path: text for name, one in texts.items() for path, text in paths(name, one).items()},
        "dates": [day.isoformat() for day in fair.dates],
        "hours": fair.hours,
        "timezone": fair.timezone,
        "languages": list(fair.languages),
        "currency": fair.currency,
        "plan": fair.plan.model_dump(),
        "organisers": [{"role": one.role, **one.names()} for one in fair.organisers],
        "demo": fair.demo,
    }


def _minute(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")
