"""The visitors' addresses, answered by Flask. On a phone that is ready the service worker answers them.

What a page says is decided in `pages.answer`, which the worker has as well; here are only HTTP's own matters:
which language, caching, compression, and the files a browser asks for beside the pages.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
from apiflask import APIBlueprint
from flask import Response, abort, current_app, g, json, jsonify, redirect, render_template, request
from werkzeug.datastructures import Headers
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response as AnyResponse

from companion.catalogue.published import Edition, Shelf
from companion.catalogue.snapshot import NoFair
from companion.compression import SUFFIX, accepted_coding
from companion.extensions import db
from companion.languages import translations_for
from companion.offline.release import WORKER, Release
from companion.request_language import preferred_language
from companion.security import HEADERS
from companion.visitors.ask import FRAGMENT, Ask
from companion.visitors.format import ahead
from companion.visitors.kept import LONGEST, Kept, is_own, parameters
from companion.visitors.manifest import manifest
from companion.visitors.pages import answer


class Prefix(BaseConverter):
    """The first part of an address: a language, or what somebody thought was right; not another audience's area."""

    regex = r"(?!(?:api|exhibitor|in|photos|staff|static|tour)\b)[^/]+"


class Anything(BaseConverter):
    """The rest of an address whatever it holds, also nothing between two slashes: people type such things."""

    regex = r"[\s\S]+"
    part_isolating = False


visitors = APIBlueprint("visitors", __name__, enable_openapi=False)

BROTLI_QUALITY = 7
"""For pages: 2 ms of work, and within a tenth of the smallest there is."""

PAGES_KEPT = 32 << 20
"""Bytes of rendered pages kept in memory: every exhibitor in three languages is about half."""

SLOT = timedelta(minutes=5)
"""Pages that say "now" are true for so long; the service worker rounds alike."""


Answer = tuple[bytes, list[tuple[str, str]]]
"""A body and all its headers."""


@dataclass(frozen=True)
class Page:
    """A rendered answer, ready to send: as it is, and compressed for who takes brotli."""

    status: int
    etag: str
    plain: Answer
    compressed: Answer


@visitors.get("/")
@visitors.get("/<any(b, B, e, E):letter>/<anything:rest>")
def unprefixed(letter: str = "", rest: str = "") -> AnyResponse:
    """An address without a language, as posters and cards carry it: answered directly in the visitor's language."""
    path = f"/{letter.lower()}/{rest}" if rest else "/"
    return _respond(preferred_language(), path)


@visitors.get("/<prefix:lang>/")
@visitors.get("/<prefix:lang>/<anything:rest>")
def prefixed(lang: str, rest: str = "") -> AnyResponse:
    """Any other address of a visitor; languages are typed in capitals, too."""
    lang = lang.lower() if lang.lower() in current_app.config["LANGUAGES"] else lang
    if lang not in current_app.config["LANGUAGES"]:
        return _respond(preferred_language(), request.path)
    response = _respond(lang, f"/{rest}")
    if request.cookies.get("lang") != lang:
        response.set_cookie("lang", lang, max_age=400 * 86400, samesite="Lax", secure=request.is_secure)
    return response


@visitors.get("/<prefix:lang>/manifest.webmanifest")
def web_manifest(lang: str) -> Response:
    """The web app manifest, in one language."""
    if lang not in current_app.config["LANGUAGES"]:
        abort(404)
    said = json.dumps(manifest(shelf().newest(db.session()).catalogue, lang, _release().url), ensure_ascii=False)
    body, coding = said.encode(), accepted_coding()
    response = Response(brotli.compress(body) if coding == "br" else body, mimetype="application/manifest+json")
    if coding == "br":
        response.headers["Content-Encoding"] = "br"
    response.headers["Vary"] = "Accept-Encoding"
    response.cache_control.max_age = 3600
    return response


@visitors.get("/sw.js")
def worker() -> AnyResponse:
    """The service worker; its content, and so its version, changes with every release."""
    coding = accepted_coding()
    response = Response(_release().read(f"{WORKER}{SUFFIX[coding]}"), mimetype="text/javascript")
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["Vary"] = "Accept-Encoding"
    response.cache_control.no_cache = True
    response.set_etag(_release().name)
    return response.make_conditional(request)


@visitors.get("/favicon.ico")
def favicon() -> AnyResponse:
    """What browsers ask for unasked."""
    return redirect(_release().url("icons/rafiq.svg"), 302)


