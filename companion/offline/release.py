"""A release: everything a phone needs besides the catalogue, under one address that changes with its content.

The static files, the templates and messages translated to ES modules and the list of what to precache are
written, with brotli and gzip beside them, to `instance/releases/<release>/`, where `<release>` is a hash of it
all. Since every file of a release lives under `/static/<release>/`, a page and its scripts can never be of two
versions, and relative imports need no rewriting. Older releases stay for pages that are still open.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli

SHELL = ("css/*.css", "js/*.js", "vendor/*.js", "fonts/*.woff2", "icons/*.svg")
"""What the service worker stores so that pages work with no network; app icons and screenshots are not."""

COMPRESSED = {".css", ".js", ".svg", ".json", ".txt"}
RELEASES_KEPT = 5


@dataclass(frozen=True)
class Release:
    """The name of a release and the folder that holds it."""

    name: str
    folder: Path

    def url(self, path: str) -> str:
        """Return the address of a file of this release: `css/site.css` → `/static/<release>/css/site.css`."""
        return f"/static/{self.name}/{path}"


def make_release(
    static: Path, generated: Mapping[str, str], facts: Mapping[str, Any], releases: Path
) -> Release:
    """Write the release of these files, unless it is there already, and return it.

    `generated` maps paths like `js/templates.js` to their text; `facts` are the constants `js/shell.js` exports
    besides the release's name and file list.
    """
    files = {path.relative_to(static).as_posix(): path.read_bytes() for path in _files(static)}
    files |= {path: text.encode() for path, text in generated.items()}
    name = _hash(files, facts)
    release = Release(name, releases / name)
    if not release.folder.exists():
        files["js/shell.js"] = _shell(release, files, facts).encode()
        _write(files, release.folder)
        _forget_old(releases)
    return release


def service_worker(release: Release) -> str:
    """Return the text of `/sw.js`: the source with its imports pointing into the release."""
    source = (release.folder / "sw.js").read_text()
    return source.replace('"./', f'"/static/{release.name}/')


def _files(static: Path) -> list[Path]:
    return sorted(path for path in static.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"})


def _hash(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for path in sorted(files):
        digest.update(f"\0{path}\0{len(files[path])}\0".encode() + files[path])
    return digest.hexdigest()[:12]


def _shell(release: Release, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> str:
    paths = [*files, "js/shell.js"]
    shell = sorted(release.url(path) for path in paths if any(Path(path).match(glob) for glob in SHELL))
    constants = {"release": release.name, "shell": shell, **facts}
    lines = (
        f"export const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in constants.items()
    )
    return "\n".join(lines) + "\n"


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write all files to a folder of another name first, since several workers may start at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".draft-"))
    for path, content in files.items():
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if target.suffix in COMPRESSED:
            Path(f"{target}.br").write_bytes(brotli.compress(content, quality=11))
            Path(f"{target}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)
        if not folder.exists():
            raise


def _forget_old(releases: Path) -> None:
    folders = [path for path in releases.iterdir() if path.is_dir() and not path.name.startswith(".")]
    for old in sorted(folders, key=lambda path: path.stat().st_mtime)[:-RELEASES_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
