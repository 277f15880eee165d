"""Edits as visitors' phones make them, for tests."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from companion.sync.edits import Change
from companion.sync.log import write
from companion.sync.requests import record_of
from companion.sync.stamps import next_stamp
from tests.test_sync_log import EDITOR, NOW, Session

HONEY = "K7M2P"
GONE = "X1Y2Z"

_secrets: dict[str, str] = {}


def own_record() -> str:
    """The id of a request whose secret this phone keeps: `withdrawal` and `erasure` show it."""
    secret = str(uuid4())
    _secrets[record_of(secret)] = secret
    return record_of(secret)


def make_request(record: str = "", **fields: Any) -> dict[str, Any]:
    """A valid contact request; `fields` add to it, replace, or take away with `...`."""
    content = {
        "exhibitor": HONEY, "wants": "price", "name": "Fatima Zahra", "phone": "+212600000001",
        "message": "Trois pots, s'il vous plaît", "products": [{"name": "Miel de thym", "quantity": 3, "unit": "kg"}],
        "lang": "fr", "consent": "1", "at": "2027-07-03T10:05:00.000Z",
    }  # fmt: skip
    return make_edit(
        "request", record or own_record(), {name: v for name, v in (content | fields).items() if v is not ...}
    )


def make_tally(**fields: Any) -> dict[str, Any]:
    content = {"exhibitor": HONEY, "day": "2027-07-03", "what": "scan", "count": 1}
    return make_edit("tally", "", content | fields)


def make_edit(kind: str, record: str, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "kind": kind, "record": record or str(uuid4()),
        "stamp": next_stamp("phone7f3a", NOW, []), "fields": fields, "base": dict.fromkeys(fields),
    } | more  # fmt: skip


def withdrawal(record: str) -> dict[str, Any]:
    return make_edit("request", record, {"withdrawn": True}, **_shown(record))


def erasure(record: str) -> dict[str, Any]:
    return make_edit("erase", record, {"kind": "request"}, base={}, **_shown(record))


def _shown(record: str) -> dict[str, str]:
    return {"secret": _secrets[record]} if record in _secrets else {}


def open_fair(session: Session) -> None:
    """Give an empty node two exhibitors, one of which has withdrawn."""
    names = {HONEY: False, GONE: True}
    changes = [
        Change("exhibitor", str(uuid4()), {"code": code, "name.fr": code, "withdrawn": gone})
        for code, gone in names.items()
    ]
    write(session, changes, EDITOR)
    session.commit()
