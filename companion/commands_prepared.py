"""Every command but those that prepare a database says in words when the database is not prepared or not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from companion.extensions import db
from companion.models import LogHead

FREE = ("prepare", "restore", "doctor", "db", "run", "shell", "routes", "spec")
"""Commands that prepare a database, examine it, or do without one."""

NOT_PREPARED = (
    "The database is not prepared. Run `flask --app app prepare --empty`; without --empty, with the demo fair."
)


def require_prepared(app: Flask) -> None:
    """Have each command look whether the database is prepared before it begins."""
    for name, command in app.cli.commands.items():
        if name not in FREE:
            _guard(command)


def _guard(command: click.Command) -> None:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _guard(inner)
    elif command.callback and not hasattr(command.callback, "__prepared__"):
        command.callback = _guarded(command.callback)


def _guarded(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*args: Any, **options: Any) -> Any:
        context = click.get_current_context().find_object(object)
        with _app_of(context).app_context():
            _refuse_unprepared()
        return callback(*args, **options)

    run.__prepared__ = True  # type: ignore[attr-defined]  # commands are shared by all apps of a process
    return run


def _app_of(info: Any) -> Flask:
    app: Flask = info.load_app()
    return app


def _refuse_unprepared() -> None:
    try:
        head = db.session.get(LogHead, 1)
    except ProgrammingError:
        head = None
    except OperationalError as error:
        if "no such table" not in str(error.orig):
            address = db.engine.url.render_as_string(hide_password=True)
            current_app.logger.debug("The database says: %s", error.orig)
            raise click.ClickException(f"The database {address} cannot be opened: {error.orig}") from None
        head = None
    finally:
        db.session.remove()
    if head is None:
        raise click.ClickException(NOT_PREPARED)
