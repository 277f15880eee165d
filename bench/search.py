"""How quickly a phone answers a search: `python -m bench.search` (Chromium; plain, and with the processor 4x slower).

Beside each figure stands the same work done plainly, in the same run, as a measure of the machine: scanning every
text in lower case for what was typed, without folding, ranking, languages or mistakes. Best of three for each query.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, sync_playwright

from bench.catalogue import grown

ROOT = Path(__file__).parents[1]
ORIGIN = "https://bench.test"
SIZES, SLOWER = (320, 10_000), (1, 4)

MEASURE = """async ([snapshot, queries]) => {
    const { Search } = await import("/static/js/search.js");
    const timed = (work) => { const start = performance.now(); work(); return performance.now() - start; };
    const texts = snapshot.exhibitors.map((exhibitor) => JSON.stringify(exhibitor).toLowerCase());
    const scan = (q) => texts.filter((text) => text.includes(q.toLowerCase())).length;
    const builds = [];
    let search;
    for (let n = 0; n < (texts.length > 1000 ? 2 : 9); n += 1) {
        search = new Search(snapshot);
        builds.push(timed(() => search.find("x")));
    }
    const best = (work) => Math.min(timed(work), timed(work), timed(work));
    return {
        first: builds[0], builds: builds.slice(1),
        queries: queries.map((q) => best(() => search.find(q))), scans: queries.map((q) => best(() => scan(q))),
    };
}"""


def main() -> None:
    demo = json.loads((ROOT / "tests/data/snapshot.json").read_text("utf-8"))
    queries = [vector["q"] for vector in json.loads((ROOT / "tests/vectors/search.json").read_text("utf-8"))]
    print("exhibitors  CPU   first build  build   query median   p95     worst    plain scan median  p95   (ms)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for size in SIZES:
            snapshot = demo if size == len(demo["exhibitors"]) else grown(demo, size)
            for slower in SLOWER:
                print(row(size, slower, measured(browser.new_page(), slower, snapshot, queries)))
        browser.close()


def measured(page: Page, slower: int, snapshot: dict[str, Any], queries: list[str]) -> dict[str, Any]:
    page.route(f"{ORIGIN}/**", answer)
    page.goto(ORIGIN)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    figures: dict[str, Any] = page.evaluate(MEASURE, [snapshot, queries])
    page.close()
    return figures


def answer(route: Route) -> None:
    """Be the server of an empty page and of our scripts."""
    path = route.request.url.removeprefix(ORIGIN).lstrip("/")
    if path:
        route.fulfill(path=ROOT / path, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>bench</title>", content_type="text/html")


def row(size: int, slower: int, figures: dict[str, Any]) -> str:
    query, scan = sorted(figures["queries"]), sorted(figures["scans"])
    return (
        f"{size:>10}  {slower}x  {figures['first']:>10.0f}  {middle(figures['builds']):>7.0f}"
        f"  {middle(query):>12.1f}  {late(query):>7.1f}  {query[-1]:>7.1f}  {middle(scan):>16.1f}  {late(scan):>5.1f}"
    )


def late(figures: list[float]) -> float:
    return figures[len(figures) * 95 // 100]


def middle(figures: list[float]) -> float:
    return sorted(figures)[len(figures) // 2]


if __name__ == "__main__":
    main()
