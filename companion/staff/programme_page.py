"""What the pages of the programme and of the notices say, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from companion.catalogue import vocabulary
from companion.catalogue.days import days
from companion.languages import LANGUAGES, best
from companion.models import LogHead, Notice, Place, Workshop
from companion.programme.clashes import Clash, clashes
from companion.programme.notices import AUDIENCES, URGENCIES, read_notices
from companion.programme.workshops import (
    SPOKEN,
    STATUSES,
    TEXTS,
    Programme,
    fair_now,
    missing_languages,
    read_programme,
)
from companion.request_language import preferred_language
from companion.staff.words import text_problems, wall_time
from companion.sync.seen import Overtaken
from companion.sync.undo import is_undone

Json = dict[str, Any]


def programme_page(session: Session) -> Json:
    """Return what the programme's template needs: one day as a grid of hours and rooms, and what clashes."""
    lang, programme = preferred_language(), read_programme(session)
    asked = request.args.get("day", "")
    every = sorted({*programme.days, *(one.date for one in programme.workshops if one.date)})
    day = asked if asked in every else next(iter(programme.days or every), "")
    found = clashes(programme)
    held = [one for one in programme.workshops if one.date == day]
    rooms = [place for place in programme.rooms if any(one.room == place.code for one in held)]
    hours = sorted({one.start[:2] for one in held})
    shown = {one.code: shown_workshop(one, programme, found, lang) for one in held}
    return {
        "seen": position(session),
        "days": [_day(one, day, programme, lang) for one in every],
        "day": day,
        "rooms": [{"code": place.code, "name": best(place.label, lang)} for place in rooms],
        "grid": [
            {
                "hour": f"{hour}:00",
                "cells": [
                    [shown[one.code] for one in held if one.start[:2] == hour and one.room == place.code]
                    for place in rooms
                ],
            }
            for hour in hours
        ],
        "elsewhere": [shown[one.code] for one in held if one.room not in {place.code for place in rooms}],
        "clashes": [_clash(clash, programme, lang) for clash in found],
        "drafts": [one.code for one in programme.workshops if one.draft],
        "undo": act_to_undo(session),
    }


def shown_workshop(one: Workshop, programme: Programme, found: Iterable[Clash], lang: str) -> Json:
    """Return a workshop as the grid shows it."""
    languages = current_app.config["LANGUAGES"]
    written = [one.title, *(texts for texts in (one.abstract, one.speaker) if texts)]
    return {
        "code": one.code,
        "title": best(one.title, lang),
        "speaker": best(one.speaker, lang),
        "start": one.start,
        "end": one.end,
        "capacity": one.capacity,
        "status": one.status,
        "draft": one.draft,
        "missing": missing_languages(written, languages),
        "clash": any(one.code in (clash.code, clash.other) for clash in found),
    }


def workshop_page(session: Session, code: str, typed: Mapping[str, str] | None = None, **more: Any) -> Json | None:
    """Return what the form of a workshop needs, of a new one when `code` is empty; None for an unknown code."""
    lang, programme = preferred_language(), read_programme(session)
    one = programme.workshop(code) if code else None
    if code and one is None:
        return None
    values = dict(typed) if typed is not None else _values(one) if one else _blank(programme)
    return {
        "seen": position(session),
        "one": one,
        "values": values,
        "rooms": [(place.code, _room_name(place, lang)) for place in programme.rooms],
        "days": days(programme.days, [lang]) if programme.days else [],
        "spoken": [(tongue, best(vocabulary.family("language")[tongue], lang)) for tongue in SPOKEN],
        "audiences": [best(texts, lang) for texts in vocabulary.family("audience").values()],
        "statuses": STATUSES,
        "clashes": [
            _clash(each, programme, lang) for each in clashes(programme) if code and code in (each.code, each.other)
        ],
        "problems": {},
        "problem": "",
    } | more


def notices_page(session: Session) -> Json:
    """Return what the list of notices needs: as visitors see them, with where each stands now."""
    lang, languages, now = preferred_language(), current_app.config["LANGUAGES"], fair_now(session)
    rows = [
        {"notice": one, "state": state, "title": best(one.title, lang), "body": best(one.body, lang),
         "starts": wall_time(one.starts), "ends": wall_time(one.ends),
         "missing": missing_languages([one.title, one.body], languages)}
        for one, state in read_notices(session, now)
    ]  # fmt: skip
    return {"seen": position(session), "rows": rows, "now": wall_time(now), "undo": act_to_undo(session)}


