"""The plan: who stands where, drawing it, filling it. Each form works alone; a script sends the same ones."""

from __future__ import annotations

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user

from companion.extensions import db
from companion.floor.assigning import Impossible, assign, assign_all, release
from companion.floor.automatic import propose
from companion.floor.clashes import booth_conflicts
from companion.floor.drawing import Drawn, draw, erase, measure
from companion.floor.sketch import guest, sketch
from companion.floor.state import read_floor
from companion.models import ROLES
from companion.request_language import preferred_language
from companion.staff.area import OFFICE, for_roles, staff
from companion.staff.pages import done, page, seen, told, undone, wants_json
from companion.staff.plan_page import (
    act_in_words,
    filled_in_words,
    impossible_in_words,
    overtaken_in_words,
    plan_page,
)
from companion.sync.conflicts import settle
from companion.sync.seen import Overtaken, Wrong

ASSIGNS = (*OFFICE, "floor")


@staff.get("/plan")
@for_roles(*ROLES)
def plan() -> Response:
    """The plan with who waits for a booth, what is wrong, and what was chosen on it."""
    return page("staff/plan.html", **plan_page(db.session()))


@staff.post("/plan/assign")
@for_roles(*ASSIGNS)
def plan_assign() -> Response:
    """Bring an exhibitor to a booth."""
    form = request.form
    who, booth, origin = (form.get(name, "").strip() for name in ("who", "booth", "origin"))
    try:
        act = assign(db.session(), current_user.author, seen(), who, booth, origin)
    except (Impossible, Overtaken) as why:
        return _not_done(why)
    db.session.commit()
    return done(act_in_words(act), "staff.plan", act.act, pick=act.booth, done=act.act)


@staff.post("/plan/release")
@for_roles(*ASSIGNS)
def plan_release() -> Response:
    """Take a booth back."""
    try:
        act = release(db.session(), current_user.author, seen(), request.form.get("booth", ""))
    except (Impossible, Overtaken) as why:
        return _not_done(why)
    db.session.commit()
    return done(act_in_words(act), "staff.plan", act.act, pick=act.booth, done=act.act)


@staff.post("/plan/undo")
@for_roles(*ASSIGNS)
def plan_undo() -> Response:
    """Take an act of this page back, whole; what somebody changed since stays."""
    return undone("staff.plan", mode=request.form.get("mode", ""))


@staff.post("/plan/settle")
@for_roles(*OFFICE)
def plan_settle() -> Response:
    """Say which of two exhibitors who were given one booth side by side stands there."""
    booth, edit = request.form.get("booth", ""), request.form.get("edit", "")
    stand = read_floor(db.session()).stand(booth) or abort(404)
    conflict = next((one for one in booth_conflicts(db.session()) if one.record == stand.id), None)
    side = next((one for one in conflict.sides if one.edit == edit), None) if conflict else None
    if conflict is None or side is None:
        return _refused(_("This is settled already."), 409)
    act = settle(db.session(), conflict, side.value, current_user.author)
    db.session.commit()
    return done(_("Booth %(booth)s is settled.", booth=stand.code), "staff.plan", act.act, pick=stand.code)


@staff.post("/plan/draw")
@for_roles(*OFFICE)
def plan_draw() -> Response:
    """Add, move, resize, renumber or rename a booth or place."""
    form = request.form
    own = form.get("own", "")
    try:
        drawn = draw(db.session(), current_user.author, seen(), form.get("kind", ""), own, form)
    except (Wrong, Overtaken) as why:
        return _not_done(why)
    db.session.commit()
    return done(_drawn_in_words(drawn), "staff.plan", drawn.act, mode="draw", pick=drawn.codes[0], done=drawn.act)


@staff.post("/plan/erase")
@for_roles(*OFFICE)
def plan_erase() -> Response:
    """Take a booth or place off the plan."""
    form = request.form
    try:
        drawn = erase(db.session(), current_user.author, seen(), form.get("kind", ""), form.get("own", ""))
    except (Wrong, Overtaken) as why:
        return _not_done(why)
    db.session.commit()
    said = _("%(code)s is off the plan.", code=drawn.codes[0])
    return done(said, "staff.plan", drawn.act, mode="draw", done=drawn.act)


@staff.post("/plan/size")
@for_roles(*OFFICE)
def plan_size() -> Response:
    """Set the size of the floor."""
    try:
        act = measure(db.session(), current_user.author, seen(), request.form)
    except (Wrong, Overtaken) as why:
        return _not_done(why)
    db.session.commit()
    return done(_("The floor has its new size."), "staff.plan", act, mode="draw", done=act)


@staff.get("/plan/fill")
@for_roles(*OFFICE)
def plan_fill() -> Response:
    """Preview: who of those who wait would get which booth, and why."""
    return _fill_page()


@staff.post("/plan/fill")
@for_roles(*OFFICE)
def plan_fill_answer() -> Response:
    """Give the booths of the preview that are still ticked."""
    pairs = [(who, booth) for who, _at, booth in (one.partition("@") for one in request.form.getlist("give"))]
    try:
        number, act = assign_all(db.session(), current_user.author, seen(), pairs)
    except (Impossible, Overtaken) as why:
        db.session.rollback()
        return _fill_page(overtaken_in_words(why) if isinstance(why, Overtaken) else impossible_in_words(why))
    db.session.commit()
    return done(filled_in_words(number), "staff.plan", act, done=act)


def _fill_page(problem: str = "") -> Response:
    floor, lang = read_floor(db.session()), preferred_language()
    proposal = propose(floor)
    rows = [{"guest": guest(floor, one.guest, lang), "booth": one.stand.code, "reason": one.reason} for one in proposal]
    drawing = sketch(floor, (), lang, {one.stand.code: one.guest.code for one in proposal})
    left = len(floor.waiting) - len(proposal)
    context = {"floor": floor, "plan": drawing, "rows": rows, "left": left, "problem": problem}
    return page("staff/plan_fill.html", 409 if problem else 200, **context)


def _not_done(why: Impossible | Overtaken | Wrong) -> Response:
    """Say why, and keep what was typed; whoever was overtaken sees what is there now and may do it all the same."""
    db.session.rollback()
    if isinstance(why, Overtaken):
        return _refused(overtaken_in_words(why), 409)
    if isinstance(why, Impossible):
        return _refused(impossible_in_words(why), 422)
    return _refused(_("Nothing was changed. Look at what is marked."), 422, why.problems)


def _refused(said: str, status: int, problems: dict[str, str] | None = None) -> Response:
    if wants_json():
        return told(said, status)
    context = plan_page(db.session(), typed=request.form.to_dict(), problems=problems)
    return page("staff/plan.html", status, problem=said, **context)


def _drawn_in_words(drawn: Drawn) -> str:
    first, last = drawn.codes[0], drawn.codes[-1]
    if drawn.was:
        said = _(
            "%(was)s is %(code)s now. Its poster carries the old number: print the new one.", was=drawn.was, code=first
        )
    elif len(drawn.codes) > 1:
        said = _("Booths %(first)s to %(last)s are on the plan.", first=first, last=last)
    else:
        said = _("%(code)s is on the plan as you drew it.", code=first)
    return str(said)
