"""Who may write what, and who may read what. Checked where edits are applied and read, and nowhere else."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.orm import Session

from companion.models import KINDS, ROLES, Exhibitor, Lead, LogEntry, Notice, Remark, Request, Synced, Trouble
from companion.sync.edits import Author, Edit
from companion.sync.erasure import is_erasure, problem_with_erasure, subject
from companion.sync.merge import split
from companion.sync.own import HEARD, WRITTEN, owns, problem_with_own
from companion.sync.problems import Problem
from companion.sync.requests import VISITS, is_authors, problem_with_visit

NODE = "node"
VISITOR = Author("visitor", "visitor")
"""Every visitor: nothing tells them apart."""

EXHIBITOR = "exhibitor"

COMMAND = "command:"
"""Begins the name of an author who is a command on the server; who signs in is called otherwise."""

SHOWN_TO_STAFF = frozenset({"exhibitor", "withdrawn", "erased"})
"""Of what is between a visitor and an exhibitor: that there is something, and what became of it."""

PRIVATE = frozenset({Request.KIND, Lead.KIND, Remark.KIND})
"""Kinds whose contents staff do not read."""

ALL = frozenset({"*"})
"""Every field of a kind."""

_FAIR = {kind: ALL for kind, model in KINDS.items() if model.PUBLIC} | {Trouble.KIND: ALL}
WRITES: dict[str, dict[str, frozenset[str]]] = {
    "importer": _FAIR,
    "administrator": _FAIR,
    "editor": _FAIR,
    "floor": {
        "exhibitor": frozenset({"phones", "whatsapp", "email", "website", "presence", "note", "card_given"}),
        "booth": frozenset({"exhibitor"}),
        "trouble": frozenset({"exhibitor", "place", "text", "picture", "at", "solved"}),
    },
    "viewer": {},
    EXHIBITOR: WRITTEN,
}
"""Role → kind → columns that may be written, by exhibitors of their own records only. What is not here may not be."""

MADE_ON_THE_FLOOR = WRITES["floor"]["exhibitor"] | {"code", "name", "kind", "sector", "walk_in", "card_digest"}
"""What the floor team says of a walk-in when it adds one, and no more afterwards."""

_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4,6}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def refusal(session: Session, author: Author, edit: Edit, record: Synced | None) -> Problem | None:
    """Say why `author` may not make this edit of `record` (None: there is none yet); None when they may.

    Requests and tallies are visitors' alone: staff do not write them, and staff who ask something of an
    exhibitor do so as visitors. Who shows the secret of a request may erase it.
    """
    if author.role == NODE:
        return None if trusted(author, subject(edit)[0]) else Problem("no_right")
    if edit.kind in VISITS:
        return problem_with_visit(session, edit, record)
    if is_erasure(edit) and not problem_with_erasure(edit):
        of_request = subject(edit)[0] == Request.KIND
        wrong = Problem("secret_wrong" if of_request else "no_right")
        return None if _may_erase(session, author, edit, record) else wrong
    if author.role == EXHIBITOR:
        return problem_with_own(session, author, edit, record)
    if edit.kind not in KINDS and WRITES.get(author.role):
        return None  # the log says what is wrong with it
    if author.role == "floor" and edit.kind == Exhibitor.KIND and record is None:
        return _problem_with_walk_in(edit)
    return None if all(may_write(author.role, edit.kind, path) for path in edit.fields) else Problem("no_right")


def may_write(role: str, kind: str, path: str) -> bool:
    """Tell whether somebody in this role may write this field of such records."""
    columns = WRITES.get(role, {}).get(kind, frozenset())
    return columns is ALL or path.partition(".")[0] in columns


def may_make(role: str, kind: str) -> bool:
    """Tell whether somebody in this role may add such a record."""
    return may_write(role, kind, "deleted") or (role == "floor" and kind in (Exhibitor.KIND, Trouble.KIND))


def _problem_with_walk_in(edit: Edit) -> Problem | None:
    """Say what keeps the floor team from adding an exhibitor: whoever is new has a code and a name."""
    fields = edit.fields
    wrong = next((path for path in fields if split(path)[0] not in MADE_ON_THE_FLOOR), None)
    if wrong or fields.get("walk_in") is not True or not any(path.startswith("name.") for path in fields):
        return Problem("no_right", wrong or "")
    if not isinstance(fields.get("code"), str) or not _CODE.fullmatch(fields["code"]):
        return Problem("value_wrong", "code")
    digest = fields.get("card_digest", "")
    right = digest == "" or (isinstance(digest, str) and _DIGEST.fullmatch(digest))
    return None if right else Problem("value_wrong", "card_digest")


def trusted(author: Author, kind: str) -> bool:
    """Tell whether another server may bring and get records of a kind."""
    return not author.kinds or kind in author.kinds


def _may_erase(session: Session, author: Author, edit: Edit, record: Synced | None) -> bool:
    """Who left a request may erase it; of leads an exhibitor their own, and the office all when the time is over.

    Staff who are signed in erase no request: the office does it with a command on the server.
    """
    if subject(edit)[0] == Request.KIND:
        return is_authors(edit) or author.name.startswith(COMMAND)
    if author.role == EXHIBITOR:
        return owns(session, author, record)
    return author.role == "administrator"


def signed(author: Author, edit: Edit) -> Author:
    """Return whom the log names as author: what visitors leave is nobody's, whoever was signed in."""
    if author.role == NODE:
        return Author(edit.author, edit.role) if edit.author else author
    return VISITOR if edit.kind in VISITS else author


def reads_the_log(author: Author) -> bool:
    """Tell whether `author` may read edits of every kind."""
    return author.role == NODE or author.role in ROLES


def readable(session: Session, author: Author, entry: LogEntry, record: Synced | None) -> dict[str, Any] | None:
    """Return the fields of an edit that `author` may read, or None when they may not know of it.

    `record` is the record the edit is about. What is between a visitor and an exhibitor is read by that exhibitor
    and exchanged by nodes; staff see that there is something. An exhibitor reads their own and notices to them.
    """
    fields = dict(entry.fields)
    if author.role == NODE:
        return fields if trusted(author, subject(entry)[0]) else None
    if author.role in ROLES:
        hidden = entry.kind in PRIVATE
        return {path: value for path, value in fields.items() if path in SHOWN_TO_STAFF} if hidden else fields
    if not may_read(session, author, record):
        return None
    assert record is not None
    return {path: value for path, value in fields.items() if split(path)[0] not in hidden_from(author, record)}


def may_read(session: Session, author: Author, record: Synced | None) -> bool:
    """Tell whether `author` may read the contents of a record, its staff-only fields left aside."""
    if record is None:
        return False
    if author.role in ROLES:
        return record.KIND not in PRIVATE
    if author.role != EXHIBITOR or not author.exhibitor:
        return False
    return (isinstance(record, Notice) and record.audience in HEARD) or owns(session, author, record)


def hidden_from(author: Author, record: Synced) -> frozenset[str]:
    """Return the columns of a record this reader does not see."""
    return record.STAFF_ONLY - record.OWN_TOO if author.role == EXHIBITOR else frozenset()
