"""How exhibitors sign in: with a printed card, or typed with the booth's number and the PIN they chose.

A card carries 128 random bits, of which only the sha256 is here. A PIN is six digits, so wrong ones are counted in
the database: a few, then a pause; many, and only the card itself opens again. They are counted by card, since a whole
fair shares one address.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_login import UserMixin
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from companion.models import Attempt, Booth, Card, Exhibitor, Phone
from companion.sync.edits import Author, Change
from companion.sync.log import write
from companion.sync.merged import stays, together
from companion.writing import note

PREFIX = "phone-"
"""Begins the secrets of exhibitors' phones, and of no one else's sessions."""

UNSEEN = timedelta(days=60)
"""A phone that was away longer signs in again; a fair with its days before and after is shorter."""

TRIES, PAUSE = 5, timedelta(minutes=15)
"""Wrong PINs in a pause's time, after which a pause is due."""

ALL_TRIES = 30
"""Wrong PINs since the card was last scanned, after which it has to be: of a million that is few."""

Refusal = Literal["wrong", "wait", "card"]
"""Why a typed sign-in failed: wrong, too many in a short time, or only the card opens now."""

BY_COMMAND = Author("command:cards", "administrator")
"""Who makes cards with the command on the server."""

_hasher = PasswordHasher()
_EASY = re.compile(r"(\d)\1{5}|(\d{2})\2\2|012345|123456|234567|345678|456789|654321|987654")


