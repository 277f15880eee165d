"""Check our scripts' types with TypeScript's compiler, where there is Node: `make check-js`, and in `make lint`.

The compiler is for checking alone; nothing of it is served, and no script is built.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.node import package

ROOT = Path(__file__).parent.parent
VENDOR = "static/vendor/"
"""Other people's scripts are checked by their authors."""


def main() -> None:
    """Exit with what is wrong; say so and go on where the compiler cannot be had."""
    try:
        compiler = package("typescript") / "bin/tsc"
    except LookupError as why:
        sys.stdout.write(f"JavaScript's types were NOT checked: {why}.\n")
        return
    said = subprocess.run(["node", compiler, "-p", "jsconfig.json"], cwd=ROOT, capture_output=True, text=True)
    wrong = [line for line in said.stdout.splitlines() if re.match(r"\S", line) and not line.startswith(VENDOR)]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
