"""What 320 posters take: set alone, and set and read again by both readers; memory of the largest process."""

from __future__ import annotations

import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from companion import create_app
from companion.catalogue.index import Catalogue
from companion.extensions import db
from companion.printing.posters import booth_posters, posters
from companion.printing.typeset import typeset

BASE = "https://rafiq.example"


def measure() -> list[str]:
    """Return the lines of the table."""
    with tempfile.TemporaryDirectory() as name:
        app = create_app({}, Path(name))
        app.test_cli_runner().invoke(args=["prepare"])
        with app.app_context():
            catalogue: Catalogue = app.extensions["shelf"].newest(db.session()).catalogue
            with watched() as peaks:
                alone, read = (_seconds(catalogue, checked) for checked in (False, True))
            db.engine.dispose()
    return [
        f"Print: 320 posters set                 {alone[0]:6.1f} s     (budget 4 s; {alone[1]:.1f} s of processors)",
        f"Print: set and all codes read again    {read[0]:6.1f} s     ({read[1]:.1f} s of processors)",
        f"Print: largest child process           {max(peaks, default=0):6d} MB    (budget 200 MB)",
    ]


@contextmanager
def watched() -> Iterator[list[int]]:
    """Note the most memory each look finds in a child that prints, in MB; what the system counts has its parent's in it."""
    peaks: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            for folder in Path("/proc").glob("[0-9]*"):
                with suppress(OSError, IndexError):
                    if "press.py" in (folder / "cmdline").read_text():
                        peaks.append(int((folder / "status").read_text().split("VmHWM:")[1].split()[0]) // 1024)

    threading.Thread(target=look, daemon=True).start()
    yield peaks
    over.set()


def _seconds(catalogue: Catalogue, checked: bool) -> tuple[float, float]:
    """Seconds by the clock, and of all processors, for 320 posters on A5."""
    before, begun = _processors(), time.monotonic()
    paper = typeset(posters(catalogue, booth_posters(catalogue, BASE)[:320], "a5"), checked)
    assert paper.check.codes == (320 if checked else 0)
    return time.monotonic() - begun, _processors() - before


def _processors() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    print("\n".join(measure()))
