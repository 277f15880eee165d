"""The demo fair with somebody of the office, and who is signed in as them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from companion.accounts.people import add_staff
from companion.models import Booth, Exhibitor
from tests.browser.conftest import Server, demo
from tests.browser.places import FLOOR, LANGUAGES, OFFICE, PLACES
from tests.offices import PASSWORD

__all__ = ["demo"]


@pytest.fixture(scope="session")
def fair(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("looks") / "instance"
    shutil.copytree(demo, folder, symlinks=True)
    engine = create_engine(f"sqlite:///{folder / 'rafiq.sqlite'}")
    with Session(engine) as session:
        add_staff(session, "amina", "administrator", PASSWORD)
        session.commit()
    engine.dispose()
    server = Server(folder)
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def names(fair: Server) -> dict[str, str]:
    """The code and the id of an exhibitor."""
    engine = create_engine(f"sqlite:///{fair.folder / 'rafiq.sqlite'}")
    with Session(engine) as session:
        own = session.scalars(
            select(Exhibitor).join(Booth, Booth.exhibitor == Exhibitor.id).where(Booth.code == "E43")
        ).one()
        names = {"code": own.code, "id": own.id}
    engine.dispose()
    return names


@pytest.fixture(scope="session")
def visited(names: dict[str, str]) -> dict[str, list[str]]:
    """The addresses of visitors' pages, of the door of the exhibitors' area, and of an error, by language."""
    more = ("/{lang}/e/{code}/request", "/tour?lang={lang}", "/in?lang={lang}", "/{lang}/e/NONE0/request")
    return {
        lang: [f"/{lang}{place}" for place in PLACES] + [place.format(lang=lang, **names) for place in more]
        for lang in LANGUAGES
    }


@pytest.fixture(scope="session")
def closed(names: dict[str, str]) -> list[str]:
    """The addresses of the office's pages and the floor's."""
    office = [f"/staff/{place}" for place in OFFICE] + [f"/staff/floor{place}" for place in FLOOR]
    return [place.format(**names) for place in office]
