"""What the plan's page says: the floor in the reader's language, and in words what was done or could not be."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from companion.catalogue import vocabulary
from companion.floor.assigning import Act, Impossible
from companion.floor.clashes import booth_conflicts, clashes
from companion.floor.drawing import PLACES
from companion.floor.sketch import booth, guest, look_for, place, sketch
from companion.floor.state import Floor, read_floor
from companion.languages import best
from companion.request_language import preferred_language
from companion.staff.pages import wants_fragment
from companion.staff.words import text_problems
from companion.sync.rights import may_write
from companion.sync.seen import Overtaken
from companion.sync.undo import is_undone

MOST_SHOWN = 60
"""Exhibitors listed beside the plan; the search finds the others."""

Json = dict[str, Any]


def plan_page(session: Session, *, typed: Json | None = None, problems: dict[str, str] | None = None) -> Json:
    """Return what the plan's template needs; `typed` and `problems` are of a form that could not be taken."""
    lang = preferred_language()
    floor = read_floor(session)
    found = clashes(floor, booth_conflicts(session))
    asked, role = request.values.get("q", ""), current_user.staff.role
    listed = look_for(floor, asked, MOST_SHOWN) if asked.strip() else floor.waiting[:MOST_SHOWN]
    act = request.args.get("done", "")
    draws = request.values.get("mode") == "draw" or bool({"kind", "width_m"} & (typed or {}).keys())
    return {
        "floor": floor,
        "plan": None if request.args.get("drawn") == str(floor.seq) else sketch(floor, found, lang),
        "drawn_again": wants_fragment(),
        "picked": picked(floor, request.values.get("pick", ""), lang),
        "listed": [guest(floor, one, lang) for one in listed],
        "everybody": [guest(floor, one, lang) for one in floor.guests.values() if one.here],
        "free": [stand.code for stand in floor.free],
        "q": asked,
        "clashes": [_clash(floor, clash, lang) for clash in found],
        "mode": "draw" if draws and may_write(role, "place", "x") else "",
        "may_assign": may_write(role, "booth", "exhibitor"),
        "may_draw": may_write(role, "place", "x"),
        "place_types": {code: best(vocabulary.family("place")[code], lang) for code in PLACES},
        "undo": act if act and not is_undone(session, act) else "",
        "typed": typed or {},
        "problems": {field: problem_in_words(problem) for field, problem in (problems or {}).items()},
    }


def picked(floor: Floor, code: str, lang: str) -> Json | None:
    """The booth or place that was chosen on the plan, with its own measures in metres; None for another code."""
    stand = floor.stand(code)
    spot = None if stand else floor.spot(code)
    if stand:
        shown, box, label = booth(floor, stand, lang), stand.box, {}
    elif spot:
        shown, box, label = place(spot, lang) | {"capacity": spot.capacity}, spot.box, spot.label
    else:
        return None
    measures = {side: f"{getattr(box, side):g}" for side in ("x", "y", "w", "d")}
    return shown | {"kind": "booth" if stand else "place", "metres": measures, "labels": label}


def _clash(floor: Floor, clash: Any, lang: str) -> Json:
    guests = [guest(floor, floor.guests[own], lang) for own in clash.guests if own in floor.guests]
    sides = [
        {
            "edit": side.edit,
            "who": side.author.partition(":")[2] or side.author,
            "guest": _holder(floor, side.value, lang),
        }
        for side in (clash.conflict.sides if clash.conflict else ())
    ]
    return {"kind": clash.kind, "codes": clash.codes, "guests": guests, "numbers": clash.numbers, "sides": sides}


def _holder(floor: Floor, own: Any, lang: str) -> Json | None:
    return guest(floor, floor.guests[own], lang) if own in floor.guests else None


def act_in_words(act: Act) -> str:
    """Say what was done."""
    codes = {"booth": act.booth, "other": act.other}
    said: dict[str, str] = {
        "placed": _("Booth %(booth)s is given.", **codes),
        "moved": _("Moved from %(other)s to %(booth)s.", **codes),
        "swapped": _("%(booth)s and %(other)s have changed places.", **codes),
        "replaced": _("Booth %(booth)s is given. Who stood there waits for a booth now.", **codes),
        "freed": _("Booth %(booth)s is free.", **codes),
        "nothing": _("Nothing has changed."),
    }
    return said[act.what]


def impossible_in_words(why: Impossible) -> str:
    """Say why nothing was done."""
    said: dict[str, str] = {
        "no_exhibitor": _(
            "No exhibitor of the fair is called “%(text)s”, or several are. Type the code.", text=why.text
        ),
        "no_booth": _("There is no booth %(text)s on the plan.", text=why.text),
        "two_booths": _(
            "This exhibitor has several booths: %(text)s. Choose on the plan which one it leaves.", text=why.text
        ),
        "not_there": _("This exhibitor no longer stands at %(text)s.", text=why.text),
    }
    return said[why.problem]


def overtaken_in_words(by: Overtaken) -> str:
    """Say who was quicker, and what now."""
    return str(
        _(
            "%(who)s has just changed the same. Nothing of yours was written: look, "
            "and do it again if it is still right.",
            who=by.author,
        )
    )


def filled_in_words(number: int) -> str:
    """Say how many exhibitors were given a booth."""
    return str(ngettext("%(num)s exhibitor has a booth now.", "%(num)s exhibitors have a booth now.", number))


def problem_in_words(problem: str) -> str:
    """Say what is wrong with a field of a form of the plan."""
    said: dict[str, str] = {
        "code_wrong": _("Letters and digits, at most 20."),
        "code_taken": _("This number is taken on the plan."),
        "number_wrong": _("Write a number."),
        "size_wrong": _("It must be larger than 0."),
        "type_wrong": _("Choose what it is."),
        **text_problems(),
        "not_there": _("It is no longer on the plan."),
    }
    return said.get(problem, problem)