@visitors.app_errorhandler(NoFair)
def no_fair_yet(_error: NoFair) -> tuple[Response, int]:
    """Say that the server is here and the fair not yet; phones and people try again later."""
    lang = request.path.split("/")[1]
    g.lang = lang if lang in current_app.config["LANGUAGES"] else preferred_language()
    if request.path.startswith("/api/"):
        said = jsonify(message="There is no fair on this server yet.")
    else:
        said = Response(render_template("error.html", status=503, no_fair=True))
    said.headers["Retry-After"] = "60"
    return said, 503


def _respond(lang: str, path: str) -> Response:
    page = _page(lang, path)
    body, headers = page.compressed if accepted_coding() == "br" else page.plain
    if page.etag in request.headers.get("If-None-Match", ""):
        return Response(status=304, headers=Headers(headers))
    return Response(body, page.status, Headers(headers))


def _page(lang: str, path: str) -> Page:
    """Return the rendered page from memory, or render it.

    A page depends on the catalogue, the address, the language, the host it was asked of and, for a few pages, the
    time of day; all of them are in the key, so nothing ever needs to be thrown out for being stale.
    """
    edition = shelf().newest(db.session())
    wants_fragment = request.headers.get("Accept", "").startswith(FRAGMENT)
    now = _now(edition)
    key = (edition.snapshot["seq"], lang, path, tuple(_query().items()), wants_fragment, _origin(), now)
    pages: Kept[Page] = current_app.extensions["rendered_pages"]
    if kept := pages.get(key):
        return kept
    page = _render(edition, lang, path, now, wants_fragment)
    own = is_own(request.host, request.environ, current_app.config["BASE_URL"])
    if page.status == 200 and own and len(path) + len(request.query_string) <= LONGEST:
        pages.put(key, page, len(page.plain[0]) + len(page.compressed[0]))
    return page


def answered(edition: Edition, lang: str, path: str, now: str = "") -> dict[str, Any]:
    """Return what `pages.answer` says to the address of this HTTP request."""
    g.lang = lang
    words = translations_for(lang)
    ask = Ask(
        lang=lang,
        path=path,
        query=_query(),
        now=now or _now(edition),
        gettext=words.gettext,
        ngettext=words.ngettext,
        base_url=_base_url(),
        origin=_origin(),
        languages=current_app.config["LANGUAGES"],
    )
    return answer(edition.catalogue, ask)


def _render(edition: Edition, lang: str, path: str, now: str, wants_fragment: bool) -> Page:
    said = answered(edition, lang, path, now)
    if "location" in said:
        return _made(302, "text/plain; charset=utf-8", "", ("Location", said["location"]))
    if "body" in said:
        return _made(200, said["type"], said["body"], ("Content-Disposition", f"inline; filename={said['filename']}"))
    template = current_app.jinja_env.get_template(said["template"])
    context = said["context"]
    if wants_fragment and "fragment" in template.blocks:
        rendered = "".join(template.blocks["fragment"](template.new_context(context)))
        return _made(said["status"], f"{FRAGMENT}; charset=utf-8", rendered)
    return _made(said["status"], "text/html; charset=utf-8", template.render(context))


def _query() -> dict[str, str]:
    return parameters(request.query_string.decode(errors="replace"))


def _made(status: int, kind: str, text: str, *headers: tuple[str, str]) -> Page:
    body = text.encode()
    compressed = brotli.compress(body, quality=BROTLI_QUALITY)
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    every = [
        ("Content-Type", kind),
        ("Cache-Control", "no-cache"),
        ("ETag", etag),
        ("Rafiq-Release", _release().name),
        ("Vary", "Accept, Accept-Encoding, Accept-Language, Cookie"),
        *HEADERS.items(),
        *headers,
    ]
    return Page(status, etag, (body, every), (compressed, [("Content-Encoding", "br"), *every]))


def _now(edition: Edition) -> str:
    """Return the fair's local time, rounded down: `2027-07-03T10:05`."""
    utc = datetime.now(UTC)
    local = utc + timedelta(minutes=ahead(edition.snapshot["fair"], utc.timestamp() / 60))
    return (local - (local - datetime.min.replace(tzinfo=UTC)) % SLOT).strftime("%Y-%m-%dT%H:%M")


def _base_url() -> str:
    return current_app.config["BASE_URL"] or _origin()


def _origin() -> str:
    return f"{request.scheme}://{request.host}"


def shelf() -> Shelf:
    """Return where the newest edition of the catalogue is."""
    held: Shelf = current_app.extensions["shelf"]
    return held


def _release() -> Release:
    release: Release = current_app.extensions["release"]
    return release
