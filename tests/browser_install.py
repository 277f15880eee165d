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
    if shutil.which("apt-get") is None:
        sys.exit("The browser tests need Chromium at /usr/bin/chromium and the Noto fonts; install them.")
    apt = ["apt-get", "-qq", "-y", "-o", "Dpkg::Use-Pty=0"]
    for words in (["update"], ["install", "--no-install-recommends", *PACKAGES]):
        subprocess.run(
            [*apt, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            env={"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )


if __name__ == "__main__":
    main()
