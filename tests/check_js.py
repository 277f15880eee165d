"""Check our scripts' types with TypeScript's compiler, where there is Node: `make check-js`, and in `make lint`.

The compiler is for checking alone; nothing of it is served, and no script is built.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TYPESCRIPT = "5.9.3"
FOLDER = ROOT / ".venv/node"
COMPILER = FOLDER / "node_modules/typescript/bin/tsc"
VENDOR = "static/vendor/"
"""Other people's scripts are checked by their authors."""


def main() -> None:
    """Exit with what is wrong; say so and go on where the compiler cannot be had."""
    if why := missing():
        sys.stdout.write(f"JavaScript's types were NOT checked: {why}.\n")
        return
    said = subprocess.run(["node", COMPILER, "-p", "jsconfig.json"], cwd=ROOT, capture_output=True, text=True)
    wrong = [line for line in said.stdout.splitlines() if re.match(r"\S", line) and not line.startswith(VENDOR)]
    if wrong:
        sys.exit("\n".join(wrong))


def missing() -> str:
    """Install the compiler if need be; why it cannot be used, or ''."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "there is no Node here"
    package = COMPILER.parents[1] / "package.json"
    if package.exists() and f'"version": "{TYPESCRIPT}"' in package.read_text("utf-8"):
        return ""
    FOLDER.mkdir(parents=True, exist_ok=True)
    words = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save", "--prefix", str(FOLDER)]
    try:
        subprocess.run([*words, f"typescript@{TYPESCRIPT}"], check=True, capture_output=True, timeout=120)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return "npm could not fetch TypeScript"
    return ""


if __name__ == "__main__":
    main()
