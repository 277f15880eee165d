"""A server that was just set up: no fair yet, and somebody comes all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from companion import create_app
from companion.extensions import db
from tests.conftest import close
from tests.offices import signed_in


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("new")
    app = create_app({}, folder)
    result = app.test_cli_runner().invoke(args=["prepare", "--empty"])
    assert result.exit_code == 0, result.output
    yield app
    close(app)


@pytest.mark.parametrize(
    "path", ["/", "/fr/", "/b/A12", "/fr/exhibitors", "/fr/e/K7QX2/request", "/fr/manifest.webmanifest"]
)
def test_visitors_are_told_that_the_fair_is_not_here_yet(new: Flask, path: str) -> None:
    answer = new.test_client().get(path, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Le salon n'est pas encore ici" in answer.get_data(as_text=True).replace("&#39;", "'")
    arabic = new.test_client().get("/ar/map").get_data(as_text=True)
    assert '<html lang="ar" dir="rtl">' in arabic


def test_phones_are_told_to_ask_again(new: Flask) -> None:
    answer = new.test_client().get("/api/catalogue")
    assert (answer.status_code, answer.json) == (503, {"message": "There is no fair on this server yet."})
    assert new.test_client().get("/healthz").json["status"] == "ok"


def test_every_page_of_the_office_opens_without_a_fair(new: Flask) -> None:
    """The first administrator comes to import it."""
    with new.app_context():
        client = signed_in(new, db.session(), "administrator")
    paths = [rule.rule for rule in new.url_map.iter_rules() if rule.rule.startswith("/staff") and not rule.arguments]
    shown = {path: client.get(path).status_code for path in paths if path != "/staff/sign-out"}
    broken = {path: status for path, status in shown.items() if status not in (200, 302, 400, 404, 405)}
    nothing_to_print = [
        "/staff/export.csv",
        "/staff/export.json",
        "/staff/import/blank.xlsx",
        "/staff/posters",
        "/staff/print",
    ]
    assert broken == dict.fromkeys(nothing_to_print, 503)
    french = client.get("/staff/print", headers={"Accept-Language": "fr"}).get_data(as_text=True)
    assert "Importez le salon" in french
