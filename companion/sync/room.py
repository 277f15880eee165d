"""How much visitors may leave: each sender, all behind one address, and each exhibitor in all.

A device names itself, so its name alone limits nobody: every limit hangs on the address too, with room for a whole hall
behind one. Names are cheap, so one program can still fill an address's share or an exhibitor's hour; for that there is
a reserve, so much a minute, for senders that have left nothing there in this hour. Phones try again when they hear
`exhibitor_busy`, so somebody new is let through within minutes also while a flood goes on.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from limits import RateLimitItem, parse
from limits.errors import StorageError

from companion.extensions import limiter
from companion.models import Request, Tally
from companion.sync.edits import Edit
from companion.sync.erasure import is_erasure
from companion.sync.problems import Problem
from companion.sync.requests import WITHDRAWAL

PER_ADDRESS = "3000/minute"
"""Writes from one address: a hall of a thousand phones that each write three times a minute."""

OF_DEVICE, OF_NAMELESS = parse("20/hour"), parse("100/hour")
"""New requests one exhibitor is given by one device, and by all behind an address that name none: the plain form."""

OF_ADDRESS, PER_EXHIBITOR = parse("400/hour"), parse("2000/hour")
"""New requests one exhibitor is given from one address, a fifth so that others are still heard, and in all."""

RESERVE_OF_ADDRESS, RESERVE = parse("20/minute"), parse("60/minute")
"""What senders that are new to an exhibitor may leave when that is used up, from one address and in all."""

TALLIES_OF_DEVICE, TALLIES, TALLIES_RESERVE = parse("2000/hour"), parse("50000/hour"), parse("2000/minute")
"""What tallies may add up to: a device's (a day without network at once), an address's, and new devices' beyond."""

BACK_OF_DEVICE, BACK, BACK_RESERVE = parse("100/hour"), parse("1000/hour"), parse("60/minute")
"""Withdrawals and erasures, of requests that are here or not: a device's, an address's, and new devices' beyond."""


class Bucket(NamedTuple):
    """One thing that is counted."""

    limit: RateLimitItem
    names: tuple[str, ...]


class Share(NamedTuple):
    """What one edit is counted by: its sender's own bucket, those shared with others, and the reserve of who is new."""

    own: Bucket
    shared: list[Bucket]
    reserve: list[Bucket]
    cost: int = 1
    field: str = ""


class Room:
    """Refuses the edits of one source for which there is no room, and counts the others once they are kept.

    A limit that cannot be counted is none.
    """

    def __init__(self, address: str, device: str = "") -> None:
        self.address, self.device = address, device
        self._taken: Counter[Bucket] = Counter()

    def __call__(self, edit: Edit) -> Problem | None:
        """Say that there is no room for this edit, else set its room aside; for `log.apply`, which asks last."""
        share = self._share(edit)
        if share is None:
            return None
        try:
            buckets = self._with_room(share)
        except StorageError:
            return None
        if buckets is None:
            return Problem("exhibitor_busy", share.field)
        self._taken.update(dict.fromkeys(buckets, share.cost))
        return None

    def spend(self) -> None:
        """Count what was set aside. To be called after the commit: what was refused or got lost uses up nothing."""
        try:
            for (limit, names), cost in self._taken.items():
                limiter.limiter.hit(limit, *names, cost=cost)
        except StorageError:
            pass
        self._taken.clear()

    def _with_room(self, share: Share) -> list[Bucket] | None:
        def free(buckets: list[Bucket]) -> bool:
            return all(self._used(each) + share.cost <= each.limit.amount for each in buckets)

        if not free([share.own]):
            return None
        if free(share.shared):
            return [share.own, *share.shared]
        return [share.own, *share.reserve] if self._used(share.own) == 0 and free(share.reserve) else None

    def _used(self, bucket: Bucket) -> int:
        left = limiter.limiter.get_window_stats(bucket.limit, *bucket.names).remaining
        return bucket.limit.amount - left + self._taken[bucket]

    def _share(self, edit: Edit) -> Share | None:
        if is_erasure(edit) or (edit.kind == Request.KIND and edit.fields == WITHDRAWAL):
            own = Bucket(BACK_OF_DEVICE if self.device else BACK, self._names("back"))
            return Share(own, [self._of_address(BACK, "back")], [self._of_address(BACK_RESERVE, "back-new")])
        if edit.kind == Tally.KIND:
            shared, reserve = self._of_address(TALLIES, "tallies"), self._of_address(TALLIES_RESERVE, "tallies-new")
            return Share(Bucket(TALLIES_OF_DEVICE, self._names("tallies")), [shared], [reserve], edit.fields["count"])
        if edit.kind != Request.KIND:
            return None
        to = str(edit.fields["exhibitor"])
        return Share(
            Bucket(OF_DEVICE if self.device else OF_NAMELESS, self._names("requests", to)),
            [self._of_address(OF_ADDRESS, "requests", to), Bucket(PER_EXHIBITOR, ("exhibitor", to))],
            [self._of_address(RESERVE_OF_ADDRESS, "requests-new", to), Bucket(RESERVE, ("exhibitor-new", to))],
            field="exhibitor",
        )

    def _names(self, *of: str) -> tuple[str, ...]:
        return ("device", self.address, self.device, *of)

    def _of_address(self, limit: RateLimitItem, *of: str) -> Bucket:
        return Bucket(limit, ("address", self.address, *of))
