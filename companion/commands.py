"""The commands: `flask --app app …`. Each reads its words, calls one function of a subject, and prints."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from companion.accounts.people import add_staff, everybody, find_staff, give_role, reset
from companion.catalogue.published import Shelf
from companion.extensions import db
from companion.imports import import_file
from companion.imports.choices import Choices
from companion.imports.export import catalogue_csv, fair_workbook
from companion.languages import LANGUAGES, translations_for
from companion.models import ROLES, Fair, LogHead, Staff
from companion.sync.edits import Author
from companion.sync.log import name_node
from companion.sync.pictures import remove_never_named
from companion.sync.purge import purge_former_versions
from companion.sync.retention import erase_after, erase_record
from companion.upkeep.housekeeping import forget

EXAMPLES = Path(__file__).parent.parent / "examples"


def register_commands(app: Flask) -> None:
    """Give the app its commands."""
    commands = (import_command, export_command, prepare_command, staff_commands, erase_command, retention_command)
    for command in commands:
        app.cli.add_command(command)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--skip-hidden", is_flag=True, help="Leave out rows and sheets that are hidden or filtered out.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), help="The report's language.  [default: the fair's first]")
@with_appcontext
def import_command(file: Path, dry_run: bool, skip_hidden: bool, as_json: bool, lang: str | None) -> None:
    """Take over the fair's workbook (.xlsx, .xls, .ods) or the fair itself (.toml)."""
    gettext = translations_for(lang or current_app.config["LANGUAGES"][0]).gettext

    def translate(message: str, **parameters: str) -> str:
        return gettext(message) % parameters

    report = import_file(db.session(), file, dry_run=dry_run, choices=Choices(skip_hidden=skip_hidden))
    if report.applied:
        db.session.commit()
    else:
        db.session.rollback()
    said = json.dumps(report.as_json(translate), ensure_ascii=False, indent=1) if as_json else report.as_text(translate)
    click.echo(said)
    if report.refused:
        raise SystemExit(1)


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@with_appcontext
def export_command(file: Path) -> None:
    """Write the whole fair as its workbook (.xlsx), or the public catalogue (.csv, .json)."""
    shelf: Shelf = current_app.extensions["shelf"]
    if file.suffix.lower() == ".xlsx":
        file.write_bytes(fair_workbook(db.session()))
    elif file.suffix.lower() in (".csv", ".json"):
        snapshot = shelf.newest(db.session()).snapshot
        as_json = json.dumps(snapshot, ensure_ascii=False, indent=1).encode()
        file.write_bytes(catalogue_csv(snapshot) if file.suffix.lower() == ".csv" else as_json)
    else:
        raise click.ClickException("Name the file .xlsx for the whole fair, .csv or .json for the public catalogue.")
    click.echo(str(file))


@click.command("prepare")
@click.option("--empty", is_flag=True, help="For a fair of one's own: leave the demo fair out.")
@with_appcontext
def prepare_command(empty: bool) -> None:
    """Bring the database up to date; fill a new one with the demo fair and a first administrator.

    A database that has staff was prepared before, maybe with --empty: it stays without the demo fair.
    """
    upgrade()
    if db.session.get(LogHead, 1) is None:
        forget(current_app.config["DATABASE_FOLDER"])
    name_node(db.session(), current_app.config["NODE"])
    own = db.session.scalar(select(Staff).limit(1)) or db.session.scalar(select(Fair).limit(1))
    if not empty and own is None:
        for name in ("fair.toml", "exhibitors.xlsx"):
            from companion.imports import import_file

            report = import_file(db.session(), EXAMPLES / name)
            if not report.applied:
                raise click.ClickException(report.as_text())
        click.echo("Imported the demo fair from examples/.")
    if db.session.scalar(select(Staff).limit(1)) is None:
        password = add_staff(db.session(), "admin", "administrator", temporary=True)
        click.echo(f"Staff sign-in, shown only now:  admin  {password}")
    db.session.commit()


staff_commands = AppGroup("staff", help="The fair's staff.")


@staff_commands.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
def staff_add(name: str, role: str) -> None:
    """Add NAME to the staff and print the first password."""
    try:
        password = add_staff(db.session(), name, role, temporary=True)
    except ValueError as error:
        raise click.ClickException(NOT_ADDED[str(error)]) from None
    db.session.commit()
    click.echo(f"{name}  {password}")


@staff_commands.command("list")
def staff_list() -> None:
    """List the staff and their roles."""
    for person in everybody(db.session()):
        notes = ["codes"] * bool(person.codes) + ["first password"] * person.temporary
        click.echo("\t".join([person.name, person.role, *notes]))


@staff_commands.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def staff_role(name: str, role: str) -> None:
    """Give NAME another role."""
    try:
        give_role(db.session(), _person(name), role)
    except ValueError as error:
        raise click.ClickException(NOT_ADDED[str(error)]) from None
    db.session.commit()
    click.echo(f"{name}  {role}")


@staff_commands.command("reset")
@click.argument("name")
def staff_reset(name: str) -> None:
    """Print a new first password for NAME, end their sessions, and ask them for no codes."""
    password = reset(db.session(), _person(name))
    db.session.commit()
    click.echo(f"{name}  {password}")


def _person(name: str) -> Staff:
    person = find_staff(db.session(), name)
    if person is None:
        raise click.ClickException(f"There is no {name} on the list.")
    return person


NOT_ADDED = {
    "name_taken": "Somebody has this name already.",
    "name_wrong": "A name has letters, digits, spaces, dots and hyphens, 60 at most.",
    "last_administrator": "There must be an administrator. Make somebody else one first.",
}


OFFICE = Author("command:erase", "administrator")


@click.command("erase")
@click.argument("record")
@with_appcontext
def erase_command(record: str) -> None:
    """Erase what a person left: the request with the id RECORD, here and on every server it reached."""
    try:
        kind = erase_record(db.session(), record, OFFICE)
    except LookupError as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo(f"Erased: {kind} {record}")


@click.command("retention")
@with_appcontext
def retention_command() -> None:
    """Erase all requests when the time they may be kept is over, pictures nothing names, and what was erased before
    from the database's files; run it every night, before the backup.
    """
    days = current_app.config["RETENTION_DAYS"]
    try:
        erased = erase_after(db.session(), days, Author("command:retention", "administrator"))
    except LookupError as error:
        raise click.ClickException(str(error)) from None
    pictures = remove_never_named(db.session())
    db.session.commit()
    db.session.remove()
    if not purge_former_versions(db.engine):
        click.echo("What was erased is still in the database's -wal file: somebody reads it. Run this again.", err=True)
    if pictures:
        click.echo(f"Pictures that nothing names, removed: {pictures}")
    click.echo(f"Erased: {erased} (kept until {days} days after the fair's last day)")
