"""Why an edit is refused: every code once, with the sentence a person is told."""

from __future__ import annotations

from typing import NamedTuple

SENTENCES = {
    "malformed": "This change cannot be read.",
    "too_large": "This change is too large.",
    "kind_unknown": "This server does not know this kind of record.",
    "field_unknown": "This server does not know this field.",
    "value_wrong": "This value cannot be stored.",
    "base_wrong": "This change names a field it does not change.",
    "clock_wrong": "The clock of this phone is far ahead. Set it, and write this again.",
    "id_taken": "This id belongs to another change.",
    "no_right": "You may not change this.",
    "secret_wrong": "Only the phone that left this request can take it back. Ask the office.",
    "record_guessable": "This request has no random id.",
    "exhibitor_unknown": "This exhibitor is not at the fair.",
    "exhibitor_withdrawn": "This exhibitor has withdrawn from the fair.",
    "exhibitor_busy": "This exhibitor has many requests at the moment. Try again later.",
    "wants_wrong": "Choose what you want.",
    "reach_missing": "Give a phone number, a WhatsApp number or an e-mail address.",
    "phone_wrong": "This phone number cannot be read.",
    "email_wrong": "This e-mail address cannot be read.",
    "text_wrong": "This text is too long.",
    "text_hidden": "This text holds invisible characters. Type it again instead of pasting it.",
    "text_lookalike": "This text holds letters that pass for others. Type each word in one script.",
    "text_marks": "This text holds too many marks on one letter. Type it again without them.",
    "text_blank": "This text shows nothing. Write something, or leave it empty.",
    "products_wrong": "This list of products cannot be read.",
    "lang_wrong": "This language is not known.",
    "consent_missing": "Agree to how the request is used.",
    "time_wrong": "This date cannot be read.",
    "tally_wrong": "This count cannot be read.",
    "not_accepted": "This request is not accepted.",
}
"""Codes are stable: phones act on them. Sentences are English; a phone shows its own translation."""


class Problem(NamedTuple):
    """Why an edit is refused, and the field it is about, empty when it is the whole."""

    code: str
    field: str = ""

    def __str__(self) -> str:
        return SENTENCES[self.code] + (f" ({self.field})" if self.field else "")
