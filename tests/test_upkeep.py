"""Backups that come back, on either database; a folder a CDN can serve; a doctor who finds what is wrong."""

from __future__ import annotations

import gzip
import http.server
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion import create_app
from companion.accounts.people import add_staff
from companion.extensions import db
from companion.models import Booth, Exhibitor, LogHead, Node, Workshop
from companion.nodes.peers import add_node
from companion.photos import keep_made
from companion.sync.edits import Change
from companion.sync.log import write
from tests.browser_install import CHROMIUM
from tests.conftest import close
from tests.servers import OpenServer
from tests.test_sync_log import EDITOR, state_of
from tests.visitors import open_fair


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=words)
    return result.exit_code, result.output


@pytest.mark.parametrize(("engine", "other"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_backup_taken_while_others_write_comes_back_on_the_other_database(
    engine: str, other: str, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    one = create_app({"COMPANION_DATABASE_URL": new_database(engine), "COMPANION_NODE": "site"}, tmp_path)
    assert run(one, "prepare", "--empty")[0] == 0
    stop, written = threading.Event(), []

    def visitors_write() -> None:
        with one.app_context():
            while not stop.is_set():
                write(db.session(), [Change("exhibitor", record(len(written)), {"members": 1})], EDITOR)
                db.session.commit()
                written.append(1)

    with one.app_context():
        open_fair(db.session())
        add_node(db.session(), "cloud", "https://rafiq.example", "k" * 40)
        keep_made(db.session(), b"RIFF\x00\xff")
        db.session.commit()
    writer = threading.Thread(target=visitors_write)
    writer.start()
    while len(written) < 3:
        pass
    code, said = run(one, "backup", str(tmp_path / "fair.backup"))
    stop.set()
    writer.join()
    assert code == 0, said
    assert (tmp_path / "fair.backup").stat().st_mode & 0o077 == 0

    two = create_app({"COMPANION_DATABASE_URL": new_database(other)}, tmp_path)
    code, said = run(two, "restore", str(tmp_path / "fair.backup"))
    assert code == 0, said
    with two.app_context():
        head = db.session.get_one(LogHead, 1)
        assert head.node.startswith("siter") and head.node in said, "it is another log now"
        state = state_of(db.session())
        assert len(state) == head.seq >= 5, "the log and the records are of one moment"
        assert db.session.get_one(Node, "cloud").key == "k" * 40
        write(db.session(), [Change("exhibitor", record(10**6), {"members": 2})], EDITOR)
        add_staff(db.session(), "amina", "editor")
        db.session.commit()
    assert run(two, "restore", str(tmp_path / "fair.backup"))[0] == 1, "a fair is not replaced by accident"
    assert run(two, "restore", "--replace", str(tmp_path / "fair.backup"))[0] == 0
    with two.app_context():
        assert state_of(db.session()) == state
    close(one)
    close(two)


def record(number: int) -> str:
    return f"{number:08d}-0000-4000-8000-000000000000"


def test_a_damaged_backup_destroys_nothing(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "fair.backup"
    assert run(app, "backup", str(path))[0] == 0
    whole = gzip.decompress(path.read_bytes())
    before = state_of(session)
    session.rollback()
    newer = whole.replace(b'"revision":"', b'"revision":"9', 1)
    for damaged in (path.read_bytes()[:-5000], gzip.compress(whole[: len(whole) // 2]), b"no backup"):
        path.write_bytes(damaged)
        code, said = run(app, "restore", "--replace", str(path))
        assert (code, "backup" in said) == (1, True)
    assert state_of(session) == before
    session.rollback()
    path.write_bytes(gzip.compress(newer))
    assert "newer release" in run(app, "restore", "--replace", str(path))[1]
    assert state_of(session) == before


def test_a_restored_server_and_its_peer_become_whole_again(
    open_server: OpenServer, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    """What came after the backup is not lost: the other server has it and gives it back."""
    cloud, site = open_server("cloud", "postgresql"), open_server("laptop")
    site.knows(cloud)
    cloud.run(open_fair)
    site.exchange(cloud)
    with site.app.app_context():
        db.session.connection().exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
        db.session.connection().exec_driver_sql("DELETE FROM alembic_version")
        db.session.connection().exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{newest()}')")
        db.session.commit()
    assert run(site.app, "backup", str(tmp_path / "b"))[0] == 0
    change = Change("exhibitor", record(1), {"members": 9})
    site.run(lambda session: write(session, [change], EDITOR))
    site.exchange(cloud)
    assert run(site.app, "restore", "--replace", str(tmp_path / "b"))[0] == 0
    assert ("exhibitor", record(1)) not in site.state()
    site.run(lambda session: write(session, [Change("exhibitor", record(2), {"members": 1})], EDITOR))
    site.exchange(cloud)
    site.exchange(cloud)
    assert site.state() == cloud.state() and len(site.state()) == 4
    assert site.log() == cloud.log()


def newest() -> str:
    return max(path.name[:4] for path in (Path(__file__).parent.parent / "migrations/versions").glob("[0-9]*.py"))


@pytest.fixture(scope="module")
def small_fair(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo fair with half a dozen of everything."""
    folder = tmp_path_factory.mktemp("small") / "instance"
    shutil.copytree(demo_instance, folder, symlinks=True)
    app = create_app({}, folder)
    with app.app_context():
        for model in (Exhibitor, Booth, Workshop):
            rows = db.session.scalars(select(model).order_by(model.code).offset(6)).all()
            write(db.session(), [Change(model.KIND, row.id, {"deleted": True}) for row in rows], EDITOR)
            db.session.commit()
    yield app
    close(app)


class PlainFiles(http.server.SimpleHTTPRequestHandler):
    """A web server that knows nothing of Rafiq, but that `/fr/map` is `fr/map.html`: `try_files` of Caddy and nginx."""

    def translate_path(self, path: str) -> str:
        plain = super().translate_path(path)
        for name in (f"{plain}.html", f"{plain}/index.html", f"{plain}/index.json", f"{plain}.json", plain):
            if Path(name).is_file():
                return name
        return plain

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def files(small_fair: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("cdn") / "fair"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(PlainFiles, directory=str(folder)))
    url = f"http://127.0.0.1:{server.server_port}"
    small_fair.config["BASE_URL"] = url
    code, said = run(small_fair, "snapshot", str(folder))
    assert code == 0, said
    assert not small_fair.extensions["rendered_pages"], "nothing of it is kept in memory, however large the fair"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, url
    server.shutdown()
    server.server_close()


def test_files_say_what_the_server_says(files: tuple[Path, str], small_fair: Flask) -> None:
    folder, url = files
    client = small_fair.test_client()
    for address, name in [("/fr/", "fr/index.html"), ("/ar/exhibitors", "ar/exhibitors.html"), ("/sw.js", "sw.js")]:
        assert (folder / name).read_bytes() == client.get(address, base_url=url).data
    snapshot = json.loads((folder / "api/catalogue/index.json").read_text())["snapshot"]
    fair = json.loads((folder / snapshot[1:]).read_text())
    assert len(fair["exhibitors"]) == 6
    for lang in ("fr", "ar", "zgh"):
        for exhibitor in fair["exhibitors"]:
            assert (folder / lang / "e" / f"{exhibitor['code']}.html.br").exists()
            assert (folder / lang / "e" / f"{exhibitor['code']}.vcf").exists()
    assert "Content-Security-Policy: default-src" in (folder / "_headers").read_text()
    again = (folder / "fr/index.html").stat().st_ino
    assert run(small_fair, "snapshot", str(folder))[0] == 0
    assert (folder / "fr/index.html").stat().st_ino != again, "put in place whole"
    assert (folder / snapshot[1:]).exists()


@pytest.mark.browser
def test_a_phone_gets_ready_from_files_alone(files: tuple[Path, str], playwright: Playwright) -> None:
    folder, url = files
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/fr/")
    page.wait_for_selector("html[data-offline=ready]", timeout=60_000)
    context.set_offline(True)
    code = json.loads((folder / "api/catalogue/index.json").read_text())["snapshot"]
    exhibitor = json.loads((folder / code[1:]).read_text())["exhibitors"][-1]["code"]
    page.goto(f"{url}/ar/e/{exhibitor}")
    assert page.locator(f'[data-exhibitor="{exhibitor}"]').count() == 1
    browser.close()


def test_the_doctor_says_what_is_wrong_and_what_to_do(app: Flask) -> None:
    code, said = run(app, "doctor")
    assert code == 1
    assert "WRONG  address: It is not set" in said and "Set COMPANION_BASE_URL" in said
    assert "look   fair: It is the invented one." in said
    app.config["BASE_URL"] = "http://127.0.0.1:9"
    code, said = run(app, "doctor")
    assert "is not https" in said and "WRONG  from outside: http://127.0.0.1:9/: no answer" in said


def test_the_doctor_looks_from_outside(files: tuple[Path, str], small_fair: Flask) -> None:
    """A plain server of files compresses nothing and sends no headers: that is noticed."""
    _, said = run(small_fair, "doctor")
    assert "WRONG  compression: Pages go out uncompressed" in said
    assert "WRONG  safety: Pages come without their Content-Security-Policy" in said
    assert "/sw.js may be kept by caches" in said


def test_the_doctor_knows_tables_of_another_release(new_database: Callable[[str], str], tmp_path: Path) -> None:
    app = create_app({"COMPANION_DATABASE_URL": new_database("postgresql")}, tmp_path)
    code, said = run(app, "doctor")
    assert code == 1 and "WRONG  database: Its tables are of no revision" in said and "prepare --empty" in said
    close(app)
