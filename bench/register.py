"""How long a page of the office's table takes with 10,000 exhibitors, beside the same page with 320."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench.imports import ROOT, grown, tried
from companion.extensions import prepare_sqlite
from companion.imports import import_file
from companion.models import Base
from companion.register.table import MISSING, SORTS, Asked, lines
from companion.sync.log import name_node

ROWS = (320, 10_000)
LANGUAGES = ("fr", "ar", "zgh")
MOST = 8
"""How many times the smaller table's time a page may take: its fifty lines are most of it."""

CASES = {
    "the first page": Asked(), "a late page": Asked(page=6), "a search": Asked(q="arganier"),
    "a search without result": Asked(q="zzzz"), "a sector": Asked(sector="S1"),
    **{f"by {sort}": Asked(sort=sort) for sort in SORTS}, **{f"without {what}": Asked(missing=what) for what in MISSING},
}  # fmt: skip


def measure() -> list[str]:
    """Return the lines of the table."""
    small, large = (_times(rows) for rows in ROWS)
    return [
        f"register, {case:23} {large[case] * 1000:6.1f} ms of {ROWS[1]}   "
        f"{large[case] / small[case]:5.1f} x the same of {ROWS[0]} (at most {MOST})"
        for case in CASES
    ]


def _times(rows: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        engine = create_engine(f"sqlite:///{Path(name) / 'bench.sqlite'}")
        prepare_sqlite(engine)
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            name_node(session, "bench")
            import_file(session, ROOT / "examples" / "fair.toml")
            session.commit()
            tried(session, grown(Path(name), rows), dry_run=False, rows=rows)
            session.commit()
            late = rows // 50 - 1
            cases = {case: replace(asked, page=late if asked.page > 1 else 1) for case, asked in CASES.items()}
            found = {case: min(_seconds(session, asked) for _ in range(4)) for case, asked in cases.items()}
        engine.dispose()
        return found


def _seconds(session: Session, asked: Asked) -> float:
    session.expunge_all()
    start = time.process_time()
    lines(session, asked, LANGUAGES)
    return time.process_time() - start


def main() -> None:
    """Print the table."""
    print("\n".join(measure()))


if __name__ == "__main__":
    main()
