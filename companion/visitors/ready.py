"""Visitors' pages that were answered before, straight from memory, in front of Flask.

A page is the same for everybody who asks alike until the catalogue or the minute changes. Rendered pages are kept
anyway (`views._page`); yet Flask takes ten times as long to reach one as to send it. So a whole answer is kept here
with all its headers, under what it depends on. What is not here, or may have changed, is asked of the app, and only
what the visitors' view marks as a page, with its release, is kept.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.orm import Session

from companion.compression import coding
from companion.request_language import negotiated
from companion.visitors.ask import FRAGMENT
from companion.visitors.kept import LONGEST, Kept, is_own, parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST = 32 << 20
"""Bytes of answers kept: every exhibitor's page in three languages, asked with and without a cookie."""

A_MOMENT = 0.5
"""Seconds for which another worker's edit may go unseen here; this worker's own are seen at once."""

_LANG = re.compile(r"(?:^|;\s*)lang=([a-z]{2,3})(?:;|$)")

Key = tuple[object, ...]


class Ready(NamedTuple):
    """A whole answer, and the moment for which it holds."""

    moment: tuple[int, int]
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class ReadyPages:
    """The app, with its visitors' pages from memory. `public_seq` says which position the catalogue is at."""

    commits = 0
    """Of any session in this process: after one, the position is looked up again."""

    def __init__(
        self, app: WSGIApplication, public_seq: Callable[[], int], languages: tuple[str, ...], base_url: str
    ) -> None:
        self._app, self._public_seq, self._languages, self._base_url = app, public_seq, languages, base_url
        self.kept: Kept[Ready] = Kept(MOST)
        self._seq, self._looked, self._commits = 0, 0.0, -1

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory, or ask the app."""
        key = self._key(environ)
        if key is None:
            return self._app(environ, start_response)
        try:
            moment = self._moment()
        except Exception:  # the database is away; the app has a page that says so
            return self._app(environ, start_response)
        kept = self.kept.get(key)
        if kept is None or kept.moment != moment:
            return self._asked(key, moment, environ, start_response)
        start_response(kept.status, kept.headers)
        return (kept.body,)

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """Return what a page depends on, as `Vary` says; None for what is never kept."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if (
            environ["REQUEST_METHOD"] != "GET"
            or path.startswith(("/api/", "/staff", "/exhibitor"))
            or len(path) + len(query) > LONGEST
            or "HTTP_IF_NONE_MATCH" in environ
            or not is_own(environ.get("HTTP_HOST", ""), environ, self._base_url)
        ):
            return None
        chosen = _LANG.search(environ.get("HTTP_COOKIE", ""))
        return (
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""),
            path,
            tuple(parameters(query).items()),
            environ.get("HTTP_ACCEPT", "")[: len(FRAGMENT)] == FRAGMENT,
            coding(environ.get("HTTP_ACCEPT_ENCODING", "")),
            negotiated(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self._languages),
            chosen[1] if chosen and chosen[1] in self._languages else "",
        )

    def _asked(
        self, key: Key, moment: tuple[int, int], environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Ask the app, and keep the answer when it is a page."""
        said: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers, exc_info)

        answer = self._app(environ, note)
        if not (said and said[0].startswith("200") and _is_for_everybody(said[1])):
            return answer
        body = b"".join(answer)
        getattr(answer, "close", bool)()
        self.kept.put(key, Ready(moment, said[0], said[1], body), len(body))
        return (body,)

    def _moment(self) -> tuple[int, int]:
        """Return the position of the catalogue, looked up twice a second, and the minute."""
        now, commits = time.monotonic(), ReadyPages.commits
        if now - self._looked > A_MOMENT or commits != self._commits:
            self._seq = self._public_seq()
            self._looked, self._commits = now, commits
        return self._seq, int(time.time() / 60)


@event.listens_for(Session, "after_commit")
def _count_commit(_session: Session) -> None:
    ReadyPages.commits += 1


def _is_for_everybody(headers: list[tuple[str, str]]) -> bool:
    """Whether this is a visitors' page, which sets no cookie but the language's."""
    cookies = (value for name, value in headers if name.lower() == "set-cookie")
    return any(name == "Rafiq-Release" for name, _ in headers) and all(one.startswith("lang=") for one in cookies)
