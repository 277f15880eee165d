"""Stage 5: the content of a workbook becomes changes of records.

A record keeps its identity over imports. Booths, places and workshops have codes; `recognise` knows exhibitors again.
A record that was deleted comes back when it is listed, unless somebody deleted it since the last import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue.keys import key
from companion.imports.choices import Choices
from companion.imports.codes import record_id
from companion.imports.edition import Edition
from companion.imports.exhibitors import Listed, same_name
from companion.imports.interpret import Content
from companion.imports.problems import Finding, Refused
from companion.imports.products import Offer
from companion.imports.recognise import Possible, recognise_exhibitors
from companion.imports.tables import Row
from companion.languages import LANGUAGES
from companion.models import Booth, Exhibitor, Fair, Place, Product, Sector, Synced, Workshop, Zone
from companion.sync.codes import free_code
from companion.sync.edits import Change

Coded = TypeVar("Coded", Booth, Place, Workshop)


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
    """What an import is going to do: the changes, and what it has to say about records it leaves alone.

    `rows` are the rows the changes come from, by kind and record.
    """

    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    possible: list[Possible] = field(default_factory=list)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def add(self, kind: str, record: str, fields: dict[str, Any], row: Row | None) -> None:
        """Add a change that comes from a row."""
        self.changes.append(Change(kind, record, {**fields, "deleted": False}))
        if row is not None:
            self.rows.setdefault((kind, record), row)

    def miss(self, records: Iterable[Synced], found: Iterable[str], names: dict[str, str]) -> None:
        """Note the records that are not deleted and were not found in the file."""
        here = set(found)
        gone = [one for one in records if one.id not in here and not one.deleted]
        self.findings += [Finding("missing_from_file", parameters={"other": names[one.id]}) for one in gone]


def plan_changes(session: Session, content: Content, edition: Edition, choices: Choices | None = None) -> Plan:
    """Compare content with the records there are; change nothing yet."""
    plan, choices = Plan(), choices or Choices()
    ids = _exhibitors(session, content, edition, plan, choices)
    _products(session, content, ids, plan)
    _floor(session, content, edition, ids, plan, emptied=not (choices.without_refused or choices.skip_hidden))
    if "workshops" in content.kinds:
        made = [(one.code, one.fields, one.row) for one in content.workshops]
        _coded(session, Workshop, made, edition, plan)
    return plan


def _exhibitors(session: Session, content: Content, edition: Edition, plan: Plan, choices: Choices) -> dict[int, str]:
    """Add the changes of exhibitors; return the record id of each listed one by `id()`."""
    if "exhibitors" not in content.kinds:
        return {}
    known = _all(session, Exhibitor)
    records = {one.id: one for one in known}
    found = recognise_exhibitors(content.exhibitors, known, _booths_by_exhibitor(session), choices.same)
    plan.findings += found.findings
    plan.possible = found.possible
    taken = {one.code for one in known}
    used = records.keys() | set(found.ids.values())
    for one in content.exhibitors:
        fields = dict(one.fields)
        if id(one) not in found.ids:
            found.ids[id(one)] = _new_id(one, edition, used)
            fields["code"] = free_code(found.ids[id(one)], taken)
            taken.add(fields["code"])
        own = found.ids[id(one)]
        if one.shouted and own in records and records[own].name.get("fr") == one.shouted:
            del fields["name.fr"]
        if id(one) not in found.merged:
            plan.add("exhibitor", own, fields, one.row)
    plan.miss(known, found.ids.values(), {one.id: f"{_a_text(one.name)} ({one.code})" for one in known})
    return found.ids


def _new_id(one: Listed, edition: Edition, used: set[str]) -> str:
    natural = ["exhibitor", one.fields.get("number", ""), same_name(one.name), one.fields.get("commune", "")]
    while (made := record_id(*natural, within=edition.id)) in used:
        natural.append("again")
    used.add(made)
    return made


def _products(session: Session, content: Content, ids: dict[int, str], plan: Plan) -> None:
    if "products" not in content.kinds:
        return
    owners = set(ids.values())
    known = [one for one in _all(session, Product) if one.exhibitor in owners]
    recorded = {one.id: one for one in known}
    made = [(offer, ids[id(offer.owner)]) for offer in content.products]
    named = [record_id("product", key(_name(o.fields)), key(o.fields.get("unit", "")), within=own) for o, own in made]
    claimed = set(named)
    unclaimed: dict[str, dict[str, Product]] = defaultdict(dict)
    for one in known:
        if one.id not in claimed:
            unclaimed[one.exhibitor][one.id] = one
    lists: dict[str, list[tuple[str, Offer]]] = defaultdict(list)
    for (offer, owner), own in zip(made, named, strict=True):
        earlier = None if own in recorded else _renamed(offer, unclaimed[owner].values())
        if earlier:
            del unclaimed[owner][earlier]
        lists[owner].append((earlier or own, offer))
    for owner, offers in lists.items():
        _offer(plan, owner, offers, recorded)
    plan.miss(known, {change.record for change in plan.changes}, {one.id: _a_text(one.name) for one in known})


def _offer(plan: Plan, owner: str, offers: list[tuple[str, Offer]], recorded: dict[str, Product]) -> None:
    """Add the changes of one exhibitor's products. Positions only matter when their order is another."""
    places = [(recorded[own].position, own) if own in recorded else (-1, own) for own, _ in offers]
    in_order = places == sorted(places) and all(own in recorded for own, _ in offers)
    for own, offer in offers:
        fields = {path: value for path, value in offer.fields.items() if path != "position" or not in_order}
        plan.add("product", own, {"exhibitor": owner, **fields}, offer.row)


