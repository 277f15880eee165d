"""How long a list of 10,000 exhibitors takes to be tried out: new to the database, and again when all is known.

Beside it stands reading the same file alone, in this process, as a measure of the machine.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import python_calamine
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from companion.extensions import prepare_sqlite
from companion.imports import import_file
from companion.models import Base
from companion.sync.log import name_node
from tests.workbooks import demo_rows, write_workbook

ROWS, LIMIT = 10_000, 20
ROOT = Path(__file__).parents[1]
BOOTHS = "N° de stand"


def grown(folder: Path, rows: int = ROWS) -> Path:
    """Write the demo list with so many exhibitors: names, numbers, telephones and addresses of their own, no booths."""
    heading, *demo = demo_rows()["Exposants"]
    demo = [row for row in demo if row[0]][:300]
    sheet: list[list[Any]] = [heading]
    for at in range(rows):
        row = list(demo[at % len(demo)])
        row[0] = at + 1
        row[1:4] = [f"{name} {at // len(demo)}" if name and at >= len(demo) else name for name in row[1:4]]
        row[15], row[16] = f"06{at:08}", None
        row[17] = f"contact@e{at}.example"
        row[heading.index(BOOTHS)] = None
        sheet.append(row)
    return write_workbook(folder / "large.xlsx", {"Exposants": sheet})


def measure() -> list[str]:
    """Return the lines of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = grown(folder)
        engine = create_engine(f"sqlite:///{folder / 'bench.sqlite'}")
        prepare_sqlite(engine)
        Base.metadata.create_all(engine)
        lines = []
        with Session(engine) as session:
            name_node(session, "bench")
            import_file(session, ROOT / "examples" / "fair.toml")
            session.commit()
            alone = seconds(lambda: python_calamine.load_workbook(path).get_sheet_by_index(0).to_python())
            for known in ("new", "known"):
                took = seconds(lambda: tried(session, path, dry_run=True))
                lines.append(
                    f"import of {ROWS} rows, all {known + ':':7} {took:5.1f} s (at most {LIMIT})   "
                    f"{took / alone:5.1f} x reading the cells alone ({alone:.1f} s)"
                )
                if known == "new":
                    tried(session, path, dry_run=False)
                    session.commit()
        engine.dispose()
    return lines


def tried(session: Session, path: Path, *, dry_run: bool, rows: int = ROWS) -> None:
    """Import the file and make sure that it was understood."""
    report = import_file(session, path, dry_run=dry_run)
    assert not report.refused, report.as_text()[:2000]
    assert sum(report.counts["exhibitor"].values()) == rows, report.counts


def seconds(work: Any) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    print("\n".join(measure()))


if __name__ == "__main__":
    main()
