"""What somebody typed while their session ended: it goes along through signing in, and is then theirs to save.

It travels in the pages themselves, as a hidden field, and is kept nowhere else: whoever closes the window has thrown
it away. Files cannot be sent along, and passwords are not.
"""

from __future__ import annotations

import json

from flask import render_template, request

Pairs = list[tuple[str, str]]


def can_be_kept() -> bool:
    """Tell whether what was posted is a form that a person filled in, in a page of the area."""
    typed = request.method == "POST" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    secret = any("password" in name or name == "new" for name in request.form)
    return typed and bool(request.form) and not request.files and not secret and request.endpoint != "staff.sign_out"


def ask_to_sign_in() -> tuple[str, int]:
    """Ask who it is, with what was typed in the page."""
    kept = json.dumps(list(request.form.items(multi=True)), ensure_ascii=False)
    return render_template("staff/sign_in.html", name="", next=request.full_path.rstrip("?"), kept=kept), 401


def kept_pairs() -> Pairs:
    """Return names and values that came along through signing in; none when nothing did, or nonsense."""
    try:
        return [(str(name), str(value)) for name, value in json.loads(request.form.get("kept") or "[]")]
    except (ValueError, TypeError, RecursionError):
        return []
