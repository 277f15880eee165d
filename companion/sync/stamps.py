"""Hybrid logical clock stamps as sortable text: `<milliseconds>-<counter>-<node>`.

The scheme is Kulkarni et al., "Logical Physical Clocks" (2014), with one difference: a stamp is made later
than what it *replaces*, not than everything its node ever saw. So a phone whose clock is years ahead orders
its own work and the fields it touched, and does not drag every other clock along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

STAMP = re.compile(r"^(\d{13})-(\d{4})-([a-z0-9]{1,32})$")
"""13 digits of Unix milliseconds (until the year 2286), 4 of counter, the node that made it."""

LATEST = 9_999_999_999_999


BROKEN = 7_258_118_400_000
"""The year 2200. A phone's clock that is further ahead is broken, or somebody wants the last word for ever."""

A_MINUTE = 60_000


def too_far_ahead(stamp: str, known: Iterable[str]) -> bool:
    """Tell whether a stamp leaves no room for others, and not because one of the `known`, which it replaces, did."""
    millis = int(stamp[:13])
    return millis >= BROKEN and millis > max((int(one[:13]) for one in known), default=0) + A_MINUTE


def next_stamp(node: str, now: int, replaced: Iterable[str | None]) -> str:
    """Return a stamp for `node` at `now` (Unix milliseconds), later than every stamp in `replaced`.

    Raises OverflowError when nothing later than `replaced` can be written.
    """
    latest = max((stamp for stamp in replaced if stamp), default="")
    match = STAMP.match(latest)
    if match is None or int(match[1]) < now:
        return f"{now:013d}-0000-{node}"
    millis, counter = int(match[1]), int(match[2]) + 1
    if counter > 9999:
        millis, counter = millis + 1, 0
    if millis > LATEST:
        raise OverflowError(f"no stamp is later than {latest}")
    return f"{millis:013d}-{counter:04d}-{node}"
