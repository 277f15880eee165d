"""The catalogue as it is handed out: built once per change, compressed once, kept in memory."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import brotli
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from companion.catalogue.index import Catalogue
from companion.catalogue.packed import pack
from companion.catalogue.snapshot import build

BROTLI_QUALITY = 10
"""Half a second of work after an edit; 9 is a tenth of that and a tenth larger, 11 twice that for 1 % less."""

KEPT = 3
"""Snapshots kept: a phone asks for the one it was told of a moment ago."""


@dataclass(frozen=True)
class Coded:
    """UTF-8 JSON without spaces, and compressed when it is first asked for."""

    json: bytes

    @cached_property
    def brotli(self) -> bytes:
        """For browsers."""
        return bytes(brotli.compress(self.json, quality=BROTLI_QUALITY))

    @cached_property
    def gzip(self) -> bytes:
        """For older programs."""
        return gzip.compress(self.json, 9, mtime=0)

    @cached_property
    def hash(self) -> str:
        """What an ETag says of it."""
        return hashlib.sha256(self.json).hexdigest()[:20]

    def coded(self, coding: str) -> bytes:
        """Return it as `br`, `gzip` or, for an empty text, as it is."""
        return {"br": lambda: self.brotli, "gzip": lambda: self.gzip, "": lambda: self.json}[coding]()


@dataclass(frozen=True)
class Edition:
    """One snapshot in the forms it is needed in."""

    snapshot: dict[str, Any]

    @cached_property
    def catalogue(self) -> Catalogue:
        """The snapshot with its indexes, from which pages are made."""
        return Catalogue(self.snapshot)

    @cached_property
    def whole(self) -> Coded:
        """The snapshot for other programs."""
        return Coded(json.dumps(self.snapshot, ensure_ascii=False, separators=(",", ":")).encode())

    @cached_property
    def packed(self) -> tuple[Coded, dict[str, Coded]]:
        """The snapshot for phones: what they download first, and the parts that follow, by name."""
        first, parts = pack(self.snapshot)
        return Coded(first), {name: Coded(part) for name, part in parts.items()}


class Shelf:
    """The newest editions of the catalogue in this process; one shelf per app."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._editions: dict[int, Edition] = {}
        self._lock = Lock()

    def newest(self, session: Session) -> Edition:
        """Return the edition of this moment; raises NoFair when there is none yet."""
        seq = public_seq(session.get_bind().engine)
        with self._lock:
            if seq not in self._editions:
                edition = Edition(build(session, self.languages))
                self._editions[edition.snapshot["seq"]] = edition
                for old in sorted(self._editions)[:-KEPT]:
                    del self._editions[old]
                return edition
            return self._editions[seq]

    def edition(self, seq: int) -> Edition | None:
        """Return an edition this process still has."""
        return self._editions.get(seq)

    def part(self, name: str) -> Coded | None:
        """Return a part of what phones download, of any edition this process still has."""
        return next((parts[name] for _, parts in self._packed() if name in parts), None)

    def _packed(self) -> list[tuple[Coded, dict[str, Coded]]]:
        return [self._editions[seq].packed for seq in sorted(self._editions, reverse=True)]


def public_seq(engine: Engine) -> int:
    """Return the position in the log of the last change visitors can see; 0 before the first.

    It is asked often, so the question goes to the driver: through the ORM it would take longer than the answer.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT public_seq FROM log_head")
        row = cursor.fetchone()
        cursor.close()
    finally:
        connection.close()
    return int(row[0]) if row else 0
