"""The report for the organisers: on the screen, as a PDF, as a workbook."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, abort, g, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from companion.extensions import db
from companion.printing.typeset import Copy, Written, typeset
from companion.request_language import preferred_language
from companion.staff.area import for_roles, staff
from companion.staff.words import moment
from companion.stats.charts import rows_of
from companion.stats.counts import Counted, count
from companion.stats.report import chart_of, drawing_of, paper_data, report_xlsx

READERS = ("administrator", "editor", "viewer")


@staff.get("/report")
@for_roles(*READERS)
def report() -> str:
    """The numbers with a chart of each."""
    counted, rtl = _counted(), lang_of_page() == "ar"
    charts = [
        {"chart": chart_of(table), "svg": Markup(drawing_of(table, rtl=rtl)), "rows": rows_of(chart_of(table))}  # noqa: S704
        for table in counted.tables
    ]
    return render_template("staff/report.html", counted=counted, charts=charts)


@staff.get("/report.pdf")
@for_roles(*READERS)
def report_file() -> Response:
    """The report to print or send."""
    counted, made = _counted(), moment(db.session(), datetime.now(UTC))
    data = paper_data(counted, lang_of_page(), made) | {"title": _("Report"), "nothing": _("Nothing yet.")}
    written = [Written("", "name", label) for table in counted.tables for label, _numbers in table.rows]
    return _file(typeset(Copy("report", data, written=written, tagged=True)).pdf, "application/pdf", "report.pdf")


@staff.get("/report.xlsx")
@for_roles(*READERS)
def report_workbook() -> Response:
    """The numbers to go on with."""
    content = report_xlsx(_counted(), _("Report"), _("What is counted"), lang_of_page())
    return _file(content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "report.xlsx")


def _counted() -> Counted:
    return counted_for(lang_of_page()) or abort(404)


def counted_for(lang: str) -> Counted | None:
    """Return the fair's numbers with words in a language; None while there is no fair."""
    try:
        return count(db.session(), lang, _)
    except LookupError:
        return None


def lang_of_page() -> str:
    """Return the language of the page that is asked for."""
    return g.get("lang") or preferred_language()


def _file(content: bytes, mimetype: str, name: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f"attachment; filename={name}"})
