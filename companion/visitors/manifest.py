"""The web app manifest: what the phone calls the app, and what a long press on its icon offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion.catalogue.index import Catalogue
from companion.languages import LANGUAGES, translations_for
from companion.visitors.format import words

PAPER = "#fbf6ec"
"""Background of the start screen: `--paper` of the stylesheet."""

ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"),
         ("maskable-512.png", "512x512", "maskable"))  # fmt: skip
SCREENSHOTS = (
    ("home", "narrow", "720x1480"),
    ("exhibitor", "narrow", "720x1480"),
    ("home-wide", "wide", "1280x800"),
)
PICTURED = ("fr", "ar", "zgh")
"""The languages there are screenshots in; the others show the first's."""


def manifest(catalogue: Catalogue, lang: str, url: Callable[[str], str]) -> dict[str, Any]:
    """Return the manifest in one language; `url` gives the address of a file of the release."""
    _ = translations_for(lang).gettext
    fair = catalogue.snapshot["fair"]
    return {
        "id": "/",
        "name": words(fair["name"], lang),
        "short_name": _("Rafiq"),
        "description": words(fair.get("theme"), lang),
        "lang": lang,
        "dir": LANGUAGES[lang].dir,
        "start_url": f"/{lang}/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["events", "shopping", "travel"],
        "icons": [
            {"src": url("icons/rafiq.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(
                {"src": url(f"icons/{file}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for file, sizes, purpose in ICONS
            ),
        ],
        "screenshots": [
            {
                "src": url(f"screenshots/{name}.{lang if lang in PICTURED else PICTURED[0]}.png"),
                "sizes": sizes,
                "type": "image/png",
                "form_factor": form,
            }
            for name, form, sizes in SCREENSHOTS
        ],
        "shortcuts": [
            {"name": _("Scan"), "url": f"/{lang}/scan", "icons": [_icon(url, "scan")]},
            {"name": _("Mine"), "url": f"/{lang}/mine", "icons": [_icon(url, "mine")]},
        ],
    }


def _icon(url: Callable[[str], str], name: str) -> dict[str, str]:
    return {"src": url(f"icons/shortcut-{name}.png"), "sizes": "96x96", "type": "image/png"}
