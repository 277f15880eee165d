"""What exhibitors changed on their pages and the office has not looked at yet."""

from __future__ import annotations

from flask import current_app, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from companion.extensions import db
from companion.models import KINDS, Exhibitor, HeldEdit
from companion.staff.area import OFFICE, for_roles, staff
from companion.staff.words import act_time, kind_names, step_said, title
from companion.sync.held import accept, decline, held
from companion.sync.merge import value_of


@staff.get("/changes")
@for_roles(*OFFICE)
def changes() -> str:
    """Every change that waits: whose, which field, from what, to what."""
    rows = held(db.session())
    return render_template("staff/changes.html", rows=[_shown(row) for row in rows], look=look_first())


@staff.post("/changes/<held_id>/accept")
@for_roles(*OFFICE)
def change_accepted(held_id: str) -> AnyResponse:
    """Take a change over; one that was settled meanwhile is no mistake."""
    try:
        accept(db.session(), held_id)
    except LookupError:
        db.session.rollback()
    db.session.commit()
    return redirect(url_for("staff.changes"))


@staff.post("/changes/<held_id>/decline")
@for_roles(*OFFICE)
def change_declined(held_id: str) -> AnyResponse:
    """Do not take a change over; its exhibitor sees which."""
    try:
        decline(db.session(), held_id)
    except LookupError:
        db.session.rollback()
    db.session.commit()
    return redirect(url_for("staff.changes"))


def look_first() -> bool:
    """Tell whether the fair looks at changes before they are public."""
    return bool(current_app.config["EXHIBITOR_CHANGES"])


def _shown(row: HeldEdit) -> dict[str, object]:
    session, kind, record = db.session(), row.edit["kind"], row.edit["record"]
    before = session.get(KINDS[kind], record)
    whose = session.scalar(select(Exhibitor).where(Exhibitor.code == row.exhibitor))
    steps = [
        step_said(session, kind, path, value_of(before, path) if before else None, value)
        | {"picture": value if path == "hash" else ""}
        for path, value in row.edit["fields"].items()
    ]
    return {
        "id": row.id, "title": title(session, "exhibitor", whose.id) if whose else row.exhibitor, "code": row.exhibitor,
        "kind": "" if kind == "exhibitor" else kind_names().get(kind, kind), "made": before is None,
        "of": title(session, kind, record) if before else "",
        "when": act_time(session, row.edit["stamp"], row.received), "steps": steps,
    }  # fmt: skip
