"""How well the scanner reads bad frames: `python -m bench.scanner`, beside ZXing on the same frames in the same run.

A frame is what a phone's camera gives, 1280 × 720, of a poster's code with one thing wrong with it, a little turned and
shifted. The scanner looks at frame after frame, in turn at all of the middle square, at its half and at three quarters; a
look is one of these, and what counts for a person is that one of three reads. Where a browser has a reader of its own it is asked as well.
"""

from __future__ import annotations

import base64
import io
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import qrcode
import zxingcpp
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter
from playwright.sync_api import Playwright, sync_playwright

from bench.search import ORIGIN, answer

ADDRESS = "HTTPS://RAFIQ.EXAMPLE/B/A12"
SIZE, DESK = (1280, 720), 138
LEVELS = 8

READ = """async (pictures) => {
    const { frames } = await import('/static/js/decode.js');
    const looks = await frames();
    const own = 'BarcodeDetector' in window && (await BarcodeDetector.getSupportedFormats()).includes('qr_code');
    const said = [];
    for (const picture of pictures) {
        const bitmap = await createImageBitmap(await (await fetch(picture)).blob());
        const film = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
        film.getContext('2d').drawImage(bitmap, 0, 0);
        Object.assign(film, { videoWidth: bitmap.width, videoHeight: bitmap.height });
        const texts = [], times = [];
        for (const turn of [0, 1, 2]) {
            const start = performance.now();
            texts.push(await looks(film, turn));
            times.push(performance.now() - start);
        }
        said.push({ texts, times });
    }
    return { own, said };
}"""


def code(side: int) -> Image.Image:
    """The code of a poster with its quiet zone, so many pixels wide."""
    made = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=4)
    made.add_data(ADDRESS)
    return made.make_image().get_image().convert("L").resize((side, side), Image.Resampling.LANCZOS)


def frame(held: Image.Image, chance: random.Random) -> Image.Image:
    """The code on a desk before the camera."""
    drawn = held.rotate(chance.uniform(-9, 9), expand=True, fillcolor=DESK, resample=Image.Resampling.BICUBIC)
    out = Image.new("L", SIZE, DESK)
    out.paste(drawn, ((SIZE[0] - drawn.width) // 2 + chance.randint(-40, 40), (SIZE[1] - drawn.height) // 2))
    return out


def noisy(picture: Image.Image, strength: float, chance: random.Random) -> Image.Image:
    """With the grain of a cheap sensor."""
    grain = Image.frombytes("L", SIZE, chance.randbytes(SIZE[0] * SIZE[1]))
    return Image.blend(picture, grain, strength)


def blurred(level: int, chance: random.Random) -> Image.Image:
    return frame(code(300), chance).filter(ImageFilter.GaussianBlur(1 + 0.6 * level))


def dark(level: int, chance: random.Random) -> Image.Image:
    return noisy(
        ImageEnhance.Brightness(frame(code(300), chance)).enhance(0.5 / (1 + level)), 0.03 + 0.01 * level, chance
    )


def glare(level: int, chance: random.Random) -> Image.Image:
    picture = frame(code(300), chance)
    light = Image.new("L", SIZE, 0)
    x, y, r = SIZE[0] // 2 + chance.randint(-90, 90), SIZE[1] // 2 + chance.randint(-90, 90), 30 + 9 * level
    ImageDraw.Draw(light).ellipse((x - r, y - r, x + r, y + r), fill=255)
    return Image.composite(Image.new("L", SIZE, 255), picture, light.filter(ImageFilter.GaussianBlur(12)))


def tilted(level: int, chance: random.Random) -> Image.Image:
    held, lean = code(320), 0.06 * (1 + level)
    inset = int(160 * lean)
    corners = (-inset, -inset, 0, 320, 320, 320, 320 + inset, -inset)
    flat = Image.new("L", (320, 320), DESK)
    flat.paste(held)
    return frame(
        flat.transform((320, 320), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=DESK), chance
    )


def small(level: int, chance: random.Random) -> Image.Image:
    return frame(code(130 - 10 * level), chance).filter(ImageFilter.GaussianBlur(0.7))


def damaged(level: int, chance: random.Random) -> Image.Image:
    held = code(300)
    pen = ImageDraw.Draw(held)
    for _ in range(2 + 2 * level):
        x, y = chance.randint(30, 260), chance.randint(30, 260)
        pen.ellipse((x, y, x + 16, y + 16), fill=chance.choice((0, 255)))
    return frame(held, chance)


BAD: dict[str, Callable[[int, random.Random], Image.Image]] = {
    "blurred": blurred, "low light": dark, "glare": glare, "tilted": tilted, "small": small, "damaged": damaged,
}  # fmt: skip


def frames() -> Iterator[tuple[str, Image.Image]]:
    """Every kind at every level, three times; always the same."""
    for what, make in BAD.items():
        for level in range(LEVELS):
            for number in range(3):
                yield what, make(level, random.Random(f"{what} {level} {number}"))


def measure() -> list[str]:
    """The table's lines."""
    made = list(frames())
    with sync_playwright() as playwright:
        ours, own = in_the_browser(playwright, [picture for _, picture in made])
    theirs = [beside(picture) for _, picture in made]
    lines = [f"scanner: {len(made)} bad frames       one look   two    three looks   ZXing      (share read)"]
    for what in [*BAD, "all"]:
        chosen = [n for n, (kind, _) in enumerate(made) if what in (kind, "all")]
        one = share(ours[n]["texts"][0] == ADDRESS for n in chosen)
        two = share(ADDRESS in ours[n]["texts"][:2] for n in chosen)
        three = share(ADDRESS in ours[n]["texts"] for n in chosen)
        lines.append(f"  {what:28} {one:8.0%} {two:6.0%} {three:9.0%} {share(theirs[n][0] for n in chosen):11.0%}")
    looks = [each for said in ours for each in said["times"]]
    zxing = statistics.median(spent for _, spent in theirs)
    lines.append(
        f"  a look, median                {statistics.median(looks):6.1f} ms, ZXing {zxing:.1f} ms on the whole frame"
    )
    lines.append(f"  this browser's own reader was {'asked first' if own else 'not asked: it has none'}")
    return lines


def share(found: Any) -> float:
    every = list(found)
    return sum(map(bool, every)) / len(every)


def beside(picture: Image.Image) -> tuple[bool, float]:
    """Whether ZXing reads it, and ms."""
    start = time.perf_counter()
    read = any(found.text == ADDRESS for found in zxingcpp.read_barcodes(picture))
    return read, 1000 * (time.perf_counter() - start)


def in_the_browser(playwright: Playwright, pictures: list[Image.Image]) -> tuple[list[dict[str, Any]], bool]:
    """What the scanner's own module reads, look by look, and whether the browser has a reader."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = browser.new_page()
    page.route(f"{ORIGIN}/**", answer)
    page.goto(ORIGIN)
    figures = page.evaluate(READ, [as_address(picture) for picture in pictures])
    browser.close()
    return figures["said"], figures["own"]


def as_address(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


if __name__ == "__main__":
    print("\n".join(measure()))
