"""The first page after signing in."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from companion.models import ROLES
from companion.staff.area import for_roles, staff


@staff.get("/")
@for_roles(*ROLES)
def home() -> str:
    """What there is to do."""
    return render_template("staff/home.html", person=current_user.staff)
