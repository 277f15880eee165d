"""What exhibitors carry: the access card that signs their phone in, and business cards to give away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue.index import Catalogue, Record, typed
from companion.models import Booth, Exhibitor, Texts
from companion.phones import national
from companion.printing.codes import exhibitor_address, qr_svg, without_scheme
from companion.printing.signs import icon, sector_signs
from companion.printing.typeset import Copy, Paper, Written, typeset
from companion.printing.words import _, in_each


@dataclass(frozen=True)
class AccessCard:
    """What one access card shows. `address` is the whole `https://…/in#<secret>`; `booth` may be empty."""

    address: str
    booth: str
    code: str
    names: Texts


@dataclass(frozen=True)
class BusinessCard:
    """What a business card shows; `contacts` are `{"sign": "phone" | "whatsapp" | …, "text"}`, best first."""

    code: str
    names: Texts
    sector: str
    contacts: list[dict[str, str]]
    typed: str
    says: str


def exhibitors_with_booths(session: Session, which: str = "") -> list[tuple[Exhibitor, str]]:
    """Return the exhibitors that take part, each with its first booth or "", in the order of booths.

    `which` chooses one by its booth or code, however written; empty when there is none.
    """
    stands: dict[str, str] = {}
    for booth in session.scalars(select(Booth).where(~Booth.deleted, Booth.exhibitor.is_not(None))):
        stands[booth.exhibitor or ""] = min(booth.code, stands.get(booth.exhibitor or "", booth.code))
    taking_part = session.scalars(select(Exhibitor).where(~Exhibitor.deleted, ~Exhibitor.withdrawn))
    found = sorted(
        ((row, stands.get(row.id, "")) for row in taking_part), key=lambda one: (not one[1], one[1], one[0].code)
    )
    if not which:
        return found
    asked = typed(which)
    return [one for one in found if asked in (typed(one[1]), one[0].code)][:1]


def access_card(base_url: str, exhibitor: Exhibitor, booth: str, secret: str) -> AccessCard:
    """Return what an exhibitor's access card shows; the caller makes the secret."""
    return AccessCard(f"{base_url}/in#{secret}", booth, exhibitor.code, exhibitor.name)


def access_cards(cards: Sequence[AccessCard], languages: Sequence[str]) -> Copy:
    """Return access cards ready to be set, one a page of A6; the paper holds secrets, so keep it nowhere."""
    steps = (
        _("Scan the code with your phone's camera."),
        _("Press “Sign in”."),
        _("Choose a PIN of your own."),
        _("Next time without the card: your booth number and your PIN."),
    )
    data = {
        "title": in_each(_("Exhibitor's access card"), languages),
        "steps": [in_each(step, languages) for step in steps],
        "warning": in_each(
            _("Keep it like a key: whoever has it can change your page. Lost? Tell the office."), languages
        ),
        "typed": without_scheme(cards[0].address.partition("#")[0]) if cards else "",
    }
    return Copy(
        "access_cards", data, [asdict(card) | {"svg": qr_svg(card.address)} for card in cards],
        [[card.address] for card in cards], written=_names(cards),
    )  # fmt: skip


def business_card(catalogue: Catalogue, base_url: str, exhibitor: Record) -> BusinessCard:
    """Return what an exhibitor's business card shows, from its public record."""
    contacts = [("phone", national(number)) for number in exhibitor.get("phones", [])[:2]]
    if whatsapp := exhibitor.get("whatsapp"):
        contacts.append(("whatsapp", national(whatsapp)))
    if email := exhibitor.get("email"):
        contacts.append(("mail", email))
    if website := exhibitor.get("website"):
        contacts.append(("globe", without_scheme(website).rstrip("/") or website))
    if booths := exhibitor.get("booths"):
        contacts.append(("pin", " · ".join(booths)))
    return BusinessCard(
        code=exhibitor["code"],
        names=exhibitor.get("name", {}),
        sector=exhibitor.get("sector", ""),
        contacts=[{"sign": sign, "text": text} for sign, text in contacts],
        typed=without_scheme(f"{base_url}/e/{exhibitor['code']}"),
        says=exhibitor_address(base_url, exhibitor["code"]),
    )


def business_cards_pdf(cards: Sequence[BusinessCard]) -> Paper:
    """Return business cards, one exhibitor a page of A4, ten on it, with marks to cut along.

    Raises CodesUnread when a code could not be read again.
    """
    return typeset(business_cards(cards))


def business_cards(cards: Sequence[BusinessCard]) -> Copy:
    """Return business cards ready to be set."""
    data = {
        "signs": sector_signs(card.sector for card in cards),
        "icons": {name: icon(name, "#27357a") for name in ("phone", "whatsapp", "mail", "globe", "pin")},
    }
    written = [Written(card.code, "contacts", one["text"]) for card in cards for one in card.contacts]
    return Copy(
        "business_cards", data, [asdict(card) | {"svg": qr_svg(card.says)} for card in cards],
        [[card.says] * 10 for card in cards], module=24 / 33, written=_names(cards) + written,
    )  # fmt: skip


def _names(cards: Sequence[AccessCard | BusinessCard]) -> list[Written]:
    return [
        Written(getattr(card, "booth", "") or card.code, f"name.{lang}", name)
        for card in cards
        for lang, name in card.names.items()
    ]
