"""Take the pictures in `docs/screenshots/` and `static/screenshots/`: `make screenshots`.

They are of the real app with the demo fair, on a phone that has the whole fair stored. The pictures of the manifest
have the names and sizes of `companion.visitors.manifest`; the README shows two of them. Look at every picture before committing it.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.browser.conftest import READY, ROOT, Server, flask, start_phone
from tests.browser.pictures import film

LANGUAGES = ("fr", "ar", "zgh")
STORE, PAPERS = ROOT / "static/screenshots", ROOT / "docs/screenshots"
COLOURS = (256, 192, 128, 96, 64, 48, 32)
PHONE: dict[str, Any] = {"device_scale_factor": 2}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "has_touch": False}
HONEY = "A29"
"""A booth whose exhibitor has products with prices, a label and texts in all three languages."""


class Picture(NamedTuple):
    """One picture: its file, the address and, where there is more to do before it is taken, what to wait for."""

    file: Path
    path: str
    wait: str = ""
    kilobytes: int = 80


def main() -> None:
    """Take all pictures, or those whose names hold one of the words given."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        flask(folder, "prepare")
        server = Server(folder)
        server.start()
        try:
            take_all(playwright, server, folder)
        finally:
            server.close()


def take_all(playwright: Playwright, server: Server, folder: Path) -> None:
    """Take the pictures: of the phone, of the phone at night, of its camera, of a desk."""
    store = [
        Picture(STORE / f"{name}.{lang}.png", f"/{lang}{path}", kilobytes=60)
        for lang in LANGUAGES
        for name, path in (("home", "/"), ("exhibitor", f"/b/{HONEY}"))
    ]
    wide = [Picture(STORE / f"home-wide.{lang}.png", f"/{lang}/", kilobytes=60) for lang in LANGUAGES]
    light = [
        Picture(PAPERS / "exhibitors.png", "/zgh/exhibitors?q=tamment", "[data-card]"),
        Picture(PAPERS / "plan.png", f"/fr/map?at=E43&to={HONEY}", "svg polyline"),
        Picture(PAPERS / "programme.png", "/fr/programme"),
    ]
    with phone(playwright, server, folder / "day", **PHONE) as page:
        take(page, server, [*store, *light])
    with phone(playwright, server, folder / "night", **PHONE, color_scheme="dark") as page:
        take(page, server, [Picture(PAPERS / "dark.png", f"/fr/b/{HONEY}")])
    with phone(playwright, server, folder / "desk", **DESK) as page:
        take(page, server, [*wide, Picture(PAPERS / "desktop.png", "/fr/exhibitors")])
    camera = film("WIFI:S:Salon;T:WPA;P:miel;;", folder / "poster.mjpeg")
    with phone(playwright, server, folder / "camera", **PHONE, args=camera, permissions=["camera"]) as page:
        take(page, server, [Picture(PAPERS / "scan.png", "/fr/scan", "video")])


@contextmanager
def phone(playwright: Playwright, server: Server, profile: Path, **options: Any) -> Iterator[Page]:
    """A phone that has stored the fair."""
    context = start_phone(playwright, profile, **options)
    page = context.pages[0]
    page.goto(server.url + "/fr/")
    page.wait_for_selector(READY, timeout=90_000)
    yield page
    context.close()


def take(page: Page, server: Server, pictures: list[Picture]) -> None:
    """Take these pictures with one phone."""
    words = sys.argv[1:]
    for picture in pictures:
        if words and not any(word in str(picture.file) for word in words):
            continue
        page.goto(server.url + picture.path)
        page.wait_for_selector(READY)
        if picture.wait:
            page.wait_for_selector(picture.wait)
        page.wait_for_timeout(1_500)  # for what fades in and out
        picture.file.parent.mkdir(parents=True, exist_ok=True)
        picture.file.write_bytes(small(page.screenshot(), picture.kilobytes))


def small(png: bytes, kilobytes: int) -> bytes:
    """Return the picture as a PNG with as many colours as fit in so many kilobytes; plain areas keep theirs exactly."""
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    pixels = whole.tobytes()
    for colours in COLOURS:
        less = whole.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        becomes = Counter(zip(less.tobytes(), pixels[::3], pixels[1::3], pixels[2::3], strict=True))
        commonest = {index: colour for (index, *colour), _ in reversed(becomes.most_common())}
        less.putpalette([channel for index in range(colours) for channel in commonest.get(index, [0, 0, 0])])
        out = io.BytesIO()
        less.save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= kilobytes * 1000:
            return out.getvalue()
    raise ValueError(f"{len(out.getvalue())} bytes with {COLOURS[-1]} colours")


if __name__ == "__main__":
    main()
