"""Ask the public database of known holes about every locked package: `make audit`.

pip-audit is content with some answers that say nothing and fails at others, so a package with known holes is asked about
first: only when they are told does silence about ours mean something. Without an answer it says so and ends well, since
a network that is down is no hole.
"""

from __future__ import annotations

import json
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

Holes = dict[str, list[str]]
Ask = Callable[[Path], Holes | None]


def audit(ask: Ask, files: Sequence[Path], known: Path) -> tuple[str, bool]:
    """Return what to tell and whether all is well; `ask` returns a file's packages with holes, None without an answer."""
    answers = [ask(file) for file in files] if ask(known) else [None]
    if None in answers:
        return "Dependencies were NOT audited: the database of known holes does not answer.", True
    holes = {package: ids for answer in answers for package, ids in (answer or {}).items()}
    told = ", ".join(f"{package} ({' '.join(ids)})" for package, ids in sorted(holes.items()))
    return (f"Known holes: {told}.", False) if holes else ("No known hole.", True)


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

        def ask(file: Path) -> Holes | None:
            words = ["--disable-pip", "--no-deps" if file == known else "--require-hashes", "-f", "json", "-r", file]
            told = subprocess.run([tool, "--progress-spinner", "off", *words], capture_output=True, text=True)
            try:
                packages = json.loads(told.stdout)["dependencies"]
            except (ValueError, KeyError):
                return None
            return {one["name"]: [hole["id"] for hole in one["vulns"]] for one in packages if one.get("vulns")}

        said, well = audit(ask, [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"], known)
    sys.stdout.write(said + "\n")
    sys.exit(not well)


if __name__ == "__main__":
    main()
