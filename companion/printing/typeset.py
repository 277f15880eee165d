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
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal, NamedTuple

from companion.printing.letters import undrawable

PRESS = Path(__file__).with_name("press.py")
READERS = ("zxing", "rqrr")
CONDITIONS = ("printed", "blurred", "glare", "torn")

BATCH = 24
"""Sheets set in one go: more take more memory, fewer repeat the fonts more often."""

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

    pages: int = 0
    codes: int = 0
    readings: int = 0
    failures: tuple[Failure, ...] = ()

    def __add__(self, other: Check) -> Check:
        """Return both together, the other's pages after these."""
        moved = tuple(Failure(one.page + self.pages, one.says, one.reader, one.how) for one in other.failures)
        return Check(
            self.pages + other.pages, self.codes + other.codes, self.readings + other.readings, self.failures + moved
        )


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
    size = 1 if apart else BATCH
    starts = range(0, max(len(copy.sheets), 1), size)
    with tempfile.TemporaryDirectory() as folder, _presses(min(len(starts), os.cpu_count() or 1)) as presses:

        def work(start: int) -> _Part:
            return _batch(presses, copy, slice(start, start + size), Path(folder) / f"{start:05}.pdf", checked)

        with ThreadPoolExecutor(presses.qsize()) as threads:
            done = list(threads.map(work, starts))
        parts = [one.path for one in done]
        check = sum((one.check for one in done), Check())
        if check.failures:
            raise CodesUnread(check)
        pdf = b"" if apart else _joined(presses, parts, Path(folder) / "whole.pdf")
        sheets = [path.read_bytes() for path in parts] if apart else []
    misfits = [misfit for one in done for misfit in one.misfits]
    pages = sum(one.pages for one in done)
    return Paper(pdf, sheets, pages, check, _problems(list(copy.written), misfits))


def picture(pdf: bytes, page: int, width: int) -> bytes:
    """Return a page of a PDF as PNG, `width` pixels wide."""
    with tempfile.TemporaryDirectory() as folder, _presses(1) as presses:
        source, out = Path(folder) / "paper.pdf", Path(folder) / "page.png"
        source.write_bytes(pdf)
        _ask(presses, {"job": "picture", "pdf": str(source), "page": page, "width": width, "out": str(out)})
        return out.read_bytes()


class _Part(NamedTuple):
    """What became of one batch."""

    path: Path
    misfits: list[Json]
    pages: int
    check: Check


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


def _batch(presses: Presses, copy: Copy, part: slice, out: Path, checked: bool) -> _Part:
    """Set some of the sheets and read their codes."""
    data = {**copy.data, "sheets": copy.sheets[part]}
    job = {"job": "set", "template": copy.template, "data": data, "tagged": copy.tagged, "out": str(out)}
    made = _ask(presses, job)
    if not checked or not copy.says:
        return _Part(out, made["misfits"], made["pages"], Check(made["pages"]))
    says = [list(page) for page in (copy.says[part] if copy.sheets else copy.says)]
    read = _ask(presses, {"job": "read", "pdf": str(out), "says": says, "module": copy.module})
    failures = tuple(Failure(**one) for one in read["failures"])
    check = Check(made["pages"], read["codes"], read["readings"], failures)
    return _Part(out, made["misfits"], made["pages"], check)


def _joined(presses: Presses, parts: list[Path], out: Path) -> bytes:
    if len(parts) == 1:
        return parts[0].read_bytes()
    _ask(presses, {"job": "join", "parts": [str(path) for path in parts], "out": str(out)})
    return out.read_bytes()


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
