"""The commands about the other servers of the fair: `flask --app app sync …`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from companion.extensions import db
from companion.models import Node
from companion.nodes.carried import Unreadable, export_file, import_file
from companion.nodes.exchange import Exchanged, Refused, Unreached, exchange, note_problem
from companion.nodes.identity import rename_log, reread_all
from companion.nodes.link import HttpLink
from companion.nodes.loop import keep_company
from companion.nodes.peers import add_node, callable_nodes, known_nodes, revoke_node
from companion.sync.log import log_name

sync_commands = AppGroup("sync", help="Exchange with the other servers of the fair.")


@sync_commands.command("add")
@click.argument("name")
@click.option("--address", default="", help="Where this server calls it.  [default: it calls this one]")
@click.option("--key", default="", help="The key the other server printed; asked for when it is needed.")
@click.option(
    "--kind", "kinds", multiple=True, help="A kind of record it may bring and get; again for more.  [default: all]"
)
def sync_add(name: str, address: str, key: str, kinds: tuple[str, ...]) -> None:
    """Add the server NAME. The first of two prints a key, the second is given it."""
    if address and not key:
        key = click.prompt("Key", hide_input=True)
    try:
        made = add_node(db.session(), name, address, key, kinds)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo(f"Added: {name}" if key else f"{name}  {made}")


@sync_commands.command("list")
def sync_list() -> None:
    """List the other servers: how far each has read this one's log, when it was last seen, what is wrong."""
    click.echo(f"This server is {log_name(db.session())}.")
    for node in known_nodes(db.session()):
        words = [node.name, node.address or "calls here", f"read {node.got}", f"was read {node.theirs}"]
        click.echo("\t".join([*words, node.seen or "never seen", node.problem or "well"]))


@sync_commands.command("revoke")
@click.argument("name")
def sync_revoke(name: str) -> None:
    """Forget the server NAME and its key. What it brought stays."""
    try:
        revoke_node(db.session(), name)
    except LookupError as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo(f"Revoked: {name}")


@sync_commands.command("rename")
def sync_rename() -> None:
    """Give this server's log a new name, where another server has its name, or after its database was copied or set
    back by other means than `restore`. All is exchanged from the start then, both ways; nothing comes twice.
    """
    name = rename_log(db.session())
    reread_all(db.session())
    db.session.commit()
    click.echo(f"This server is now {name}.")


@sync_commands.command("pull")
@click.argument("name", default="")
def sync_pull(name: str) -> None:
    """Get what the server NAME has (or all that have an address)."""
    _each(name, pull=True, push=False)


@sync_commands.command("push")
@click.argument("name", default="")
def sync_push(name: str) -> None:
    """Give the server NAME what it lacks (or all that have an address)."""
    _each(name, pull=False, push=True)


@sync_commands.command("exchange")
@click.argument("name", default="")
def sync_exchange(name: str) -> None:
    """Pull and push, once."""
    _each(name, pull=True, push=True)


@sync_commands.command("run")
def sync_run() -> None:
    """Exchange with every server that has an address, over and over, until stopped."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    keep_company(lambda: _called(app), lambda name: _turn(app, name), stop)


@sync_commands.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--to", "name", default="", help="The server it is for.  [default: the only one there is]")
@click.option("--all", "everything", is_flag=True, help="Also what the other is known to have.")
def sync_export(file: Path, name: str, everything: bool) -> None:
    """Write FILE, to be carried to another server where no line goes."""
    known = [node.name for node in known_nodes(db.session())]
    if not name and len(known) == 1:
        [name] = known
    if name not in known:
        raise click.ClickException(f"Say for which server with --to; known are: {', '.join(known) or 'none'}.")
    release = current_app.extensions["release"].name
    done = export_file(db.session(), name, file, release, everything=everything)
    click.echo(f"For {name}: {done.pushed} edits in {file}. Only {name} can read it.")


@sync_commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def sync_import(file: Path) -> None:
    """Take what another server wrote to FILE; again, or in another order, does no harm."""
    try:
        name, done = import_file(db.session(), file)
    except (Refused, Unreadable) as error:
        raise click.ClickException(str(error)) from None
    click.echo(_said(name, done))


def _called(app: Flask) -> set[str] | None:
    """Return the servers that are called at this moment; None while the database is away."""
    with app.app_context():
        try:
            return {node.name for node in known_nodes(db.session()) if node.address}
        except SQLAlchemyError:
            app.logger.exception("the list of servers")
            return None


def _turn(app: Flask, name: str) -> Callable[[], bool]:
    """Return a function that exchanges once with a server in a context of its own and tells whether it went well."""

    def attempt() -> bool:
        with app.app_context():
            try:
                done = _exchange(name)
            except (Refused, Unreached) as error:
                app.logger.warning("%s: %s", name, error)
                return False
            except Exception:
                app.logger.exception("%s", name)
                return False
        if done != Exchanged(untaken=done.untaken):
            app.logger.warning("%s", _said(name, done))
        return True

    return attempt


def _each(name: str, *, pull: bool, push: bool) -> None:
    failed = False
    for each in _names(name):
        try:
            click.echo(_said(each, _exchange(each, pull=pull, push=push)))
        except (Refused, Unreached) as error:
            click.echo(f"{each}: {error}", err=True)
            failed = True
    if failed:
        raise SystemExit(1)


def _names(name: str) -> list[str]:
    try:
        return callable_nodes(db.session(), name)
    except LookupError as error:
        raise click.ClickException(str(error)) from None


def _exchange(name: str, *, pull: bool = True, push: bool = True) -> Exchanged:
    session = db.session()
    node = session.get_one(Node, name)
    link = HttpLink(node.address, node.key)
    try:
        return exchange(session, name, link, current_app.extensions["release"].name, pull=pull, push=push)
    except Exception as error:
        note_problem(session, name, str(error) or type(error).__name__)
        raise


def _said(name: str, done: Exchanged) -> str:
    said = f"{name}: {done.pulled} edits came, {done.pushed} went"
    said += f", {done.accounts} accounts" if done.accounts else ""
    said += f", {done.pictures} pictures" if done.pictures else ""
    return f"{said}; {done.untaken} cannot be taken yet" if done.untaken else said
