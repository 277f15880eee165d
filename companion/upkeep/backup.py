"""A backup is one file with every row of every table, readable by either database.

It is taken inside one transaction, which sees the database as it was at its beginning while others go on
writing. The same file moves a fair from SQLite to PostgreSQL and back. It holds everything there is to protect:
visitors' requests, hashes of passwords, keys of other servers. Pictures are in it, the key in
`instance/secret_key` is not: who restores elsewhere signs in again.

Form: gzip; one JSON value a line: what it is, then for each table its name with its columns and its rows, then how
many rows there were, without which the file is not whole.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, text

from companion.models import Base
from companion.private_files import write_private

FORM = 1
AT_ONCE = 500
VERSION = "alembic_version"
LAST = "last_backup"


class NoBackup(ValueError):
    """A file that cannot be restored, or a database it must not be restored into; the message says what to do."""


def write_backup(engine: Engine, path: Path) -> int:
    """Write a backup and return how many rows it has. The file is there whole or not at all, for its owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    rows = 0
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8", compresslevel=6) as file, _snapshot(engine) as connection:
            revision = connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar_one()  # noqa: S608
            _line(file, {"rafiq": FORM, "revision": revision})
            for table in Base.metadata.sorted_tables:
                _line(file, {"table": table.name, "columns": [column.name for column in table.columns]})
                for row in connection.execution_options(yield_per=AT_ONCE).execute(select(table)):
                    _line(file, [_plain(value) for value in row])
                    rows += 1
            _line(file, {"rows": rows})
        raw.flush()
        os.fsync(raw.fileno())
    draft.replace(path)
    return rows


def note_backup(instance: Path, path: Path) -> None:
    """Keep where the last backup was written, for `doctor`, which looks at that disk too."""
    write_private(instance / LAST, f"{path.resolve()}\n".encode())


def last_backup(instance: Path) -> Path | None:
    """Return where the last backup of this instance was written; None when none was."""
    kept = instance / LAST
    return Path(kept.read_text().strip()) if kept.is_file() else None


def restore_backup(
    engine: Engine, path: Path, revisions: Collection[str], upgrade: Callable[[str], None], *, replace: bool = False
) -> int:
    """Put a backup into an empty database and return how many rows it had.

    `upgrade` brings the tables to one of the `revisions`: that of the backup, then the newest. With `replace`, what
    is in the database goes. The file is read whole first, so that a damaged one destroys nothing. Raises NoBackup.
    """
    revision, rows = _check(path)
    if revision not in revisions:
        raise NoBackup("this backup was made by a newer release; update this server first")
    if inspect(engine).has_table("log_head"):
        with engine.connect() as connection:
            if not replace and connection.execute(text("SELECT COUNT(*) FROM log")).scalar_one():
                raise NoBackup("this database has a fair in it; --replace takes it away first")
    _drop_everything(engine)
    upgrade(revision)
    with engine.begin() as connection:
        _fill(connection, path)
    upgrade("head")
    return rows


def _snapshot(engine: Engine) -> Connection:
    """Return a connection that sees one moment: SQLite's transactions do, of PostgreSQL's those that ask for it."""
    connection = engine.connect()
    if engine.dialect.name != "sqlite":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _check(path: Path) -> tuple[str, int]:
    """Read a backup through and return its revision and how many rows it has."""
    count, told, revision = 0, -1, ""
    try:
        for value in _lines(path):
            if isinstance(value, list):
                count += 1
            elif "rafiq" in value:
                revision = value["revision"] if value["rafiq"] == FORM else ""
            told = value.get("rows", told) if isinstance(value, dict) else told
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise NoBackup(f"this backup cannot be read ({error})") from None
    if not revision or count != told:
        raise NoBackup("this is no whole backup of Rafiq")
    return revision, count


def _fill(connection: Connection, path: Path) -> None:
    """Insert all rows. The tables are taken as they are in the database: of the backup's revision, not the models'."""
    tables = MetaData()
    tables.reflect(connection)
    table, columns = next(iter(tables.tables.values())), [""]
    waiting: list[dict[str, Any]] = []
    for value in _lines(path):
        if isinstance(value, list):
            waiting.append({name: _typed(table, name, one) for name, one in zip(columns, value, strict=True)})
        if waiting and (isinstance(value, dict) or len(waiting) == AT_ONCE):
            connection.execute(insert(table), waiting)
            waiting = []
        if isinstance(value, dict) and "table" in value:
            table, columns = tables.tables[value["table"]], value["columns"]
    _count_on(connection)


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name))):
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest, False)))


def _drop_everything(engine: Engine) -> None:
    tables = MetaData()
    tables.reflect(engine)
    tables.drop_all(engine)


def _lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _line(file: Any, value: Any) -> None:
    file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _typed(table: Table, name: str, value: Any) -> Any:
    if value is None:
        return None
    kind = table.columns[name].type.python_type
    if kind is datetime:
        return datetime.fromisoformat(value)
    return base64.b64decode(value["base64"]) if kind is bytes else value
