"""What an import found and did: for a terminal, as JSON, and row by row for the office's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from companion.imports.headings import Headings
from companion.imports.problems import Finding, Translate, untranslated
from companion.imports.read import Sheet
from companion.imports.recognise import Possible

MOST_INFOS = 20
"""How many findings that ask for nothing a terminal shows; `as_json` has them all."""


@dataclass(frozen=True)
class Entry:
    """What becomes of one record: `state` is `new`, `changed` or `same`; `fields` are (path, old, new)."""

    kind: str
    record: str
    state: str
    title: str
    sheet: str = ""
    row: int | None = None
    fields: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(frozen=True)
class Report:
    """What an import found and did. `counts` holds `{"new", "changed", "same"}` per kind of record.

    `applied` is false for a file with errors, of which nothing is imported, and after a dry run. `left_out` are the
    rows with errors that somebody chose to leave out; `encoding` and `delimiter` are those a text was read with.
    """

    file: str
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    applied: bool = False
    entries: list[Entry] = field(default_factory=list)
    possible: list[Possible] = field(default_factory=list)
    left_out: frozenset[tuple[str, int]] = frozenset()
    sheets: list[Sheet] = field(default_factory=list)
    headings: Headings = field(default_factory=Headings)
    encoding: str = ""
    delimiter: str = ""
    act: str = ""

    @property
    def refused(self) -> bool:
        """Whether the file has errors outside the rows that are left out."""
        return any(one.severity == "error" and (one.sheet, one.row) not in self.left_out for one in self.findings)

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
