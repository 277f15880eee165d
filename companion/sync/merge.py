"""Merging an edit into its record: per field, the later stamp wins.

The order on edits of one field is (stamp, value as canonical JSON). Stamps of honest nodes never tie; with
the value as second key a forged tie is still settled alike on every node.
"""

from __future__ import annotations

import json
from typing import Any

from companion.languages import LANGUAGES
from companion.models import KINDS, MAX_TEXT, Synced, fields_of, texts_of
from companion.sync.edits import Edit
from companion.sync.problems import Problem

_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def split(path: str) -> tuple[str, str]:
    """Split a field path into column and language: `name.fr` → (`name`, `fr`), `phones` → (`phones`, ``)."""
    return _KNOWN_PATHS.get(path) or _parted(path)


def _parted(path: str) -> tuple[str, str]:
    column, _, lang = path.partition(".")
    return column, lang


_COLUMNS = {column for model in KINDS.values() for column in fields_of(model)}
_TEXTS = {column for model in KINDS.values() for column in texts_of(model)}
_KNOWN_PATHS = {path: _parted(path) for path in _COLUMNS | {f"{text}.{lang}" for text in _TEXTS for lang in LANGUAGES}}
"""The paths of our own records, asked for a million times in an import; a stranger's are parted each time."""


def value_of(record: Synced, path: str) -> Any:
    """Return what a record holds at a field path; None for a language without text."""
    column, lang = split(path)
    value = getattr(record, column)
    return value.get(lang) if lang else value


def canonical(value: Any) -> str:
    """Write a value as JSON that is equal exactly for equal values."""
    return _as_json(value)


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are written alike; quicker than `canonical` twice."""
    if type(one) is type(other) and (isinstance(one, str | int | None) or one in ([], {})):
        return bool(one == other)
    return canonical(one) == canonical(other)


def normal(model: type[Synced], path: str, value: Any) -> Any:
    """Return `value` as the database gives it back (a whole number of metres as a float, say)."""
    column, lang = split(path)
    if lang or value is None or isinstance(value, str):
        return value
    return fields_of(model)[column].validate_python(value, strict=True)


def merge(record: Synced, edit: Edit) -> None:
    """Take over every field of `edit` that is later than what `record` holds."""
    stamps = dict(record.stamps)
    later: dict[str, Any] = {}
    for path, written in edit.fields.items():
        value, was = normal(type(record), path, written), stamps.get(path, "")
        if edit.stamp < was or (edit.stamp == was and canonical(value) <= canonical(value_of(record, path))):
            continue
        column, lang = split(path)
        later[column] = _said(later.get(column, getattr(record, column)), lang, value) if lang else value
        stamps[path] = edit.stamp
    for column, value in later.items():
        setattr(record, column, value)
    record.stamps = stamps


def new_record(model: type[Synced], record_id: str) -> Synced:
    """Return an empty record with every column at its default, ready to merge into."""
    return model(**defaults_of(model) | {"id": record_id})


def defaults_of(model: type[Synced]) -> dict[str, Any]:
    """Return what an empty record holds, by column; without its `id`."""
    return {
        column.key: column.default.arg({}) if column.default.is_callable else column.default.arg
        for column in model.__table__.columns  # type: ignore[attr-defined]
        if column.default is not None
    }


def empty_row(model: type[Synced]) -> dict[str, Any]:
    """Return what an empty record holds, in every column."""
    columns = model.__table__.columns.keys()  # type: ignore[attr-defined]
    return dict.fromkeys(columns) | defaults_of(model)


def begun(model: type[Synced], edit: Edit) -> dict[str, Any]:
    """Return a new record as its first edit makes it, by column: what `merge` makes of an empty one.

    The edit's values are as `fitting` returns them.
    """
    row = empty_row(model)
    for path, value in edit.fields.items():
        column, lang = split(path)
        row[column] = _said(row[column], lang, value) if lang else value
    return row | {"id": edit.record, "stamps": dict.fromkeys(edit.fields, edit.stamp)}


def problem_with(model: type[Synced], path: str, value: Any) -> Problem | None:
    """Say what is wrong with setting `path` of a record to `value`; None when nothing is."""
    return fitting(model, path, value)[1]


def fitting(model: type[Synced], path: str, value: Any) -> tuple[Any, Problem | None]:
    """Return `value` as the database gives it back (see `normal`), and what is wrong with setting `path` to it."""
    column, lang = split(path)
    adapter = fields_of(model).get(column)
    is_text = column in texts_of(model)
    if adapter is None or is_text != bool(lang):
        return value, Problem("field_unknown", path)
    if _storable(value):
        if not is_text:
            try:
                return adapter.validate_python(value, strict=True), None
            except ValueError:
                return value, Problem("value_wrong", path)
        if value is None or _is_text(lang, value):
            return value, None
    return value, Problem("value_wrong", path)


def _is_text(lang: str, value: Any) -> bool:
    return lang.isalpha() and len(lang) <= 3 and isinstance(value, str) and 0 < len(value) <= MAX_TEXT


def _storable(value: Any) -> bool:
    """PostgreSQL stores no NUL, UTF-8 no half of a surrogate pair."""
    if value is None or isinstance(value, int) or (isinstance(value, str) and value.isprintable()):
        return True
    if isinstance(value, list) and all(isinstance(one, str) and one.isprintable() for one in value):
        return True
    try:
        written = canonical(value).encode()
    except (ValueError, TypeError, RecursionError):
        return False
    return b"\\u0000" not in written


def _said(texts: dict[str, str], lang: str, text: str | None) -> dict[str, str]:
    """Return the texts with another in one language, or without one in it; in the order they were written."""
    others = {key: other for key, other in texts.items() if key != lang}
    return others if text is None else others | {lang: text}
