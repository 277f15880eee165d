"""The whole fair as the workbook it came from: importing it again changes nothing. And the public catalogue as a table.

What visitors asked and what exhibitors noted is in neither.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue import vocabulary
from companion.catalogue.communes import communes, provinces
from companion.imports.contacts import booth_codes
from companion.imports.marked import PLAIN, put
from companion.imports.problems import Unreadable
from companion.imports.read import Cell
from companion.languages import LANGUAGES
from companion.models import Booth, Exhibitor, Place, Product, Sector, Synced, Workshop

Record = TypeVar("Record", bound=Synced)
Columns = dict[str, Cell]

IN_WORDS = {"fr": "FR", "ar": "arabe", "zgh": "tamazight", "en": "anglais"}
STATUSES = {
    "free": "libre",
    "occupied": "occupé",
    "confirmed": "confirmé",
    "postponed": "reporté",
    "cancelled": "annulé",
}
_LIVE = re.compile(r"[=@\t\r]|[+\-](?!\d+$)")


def fair_workbook(session: Session) -> bytes:
    """Return the fair as a workbook with the sheets Exposants, Produits, Ateliers and Plan."""
    exhibitors = sorted(_there(session, Exhibitor), key=lambda one: (one.number.zfill(20), one.code))
    booths = _there(session, Booth)
    by_id = {one.id: one for one in exhibitors}
    sheets: dict[str, list[Columns]] = {
        "Exposants": _exhibitors(session, exhibitors, booths),
        "Produits": _products(session, by_id),
        "Ateliers": _workshops(session),
        "Plan": _plan(booths, _there(session, Place), by_id),
    }
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as book:
        head = book.add_format({"bold": True, "bg_color": "#f2e8d5"})
        for name, rows in sheets.items():
            if rows:
                page = book.add_worksheet(name)
                page.freeze_panes(1, 0)
                lines: list[list[Cell]] = [list(rows[0]), *(list(row.values()) for row in rows)]
                for number, line in enumerate(lines):
                    for column, cell in enumerate(line):
                        put(page, number, column, cell, head if number == 0 else None, head)
        if not any(sheets.values()):
            book.add_worksheet("Exposants")
    return out.getvalue()


def catalogue_csv(snapshot: Mapping[str, Any]) -> bytes:
    """Return the public records of exhibitors as CSV for Excel: UTF-8 with its mark, `;` between, nothing live."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    languages = [lang for lang in LANGUAGES if any(lang in one["name"] for one in snapshot["exhibitors"])]
    plain = (
        "kind",
        "sector",
        "zone",
        "province",
        "commune",
        "founded",
        "members",
        "women",
        "whatsapp",
        "email",
        "website",
    )
    lists = ("phones", "booths", "labels", "certifications", "languages", "payment")
    texts = [(name, lang) for name in ("name", "about") for lang in languages]
    writer.writerow(["code", *(f"{name}.{lang}" for name, lang in texts), *plain, *lists])
    for one in snapshot["exhibitors"]:
        row = [one["code"], *(one.get(name, {}).get(lang, "") for name, lang in texts)]
        row += [one.get(name, "") for name in plain] + [", ".join(one.get(name, ())) for name in lists]
        writer.writerow([_still(str(cell)) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def _still(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    spaced = re.sub(
        r"\+212(\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)", r"+212 \1 \2 \3 \4 \5", text
    )  # stays text in a spreadsheet
    return f"'{text}" if _LIVE.match(text) and not re.fullmatch(r"\+[\d ]+(, \+[\d ]+)*", spaced) else spaced


def _there(session: Session, model: type[Record]) -> list[Record]:
    rows = session.scalars(select(model).where(model.deleted.is_(False)).order_by(model.id))
    return sorted(rows, key=lambda one: getattr(one, "code", ""))


def _in_languages(name: str, texts: Mapping[str, str], spoken: Iterable[str]) -> dict[str, Cell]:
    return {f"{name} ({IN_WORDS[lang]})": texts.get(lang) for lang in spoken}


def _spoken(records: Iterable[Any], *names: str) -> list[str]:
    """Return the languages some of these texts are in; French and Arabic always."""
    used = {lang for one in records for name in names for lang in getattr(one, name)}
    return [lang for lang in IN_WORDS if lang in used | {"fr", "ar"}]


def _yes(value: bool | None) -> Cell:
    return None if value is None else "oui" if value else "non"


def _number(value: float | None) -> Cell:
    return None if value is None else float(value)


def _words(family: str, codes: Iterable[str]) -> Cell:
    known = vocabulary.family(family)
    return ", ".join(known[code]["fr"] if code in known else code for code in codes) or None


def _exhibitors(session: Session, exhibitors: list[Exhibitor], booths: list[Booth]) -> list[Columns]:
    spoken = _spoken(exhibitors, "name", "about")
    sectors = {one.code: one.name for one in _there(session, Sector)}
    stands: dict[str | None, list[str]] = defaultdict(list)
    drawn = any(booth.w > 0 for booth in booths)
    for booth in booths:
        if _is_usual(booth.code) and (booth.w > 0 or not drawn):
            stands[booth.exhibitor].append(booth.code)
    return [
        {
            "N°": one.number or None,
            "Code Rafiq": one.code,
            **_in_languages("Nom", one.name, spoken),
            "Type": _words("kind", [one.kind]),
            "Secteur d'activité": sectors.get(one.sector, {}).get("fr") or one.sector or None,
            "Pôle": one.zone or None,
            "Commune": communes()[one.commune].names["fr"] if one.commune in communes() else one.commune_text or None,
            "Province": provinces()[one.province]["fr"] if one.province in provinces() else None,
            **_in_languages("Présentation", one.about, spoken),
            "Année de création": _number(one.founded),
            "Nbre d'adhérents": _number(one.members),
            "dont femmes": _number(one.women),
            "Dirigée par une femme": _yes(one.women_led),
            "Téléphone": " / ".join(one.phones) or None,
            "WhatsApp": one.whatsapp,
            "E-mail": one.email,
            "Site web": one.website,
            "N° de stand": ", ".join(stands[one.id]) or None,
            "Labels": ", ".join(one.labels) or None,
            "Certifications": ", ".join(one.certifications) or None,
            "Livraison": _yes(one.delivery),
            "Commandes ouvertes": _yes(one.orders),
            "Langues parlées": _words("language", one.languages),
            "Moyens de paiement": _words("payment", one.payment),
            "Désisté": _yes(one.withdrawn),
            "Observations (interne)": one.note or None,
        }
        for one in exhibitors
    ]


def _is_usual(code: str) -> bool:
    try:
        return booth_codes(code) == [code]
    except Unreadable:
        return False


def _products(session: Session, exhibitors: Mapping[str, Exhibitor]) -> list[Columns]:
    goods = [one for one in _there(session, Product) if one.exhibitor in exhibitors]
    goods.sort(key=lambda one: (exhibitors[one.exhibitor].number.zfill(20), one.exhibitor, one.position, one.id))
    spoken = _spoken(goods, "name")
    return [
        {
            "N° exposant": exhibitors[one.exhibitor].number or None,
            "Code Rafiq": exhibitors[one.exhibitor].code,
            "Exposant": next(iter(exhibitors[one.exhibitor].name.values()), None),
            **_in_languages("Produit", one.name, spoken),
            "Catégorie": one.concept or None,
            "Unité": one.unit or None,
            "Prix (DH)": None if one.price is None else one.price / 100,
            "Label": one.label,
            "Disponible": _yes(one.available),
        }
        for one in goods
    ]


def _workshops(session: Session) -> list[Columns]:
    sessions = [one for one in _there(session, Workshop) if not one.draft]
    spoken = _spoken(sessions, "title", "abstract", "speaker")
    return [
        {
            "Code": one.code,
            "Date": "/".join(reversed(one.date.split("-"))),
            "Début": one.start,
            "Fin": one.end,
            "Salle": one.room,
            **_in_languages("Titre", one.title, spoken),
            **_in_languages("Résumé", one.abstract, spoken),
            **_in_languages("Intervenant", one.speaker, spoken),
            "Langues": _words("language", one.languages),
            "Public": _words("audience", [one.audience]),
            "Places": _number(one.capacity),
            "Statut": STATUSES.get(one.status, "confirmé"),
        }
        for one in sessions
    ]


def _plan(booths: list[Booth], places: list[Place], exhibitors: Mapping[str, Exhibitor]) -> list[Columns]:
    everything: list[Booth | Place] = [*places, *booths]
    drawn = [one for one in everything if one.w > 0 and one.d > 0]
    spoken = _spoken(drawn, "label")
    rows: list[Columns] = []
    for one in drawn:
        booth = one if isinstance(one, Booth) else None
        holder = exhibitors.get(booth.exhibitor or "") if booth else None
        type_ = "booth" if isinstance(one, Booth) else one.type
        rows.append({
            "Code": one.code,
            "Type d'espace": _words("place", [type_]),
            "Zone": booth.zone or None if booth else None,
            "Rangée": booth.row or None if booth else None,
            "N°": _number(booth.number) if booth else None,
            **_in_languages("Libellé", one.label, spoken),
            "X (m)": one.x,
            "Y (m)": one.y,
            "Largeur (m)": one.w,
            "Profondeur (m)": one.d,
            "Statut": STATUSES.get(booth.status) if booth else None,
            "Capacité": None if isinstance(one, Booth) else _number(one.capacity),
            "Exposant(s)": holder.number or None if holder else None,
        })  # fmt: skip
    return rows
