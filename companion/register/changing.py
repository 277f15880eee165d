"""Changing exhibitors: many at once, making one of two, withdrawing and bringing back. Each is one act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.models import Booth, Exhibitor, Photo, Product
from companion.sync.edits import Author, Change, Edit
from companion.sync.log import take_turn, write

MANY = ("zone", "sector", "withdraw", "restore")
GAPS = (
    "number", "kind", "sector", "zone", "province", "commune", "commune_text", "founded", "members", "women", "phones",
    "whatsapp", "email", "website", "labels", "certifications", "delivery", "orders", "languages", "payment",
)  # fmt: skip
"""Fields that are filled from the record that is merged, where the one that stays has nothing."""


def change_many(session: Session, records: Sequence[str], what: str, value: str, author: Author) -> list[Edit]:
    """Give many exhibitors a zone or sector, withdraw them or bring them back; the caller commits."""
    fields: dict[str, Any] = {"zone": value} if what == "zone" else {"sector": value}
    if what in ("withdraw", "restore"):
        fields = {"withdrawn": what == "withdraw"}
    return write(session, [Change("exhibitor", record, fields) for record in records], author)


def merge_exhibitors(session: Session, gone: str, stays: str, author: Author) -> list[Edit]:
    """Make one exhibitor of two: `stays` gets the products, booths and photos of `gone`, and what it has not itself.

    `gone` becomes a tombstone that says whom it was merged into, so that later lists find their way. Raises
    ValueError when both are the same or one is merged already.
    """
    take_turn(session)
    one, other = session.get(Exhibitor, gone), session.get(Exhibitor, stays)
    if one is None or other is None or one.id == other.id or one.deleted or other.deleted:
        raise ValueError("these two cannot be merged")
    after = len(_of(session, Product, stays))
    shown = len(_of(session, Photo, stays))
    changes = [
        Change("product", product.id, {"exhibitor": stays, "position": after + at})
        for at, product in enumerate(_of(session, Product, gone))
    ]
    changes += [
        Change("photo", photo.id, {"exhibitor": stays, "position": shown + at})
        for at, photo in enumerate(_of(session, Photo, gone))
    ]
    booths = session.scalars(select(Booth).where(Booth.exhibitor == gone, ~Booth.deleted)).all()
    changes += [Change("booth", booth.id, {"exhibitor": stays}) for booth in booths]
    gaps = {path: getattr(one, path) for path in GAPS if not getattr(other, path) and getattr(one, path)}
    for name in ("name", "about"):
        missing = getattr(one, name).keys() - getattr(other, name).keys()
        gaps |= {f"{name}.{lang}": getattr(one, name)[lang] for lang in missing}
    if one.note:
        gaps["note"] = "\n".join(filter(None, (other.note, one.note)))[:3000]
    changes.append(Change("exhibitor", stays, gaps))
    changes.append(Change("exhibitor", gone, {"deleted": True, "merged": stays}))
    return write(session, [change for change in changes if change.fields], author)


def _of(session: Session, model: type[Product] | type[Photo], exhibitor: str) -> list[Product | Photo]:
    query = select(model).where(model.exhibitor == exhibitor, ~model.deleted).order_by(model.position, model.id)
    return list(session.scalars(query))
