"""Which language a request is answered in."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app, g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from companion.languages import LANGUAGES


def preferred_language() -> str:
    """Return the language for an address without one: the cookie, then Accept-Language, then the default."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    chosen = request.cookies.get("lang", "")
    return chosen if chosen in languages else negotiated(request.headers.get("Accept-Language", ""), languages)


def locale_of_request() -> str:
    """Return the locale of this request, for Flask-Babel: of the address if it names a language, or preferred."""
    return LANGUAGES[g.get("lang") or preferred_language()].locale


@lru_cache(maxsize=256)
def negotiated(header: str, languages: tuple[str, ...]) -> str:
    """Return the best of `languages` for the value of an Accept-Language header."""
    return parse_accept_header(header, LanguageAccept).best_match(languages) or languages[0]
