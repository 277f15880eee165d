"""Which language a request is answered in."""

from __future__ import annotations

from flask import current_app, g, request

from companion.languages import LANGUAGES


def preferred_language() -> str:
    """Return the language for an address without one: the cookie, then Accept-Language, then the default."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    if request.cookies.get("lang") in languages:
        return str(request.cookies["lang"])
    return request.accept_languages.best_match(languages) or languages[0]


def locale_of_request() -> str:
    """Return the locale of this request, for Flask-Babel: of the address if it names a language, or preferred."""
    return LANGUAGES[g.get("lang") or preferred_language()].locale
