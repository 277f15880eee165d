"""Who may write what. Checked where edits are applied, and nowhere else."""

from __future__ import annotations

from companion.sync.edits import Author, Edit

WRITES_EVERYTHING = frozenset({"importer", "administrator", "editor", "node"})


def refusal(author: Author, edit: Edit) -> str:
    """Say why `author` may not make this edit; empty when they may."""
    return "" if author.role in WRITES_EVERYTHING else "you may not change this"
