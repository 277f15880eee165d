"""The floor at one moment: booths, other places, and the exhibitors who stand there or still wait for a booth.

Lengths are metres, as on the plan: origin top left, x to the right, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue.keys import key
from companion.models import Booth, Exhibitor, Fair, LogHead, Place, Sector, Texts, Zone

OPEN_GROUND = ("hall", "outdoor")
"""Types of place that booths stand in: nothing in them is in the way."""
UNDERFOOT = (*OPEN_GROUND, "aisle")
"""Types of place one walks on."""
TOUCH = 1e-6
"""Metres: things side by side touch; rounding must not make them overlap."""


@dataclass(frozen=True)
class Box:
    """An upright rectangle of the plan, in metres."""

    x: float
    y: float
    w: float
    d: float

    @property
    def sized(self) -> bool:
        """Whether there is any room in it."""
        return self.w > 0 and self.d > 0

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.w / 2, self.y + self.d / 2

    def overlaps(self, other: Box) -> bool:
        """Whether both share some floor; side by side they do not."""
        return (
            self.x + TOUCH < other.x + other.w
            and other.x + TOUCH < self.x + self.w
            and self.y + TOUCH < other.y + other.d
            and other.y + TOUCH < self.y + self.d
        )

    def inside(self, other: Box) -> bool:
        """Whether all of it lies in the other."""
        return (
            self.x >= other.x - TOUCH
            and self.y >= other.y - TOUCH
            and self.x + self.w <= other.x + other.w + TOUCH
            and self.y + self.d <= other.y + other.d + TOUCH
        )

    def away(self, other: Box) -> float:
        """Metres of floor between both; 0 when they touch."""
        across = max(other.x - self.x - self.w, self.x - other.x - other.w, 0)
        down = max(other.y - self.y - self.d, self.y - other.y - other.d, 0)
        return float((across**2 + down**2) ** 0.5)


@dataclass(frozen=True)
class Stand:
    """A booth: where it is, which row it belongs to, and the record id of who stands there."""

    id: str
    code: str
    box: Box
    letter: str = ""
    row: str = ""
    exhibitor: str | None = None

    @property
    def line(self) -> str:
        """The row it is in, by whatever the plan calls it."""
        return self.row or self.letter


@dataclass(frozen=True)
class Spot:
    """Any other place."""

    id: str
    code: str
    type: str
    box: Box
    label: Texts
    capacity: int | None = None


@dataclass(frozen=True)
class Guest:
    """An exhibitor, as far as the floor is concerned. `here`: neither withdrawn nor deleted."""

    id: str
    code: str
    name: Texts
    sector: str = ""
    zone: str = ""
    here: bool = True


@dataclass(frozen=True)
class Floor:
    """The floor at position `seq` of the log; `width` and `depth` are 0 for a floor nobody measured."""

    seq: int
    width: float
    depth: float
    stands: tuple[Stand, ...]
    spots: tuple[Spot, ...]
    guests: dict[str, Guest]
    zones: dict[str, Texts]
    sectors: dict[str, Texts]

    @cached_property
    def held(self) -> dict[str, list[Stand]]:
        """The booths of each exhibitor that has any, by record id."""
        held: dict[str, list[Stand]] = {}
        for stand in self.stands:
            if stand.exhibitor:
                held.setdefault(stand.exhibitor, []).append(stand)
        return held

    @cached_property
    def waiting(self) -> list[Guest]:
        """The exhibitors of the fair without a booth, by zone, sector and code."""
        found = [guest for guest in self.guests.values() if guest.here and guest.id not in self.held]
        return sorted(found, key=lambda guest: (guest.zone, guest.sector, guest.code))

    @cached_property
    def free(self) -> list[Stand]:
        """The booths that somebody could be given: drawn, and nobody's."""
        return [stand for stand in self.stands if stand.box.sized and not stand.exhibitor]

    def stand(self, code: str) -> Stand | None:
        """The booth with this code, however it is typed: `a 12`, `A12`."""
        wanted = key(code).replace(" ", "")
        return next((one for one in self.stands if key(one.code).replace(" ", "") == wanted), None) if wanted else None

    def spot(self, code: str) -> Spot | None:
        """The place with this code."""
        return next((one for one in self.spots if one.code == code), None)

    def find_guest(self, typed: str) -> Guest | None:
        """The exhibitor of the fair with this code or, when only one has it, this name."""
        here = [guest for guest in self.guests.values() if guest.here]
        by_code = next((guest for guest in here if guest.code == typed.strip().upper()), None)
        wanted = key(typed)
        named = [guest for guest in here if wanted and wanted in {key(name) for name in guest.name.values()}]
        return by_code or (named[0] if len(named) == 1 else None)


def read_floor(session: Session) -> Floor:
    """Read the floor of this moment."""
    seq = session.scalars(select(LogHead.seq)).one()
    fair = session.scalar(select(Fair).where(~Fair.deleted).order_by(Fair.id))
    plan = fair.plan if fair else {}
    sectors = list(session.scalars(select(Sector).where(~Sector.deleted)))
    homes = {sector.code: sector.zone for sector in sectors}
    zones = session.scalars(select(Zone).where(~Zone.deleted).order_by(Zone.code))
    booths = session.scalars(select(Booth).where(~Booth.deleted).order_by(Booth.code, Booth.id))
    places = session.scalars(select(Place).where(~Place.deleted).order_by(Place.code, Place.id))
    return Floor(
        seq,
        float(plan.get("width_m", 0)),
        float(plan.get("depth_m", 0)),
        tuple(Stand(one.id, one.code, _box(one), one.zone, one.row, one.exhibitor) for one in booths),
        tuple(Spot(one.id, one.code, one.type, _box(one), one.label, one.capacity) for one in places),
        {guest.id: guest for guest in _guests(session, homes)},
        {zone.code: zone.name for zone in zones},
        {sector.code: sector.name for sector in sectors},
    )


def _guests(session: Session, homes: dict[str, str]) -> Iterable[Guest]:
    one = Exhibitor
    wanted = select(one.id, one.code, one.name, one.sector, one.zone, one.withdrawn, one.deleted).order_by(one.code)
    for own, code, name, sector, zone, withdrawn, deleted in session.execute(wanted):
        yield Guest(own, code, name, sector, zone or homes.get(sector, ""), not (withdrawn or deleted))


def _box(row: Booth | Place) -> Box:
    return Box(row.x, row.y, row.w, row.d)
