"""Which compression a client takes: brotli before gzip before none."""

from __future__ import annotations

from functools import lru_cache

from flask import request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

SUFFIX = {"br": ".br", "gzip": ".gz", "": ""}
"""Of the files that are compressed beforehand."""


def accepted_coding() -> str:
    """Return `br`, `gzip` or an empty text, for the Content-Encoding of this request's answer."""
    return coding(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=256)
def coding(header: str) -> str:
    """Return the same for the value of an Accept-Encoding header."""
    accepted = parse_accept_header(header, Accept)
    return next((name for name in ("br", "gzip") if accepted.find(name) >= 0), "")
