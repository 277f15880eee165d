"""Install what the browser tests need and a fresh machine lacks: Chromium and fonts for our three scripts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
PACKAGES = ("chromium", "fonts-noto-core")


def main() -> None:
    """Install the Debian packages, unless both are there."""
    if Path(CHROMIUM).exists() and Path("/usr/share/fonts/truetype/noto/NotoSansTifinagh-Regular.ttf").exists():
        return
    install(*PACKAGES)


def install(*packages: str) -> None:
    """Install Debian packages; says which are missing where that cannot be done."""
    if shutil.which("apt-get") is None:
        sys.exit(f"The browser tests need these Debian packages, or what they hold at the same places: {packages}")
    apt = ["apt-get", "-qq", "-y", "-o", "Dpkg::Use-Pty=0"]
    for words in (["update"], ["install", "--no-install-recommends", *packages]):
        subprocess.run(
            [*apt, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            env={"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )


if __name__ == "__main__":
    main()
