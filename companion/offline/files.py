"""The files of this release, and of earlier ones that phones still have pages of, as they are served."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

from companion.offline.release import Release
from companion.security import NOTHING_RUNS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ReleaseFiles(WhiteNoise):  # type: ignore[misc]  # WhiteNoise has no types
    """Serves `/static/…` in front of an app; a file of the release that is gone is made again when it is asked for.

    An earlier release's file that is gone stays so, and the app answers that there is none.
    """

    def __init__(self, application: WSGIApplication, release: Release) -> None:
        self._release = release
        super().__init__(
            application, root=release.folder.parent, prefix="static/", allow_all_origins=False,
            immutable_file_test=lambda path, url: True, add_headers_function=_add_headers,
        )  # fmt: skip

    def serve(self, static_file: Any, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer with a file."""
        with contextlib.suppress(FileNotFoundError):
            return super().serve(static_file, environ, start_response)
        if environ["PATH_INFO"].startswith(self._release.url("")):
            self._release.make_again()
            with contextlib.suppress(FileNotFoundError):
                return super().serve(static_file, environ, start_response)
        return self.application(environ, start_response)


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    """A file cannot run anything by itself, so a short policy does; the long one would be a tenth of the bytes."""
    headers["Content-Security-Policy"] = NOTHING_RUNS
    headers["X-Content-Type-Options"] = "nosniff"
