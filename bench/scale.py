"""A day of a large fair, visitor by visitor: requests, bytes and writes a second, and where the first limit is.

    python -m bench.scale [--visitors 100000] [--exhibitors 10000] [--fairs 20]

Nothing is sent. What one visitor costs is measured elsewhere (`make bench`, README) and stands below with its source;
this puts a day together from it and compares the busiest minute with what one machine was measured to do.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass

HOURS = 10
ARRIVING = (2, 5, 9, 12, 8, 6, 9, 12, 8, 3)
"""How many come in each hour of the day, in proportion: late morning and late afternoon are the busiest."""


@dataclass(frozen=True)
class Costs:
    """Of one visitor. Bytes are on the wire; where they come from is in docs/scale.md."""

    page: int = 5_000
    """A booth's page, brotli."""
    shell: int = 92_000
    shell_files: int = 14
    catalogue_of_320: int = 80_000
    per_exhibitor: int = 175
    """Of the catalogue above 320: 1.75 MB for 10,000."""
    looks: float = 6.0
    """Times a day somebody takes the phone out; each asks once for changes, and again every four minutes in view."""
    minutes_a_look: float = 3.0
    nothing_new: int = 450
    """A question for changes and its answer when there are none, headers included."""
    photo: int = 40_000
    photos: float = 8.0
    tallies: float = 1.0
    """POSTs of tallies a day: a phone sends those of hours together."""
    requests: float = 0.12
    """Contact requests a visitor leaves."""
    post: int = 900


@dataclass(frozen=True)
class Machine:
    """What one machine of two cores did here (docs/scale.md), a second."""

    pages: int = 2_500
    small_answers: int = 6_000
    posts: int = 180
    """POSTs of one edit on SQLite, each with its own commit on the disk."""
    line: int = 100_000_000 // 8
    """Bytes: 100 Mbit/s, the line or the hall's Wi-Fi."""


@dataclass(frozen=True)
class Minute:
    """What arrives in one minute."""

    visitors: int
    reads: float
    writes: float
    size: float


def day(visitors: int, exhibitors: int, costs: Costs, dice: random.Random) -> list[Minute]:
    """Return every minute of the day."""
    first: Counter[int] = Counter()
    later: Counter[int] = Counter()
    for hour in dice.choices(range(HOURS), ARRIVING, k=visitors):
        at = hour * 60 + dice.randrange(60)
        first[at] += 1
        for _ in range(round(dice.expovariate(1 / costs.looks))):
            later[min(HOURS * 60 - 1, at + dice.randrange(240))] += 1
    polls = 1 + costs.minutes_a_look / 4
    catalogue = costs.catalogue_of_320 + max(0, exhibitors - 320) * costs.per_exhibitor
    parts = 1 + (exhibitors // 500 if exhibitors > 2000 else 0)
    minutes = []
    for at in range(HOURS * 60):
        new, looks = first[at], later[at]
        reads = new * (1 + costs.shell_files + parts + costs.photos) + looks * polls
        writes = new * (costs.tallies + costs.requests)
        size = new * (costs.page + costs.shell + catalogue + costs.photos * costs.photo)
        size += looks * polls * costs.nothing_new + writes * costs.post
        minutes.append(Minute(new, reads, writes, size))
    return minutes


def report(visitors: int, exhibitors: int, fairs: int) -> list[str]:
    """Return the lines of the table."""
    costs, machine = Costs(), Machine()
    minutes = day(visitors, exhibitors, costs, random.Random(1))
    busiest = max(minutes, key=lambda minute: minute.size)
    total = sum(minute.size for minute in minutes)
    limits = {
        "the line": busiest.size / 60 / machine.line,
        "answers": busiest.reads / 60 / machine.small_answers,
        "writes": busiest.writes / 60 / machine.posts,
    }
    first = max(limits, key=lambda name: limits[name])
    lines = [
        f"{visitors:,} visitors, {exhibitors:,} exhibitors, one of {fairs} fairs",
        f"  a day       {sum(m.reads for m in minutes) / 1e6:7.2f} million reads, {sum(m.writes for m in minutes):9,.0f} writes, {total / 1e9:7.1f} GB",
        f"  busiest     {busiest.visitors:7,} new a minute: {busiest.reads / 60:8,.0f} reads/s, {busiest.writes / 60:5,.1f} writes/s, {busiest.size * 8 / 60 / 1e6:7,.0f} Mbit/s",
    ]
    lines += [f"  {name:11} {share:7.2f} of one machine" for name, share in limits.items()]
    from_files = busiest.writes / 60 / machine.posts
    lines.append(
        f"  first limit: {first}; with visitors' reading on a CDN the servers are left with {from_files:.2f} of one machine"
    )
    lines.append(
        f"  {fairs} such fairs on one day, each with its database: {fairs * from_files:.1f} machines' writes, {fairs * total / 1e12:.1f} TB from the CDN"
    )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=100_000)
    parser.add_argument("--exhibitors", type=int, default=10_000)
    parser.add_argument("--fairs", type=int, default=20)
    asked = parser.parse_args()
    for visitors, exhibitors in ((5_000, 320), (asked.visitors, 320), (asked.visitors, asked.exhibitors)):
        print("\n".join(report(visitors, exhibitors, asked.fairs)))


if __name__ == "__main__":
    main()
