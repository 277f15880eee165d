"""The commands that keep a server well: `backup`, `restore`, `snapshot`, `doctor`."""

from __future__ import annotations

from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from companion.extensions import db
from companion.nodes.identity import rename_log
from companion.upkeep.backup import NoBackup, note_backup, restore_backup, write_backup
from companion.upkeep.doctor import examine
from companion.upkeep.housekeeping import forget
from companion.upkeep.snapshot import write_snapshot

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Write everything in the database to FILE while the fair goes on; guard it as you guard the database."""
    rows = write_backup(db.engine, file)
    note_backup(Path(current_app.instance_path), file)
    click.echo(f"{rows} rows in {file} ({file.stat().st_size / 1e6:.1f} MB)")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also into a database that has a fair in it: that one goes.")
@with_appcontext
def restore_command(file: Path, replace: bool) -> None:
    """Put the backup FILE into this server's database, with the servers stopped, and give its log a new name."""
    revisions = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    try:
        rows = restore_backup(db.engine, file, revisions, lambda one: upgrade(revision=one), replace=replace)
    except NoBackup as error:
        raise click.ClickException(str(error)) from None
    name = rename_log(db.session())
    db.session.commit()
    forget(current_app.config["DATABASE_FOLDER"])
    click.echo(f"{rows} rows restored. This server is now {name}, so that the others read it anew.")


@click.command("snapshot")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def snapshot_command(folder: Path) -> None:
    """Write everything visitors read to FOLDER, as files for a CDN."""
    base_url = current_app.config["BASE_URL"]
    if not base_url:
        raise click.ClickException("Set COMPANION_BASE_URL to the address visitors come to.")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    written = write_snapshot(app, base_url, folder)
    click.echo(f"{written.files} files in {folder}, {written.size / 1e6:.1f} MB as brotli, and the release's own.")


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Look at this deployment and say what is wrong and what to do; ends with 1 when something is wrong."""
    release = current_app.extensions["release"].name
    instance = Path(current_app.instance_path)
    findings = examine(db.session(), dict(current_app.config), instance, MIGRATIONS, release)
    marks = {"well": "  ok ", "look": "look ", "wrong": "WRONG"}
    for one in findings:
        click.echo(f"{marks[one.level]}  {one.about}: {one.said}" + (f"\n       {one.do}" if one.do else ""))
    if any(one.level == "wrong" for one in findings):
        raise SystemExit(1)
