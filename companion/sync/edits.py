"""The form of an edit, and of what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from companion.sync.stamps import STAMP


def _plain(value: str) -> str:
    return str(UUID(value))


Uuid = Annotated[str, StringConstraints(max_length=36), AfterValidator(_plain)]
Stamp = Annotated[str, StringConstraints(pattern=STAMP.pattern, max_length=64)]


class Edit(BaseModel):
    """One change of one record, as it travels (design §2).

    `fields` maps field paths (`phones`, `name.fr`) to new values; `base` maps the same paths to the stamp of
    the value the author saw, or None. Edits made in one go share an `act`. `author` and `role` are set by the
    server that first took the edit. `secret` shows that a visitor who takes a request back is who left it: it is
    checked where the edit arrives, kept nowhere and never exchanged.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: Uuid
    kind: Annotated[str, StringConstraints(max_length=20)]
    record: Uuid
    stamp: Stamp
    fields: Annotated[dict[str, Any], Field(min_length=1, max_length=100)]
    base: dict[str, Stamp | None] = {}
    settles: Annotated[list[Uuid], Field(max_length=50)] = []
    act: Uuid | Literal[""] = ""
    author: Annotated[str, StringConstraints(max_length=100)] = ""
    role: Annotated[str, StringConstraints(max_length=20)] = ""
    secret: Annotated[str, StringConstraints(max_length=100), Field(repr=False)] = ""


@dataclass(frozen=True)
class Author:
    """Who writes or reads: a name for the audit trail (`staff:amina`, `import:list.xlsx`), the role that decides
    rights, of an exhibitor the public code, which never changes, and of another server the kinds of record it
    is trusted with (none named: all).
    """

    name: str
    role: str
    exhibitor: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What somebody wants a record to become: field paths and values; made into an edit by `log.write`."""

    kind: str
    record: str
    fields: dict[str, Any]


State = Literal["applied", "duplicate", "conflict", "refused"]


@dataclass(frozen=True)
class Outcome:
    """What became of one edit; when it was refused, `problem` is the code of `sync.problems` and `field` where."""

    id: str
    state: State
    problem: str = ""
    field: str = ""


@dataclass(frozen=True)
class Applied:
    """The node's position after a batch, and one outcome per edit, in the order sent."""

    seq: int
    outcomes: list[Outcome]
