"""What a signed-in device says of itself, for the board; visitors' phones say nothing."""

from __future__ import annotations

from flask import request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from companion.extensions import db
from companion.nodes.board import report


def note_device() -> None:
    """Keep what the header `Rafiq-Device` says, when somebody is signed in; a busy database is no reason to fail."""
    said = request.headers.get("Rafiq-Device", "")
    if not said or not current_user.is_authenticated:
        return
    try:
        report(db.session(), current_user.get_id(), current_user.author.name, said)
        db.session.commit()
    except OperationalError:
        db.session.rollback()
