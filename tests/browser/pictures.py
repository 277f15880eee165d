"""QR codes as a phone's camera sees them: a photo, or a film for Chromium's fake camera."""

from __future__ import annotations

import io
import math
from pathlib import Path

import pypdfium2
import qrcode
import zxingcpp
from PIL import Image, ImageFilter

DESK = 138  # the grey behind the poster

TORCH = """
MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
window.lamps = [];
MediaStreamTrack.prototype.applyConstraints = async ({ advanced: [{ torch }] }) => { window.lamps.push(torch); };
"""
"""Gives the camera a torch; `lamps` tells what was asked of it."""


def photo(text: str, side: int = 900, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A JPEG of a code lying on a desk, a little turned and a little blurred."""
    return _jpeg(_frame(_code(text, side), size, turn=7.0, shift=(40, -25), blur=2))


def blank() -> bytes:
    """A JPEG of the desk."""
    return _jpeg(Image.new("RGB", (1600, 1200), (DESK, DESK, DESK)))


def film(text: str, path: Path, side: int = 300) -> list[str]:
    """Write a film of a code held in an unsteady hand, as MJPEG; return Chromium's arguments that show it."""
    return _film(_code(text, side), path)


def film_of_print(pdf: bytes, path: Path, height: int = 680) -> list[str]:
    """The same of a printed sheet, the first of a PDF, seen as a whole."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    sheet = page.render(scale=height / page.get_height()).to_pil().convert("L")
    document.close()
    return _film(sheet, path)


def film_of_nothing(path: Path) -> list[str]:
    """The same of the desk."""
    return _shown([blank()] * 8, path)


def _film(held: Image.Image, path: Path) -> list[str]:
    frames = [
        _frame(held, (1280, 720), 6 * math.sin(0.4 * n), (round(20 * math.sin(0.6 * n)), round(9 * math.cos(n))))
        for n in range(16)
    ]
    return _shown([_jpeg(frame) for frame in frames], path)


def _shown(pictures: list[bytes], path: Path) -> list[str]:
    path.write_bytes(b"".join(pictures))
    return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={path}"]


def read(picture: bytes) -> str:
    """The text of the one code in a picture, by another reader than ours."""
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return code.text


def _code(text: str, side: int) -> Image.Image:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=4)
    code.add_data(text)
    return code.make_image().get_image().convert("L").resize((side, side))


def _frame(
    held: Image.Image, size: tuple[int, int], turn: float, shift: tuple[int, int], blur: float = 1
) -> Image.Image:
    drawn = held.rotate(turn, expand=True, fillcolor=DESK)
    frame = Image.new("L", size, DESK)
    frame.paste(drawn, ((size[0] - drawn.width) // 2 + shift[0], (size[1] - drawn.height) // 2 + shift[1]))
    return frame.filter(ImageFilter.GaussianBlur(blur)).convert("RGB")


def _jpeg(frame: Image.Image) -> bytes:
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=85)
    return out.getvalue()
