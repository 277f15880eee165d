"""Guides of two pages: each step a picture and one sentence, in all languages beside each other."""

from __future__ import annotations

from companion.catalogue.index import Catalogue
from companion.printing.codes import qr_svg, without_scheme
from companion.printing.signs import icon
from companion.printing.typeset import Copy
from companion.printing.words import _, in_each

FOR_EXHIBITORS = (
    ("scan", _("Scan your access card, press the button, choose a PIN. Your phone is now signed in.")),
    (
        "phone-ready",
        _("Everything works without a network. What you change waits on your phone and goes out by itself."),
    ),
    ("note", _("My page: press a pencil to correct a text, in French, Arabic and Tamazight.")),
    ("photo", _("Add photos: take them or choose them. They are made small on your phone.")),
    ("basket", _("Products: add, set the price, put them in order. Sold out today? One press.")),
    ("phone", _("Check your telephone and WhatsApp numbers: visitors call you with one press.")),
    ("vcard", _("My card: show the code to a visitor, and they have your contact. No network is needed.")),
    ("users", _("Contacts: scan a visitor's card or type the name. Ask first whether you may keep it.")),
    ("sms", _("Requests of visitors arrive here. Answer by call, WhatsApp or SMS.")),
    ("download", _("Take your contacts home: save them as a file for your phone or for Excel.")),
    ("plus", _("A second phone? Scan the same card. Both show the same, and you can end either.")),
    ("alert", _("Card lost? Tell the office: a new card ends the old one. Never photograph the card.")),
)

FOR_STAFF = (
    ("exit", _("Sign in at /staff/ with your name and password. Change the first password at once.")),
    ("upload", _("Import the list: look at the dry run, correct columns, then apply. An import can be undone.")),
    ("exhibitors", _("Correct an exhibitor: every change has its history and can be taken back.")),
    ("map", _("Place exhibitors on the plan: drag them, or choose a booth from the list.")),
    ("calendar", _("Change the programme and publish: phones show it within minutes when they have a network.")),
    ("info", _("Write a notice with a beginning and an end. Urgent ones stand at the top.")),
    ("print", _("Print posters and access cards. Every code is read again before you get the file.")),
    ("scan", _("On the floor: scan a poster to check an exhibitor in or to move a booth, also without a network.")),
    ("phone-ready", _("Without a network go on working. Look at the number of what still waits to be sent.")),
    ("alert", _("Two people changed the same thing? Both values are kept. Choose on the page Today.")),
    ("users", _("What visitors ask of exhibitors is private: staff see how many, not what.")),
    ("online", _("The server stopped? Visitors who have the fair notice nothing. Start it again, calmly.")),
)


def exhibitors_guide(catalogue: Catalogue, base_url: str) -> Copy:
    """The guide for exhibitors."""
    return _guide(catalogue, f"{base_url}/in", _("Exhibitor's guide"), FOR_EXHIBITORS)


def staff_guide(catalogue: Catalogue, base_url: str) -> Copy:
    """The guide for the office and the floor team."""
    return _guide(catalogue, f"{base_url}/staff/", _("Staff's guide"), FOR_STAFF)


def _guide(catalogue: Catalogue, address: str, title: str, steps: tuple[tuple[str, str], ...]) -> Copy:
    languages = catalogue.fair["languages"]
    data = {
        "title": in_each(title, languages),
        "steps": [{"icon": icon(name, "#fff"), "words": in_each(words, languages)} for name, words in steps],
        "fair": catalogue.fair["name"],
        "address": without_scheme(address),
        "code": qr_svg(address),
    }
    return Copy("guide", data, says=[[], [address]], module=30 / 37, tagged=True)
