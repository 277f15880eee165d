"""The pages of a visitor, each in the states that look different."""

from __future__ import annotations

LANGUAGES = ("fr", "ar", "zgh")
PLACES = (
    *("/", "/about", "/mine", "/programme", "/programme/W01", "/nothing"),
    *("/exhibitors?q=miel", "/exhibitors?sector=MIEL", "/exhibitors?q=zzzz"),
    *("/b/E43", "/b/A48", "/b/Z99", "/map", "/map?at=ENT-S&to=E43&stops=A01,B02"),
    *("/scan", "/scan?code=hello"),
)
