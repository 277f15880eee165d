"""The staff's area: one blueprint, closed by default. Every view says which roles may call it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from apiflask import APIBlueprint
from flask import abort, current_app, make_response, redirect, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from companion.accounts.sessions import sign_in
from companion.languages import LANGUAGES
from companion.models import ROLES
from companion.staff.kept import ask_to_sign_in, can_be_kept

staff = APIBlueprint("staff", __name__, enable_openapi=False, url_prefix="/staff")

View = TypeVar("View", bound=Callable[..., object])

_roles: dict[str, frozenset[str]] = {}
"""The roles that may call each view, by its name; `anybody` has none."""

BEFORE_THE_FIRST_PASSWORD = ("staff.first_password", "staff.choose_first_password", "staff.sign_out")
"""What opens while somebody else knows the password."""

OFFICE = ("administrator", "editor")
"""Who may change the fair's records."""


class Section(NamedTuple):
    """One entry of the area's navigation; shown to those who may open it. `begins`: a gap stands before it."""

    endpoint: str
    icon: str
    label: str
    begins: bool = False


SECTIONS = (
    Section("staff.home", "home", _("Today")),
    Section("staff.exhibitors_page", "exhibitors", _("Exhibitors")),
    Section("staff.import_page", "upload", _("Import")),
    Section("staff.plan", "map", _("Plan")),
    Section("staff.programme", "calendar", _("Programme")),
    Section("staff.notices", "info", _("Notices")),
    Section("staff.print_page", "print", _("Print")),
    Section("staff.floor", "phone", _("On the floor"), begins=True),
    Section("staff.troubles_page", "camera", _("Problems")),
    Section("staff.conflicts_page", "alert", _("Conflicts")),
    Section("staff.changes", "certified", _("Changes to look at")),
    Section("staff.log", "clock", _("Who changed what")),
    Section("staff.report", "award", _("Report")),
    Section("staff.nodes", "globe", _("Servers and phones"), begins=True),
    Section("staff.people", "users", _("People")),
    Section("staff.account", "lock", _("My account")),
)
"""In the order of the work: the fair, what happens to it, the office itself."""


def for_roles(*roles: str) -> Callable[[View], View]:
    """Let staff of these roles call a view; put it right above `def`, below the route."""
    assert set(roles) <= set(ROLES)
    return _mark(frozenset(roles))


def for_anybody(view: View) -> View:
    """Let everybody call a view, signed in or not: the way in."""
    return _mark(frozenset())(view)


def _mark(roles: frozenset[str]) -> Callable[[View], View]:
    def marked(view: View) -> View:
        _roles[f"staff.{view.__name__}"] = roles
        return view

    return marked


def may_open(endpoint: str, role: str) -> bool:
    """Tell whether staff of this role may call the view of this endpoint."""
    return role in _roles.get(endpoint, ())


@staff.before_request
def only_staff() -> AnyResponse | None:
    """Close the area to who is not signed in, and each view to the roles it does not name."""
    roles = _roles.get(request.endpoint or "")
    if roles is not None and not roles:
        return None
    if not hasattr(current_user, "staff"):
        if can_be_kept():
            return make_response(ask_to_sign_in())
        unauthorized: AnyResponse = sign_in.unauthorized()
        return unauthorized
    if not may_open(request.endpoint or "", current_user.staff.role):
        abort(403)
    if current_user.staff.temporary and request.endpoint not in BEFORE_THE_FIRST_PASSWORD:
        return redirect(url_for("staff.first_password", next=request.full_path.rstrip("?")))
    return None


@staff.after_request
def keep_nowhere(response: AnyResponse) -> AnyResponse:
    """No cache keeps what is for staff's eyes: the next person at this browser may be somebody else."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@staff.app_context_processor
def navigation() -> dict[str, object]:
    """Give every page of the area its navigation and languages."""
    if request.blueprint != staff.name:
        return {}
    role = current_user.staff.role if hasattr(current_user, "staff") else ""
    return {
        "sections": [section for section in SECTIONS if may_open(section.endpoint, role)],
        "here": _section_of(request.path),
        "languages": current_app.config["LANGUAGES"],
        "names": {code: language.name for code, language in LANGUAGES.items()},
        "may_open": lambda endpoint: may_open(endpoint, role),
    }


def _section_of(path: str) -> str:
    """Return the endpoint of the section a page belongs to: the longest address its own begins with."""
    addresses = {url_for(section.endpoint): section.endpoint for section in SECTIONS[1:]}
    above = [address for address in addresses if path == address or path.startswith(f"{address}/")]
    return addresses[max(above, key=len)] if above else SECTIONS[0].endpoint if path == url_for("staff.home") else ""
