"""Importing the office's files: its workbook (.xlsx, .xls, .ods …) and the fair's own file (.toml).

The stages, each a module: `read` (in a child process) → `tables` (which column is what) → `cells`, `contacts`,
`rows` (what a cell says) → `exhibitors`, `products`, `floor`, `programme`, put together by `interpret` →
`workbook` and `corrections` (which records change) → the log.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.imports import fair
from companion.imports.corrections import ROLE, records_of, respecting_corrections
from companion.imports.interpret import interpret
from companion.imports.problems import Finding, Refused, Translate, untranslated
from companion.imports.read import WORKBOOKS, read_sheets
from companion.imports.workbook import edition_of, plan_changes
from companion.models import Fair
from companion.sync.edits import Author, Change
from companion.sync.log import take_turn, write

__all__ = ["Report", "import_file"]

MOST_INFOS = 20
"""How many findings that ask for nothing a terminal shows; `as_json` has them all."""


@dataclass(frozen=True)
class Report:
    """What an import found and did. `counts` holds `{"new", "changed", "same"}` per kind of record.

    `applied` is false for a file with errors, of which nothing is imported, and after a dry run.
    """

    file: str
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    applied: bool = False

    @property
    def refused(self) -> bool:
        """Whether the file has errors."""
        return any(finding.severity == "error" for finding in self.findings)

    def as_json(self, translate: Translate = untranslated) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "workbook": self.file,
            "applied": self.applied,
            "counts": self.counts,
            "errors": [finding.as_json(translate) for finding in self.findings],
        }

    def as_text(self, translate: Translate = untranslated) -> str:
        """Return the report for a terminal: findings, the worst first, a line per kind, and what became of it."""
        lines = []
        for severity in ("error", "warning", "info"):
            alike = [finding.line(translate) for finding in self.findings if finding.severity == severity]
            shown = alike[:MOST_INFOS] if severity == "info" else alike
            lines += shown + [f"{severity}: … and {len(alike) - len(shown)} more"] * (len(alike) > len(shown))
        lines += [
            f"{kind}: {', '.join(f'{number} {what}' for what, number in numbers.items() if number)}"
            for kind, numbers in self.counts.items()
        ]
        end = "nothing imported" if self.refused else "imported" if self.applied else "dry run, nothing changed"
        return "\n".join([*lines, f"{self.file}: {end}"])


def import_file(session: Session, path: Path, author: Author | None = None, *, dry_run: bool = False) -> Report:
    """Import a file all at once or, when it has errors, not at all. The caller commits.

    Importing a file again changes nothing; a corrected one changes what differs. Records that are missing
    from it are reported and kept.
    """
    author = author or Author(f"import:{path.name}"[:100], ROLE)
    take_turn(session)
    try:
        changes, findings = _changes(session, path)
    except Refused as refusal:
        session.rollback()
        return Report(path.name, [refusal.finding])
    if any(finding.severity == "error" for finding in findings):
        session.rollback()
        return Report(path.name, findings)
    records = records_of(session, changes)
    changes, corrected = respecting_corrections(session, changes, records)
    known = frozenset(records)
    edits = write(session, changes, author)
    counts = _counts(changes, known, {(edit.kind, edit.record) for edit in edits})
    if dry_run:
        session.rollback()
    return Report(path.name, findings + corrected, counts, applied=not dry_run)


def _changes(session: Session, path: Path) -> tuple[list[Change], list[Finding]]:
    if path.suffix.lower() == ".toml":
        existing = session.scalar(select(Fair.id).where(~Fair.deleted).order_by(Fair.id))
        return fair.changes(fair.load(path), existing), []
    if path.suffix.lower() not in WORKBOOKS:
        raise Refused("unknown_file_type")
    edition = edition_of(session)
    content, findings = interpret(read_sheets(path), edition)
    if any(finding.severity == "error" for finding in findings):
        return [], findings
    plan = plan_changes(session, content, edition)
    return plan.changes, findings + plan.findings


def _counts(
    changes: list[Change], known: frozenset[tuple[str, str]], edited: set[tuple[str, str]]
) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for change in changes:
        which = (change.kind, change.record)
        what = "same" if which not in edited else "changed" if which in known else "new"
        counts.setdefault(change.kind, Counter(new=0, changed=0, same=0))[what] += 1
    return {kind: dict(numbers) for kind, numbers in counts.items()}
