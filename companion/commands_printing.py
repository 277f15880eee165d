"""The commands that print: `flask --app app posters`, `cards`, `papers`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from companion.accounts.access import BY_COMMAND, card_state, give_cards
from companion.catalogue.index import Catalogue
from companion.catalogue.published import Shelf
from companion.extensions import db
from companion.printing.cards import access_card, access_cards, exhibitors_with_booths
from companion.printing.kinds import KINDS, NothingToPrint, ready
from companion.printing.posters import PAPERS, booth_posters, posters
from companion.printing.printed import posters_were_printed
from companion.printing.typeset import CONDITIONS, READERS, CodesUnread, Copy, typeset
from companion.private_files import write_private

OUT = click.argument("out", type=click.Path(dir_okay=False, writable=True, path_type=Path))


def register_printing_commands(app: Flask) -> None:
    """Give the app its commands that print."""
    for command in (posters_command, cards_command, papers_command):
        app.cli.add_command(command)


@click.command("posters")
@OUT
@click.option("--booth", default="", help="Only this booth.")
@click.option("--paper", type=click.Choice(sorted(PAPERS)), default="a5", show_default=True)
@with_appcontext
def posters_command(out: Path, booth: str, paper: str) -> None:
    """Write the posters that stand on the booths as a PDF."""
    catalogue, base_url = _catalogue(), _base_url()
    chosen = booth_posters(catalogue, base_url, booth)
    if not chosen:
        raise click.ClickException(f"There is no booth {booth}." if booth else "The plan has no booths.")
    _hand_out(out, posters(catalogue, chosen, paper), f"{len(chosen)} posters, {paper.upper()}")
    posters_were_printed(db.session(), (poster.booth for poster in chosen))
    db.session.commit()


@click.command("cards")
@OUT
@click.option("--exhibitor", default="", help="Only this exhibitor, by booth or code: a new card; the old one ends.")
@click.option("--again", is_flag=True, help="New cards for everybody; all old ones end.")
@with_appcontext
def cards_command(out: Path, exhibitor: str, again: bool) -> None:
    """Write access cards as a PDF: for all exhibitors that have none yet. Keep the file safe, and not for long."""
    session, base_url = db.session(), _base_url()
    chosen = exhibitors_with_booths(session, exhibitor)
    if not chosen:
        raise click.ClickException(f"There is no exhibitor {exhibitor}." if exhibitor else "There are no exhibitors.")
    if not exhibitor and not again:
        chosen = [
            (row, booth) for row, booth in chosen if not ((state := card_state(session, row.id)) and not state.revoked)
        ]
    if not chosen:
        raise click.ClickException("Everybody has a card. --again makes new ones, and all old ones end.")
    secrets = give_cards(session, [row.id for row, _booth in chosen], BY_COMMAND)
    cards = [access_card(base_url, row, booth, secret) for (row, booth), secret in zip(chosen, secrets, strict=True)]
    _hand_out(out, access_cards(cards, current_app.config["LANGUAGES"]), f"{len(cards)} access cards")
    out.chmod(0o600)
    session.commit()


@click.command("papers")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@OUT
@click.option("--which", default="", help="Only this booth, exhibitor (code or booth), zone or day (2027-07-03).")
@click.option("--paper", default="", help="The paper's size, a1 to a6.  [default: the usual one]")
@with_appcontext
def papers_command(kind: str, out: Path, which: str, paper: str) -> None:
    """Write any paper of the print kit as a PDF: KIND is what it is."""
    try:
        copy = ready(KINDS[kind], _catalogue(), _base_url(), which, paper)
    except NothingToPrint:
        raise click.ClickException(f"There is nothing to print of {which or kind}.") from None
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    _hand_out(out, copy, kind)


def _hand_out(out: Path, copy: Copy, what: str) -> None:
    """Write a paper when all its codes could be read again, and say what was checked and what it cannot show."""
    try:
        paper = typeset(copy)
    except CodesUnread as error:
        for failure in error.check.failures:
            click.echo(f"page {failure.page + 1}: {failure.reader} did not read a code ({failure.how})", err=True)
        raise click.ClickException(f"Not written: {error}.") from None
    write_private(out, paper.pdf)
    click.echo(f"{out}: {what}")
    if paper.check.codes:
        click.echo(
            f"{paper.check.codes} codes read by {' and '.join(READERS)} ({', '.join(CONDITIONS)}): "
            f"{paper.check.readings} readings, all right"
        )
    for problem in paper.problems:
        said = "letters no font has" if problem.what == "letters" else "too long, millimetres high"
        click.echo(f"{problem.of} {problem.field}: {said}: {problem.detail}: {problem.text}", err=True)


def _catalogue() -> Catalogue:
    shelf: Shelf = current_app.extensions["shelf"]
    return shelf.newest(db.session()).catalogue


def _base_url() -> str:
    base_url: str = current_app.config["BASE_URL"]
    if not base_url:
        raise click.ClickException("Set COMPANION_BASE_URL to the address the QR codes should carry.")
    return base_url
