"""Which compression a client takes: brotli before gzip before none."""

from __future__ import annotations

from flask import request

SUFFIX = {"br": ".br", "gzip": ".gz", "": ""}
"""Of the files that are compressed beforehand."""


def accepted_coding() -> str:
    """Return `br`, `gzip` or an empty text, for the Content-Encoding of this request's answer."""
    return next((name for name in ("br", "gzip") if request.accept_encodings.find(name) >= 0), "")
