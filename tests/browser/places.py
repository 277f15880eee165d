"""The pages of a visitor, each in the states that look different."""

from __future__ import annotations

LANGUAGES = ("fr", "ar", "zgh")
PLACES = (
    *("/", "/about", "/mine", "/programme", "/programme/W01", "/nothing"),
    *("/exhibitors?q=miel", "/exhibitors?sector=MIEL", "/exhibitors?q=zzzz"),
    *("/b/E43", "/b/A48", "/b/Z99", "/map", "/map?at=ENT-S&to=E43&stops=A01,B02"),
    *("/scan", "/scan?code=hello"),
)
OFFICE = (
    *("", "exhibitors", "exhibitors/new", "exhibitors/{code}", "import", "log", "conflicts", "changes", "notices"),
    *("notices/new", "plan", "plan/fill", "programme", "programme/new", "programme/W01", "report", "print", "posters"),
    *("people", "nodes", "account", "account/codes"),
)
"""The pages of the office, below /staff/; `{code}` is an exhibitor's."""

FLOOR = ("", "/conflicts", "/scan", "/leave", "/one/{id}", "/edit/{id}", "/move/{id}")
"""The pages of the floor team, below /staff/floor; `{id}` is the record of an exhibitor."""
