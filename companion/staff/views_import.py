"""Bringing in lists: choose a file, see what it would change, correct how it is read, apply it, take it back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from companion.catalogue.snapshot import NoFair
from companion.extensions import db
from companion.imports import ENDINGS, import_file
from companion.imports.choices import Choices
from companion.imports.corrections import ROLE
from companion.imports.headings import KINDS, fields_of, forget, learn
from companion.imports.marked import blank_workbook, marked_workbook
from companion.imports.preview import findings_of, preview
from companion.imports.problems import Refused
from companion.imports.read import MAX_MEGABYTES
from companion.imports.report import Report
from companion.imports.separated import DELIMITERS, ENCODINGS
from companion.imports.uploads import FOLDER, Upload, keep, kept
from companion.imports.workbook import edition_of
from companion.models import LearntHeading
from companion.staff.area import OFFICE, for_roles, staff
from companion.staff.field_names import KINDS as KIND_NAMES
from companion.staff.field_names import LISTS, field_name, value_text
from companion.staff.words import moment
from companion.sync.edits import Author
from companion.sync.history import Wanted, acts
from companion.sync.undo import undo

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ON_A_PAGE = 50
TABS = ("refused", "possible", "changed", "new", "same", "notes", "columns")
LARGEST_FORM = (MAX_MEGABYTES << 20) + (1 << 20)
"""Bytes of the form with a file; of this address alone is so much taken."""


@staff.get("/import")
@for_roles(*OFFICE)
def import_page() -> str:
    """Choose a file; what was imported lately; what the importer learnt."""
    latest = [act for act in acts(db.session(), Wanted(), 200) if act.role == ROLE][:10]
    learnt = db.session.scalars(select(LearntHeading).order_by(LearntHeading.kind, LearntHeading.heading)).all()
    return render_template(
        "staff/import.html", latest=latest, learnt=learnt, field_name=field_name, lists=LISTS, kinds=KIND_NAMES,
        endings=",".join(ENDINGS), megabytes=MAX_MEGABYTES, moment=partial(moment, db.session()),
    )  # fmt: skip


@staff.post("/import")
@for_roles(*OFFICE)
def import_brought() -> AnyResponse:
    """Keep the file that was brought and show what it would change; of this route alone is so much taken."""
    request.max_content_length = LARGEST_FORM
    try:
        file = request.files.get("file")
        if file is None or not file.filename:
            return _told(Refused("file_missing"))
        upload = keep(uploads_folder(), file.stream, file.filename)
    except RequestEntityTooLarge:
        return _told(Refused("file_too_big", other=str(MAX_MEGABYTES)))
    except Refused as refusal:
        return _told(refusal)
    return redirect(url_for("staff.import_file_page", digest=upload.hash), 303)


@staff.get("/import/<digest>")
@for_roles(*OFFICE)
def import_file_page(digest: str) -> str:
    """What the file would change; before it was tried, a page that has it tried."""
    upload, found = _upload(digest), None
    found = upload.found()
    if found is None:
        return render_template("staff/import_wait.html", upload=upload)
    show = request.args.get("show", "")
    show = show if show in TABS else first_tab(found)
    page = request.args.get("page", 1, int)
    rows = rows_of(found, show)
    return render_template(
        "staff/import_preview.html", upload=upload, found=found, choices=upload.choices(), show=show, tabs=tabs(found),
        rows=rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], page=page, pages=-(-len(rows) // ON_A_PAGE),
        field_name=field_name, value_text=value_text, lists=LISTS, kinds=KIND_NAMES, encodings=ENCODINGS,
        delimiters=DELIMITERS, fields={kind: fields_of(kind) for kind in KINDS}, gettext=gettext,
    )  # fmt: skip


@staff.post("/import/<digest>/try")
@for_roles(*OFFICE)
def import_tried(digest: str) -> AnyResponse:
    """Import the file for real and take it back before anybody sees it; keep what was found."""
    upload = _upload(digest)
    report = import_file(
        db.session(), upload.path, _author(), dry_run=True, choices=upload.choices(), name=upload.name, say=upload.say
    )
    upload.find(preview(report))
    return redirect(url_for("staff.import_file_page", digest=digest), 303)


@staff.get("/import/<digest>/stage")
@for_roles(*OFFICE)
def import_stage(digest: str) -> dict[str, str]:
    """The stage a trial or an import is at."""
    return {"stage": _upload(digest).stage()}


@staff.post("/import/<digest>/choices")
@for_roles(*OFFICE)
def import_chosen(digest: str) -> AnyResponse:
    """Keep what somebody says about the file, learn the headings they corrected, and try again."""
    upload = _upload(digest)
    choices = chosen(upload.choices(), request.form)
    _learn(upload.found() or {}, choices)
    db.session.commit()
    upload.choose(choices)
    return redirect(url_for("staff.import_file_page", digest=digest), 303)


@staff.post("/import/<digest>/apply")
@for_roles(*OFFICE)
def import_applied(digest: str) -> AnyResponse:
    """Import the file; what an earlier trial said may have changed since, so what was done is told again."""
    upload = _upload(digest)
    report = import_file(
        db.session(), upload.path, _author(), choices=upload.choices(), name=upload.name, say=upload.say
    )
    if not report.applied:
        db.session.rollback()
        upload.find(preview(report))
        return redirect(url_for("staff.import_file_page", digest=digest), 303)
    db.session.commit()
    if report.left_out:
        upload.find(preview(_left(report)))  # kept for a day: somebody may correct the rows
    else:
        upload.remove()
    flash(_summary(report), "fine")
    return redirect(url_for("staff.import_page"), 303)


@staff.get("/import/<digest>/marked.xlsx")
@for_roles(*OFFICE)
def import_marked(digest: str) -> Response:
    """The same workbook with the cells marked that have something wrong."""
    upload = _upload(digest)
    report = import_file(db.session(), upload.path, _author(), dry_run=True, choices=upload.choices(), name=upload.name)
    content = marked_workbook(report.sheets, report.findings, gettext)
    return _download(content, f"{Path(upload.name).stem}-marked.xlsx")


@staff.post("/import/<digest>/remove")
@for_roles(*OFFICE)
def import_removed(digest: str) -> AnyResponse:
    """Forget the file."""
    _upload(digest).remove()
    return redirect(url_for("staff.import_page"), 303)


@staff.get("/import/blank.xlsx")
@for_roles(*OFFICE)
def import_blank() -> Response:
    """A list to fill in."""
    try:
        return _download(blank_workbook(edition_of(db.session())), "registration.xlsx")
    except Refused as refused:
        raise NoFair(str(refused)) from None


@staff.post("/import/undo/<act>")
@for_roles(*OFFICE)
def import_undone(act: str) -> AnyResponse:
    """Take a whole import back, as one act; what somebody changed since stays."""
    try:
        undone = undo(db.session(), act, current_user.author)
    except ValueError:
        db.session.rollback()
        flash(gettext("This import is taken back already."), "problem")
        return redirect(url_for("staff.import_page"), 303)
    db.session.commit()
    flash(gettext("The import is taken back: %(count)s records are as before.", count=len(undone.edits)), "fine")
    if undone.kept:
        left = len({record for _, record, _ in undone.kept})
        stay = ngettext("%(num)s record changed since stays.", "%(num)s records changed since stay.", left)
        flash(stay, "problem")
    return redirect(url_for("staff.import_page"), 303)


@staff.post("/import/learnt/<int:number>/forget")
@for_roles(*OFFICE)
def import_forgotten(number: int) -> AnyResponse:
    """Forget what a heading means."""
    forget(db.session(), number)
    db.session.commit()
    return redirect(url_for("staff.import_page"), 303)


def chosen(before: Choices, form: Any) -> Choices:
    """Return the choices a form makes.

    Its fields: `encoding`, `delimiter`, `kind:SHEET`, `column:SHEET:7`, `same:ROW`, `leave`, `hidden`.
    """
    kinds, same = dict(before.kinds), dict(before.same)
    columns = {sheet: dict(of) for sheet, of in before.columns.items()}
    for name, value in form.items():
        what, _, rest = name.partition(":")
        if what == "kind":
            kinds[rest] = value
        elif what == "column" and value:
            sheet, _, at = rest.rpartition(":")
            columns.setdefault(sheet, {})[int(at)] = value
        elif what == "same":
            same[rest] = value
    return replace(
        before, encoding=form.get("encoding", before.encoding), delimiter=form.get("delimiter", before.delimiter),
        kinds={sheet: kind for sheet, kind in kinds.items() if kind}, columns=columns,
        same={row: value for row, value in same.items() if value},
        without_refused=form.get("leave", "yes" if before.without_refused else "") == "yes",
        skip_hidden=form.get("hidden", "no" if before.skip_hidden else "") == "no",
    )  # fmt: skip


def tabs(found: dict[str, Any]) -> dict[str, int]:
    """Return how much there is under each tab of a preview."""
    return {show: len(rows_of(found, show)) for show in TABS}


def first_tab(found: dict[str, Any]) -> str:
    """Return the tab that needs looking at first."""
    return next((show for show, rows in tabs(found).items() if rows), "notes")


def rows_of(found: dict[str, Any], show: str) -> list[Any]:
    """Return what stands under a tab."""
    if show in ("new", "changed", "same"):
        return [entry for entry in found["entries"] if entry["state"] == show]
    if show == "possible":
        return list(found["possible"])
    if show == "columns":
        return list(found["sheets"])
    findings = findings_of(found)
    return [one for one in findings if (one.severity == "error") == (show == "refused")]


def _learn(found: dict[str, Any], choices: Choices) -> None:
    for sheet in found.get("sheets", ()):
        kind = choices.kinds.get(sheet["name"]) or sheet["kind"]
        for column in sheet["columns"]:
            path = choices.columns.get(sheet["name"], {}).get(column["index"], "")
            if kind in KINDS and path in fields_of(kind):
                learn(db.session(), kind, column["heading"], path, current_user.author.name)


def _upload(digest: str) -> Upload:
    return kept(uploads_folder(), digest) or abort(404)


def _left(report: Report) -> Report:
    """What is still to be done once the good rows of a list are imported."""
    same = [replace(entry, state="same", fields=()) for entry in report.entries]
    counts = {kind: {"new": 0, "changed": 0, "same": sum(one.values())} for kind, one in report.counts.items()}
    return replace(report, entries=same, counts=counts)


def uploads_folder() -> Path:
    """Where files lie that are on their way in."""
    return Path(current_app.config["DATABASE_FOLDER"]) / FOLDER


def _author() -> Author:
    return Author(current_user.author.name, ROLE)


def _told(refusal: Refused) -> AnyResponse:
    flash(refusal.finding.note(gettext), "problem")
    return redirect(url_for("staff.import_page"), 303)


def _summary(report: Report) -> str:
    parts = [
        f"{KIND_NAMES[kind]}: {counts['new']} {gettext('new')}, {counts['changed']} {gettext('changed')}"
        for kind, counts in report.counts.items()
        if counts["new"] or counts["changed"]
    ]
    return " · ".join([gettext("%(file)s is imported.", file=report.file), *parts])


def _download(content: bytes, name: str) -> Response:
    response = Response(content, mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
