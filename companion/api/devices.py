"""What a signed-in device says of itself, for the board; visitors' phones say nothing."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from companion.extensions import db
from companion.nodes.board import report
from companion.writing import note


def note_device() -> None:
    """Keep what the header `Rafiq-Device` says, when somebody is signed in; a busy database is no reason to fail."""
    said = request.headers.get("Rafiq-Device", "")
    if not said or not current_user.is_authenticated:
        return
    secret, name = current_user.get_id(), current_user.author.name
    with note(db.session()):
        report(db.session(), secret, name, said)
