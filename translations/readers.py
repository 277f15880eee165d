"""Bring the lists in docs/tamazight.md, for native readers, up to date with the catalogues: `make translations`.

What a reader wrote there (word by word, confidence) stays; a wording that is new, or was changed, is added as
composed; a message without Tamazight moves to the list of those left to French.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
PAPER = ROOT / "docs" / "tamazight.md"
COUNTS = re.compile(r"Of \d+ messages, \d+ stand.*?left\s+to French", re.DOTALL)
READ, LEFT = "Messages to read", "Messages left to French"
TIFINAGH = re.compile("[\u2d30-\u2d7f]")


def main() -> None:
    """Rewrite the two tables and the count."""
    paper = PAPER.read_text()
    shown, french = _catalogue("zgh"), _catalogue("fr_MA")
    with (ROOT / "examples" / "glossary.csv").open(newline="") as file:
        attested = {row["en"] for row in csv.DictReader(file) if row["zgh_confidence"] == "attested-exact"}
    known = _rows(paper, READ)
    wordings = {message: text for message, text in shown.items() if TIFINAGH.search(text)}
    listed = {m: t for m, t in wordings.items() if m not in attested or m in known}
    empty = [message for message, text in shown.items() if not text]
    readers = {m: known[m][2:] if m in known and known[m][1] == t else ["", "composed"] for m, t in listed.items()}
    paper = _table(paper, READ, [[message, text, *readers[message]] for message, text in listed.items()])
    paper = _table(paper, LEFT, [[message, french[message]] for message in empty])
    PAPER.write_text(COUNTS.sub(
        f"Of {len(shown)} messages, {len(shown) - len(listed) - len(empty)} stand in `examples/glossary.csv` or are "
        f"names, {len(listed)} are listed below, {len(empty)} are left\nto French", paper,
    ))  # fmt: skip


def _catalogue(locale: str) -> dict[str, str]:
    """Return id → text, forms of plurals joined, empty unless all are there; by id."""
    with (ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = [message for message in read_po(file, locale=locale) if message.id]
    return dict(sorted(((_id(message), _text(message)) for message in messages), key=lambda pair: pair[0].casefold()))


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _text(message: Message) -> str:
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return " / ".join(forms) if all(forms) else ""


def _rows(paper: str, heading: str) -> dict[str, list[str]]:
    section = paper.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {row[0]: row for row in cells[1:]}


def _table(paper: str, heading: str, rows: list[list[str]]) -> str:
    """Put `rows` under the head of the first table after `heading`."""
    before, after = paper.split(f"## {heading}\n")
    section, mark, rest = after.partition("\n## ")
    head = section[: re.search(r"^\|[-|]+\|\n", section, re.MULTILINE).end()]  # type: ignore[union-attr]
    lines = "".join(f"| {' | '.join(cell.replace('|', '∣') for cell in row)} |\n" for row in rows)
    return f"{before}## {heading}\n{head}{lines}{mark}{rest}"


if __name__ == "__main__":
    main()
