"""Papers somebody ordered: made beside the page that shows how far they are, handed out when checked, kept an hour.

An order is a folder, so that any worker of the server can answer for it. Access cards hold secrets: the folder is
closed to other users of the machine, and nobody is given an order that is over, whether its folder is gone yet or not
(`companion.upkeep.housekeeping`).
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import secrets
import shutil
import threading
import time
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from companion.printing.typeset import CodesUnread, Copy, Paper, picture, typeset

FOLDER = "orders"
"""Of a database's folder, where they lie."""

KEPT = 3600
"""Seconds an order is kept."""

PATIENCE = 600
"""Seconds after which an order that is not done was interrupted."""


@dataclass(frozen=True)
class Order:
    """One order: who ordered what, and what became of it.

    `state`: `working`, `done`, `refused` (a code was not read again, see `failures`) or `interrupted`.
    """

    by: str
    kind: str
    name: str
    booths: list[str]
    started: float
    state: str = "working"
    seconds: float = 0
    pages: int = 0
    codes: int = 0
    readings: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)


def place(folder: Path, copy: Copy, by: str, kind: str, *, apart: bool = False, booths: Sequence[str] = ()) -> str:
    """Start making a paper and return the order's number; `apart` makes a ZIP with a PDF of each sheet.

    `booths`: those whose posters are printed when this is handed out.
    """
    number = secrets.token_urlsafe(12)
    home = folder / number
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.mkdir(mode=0o700)
    order = Order(by, kind, f"{kind}.{'zip' if apart else 'pdf'}", list(booths), time.time())
    _note(home, order)
    threading.Thread(target=_make, args=(home, order, copy, apart), daemon=True).start()
    return number


def look(folder: Path, number: str, by: str) -> Order | None:
    """Return what became of somebody's order; None when they have none of this number."""
    if not re.fullmatch(r"[\w-]{16}", number):
        return None
    try:
        order = _read(folder / number)
    except FileNotFoundError:
        return None
    if order.by != by or _is_over(order.started):
        return None
    if order.state == "working" and time.time() - order.started > PATIENCE:
        return Order(**asdict(order) | {"state": "interrupted"})
    return order


def forget_old(folder: Path) -> None:
    """Remove the orders whose hour is over."""
    for home in folder.iterdir() if folder.exists() else ():
        with contextlib.suppress(FileNotFoundError):  # another process was first
            if _is_over(_started(home)):
                shutil.rmtree(home, ignore_errors=True)


def file_of(folder: Path, number: str, order: Order) -> Path:
    """Return where the finished paper is."""
    return folder / number / order.name


def picture_of(folder: Path, number: str, page: int) -> bytes:
    """Return a page of a finished paper as PNG, page 0 first; drawn once."""
    path = folder / number / f"{page}.png"
    if not path.exists():
        path.write_bytes(picture((folder / number / "whole.pdf").read_bytes(), page, 900))
    return path.read_bytes()


def _make(home: Path, order: Order, copy: Copy, apart: bool) -> None:
    begun = time.monotonic()
    result: dict[str, Any] = {"state": "interrupted"}
    try:
        paper = typeset(copy, apart=apart)
        (home / order.name).write_bytes(_zip(copy, paper, order.kind) if apart else paper.pdf)
        (home / "whole.pdf").write_bytes(paper.sheets[0] if apart else paper.pdf)
        result = {
            "state": "done", "pages": paper.pages, "codes": paper.check.codes, "readings": paper.check.readings,
            "problems": [asdict(problem) for problem in paper.problems],
        }  # fmt: skip
    except CodesUnread as error:
        result = {"state": "refused", "readings": error.check.readings, "codes": error.check.codes,
                  "failures": [asdict(failure) for failure in error.check.failures]}  # fmt: skip
    finally:
        _note(home, Order(**asdict(order) | result | {"seconds": round(time.monotonic() - begun, 1)}))


def _zip(copy: Copy, paper: Paper, kind: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as files:
        for sheet, pdf in zip(copy.sheets, paper.sheets, strict=True):
            name = sheet.get("booth") or sheet.get("code") or sheet.get("of")
            files.writestr(f"{kind}-{re.sub(r'[^0-9A-Za-z-]', '_', str(name))}.pdf", pdf)
    return out.getvalue()


def _note(home: Path, order: Order) -> None:
    """Write the order's state whole or not at all."""
    draft = home / "draft.json"
    draft.write_text(json.dumps(asdict(order)))
    draft.replace(home / "order.json")


def _read(home: Path) -> Order:
    return Order(**json.loads((home / "order.json").read_text()))


def _started(home: Path) -> float:
    try:
        return _read(home).started
    except (OSError, ValueError, TypeError):
        return home.stat().st_mtime


def _is_over(started: float) -> bool:
    """Whether an order's hour is over; also when it began in the future, by a clock that was wrong then or is now."""
    return abs(time.time() - started) > KEPT
