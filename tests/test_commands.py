"""What the commands print, for people at a terminal and for programs."""

from __future__ import annotations

import json
from pathlib import Path

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
