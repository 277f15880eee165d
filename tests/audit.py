"""Ask the public database of known holes about every locked package: `make audit`.

pip-audit is content when nobody answers, so a package with known holes is asked about first: only when they are told does
silence about ours mean something. Without an answer it says so and ends well, since a network that is down is no hole.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOOL = "pip-audit==2.10.1"
KNOWN = "jinja2==2.4.1"
"""Has holes that everybody knows."""

Run = Callable[[Sequence[str]], int]


def audit(run: Run, files: Sequence[Path], known: Path) -> tuple[str, bool]:
    """Return what to tell and whether all is well; `run` calls pip-audit and returns its exit status."""
    if run(["--disable-pip", "--no-deps", "-r", str(known)]) == 0:
        return "Dependencies were NOT audited: the database of known holes does not answer.", True
    wrong = [file.name for file in files if run(["--disable-pip", "--require-hashes", "-r", str(file)])]
    return (f"Known holes in {', '.join(wrong)}, see above.", False) if wrong else ("No known hole.", True)


def main() -> None:
    """Fetch pip-audit into an environment of its own, and audit."""
    place = ROOT / ".venv/audit"
    tool = place / "bin/pip-audit"
    if not tool.exists():
        venv.create(place, with_pip=True)
        fetched = subprocess.run([place / "bin/pip", "install", "-q", "--disable-pip-version-check", TOOL])
        if fetched.returncode:
            sys.stdout.write("Dependencies were NOT audited: pip-audit cannot be fetched.\n")
            return
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "known.txt"
        known.write_text(KNOWN)

        def run(words: Sequence[str]) -> int:
            return subprocess.run([tool, "--progress-spinner", "off", *words]).returncode

        said, well = audit(run, [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"], known)
    sys.stdout.write(said + "\n")
    sys.exit(not well)


if __name__ == "__main__":
    main()
