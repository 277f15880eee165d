"""What all tests share: a database of either kind, and the app with the demo fair."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser, Playwright, sync_playwright
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session

from companion import create_app
from companion.extensions import db, prepare_sqlite
from companion.models import Base
from companion.sync.log import name_node
from tests.browser_install import CHROMIUM
from tests.postgres import postgres_server
from tests.servers import OpenServer, Server

_numbers = itertools.count()

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # how fast examples are made says how busy the machine is, and nothing of the code


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The folder of a running PostgreSQL's socket."""
    with postgres_server() as folder:
        yield folder


@pytest.fixture(scope="session")
def new_database(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return a function that makes an empty database, "sqlite" or "postgresql", and returns its URL."""

    def make(engine: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('db') / 'rafiq.sqlite'}"
        name = f"rafiq{next(_numbers)}"
        with psycopg.connect(host=postgres, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://postgres@/{name}?host={postgres}"

    return make


@pytest.fixture(scope="session")
def demo_on_postgres(
    postgres: str, new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Return a function that makes a PostgreSQL database with the demo fair, and returns its URL."""
    model = new_database("postgresql")
    app = create_app({"COMPANION_DATABASE_URL": model}, tmp_path_factory.mktemp("demo-postgres"))
    result = app.test_cli_runner().invoke(args=["prepare"])
    assert result.exit_code == 0, result.output
    close(app)

    def copy() -> str:
        name, of = f"rafiq{next(_numbers)}", make_url(model).database
        with psycopg.connect(host=postgres, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {of}")
        return f"postgresql+psycopg://postgres@/{name}?host={postgres}"

    return copy


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """An empty database; the test runs once on each engine."""
    return new_database(request.param)


@pytest.fixture(scope="session")
def open_node(new_database: Callable[[str], str]) -> Iterator[Callable[[str, str], Session]]:
    """Return a function that opens a new node: `open_node("sqlite", "site")` → a session on its empty database."""

    opened: list[Session] = []

    def make(engine_name: str, node: str) -> Session:
        url = new_database(engine_name)
        engine = create_engine(url)
        if engine_name == "sqlite":
            prepare_sqlite(engine)
        Base.metadata.create_all(engine)
        session = Session(engine)
        opened.append(session)
        name_node(session, node)
        return session

    yield make
    for session in opened:
        session.close()
        session.get_bind().dispose()  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def open_server(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenServer]:
    """Return a function that gives the server of a name, empty."""
    opened: dict[str, Server] = {}
    folder = tmp_path_factory.mktemp("instance")

    def give(name: str, engine: str = "sqlite") -> Server:
        if name not in opened:
            opened[name] = Server(name, new_database(engine), folder)
        opened[name].empty()
        return opened[name]

    yield give
    for server in opened.values():
        close(server.app)


@pytest.fixture
def pair(open_server: OpenServer) -> tuple[Server, Server]:
    """The cloud on PostgreSQL, and the site's server, which calls it."""
    cloud, site = open_server("cloud", "postgresql"), open_server("site")
    site.knows(cloud)
    return cloud, site


@pytest.fixture
def examples() -> Path:
    """The folder with the demo fair."""
    return Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers; it cannot be started twice in a process."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser for what needs no phone."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo fair, prepared once as `make run` does; copy it to change it."""
    folder = tmp_path_factory.mktemp("demo")
    app = create_app({}, folder)
    result = app.test_cli_runner().invoke(args=["prepare"])
    assert result.exit_code == 0, result.output
    close(app)
    return folder


class Compiled(BytecodeCache):
    """Templates compiled once for all tests' apps."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    return Compiled()


@pytest.fixture
def app(demo_instance: Path, tmp_path: Path, compiled: Compiled) -> Iterator[Flask]:
    """The app with a demo fair of its own."""
    folder = tmp_path / "instance"
    shutil.copytree(demo_instance, folder, symlinks=True)
    app = create_app({}, folder)
    app.jinja_env.bytecode_cache = compiled
    yield app
    close(app)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The app's database, as another worker or command would have it open."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    prepare_sqlite(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's browser without JavaScript."""
    return app.test_client()


def close(app: Flask) -> None:
    """Let go of the app's database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
