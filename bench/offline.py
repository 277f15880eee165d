"""A page answered by the phone with no network: how long until its last byte, beside a stored file of the same size."""

from __future__ import annotations

from playwright.sync_api import Playwright

from tests.browser.conftest import READY, Server
from tests.browser_install import CHROMIUM

PATHS = (
    "",
    "exhibitors",
    "exhibitors?q=miel",
    "b/A12",
    "b/E43",
    "map",
    "map?at=A12&to=E43",
    "programme",
    "programme/W01",
    "mine",
    "about",
)
TIMES = """async ([paths, file]) => {
  const timed = async (address) => {
    const start = performance.now();
    await (await fetch(address)).arrayBuffer();
    return performance.now() - start;
  };
  const pages = [], files = [];
  for (let round = 0; round < 5; round += 1) {
    for (const path of paths) { pages.push(await timed(path)); files.push(await timed(file)); }
  }
  return [pages.slice(paths.length), files.slice(paths.length), pages.slice(0, paths.length)];
}"""


def measure(playwright: Playwright, server: Server) -> list[str]:
    """Return the lines of the table."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(server.url + "/fr/")
    page.wait_for_selector(READY)
    server.network.set("off")
    style = page.evaluate("() => document.querySelector('link[rel=stylesheet]').getAttribute('href')")
    paths = [f"/{lang}/{path}" for lang in ("fr", "ar", "zgh") for path in PATHS]
    pages, files, first = page.evaluate(TIMES, [paths, style])
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    woken = []
    for path in ("/fr/b/A12", "/ar/exhibitors", "/zgh/"):
        session.send("ServiceWorker.stopAllWorkers")
        woken.append(
            page.evaluate(
                TIMES.replace("round < 5", "round < 1").replace("pages.slice(paths.length)", "pages"), [[path], style]
            )[0][0]
        )
    browser.close()
    server.network.calm()
    baseline = middle(files)
    return [
        f"offline page from the worker: {what:<12}  {middle(times):5.1f} ms    {middle(times) / baseline:4.1f} x a stored file"
        for what, times in (("median", pages), ("first time", first), ("worker killed", woken))
    ]


def middle(figures: list[float]) -> float:
    """Return the median."""
    return sorted(figures)[len(figures) // 2]
