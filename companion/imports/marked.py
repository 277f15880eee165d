"""Workbooks out: the office's own list with what is wrong marked in it, and a blank list to fill in.

Everything is written as text, number or date, never as a formula, whatever a cell begins with.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from companion.catalogue import communes, vocabulary
from companion.imports.edition import Edition
from companion.imports.problems import Finding, Translate
from companion.imports.read import Cell, Sheet
from companion.imports.tables import reference

PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
COLOURS = {"error": "#f4b6a6", "warning": "#fbe3a1", "info": "#dfe6c4"}
WORST = ("error", "warning", "info")


def marked_workbook(sheets: list[Sheet], findings: list[Finding], translate: Translate) -> bytes:
    """Return the same workbook with every cell that has a finding coloured and explained in a comment."""
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.row is not None:
            found[finding.sheet, finding.cell or reference(finding.row - 1, 0)].append(finding)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as book:
        formats = {severity: book.add_format({"bg_color": colour}) for severity, colour in COLOURS.items()}
        days = {severity: book.add_format({"bg_color": colour, "num_format": "dd/mm/yyyy"})
                for severity, colour in COLOURS.items()}  # fmt: skip
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for at, sheet in enumerate(sheets):
            page = book.add_worksheet(_sheet_name(sheet.name, at))
            for number, row in enumerate(sheet.rows):
                for column, cell in enumerate(row):
                    here = found.get((sheet.name, reference(number, column)), [])
                    worst = next((one for one in WORST if any(each.severity == one for each in here)), "")
                    put(page, number, column, cell, formats.get(worst), days.get(worst, day))
                    if here:
                        note = "\n".join(dict.fromkeys(one.note(translate) for one in here))
                        page.write_comment(number, column, note, {"x_scale": 2, "y_scale": 1 + len(note) / 120})
            page.freeze_panes(1, 0)
    return out.getvalue()


def put(page: Worksheet, row: int, column: int, cell: Cell, form: Format | None, day: Format) -> None:
    """Write one cell; text stays text."""
    if cell is None:
        page.write_blank(row, column, None, form)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, day)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, form)
    elif isinstance(cell, float):
        page.write_number(row, column, cell, form)
    else:
        page.write_string(row, column, cell[:32_000], form)


def _sheet_name(name: str, at: int) -> str:
    allowed = "".join(" " if mark in "[]:*?/\\" else mark for mark in name).strip("' ")[:31]
    return allowed or f"{at + 1}"


BLANK = (
    ("N°", "number", 6),
    ("Nom (FR)\nالاسم بالفرنسية\nⵉⵙⵎ (FR)", "name.fr", 34),
    ("Nom en arabe\nالاسم بالعربية", "name.ar", 30),
    ("Nom en tamazight\nالاسم بالأمازيغية\nⵉⵙⵎ (tamazight)", "name.zgh", 30),
    ("Type\nالنوع\nⴰⵏⴰⵡ", "kind", 20),
    ("Secteur d'activité\nالقطاع\nⵉⴳⵔ", "sector", 26),
    ("Commune\nالجماعة", "commune", 20),
    ("Province\nالإقليم", "province", 18),
    ("Présentation (FR)\nالتقديم بالفرنسية", "about.fr", 44),
    ("Présentation en arabe\nالتقديم بالعربية", "about.ar", 44),
    ("Année de création\nسنة التأسيس", "founded", 12),
    ("Nombre de membres\nعدد الأعضاء", "members", 12),
    ("dont femmes\nعدد النساء", "women", 12),
    ("Téléphone\nرقم الهاتف\nⵜⵉⵍⵉⴼⵓⵏ", "phones", 20),
    ("WhatsApp\nواتساب", "whatsapp", 20),
    ("E-mail\nالبريد الإلكتروني", "email", 26),
    ("Site web\nالموقع", "website", 26),
    ("N° de stand\nرقم الرواق", "booths", 12),
    ("Labels\nعلامات الجودة", "labels", 22),
    ("Certifications\nالشهادات", "certifications", 22),
    ("Livraison\nالتوصيل", "delivery", 11),
    ("Commandes\nالطلبات", "orders", 11),
    ("Langues\nاللغات", "languages", 20),
    ("Paiement\nوسائل الأداء", "payment", 20),
    ("Observations (interne)\nملاحظات", "note", 30),
)
"""The columns of a blank list: heading in three languages, the field it is read as, width."""

ROWS_TO_FILL = 1000


def blank_workbook(edition: Edition, example: str = "Exemple") -> bytes:
    """Return a list to fill in: headings in three languages, drop-downs, and an example that is not imported."""
    choices = _choices(edition)
    sample = _example(edition, choices) | {"number": example}
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#f2e8d5", "border": 1})
        grey = book.add_format({"italic": True, "font_color": "#857561", "text_wrap": True, "valign": "top"})
        page, lists = book.add_worksheet("Exposants"), book.add_worksheet("Choix")
        page.set_row(0, 48)
        page.freeze_panes(1, 2)
        for at, (heading, path, width) in enumerate(BLANK):
            page.set_column(at, at, width)
            page.write_string(0, at, heading, head)
            page.write_string(1, at, sample.get(path, ""), grey)
        for column, (path, values) in enumerate(choices.items()):
            for row, value in enumerate(values):
                lists.write_string(row, column, value)
            at = next(place for place, (_, of, _) in enumerate(BLANK) if of == path)
            cells = f"$A$1:$A${len(values)}".replace("A", reference(0, column)[:-1])
            rule = {"validate": "list", "source": f"=Choix!{cells}", "error_type": "warning"}
            page.data_validation(1, at, ROWS_TO_FILL, at, rule)
        lists.hide()
    return out.getvalue()


def _choices(edition: Edition) -> dict[str, list[str]]:
    def french(names: Mapping[str, Any]) -> list[str]:
        return [texts.get("fr") or next(iter(texts.values())) for texts in names.values()]

    chosen = {
        "kind": french(vocabulary.family("kind")),
        "sector": french({code: names for code, (names, _) in edition.sectors.items()}),
        "province": french(communes.provinces()),
        "commune": sorted(names.names["fr"] for names in communes.communes().values()),
        "delivery": ["Oui", "Non"],
        "orders": ["Oui", "Non"],
    }
    return {path: values for path, values in chosen.items() if values}


def _example(edition: Edition, choices: Mapping[str, list[str]]) -> dict[str, str]:
    return {
        "name.fr": "Coopérative Exemple",
        "name.ar": "تعاونية المثال",
        "name.zgh": "ⵜⴰⵎⵢⴰⵡⴰⵙⵜ",
        "phones": "06 12 34 56 78",
        "email": "contact@exemple.example",
        "founded": str(edition.first.year - 5),
        "members": "12",
        "women": "8",
        "languages": "français, arabe, tamazight",
        "payment": "espèces",
    } | {path: values[0] for path, values in choices.items()}