def notice_page(session: Session, own: str, typed: Mapping[str, str] | None = None, **more: Any) -> Json | None:
    """Return what the form of a notice needs, of a new one when `own` is empty; None for an unknown one."""
    one = session.get(Notice, own) if own else None
    if own and (one is None or one.deleted):
        return None
    now = fair_now(session)
    blank = {"starts": now, "ends": f"{now[:10]}T23:59", "audience": "all", "urgency": "info"}
    values = dict(typed) if typed is not None else _notice_values(one) if one else blank
    return {
        "seen": position(session),
        "one": one,
        "values": values,
        "audiences": AUDIENCES,
        "urgencies": URGENCIES,
        "previews": [_preview(values, lang) for lang in current_app.config["LANGUAGES"]],
        "problems": {},
        "problem": "",
    } | more


def position(session: Session) -> int:
    """The position in the log that a page's forms carry."""
    return session.get_one(LogHead, 1).seq


def act_to_undo(session: Session) -> str:
    """The act that this page has just done and can take back."""
    act = request.args.get("done", "")
    return act if act and not is_undone(session, act) else ""


def overtaken(by: Overtaken) -> str:
    """Say who was quicker; the form keeps what was typed, and saving again writes it over theirs."""
    said = _("%(who)s has just changed the same. Nothing of yours is written yet: save again to write it over theirs.",
             who=by.author)  # fmt: skip
    return str(said)


def problem_in_words(problem: str) -> str:
    """Say what is wrong with a field."""
    said: dict[str, str] = {
        "title_missing": _("Write a title in one language at least."),
        "room_missing": _("Choose a room."),
        "date_missing": _("Choose a day."),
        "time_missing": _("Write a time, such as 14:30."),
        "no_time": _("It must end after it starts."),
        "number_wrong": _("Write a number."),
        "text_long": _("This text is too long."),
        "moment_missing": _("Write day and time."),
        "ends_early": _("It must end after it starts."),
        "status_wrong": _("Choose one."),
        "choice_missing": _("Choose one."),
        **text_problems(),
        "not_there": _("It is no longer there."),
    }
    return said[problem]


def _day(date: str, chosen: str, programme: Programme, lang: str) -> Json:
    [shown] = days([date], [lang])
    count = sum(one.date == date for one in programme.workshops)
    return {
        "date": date,
        "label": shown["label"][lang],
        "short": shown["short"][lang],
        "count": count,
        "current": date == chosen,
    }


def _clash(clash: Clash, programme: Programme, lang: str) -> Json:
    def named(code: str) -> Json | None:
        one = programme.workshop(code)
        return {"code": code, "title": best(one.title, lang), "date": one.date} if one else None

    return {"kind": clash.kind, "one": named(clash.code), "other": named(clash.other), "seats": clash.seats}


def _room_name(place: Place, lang: str) -> str:
    label = best(place.label, lang)
    name = str(label["text"]) if label else place.code
    return f"{name} ({place.capacity})" if place.capacity else name


def _values(one: Workshop) -> dict[str, str]:
    values = {f"{name}.{lang}": text for name in TEXTS for lang, text in getattr(one, name).items()}
    values |= {name: getattr(one, name) for name in ("room", "date", "start", "end", "status", "audience")}
    values |= {f"spoken.{lang}": "on" for lang in one.languages}
    return values | {"capacity": str(one.capacity or ""), "draft": "on" if one.draft else ""}


def _blank(programme: Programme) -> dict[str, str]:
    day, room = request.args.get("day", ""), request.args.get("room", "")
    return {"date": day or next(iter(programme.days), ""), "room": room, "status": "confirmed", "draft": "on"}


def _notice_values(one: Notice) -> dict[str, str]:
    values = {f"{name}.{lang}": text for name in ("title", "body") for lang, text in getattr(one, name).items()}
    return values | {"starts": one.starts[:16], "ends": one.ends[:16], "audience": one.audience, "urgency": one.urgency}


def _preview(values: Mapping[str, str], lang: str) -> Json:
    texts = {name: {each: values.get(f"{name}.{each}", "").strip() for each in LANGUAGES}
             for name in ("title", "body")}  # fmt: skip
    return {"lang": lang, "title": best(texts["title"], lang), "body": best(texts["body"], lang)}
