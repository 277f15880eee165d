"""The board: how far the fair's servers and the signed-in devices are."""

from __future__ import annotations

from flask import current_app, render_template
from flask_babel import lazy_gettext as _

from companion.extensions import db
from companion.models import ROLES
from companion.nodes import board
from companion.staff.area import for_roles, staff
from companion.staff.words import moment

WHAT_TO_DO = {
    "name": _(
        "Two servers have the same name, so this one waits; nothing is lost."
        " Run the command below on the one set up last."
    ),
    "problem": _("Look at the message; it tries again by itself."),
    "never": _("It was never heard of. Add this server there with the key."),
    "clock": _("One of the two clocks is wrong. Set it."),
    "away": _("Not heard of for a while. Look at its power and its line; nothing is lost."),
    "behind": _("Something of it is still to come. Wait a moment."),
    "waits": _("Something for it still waits here. Wait a moment."),
    "well": _("All is exchanged."),
}


@staff.get("/nodes")
@for_roles(*ROLES)
def nodes() -> str:
    """Servers and devices, with what is behind and what to do."""
    session = db.session()
    head, untaken = board.own(session)
    return render_template(
        "staff/nodes.html", head=head, untaken=untaken, others=board.others(session), do=WHAT_TO_DO,
        devices=board.devices(session), release=current_app.extensions["release"].name,
        when=lambda written: moment(session, written),
    )  # fmt: skip
