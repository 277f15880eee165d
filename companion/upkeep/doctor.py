"""A look at a deployment: what is wrong with it, and what to do. Asked from inside, and at its own address."""

from __future__ import annotations

import shutil
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import tzdata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from limits.storage import storage_from_string
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from companion.languages import LANGUAGES
from companion.models import Fair, LogEntry, Node, Staff, UntakenEdit, fair_zone
from companion.private_files import is_open_to_others
from companion.upkeep.backup import last_backup
from companion.upkeep.zone_data import compare_zone_data

PATIENCE = 10
FREE = 1_000_000_000
"""Bytes of disk below which somebody should look."""

Level = Literal["well", "look", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, in a sentence, and what to do when it is not well."""

    level: Level
    about: str
    said: str
    do: str = ""


def examine(session: Session, config: dict[str, Any], instance: Path, migrations: Path, release: str) -> list[Finding]:
    """Look at everything that can be seen from inside, and at the address in the settings if there is one."""
    base_url = config["BASE_URL"]
    findings = [*_database(session, migrations)]
    if all(one.level != "wrong" for one in findings):
        findings += [*_fair(session), *_time_zone(session), *_nodes(session)]
    findings += [
        *_disks(session, instance),
        *_private(session, instance),
        *_secret(config),
        *_limits(config),
        *_languages(config),
        *_address(base_url),
    ]
    return findings + (list(_over_http(base_url, release)) if base_url else [])


def _database(session: Session, migrations: Path) -> Iterator[Finding]:
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    name = engine.dialect.name
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
            mode = connection.execute(text("PRAGMA journal_mode")).scalar() if name == "sqlite" else "wal"
    except SQLAlchemyError as error:
        yield Finding("wrong", "database", f"It does not answer: {str(error.__cause__ or error)[:200]}",
                      "Start it, and see COMPANION_DATABASE_URL.")  # fmt: skip
        return
    newest = ScriptDirectory(str(migrations)).get_current_head()
    if found != newest:
        yield Finding("wrong", "database", f"Its tables are of {found or 'no revision'}, this release needs {newest}.",
                      "Run: flask --app app prepare --empty")  # fmt: skip
    elif mode != "wal":
        yield Finding("wrong", "database", f"SQLite's journal is {mode}, so readers and writers wait for each other.",
                      "Put the database on a local disk: a network share cannot do it.")  # fmt: skip
    else:
        yield Finding("well", "database", f"{name}, tables of revision {found}.")


def _fair(session: Session) -> Iterator[Finding]:
    if session.scalar(select(Fair.id).limit(1)) is None:
        yield Finding("wrong", "fair", "There is none.", "Import fair.toml and the workbook, or sync pull.")
    elif session.scalar(select(Fair.demo).limit(1)):
        yield Finding("look", "fair", "It is the invented one.", "Import your own fair.toml and workbook.")
    if session.scalar(select(Staff.id).where(Staff.role == "administrator").limit(1)) is None:
        yield Finding(
            "wrong", "staff", "Nobody can administer this.", "Run: flask --app app staff add NAME --role administrator"
        )
    latest = session.scalar(select(func.max(LogEntry.received))) or ""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if latest > now:
        yield Finding("wrong", "clock", f"It is {now} here, and the last change came at {latest}.",
                      "Set the clock: timedatectl set-ntp true, or fit a battery-backed clock.")  # fmt: skip


def _time_zone(session: Session) -> Iterator[Finding]:
    fair = session.scalar(select(Fair).where(~Fair.deleted).order_by(Fair.id))
    problem = compare_zone_data(fair_zone(session), fair.dates if fair else [])
    if problem:
        yield Finding("look", "time zone", *problem)
    else:
        yield Finding("well", "time zone", f"{fair_zone(session).key}, from tzdata {tzdata.IANA_VERSION}.")


def _nodes(session: Session) -> Iterator[Finding]:
    for node in session.scalars(select(Node).order_by(Node.name)):
        about = f"server {node.name}"
        if node.problem:
            yield Finding(
                "wrong", about, node.problem, "See docs/nodes.md; flask --app app sync exchange tries at once."
            )
        elif not node.seen:
            yield Finding("look", about, "It was never heard of.", "Add this server there, and run sync exchange.")
        elif abs(node.clock) > 60:
            which = "ahead" if node.clock > 0 else "behind"
            yield Finding("wrong", about, f"Its clock is {abs(node.clock)} seconds {which}.",
                          "Set the wrong one of the two: timedatectl set-ntp true.")  # fmt: skip
        else:
            yield Finding("well", about, f"Seen {node.seen}, read {node.got} of {node.seq}.")
    untaken = session.scalar(select(func.count()).select_from(UntakenEdit)) or 0
    if untaken:
        yield Finding("look", "edits", f"{untaken} of other servers could not be taken.",
                      "They wait. Update this server if its release is the older one.")  # fmt: skip


def _disks(session: Session, instance: Path) -> Iterator[Finding]:
    """Look at the disk of the instance, of the database and of the last backup, each once; PostgreSQL's is not seen."""
    backup = last_backup(instance)
    folders = {"instance": instance, "database": _database_file(session), "backups": backup}
    looked: set[Path] = set()
    for what, path in folders.items():
        folder = next((one for one in (path, *path.parents) if one.is_dir()), None) if path else None
        if folder is None or folder in looked:
            continue
        looked.add(folder)
        free = shutil.disk_usage(folder).free
        level: Level = "well" if free > FREE else "wrong"
        said = f"{free / 1e9:.1f} GB free at {folder} ({what})."
        yield Finding(level, "disk", said, "" if level == "well" else "Make room.")
    if backup and not backup.is_file():
        yield Finding("look", "backup", f"The last one, {backup}, is not there.", "Copy it back, or write one.")


def _private(session: Session, instance: Path) -> Iterator[Finding]:
    """Say which files others on this machine can read: the database, its folder, its journal, the last backup."""
    database, backup = _database_file(session), last_backup(instance)
    files = [instance, *(instance.glob("secret_key") if instance.is_dir() else ())]
    if database:
        files += [database.parent, database, Path(f"{database}-wal"), Path(f"{database}-shm")]
    files += [backup] if backup else []
    for path in dict.fromkeys(one for one in files if is_open_to_others(one)):
        yield Finding("wrong", "privacy", f"Others on this machine can read {path}.",
                      f"Run: chmod {'700' if path.is_dir() else '600'} {path}")  # fmt: skip


def _database_file(session: Session) -> Path | None:
    """Return the file of an SQLite database; None for a server's."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(path).resolve() if path and path != ":memory:" else None


def _secret(config: dict[str, Any]) -> Iterator[Finding]:
    if len(config["SECRET_KEY"]) < 32:
        yield Finding(
            "wrong",
            "secret key",
            "It is short enough to guess.",
            "Set COMPANION_SECRET_KEY to 32 or more random characters.",
        )
    else:
        yield Finding("well", "secret key", "It is long and kept.")


def _limits(config: dict[str, Any]) -> Iterator[Finding]:
    url = config["LIMITS_URL"]
    if url.startswith("memory:"):
        if config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
            yield Finding("look", "limits", "Each worker counts for itself, and there may be several.",
                          "Set COMPANION_LIMITS_URL to a Redis, and install the package redis.")  # fmt: skip
        return
    if storage_from_string(url).check():
        yield Finding("well", "limits", "Counted together.")
    else:
        yield Finding(
            "wrong",
            "limits",
            "The storage does not answer; nothing is limited.",
            "Start it, and see COMPANION_LIMITS_URL.",
        )


def _languages(config: dict[str, Any]) -> Iterator[Finding]:
    folder = Path(__file__).parents[2] / "translations"
    for code in config["LANGUAGES"]:
        locale = LANGUAGES[code].locale
        if code != "en" and not (folder / locale / "LC_MESSAGES/messages.po").exists():
            yield Finding("wrong", "languages", f"There is no catalogue for {code}.", "See docs/add-a-language.md.")
    yield Finding("well", "languages", ", ".join(config["LANGUAGES"]))


def _address(base_url: str) -> Iterator[Finding]:
    if not base_url:
        yield Finding("wrong", "address", "It is not set, so posters cannot be printed.", "Set COMPANION_BASE_URL.")
        return
    if not base_url.startswith("https://"):
        yield Finding("wrong", "address", f"{base_url} is not https: phones keep nothing without it.",
                      "Get a certificate (docs/deploy.md) and set COMPANION_BASE_URL.")  # fmt: skip
    capitals = len(f"{base_url}/B/A12")
    if capitals > VERSION_2_Q:
        yield Finding("look", "posters", f"{capitals} characters make a finer QR code than {VERSION_2_Q} do.",
                      "A shorter name reads better.")  # fmt: skip
    else:
        yield Finding("well", "posters", f"{capitals} characters: QR codes of version 2, the best read.")


VERSION_2_Q = 29
"""Capitals a QR code of version 2 holds at level Q (ISO/IEC 18004, table 7)."""


def _over_http(base_url: str, release: str) -> Iterator[Finding]:
    """Ask this deployment as a phone would."""
    page = _get(f"{base_url}/")
    if isinstance(page, str):
        yield Finding(
            "wrong",
            "from outside",
            f"{base_url}/: {page}",
            "See that the name leads here, the server runs and the certificate is trusted.",
        )
        return
    yield from _certificate(base_url)
    yield from _clock(page)
    coding = page.headers.get("Content-Encoding", "")
    if coding in ("br", "gzip"):
        yield Finding("well", "compression", coding)
    else:
        yield Finding("wrong", "compression", "Pages go out uncompressed, four times as large.",
                      "The proxy must pass Accept-Encoding on and not unpack answers.")  # fmt: skip
    if "Content-Security-Policy" not in page.headers:
        yield Finding(
            "wrong",
            "safety",
            "Pages come without their Content-Security-Policy.",
            "The proxy must not take headers away.",
        )
    yield from _worker(base_url)
    health = _get(f"{base_url}/healthz")
    if not isinstance(health, str) and f'"{release}"'.encode() in health.body:
        yield Finding("well", "release", f"{release} is being served.")
    else:
        yield Finding(
            "look",
            "release",
            f"What is served there is not this release ({release}).",
            "Restart the servers; purge the CDN.",
        )


def _worker(base_url: str) -> Iterator[Finding]:
    worker = _get(f"{base_url}/sw.js")
    if isinstance(worker, str):
        yield Finding("wrong", "service worker", f"/sw.js: {worker}", "It must be served at the root of the name.")
    elif "javascript" not in worker.headers.get("Content-Type", ""):
        yield Finding("wrong", "service worker", "/sw.js is not served as a script.", "Serve it as text/javascript.")
    elif "no-cache" not in worker.headers.get("Cache-Control", ""):
        yield Finding(
            "wrong",
            "service worker",
            "/sw.js may be kept by caches, so phones miss updates.",
            "Serve it with Cache-Control: no-cache.",
        )
    else:
        yield Finding("well", "service worker", "Served at the root, so its scope is the whole fair.")


def _certificate(base_url: str) -> Iterator[Finding]:
    where = urlsplit(base_url)
    if where.scheme != "https" or not where.hostname:
        return
    context = ssl.create_default_context()
    with (
        socket.create_connection((where.hostname, where.port or 443), PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=where.hostname) as secure,
    ):
        found = secure.getpeercert() or {}
    days = (ssl.cert_time_to_seconds(str(found["notAfter"])) - datetime.now(UTC).timestamp()) / 86400
    if days < 14:
        yield Finding(
            "wrong",
            "certificate",
            f"It ends in {days:.0f} days.",
            "Renew it before the fair; on site there may be no line.",
        )
    else:
        yield Finding("well", "certificate", f"Trusted, for {days:.0f} more days.")


def _clock(page: Answer) -> Iterator[Finding]:
    there = page.headers.get("Date", "")
    if there:
        seconds = abs((parsedate_to_datetime(there) - datetime.now(UTC)).total_seconds())
        if seconds > 60:
            yield Finding(
                "wrong",
                "clock",
                f"The server that answers is {seconds:.0f} seconds off this machine's clock.",
                "Run: timedatectl set-ntp true",
            )
        else:
            yield Finding("well", "clock", "This machine and the one that answers agree.")


@dataclass(frozen=True)
class Answer:
    """Headers and body."""

    headers: Any
    body: bytes


def _get(url: str) -> Answer | str:
    """Return the answer at an address, or why there is none."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br, gzip"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return Answer(answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return f"it answers {error.code}"
    except (OSError, ValueError) as error:
        return f"no answer ({getattr(error, 'reason', error)})"
