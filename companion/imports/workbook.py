"""Stage 5: the content of a workbook becomes changes of records.

A record keeps its identity over imports. Booths, places and workshops have codes; exhibitors are recognised by
name or number together with what else is known of them, since offices correct names and renumber lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue.keys import key
from companion.imports.codes import free_code, record_id
from companion.imports.edition import Edition
from companion.imports.exhibitors import Listed, same_name
from companion.imports.floor import Spot
from companion.imports.interpret import Content
from companion.imports.problems import Finding, Refused
from companion.imports.products import Offer
from companion.models import Booth, Exhibitor, Fair, Place, Product, Sector, Synced, Workshop, Zone
from companion.sync.edits import Change

Coded = TypeVar("Coded", Booth, Place, Workshop)

SAME_EXHIBITOR = 4
"""Points from which a listed exhibitor is the recorded one; see `likeness`."""


def edition_of(session: Session) -> Edition:
    """Return what lists are read against; raises Refused when there is no fair yet."""
    fair = session.scalar(select(Fair).where(~Fair.deleted).order_by(Fair.id))
    if fair is None:
        raise Refused("no_fair")
    first, last = (date.fromisoformat(day) for day in fair.dates)
    return Edition(
        fair.id, first, last, float(fair.plan.get("width_m", 0)), float(fair.plan.get("depth_m", 0)),
        {one.code: (one.name, one.zone) for one in _all(session, Sector) if not one.deleted},
        {one.code: one.name for one in _all(session, Zone) if not one.deleted},
        frozenset(one.code for one in _all(session, Booth) if not one.deleted),
        {one.code: one.label for one in _all(session, Place) if not one.deleted},
    )  # fmt: skip


@dataclass
class Plan:
    """What an import is going to do: the changes, and what it has to say about records it leaves alone."""

    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def miss(self, records: Iterable[Synced], found: Iterable[str], names: dict[str, str]) -> None:
        """Note the records that are not deleted and were not found in the file."""
        here = set(found)
        gone = [one for one in records if one.id not in here and not one.deleted]
        self.findings += [Finding("missing_from_file", parameters={"other": names[one.id]}) for one in gone]


def plan_changes(session: Session, content: Content, edition: Edition) -> Plan:
    """Compare content with the records there are; change nothing yet."""
    plan = Plan()
    ids = _exhibitors(session, content, edition, plan)
    _products(session, content, ids, plan)
    _floor(session, content, edition, ids, plan)
    if "workshops" in content.kinds:
        made = [(one.code, one.fields) for one in content.workshops]
        _coded(session, Workshop, made, edition, plan)
    return plan


def _exhibitors(session: Session, content: Content, edition: Edition, plan: Plan) -> dict[int, str]:
    """Add the changes of exhibitors; return the record id of each listed one by `id()`."""
    if "exhibitors" not in content.kinds:
        return {}
    known = _all(session, Exhibitor)
    ids = recognise_exhibitors(content.exhibitors, known, _booths_by_exhibitor(session), plan)
    taken = {one.code for one in known}
    used = {one.id for one in known} | set(ids.values())
    for one in content.exhibitors:
        fields = dict(one.fields)
        if id(one) not in ids:
            natural = ["exhibitor", fields.get("number", ""), same_name(one.name), fields.get("commune", "")]
            while (made := record_id(*natural, within=edition.id)) in used:
                natural.append("again")
            used.add(made)
            ids[id(one)] = made
            fields["code"] = free_code(made, taken)
            taken.add(fields["code"])
        plan.changes.append(Change("exhibitor", ids[id(one)], fields))
    plan.miss(known, ids.values(), {one.id: f"{_a_text(one.name)} ({one.code})" for one in known})
    return ids


def recognise_exhibitors(
    listed: list[Listed], known: list[Exhibitor], booths: dict[str, set[str]], plan: Plan
) -> dict[int, str]:
    """Return the record id of each listed exhibitor there is a record of, by `id()`; the likest pairs first.

    One that is like several records alike is an error of the list: it must say more.
    """
    alike: dict[str, list[Exhibitor]] = {}
    for record in known:
        for sign in {same_name(name) for name in record.name.values()} | {f"#{record.number}"}:
            alike.setdefault(sign, []).append(record)
    pairs = []
    for at, one in enumerate(listed):
        signs = {same_name(one.name), *(f"#{number}" for number in one.numbers)}
        likely = {record.id: record for sign in signs for record in alike.get(sign, ())}
        points = {own: likeness(one, record, booths.get(own, set())) for own, record in likely.items()}
        best = max(points.values(), default=0)
        if best >= SAME_EXHIBITOR and list(points.values()).count(best) > 1:
            plan.findings.append(one.row.finding("ambiguous_exhibitor", one.row.paths("name")[0]))
        pairs += [(-score, at, own) for own, score in points.items() if score >= SAME_EXHIBITOR]
    ids: dict[int, str] = {}
    for _, at, own in sorted(pairs):
        if id(listed[at]) not in ids and own not in ids.values():
            ids[id(listed[at])] = own
    return ids


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


def _products(session: Session, content: Content, ids: dict[int, str], plan: Plan) -> None:
    if "products" not in content.kinds:
        return
    known = [one for one in _all(session, Product) if one.exhibitor in set(ids.values())]
    unclaimed = {one.id: one for one in known}
    made: list[tuple[Offer, str]] = []
    for offer in content.products:
        owner = ids[id(offer.owner)]
        natural = (key(_name(offer.fields)), key(offer.fields.get("unit", "")))
        made.append((offer, record_id("product", *natural, within=owner)))
        unclaimed.pop(made[-1][1], None)
    recorded = {one.id for one in known}
    for offer, own in made:
        owner = ids[id(offer.owner)]
        earlier = None if own in recorded else _renamed(offer, owner, unclaimed.values())
        if earlier:
            del unclaimed[earlier]
        plan.changes.append(Change("product", earlier or own, {"exhibitor": owner, **offer.fields}))
    found = (change.record for change in plan.changes)
    plan.miss(known, found, {one.id: _a_text(one.name) for one in known})


def _renamed(offer: Offer, owner: str, unclaimed: Iterable[Product]) -> str | None:
    """Find the record of a product whose name or unit the office has corrected: most of the rest is as before."""
    fields = offer.fields
    for one in unclaimed:
        same = (
            key(one.name.get("fr", "")) == key(fields.get("name.fr") or ""), one.unit == fields.get("unit"),
            one.name.get("ar") == fields.get("name.ar"), one.price == fields.get("price"),
            one.position == fields["position"],
        )  # fmt: skip
        if one.exhibitor == owner and sum(same) >= 3:
            return one.id
    return None


def _floor(session: Session, content: Content, edition: Edition, ids: dict[int, str], plan: Plan) -> None:
    """Add the changes of booths and places. Who stands where is left alone when the file does not tell."""
    drawn = "plan" in content.kinds
    told = any("booths" in one.row for one in content.exhibitors)
    told = told or any(spot.row is not None and "exhibitors" in spot.row for spot in content.spots)
    booths = []
    for spot in content.spots:
        if spot.type == "booth":
            holder = {"exhibitor": ids[id(spot.holder)] if spot.holder else None} if told and ids else {}
            booths.append((spot.code, {**_without_capacity(spot), **holder}))
    places = [(spot.code, {**spot.fields, "type": spot.type}) for spot in content.spots if spot.type != "booth"]
    if drawn:
        _coded(session, Booth, booths, edition, plan)
        _coded(session, Place, places, edition, plan)
    elif told:
        listed, given = set(ids.values()), dict(booths)
        left = [one for one in _all(session, Booth) if one.exhibitor in listed and one.code not in given]
        booths += [(one.code, {"exhibitor": None, "status": "free"}) for one in left]
        _coded(session, Booth, booths, edition, plan, whole=False)


def _without_capacity(spot: Spot) -> dict[str, Any]:
    return {path: value for path, value in spot.fields.items() if path != "capacity"}


def _coded(
    session: Session,
    model: type[Coded],
    made: list[tuple[str, dict[str, Any]]],
    edition: Edition,
    plan: Plan,
    *,
    whole: bool = True,
) -> None:
    """Add the changes of records that have codes; the record with a code is the one, whoever made it.

    `whole` says that the file lists all of them, so that others are missing from it.
    """
    known = {one.code: one for one in _all(session, model)}
    for code, fields in made:
        own = known[code].id if code in known else record_id(model.KIND, code, within=edition.id)
        plan.changes.append(Change(model.KIND, own, {**fields, "code": code}))
    if whole:
        found = {change.record for change in plan.changes}
        plan.miss(known.values(), found, {one.id: one.code for one in known.values()})


def _booths_by_exhibitor(session: Session) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for booth in _all(session, Booth):
        if booth.exhibitor:
            found.setdefault(booth.exhibitor, set()).add(booth.code)
    return found


Record = TypeVar("Record", bound=Synced)


def _all(session: Session, model: type[Record]) -> list[Record]:
    return list(session.scalars(select(model).order_by(model.id)))


def _name(fields: dict[str, Any]) -> str:
    return next((fields[path] for path in ("name.fr", "name.ar", "name.zgh", "name.en") if fields.get(path)), "")


def _a_text(texts: dict[str, str]) -> str:
    return next((texts[lang] for lang in ("fr", "ar", "zgh", "en") if lang in texts), "")
