"""Make the third-party scripts of this folder again: `python static/vendor/refresh.py`.

Each package is fetched from npm at the version and with the integrity pinned below, the functions we use are bundled
and minified by esbuild, and `SHA256SUMS` is written. Needs npm and a network; nobody needs either to run or to deploy
Rafiq, because the results are committed (tests/test_vendor.py holds them to `SHA256SUMS`).

To move to a newer version: change `version` and `integrity` (`npm view PACKAGE@VERSION dist.integrity`), run, commit.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ESBUILD = "esbuild@0.25.12"
# What Chrome 80, Firefox 78 and Safari 14 understand, the oldest browsers with all that the page scripts need.
TARGET = "es2020"


@dataclass(frozen=True)
class Package:
    """One npm package as it is pinned, and what of it we use."""

    name: str
    version: str
    integrity: str
    licence: str  # the file in the package
    spdx: str
    source: str
    entry: str  # what we use of it


PACKAGES = [
    Package(
        name="idb",
        version="8.0.4",
        integrity="sha512-jd0ITCrN+Zah4J7R/Z2jnR3W7A4BXDAjmo62MwWuSjxCiueUAf7X5rbodEdidWzeknwXHmLpdZkoiiCppNi30Q==",
        licence="LICENSE",
        spdx="ISC",
        source="https://github.com/jakearchibald/idb",
        entry="export { openDB, deleteDB } from './build/index.js';",
    ),
    Package(
        name="qr",
        version="0.7.0",
        integrity="sha512-/VrrACmOAwZVipuRITwfEwOL5oAMEHH5PTmBWaGtlTom2Thxaa+rhmna4zU9PRN2uLw2wdccbkHOLGZb1Q9SdA==",
        licence="LICENSE-MIT",
        spdx="MIT",
        source="https://github.com/paulmillr/qr",
        entry="export { encodeQR } from './index.js'; export { decodeQR } from './decode.js';",
    ),
]


def main() -> None:
    """Fetch, check, bundle and sum every package; stop at the first that is not what was pinned."""
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            unpacked = fetch(package, Path(folder))
            (HERE / f"{package.name}.js").write_text(bundle(package, unpacked), encoding="utf-8")
            shutil.copyfile(unpacked / package.licence, HERE / f"{package.name}.LICENCE.txt")
    names = sorted(path.name for pattern in ("*.js", "*.txt") for path in HERE.glob(pattern))
    sums = [f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (HERE / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def fetch(package: Package, folder: Path) -> Path:
    """Download and unpack one package below `folder`; its directory. SystemExit when the integrity differs."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (whoever runs this chose the npm)
    archive = folder / f"{package.name}-{package.version}.tgz"
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.integrity:
        raise SystemExit(f"{package.name} {package.version}: expected {package.integrity}, got {found}")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def bundle(package: Package, unpacked: Path) -> str:
    """One minified ES module holding only what `package.entry` names, under a line saying what it is."""
    command = ["npx", "--yes", ESBUILD, "--bundle", "--minify", "--format=esm", f"--target={TARGET}"]
    made = subprocess.run(  # noqa: S603
        [*command, "--legal-comments=none"],
        input=package.entry,
        cwd=unpacked,
        check=True,
        capture_output=True,
        text=True,
    )
    return f"/*! {package.name} {package.version} | {package.spdx} | {package.source} */\n{made.stdout}"


if __name__ == "__main__":
    main()
