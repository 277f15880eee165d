"""What a person does with a browser, whichever it is: opens, presses, types, looks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page

from tests.engines.webdriver import Session, Wrong, until

PATIENCE = 30


class Eyes(Protocol):
    """Selectors are CSS; of several elements the first one is meant. Whatever is not there yet is waited for."""

    def open(self, url: str) -> None: ...
    def press(self, selector: str) -> None: ...
    def type(self, selector: str, text: str) -> None: ...
    def give(self, selector: str, file: Path) -> None: ...
    def see(self, selector: str) -> None: ...
    def count(self, selector: str) -> int: ...
    def run(self, function: str, *arguments: Any) -> Any: ...


def address(eyes: Eyes) -> str:
    return str(eyes.run("() => location.href"))


def text(eyes: Eyes, selector: str) -> str:
    return str(eyes.run("(it) => document.querySelector(it).innerText", selector))


class Driven:
    """Chromium or Firefox, by Playwright."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.set_default_timeout(PATIENCE * 1000)

    def open(self, url: str) -> None:
        self.page.goto(url)

    def press(self, selector: str) -> None:
        self.page.wait_for_selector(selector, state="attached")
        self.page.evaluate(CENTRE, selector)
        self.page.locator(selector).first.click()

    def type(self, selector: str, text: str) -> None:
        self.page.locator(selector).first.fill(text)

    def give(self, selector: str, file: Path) -> None:
        self.page.set_input_files(selector, file)

    def see(self, selector: str) -> None:
        self.page.wait_for_selector(selector, state="attached")

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()

    def run(self, function: str, *arguments: Any) -> Any:
        return self.page.evaluate(f"(given) => ({function})(...given)", list(arguments))


CENTRE = "(it) => document.querySelector(it).scrollIntoView({ block: 'center', behavior: 'instant' })"


class Spoken:
    """WebKit, by WebDriver."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def open(self, url: str) -> None:
        self.session.ask("POST", "url", {"url": url})

    def press(self, selector: str) -> None:
        """Again when the page was just drawing the element anew."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self.see(selector)
            try:
                self.run(CENTRE, selector)
                self.session.ask("POST", f"element/{self.session.element(selector)}/click")
                return
            except Wrong:
                if time.monotonic() > deadline:
                    raise

    def type(self, selector: str, text: str) -> None:
        self.see(selector)
        element = self.session.element(selector)
        self.session.ask("POST", f"element/{element}/clear")
        self.session.ask("POST", f"element/{element}/value", {"text": text})

    def give(self, selector: str, file: Path) -> None:
        self.see(selector)
        self.session.ask("POST", f"element/{self.session.element(selector)}/value", {"text": str(file)})

    def see(self, selector: str) -> None:
        until(self.session, "return document.querySelector(arguments[0]) !== null", selector, patience=PATIENCE)

    def count(self, selector: str) -> int:
        return int(self.run("(it) => document.querySelectorAll(it).length", selector))

    def run(self, function: str, *arguments: Any) -> Any:
        script = f"""const done = arguments[arguments.length - 1];
            Promise.resolve().then(() => ({function})(...arguments[0]))
                .then((value) => done({{ value }}), (problem) => done({{ problem: String(problem) }}));"""
        answer = self.session.ask("POST", "execute/async", {"script": script, "args": [list(arguments)]})
        assert "problem" not in answer, answer
        return answer.get("value")
