"""Files for their owner alone; pictures and words that are gone from the files too; the disks doctor looks at."""

from __future__ import annotations

import os
import stat
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion import create_app
from companion.extensions import db
from companion.models import Exhibitor, HeldEdit, Photo, Picture
from companion.photos import keep_made
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.pictures import remove_never_named
from companion.sync.retention import erase_record
from companion.sync.undo import undo
from tests.conftest import close
from tests.test_erasure import send
from tests.test_sync_log import EDITOR
from tests.visitors import make_request

ADMINISTRATOR = Author("command:erase", "administrator")
BYTES = b"RIFF the bytes of a picture"


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """As many machines are set up: what is made can be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("open_to_all")
def test_the_database_its_journal_and_folders_are_their_owners_alone(tmp_path: Path) -> None:
    database = tmp_path / "data" / "fair.sqlite"
    app = create_app({"COMPANION_DATABASE_URL": f"sqlite:///{database}"}, tmp_path / "instance")
    assert app.test_cli_runner().invoke(args=["prepare", "--empty"]).exit_code == 0
    backup = tmp_path / "rafiq.backup"
    backup.write_text("older, open to all")
    assert app.test_cli_runner().invoke(args=["backup", str(backup)]).exit_code == 0
    with app.app_context():
        db.session.execute(select(Exhibitor)).all()
        found = {path.name: mode(path) for path in database.parent.iterdir()}
    assert found == dict.fromkeys(found, 0o600)
    assert found.keys() >= {"fair.sqlite", "fair.sqlite-wal", "fair.sqlite-shm"}
    assert (mode(database.parent), mode(tmp_path / "instance"), mode(backup)) == (0o700, 0o700, 0o600)
    close(app)


@pytest.mark.usefixtures("open_to_all")
def test_what_others_could_read_is_closed_and_what_cannot_be_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    (folder / "fair.sqlite").touch()
    (tmp_path / "instance").mkdir()
    app = create_app({"COMPANION_DATABASE_URL": f"sqlite:///{folder / 'fair.sqlite'}"}, tmp_path / "instance")
    assert app.test_cli_runner().invoke(args=["prepare", "--empty"]).exit_code == 0
    assert (mode(folder / "fair.sqlite"), mode(tmp_path / "instance")) == (0o600, 0o700)
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    assert f"Others on this machine can read {folder}." in said
    assert f"chmod 700 {folder}" in said
    close(app)


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize("full", ["instance", "data", "backups"])
def test_doctor_looks_at_the_disk_of_instance_database_and_backups(
    tmp_path: Path, full: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backups").mkdir()
    database = tmp_path / "data" / "fair.sqlite"
    app = create_app({"COMPANION_DATABASE_URL": f"sqlite:///{database}"}, tmp_path / "instance")
    assert app.test_cli_runner().invoke(args=["prepare", "--empty"]).exit_code == 0
    assert app.test_cli_runner().invoke(args=["backup", str(tmp_path / "backups/rafiq.backup")]).exit_code == 0
    monkeypatch.setattr(
        "companion.upkeep.doctor.shutil.disk_usage",
        lambda path: Usage(1, 1, 1_000 if Path(path).name == full else 10**12),
    )
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    wrong = [line for line in said.splitlines() if "disk:" in line and line.startswith("WRONG")]
    assert len(wrong) == 1
    assert str(tmp_path / full) in wrong[0]
    close(app)


def photo_of(session: Session, content: bytes = BYTES) -> tuple[str, str]:
    """Add a photo to somebody's page; return its record and hash."""
    name = keep_made(session, content)
    whose = session.scalars(select(Exhibitor.id)).first() or ""
    record = str(uuid4())
    session.commit()
    write(session, [Change("photo", record, {"exhibitor": whose, "hash": name})], EDITOR)
    session.commit()
    return record, name


def test_a_removed_photo_is_gone_from_server_and_file(app: Flask, session: Session) -> None:
    record, name = photo_of(session)
    client = app.test_client()
    assert client.get(f"/photos/{name}.webp").data == BYTES
    write(session, [Change("photo", record, {"deleted": True})], EDITOR)
    session.commit()
    assert client.get(f"/photos/{name}.webp").status_code == 404
    session.close()
    assert app.test_cli_runner().invoke(args=["retention"]).exit_code == 0
    assert BYTES not in on_disk(app)


def test_a_photo_stays_while_anything_names_it(session: Session) -> None:
    record, name = photo_of(session)
    other, _ = photo_of(session)
    write(session, [Change("photo", record, {"deleted": True})], EDITOR)
    session.commit()
    assert session.get(Picture, name) is not None
    held = HeldEdit(id="1", exhibitor="", edit={"kind": "photo", "fields": {"hash": name}}, received="")
    session.add(held)
    session.commit()
    write(session, [Change("photo", other, {"hash": "0" * 32})], EDITOR)
    session.commit()
    assert session.get(Picture, name) is not None
    session.delete(held)
    session.commit()
    write(session, [Change("photo", other, {"deleted": True})], EDITOR)
    session.commit()
    session.expire_all()
    assert session.get(Picture, name) is None


def test_undoing_does_not_bring_back_a_photo_without_its_bytes(session: Session) -> None:
    record, _ = photo_of(session)
    [edit] = write(session, [Change("photo", record, {"deleted": True})], EDITOR)
    session.commit()
    undone = undo(session, edit.act, EDITOR)
    assert undone.kept == [("photo", record, "deleted")]
    assert session.get_one(Photo, record).deleted


def test_pictures_nobody_ever_named_go_after_a_month_and_not_before(session: Session) -> None:
    new, old = keep_made(session, b"new"), keep_made(session, b"old")
    session.get_one(Picture, old).at = "2026-01-01T00:00:00Z"
    session.commit()
    assert remove_never_named(session) == 1
    assert session.get(Picture, new) is not None


def on_disk(app: Flask) -> bytes:
    database = Path(app.instance_path) / "rafiq.sqlite"
    return b"".join(path.read_bytes() for path in database.parent.glob("rafiq.sqlite*"))


def test_erased_words_leave_the_database_and_its_journal(app: Flask, session: Session) -> None:
    code = session.scalars(select(Exhibitor.code)).first() or ""
    word = "Zineb-Oubrahim-0611223344"
    sent = make_request(exhibitor=code, message=f"{word} " * 60)
    with app.app_context():
        send(db.session(), sent)
        assert word.encode() in on_disk(app)
        db.session.remove()
        session.close()
        erase_record(db.session(), sent["record"], ADMINISTRATOR)
        db.session.commit()
        db.session.remove()
    assert word.encode() not in on_disk(app)


def test_the_nightly_job_erases_before_it_backs_up() -> None:
    unit = (Path(__file__).parent.parent / "deploy" / "rafiq-nightly.service").read_text()
    commands = [
        line.partition("=")[0] + " " + line.split()[-1 if "retention" in line else -2]
        for line in unit.splitlines()
        if line.startswith("Exec")
    ]
    assert commands == ["ExecStart retention", "ExecStopPost backup"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_retention_vacuums_on_postgresql(database_url: str, tmp_path: Path) -> None:
    app = create_app({"COMPANION_DATABASE_URL": database_url}, tmp_path / "instance")
    assert app.test_cli_runner().invoke(args=["prepare"]).exit_code == 0
    result = app.test_cli_runner().invoke(args=["retention"])
    assert result.exit_code == 0, result.output
    close(app)
