"""What the commands print, for people at a terminal and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import xlsxwriter
from flask import Flask

BROKEN = str(Path(__file__).parent / "data/exhibitors_broken.xlsx")


def printed(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=["import", BROKEN, *words])
    assert result.exit_code == 1
    return result.output


def test_what_an_import_found_is_told_in_the_fairs_language_or_another(app: Flask) -> None:
    assert "Le nom manque" in printed(app)
    assert "The name is missing." in printed(app, "--lang", "en")
    notes = [finding["note"] for finding in json.loads(printed(app, "--json", "--lang", "ar"))["errors"]]
    assert notes
    assert not [note for note in notes if "%(" in note]
    assert all(any("\u0600" <= letter <= "\u06ff" for letter in note) for note in notes)


def test_what_is_hidden_is_left_out_when_asked(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Exposants")
        for at, row in enumerate((["N°", "Nom", "Type"], ["9901", "Un", "coop"], ["9902", "Deux", "coop"])):
            sheet.write_row(at, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
    for words, new in (((), 2), (("--skip-hidden",), 1)):
        result = app.test_cli_runner().invoke(args=["import", str(path), "--dry-run", "--json", *words])
        assert result.exit_code == 0, result.output
        assert json.loads(result.output)["counts"]["exhibitor"]["new"] == new
