"""Run every measurement and print one table: `python -m bench`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench import edits, exchange, first_visit, imports, offline, pages, printing, register, scanner, search
from tests import browser_install
from tests.browser.conftest import Server, flask


def main() -> None:
    """Print the table as it grows."""
    browser_install.main()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        flask(folder, "prepare")
        server = Server(folder)
        server.start()
        try:
            say(pages.measure(server, folder))
            with sync_playwright() as playwright:
                say(first_visit.measure(playwright, server))
                say(offline.measure(playwright, server))
        finally:
            server.close()
    say(edits.measure())
    say(exchange.measure())
    say(imports.measure())
    say(register.measure())
    say(printing.measure())
    say(scanner.measure())
    search.main()


def say(lines: list[str]) -> None:
    """Print what has been measured so far."""
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
