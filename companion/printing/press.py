"""The child process that sets papers and reads their codes again: a script, run by `companion.printing.typeset`.

typst keeps what it has laid out, about half a megabyte a poster: in a process of its own that memory is given back,
and two of them use two cores. Reads jobs from standard input, one JSON object a line, answers each with a line:

`{"job": "set", "template", "data", "tagged", "out"}` writes a PDF and answers
`{"pages", "misfits": [{"of", "field", "size"}]}`.
`{"job": "read", "pdf", "first", "says": [[text, …] of each page], "module": mm}` reads the codes of some pages
of a PDF, from `first` on, as cameras would, and answers
`{"codes", "readings", "failures": [{"page", "says", "reader", "how"}]}`.
`{"job": "join", "parts": [path, …], "out"}` puts PDFs after each other.
`{"job": "picture", "pdf", "page", "width", "out"}` writes a page as PNG.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pypdfium2
import typst
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageOps
from qrcode_ai_scanner import scan_frame

HERE = Path(__file__).parent
CONDITIONS = ("printed", "blurred", "glare", "torn")
QUIET = 4
BLUR = 0.25
"""Of the blurred code: the standard deviation in modules."""
GLARE = 0.75
"""How much of the contrast a lamp takes in its middle, a corner of the code; less and less towards the other."""
TORN = 0.15
"""The part of the code that is gone, from its edges; the three squares in the corners are left."""
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
SIZES = (8, 6, 13, 10, 7, 9, 16)
"""Pixels a module a reader is shown, one after the other until it reads, as a camera comes closer."""


def set_paper(job: dict[str, Any]) -> dict[str, Any]:
    """Set one PDF; `misfits` are the texts that had to shrink below the sizes meant for them."""
    compiler = _compiler(job["template"])
    compiler.compile(output=job["out"], pdf_tags=job["tagged"], sys_inputs={"data": json.dumps(job["data"])})
    document = pypdfium2.PdfDocument(job["out"])
    pages = len(document)
    document.close()
    return {"pages": pages, "misfits": json.loads(compiler.query("<misfit>", field="value"))}


def read_codes(job: dict[str, Any]) -> dict[str, Any]:
    """Compare what each page should say with what both readers see, as printed and under bad conditions.

    Of several codes that say the same on one page, only the first is put under bad conditions.
    """
    failures: list[dict[str, Any]] = []
    count: Counter[str] = Counter()
    document = pypdfium2.PdfDocument(job["pdf"])
    for page, wanted in enumerate(job["says"], start=job["first"]):
        picture = _picture(document[page], SIZES[0] / (job["module"] / 25.4 * 72))
        found = _zxing(picture)
        read = Counter(code.text for code in found)
        failures += [_failure(page, text, "zxing", "printed") for text in (Counter(wanted) - read).elements()]
        failures += [_failure(page, text, "nobody", "unexpected") for text in (read - Counter(wanted)).elements()]
        tried: set[str] = set()
        for code in found:
            for how in CONDITIONS if code.text not in tried else CONDITIONS[:1]:
                view = cache(partial(_view, picture, code, how))
                for reader, reads in READERS.items():
                    count["readings"] += 1
                    if not any(code.text in reads(view(size)) for size in SIZES):
                        failures.append(_failure(page, code.text, reader, how))
            tried.add(code.text)
            count["codes"] += 1
    document.close()
    return {"codes": count["codes"], "readings": count["readings"], "failures": failures}


def join(job: dict[str, Any]) -> dict[str, Any]:
    """Put PDFs after each other."""
    whole = pypdfium2.PdfDocument.new()
    for path in job["parts"]:
        part = pypdfium2.PdfDocument(path)
        whole.import_pages(part)
        part.close()
    whole.save(job["out"])
    whole.close()
    return {}


def picture(job: dict[str, Any]) -> dict[str, Any]:
    """Write a page as PNG, `width` pixels wide."""
    document = pypdfium2.PdfDocument(job["pdf"])
    page = document[job["page"]]
    page.render(scale=job["width"] / page.get_width()).to_pil().convert("RGB").save(job["out"], "PNG", optimize=True)
    document.close()
    return {}


def _failure(page: int, says: str, reader: str, how: str) -> dict[str, Any]:
    return {"page": page, "says": says, "reader": reader, "how": how}


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        HERE / "papers" / f"{template}.typ", root=HERE, font_paths=[HERE / "fonts"], ignore_system_fonts=True
    )


def _picture(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    drawn: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return drawn


def _view(picture: Image.Image, code: zxingcpp.Barcode, how: str, size: int) -> Image.Image:
    """Cut a code with its quiet zone out of a page, `size` pixels a module, and do to it what happens to posters."""
    modules = 17 + 4 * int(_extra(code)["Version"])
    west, north, east, south = (
        code.position.top_left.x, code.position.top_left.y, code.position.bottom_right.x, code.position.bottom_right.y
    )  # fmt: skip
    quiet = round(QUIET * (east - west) / modules)
    side = (modules + 2 * QUIET) * size
    around = (west - quiet, north - quiet, east + quiet, south + quiet)
    view = picture.crop(around).resize((side, side), Image.Resampling.BICUBIC)
    if how == "blurred":
        return view.filter(ImageFilter.GaussianBlur(BLUR * size))
    if how == "glare":
        lamp = ImageOps.invert(Image.radial_gradient("L")).resize((round(1.1 * side),) * 2).crop((0, 0, side, side))
        return Image.composite(Image.new("L", view.size, 255), view, lamp.point(lambda light: int(light * GLARE)))
    if how == "torn":
        for left, top, right, bottom in _tears(modules):
            corners = [(QUIET + at) * size for at in (left, top, right, bottom)]
            ImageDraw.Draw(view).rectangle(corners, fill=235)
    return view


def _tears(modules: int) -> list[tuple[float, float, float, float]]:
    """Return the boxes that are gone, in modules: the right edge; of larger codes half of it, and the left edge.

    Where the small square at the lower right is gone as well, no reader finds the grid of a code larger than version 2.
    """
    gone = TORN * modules * modules
    if modules == 25:
        return [(modules - gone / (modules - 9), 9, modules, modules)]
    right = 4 * (modules - 9)
    return [(modules - 4, 9, modules, modules), (0, 9, (gone - right) / (modules - 17), modules - 8)]


def _extra(code: zxingcpp.Barcode) -> dict[str, str]:
    extra: dict[str, str] = code.extra  # type: ignore[assignment]  # typed as object
    return extra


def _zxing(picture: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(picture, formats=QR))


def _rqrr(picture: Image.Image) -> list[str]:
    """Read with rqrr, which grew from quirc and shares nothing with ZXing; its package's ZXing is not asked."""
    seen = scan_frame(picture.convert("RGBA").tobytes(), *picture.size)
    return [one["content"]["text"] for one in seen["detections"] if "rqrr" in one["engines"]]


READERS: dict[str, Callable[[Image.Image], list[str]]] = {
    "zxing": lambda picture: [code.text for code in _zxing(picture)],
    "rqrr": _rqrr,
}
JOBS = {"set": set_paper, "read": read_codes, "join": join, "picture": picture}


def main() -> None:
    """Answer jobs until there are no more."""
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(JOBS[job["job"]](job)), flush=True)  # noqa: T201 - the answer is the output


if __name__ == "__main__":
    main()
