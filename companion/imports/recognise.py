"""Who on a list is who in the records: surely the same, possibly the same, or new.

Exhibitors are recognised by name or number together with what else is known of them, since offices correct names
and renumber lists. Whoever is not recognised but shares a telephone, an address or most of a name with a record is
a possible duplicate, and a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from companion.catalogue import vocabulary
from companion.catalogue.keys import key
from companion.imports.choices import NEW
from companion.imports.exhibitors import Listed, same_name
from companion.imports.problems import Finding
from companion.models import Exhibitor

SAME_EXHIBITOR = 4
"""Points from which a listed exhibitor is the recorded one; see `likeness`."""

MOST_CANDIDATES = 3
"""Possible duplicates shown for one row."""


@dataclass(frozen=True)
class Possible:
    """A row that may be about somebody who is recorded: `(id, name, code)` of each candidate, the likest first."""

    place: str
    name: str
    candidates: tuple[tuple[str, str, str], ...]
    chosen: str = ""


@dataclass
class Recognised:
    """The record id of each listed exhibitor there is a record of, by `id()`; and what a person must decide.

    `merged` holds the `id()` of rows about a record that was merged into another.
    """

    ids: dict[int, str] = field(default_factory=dict)
    merged: set[int] = field(default_factory=set)
    possible: list[Possible] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def recognise_exhibitors(
    listed: list[Listed], known: list[Exhibitor], booths: Mapping[str, set[str]], same: Mapping[str, str]
) -> Recognised:
    """Recognise listed exhibitors, the likest pairs first; `same` are people's choices by row.

    One that is like several records alike is an error of the list: it must say more.
    """
    found = Recognised()
    records = {record.id: record for record in known}
    pairs, taken = [], set[str]()
    alike = _signs_of_records(known)
    by_code = {record.code: record for record in known}
    for at, one in enumerate(listed):
        chosen = same.get(one.row.place, "")
        if chosen in records:
            pairs.append((-1000, at, chosen))
            continue
        if one.code in by_code:
            pairs.append((-100, at, by_code[one.code].id))
            continue
        if chosen == NEW:
            continue
        likely = {record.id: record for sign in _signs(one) for record in alike.get(sign, ())}
        points = {own: likeness(one, record, booths.get(own, set())) for own, record in likely.items()}
        best = max(points.values(), default=0)
        if best >= SAME_EXHIBITOR and list(points.values()).count(best) > 1:
            found.findings.append(one.row.finding("ambiguous_exhibitor", one.row.paths("name")[0]))
        pairs += [(-score, at, own) for own, score in points.items() if score >= SAME_EXHIBITOR]
    for _, at, own in sorted(pairs):
        if id(listed[at]) not in found.ids and own not in taken:
            found.ids[id(listed[at])] = own
            taken.add(own)
    _follow_merges(found, listed, records)
    _possible(found, listed, [record for record in known if record.id not in taken and not record.deleted], same)
    return found


def likeness(one: Listed, record: Exhibitor, booths: set[str]) -> int:
    """Return how much speaks for a listed exhibitor being a recorded one.

    Name, number and commune speak against it when they differ; telephones, addresses and booths change.
    """
    fields = one.fields
    compared = (
        (4, -1, {same_name(one.name)}, {same_name(name) for name in record.name.values()}),
        (3, -1, one.numbers, {record.number} - {""}),
        (2, 0, set(fields.get("phones") or ()), set(record.phones)),
        (2, 0, {fields.get("email")} - {None}, {record.email} - {None}),
        (1, -1, {fields.get("commune")} - {None, ""}, {record.commune} - {""}),
        (1, 0, set(one.booths), booths),
    )
    return sum((same if mine & theirs else differs) for same, differs, mine, theirs in compared if mine and theirs)


def _signs(one: Listed) -> set[str]:
    return {same_name(one.name), *(f"#{number}" for number in one.numbers)}


def _signs_of_records(known: list[Exhibitor]) -> dict[str, list[Exhibitor]]:
    alike: dict[str, list[Exhibitor]] = defaultdict(list)
    for record in known:
        for sign in {same_name(name) for name in record.name.values()} | {f"#{record.number}"}:
            alike[sign].append(record)
    return alike


def _follow_merges(found: Recognised, listed: list[Listed], records: Mapping[str, Exhibitor]) -> None:
    """A row about a record that was merged is left out; its products go to the record that is left."""
    for one in listed:
        record = records.get(found.ids.get(id(one), ""))
        if record is None or not record.merged:
            continue
        while record.merged and record.merged in records:
            record = records[record.merged]
        found.ids[id(one)] = record.id
        found.merged.add(id(one))
        name = next(iter(record.name.values()), record.code)
        found.findings.append(one.row.finding("merged_row", one.row.paths("name")[0], other=name))


def _possible(found: Recognised, listed: list[Listed], known: list[Exhibitor], same: Mapping[str, str]) -> None:
    """Find who of the unrecognised may be somebody the records have and the list does not."""
    hints: dict[str, list[Exhibitor]] = defaultdict(list)
    for record in known:
        names = [hint for name in record.name.values() for hint in _hints_of_name(name)]
        for hint in {*names, *record.phones, record.email or ""} - {""}:
            hints[hint].append(record)
    for one in listed:
        chosen = same.get(one.row.place, "")
        if id(one) in found.ids and not chosen:
            continue
        fields = one.fields
        own = {*_hints_of_name(one.name), *(fields.get("phones") or ()), fields.get("email") or ""} - {""}
        points: dict[str, int] = defaultdict(int)
        near = {record.id: record for hint in own for record in hints.get(hint, ())}
        for hint in own:
            for record in hints.get(hint, ()):
                points[record.id] += 1
        likest = sorted(near.values(), key=lambda record: (-points[record.id], record.code))[:MOST_CANDIDATES]
        told = tuple((record.id, next(iter(record.name.values()), ""), record.code) for record in likest)
        if told or chosen:
            found.possible.append(Possible(one.row.place, one.name, told, chosen))
        if told and not chosen:
            other = ", ".join(f"{name} ({code})" for _, name, code in told)
            found.findings.append(one.row.finding("possible_duplicate", one.row.paths("name")[0], other=other))


_SMALL = frozenset({"de", "la", "le", "les", "du", "des", "d", "l", "et", "the", "of", "and", "for", "pour", "ال", "و"})


def _hints_of_name(name: str) -> set[str]:
    """Return what two spellings of a name have in common: its words in any order, and how they begin."""
    words = [word for word in key(name).split() if word not in _SMALL and not vocabulary.find("kind", word)]
    if not words:
        return set()
    starts = sorted(word[:4] for word in words if len(word) > 3)
    return {f"words {' '.join(sorted(words))}", *([f"starts {' '.join(starts)}"] if len(starts) > 1 else [])}
