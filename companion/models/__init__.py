"""All tables. Synced records by subject; the log; accounts."""

from companion.models.access import Attempt, Card, Phone
from companion.models.accounts import ROLES, SignInTry, Staff, StaffSession
from companion.models.base import MAX_TEXT, Base, Personal, Synced, Texts, fields_of, texts_of
from companion.models.exhibitors import Exhibitor, Product
from companion.models.fair import Fair, Notice, Sector, Zone, fair_zone
from companion.models.floor import Booth, Place
from companion.models.held import HeldEdit
from companion.models.imports import LearntHeading
from companion.models.leads import Lead, Remark
from companion.models.log import LogEntry, LogHead
from companion.models.nodes import Device, Node, Roll, UntakenEdit
from companion.models.photos import Photo, Picture
from companion.models.printing import PrintedPoster
from companion.models.programme import Workshop
from companion.models.requests import Request, Tally
from companion.models.troubles import Trouble

KINDS: dict[str, type[Synced]] = {
    model.KIND: model
    for model in (
        Fair,
        Zone,
        Sector,
        Notice,
        Exhibitor,
        Product,
        Booth,
        Place,
        Workshop,
        Request,
        Tally,
        Lead,
        Remark,
        Photo,
        Trouble,
    )
}
"""Every kind of synced record by its name in edits."""

__all__ = [
    "KINDS", "MAX_TEXT", "ROLES", "Attempt", "Base", "Booth", "Card", "Device", "Exhibitor", "Fair", "HeldEdit", "Lead",
    "LearntHeading", "LogEntry", "LogHead", "Node", "Notice", "Personal", "Phone", "Photo", "Picture", "Place",
    "PrintedPoster", "Product", "Remark", "Request", "Roll", "Sector", "SignInTry", "Staff", "StaffSession", "Synced",
    "Tally", "Texts", "Trouble", "UntakenEdit", "Workshop", "Zone", "fair_zone", "fields_of", "texts_of",
]  # fmt: skip
