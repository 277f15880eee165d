"""Today: what needs attention now, and how the fair stands; the first page after signing in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import Response, current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session

from companion.extensions import db
from companion.imports.uploads import with_problems
from companion.models import ROLES
from companion.printing.printed import posters_to_reprint
from companion.staff.area import for_roles, may_open, staff
from companion.staff.pages import page
from companion.staff.views_conflicts import conflicts_for
from companion.staff.views_import import uploads_folder
from companion.staff.views_report import counted_for, lang_of_page
from companion.staff.words import language_names
from companion.stats.charts import Chart, Series, bars, rows_of, stacked
from companion.stats.report import chart_of, drawing_of
from companion.stats.today import attention, presence, taken_by_zone


@dataclass(frozen=True)
class Task:
    """Something to do: how much, in words, and where; `urgent` first and with another sign."""

    icon: str
    said: str
    href: str = ""
    urgent: bool = False


@staff.get("/")
@for_roles(*ROLES)
def home() -> Response:
    """What needs attention, and the fair in a few charts; a script asks for the fragment while the page is open."""
    session = db.session()
    return page("staff/home.html", tasks=_tasks(session), charts=_charts(session))


def _tasks(session: Session) -> list[Task]:
    found, role = attention(session, current_app.config["LANGUAGES"]), current_user.staff.role
    conflicts, reprint = len(conflicts_for(session, role)), [one.booth for one in posters_to_reprint(session)]
    names, to = language_names(), partial(_address, role)
    tasks = [
        (conflicts, ngettext("%(num)s conflict to settle", "%(num)s conflicts to settle", conflicts), "alert",
         to("staff.conflicts_page"), True),
        (found.untaken, ngettext("%(num)s change from another server could not be taken over",
                                 "%(num)s changes from another server could not be taken over", found.untaken),
         "alert", to("staff.nodes"), True),
        (len(found.silent), _("Not heard of for a while: %(names)s", names=", ".join(found.silent)), "online",
         to("staff.nodes"), True),
        (found.troubles, ngettext("%(num)s problem noted on the floor", "%(num)s problems noted on the floor",
                                  found.troubles), "camera", to("staff.troubles_page"), True),
        (len(found.walked_in), ngettext("%(num)s exhibitor came without being on the list: %(codes)s",
                                        "%(num)s exhibitors came without being on the list: %(codes)s",
                                        len(found.walked_in), codes=", ".join(found.walked_in[:12])), "exhibitors",
         to("staff.exhibitors_page", state="walk_in"), False),
        (found.held, ngettext("%(num)s change of an exhibitor to look at", "%(num)s changes of exhibitors to look at",
                              found.held), "certified", to("staff.changes"), False),
        (found.unplaced, ngettext("%(num)s exhibitor has no booth", "%(num)s exhibitors have no booth", found.unplaced),
         "map", to("staff.plan"), False),
        (len(reprint), ngettext("%(num)s poster to print again: %(booths)s",
                                "%(num)s posters to print again: %(booths)s", len(reprint),
                                booths=", ".join(reprint[:12])), "print", to("staff.print_page"), False),
        *((number, ngettext("%(num)s exhibitor lacks a name or a text in %(lang)s",
                            "%(num)s exhibitors lack a name or a text in %(lang)s", number, lang=names.get(lang, lang)),
           "languages", to("staff.exhibitors_page", lang), False)
          for lang, number in found.incomplete.items()),
        (found.away, ngettext("%(num)s browser of the staff was not seen for a day",
                              "%(num)s browsers of the staff were not seen for a day", found.away), "phone",
         to("staff.people"), False),
    ]  # fmt: skip
    shown = [Task(icon, said, href, urgent) for number, said, icon, href, urgent in tasks if number]
    return [*_lists_with_problems(role), *shown]


def _lists_with_problems(role: str) -> list[Task]:
    """Lists that were brought and not imported whole; only who may import is told."""
    if not may_open("staff.import_file_page", role):
        return []
    return [
        Task("upload", ngettext("%(num)s problem in the list %(file)s", "%(num)s problems in the list %(file)s", number,
                                file=upload.name), url_for("staff.import_file_page", digest=upload.hash), urgent=True)
        for upload, number in with_problems(uploads_folder())
    ]  # fmt: skip


def _address(role: str, endpoint: str, missing: str = "", state: str = "") -> str:
    return url_for(endpoint, missing=missing or None, state=state or None) if may_open(endpoint, role) else ""


def _charts(session: Session) -> list[dict[str, object]]:
    lang = lang_of_page()
    rtl, zones, here = lang == "ar", taken_by_zone(session), presence(session)
    said = {"arrived": _("Arrived"), "absent": _("Absent"), "packing": _("Packing up"), "left": _("Has left"),
            "": _("Not looked at yet")}  # fmt: skip
    taken = Chart(
        _("Booths"), [zone for zone, _taken, _free in zones],
        [Series(_("Taken"), [one for _zone, one, _free in zones]), Series(_("Free"), [one for *_zone, one in zones])],
        _("%(taken)s of %(all)s are taken.", taken=sum(z[1] for z in zones), all=sum(z[1] + z[2] for z in zones)),
        rtl=rtl, id="chart-booths",
    )  # fmt: skip
    came = Chart(
        _("Who has come"), list(said.values()), [Series(_("Exhibitors"), [here[state] for state in said])],
        _("%(number)s have come.", number=here["arrived"]), rtl=rtl, id="chart-presence",
    )  # fmt: skip
    counted = counted_for(lang)
    days = [table for table in counted.tables if table.key in ("visits", "asked")] if counted else []
    drawn = [
        (taken, stacked(taken)),
        (came, bars(came)),
        *((chart_of(t, rtl=rtl), drawing_of(t, rtl=rtl)) for t in days),
    ]
    return [{"chart": chart, "svg": Markup(svg), "rows": rows_of(chart)} for chart, svg in drawn]  # noqa: S704
