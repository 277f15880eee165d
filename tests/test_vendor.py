"""Third-party scripts are the ones that were reviewed: pinned, summed, with their licence."""

from __future__ import annotations

import hashlib
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "static" / "vendor"


def test_every_vendored_file_has_its_recorded_sum() -> None:
    recorded = (VENDOR / "SHA256SUMS").read_text().splitlines()
    found = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(VENDOR.iterdir())
        if path.suffix in {".js", ".txt"}
    ]
    assert found == recorded


def test_every_vendored_script_says_what_it_is_and_carries_its_licence() -> None:
    scripts = sorted(VENDOR.glob("*.js"))
    assert [path.name for path in scripts] == ["idb.js", "qr.js"]
    for script in scripts:
        name, _, rest = script.read_text().partition("/*! ")[2].partition(" ")
        assert name == script.stem
        assert rest.split(" | ")[1] in {"ISC", "MIT"}
        assert "Copyright" in script.with_name(f"{name}.LICENCE.txt").read_text()
