"""A browser driven by the W3C's WebDriver protocol (https://www.w3.org/TR/webdriver2/), as far as our journeys need it."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.engines.install import SCREEN, WEBKIT, WEBKIT_DRIVER
from tests.serving import free_port, wait_for_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which the standard names elements."""


class Wrong(Exception):
    """The browser could not do it: the standard's error code and the browser's words."""


class Session:
    """One browser; `ask("GET", "url")` is a command of the standard."""

    def __init__(self, driver: str, capabilities: dict[str, Any]) -> None:
        self._at = driver + "/session"
        answer = self.ask("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        self._at += "/" + answer["sessionId"]
        self.version: str = answer["capabilities"]["browserVersion"]

    def ask(self, method: str, command: str, content: dict[str, Any] | None = None) -> Any:
        address = f"{self._at}/{command}" if command else self._at
        body = None if method != "POST" else json.dumps(content or {}).encode()
        asked = urllib.request.Request(address, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as answer:
            value = json.load(answer)["value"]
            raise Wrong(f"{value['error']}: {value['message']}") from None

    def element(self, selector: str) -> str:
        found: dict[str, str] = self.ask("POST", "element", {"using": "css selector", "value": selector})
        return found[ELEMENT]


@contextmanager
def webkit(width: int, height: int) -> Iterator[Session]:
    """WebKitGTK's small browser, on a screen of its own; what it stores is gone when it closes."""
    port = free_port()
    with screen() as display:
        driver = subprocess.Popen([WEBKIT_DRIVER, f"--port={port}"], env=os.environ | {"DISPLAY": display})
        try:
            wait_for_port(port, driver)
            words = [
                "--automation",
                "--full-screen",
            ]  # without the bar of addresses, whose width is more than a phone's
            session = Session(
                f"http://127.0.0.1:{port}", {"webkitgtk:browserOptions": {"binary": WEBKIT, "args": words}}
            )
            session.ask("POST", "window/rect", {"width": width, "height": height})
            session.ask("POST", "timeouts", {"script": 30_000, "pageLoad": 30_000})
            yield session
            session.ask("DELETE", "")
        finally:
            driver.terminate()
            driver.wait(10)


@contextmanager
def screen() -> Iterator[str]:
    """A screen nobody looks at: the name of an X display."""
    read, write = os.pipe()
    words = [SCREEN, "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield ":" + pipe.readline().strip()
    finally:
        server.terminate()
        server.wait(10)


def until(session: Session, script: str, *arguments: Any, patience: float = 20) -> Any:
    """What a script answers, as soon as that is something; pages in between are waited for."""
    deadline = time.monotonic() + patience
    while True:
        try:
            if found := session.ask("POST", "execute/sync", {"script": script, "args": list(arguments)}):
                return found
        except Wrong:  # the page is just leaving
            if time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline:
            raise Wrong(f"it never came: {script} {arguments}")
        time.sleep(0.05)
