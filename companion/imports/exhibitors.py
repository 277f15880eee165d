"""Stage 4, exhibitors: rows become exhibitors, and rows about the same one become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from companion.catalogue import vocabulary
from companion.catalogue.communes import communes, find_communes, find_province, provinces
from companion.catalogue.keys import key
from companion.imports import cells, contacts
from companion.imports.edition import Edition
from companion.imports.problems import Unreadable
from companion.imports.read import Cell
from companion.imports.rows import MAX_NAME, known, line, read, texts
from companion.imports.tables import Row
from companion.imports.truecase import Case, is_shouted


@dataclass
class Listed:
    """An exhibitor as listed: its fields by path (only those the list has columns for), its booths.

    `numbers` are the office's numbers of all rows about it.
    """

    row: Row
    fields: dict[str, Any]
    booths: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    code: str = ""
    """Its public code, in a list that Rafiq wrote."""
    shouted: str = ""
    """Its French name as it was written, in capitals, when it has been calmed."""

    unsure: bool = False
    """Whether its booths could not be read: it keeps those it has."""

    @property
    def name(self) -> str:
        """The name it goes by in messages and comparisons: French, else another."""
        return next((self.fields[path] for path in _NAMES if self.fields.get(path)), "")


_NAMES = ("name.fr", "name.ar", "name.zgh", "name.en")
CONTRADICTIONS = ("kind", "sector", "commune", "province")


def exhibitors(rows: Iterable[Row], edition: Edition, prose: Iterable[str] = ()) -> list[Listed]:
    """Read all exhibitors of a list, in its order; a later row about one of them only fills its gaps.

    `prose` is what else the workbook says in French: it shows how words are written that names shout.
    """
    listed = _merged([_exhibitor(row, edition) for row in rows])
    official = [name for commune in communes().values() for name in commune.names.values()]
    case = Case(
        [*(one.fields.get("name.fr") or "" for one in listed), *(f"· {name}" for name in official)],
        [*prose, *(one.fields.get("about.fr") or "" for one in listed)],
        [name for one in listed if is_shouted(name := one.fields.get("name.fr") or "")],
        [*(one.names["fr"] for one in communes().values()), *(names["fr"] for names in provinces().values())],
    )
    for one in listed:
        if one.fields.get("name.fr"):
            written = one.fields["name.fr"]
            one.fields["name.fr"] = case.calm(written)
            one.shouted = written if one.fields["name.fr"] != written else ""
    return listed


def same_name(name: str) -> str:
    """Fold a name for comparing exhibitors: `Coop. X` and `COOPERATIVE X` are the same."""
    words = key(name).split()
    kind = vocabulary.find("kind", words[0]) if words else None
    return " ".join([kind, *words[1:]] if kind else words)


def _exhibitor(row: Row, edition: Edition) -> Listed:
    number = read(row, "number", _number) or ""
    fields: dict[str, Any] = {"number": number, **texts(row, "name", MAX_NAME, needed=True), **texts(row, "about")}
    fields |= {"kind": _kind(row), **_sector_and_zone(row, edition), **_place(row), **_members(row, edition, fields)}
    fields |= _contacts(row)
    for name in ("labels", "certifications"):
        family = name.removesuffix("s")
        fields[name] = _lists(row, name, lambda cell, of=family: contacts.words(of, cell))
    fields |= {name: read(row, name, cells.boolean) for name in ("delivery", "orders")}
    fields["withdrawn"] = read(row, "withdrawn", cells.boolean) is True
    fields |= {
        "languages": _lists(row, "languages", contacts.languages),
        "payment": _lists(row, "payment", contacts.payment),
        "note": line(row, "note", 3000),
    }
    listed = {path: value for path, value in fields.items() if "." in path or path in row or path in _DERIVED}
    booths = _lists(row, "booths", contacts.booth_codes)
    code = line(row, "code", 20).upper()
    unsure = not booths and any(path in row.unread | row.blank for path in row.paths("booths"))
    return Listed(row, known(row, listed), booths, {number} - {""}, code, unsure=unsure)


_DERIVED = ("sector", "zone", "province", "commune_text", "women_led")
"""Fields that may come from other columns than their own; the functions below leave out what they cannot tell."""


def _number(cell: Cell) -> str:
    written = cells.clean(cells.written(cell))
    if not any(c.isdigit() for c in written) or len(written) > 20:
        raise Unreadable("invalid_number")
    return key(written).upper() if written.isalnum() else written


def _kind(row: Row) -> str:
    written = row.cell("kind")
    if written is None:
        if "kind" in row and row.cell("code") is None:
            row.find("missing_type", "kind", other=_kinds())
        return ""
    kind = vocabulary.find("kind", cells.written(written))
    if kind is None:
        row.find("unknown_type", "kind", other=_kinds())
    return kind or ""


def _kinds() -> str:
    return ", ".join(names["fr"] for names in vocabulary.family("kind").values())


def _sector_and_zone(row: Row, edition: Edition) -> dict[str, str]:
    if not edition.sectors or not ("sector" in row or "zone" in row):
        return {}
    sector = zone = None
    if written := cells.written(row.cell("sector")):
        sector = edition.sector(written)
        if sector is None:
            row.find("unknown_sector", "sector", other=", ".join(names["fr"] for names, _ in edition.sectors.values()))
    elif "sector" in row:
        row.find("missing_sector", "sector")
    if written := cells.written(row.cell("zone")):
        zone = edition.zone(written)
        if zone is None:
            row.find("unknown_zone", "zone", other=", ".join(edition.zones))
    if zone is None and sector:
        zone = edition.sectors[sector][1]
    return {"sector": sector or "", "zone": zone or ""}


def _place(row: Row) -> dict[str, str]:
    """Read commune and province. Each is known by itself; together they must agree."""
    if not ("commune" in row or "province" in row):
        return {}
    written, given = line(row, "commune"), cells.written(row.cell("province"))
    province = find_province(given) if given else None
    if given and province is None:
        row.find("unknown_province", "province", other=", ".join(names["fr"] for names in provinces().values()))
    found = find_communes(written) if written else []
    here = [commune for commune in found if commune.province == province] or found
    if written and not found:
        row.find("unknown_commune", "commune")
        return {"commune": "", "commune_text": written, "province": province or ""}
    if province and here and here[0].province != province:
        row.find("commune_province_mismatch", "commune", other=provinces()[here[0].province]["fr"])
    if len(here) == 1 and not given:
        province = here[0].province
    return {"commune": here[0].code if here else "", "commune_text": "", "province": province or ""}


def _members(row: Row, edition: Edition, names: dict[str, Any]) -> dict[str, Any]:
    founded = read(row, "founded", cells.year)
    if founded is not None and founded > edition.last.year:
        row.find("year_in_future", "founded")
    members, women = read(row, "members", cells.count), read(row, "women", cells.count)
    if members is not None and women is not None and women > members:
        row.find("women_exceed_members", "women")
        row.unread.add("women")
        women = None
    told = {"founded": founded, "members": members, "women": women}
    led = read(row, "women_led", cells.boolean)
    if led is None and _called_womens(names):
        led = True
    if led is None and "women" in row:
        led = women is not None and women == members
    return told if led is None else told | {"women_led": led}


def _called_womens(names: dict[str, Any]) -> bool:
    words = {word for path in _NAMES for word in key(names.get(path) or "").split()}
    return bool(words & {"feminine", "feminin", "feminines", "نسويه", "النسويه", "نسائيه", "النسائيه", "women"})


def _contacts(row: Row) -> dict[str, Any]:
    own = _lists(row, "phones", contacts.phones)
    whatsapp = read(row, "whatsapp", lambda cell: contacts.whatsapp(cell, own))
    if whatsapp is None and row.cell("whatsapp") is not None:
        row.unread.add("whatsapp")  # the same number as one that could not be read
    return {
        "phones": own,
        "whatsapp": whatsapp,
        "email": read(row, "email", contacts.email),
        "website": read(row, "website", contacts.website),
    }


def _lists(row: Row, name: str, reader: Any) -> list[str]:
    """Read a list, of which there may be several columns, without repetitions."""
    values = [value for path in row.paths(name) for value in read(row, path, reader) or ()]
    return list(dict.fromkeys(values))


def _merged(rows: Iterable[Listed]) -> list[Listed]:
    """Make one exhibitor of the rows about it; note such rows, and those that contradict each other."""
    kept: list[Listed] = []
    alike: dict[str, list[Listed]] = {}
    for one in rows:
        signs = [same_name(one.name), *(f"#{number}" for number in one.numbers)]
        likely = [other for sign in signs for other in alike.get(sign, ())]
        first = next((other for other in likely if _is_same(one, other)), None)
        if first is None:
            namesake = next((other for other in likely if one.numbers & other.numbers), None)
            if namesake:
                one.row.find("duplicate_number", "number", other=namesake.row.place)
            kept.append(one)
        elif _contradictions(one, first) > 1:
            one.row.find("duplicate_exhibitor", _name_column(one.row), other=first.row.place)
        else:
            one.row.find("duplicate_row", _name_column(one.row), other=first.row.place)
            _fill_gaps(first, one)
        for sign in signs:
            alike.setdefault(sign, []).append(first or one)
    return kept


def _fill_gaps(first: Listed, later: Listed) -> None:
    first.numbers |= later.numbers
    first.booths = first.booths or later.booths
    first.unsure = not first.booths and (first.unsure or later.unsure)
    gaps = {path for path in later.fields if first.fields.get(path) in (None, "", [])}
    first.fields |= {path: value for path, value in later.fields.items() if path in gaps}


def _is_same(one: Listed, other: Listed) -> bool:
    """The same name or number alone may be chance or a slip; with a second thing in common they are one."""
    if one.code and other.code:
        return one.code == other.code
    name = bool(one.name) and same_name(one.name) == same_name(other.name)
    number = bool(one.numbers & other.numbers)
    in_common = [
        name, number, bool(set(one.booths) & set(other.booths)),
        bool(set(one.fields.get("phones") or ()) & set(other.fields.get("phones") or ())),
        bool(one.fields.get("email")) and one.fields.get("email") == other.fields.get("email"),
    ]  # fmt: skip
    return (name or number) and sum(in_common) > 1


def _contradictions(one: Listed, other: Listed) -> int:
    pairs = [(one.fields.get(path), other.fields.get(path)) for path in CONTRADICTIONS]
    pairs.append((frozenset(one.booths), frozenset(other.booths)))
    return sum(bool(mine and theirs and mine != theirs) for mine, theirs in pairs)


def _name_column(row: Row) -> str:
    return next((path for path in row.paths("name") if row.cell(path) is not None), "name.fr")
