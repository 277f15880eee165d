"""The real app on a free port behind a network that can fail, and a phone to look at it with."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from companion.extensions import prepare_sqlite
from tests.browser.network import Network
from tests.browser_install import CHROMIUM
from tests.serving import command, free_port, wait_for_port

ROOT = Path(__file__).parents[2]
READY = "html[data-offline=ready]"
PATIENCE = 20_000
"""Milliseconds one waits for what must come, on a busy machine too."""
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a browser's test once more when it fails: on busy cores a moment is missed now and then. The run counts these."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


class Server:
    """The app as a process, reached through `network`; `url` is the same through stops and deploys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.network = Network(self.port)
        self.url = f"http://127.0.0.1:{self.network.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        """Start with `COMPANION_*` settings; other languages make another release, as a deploy does."""
        self._process = subprocess.Popen(command(self.port), cwd=ROOT, env=_environment(self.folder, settings))
        wait_for_port(self.port, self._process)

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)
            self._process = None

    def flask(self, *words: str) -> str:
        """Run one of the app's commands on the same database; return what it prints."""
        return flask(self.folder, *words)

    def close(self) -> None:
        self.network.close()
        self.stop()


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """The app of this folder, running."""
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def demo(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo fair's database and the files of this release."""
    return Path(shutil.copytree(demo_instance, tmp_path_factory.mktemp("running") / "demo"))


@pytest.fixture(scope="session")
def running(demo: Path) -> Iterator[Server]:
    with serving(demo) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The running app with the demo fair; tests change the network, not the server."""
    yield running
    running.network.calm()


@pytest.fixture
def own_server(demo: Path, tmp_path: Path) -> Iterator[Server]:
    """One more running app, for tests that change its data or its release."""
    with serving(Path(shutil.copytree(demo, tmp_path / "instance"))) as server:
        yield server


@pytest.fixture(scope="session")
def running_area(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(Path(shutil.copytree(demo, tmp_path_factory.mktemp("area") / "instance"))) as server:
        yield server


@pytest.fixture
def area_server(running_area: Server) -> Iterator[Server]:
    """The running app of the tests of the exhibitors' area; each has a booth of its own, whose data it changes."""
    running_area.network.calm()
    yield running_area
    running_area.network.calm()


@pytest.fixture
def records(running_area: Server) -> Iterator[Session]:
    with database(running_area) as session:
        yield session


@pytest.fixture
def open_phone(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[..., BrowserContext]]:
    """A function that switches the phone on; what it stored is there again after it was closed and reopened."""
    opened: list[BrowserContext] = []

    def switch_on(name: str = "phone", **options: Any) -> BrowserContext:
        opened.append(start_phone(playwright, tmp_path / name, **options))
        return opened[-1]

    yield switch_on
    for phone in opened:
        phone.close()


@pytest.fixture
def phone(open_phone: Callable[..., BrowserContext]) -> BrowserContext:
    """A cheap phone: Chromium, 360 × 740, touch."""
    return open_phone()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return phone.pages[0]


def start_phone(playwright: Playwright, profile: Path, **options: Any) -> BrowserContext:
    """Switch on the phone that keeps its storage in `profile`; `options` are Playwright's."""
    words = ["--no-sandbox", "--disable-background-networking", *options.pop("args", [])]
    settings: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "locale": "fr-MA"}
    phone = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=words, **settings | options
    )
    phone.set_default_timeout(PATIENCE)
    return phone


@contextmanager
def database(server: Server) -> Iterator[Session]:
    """A server's database, as the office sees it; roll back before looking again."""
    engine = create_engine(f"sqlite:///{server.folder / 'rafiq.sqlite'}")
    prepare_sqlite(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COMPANION_")}
    return clean | settings | {"RAFIQ_FOLDER": str(folder)}


def flask(folder: Path, *words: str) -> str:
    """Run one of the app's commands in this folder; return what it prints."""
    command = [sys.executable, "-m", "flask", "--app", "tests.browser.serve", *words]
    run = subprocess.run(command, cwd=ROOT, env=_environment(folder, {}), check=True, capture_output=True, text=True)
    return run.stdout
