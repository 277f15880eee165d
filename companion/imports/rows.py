"""Reading the cells of a row one by one, noting what is wrong with each and going on with the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from companion.imports import cells
from companion.imports.problems import Unreadable
from companion.imports.read import Cell
from companion.imports.tables import Row
from companion.models import MAX_TEXT

Value = TypeVar("Value")

MAX_NAME = 300
LANGUAGE_OF = {"arabic": "ar", "tifinagh": "zgh"}
SCRIPT_OF = {"ar": "arabic", "zgh": "tifinagh"}


def read(row: Row, path: str, reader: Callable[[Cell], Value]) -> Value | None:
    """Return what `reader` makes of a cell; None when it is empty or unreadable, which is noted."""
    cell = row.cell(path)
    if cell is None:
        return None
    if row.formula(path):
        row.find("formula_value", path)
    try:
        return reader(cell)
    except Unreadable as error:
        row.find(error.problem, path, **error.parameters)
        if not error.value:
            row.unread.add(path)
        return error.value  # type: ignore[no-any-return]


def line(row: Row, path: str, limit: int = MAX_NAME) -> str:
    """Return a text in no particular language; empty when there is none."""
    return read(row, path, lambda cell: cells.text(cell, limit)) or ""


def texts(row: Row, name: str, limit: int = MAX_TEXT, *, needed: bool = False) -> dict[str, str | None]:
    """Return a text in every language that has a column, as `{"name.fr": …, "name.ar": None}`.

    A text in the French column that is in Arabic or Tifinagh goes to its own language; in the columns of
    those two, other scripts are left out.
    """
    found: dict[str, str | None] = {}
    for path in row.paths(name):
        language = path.partition(".")[2]
        text = line(row, path, limit) or None
        script = cells.script_of(text) if text else ""
        if text and language in SCRIPT_OF and script != SCRIPT_OF[language]:
            row.find("wrong_script", path)
            row.unread.add(path)
            text = None
        if text and language == "fr" and script in LANGUAGE_OF:
            found[f"{name}.{LANGUAGE_OF[script]}"], text = text, None
        found[path] = text or found.get(path)
    _note_missing(row, name, found, needed)
    return found


SOURCES = {
    "zone": {"zone", "sector"}, "province": {"province", "commune"}, "commune_text": {"commune"},
    "commune": {"commune", "province"}, "women_led": {"women_led", "women"},
}  # fmt: skip
"""The columns a field is told from, where it is not the one of its own."""


DEFAULTED = frozenset({"available", "status"})
"""Fields that an empty cell gives a value."""
_EMPTY: tuple[object, ...] = (None, "", [], False)


def known(row: Row, fields: dict[str, Value]) -> dict[str, Value]:
    """Leave out the fields whose cells could not be read, so that the record keeps what it has there.

    A cell that only looks empty must not empty a field.
    """
    if not row.unread and not row.blank:
        return fields
    unread, blank = ({path.partition("#")[0] for path in paths} for paths in (row.unread, row.blank))

    def is_known(path: str, value: Value) -> bool:
        sources = SOURCES.get(path, {path})
        empties = (path in DEFAULTED or value in _EMPTY) and sources & blank
        return path == "code" or not (empties or sources & unread)

    return {path: value for path, value in fields.items() if is_known(path, value)}


def _note_missing(row: Row, name: str, found: dict[str, str | None], needed: bool) -> None:
    columns = row.paths(name)
    first = f"{name}.fr" if f"{name}.fr" in columns else next(iter(columns), f"{name}.fr")
    ours = row.cell("exhibitor_code") or ("number" in row and row.cell("code"))  # a list that Rafiq wrote
    if needed and row.cell(first) is None and not (ours and any(found.values())):
        row.find("missing_name", first)
    arabic = f"{name}.ar"
    if found.get(f"{name}.fr") and arabic in columns and row.cell(arabic) is None:
        row.find("missing_arabic", arabic)
