"""Every command on a database that is not there, empty, or upgraded but not prepared: words, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask_migrate import upgrade

from companion import create_app
from companion.commands_prepared import NOT_PREPARED
from companion.extensions import db
from companion.models import Fair
from tests.conftest import close

FREE = ("prepare", "restore", "doctor", "db", "run", "shell", "routes", "spec")
EXAMPLE = str(Path(__file__).parent.parent / "examples/fair.toml")


def leaves(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from leaves(inner, *path, name)
    elif path[0] not in FREE:
        yield path, command


def words_for(command: click.Command, folder: Path) -> list[str]:
    """Return arguments the command accepts: an example of each kind it asks for."""
    words: list[str] = []
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.required:
            continue
        if isinstance(parameter, click.Option):
            words.append(parameter.opts[0])
        kind = parameter.type
        if isinstance(kind, click.Choice):
            words.append(str(next(iter(kind.choices))))
        elif isinstance(kind, click.Path):
            words.append(EXAMPLE if kind.exists else str(folder / "out.xlsx"))
        else:
            words.append("https://hall.example" if parameter.name in ("url", "address") else "hall")
    return words


@pytest.fixture(params=["absent", "empty", "upgraded", "unreadable"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database nobody has prepared."""
    file = tmp_path / "rafiq.sqlite"
    if request.param == "unreadable":
        file = tmp_path / "nowhere" / "rafiq.sqlite"
    elif request.param == "empty":
        file.touch()
    app = create_app({"COMPANION_DATABASE_URL": f"sqlite:///{file}"}, tmp_path / "instance")
    if request.param == "upgraded":
        with app.app_context():
            upgrade()
    yield app
    close(app)


def test_every_command_says_in_words_that_nothing_is_prepared(bare: Flask, tmp_path: Path) -> None:
    commands = list(leaves(bare.cli))
    assert len(commands) > 15
    for path, command in commands:
        result = bare.test_cli_runner().invoke(args=[*path, *words_for(command, tmp_path)])
        assert isinstance(result.exception, SystemExit), (path, result.exception)
        assert NOT_PREPARED in result.output or "cannot be opened" in result.output, (path, result.output)


def test_a_database_prepared_empty_stays_without_the_demo_fair(
    tmp_path: Path, new_database: Callable[[str], str]
) -> None:
    app = create_app({"COMPANION_DATABASE_URL": new_database("sqlite")}, tmp_path)
    for words in (["prepare", "--empty"], ["import", str(Path(__file__).parent / "data/exhibitors_broken.xlsx")]):
        app.test_cli_runner().invoke(args=words)
    assert "demo" not in app.test_cli_runner().invoke(args=["prepare"]).output
    with app.app_context():
        assert db.session.query(Fair).count() == 0
    close(app)
