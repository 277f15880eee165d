"""An exhibitor's contacts as an XLSX workbook."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Lead, Remark, fair_zone
from companion.sync.merged import codes
from companion.zones import local


def contacts_xlsx(session: Session, exhibitor: str, _: Callable[[str], str]) -> bytes:
    """Return the contacts of the exhibitor with this code and of those merged with it, the newest first.

    `_` translates the headings.

    Everything is text: a name that begins with `=` stays a name.
    """
    headings = (
        _("Name"), _("Organisation"), _("Town"), _("Phone"), _("WhatsApp"), _("E-mail"), _("Interest"), _("Stars"),
        _("Tags"), _("To do"), _("Notes"), _("Taken on"), _("Consent"),
    )  # fmt: skip
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 18)
    for number, row in enumerate(_rows(session, exhibitor), 1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value)
    book.close()
    return out.getvalue()


def _rows(session: Session, exhibitor: str) -> list[list[str]]:
    remarks: dict[str, list[Remark]] = defaultdict(list)
    own = codes(session, exhibitor)
    query = select(Remark).where(Remark.exhibitor.in_(own), ~Remark.deleted).order_by(Remark.at, Remark.id)
    for remark in session.scalars(query):
        remarks[remark.lead].append(remark)
    zone = fair_zone(session)
    leads = select(Lead).where(Lead.exhibitor.in_(own), ~Lead.deleted).order_by(Lead.at.desc(), Lead.id)
    return [
        [
            lead.name, lead.organisation, lead.town, lead.phone or "", lead.whatsapp or "", lead.email or "",
            lead.interest, "★" * lead.stars, ", ".join(lead.tags), lead.state,
            "\n".join(f"{local(zone, note.at).replace('T', ' ')} {note.by}: {note.text}" for note in remarks[lead.id]),
            local(zone, lead.at).replace("T", " "), f"{lead.consent} {lead.consent_lang}".strip(),
        ]
        for lead in session.scalars(leads)
    ]  # fmt: skip
