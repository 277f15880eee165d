"""What arrives over HTTP: every edit read on its own, so that one that cannot be read stops no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from companion.letters import ordinary
from companion.sync.codes import part_codes
from companion.sync.edits import Applied, Author, Edit, Outcome
from companion.sync.held import hold, takes_a_name, waits
from companion.sync.log import apply
from companion.sync.merge import canonical
from companion.sync.problems import Problem
from companion.sync.requests import tidied

LONGEST = 20_000
"""Characters of one edit as JSON: all texts of a record in three languages have room."""


def receive(
    session: Session,
    sent: list[Any],
    author: Author,
    also: Callable[[Edit], Problem | None] = lambda edit: None,
    look_first: bool = False,
) -> Applied:
    """Apply what somebody sent and return one outcome for each, in order and under the id as it was written.

    `also` may refuse an edit that has nothing wrong, as in `log.apply`. With `look_first`, what exhibitors change
    on their pages is held for the office; a change to another exhibitor's name always is. The caller commits.
    """
    read = [_read(each) for each in sent]
    later = {
        edit.id
        for edit in read
        if isinstance(edit, Edit) and ((look_first and waits(author, edit)) or takes_a_name(session, author, edit))
    }
    applied = apply(session, [edit for edit in read if isinstance(edit, Edit) and edit.id not in later], author, also)
    part_codes(session, (edit for edit in read if isinstance(edit, Edit) and edit.id not in later))
    answers = iter(applied.outcomes)
    outcomes = [
        _refused(one) if isinstance(one, Problem)
        else hold(session, one, author) if one.id in later
        else next(answers)
        for one in read
    ]  # fmt: skip
    named = [Outcome(_id(each), o.state, o.problem, o.field) for each, o in zip(sent, outcomes, strict=True)]
    return Applied(applied.seq, named)


def _read(sent: Any) -> Edit | Problem:
    try:
        if len(canonical(sent)) > LONGEST:
            return Problem("too_large")
        edit = Edit.model_validate(sent)
        edit = tidied(edit.model_copy(update={"fields": ordinary(edit.fields)}))
        return edit.model_copy(update={"act": ""})  # or undoing an act of the office would take a stranger's edit along
    except (ValidationError, ValueError, RecursionError):
        return Problem("malformed")


def _refused(problem: Problem) -> Outcome:
    return Outcome("", "refused", problem.code, problem.field)


def _id(sent: Any) -> str:
    written = sent.get("id") if isinstance(sent, dict) else None
    return written if isinstance(written, str) and len(written) <= 100 else ""
