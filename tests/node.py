"""Tools that come by npm, for checking alone: fetched once into `.venv/node`, pinned here."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".venv/node"
PINNED = {"typescript": "5.9.3", "vnu-jar": "26.9.27", "lighthouse": "12.8.2"}


def package(name: str) -> Path:
    """Return the folder of a pinned package, fetched if need be. Raises LookupError saying why it cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise LookupError("there is no Node here")
    folder = FOLDER / "node_modules" / name
    if not _there(folder, PINNED[name]):
        FOLDER.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save", "--prefix", str(FOLDER)]
        held = [
            f"{other}@{version}"
            for other, version in PINNED.items()
            if _there(FOLDER / "node_modules" / other, version)
        ]
        try:
            subprocess.run([*words, *held, f"{name}@{PINNED[name]}"], check=True, capture_output=True, timeout=300)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            raise LookupError(f"npm could not fetch {name}") from None
    return folder


def _there(folder: Path, version: str) -> bool:
    about = folder / "package.json"
    return about.exists() and json.loads(about.read_text("utf-8"))["version"] == version
