"""Lighthouse on a mobile phone over visitors' pages in three languages: `make lighthouse`.

Accessibility, best practices and SEO must be 100 on each page. Performance is the median of the runs and printed: it needs a
machine with nothing else to do, and 3 points up or down are noise; `--performance 98` makes it count.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.conftest import Server, flask
from tests.browser.places import LANGUAGES
from tests.browser_install import CHROMIUM
from tests.node import package

PAGES = ("/", "/exhibitors", "/b/E43", "/map", "/programme")
WHOLE = ("accessibility", "best-practices", "seo")


def main() -> None:
    """Print a line a page; exit with what is not whole."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=1)
    asked.add_argument("--performance", type=int, default=0)
    asked.add_argument("--languages", nargs="+", default=LANGUAGES)
    given = asked.parse_args()
    try:
        program = package("lighthouse") / "cli/index.js"
    except LookupError as why:
        sys.exit(f"Lighthouse cannot be had: {why}.")
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        flask(folder, "prepare")
        server = Server(folder)
        server.start()
        try:
            for place in (f"/{lang}{page}" for page in PAGES for lang in given.languages):
                wrong += judged(place, [run(program, server.url + place) for _ in range(given.runs)], given.performance)
        finally:
            server.close()
    sys.exit("\n".join(wrong) or None)


def run(program: Path, address: str) -> dict[str, Any]:
    """One report. Where Lighthouse lost the browser's trace and asks to be run again, it is, up to three times."""
    words = ["node", str(program), address, "--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox"]
    words.append(f"--only-categories=performance,{','.join(WHOLE)}")
    for _ in range(3):
        said = subprocess.run(
            words, env=os.environ | {"CHROME_PATH": CHROMIUM}, capture_output=True, text=True, check=False
        )
        if not said.returncode:
            report: dict[str, Any] = json.loads(said.stdout)
            return report
        if "run Lighthouse again" not in said.stderr:
            break
    sys.exit(f"Lighthouse could not look at {address}: {said.stderr}")


def judged(place: str, reports: list[dict[str, Any]], least: int) -> list[str]:
    """Print the page's line and return what is wrong with it."""
    scores = {
        name: statistics.median_low(round(100 * report["categories"][name]["score"]) for report in reports)
        for name in ("performance", *WHOLE)
    }
    sys.stdout.write(f"{place:20} {'  '.join(f'{name} {score}' for name, score in scores.items())}\n")
    sys.stdout.flush()
    wrong = [f"{place}: performance {scores['performance']} < {least}"] if scores["performance"] < least else []
    for name in WHOLE:
        for part in reports[0]["categories"][name]["auditRefs"]:
            audit = reports[0]["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 1:
                nodes = [item.get("node", {}).get("snippet", "") for item in audit.get("details", {}).get("items", [])]
                wrong.append(f"{place}: {name}: {audit['title']} {nodes[:3]}")
    return wrong


if __name__ == "__main__":
    main()
