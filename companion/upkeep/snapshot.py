"""Everything visitors read, as files: for a CDN or any web server that knows nothing of Rafiq.

Pages in all languages, the catalogue, the service worker and the release's files, each with brotli and gzip beside
it. A phone that begins here gets ready as from Flask; what it sends (`/api/edits`) and the areas of exhibitors and
staff are not files, they go on to a server. Answers come from the app itself, so a file is what Flask would say.

`_headers` holds what every answer must carry, in the form Cloudflare Pages and Netlify read; `docs/deploy.md` has
it for Caddy and nginx.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from flask.testing import FlaskClient

from companion.security import HEADERS, NOTHING_RUNS, STRICT_TRANSPORT

TABS = ("", "exhibitors", "map", "programme", "mine", "scan", "about")
QUALITY = 9
FOR_EVER = "public, max-age=31536000, immutable"
AT_ONCE = 16
"""Files that are being compressed, or wait for it."""

NOT_FROM_MEMORY = '"snapshot"'
"""Tells the app's memory of ready pages to stay out of it; it is no page's ETag."""

SMALL = 500
"""Bytes below which compressing gains nothing."""


@dataclass(frozen=True)
class Written:
    """How many files there are, without the compressed ones, and their bytes as brotli."""

    files: int
    size: int


def write_snapshot(app: Flask, base_url: str, folder: Path) -> Written:
    """Write the whole into a folder, beside it first: who is served from there sees the old one or the new one.

    What an older snapshot had of releases and catalogues stays a while, for pages that are still open.
    """
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    client = app.test_client()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sizes = list(_all_written(pool, draft, chain(_pages(client, app, base_url), _facts(client, base_url))))
    _copy_releases(Path(app.instance_path) / "releases", draft / "static")
    _keep_catalogues(folder, draft)
    _write(draft / "_headers", headers_file().encode())
    if folder.exists():
        folder.replace(folder.with_name(f".{folder.name}.old"))
    draft.replace(folder)
    shutil.rmtree(folder.with_name(f".{folder.name}.old"), ignore_errors=True)
    return Written(len(sizes), sum(sizes))


def headers_file() -> str:
    """Return the headers by address, as Cloudflare Pages and Netlify read them."""
    every = HEADERS | {"Strict-Transport-Security": STRICT_TRANSPORT, "Cache-Control": "no-cache"}
    parts = {
        "/*": every,
        "/static/*": {"Content-Security-Policy": NOTHING_RUNS, "Cache-Control": FOR_EVER},
        "/api/*": {"Content-Security-Policy": NOTHING_RUNS, "Content-Type": "application/json"},
        "/sw.js": {"Cache-Control": "no-cache", "Content-Type": "text/javascript"},
    }
    lines = []
    for address, headers in parts.items():
        lines += [address, *(f"  {name}: {value}" for name, value in headers.items())]
    return "\n".join(lines) + "\n"


def _all_written(pool: Executor, draft: Path, files: Iterable[tuple[str, bytes]]) -> Iterator[int]:
    """Write files and give their sizes; only a few wait to be compressed, however many there are."""
    under_way: deque[Future[int]] = deque()
    for name, content in files:
        under_way.append(pool.submit(_write, draft / name, content))
        if len(under_way) == AT_ONCE:
            yield under_way.popleft().result()
    yield from (one.result() for one in under_way)


def _pages(client: FlaskClient, app: Flask, base_url: str) -> Iterator[tuple[str, bytes]]:
    """Give the name of every page's file and what is in it. Each is asked for once, so the app need not keep it."""
    for name, address in _addresses(client, app, base_url):
        yield name, _answer(client, address, base_url)
        app.extensions["rendered_pages"].clear()


def _addresses(client: FlaskClient, app: Flask, base_url: str) -> Iterator[tuple[str, str]]:
    """Give the name of every file and the address whose answer it holds."""
    catalogue = json.loads(_answer(client, "/api/catalogue", base_url))
    snapshot = json.loads(_answer(client, catalogue["snapshot"], base_url))
    booths = [booth["code"] for booth in snapshot["booths"]]
    yield "index.html", "/"
    yield "sw.js", "/sw.js"
    for letter in ("b", "B"):
        yield from ((f"{letter}/{code}.html", f"/{letter}/{code}") for code in booths)
    for lang in app.config["LANGUAGES"]:
        yield f"{lang}/manifest.webmanifest", f"/{lang}/manifest.webmanifest"
        yield from ((f"{lang}/{tab or 'index'}.html", f"/{lang}/{tab}") for tab in TABS)
        yield from ((f"{lang}/b/{code}.html", f"/{lang}/b/{code}") for code in booths)
        for kind, records, file in (("e", "exhibitors", "vcf"), ("programme", "workshops", "ics")):
            for record in snapshot[records]:
                address = f"/{lang}/{kind}/{record['code']}"
                yield f"{address[1:]}.html", address
                yield f"{address[1:]}.{file}", f"{address}.{file}"


def _facts(client: FlaskClient, base_url: str) -> Iterator[tuple[str, bytes]]:
    """Give the catalogue's files. Changes cannot be asked of a file: a phone of an older position takes the whole."""
    newest = _answer(client, "/api/catalogue", base_url)
    facts: dict[str, Any] = json.loads(newest)
    yield "api/catalogue/index.json", newest
    for address in (facts["snapshot"], f"/api/catalogue/{facts['seq']}.json"):
        yield address[1:], _answer(client, address, base_url)
    yield "api/catalogue/changes.json", json.dumps({name: facts[name] for name in ("seq", "log", "facts")}).encode()
    packed = _answer(client, "/api/catalogue/packed", base_url)
    yield "api/catalogue/packed.json", packed
    for part in json.loads(packed)["parts"]:
        yield f"api/catalogue/parts/{part}.json", _answer(client, f"/api/catalogue/parts/{part}.json", base_url)


def _answer(client: FlaskClient, address: str, base_url: str) -> bytes:
    with client.application.app_context():  # of its own: the command's would keep the language of the first page
        answer = client.get(address, base_url=base_url, headers={"If-None-Match": NOT_FROM_MEMORY})
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return bytes(answer.data)


def _write(path: Path, content: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if len(content) < SMALL:
        return len(content)
    small = brotli.compress(content, quality=QUALITY)
    Path(f"{path}.br").write_bytes(small)
    Path(f"{path}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return len(small)


def _copy_releases(releases: Path, static: Path) -> None:
    for release in releases.iterdir():
        if release.is_dir() and not release.name.startswith("."):
            shutil.copytree(release, static / release.name)


def _keep_catalogues(folder: Path, draft: Path) -> None:
    """Keep the newest two of the catalogues that were there: a phone asks for the one it was told of a moment ago.

    Each has two names.
    """
    kept = sorted((folder / "api/catalogue").glob("[0-9]*.json"), key=lambda path: path.stat().st_mtime)[-4:]
    for old in kept:
        new = draft / "api/catalogue" / old.name
        if not new.exists():
            _write(new, old.read_bytes())
