"""What a release is made of in this app: its static files, and its phones' templates and messages as modules."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask

from companion.languages import CATALOGUES
from companion.offline.messages import messages_module, numbered, python_ids, script_ids, template_ids
from companion.offline.release import Release, hold, make_release
from companion.offline.translate import translate
from companion.security import HEADERS

_log = logging.getLogger(__name__)

PAGES = Path(__file__).parent.parent / "visitors"
"""The modules whose few own words the phone needs too."""


PARTS = "visitors/parts.html"
"""Pieces that the exhibitors' area shares with visitors' pages."""

AREA_PARTS = (PARTS, "exhibitors/parts.html")
"""Pieces that the floor's pages share with both."""


NOTE = "release.txt"
"""Beside the releases: which one was made last, and from what. Making one takes seconds, finding it a moment, and
every worker and every command starts with it."""

ROOT = Path(__file__).parent.parent.parent
SOURCES = (ROOT / "static", ROOT / "templates", CATALOGUES, ROOT / "companion", ROOT / "requirements.txt")


def release_of(app: Flask, static: Path, releases: Path) -> Release:
    """Make, or find, the release of this app's code and settings; files of it that go while it is served come back.

    Raises `Unsupported` for a visitors' template the phone could not render alike, and `WrongMessage` for a
    translation that would break one: both stop the start, with the place and what to write instead.
    """
    release = _found_or_made(app, static, releases)
    return replace(release, make_again=_Again(release.name, partial(_found_or_made, app, static, releases)))


def _found_or_made(app: Flask, static: Path, releases: Path) -> Release:
    facts = {"languages": app.config["LANGUAGES"], "headers": HEADERS, "base_url": app.config["BASE_URL"]}
    note, sources = releases.parent / NOTE, _fingerprint(facts)
    try:
        noted, name, count = note.read_text("utf-8").split()
    except (OSError, ValueError):
        noted, name, count = "", "", ""
    if noted == sources and name and count == _count(releases / name):
        release = Release(name, releases / name)
        hold(release)
        return release
    release = make_release(static, _generated(app, static), facts, releases)
    draft = note.with_suffix(f".{os.getpid()}")
    draft.write_text(f"{sources} {release.name} {_count(release.folder)}\n", "utf-8")
    draft.replace(note)
    return release


class _Again:
    """Makes a release again for threads that miss files of it: once for all who ask at the same time.

    It cannot when the code was updated under a running server: the next release is made then, and a restart needed.
    """

    def __init__(self, name: str, make: Callable[[], Release]) -> None:
        self._name, self._make, self._lock = name, make, Lock()
        self._times, self._possible = 0, True

    def __call__(self) -> None:
        before = self._times
        with self._lock:
            if self._times != before or not self._possible:
                return
            self._possible = self._make().name == self._name
            self._times += 1
        if self._possible:
            _log.warning("Files of release %s were gone and are made again.", self._name)
        else:
            _log.error(
                "Files of release %s are gone and the code is another one by now: restart this server.", self._name
            )


def _count(folder: Path) -> str:
    """Return how many files a release has, to notice when some are gone."""
    return str(sum(path.is_file() for path in folder.rglob("*")))


def _fingerprint(facts: Mapping[str, Any]) -> str:
    """Return a hash of all that a release is made from."""
    digest = hashlib.sha256(json.dumps(facts).encode())
    files = (path for source in SOURCES for path in (source, *source.rglob("*")))
    for path in sorted(path for path in files if path.is_file() and path.suffix != ".pyc"):
        content = path.read_bytes()
        digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _generated(app: Flask, static: Path) -> dict[str, str]:
    """Return the modules that are made from templates and messages."""
    environment = app.jinja_env
    names = [name for name in environment.list_templates() if name.startswith("visitors/")]
    area = [name for name in environment.list_templates() if name.startswith("exhibitors/")]
    floor = [name for name in environment.list_templates() if name.startswith("floor/")]
    spoken = python_ids(PAGES.glob("*.py"))
    ids = template_ids(environment, names) | spoken
    languages = app.config["LANGUAGES"]
    numbers = numbered(languages, ids, spoken)
    return {
        "js/templates.js": translate(environment, names, numbers),
        "js/messages.js": messages_module(languages, ids, numbers=numbers),
        "js/area_templates.js": translate(environment, area),
        "js/area_messages.js": messages_module(
            languages, template_ids(environment, [*area, PARTS]) | script_ids((static / "js/area").glob("*.js"))
        ),
        "js/floor_templates.js": translate(environment, floor),
        "js/floor_messages.js": messages_module(languages, template_ids(environment, [*floor, *AREA_PARTS])),
    }
