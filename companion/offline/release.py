"""A release: everything a phone needs besides the catalogue, under one address that changes with its content.

The static files, our scripts joined into bundles with the templates and messages translated to ES modules, are
written, with brotli and gzip beside them, to `instance/releases/<release>/`, where `<release>` is a hash of it
all. Since every file of a release lives under `/static/<release>/`, a page and its scripts can never be of two
versions, and relative imports need no rewriting. Older releases stay for pages that are still open.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli

from companion.offline.bundle import Bundle

SHELL = (
    "css/site.css",
    "js/site.js",
    "js/with-qr.js",
    "js/sending.js",
    "fonts/*.woff2",
    "icons/sprite.svg",
)
"""What the service worker stores so that visitors' pages work with no network; the browser's tab can do without its
sign."""

COMPRESSED = {".css", ".js", ".svg", ".json", ".txt"}
MINIFIED = {".css": "text/css", ".js": "application/javascript", ".svg": "image/svg+xml"}
RELEASES_KEPT = 5
DAYS_KEPT = 14
"""Days since a process last started with a release, for which phones may still have pages of it open."""

WORKER, PAGE = "sw.js", "js/site.js"
AREA, AREA_SHELL = "js/area.js", "area.shell"
AREA_FILES = (AREA, "css/area.css", "icons/area.svg", AREA_SHELL)
"""What the service worker stores besides on phones that signed in for an exhibitor."""

FLOOR = "js/floor.js"
FLOOR_FILES = (FLOOR, *AREA_FILES[1:])
"""The same on phones of the floor team."""

OFFICE_SOURCE, OFFICE = "js/office/office.js", "js/office.js"
LAZY = {
    "js/with-qr.js": ("js/scan.js", "js/mine.js", "js/qrcode.js", "js/decode.js"),
    "js/sending.js": ("js/outbox.js", "js/tally.js", "js/request.js", "js/requests.js", "js/card.js"),
    "js/online.js": ("js/offering.js", "js/direct.js"),
    AREA: ("js/area/area.js", "js/area/enter.js"),
    FLOOR: ("js/floor/floor.js",),
}
"""Bundles kept out of what every page loads, and the modules they are loaded for: the QR library, which is half of all
scripts; what only a page with something to send needs; what serves no phone without a network, and so is not stored."""


@dataclass(frozen=True)
class Release:
    """The name of a release, the folder that holds it, and how it is made again when files of it are gone."""

    name: str
    folder: Path
    make_again: Callable[[], None] = field(default=lambda: None, compare=False)

    def url(self, path: str) -> str:
        """Return the address of a file of this release: `css/site.css` → `/static/<release>/css/site.css`."""
        return f"/static/{self.name}/{path}"

    def read(self, path: str) -> bytes:
        """Return the content of a file of this release, also when somebody removed it. Raises FileNotFoundError."""
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            self.make_again()
            return (self.folder / path).read_bytes()


def make_release(static: Path, generated: Mapping[str, str], facts: Mapping[str, Any], releases: Path) -> Release:
    """Write the release of these files, unless it is there already, and return it.

    `generated` maps modules like `js/templates.js` to their text; `facts` are the constants `js/shell.js` exports
    to the service worker besides the release's name and the list of files to precache.
    """
    files = {path.relative_to(static).as_posix(): path.read_bytes() for path in _files(static)}
    files |= {path: text.encode() for path, text in generated.items()}
    name = _hash(_outgoing(files, "", facts))
    release = Release(name, releases / name)
    out = _outgoing(files, name, facts)
    if not release.folder.exists() or any(not (release.folder / path).is_file() for path in _written(out)):
        _write(out, release.folder)
    hold(release)
    _forget_old(releases)
    return release


_held: dict[Path, int] = {}


def hold(release: Release) -> None:
    """Keep others from removing a release while this process lives, and for days after: a shared lock of its folder."""
    os.utime(release.folder)
    if (held := _held.pop(release.folder, None)) is not None:
        os.close(held)
    _held[release.folder] = os.open(release.folder, os.O_RDONLY)
    fcntl.flock(_held[release.folder], fcntl.LOCK_SH)


def _written(files: Mapping[str, bytes]) -> list[str]:
    """Return the names of all files of a release, with their compressed forms."""
    beside = [f"{path}{end}" for path in files if Path(path).suffix in COMPRESSED for end in (".br", ".gz")]
    return [*files, *beside]


def _outgoing(files: Mapping[str, bytes], name: str, facts: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files as they go out: scripts as bundles, everything else as it is."""
    sources = {path: content.decode() for path, content in files.items() if path.endswith(".js")}
    out = {path: content for path, content in files.items() if path not in sources}
    lazy = {module: bundle for bundle, modules in LAZY.items() for module in modules}
    page = Bundle(sources, [PAGE], lazy=lazy)
    out[PAGE] = page.module().encode()
    for bundle, modules in LAZY.items():
        out[bundle] = Bundle(sources, modules, outer=page, lazy=lazy).module("./site.js").encode()
    out[AREA_SHELL] = out[AREA_SHELL].replace(b"RELEASE", Release(name, Path()).url("").rstrip("/").encode())
    out[OFFICE] = Bundle(sources, [OFFICE_SOURCE]).module().encode()
    sources["js/shell.js"] = _shell(Release(name, Path()), out, facts)
    out[WORKER] = Bundle(sources, [WORKER]).script().encode()
    return out


