"""What an importer can find wrong with a cell, a row or a file, and what it tells the office to do about it.

The sentences are gettext ids: `%(value)s` is what the cell holds, `%(other)s` what it clashes with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Severity = Literal["error", "warning", "info"]
"""An error refuses the file; a warning is imported as far as it could be read; an info asks for nothing."""


def _(message: str) -> str:
    """Mark a sentence for extraction; it is translated when it is shown."""
    return message


class Translate(Protocol):
    """`flask_babel.gettext`, or anything called like it."""

    def __call__(self, message: str, **parameters: str) -> str:
        """Return the message in the reader's language, filled in."""
        ...


def untranslated(message: str, **parameters: str) -> str:
    """Fill in a sentence without translating it."""
    return message % parameters


@dataclass(frozen=True)
class Finding:
    """One problem at one place. `row` counts from 1 as the sheet does; `column` is the heading as written."""

    problem: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    cell: str = ""
    value: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How much this problem matters; the same for every finding of a problem."""
        return PROBLEMS[self.problem][0]

    def note(self, translate: Translate = untranslated) -> str:
        """Say what is wrong and what to do."""
        parameters = {"value": self.value or "", "other": ""} | self.parameters
        return " ".join(translate(sentence, **parameters) for sentence in PROBLEMS[self.problem][1:])

    def line(self, translate: Translate = untranslated) -> str:
        """Return the finding as one line for a terminal: where, what, what to do."""
        place = " ".join(part for part in (self.sheet, self.cell, f"[{self.column}]" if self.column else "") if part)
        return f"{self.severity}: {place + ': ' if place else ''}{self.note(translate)}"

    def as_json(self, translate: Translate = untranslated) -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        return {
            "sheet": self.sheet, "row": self.row, "column": self.column, "cell": self.cell,
            "problem": self.problem, "severity": self.severity, "value": self.value,
            "note": self.note(translate),
        }  # fmt: skip


class Unreadable(ValueError):
    """A cell's content cannot be read; `problem` names why, `value` what could be read of it all the same."""

    def __init__(self, problem: str, value: Any = None, **parameters: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.value = value
        self.parameters = parameters


class Refused(Exception):
    """A whole file cannot be read."""

    def __init__(self, problem: str, **parameters: str) -> None:
        super().__init__(problem)
        self.finding = Finding(problem, parameters=parameters)


PROBLEMS: dict[str, tuple[Severity, str, str]] = {
    # the file
    "file_missing": ("error", _("There is no such file."), _("Check its name and folder.")),
    "unknown_file_type": ("error", _("This kind of file cannot be imported."),
        _("Save the list as .xlsx, .ods or .csv; the fair itself is a .toml file.")),
    "web_page": ("error", _("This is a web page named %(other)s."),
        _("Open it in Excel or LibreOffice and save it as .xlsx.")),
    "xml_spreadsheet": ("error", _("This is an XML spreadsheet named %(other)s."),
        _("Open it in Excel or LibreOffice and save it as .xlsx.")),
    "numbers_document": ("error", _("This is a document of Apple's Numbers named %(other)s."),
        _("Open it in Numbers and export it as an Excel file (.xlsx).")),
    "word_document": ("error", _("This is a text document named %(other)s."),
        _("Copy its table into a spreadsheet and save it as .xlsx.")),
    "pdf_document": ("error", _("This is a PDF named %(other)s."),
        _("Ask for the list it was made from, as .xlsx.")),
    "picture": ("error", _("This is a picture named %(other)s."),
        _("Ask for the list itself, as .xlsx.")),
    "archive": ("error", _("This is a compressed folder named %(other)s."),
        _("Unpack it and choose the list in it.")),
    "empty_file": ("error", _("The file is empty."), _("Save the list again and choose that file.")),
    "file_too_big": ("error", _("The file is larger than %(other)s MB."),
        _("Remove pictures and unused sheets, then save it again.")),
    "not_a_workbook": ("error", _("The file is damaged or is no workbook."),
        _("Open it and save it again as .xlsx.")),
    "not_text": ("error", _("The file is not text."),
        _("Save the list again as CSV, or as .xlsx.")),
    "wrong_encoding": ("error", _("The file cannot be read in this encoding."), _("Choose another one.")),
    "has_macros": ("error", _("The file holds macros: it is not opened."),
        _("Save it as .xlsx, which has none.")),
    "password_protected": ("error", _("The file is protected by a password."),
        _("Save it without a password.")),
    "unsafe_file": ("error", _("The file holds declarations that no spreadsheet writes."),
        _("Copy the list into a new workbook and import that one.")),
    "too_many_cells": ("error", _("The workbook fills far more cells than a list of exhibitors."),

        _("Delete the empty rows and columns after the list (they hold something far away), then save it again.")),
    "too_slow": ("error", _("Reading the file takes too long."),
        _("Copy the list into a new workbook and import that one.")),
    "invalid_toml": ("error", _("The file is not valid TOML: %(other)s."), _("Correct that line.")),
    "no_list_found": ("error", _("No sheet has headings that are known."),
        _("Put a row of headings above the list, for example Name, Type, Sector, Booth.")),
    "no_fair": ("error", _("There is no fair yet."), _("Import the fair's own file (fair.toml) first.")),
    # headings
    "unknown_column": ("info", _("The heading “%(value)s” is not known: this column is left out."),
        _("Rename it if it should be imported.")),
    "repeated_column": ("info", _("Another column has been read for the same thing: this one is left out."),
        _("Delete one of the two, or rename it.")),
    "unknown_sheet": ("info", _("The sheet “%(other)s” has no headings that are known: it is left out."),
        _("Nothing to do, unless it holds a list.")),
    # any cell
    "merged_cells": ("error", _("The cells %(other)s are merged: only the first holds something."),
        _("Unmerge them and fill in each row.")),
    "formula_injection": ("error", _("A text begins like a formula or is one."), _("Type the text itself.")),
    "formula_value": ("warning", _("This cell is a formula: its last value is imported."),
        _("Check the value, or type it in.")),
    "empty_kept": ("info", _("Empty cells change nothing: this format does not tell them from formulas with an error."),
        _("To empty fields, save the list as .xlsx and import that one.")),
    "unsaved_formula": ("warning", _("“%(value)s” is a formula without a saved value: the field is left as it is."),
        _("Open the file in a spreadsheet, save it and import it again, or type the value.")),
    "error_cell": ("warning", _("The cell holds the error “%(value)s”, not a value: the field is left as it is."),
        _("Correct the formula or type the value; empty the cell to empty the field.")),
    "hidden_rows": ("warning", _("%(other)s hidden or filtered rows are imported as well."),
        _("Leave out what is hidden if they do not belong to the list.")),
    "hidden_rows_left_out": ("warning", _("%(other)s hidden or filtered rows are left out."), _("Nothing to do.")),
    "hidden_sheet": ("warning", _("This sheet is hidden: it is imported as well."),
        _("Leave out what is hidden if it does not belong to the list.")),
    "hidden_sheet_left_out": ("warning", _("This sheet is hidden: it is left out."), _("Nothing to do.")),
    "html_in_text": ("error", _("The text holds HTML."), _("Remove everything between < and >.")),
    "text_too_long": ("error", _("The text has %(other)s characters, which is too long."), _("Shorten it.")),
    "control_or_bidi_characters": ("warning", _("The text holds invisible characters: %(other)s."),
        _("They are removed; type the text again to be sure.")),
    "text_lookalike": ("error", _("A word mixes letters of several scripts, or has letters that pass for others."),
        _("Type each word again in one script.")),
    "text_hidden": ("error", _("This text holds invisible characters. Type it again instead of pasting it."),
        _("Type the text again without them.")),
    "text_blank": ("error", _("This text shows nothing. Write something, or leave it empty."),
        _("Type the text itself.")),
    "text_marks": ("error", _("A letter bears too many marks."), _("Type the text again without them.")),
    "wrong_script": ("warning", _("This text is not in the script of its column: it is left out."),
        _("Write it in that script, or leave the cell empty.")),
    "invalid_number": ("error", _("“%(value)s” is not a number."), _("Type digits only.")),
    "negative_number": ("error", _("The number is negative."), _("Type a number of 0 or more.")),
    "unknown_boolean": ("warning", _("“%(value)s” is neither yes nor no: it is left out."),
        _("Write yes or no.")),
    "missing_name": ("error", _("The name is missing."), _("Type it in this cell.")),
    "missing_arabic": ("warning", _("The Arabic text is missing."),
        _("Add it; until then the French one is shown.")),
    "duplicate_code": ("error", _("The code %(value)s is already used in %(other)s."),
        _("Give each its own code.")),
    "missing_code": ("error", _("The code is missing."), _("Type it in this cell.")),
    "unknown_type": ("error", _("The type “%(value)s” is not known."), _("Use one of: %(other)s.")),
    "missing_number": ("error", _("The number is missing."), _("Type it in this cell.")),
    # exhibitors
    "missing_type": ("error", _("The type is missing."), _("Use one of: %(other)s.")),
    "missing_sector": ("warning", _("The sector is missing."), _("Type it in this cell.")),
    "unknown_sector": ("error", _("The sector “%(value)s” is not one of this fair's."),
        _("Use one of: %(other)s.")),
    "unknown_zone": ("warning",
        _("The zone “%(value)s” is not one of this fair's: the sector's zone is taken."),
        _("Use one of: %(other)s.")),
    "unknown_province": ("error", _("The province “%(value)s” is not known."), _("Use one of: %(other)s.")),
    "unknown_commune": ("warning", _("The commune “%(value)s” is not known: it is kept as written."),
        _("Check its spelling.")),
    "commune_province_mismatch": ("error", _("The commune “%(value)s” is in the province of %(other)s."),
        _("Correct the commune or the province.")),
    "invalid_year": ("error", _("“%(value)s” holds no year."), _("Type four digits, for example 2016.")),
    "year_in_future": ("error", _("The year is after the fair."), _("Correct the year.")),
    "women_exceed_members": ("warning",
        _("There are more women than members: the number of women is left out."),
        _("Correct one of the two numbers.")),
    "invalid_phone": ("error", _("“%(value)s” is not a telephone number."),
        _("Type it like 06 12 34 56 78 or +212 6 12 34 56 78.")),
    "scientific_phone": ("error", _("“%(value)s” is a number that Excel has shortened: its last digits are lost."),
        _("Format the column as text and type the whole telephone number.")),
    "phone_remainder": ("warning", _("“%(value)s”: %(other)s is imported, the other digits are no whole number."),
        _("Type each telephone number in full.")),
    "invalid_email": ("error", _("“%(value)s” is not an e-mail address."),
        _("Correct it or leave the cell empty.")),
    "unsafe_url": ("error", _("This address cannot be opened safely."),
        _("Only addresses with http:// or https:// can be used.")),
    "invalid_url": ("warning", _("“%(value)s” is not a web address: it is left out."),
        _("Correct it or leave the cell empty.")),
    "unknown_language": ("warning", _("The language %(other)s is not known: it is left out."),
        _("Check its spelling.")),
    "unknown_payment": ("warning", _("The means of payment %(other)s is not known: it is left out."),
        _("Check its spelling.")),
    "duplicate_row": ("warning",
        _("The same exhibitor is in %(other)s: the rows are imported as one, the first counts."),
        _("Delete one of the rows.")),
    "duplicate_exhibitor": ("error",
        _("Another exhibitor in %(other)s has this name and these contacts, the rest differs."),
        _("Delete one of the rows or correct the name or the contacts.")),
    "duplicate_number": ("error", _("The number %(value)s is already used in %(other)s."),
        _("Give each its own number.")),
    "duplicate_booth": ("error", _("The booth %(value)s is already given in %(other)s."),
        _("Give each exhibitor their own booth.")),
    "unknown_booth": ("error", _("There is no booth %(value)s on the plan."),
        _("Correct it here or add it to the plan.")),
    "booth_outside_plan": ("error", _("The booth %(value)s lies outside the plan."),
        _("Correct its place in the sheet of the plan.")),
    "booth_disagrees": ("warning",
        _("The plan gives this booth to %(other)s: the list of exhibitors counts."),
        _("Correct the list or the plan.")),
    # products
    "unknown_exhibitor": ("error", _("There is no exhibitor %(value)s in the list."),
        _("Correct the number or the name.")),
    "ambiguous_exhibitor": ("error", _("Several exhibitors are called “%(value)s”."),
        _("Add the exhibitor's number.")),
    "exhibitor_disagrees": ("warning", _("The number belongs to “%(other)s”: the number counts."),
        _("Correct the number or the name.")),
    "invalid_price": ("error", _("“%(value)s” is not a price."),
        _("Type digits, or leave the cell empty when the price depends.")),
    "missing_unit": ("error", _("The unit tells which product this is, and cannot be read."),
        _("Type it in this cell.")),
    "implausible_price": ("warning", _("The price is very high."), _("Check it.")),
    "duplicate_product": ("warning", _("The same product is in %(other)s: it is imported once."),
        _("Delete one of the rows.")),
    # workshops
    "invalid_date": ("error", _("“%(value)s” is not a date."), _("Type it like 03/07/2027.")),
    "missing_date": ("error", _("The date is missing."), _("Type it in this cell.")),
    "date_outside_fair": ("error", _("The fair is not open on this day."), _("Use a day from %(other)s.")),
    "invalid_time": ("error", _("“%(value)s” is not a time."), _("Type it like 10:30.")),
    "missing_time": ("error", _("The time is missing."), _("Type it like 10:30.")),
    "ambiguous_time": ("error", _("“%(value)s” may be morning or afternoon."), _("Type it like 10:30 or 14:30.")),
    "weekday_disagrees": ("error", _("“%(value)s”: the day of the week is not that of %(other)s."),
        _("Correct the day of the week or the date.")),
    "date_with_zone": ("error", _("“%(value)s” is a time in another time zone."),
        _("Type the day as it is at the fair, like 03/07/2027.")),
    "other_day": ("error", _("“%(value)s” is not on the day of this row, %(other)s."),
        _("Type the time alone, like 10:30, or correct the date.")),
    "two_ends": ("error", _("“%(value)s” disagrees with %(other)s in the cell beside it."),
        _("Type the start and the end in a cell each.")),
    "at_midnight": ("error", _("A workshop cannot end at midnight or start at 24:00."), _("Type 23:59 as the end.")),
    "end_before_start": ("error", _("The end is not after the start."), _("Correct one of the two times.")),
    "missing_room": ("error", _("The room is missing."), _("Type it in this cell.")),
    "unknown_room": ("error", _("The room “%(value)s” is not on the plan."), _("Use one of: %(other)s.")),
    "room_overlap": ("error", _("The room is taken at this time by %(other)s."),
        _("Change the time or the room.")),
    "unknown_status": ("warning", _("The status “%(value)s” is not known: it is taken as confirmed."),
        _("Write confirmed, postponed or cancelled.")),
    # the plan
    "non_positive_size": ("error", _("The size is not greater than 0."),
        _("Type it in metres, for example 2.")),
    "outside_area": ("error", _("The place reaches outside the plan of %(other)s m."),
        _("Correct its position or size.")),
    "overlapping_booth": ("error", _("The booth lies over %(other)s."), _("Correct its position or size.")),
    # what is in the database already
    "possible_duplicate": ("warning", _("This may be %(other)s, who is on the list already."),
        _("Say whether they are the same.")),
    "merged_row": ("info", _("This row was merged into %(other)s: it is left out."),
        _("Delete the row from the list.")),
    "missing_from_file": ("info", _("%(other)s is not in this file: nothing is changed."),
        _("Withdraw it in the staff pages if it is no longer coming.")),
    "kept_correction": ("info", _("%(other)s was corrected since the last import: the correction is kept."),
        _("Nothing to do.")),
    "replaced_correction": ("warning",
        _("%(other)s was corrected since the last import, and the file has a new value: the file's counts."),
        _("Check it in the staff pages.")),
}  # fmt: skip
