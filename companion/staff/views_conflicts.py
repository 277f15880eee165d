"""Conflicts: what two people wrote for one field without seeing each other's; the office chooses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from companion.extensions import db
from companion.models import KINDS, LogEntry, texts_of
from companion.staff.area import for_roles, staff
from companion.staff.words import act_time, author_said, field_name, kind_names, title, value_said
from companion.sync.conflicts import Conflict, Side, conflicts, settle
from companion.sync.merge import new_record, problem_with, value_of
from companion.sync.rights import may_write

SETTLERS = ("administrator", "editor", "floor")

OTHER = "other"
"""The choice of a value that neither side wrote."""


@staff.get("/conflicts")
@for_roles(*SETTLERS)
def conflicts_page() -> str:
    """All that nobody has settled and this person may."""
    return _page({})


@staff.post("/conflicts")
@for_roles(*SETTLERS)
def settle_conflicts() -> AnyResponse | tuple[str, int]:
    """Settle those for which something was chosen, all as one act."""
    session, problems, settled = db.session(), {}, 0
    for conflict in conflicts_for(session, current_user.author.role):
        choice = request.form.get(f"choice-{key_of(conflict)}", "")
        if not choice:
            continue
        try:
            settle(session, conflict, _chosen(conflict, choice), current_user.author)
            settled += 1
        except ValueError:
            problems[key_of(conflict)] = _("This value cannot be stored. Write it another way.")
    if problems:
        session.rollback()
        return _page(problems), 422
    session.commit()
    said = ngettext("%(num)s conflict is settled.", "%(num)s conflicts are settled.", settled)
    flash(said if settled else _("Nothing was chosen, or somebody settled it meanwhile."), "fine" if settled else "")
    return redirect(url_for("staff.conflicts_page"), 303)


def conflicts_for(session: Session, role: str) -> list[Conflict]:
    """Return the open conflicts of fields that this role may write."""
    return [conflict for conflict in conflicts(session) if may_write(role, conflict.kind, conflict.path)]


def key_of(conflict: Conflict) -> str:
    """Return a name for a conflict that is another one as soon as somebody writes into it."""
    return hashlib.sha256("\n".join(side.edit for side in conflict.sides).encode()).hexdigest()[:16]


def _page(problems: dict[str, str]) -> str:
    session = db.session()
    shown = [_shown(session, conflict, problems) for conflict in conflicts_for(session, current_user.author.role)]
    return render_template("staff/conflicts.html", conflicts=shown)


def _shown(session: Session, conflict: Conflict, problems: dict[str, str]) -> dict[str, Any]:
    key, record = key_of(conflict), session.get(KINDS[conflict.kind], conflict.record)
    now = record.stamps.get(conflict.path) if record else ""
    return {
        "key": key, "kind": kind_names().get(conflict.kind, conflict.kind), "of": conflict.kind,
        "record": conflict.record, "title": title(session, conflict.kind, conflict.record),
        "field": field_name(conflict.kind, conflict.path),
        "before": value_said(session, conflict.kind, conflict.path, _before(session, conflict)),
        "sides": [_side(session, conflict, side, now or "") for side in conflict.sides],
        "third": _writable(conflict), "typed": request.form.get(f"third-{key}", ""),
        "choice": request.form.get(f"choice-{key}", ""), "problem": problems.get(key, ""),
    }  # fmt: skip


def _side(session: Session, conflict: Conflict, side: Side, now: str) -> dict[str, Any]:
    entry = session.scalars(select(LogEntry).where(LogEntry.id == side.edit)).first()
    when = act_time(session, entry.stamp, entry.received) if entry else ""
    return {
        "edit": side.edit, "value": value_said(session, conflict.kind, conflict.path, side.value),
        "who": author_said(session, side.author), "when": when,
        "now": side.stamp == now,
    }  # fmt: skip


def _before(session: Session, conflict: Conflict) -> Any:
    """Return the value that the first of the sides saw."""
    query = select(LogEntry).where(LogEntry.kind == conflict.kind, LogEntry.record == conflict.record)
    entries = {entry.id: entry for entry in session.scalars(query)}
    first = entries.get(conflict.sides[0].edit)
    stamp = first.base.get(conflict.path) if first else None
    seen = (entry for entry in entries.values() if stamp and entry.stamp == stamp and conflict.path in entry.fields)
    found = next(seen, None)
    return found.fields[conflict.path] if found else value_of(new_record(KINDS[conflict.kind], ""), conflict.path)


def _chosen(conflict: Conflict, choice: str) -> Any:
    """Return the value chosen; raises ValueError for one that cannot be stored."""
    if choice != OTHER:
        return next(side.value for side in conflict.sides if side.edit == choice)
    typed = request.form.get(f"third-{key_of(conflict)}", "").strip()
    value = _READ[_writable(conflict)](typed)
    if problem_with(KINDS[conflict.kind], conflict.path, value):
        raise ValueError(conflict.path)
    return value


def _writable(conflict: Conflict) -> str:
    """Say how a third value is typed: `text`, `number` or `list`; empty when it can only be one of the sides'."""
    if conflict.path.partition(".")[0] in texts_of(KINDS[conflict.kind]):
        return "text"
    values = [side.value for side in conflict.sides if side.value is not None]
    if conflict.path in ("exhibitor", "deleted") or any(isinstance(value, bool | dict | float) for value in values):
        return ""
    if any(isinstance(value, list) for value in values):
        return "list"
    return "number" if any(isinstance(value, int) for value in values) else "text"


_READ: dict[str, Callable[[str], Any]] = {
    "text": lambda typed: typed or None,
    "number": lambda typed: int(typed) if typed else None,
    "list": lambda typed: [part.strip() for part in typed.split(",") if part.strip()],
}
