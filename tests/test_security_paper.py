"""docs/security.md names tests that are there, and what looks for known holes says when it could not look."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.audit import Holes, audit

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| (?!wants to|---)(.+) \| (.+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_threat_has_a_test_that_is_there() -> None:
    rows = ROW.findall((ROOT / "docs/security.md").read_text("utf-8"))
    assert len(rows) > 40
    assert [wants for wants, _, tests in rows if not NAMED.findall(tests)] == []
    named = {one for _, _, tests in rows for one in NAMED.findall(tests)}
    there = {
        (file, node.name)
        for file in {file for file, _ in named}
        for node in ast.parse((ROOT / file).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert sorted(named - there) == []


@pytest.mark.parametrize(
    ("known", "ours", "well", "said"),
    [
        (None, None, True, "Dependencies were NOT audited: the database of known holes does not answer."),
        ({}, {}, True, "Dependencies were NOT audited: the database of known holes does not answer."),
        ({"jinja2": ["X"]}, None, True, "Dependencies were NOT audited: the database of known holes does not answer."),
        ({"jinja2": ["X"]}, {}, True, "No known hole."),
        ({"jinja2": ["X"]}, {"flask": ["A-1", "A-2"]}, False, "Known holes: flask (A-1 A-2)."),
    ],
)
def test_an_audit_that_found_nothing_because_nobody_answered_says_so(
    known: Holes | None, ours: Holes | None, well: bool, said: str, tmp_path: Path
) -> None:
    def ask(file: Path) -> Holes | None:
        return ours if file.name == "requirements.txt" else known

    assert audit(ask, [ROOT / "requirements.txt"], tmp_path / "known.txt") == (said, well)
