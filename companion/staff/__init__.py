"""The office's and the floor team's area, closed by default: `area.py` says to whom, `views_*.py` what they see."""

from companion.staff import (
    views_account,
    views_changes,
    views_conflicts,
    views_exhibitors,
    views_home,
    views_import,
    views_log,
    views_nodes,
    views_notices,
    views_people,
    views_plan,
    views_posters,
    views_print,
    views_programme,
    views_report,
    views_sign_in,
)

__all__ = [
    "views_account",
    "views_changes",
    "views_conflicts",
    "views_exhibitors",
    "views_home",
    "views_import",
    "views_log",
    "views_nodes",
    "views_notices",
    "views_people",
    "views_plan",
    "views_posters",
    "views_print",
    "views_programme",
    "views_report",
    "views_sign_in",
]
