"""The page of the log that is being written: its lines, and new records, go to the database together.

A line at a time would cost more than everything else that is done with it: a list of ten thousand exhibitors is
ten thousand lines and as many records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from companion.models import KINDS, LogEntry, LogHead, Synced
from companion.sync.edits import Author, Edit
from companion.sync.erasure import subject
from companion.sync.merge import begun, split


class Page:
    """Lines of the log and records that begin with them, on their way to the database. The turn is taken already.

    Until `put`, no query finds them: whoever asks the database for either puts them first.
    """

    def __init__(self, session: Session, head: LogHead) -> None:
        self._session, self._head = session, head
        self._lines: list[dict[str, Any]] = []
        self._records: defaultdict[type[Synced], list[dict[str, Any]]] = defaultdict(list)
        self._received = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def begin(self, edit: Edit, author: Author) -> None:
        """Add a new record with the fields of its first edit, and the edit's line."""
        model = KINDS[edit.kind]
        self._records[model].append(begun(model, edit))
        self.append(edit, author)

    def append(self, edit: Edit, author: Author, via: str = "") -> None:
        """Add the line of an edit, at the next position of the log; `via` is the server that brought it."""
        head = self._head
        head.seq += 1
        public = is_public(KINDS[subject(edit)[0]], edit.fields)
        if public:
            head.public_seq = head.seq
        self._lines.append(
            {
                "seq": head.seq, "id": edit.id, "kind": edit.kind, "record": edit.record, "stamp": edit.stamp,
                "fields": edit.fields, "base": edit.base, "settles": edit.settles, "act": edit.act or edit.id,
                "author": author.name, "role": author.role, "received": self._received, "via": via, "public": public,
            }
        )  # fmt: skip

    def put(self) -> None:
        """Insert what was added since."""
        for model, rows in self._records.items():
            self._session.execute(insert(model.__table__), rows)  # type: ignore[attr-defined]
        if self._lines:
            self._session.execute(insert(LogEntry.__table__), self._lines)  # type: ignore[arg-type]
        self._records.clear()
        self._lines.clear()


def is_public(model: type[Synced], paths: Collection[str]) -> bool:
    """Tell whether visitors can see any of these fields of such a record."""
    return model.PUBLIC and any(split(path)[0] not in model.STAFF_ONLY for path in paths)
