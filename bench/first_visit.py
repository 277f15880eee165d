"""A stranger's first visit to a booth on a slow network: bytes, and when the page can be read and the phone is ready.

The baseline of the times is what the line alone needs for the same bytes in one file: two round trips and the bits.
"""

from __future__ import annotations

import time
import urllib.request
from typing import Any

from playwright.sync_api import Playwright

from tests.browser.conftest import READY, Server
from tests.browser_install import CHROMIUM

LINES = {"slow 3G": (400, 0.4), "2G": (280, 0.8)}
"""Kilobits a second and seconds of a round trip."""
SLOWER = 4
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def measure(playwright: Playwright, server: Server) -> list[str]:
    """Return the lines of the table."""
    html = urllib.request.Request(server.url + "/b/A12", headers={"Accept-Encoding": "br"})
    rows = [
        f"first visit: HTML of a booth            {len(urllib.request.urlopen(html).read()) / 1000:6.1f} kB   (budget 14)"
    ]
    for name, (kbps, latency) in LINES.items():
        figures = [visit(playwright, server, kbps, latency) for _ in range(3)]
        figures.sort(key=lambda each: each["ready"])
        median = figures[1]
        bytes_before, bytes_ready = median["bytes_loaded"] / 1000, median["bytes_ready"] / 1000
        if name == "slow 3G":
            rows.append(f"first visit: until the page has loaded  {bytes_before:6.1f} kB   (budget 40)")
            rows.append(f"first visit: until ready, 3 languages   {bytes_ready:6.1f} kB   (budget 180)")
        for what, size in (("readable", bytes_before), ("ready", bytes_ready)):
            alone = size * 8 / kbps + 2 * latency
            rows.append(
                f"{name}, CPU {SLOWER}x slower: {what:<12}        {median[what]:6.2f} s    "
                f"{median[what] / alone:4.2f} x the same bytes as one file"
            )
    return rows


def visit(playwright: Playwright, server: Server, kbps: int, latency: float) -> dict[str, Any]:
    """Visit with a new phone; bytes as they crossed the line, headers included."""
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
    )
    page = browser.new_page(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    server.network.kbps, server.network.latency, server.network.received = kbps, latency, 0
    start = time.monotonic()
    page.goto(server.url + "/b/A12")
    loaded = server.network.received
    page.wait_for_selector(READY, timeout=60_000)
    ready = time.monotonic() - start
    figures = {
        "bytes_loaded": loaded,
        "bytes_ready": server.network.received,
        "readable": page.evaluate(PAINTED) / 1000,
        "ready": ready,
    }
    browser.close()
    server.network.calm()
    return figures
