"""The catalogue as it is handed out: built once per change, compressed once, kept in memory."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import brotli
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from companion.catalogue.index import Catalogue
from companion.catalogue.snapshot import build

BROTLI_QUALITY = 10
"""Half a second of work after an edit; 9 is a tenth of that and a tenth larger, 11 twice that for 1 % less."""

KEPT = 3
"""Snapshots kept: a phone asks for the one it was told of a moment ago."""


@dataclass(frozen=True)
class Edition:
    """One snapshot in the forms it is needed in."""

    snapshot: dict[str, Any]

    @cached_property
    def catalogue(self) -> Catalogue:
        """The snapshot with its indexes, from which pages are made."""
        return Catalogue(self.snapshot)

    @cached_property
    def json(self) -> bytes:
        """UTF-8 JSON without spaces."""
        return json.dumps(self.snapshot, ensure_ascii=False, separators=(",", ":")).encode()

    @cached_property
    def brotli(self) -> bytes:
        """The JSON, compressed for browsers."""
        return bytes(brotli.compress(self.json, quality=BROTLI_QUALITY))

    @cached_property
    def gzip(self) -> bytes:
        """The JSON, compressed for older programs."""
        return gzip.compress(self.json, 9, mtime=0)


class Shelf:
    """The newest editions of the catalogue in this process; one shelf per app."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._editions: dict[int, Edition] = {}
        self._lock = Lock()

    def newest(self, session: Session) -> Edition:
        """Return the edition of this moment; raises LookupError when there is no fair yet."""
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