def _renamed(offer: Offer, unclaimed: Iterable[Product]) -> str | None:
    """Find the record of a product whose name or unit the office has corrected: most of the rest is as before."""
    fields = offer.fields
    for one in unclaimed:
        same = (
            key(one.name.get("fr", "")) == key(fields.get("name.fr") or ""), one.unit == fields.get("unit"),
            one.name.get("ar") == fields.get("name.ar"), one.price == fields.get("price"),
            one.position == fields["position"],
        )  # fmt: skip
        if sum(same) >= 3:
            return one.id
    return None


def _floor(
    session: Session, content: Content, edition: Edition, ids: dict[int, str], plan: Plan, *, emptied: bool
) -> None:
    """Add the changes of booths and places. Who stands where is left alone when the file does not tell.

    `emptied` says that a booth nobody has in the file is free.
    """
    drawn = "plan" in content.kinds
    told = any("booths" in one.row for one in content.exhibitors)
    told = told or any(spot.row is not None and "exhibitors" in spot.row for spot in content.spots)
    unsure = {ids[id(one)] for one in content.exhibitors if one.unsure}
    theirs = {one.code for one in _all(session, Booth) if one.exhibitor in unsure}
    booths = []
    for spot in content.spots:
        if spot.type == "booth":
            holder = {"exhibitor": ids[id(spot.holder)] if spot.holder else None} if told and ids else {}
            stays = spot.unsure or spot.code in theirs or not emptied
            kept = () if spot.holder or not stays else ("exhibitor", "status")
            fields = {path: value for path, value in {**spot.fields, **holder}.items() if path not in kept}
            fields.pop("capacity", None)
            booths.append((spot.code, fields, spot.row or (spot.holder.row if spot.holder else None)))
    places = [
        (spot.code, {**spot.fields, "type": spot.type}, spot.row) for spot in content.spots if spot.type != "booth"
    ]
    if drawn:
        _coded(session, Booth, booths, edition, plan)
        _coded(session, Place, places, edition, plan)
    elif told:
        listed, given = set(ids.values()), {code for code, _, _ in booths}
        left = [one for one in _all(session, Booth) if one.exhibitor in listed - unsure and one.code not in given]
        booths += [(one.code, {"exhibitor": None, "status": "free"}, None) for one in left]
        _coded(session, Booth, booths, edition, plan, whole=False)


def _coded(
    session: Session,
    model: type[Coded],
    made: Sequence[tuple[str, dict[str, Any], Row | None]],
    edition: Edition,
    plan: Plan,
    *,
    whole: bool = True,
) -> None:
    """Add the changes of records that have codes; the record with a code is the one, whoever made it.

    `whole` says that the file lists all of them, so that others are missing from it.
    """
    known = {one.code: one for one in _all(session, model)}
    for code, fields, row in made:
        own = known[code].id if code in known else record_id(model.KIND, code, within=edition.id)
        one = known.get(code)
        if isinstance(one, Booth) and one.exhibitor and fields.get("exhibitor") == one.exhibitor:
            fields = {path: value for path, value in fields.items() if path != "status"}
        plan.add(model.KIND, own, {**fields, "code": code}, row)
    if whole:
        found = {change.record for change in plan.changes if change.kind == model.KIND}
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
    return next((texts[lang] for lang in LANGUAGES if lang in texts), "")