class PhoneIn(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """A phone signed in for an exhibitor, as Flask-Login wants to see it; its id is the secret in its cookie.

    Of an exhibitor that was merged into another it keeps the name, under which it may hold what is not yet sent; what
    it reads and writes is the one that stays.
    """

    def __init__(self, secret: str, row: Phone, exhibitor: Exhibitor) -> None:
        self.id = secret
        self.phone = row.id
        self.card = row.card_id
        self.record = exhibitor.id
        self.has_pin = bool(row.card.pin)
        self.author = Author(f"exhibitor:{exhibitor.code}", "exhibitor", exhibitor.code)


@dataclass(frozen=True)
class CardState:
    """What the office sees of an exhibitor's card; times are UTC, ISO, empty for never."""

    made: str
    revoked: str
    phones: int


def make_card(session: Session, exhibitor: str) -> str:
    """Make the card of the exhibitor with this record id and return its secret; older ones end. The caller commits."""
    revoke(session, exhibitor)
    secret = secrets.token_urlsafe(16)
    session.add(Card(exhibitor=exhibitor, secret=_digest(secret), made=_text(_now())))
    session.flush()
    return secret


def give_cards(session: Session, exhibitors: Sequence[str], author: Author) -> list[str]:
    """Make the cards of the exhibitors with these record ids, in the log as `author`'s act; the caller commits.

    Returns the secrets, in the same order. The edits travel with the log, so each exhibitor's phones learn of it.
    """
    made = _now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    write(session, [Change(Exhibitor.KIND, one, {"card_made": made}) for one in exhibitors], author)
    return [make_card(session, one) for one in exhibitors]


def end_card(session: Session, exhibitor: str, author: Author) -> None:
    """End an exhibitor's card and its phones, in the log as `author`'s act; the caller commits."""
    write(session, [Change(Exhibitor.KIND, exhibitor, {"card_made": ""})], author)
    revoke(session, exhibitor)


def revoke(session: Session, exhibitor: str) -> None:
    """End an exhibitor's card, those of the ones merged into it, and all phones they opened; the caller commits."""
    own = together(session, exhibitor)
    for card in session.scalars(select(Card).where(Card.exhibitor.in_(own), Card.revoked == "")):
        card.revoked = _text(_now())
        session.execute(delete(Phone).where(Phone.card_id == card.id))
        session.execute(delete(Attempt).where(Attempt.card_id == card.id))
    session.flush()


def card_state(session: Session, exhibitor: str) -> CardState | None:
    """Return what became of an exhibitor's newest card; None when they never had one."""
    own = Card.exhibitor.in_(together(session, exhibitor))
    card = session.scalar(select(Card).where(own).order_by(Card.revoked != "", Card.id.desc()).limit(1))
    if card is None:
        return None
    count = session.scalar(select(func.count()).select_from(Phone).join(Card).where(own, Card.revoked == ""))
    return CardState(card.made, card.revoked, count or 0)


def enter_with_card(session: Session, secret: str, name: str) -> PhoneIn | None:
    """Sign a phone in with a card's secret; None when the card is unknown or has ended. The caller commits."""
    valid = Card.secret == _digest(secret), Card.revoked == ""
    start_writing(session)
    session.execute(delete(Attempt).where(Attempt.card_id.in_(select(Card.id).where(*valid))))
    card = session.scalar(select(Card).where(*valid)) or _card_of_floor(session, secret)
    return _enter(session, card, name) if card else None


def _card_of_floor(session: Session, secret: str) -> Card | None:
    """Return the card of a walk-in whose secret the floor's phone made; None when there is another, or ever was.

    What the log holds is the sha256 of 128 random bits, which opens nothing.
    """
    digest = _digest(secret)
    query = select(Exhibitor.id).where(Exhibitor.card_digest == digest, ~Exhibitor.deleted)
    exhibitor = session.scalar(query.where(Exhibitor.id.notin_(select(Card.exhibitor))).limit(1))
    if exhibitor is None:
        return None
    card = Card(exhibitor=exhibitor, secret=digest, made=_text(_now()))
    session.add(card)
    session.flush()
    return card


def enter_typed(session: Session, booth: str, pin: str, name: str) -> PhoneIn | Refusal:
    """Sign a phone in with a booth's number and its exhibitor's PIN. Commits, so that a wrong try is counted.

    The try is written down before it is judged: who tries from many places at once has no more tries. A booth where
    nobody can sign in with a PIN is answered in the same way, after the same work.
    """
    card, door = _behind(session, booth)
    card_id, right = (card.id, card.pin) if card else (None, "")
    mine = Attempt.card_id == card_id if card_id else Attempt.door == door
    start_writing(session)
    attempt = Attempt(card_id=card_id, door=door, at=_text(_now()))
    session.add(attempt)
    session.flush()
    written = attempt.id
    session.commit()
    refusal = _too_many(session, mine)
    start_writing(session)
    if refusal:  # what was not even looked at does not make the pause longer
        session.execute(delete(Attempt).where(Attempt.id == written))
        session.commit()
        return refusal
    if not _matches(right or _NOBODY, pin) or not right:
        return "wrong"
    session.execute(delete(Attempt).where(mine))
    phone = _enter(session, session.get_one(Card, card_id), name)
    session.commit()
    return phone or "wrong"


def choose_pin(session: Session, card_id: int, pin: str) -> bool:
    """Set the PIN of a card: six digits that are not the first anybody would try. The caller commits."""
    if not re.fullmatch(r"[0-9]{6}", pin) or _EASY.fullmatch(pin):
        return False
    start_writing(session)
    session.execute(update(Card).where(Card.id == card_id).values(pin=_hasher.hash(pin)))
    return True


def phone_in(session: Session, secret: str) -> PhoneIn | None:
    """Return whose phone holds this secret, or None when its session was ended or it was away too long."""
    row = session.get(Phone, _digest(secret))
    if row is None or row.card.revoked or row.seen < _text(_now() - UNSEEN):
        return None
    exhibitor = session.get(Exhibitor, row.card.exhibitor)
    if exhibitor is None or stays(session, exhibitor.code) is None:
        return None
    holder = PhoneIn(secret, row, exhibitor)
    if row.seen < _text(_now() - timedelta(hours=1)):
        with note(session):
            session.execute(update(Phone).where(Phone.id == holder.phone).values(seen=_text(_now())))
    return holder


def phones(session: Session, card_id: int) -> Sequence[Phone]:
    """Return the phones a card has signed in, the one used last first."""
    return session.scalars(select(Phone).where(Phone.card_id == card_id).order_by(Phone.seen.desc(), Phone.id)).all()


def end_phone(session: Session, card_id: int, phone: str) -> None:
    """End the session of one phone of this card; the caller commits."""
    start_writing(session)
    session.execute(delete(Phone).where(Phone.id == phone, Phone.card_id == card_id))


def _enter(session: Session, card: Card, name: str) -> PhoneIn | None:
    exhibitor = session.get(Exhibitor, card.exhibitor)
    if exhibitor is None or stays(session, exhibitor.code) is None:
        return None
    secret = PREFIX + secrets.token_urlsafe(32)
    now = _text(_now())
    row = Phone(id=_digest(secret), card=card, name=name[:100], started=now, seen=now)
    session.add(row)
    session.flush()
    return PhoneIn(secret, row, exhibitor)


def _behind(session: Session, booth: str) -> tuple[Card | None, str]:
    """Return the valid card of who stands at a booth, however its number is typed, one with a PIN first.

    Without a card it is None and the name to count tries by.
    """
    code = re.sub(r"[\s-]", "", booth).upper()[:20]
    whose = session.scalar(select(Booth.exhibitor).where(Booth.code == code, Booth.deleted.is_(False)))
    if not whose:
        return None, f"booth {_digest(code)[:2]}"  # few names, or made up ones would fill the table
    query = select(Card).where(Card.exhibitor.in_(together(session, whose)), Card.revoked == "")
    card = session.scalar(query.order_by(Card.pin == "", Card.exhibitor != whose, Card.id.desc()).limit(1))
    return card, "" if card else whose


def _too_many(session: Session, mine: ColumnElement[bool]) -> Refusal | None:
    """Count the tries of a card or door, the one under way among them."""
    counted = select(func.count()).select_from(Attempt).where(mine)
    if (session.scalar(counted) or 0) > ALL_TRIES:
        return "card"
    recent = session.scalar(counted.where(Attempt.at > _text(_now() - PAUSE)))
    return "wait" if (recent or 0) > TRIES else None


def _matches(pin: str, typed: str) -> bool:
    try:
        return _hasher.verify(pin, typed)
    except (VerificationError, InvalidHashError):
        return False


def start_writing(session: Session) -> None:
    """End what was only read: SQLite does not let a transaction that has read write after another one did."""
    if session.in_transaction():
        session.commit()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


_NOBODY = _hasher.hash(secrets.token_urlsafe(16))
"""Checked when there is no such booth, so that the time taken does not tell."""
