"""The posters that stand on the booths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from companion.catalogue.index import Catalogue, Record
from companion.models import Texts
from companion.printing.codes import booth_address, qr_svg, without_scheme
from companion.printing.signs import sector_signs
from companion.printing.typeset import Copy, Written
from companion.printing.words import _, in_each

PAPERS = ("a4", "a5", "a6")


@dataclass(frozen=True)
class Poster:
    """What one booth's poster shows: who stands there, of which sector, the address people type, what the code says."""

    booth: str
    names: Texts
    sector: str
    address: str
    says: str


def booth_posters(catalogue: Catalogue, base_url: str, booth: str = "") -> list[Poster]:
    """Return the posters of all booths, or of one however its number is written; empty when there is none."""
    if booth:
        found = catalogue.booth(booth)
        return [_poster(catalogue, base_url, found)] if found else []
    return [_poster(catalogue, base_url, record) for record in catalogue.booths]


def posters(catalogue: Catalogue, chosen: Sequence[Poster], paper: str) -> Copy:
    """Return the posters ready to be set, one a page."""
    languages = catalogue.fair["languages"]
    data = {
        "paper": paper,
        "fair": catalogue.fair["name"],
        "invitation": in_each(_("Scan: the whole fair in your pocket, even without a network"), languages),
        "signs": sector_signs(poster.sector for poster in chosen),
        "sectors": {code: entry["name"] for code, entry in catalogue.snapshot.get("sectors", {}).items()},
    }
    written = [Written(one.booth, f"name.{lang}", name) for one in chosen for lang, name in one.names.items()]
    return Copy(
        "posters", data, [asdict(poster) | {"code": qr_svg(poster.says)} for poster in chosen],
        [[poster.says] for poster in chosen], written=written,
    )  # fmt: skip


def _poster(catalogue: Catalogue, base_url: str, booth: Record) -> Poster:
    holder = catalogue.holder(booth) or {}
    return Poster(
        booth=booth["code"],
        names=holder.get("name", {}),
        sector=holder.get("sector", ""),
        address=without_scheme(f"{base_url}/b/{booth['code']}"),
        says=booth_address(base_url, booth["code"]),
    )
