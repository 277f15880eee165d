"""Every setting of Rafiq, once: its name, its default and what it means.

A setting is an environment variable. `docs/settings.md` is this list; a test keeps the two equal.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from sqlalchemy.engine import URL

from companion.languages import LANGUAGES

DATABASES = "databases"
"""The folder of the instance that has one for each database."""


class WrongSetting(ValueError):
    """A setting has a value Rafiq cannot use; the message says which and what to write."""


@dataclass(frozen=True)
class Setting:
    """One `COMPANION_*` variable. `read` turns its text into a value or raises ValueError saying what to write."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any] = str


def _languages(text: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in text.split(",") if code.strip())
    unknown = [code for code in codes if code not in LANGUAGES]
    if unknown or not codes:
        raise ValueError(f"write some of {', '.join(LANGUAGES)}, with commas between")
    return codes


def _base_url(text: str) -> str:
    if text and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?", text.rstrip("/")):
        raise ValueError("write an address like https://rafiq.example, without a path")
    return text.rstrip("/")


def _node(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]{1,32}", text):
        raise ValueError("write 1 to 32 small letters and digits")
    return text


def _limits_url(text: str) -> str:
    try:
        storage_from_string(text)
    except ConfigurationError as error:
        raise ValueError(f"write memory:// or redis://host:6379 and install the package redis ({error})") from None
    return text


def _days(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text):
        raise ValueError("write a whole number of days")
    return int(text)


def _look_first(text: str) -> bool:
    if text not in ("at-once", "after-look"):
        raise ValueError("write at-once or after-look")
    return text == "after-look"


def _proxies(text: str) -> int:
    if not re.fullmatch(r"[0-5]", text):
        raise ValueError("write how many proxies stand before this server, 0 to 5")
    return int(text)


SETTINGS = (
    Setting("COMPANION_DATABASE_URL", "", "Database; empty: SQLite in `instance/rafiq.sqlite`. "
            "PostgreSQL: `postgresql+psycopg://user:password@host/name`."),
    Setting("COMPANION_BASE_URL", "", "Address printed in QR codes and shared links, "
            "like `https://rafiq.example`; empty: the address the request came to.", _base_url),
    Setting("COMPANION_SECRET_KEY", "", "Key that signs cookies; empty: made once and kept in "
            "`instance/secret_key`. Several machines need the same."),
    Setting("COMPANION_LANGUAGES", "fr,ar,zgh", "Languages that are on, the first is the default; "
            "of `fr`, `ar`, `zgh`, `en`.", _languages),
    Setting("COMPANION_NODE", "cloud", "Name of this server in the stamps of edits made on it, "
            "given to the database when it is made; every server of one fair needs its own.", _node),
    Setting("COMPANION_PROXIES", "0", "How many proxies of yours (Caddy, nginx, a CDN) stand before this server; "
            "as many of their `X-Forwarded-*` are believed.", _proxies),
    Setting("COMPANION_LIMITS_URL", "memory://", "Where limits on writing are counted: `memory://` (each worker "
            "on its own) or `redis://host:6379` (all together; needs the package `redis`).", _limits_url),
    Setting("COMPANION_RETENTION_DAYS", "90", "Days after the fair's last day until `flask retention` erases what "
            "visitors asked exhibitors, and what exhibitors noted about visitors.", _days),
    Setting("COMPANION_EXHIBITOR_CHANGES", "at-once", "When what exhibitors change on their page is public: `at-once`, "
            "or `after-look` of the office under `/staff/changes`.", _look_first),
)  # fmt: skip


def read_settings(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read all settings, without their prefix, from an environment.

    Raises WrongSetting for a value that cannot be used.
    """
    values = {}
    for setting in SETTINGS:
        try:
            values[setting.name.removeprefix("COMPANION_")] = setting.read(environ.get(setting.name, setting.default))
        except ValueError as error:
            raise WrongSetting(f"{setting.name}: {error}") from None
    return values


def unknown_settings(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the `COMPANION_*` names that are no setting; probably misspelt, so the log should say so."""
    return sorted({name for name in environ if name.startswith("COMPANION_")} - {s.name for s in SETTINGS})


def secret_key(instance: Path) -> str:
    """Return the key kept in the instance folder, made on first use and readable by its owner only."""
    path = instance / "secret_key"
    if not path.exists():
        draft = instance / f".secret_key-{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # another worker was first; its key counts
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def database_folder(instance: Path, url: URL) -> Path:
    """Return where files of one database's fair lie; another fair served from the same checkout has its own.

    `url` is the engine's, in which a path is absolute; who signs in, and how, makes no difference.
    """
    place = Path(url.database or "").resolve() if url.get_backend_name() == "sqlite" else url.database
    name = json.dumps([url.get_backend_name(), url.host, url.port, str(place)])
    return instance / DATABASES / hashlib.sha256(name.encode()).hexdigest()[:12]
