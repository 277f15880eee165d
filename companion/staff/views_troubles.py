"""Problems the floor team noted: where, what, with a photo; the office sees to them and says so."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from companion.extensions import db
from companion.models import ROLES, LogEntry, Trouble
from companion.photos import is_for_staff, picture
from companion.staff.area import for_roles, staff
from companion.staff.pages import page
from companion.staff.words import act_time, author_said, title
from companion.sync.edits import Change
from companion.sync.history import last_author
from companion.sync.log import write

SEEN_TO = ("administrator", "editor", "floor")


@staff.get("/troubles")
@for_roles(*ROLES)
def troubles_page() -> AnyResponse:
    """All of them, those nobody has seen to first, the newest first."""
    session = db.session()
    rows = session.scalars(select(Trouble).where(~Trouble.deleted).order_by(Trouble.solved, Trouble.at.desc())).all()
    return page("staff/troubles.html", troubles=[_shown(session, row) for row in rows])


@staff.post("/troubles/<uuid:record>/<state>")
@for_roles(*SEEN_TO)
def trouble_turned(record: UUID, state: str) -> AnyResponse:
    """Say that a problem is solved, or is not."""
    if db.session.get(Trouble, str(record)) is None:
        abort(404)
    write(db.session(), [Change(Trouble.KIND, str(record), {"solved": state == "solved"})], current_user.author)
    db.session.commit()
    flash(_("Saved."), "fine")
    return redirect(url_for("staff.troubles_page"), 303)


@staff.get("/troubles/<name>.webp")
@for_roles(*ROLES)
def trouble_photo(name: str) -> AnyResponse:
    """A photo of a problem by its hash."""
    response = make_response((is_for_staff(db.session(), name) and picture(db.session(), name)) or abort(404))
    response.mimetype = "image/webp"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _shown(session: Session, row: Trouble) -> dict[str, object]:
    who = author_said(session, last_author(session, row.KIND, row.id, "at"))
    arrived = select(func.min(LogEntry.received)).where(LogEntry.kind == row.KIND, LogEntry.record == row.id)
    return {
        "row": row, "when": act_time(session, row.at, session.scalar(arrived) or ""), "who": who,
        "of": title(session, "exhibitor", row.exhibitor) if row.exhibitor else "",
    }  # fmt: skip
