"""Importing the office's files: its list (.xlsx, .xls, .ods, .csv …) and the fair's own file (.toml).

The stages, each a module: `content` (what a file is) → `read` (in a child process) or `separated` → `tables` (which
column is what) → `cells`, `contacts`, `rows` (what a cell says) → `exhibitors`, `products`, `floor`, `programme`, put
together by `interpret` → `recognise`, `workbook` and `corrections` (which records change) → the log. `choices` are
what a person says about one file, `uploads` keeps it meanwhile, `marked` hands it back with what is wrong with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.imports import fair
from companion.imports.choices import Choices
from companion.imports.content import NAMED, kind_of, refused
from companion.imports.corrections import ROLE, records_of, respecting_corrections, titles_of
from companion.imports.edition import Edition
from companion.imports.headings import Headings, learnt_headings
from companion.imports.interpret import Content, interpret
from companion.imports.problems import Finding, Refused
from companion.imports.read import WORKBOOKS, Sheet, check_size, read_sheets
from companion.imports.report import Entry, Report
from companion.imports.separated import TEXTS, read_separated
from companion.imports.workbook import Plan, edition_of, plan_changes
from companion.models import Fair
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import take_turn, write
from companion.sync.merge import value_of

__all__ = ["ENDINGS", "Report", "import_file"]

ENDINGS = (*WORKBOOKS, *TEXTS, ".toml")
MOST_ROUNDS = 6
"""Leaving out a row can make others wrong, such as the products of an exhibitor; after so many rounds it is refused."""

Say = Callable[[str], None]
Places = set[tuple[str, int]]


def import_file(
    session: Session,
    path: Path,
    author: Author | None = None,
    *,
    dry_run: bool = False,
    choices: Choices | None = None,
    name: str = "",
    say: Say = lambda stage: None,
) -> Report:
    """Import a file all at once or, when it has errors, not at all. The caller commits.

    Importing a file again changes nothing; a corrected one changes what differs. Records that are missing
    from it are reported and kept. `name` is what the file is called where it came from, `say` is told the stages:
    `read`, `understand`, `compare`, `write`. Reading comes before the turn to write: nobody waits for it.
    """
    choices, name = choices or Choices(), name or path.name
    author = author or Author(f"import:{name}"[:100], ROLE)
    report = Report(name)
    try:
        say("read")
        check_size(path)
        kind = kind_of(path, name)
        if kind == "fair":
            return _import_fair(session, path, author, name, dry_run)
        sheets, encoding, delimiter = _sheets(path, kind, name, choices)
        report = replace(report, sheets=sheets, encoding=encoding, delimiter=delimiter)
        report = replace(report, headings=Headings(learnt_headings(session), choices.kinds, choices.columns))
        say("understand")
        plan, findings, left_out = _plan(session, report, choices, say)
    except Refused as refusal:
        session.rollback()
        return replace(report, findings=[refusal.finding])
    findings += plan.findings
    report = replace(report, findings=findings, left_out=frozenset(left_out), possible=plan.possible)
    if report.refused:
        session.rollback()
        return report
    say("write")
    return _write(session, plan, report, author, dry_run)


def _import_fair(session: Session, path: Path, author: Author, name: str, dry_run: bool) -> Report:
    take_turn(session)
    try:
        existing = session.scalar(select(Fair.id).where(~Fair.deleted).order_by(Fair.id))
        plan = Plan(fair.changes(fair.load(path), existing))
    except Refused as refusal:
        session.rollback()
        return Report(name, [refusal.finding])
    return _write(session, plan, Report(name), author, dry_run)


def _sheets(path: Path, kind: str, name: str, choices: Choices) -> tuple[list[Sheet], str, str]:
    if kind == "text":
        sheet, encoding, delimiter = read_separated(path, choices.encoding, choices.delimiter, Path(name).stem)
        return [sheet], encoding, delimiter
    try:
        return read_sheets(path), "", ""
    except Refused as refusal:
        if refusal.finding.problem in NAMED:
            raise refused(refusal.finding.problem, name) from None
        raise


def _plan(session: Session, report: Report, choices: Choices, say: Say) -> tuple[Plan, list[Finding], Places]:
    """Understand the sheets, take the turn to write, and compare with the records there are.

    Rows with errors are left out, when that was chosen, until those that remain have none.
    """
    edition = edition_of(session)
    content, findings, left_out = _understood(report, edition, choices, set())
    say("compare")
    take_turn(session)
    if edition_of(session) != edition:  # somebody changed the fair while the file was read
        content, findings, left_out = _understood(report, edition_of(session), choices, set())
    if _errors(findings, left_out):
        return Plan(), findings, left_out
    for _ in range(MOST_ROUNDS):
        plan = plan_changes(session, content, edition, choices)
        wrong = _rows_of(_errors(plan.findings, left_out))
        if not (choices.without_refused and wrong):
            break
        findings += _errors(plan.findings, left_out)
        content, more, left_out = _understood(report, edition, choices, left_out | wrong)
        findings += [one for one in more if one not in findings]
    return plan, findings, left_out


def _understood(
    report: Report, edition: Edition, choices: Choices, left_out: Places
) -> tuple[Content, list[Finding], Places]:
    content, findings = interpret(report.sheets, edition, report.headings, left_out, skip_hidden=choices.skip_hidden)
    errors = _errors(findings, left_out)
    for _ in range(MOST_ROUNDS if choices.without_refused else 0):
        if not errors or any(one.row is None for one in errors):
            break
        left_out = left_out | _rows_of(errors)
        content, again = interpret(report.sheets, edition, report.headings, left_out, skip_hidden=choices.skip_hidden)
        errors = _errors(again, left_out)
        findings += errors
    return content, findings, left_out


def _errors(findings: list[Finding], left_out: Places) -> list[Finding]:
    return [one for one in findings if one.severity == "error" and (one.sheet, one.row) not in left_out]


def _rows_of(findings: list[Finding]) -> Places:
    return {(one.sheet, one.row) for one in findings if one.row is not None}


def _write(session: Session, plan: Plan, report: Report, author: Author, dry_run: bool) -> Report:
    records = records_of(session, plan.changes)
    changes, corrected = respecting_corrections(session, plan.changes, records)
    before = {key: {path: value_of(record, path) for path in record.stamps} for key, record in records.items()}
    act = str(uuid4())
    edits = {(edit.kind, edit.record): edit for edit in write(session, changes, author, act)}
    titles = titles_of(session, {change.kind for change in changes})
    entries = [_entry(change, plan, before, titles, edits.get((change.kind, change.record))) for change in changes]
    counts: dict[str, Counter[str]] = {}
    for entry in entries:
        counts.setdefault(entry.kind, Counter(new=0, changed=0, same=0))[entry.state] += 1
    if dry_run:
        session.rollback()
    return replace(
        report, findings=report.findings + corrected, counts={kind: dict(one) for kind, one in counts.items()},
        entries=entries, applied=not dry_run, act=act if edits else "",
    )  # fmt: skip


def _entry(
    change: Change,
    plan: Plan,
    before: dict[tuple[str, str], dict[str, Any]],
    titles: dict[tuple[str, str], str],
    edit: Edit | None,
) -> Entry:
    which = (change.kind, change.record)
    row = plan.rows.get(which)
    state = "same" if edit is None else "changed" if which in before else "new"
    old = before.get(which, {})
    fields = tuple((path, old.get(path), value) for path, value in edit.fields.items()) if edit else ()
    sheet, number = (row.table.sheet.name, row.number) if row else ("", None)
    return Entry(change.kind, change.record, state, titles.get(which, change.record), sheet, number, fields)
