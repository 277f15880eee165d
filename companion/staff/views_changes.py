"""What exhibitors changed on their pages and the office has not looked at yet."""

from __future__ import annotations

from flask import current_app, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from companion.extensions import db
from companion.models import KINDS, Exhibitor, HeldEdit
from companion.staff.area import OFFICE, for_roles, staff
from companion.sync.held import accept, decline, held
from companion.sync.merge import new_record, value_of


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
    kind, record = row.edit["kind"], row.edit["record"]
    before = db.session.get(KINDS[kind], record) or new_record(KINDS[kind], record)
    whose = db.session.scalar(select(Exhibitor).where(Exhibitor.code == row.exhibitor))
    fields = [
        {"path": path, "before": value_of(before, path), "after": value} for path, value in row.edit["fields"].items()
    ]
    name = next(iter(whose.name.values()), row.exhibitor) if whose else row.exhibitor
    return {"id": row.id, "name": name, "code": row.exhibitor, "kind": kind, "at": row.received, "fields": fields}
