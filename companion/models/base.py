"""What every table shares, and what every synced record shares."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, get_args, get_type_hints

from pydantic import Field, TypeAdapter
from sqlalchemy import JSON, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Texts = dict[str, str]
"""One text in several languages: `{"fr": …, "ar": …}`; a language without text has no key."""

Code = Annotated[str, mapped_column(String(20)), Field(max_length=20)]
Line = Annotated[str, mapped_column(String(300)), Field(max_length=300)]
MAX_TEXT = 3000
"""Characters of one text in one language; longer ones are refused where they are typed or imported."""

Moment = Annotated[str, mapped_column(String(30)), Field(max_length=30)]
RecordId = Annotated[str, mapped_column(String(36)), Field(max_length=36)]
Metres = Annotated[float, Field(allow_inf_nan=False, ge=-10_000, le=10_000)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Base(DeclarativeBase):
    """The declarative base of all tables; a plain one, so that type checkers see the columns."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Texts: JSON,
        dict[str, Any]: JSON,
        dict[str, int]: JSON,
        dict[str, str | None]: JSON,
        list[str]: JSON,
        list[Texts]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Synced:
    """A record that is only ever changed by edits of the log (`companion.sync.log`).

    `stamps` holds, per field, the stamp of the edit whose value the record shows. A translated text is one
    column and one field per language: column `name`, fields `name.fr`, `name.ar`, … so that two people who
    write two languages never collide.
    """

    KIND: ClassVar[str]
    STAFF_ONLY: ClassVar[frozenset[str]] = frozenset()
    OWN_TOO: ClassVar[frozenset[str]] = frozenset()
    """Of the `STAFF_ONLY` fields, those that the exhibitor they are about reads as well."""
    PUBLIC: ClassVar[bool] = True
    """Whether visitors see records of this kind (all fields but the `STAFF_ONLY` ones)."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    deleted: Mapped[bool] = mapped_column(default=False)
    stamps: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class Personal(Synced):
    """A record about a person, who may have it erased (law 09-08); `companion.sync.erasure` says how.

    Of an erased record every column is at its default, but `deleted`, `erased` and the fields in `KEPT`, which
    say nothing about the person.
    """

    KEPT: ClassVar[frozenset[str]] = frozenset()

    erased: Mapped[bool] = mapped_column(default=False)


NO_FIELDS = ("id", "stamps", "erased")
"""Columns that edits do not set; erasing is an edit of its own kind."""


def fields_of(model: type[Synced]) -> dict[str, TypeAdapter[Any]]:
    """The columns of a synced record that edits may set, each with the validator of its values."""
    if model.KIND not in _fields:
        own = {name: hint for base in reversed(model.__mro__) for name, hint in _mapped_hints(base).items()}
        _fields[model.KIND] = {name: TypeAdapter(hint) for name, hint in own.items() if name not in NO_FIELDS}
    return _fields[model.KIND]


def texts_of(model: type[Synced]) -> frozenset[str]:
    """The names of a record's translated texts."""
    if model.KIND not in _texts:
        hints = [pair for base in model.__mro__ for pair in _mapped_hints(base).items()]
        _texts[model.KIND] = frozenset(name for name, hint in hints if hint == Texts and name != "stamps")
    return _texts[model.KIND]


_fields: dict[str, dict[str, TypeAdapter[Any]]] = {}
_texts: dict[str, frozenset[str]] = {}


def _mapped_hints(base: type) -> dict[str, Any]:
    if base is object or base is Base:
        return {}
    hints = get_type_hints(base, include_extras=True)
    own = vars(base).get("__annotations__", {})
    return {
        name: get_args(hints[name])[0]
        for name in own
        if name in hints and getattr(hints[name], "__origin__", None) is Mapped
    }
