"""Install the browsers of `make test-browsers` that a fresh machine lacks: Chromium, Firefox ESR, WebKitGTK and a screen for it."""

from __future__ import annotations

from pathlib import Path

from tests.browser_install import PACKAGES, install

FIREFOX = "/usr/bin/firefox-esr"
WEBKIT = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"
WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver"
SCREEN = "/usr/bin/Xvfb"


def main() -> None:
    """Install the Debian packages, unless all are there."""
    if not all(Path(path).exists() for path in (FIREFOX, WEBKIT, WEBKIT_DRIVER, SCREEN)):
        install(*PACKAGES, "firefox-esr", "webkit2gtk-driver", "xvfb")


if __name__ == "__main__":
    main()
