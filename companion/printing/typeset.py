"""From data to a PDF whose codes have been read again. The templates are in `papers/`, the fonts in `fonts/`.

What people wrote reaches a template as JSON and is never read as markup. What a paper cannot show as it should,
it reports: letters the fonts lack, and texts that had to shrink below the sizes meant for them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal, NamedTuple

from companion.printing.font_coverage import undrawable

PRESS = Path(__file__).with_name("press.py")
READERS = ("zxing", "rqrr")
CONDITIONS = ("printed", "blurred", "glare", "torn")

BATCH = 24
"""Sheets set in one go: more take more memory, fewer repeat the fonts more often."""

ROUND = 7
"""Batches until the children that set are replaced by new ones, so that their memory stays below 200 MB."""

Json = dict[str, Any]


class Written(NamedTuple):
    """A text somebody wrote: `of` is the booth or exhibitor it belongs to, `field` which of its texts it is."""

    of: str
    field: str
    text: str


@dataclass(frozen=True)
class Problem:
    """A text a paper cannot show as it should.

    `letters`: the fonts cannot draw what `detail` lists. `room`: it is too long and is printed whole but smaller
    than meant, `detail` millimetres high.
    """

    what: Literal["letters", "room"]
    of: str
    field: str
    text: str
    detail: str


@dataclass(frozen=True)
class Failure:
    """A code `reader` did not read when it was `how`: one of CONDITIONS; `unexpected`: it should not be there."""

    page: int
    says: str
    reader: str
    how: str


@dataclass(frozen=True)
class Check:
    """What reading the finished PDF gave: each code by two independent readers, also blurred, with glare, torn."""

    codes: int = 0
    readings: int = 0
    failures: tuple[Failure, ...] = ()


class CodesUnread(Exception):
    """A paper has codes that were not read again, so it is not handed out; `check` has which."""

    def __init__(self, check: Check) -> None:
        super().__init__(f"{len(check.failures)} readings of {check.readings} failed")
        self.check = check


@dataclass(frozen=True)
class Paper:
    """A finished paper: the PDF, or one PDF a sheet, with what was checked and what it cannot show as it should."""

    pdf: bytes
    sheets: list[bytes] = field(default_factory=list)
    pages: int = 0
    check: Check = Check()
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Copy:
    """What is to be set: a template's shared data, its sheets (`data.sheets`, one page each) and the texts in them.

    `says`: what the codes of each page must say. `module`: millimetres of one square of the smallest code.
    `tagged`: with the structure that screen readers use, for papers that are read rather than stuck up.
    """

    template: str
    data: Mapping[str, Any]
    sheets: Sequence[Json] = ()
    says: Sequence[Sequence[str]] = ()
    module: float = 1
    written: Iterable[Written] = ()
    tagged: bool = False


def typeset(copy: Copy, checked: bool = True, apart: bool = False) -> Paper:
    """Set a paper and read its codes again; `apart` makes a PDF of each sheet instead of one of all.

    Raises CodesUnread when a code was not read as what it must say. `checked=False` is for measuring only.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = _set(copy, 1 if apart else BATCH, folder)
        files = [part.path for part in parts] if apart else [_joined(parts, folder / "whole.pdf")]
        check = _read_again(copy, files, apart) if checked else Check()
        if check.failures:
            raise CodesUnread(check)
        made = [path.read_bytes() for path in files]
    misfits = [misfit for part in parts for misfit in part.misfits]
    problems = _problems(list(copy.written), misfits)
    return Paper(b"" if apart else made[0], made if apart else [], sum(part.pages for part in parts), check, problems)


def picture(pdf: bytes, page: int, width: int) -> bytes:
    """Return a page of a PDF as PNG, `width` pixels wide."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "paper.pdf", Path(folder) / "page.png"
        source.write_bytes(pdf)
        _ask_all([{"job": "picture", "pdf": str(source), "page": page, "width": width, "out": str(out)}])
        return out.read_bytes()


class _Part(NamedTuple):
    """What became of one batch."""

    path: Path
    misfits: list[Json]
    pages: int


Presses = SimpleQueue["subprocess.Popen[str]"]


@contextmanager
def _presses(count: int) -> Iterator[Presses]:
    """Start that many children; who takes one out of the queue puts it back."""
    children = [
        subprocess.Popen(  # noqa: S603 - our own script, no shell
            [sys.executable, "-I", str(PRESS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    presses: Presses = SimpleQueue()
    for child in children:
        presses.put(child)
    try:
        yield presses
    finally:
        for child in children:
            child.kill()
            child.communicate()


def _ask_all(jobs: list[Json]) -> list[Json]:
    """Give jobs to new children, as many as there are processors, and return their answers in the order of the jobs."""
    with (
        _presses(min(len(jobs), os.cpu_count() or 1)) as presses,
        ThreadPoolExecutor(max(presses.qsize(), 1)) as threads,
    ):
        return list(threads.map(partial(_ask, presses), jobs))


def _ask(presses: Presses, job: Json) -> Json:
    child = presses.get()
    assert child.stdin
    assert child.stdout
    try:
        child.stdin.write(json.dumps(job) + "\n")
        child.stdin.flush()
        answer: Json = json.loads(child.stdout.readline())
    finally:
        presses.put(child)
    return answer


def _set(copy: Copy, size: int, folder: Path) -> list[_Part]:
    """Set the sheets, so many a PDF; a paper without sheets is one PDF."""
    jobs: list[Json] = [
        {
            "job": "set", "template": copy.template, "data": {**copy.data, "sheets": copy.sheets[start : start + size]},
            "tagged": copy.tagged, "out": str(folder / f"{start:05}.pdf"),
        }
        for start in range(0, max(len(copy.sheets), 1), size)
    ]  # fmt: skip
    made = [one for start in range(0, len(jobs), ROUND) for one in _ask_all(jobs[start : start + ROUND])]
    return [_Part(Path(job["out"]), one["misfits"], one["pages"]) for job, one in zip(jobs, made, strict=True)]


def _joined(parts: list[_Part], out: Path) -> Path:
    if len(parts) == 1:
        return parts[0].path
    _ask_all([{"job": "join", "parts": [str(part.path) for part in parts], "out": str(out)}])
    return out


def _read_again(copy: Copy, files: list[Path], apart: bool) -> Check:
    """Read the codes of the finished files: of the one, some pages a job; or of each, its page."""
    says = [list(page) for page in copy.says]
    if apart:
        jobs = [(path, 0, number, says[number : number + 1]) for number, path in enumerate(files)]
    else:
        jobs = [(files[0], start, 0, says[start : start + BATCH]) for start in range(0, len(says), BATCH)]
    read = _ask_all([
        {"job": "read", "pdf": str(path), "first": first, "says": pages, "module": copy.module}
        for path, first, _before, pages in jobs
    ])  # fmt: skip
    failures = tuple(
        Failure(failure["page"] + before, failure["says"], failure["reader"], failure["how"])
        for (_path, _first, before, _pages), one in zip(jobs, read, strict=True)
        for failure in one["failures"]
    )
    return Check(sum(one["codes"] for one in read), sum(one["readings"] for one in read), failures)


def _problems(written: list[Written], misfits: list[Json]) -> list[Problem]:
    texts = {(of, name): text for of, name, text in written}
    lacking = [
        Problem("letters", of, name, text, " ".join(missing))
        for (of, name), text in texts.items()
        if (missing := undrawable(text))
    ]
    small = {(one["of"], one["field"]): str(one["size"]) for one in misfits}
    cramped = [Problem("room", of, name, texts.get((of, name), ""), size) for (of, name), size in small.items()]
    return lacking + cramped
