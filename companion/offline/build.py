"""What a release is made of in this app: its static files, and its phones' templates and messages as modules."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from companion.offline.messages import messages_module, numbered, python_ids, script_ids, template_ids
from companion.offline.release import Release, make_release
from companion.offline.translate import translate
from companion.security import HEADERS

PAGES = Path(__file__).parent.parent / "visitors"
"""The modules whose few own words the phone needs too."""


PARTS = "visitors/parts.html"
"""Pieces that the exhibitors' area shares with visitors' pages."""

AREA_PARTS = (PARTS, "exhibitors/parts.html")
"""Pieces that the floor's pages share with both."""


def release_of(app: Flask, static: Path, releases: Path) -> Release:
    """Make, or find, the release of this app's code and settings.

    Raises `Unsupported` for a visitors' template the phone could not render alike, and `WrongMessage` for a
    translation that would break one: both stop the start, with the place and what to write instead.
    """
    environment = app.jinja_env
    names = [name for name in environment.list_templates() if name.startswith("visitors/")]
    area = [name for name in environment.list_templates() if name.startswith("exhibitors/")]
    floor = [name for name in environment.list_templates() if name.startswith("floor/")]
    spoken = python_ids(PAGES.glob("*.py"))
    ids = template_ids(environment, names) | spoken
    languages = app.config["LANGUAGES"]
    numbers = numbered(languages, ids, spoken)
    return make_release(
        static,
        {
            "js/templates.js": translate(environment, names, numbers),
            "js/messages.js": messages_module(languages, ids, numbers=numbers),
            "js/area_templates.js": translate(environment, area),
            "js/area_messages.js": messages_module(
                languages, template_ids(environment, [*area, PARTS]) | script_ids((static / "js/area").glob("*.js"))
            ),
            "js/floor_templates.js": translate(environment, floor),
            "js/floor_messages.js": messages_module(languages, template_ids(environment, [*floor, *AREA_PARTS])),
        },
        {"languages": languages, "headers": HEADERS, "base_url": app.config["BASE_URL"]},
        releases,
    )
