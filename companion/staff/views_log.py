"""The log as the office reads it: who changed what when, act by act; and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from companion.extensions import db
from companion.staff.area import OFFICE, for_roles, staff
from companion.staff.words import act_time, author_said, field_name, kind_names, step_said, title, zone_of
from companion.sync.history import Act, RecordChange, Wanted, acts, authors, changes_of, last_author, one_act
from companion.sync.undo import Undone, last_of, undo, undo_since

SHOWN = 30
"""Acts on a page."""
OPENED = 3
"""Records of an act that are shown in the list."""
RECORDS = 100
"""Records of an act on a page of its own."""


@staff.get("/log")
@for_roles(*OFFICE)
def log() -> str:
    """The newest acts, of all or of those looked for."""
    session, wanted = db.session(), _wanted()
    found = acts(session, wanted, SHOWN + 1)
    people = {author: author_said(session, author) for author in authors(session)}
    return render_template(
        "staff/log.html", acts=[_shown(act, OPENED) for act in found[:SHOWN]], people=people, kinds=kind_names(),
        wanted=wanted, more=found[SHOWN - 1].seq if len(found) > SHOWN else 0,
        about=title(session, wanted.kind, wanted.record) if wanted.record else "",
    )  # fmt: skip


@staff.get("/log/<act>")
@for_roles(*OFFICE)
def log_act(act: str) -> str:
    """All that was done in one go."""
    shown, start = (
        _shown(_act(act), RECORDS, max(0, request.args.get("from", 0, int))),
        request.args.get("from", 0, int),
    )
    return render_template("staff/log_act.html", act=shown, start=start, step=RECORDS)


@staff.post("/log/<act>/undo")
@for_roles(*OFFICE)
def undo_act(act: str) -> AnyResponse | str:
    """Take an act back, or bring it again when it was taken back."""
    session = db.session()
    try:
        undone = undo(session, last_of(session, act), current_user.author)
    except ValueError:
        session.rollback()
        abort(409)
    session.commit()
    return _said(undone)


@staff.post("/log/undo-hour")
@for_roles(*OFFICE)
def undo_hour() -> AnyResponse | str:
    """Take back what one person did in the last hour."""
    session = db.session()
    since = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    undone = undo_since(session, request.form.get("who", ""), since, current_user.author)
    session.commit()
    return _said(undone)


def _wanted() -> Wanted:
    asked = request.args
    try:
        day = date.fromisoformat(asked.get("day", "")) if asked.get("day") else None
    except ValueError:
        day = None
    wanted = Wanted(asked.get("who", ""), asked.get("kind", ""), asked.get("record", ""), day)
    return replace(wanted, zone=zone_of(db.session()), before=asked.get("before", 0, int))


def _act(act: str) -> Act:
    try:
        return one_act(db.session(), act, request.args.get("who", ""))
    except LookupError:
        abort(404)


def _shown(act: Act, most: int, start: int = 0) -> dict[str, Any]:
    session, kinds = db.session(), kind_names()
    changes = changes_of(session, act.act, act.author, start, most)
    return {
        "act": act, "who": author_said(session, act.author), "when": act_time(session, act.stamp, act.received),
        "count": sum(act.records.values()), "changes": [_change(change) for change in changes],
        "kinds": [(kinds.get(kind, kind), number) for kind, number in act.records.items()],
    }  # fmt: skip


def _change(change: RecordChange) -> dict[str, Any]:
    session = db.session()
    steps = [step_said(session, change.kind, step.path, step.before, step.after) for step in change.steps]
    return {
        "kind": kind_names().get(change.kind, change.kind), "title": title(session, change.kind, change.record),
        "made": change.made, "steps": steps, "of": change.kind, "record": change.record,
    }  # fmt: skip


def _said(undone: Undone) -> AnyResponse | str:
    """Say what was taken back, and list what was not, since somebody wrote over it."""
    session = db.session()
    number = len(undone.edits)
    said = ngettext("%(num)s record is as it was before.", "%(num)s records are as they were before.", number)
    if not undone.kept:
        flash(said if number else _("There was nothing to undo."), "fine")
        return redirect(url_for("staff.log"), 303)
    kept = [
        {
            "title": title(session, kind, record), "field": field_name(kind, path) if path else "",
            "who": author_said(session, last_author(session, kind, record, path)), "kind": kind, "record": record,
        }
        for kind, record, path in undone.kept
    ]  # fmt: skip
    return render_template("staff/undone.html", said=said, kept=kept)
