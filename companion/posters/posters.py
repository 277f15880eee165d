"""The posters that stand on the booths."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

from companion.catalogue.index import Catalogue, Record
from companion.posters.codes import booth_address, qr_svg

HERE = Path(__file__).parent
PAPERS = ("a4", "a5", "a6")


@dataclass(frozen=True)
class Poster:
    """What one booth's poster shows; names and texts by language, `address` as people type it."""

    booth: str
    names: dict[str, str]
    fair: dict[str, str]
    address: str
    code: str


def booth_posters(catalogue: Catalogue, base_url: str, booth: str = "") -> list[Poster]:
    """Return the posters of all booths, or of one however its number is written; empty when there is none."""
    if booth:
        found = catalogue.booth(booth)
        return [_poster(catalogue, base_url, found)] if found else []
    return [_poster(catalogue, base_url, record) for record in catalogue.booths]


def posters_pdf(posters: list[Poster], paper: str) -> bytes:
    """Return the posters as a PDF, one a page."""
    pdf: bytes = typst.compile(
        HERE / "posters.typ",
        root=HERE,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"paper": paper, "posters": json.dumps([asdict(poster) for poster in posters])},
    )
    return pdf


def _poster(catalogue: Catalogue, base_url: str, booth: Record) -> Poster:
    holder = catalogue.holder(booth) or {}
    return Poster(
        booth=booth["code"],
        names=holder.get("name", {}),
        fair=catalogue.fair["name"],
        address=f"{base_url.partition('://')[2]}/b/{booth['code']}",
        code=qr_svg(booth_address(base_url, booth["code"])),
    )