def _files(static: Path) -> list[Path]:
    return sorted(path for path in static.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"})


def _hash(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"\0{path}\0{len(files[path])}\0".encode() + files[path])
    return digest.hexdigest()[:12]


def _shell(release: Release, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> str:
    shell = sorted(release.url(path) for path in files if any(Path(path).match(glob) for glob in SHELL))
    area = sorted(release.url(path) for path in files if path in AREA_FILES)
    floor = sorted(release.url(path) for path in files if path in FLOOR_FILES)
    constants = {"release": release.name, "shell": shell, "area": area, "floor": floor, **facts}
    return "".join(
        f"export const {name} = {json.dumps(value, ensure_ascii=False)};\n" for name, value in constants.items()
    )


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write all files to a folder of another name first, since several workers may start at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".draft-"))
    for path, whole in files.items():
        target = draft / path
        content = _small(target.suffix, whole)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if target.suffix in COMPRESSED:
            Path(f"{target}.br").write_bytes(_compressed(content))
            Path(f"{target}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:  # another process was first, or some of its files are gone
        for path in _written(files):
            if not (folder / path).is_file():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (draft / path).replace(folder / path)
        shutil.rmtree(draft)


def _compressed(content: bytes) -> bytes:
    """The shortest by brotli: of its ways to foresee bytes the one for fonts often serves a script better, and small
    blocks serve one of several languages."""
    ways = (brotli.MODE_GENERIC, brotli.MODE_FONT)
    packed = (brotli.compress(content, mode=way, quality=11, lgblock=block) for way in ways for block in (0, 16))
    return min((bytes(one) for one in packed), key=len)


def _small(suffix: str, content: bytes) -> bytes:
    """Return a file without what only people read.

    The minifier is loaded here and not above: it brings a runtime with threads of its own, which hangs in a worker that
    was forked from a process that had it.
    """
    import minify

    return minify.string(MINIFIED[suffix], content.decode()).encode() if suffix in MINIFIED else content


def _forget_old(releases: Path) -> None:
    folders = [path for path in releases.iterdir() if path.is_dir() and not path.name.startswith(".")]
    for old in sorted(folders, key=lambda path: path.stat().st_mtime)[:-RELEASES_KEPT]:
        if time.time() - old.stat().st_mtime > DAYS_KEPT * 86400 and not _in_use(old):
            shutil.rmtree(old, ignore_errors=True)


def _in_use(folder: Path) -> bool:
    """Whether a process that lives holds a release."""
    probe = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(probe)
    return False
