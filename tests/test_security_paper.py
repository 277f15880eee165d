"""docs/security.md names tests that are there, and what looks for known holes says when it could not look."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.audit import audit

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
        (0, 0, True, "Dependencies were NOT audited: the database of known holes does not answer."),
        (1, 0, True, "No known hole."),
        (1, 1, False, "Known holes in requirements.txt, see above."),
    ],
)
def test_an_audit_that_found_nothing_because_nobody_answered_says_so(
    known: int, ours: int, well: bool, said: str, tmp_path: Path
) -> None:
    def run(words: Sequence[str]) -> int:
        return ours if words[-1].endswith("requirements.txt") else known

    assert audit(run, [ROOT / "requirements.txt"], tmp_path / "known.txt") == (said, well)
