"""The languages of the fair and where their words come from.

Catalogues are `translations/<locale>/LC_MESSAGES/messages.po`, compiled in memory: there is no `.mo` to
forget. A message without a translation falls back as the fair's own texts do, and ends at its English id.
The phone has the same catalogues and the same order (`companion.offline.messages`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale


@dataclass(frozen=True)
class Language:
    """A language a visitor can choose. `name` is what its speakers call it, `dir` how its script runs."""

    code: str
    locale: str
    name: str
    dir: str


LANGUAGES = {
    language.code: language
    for language in (
        Language("fr", "fr_MA", "Français", "ltr"),
        Language("ar", "ar_MA", "العربية", "rtl"),
        Language("zgh", "zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ltr"),
        Language("en", "en", "English", "ltr"),
    )
}

FALLBACK = ("fr", "ar")
"""Where a missing text is looked for, in this order, before English."""

CATALOGUES = Path(__file__).parent.parent / "translations"


def chain(code: str) -> list[str]:
    """Return the catalogues a message is looked up in, best first; ids are English, which may have one of its own."""
    if code == "en":
        return ["en"] if (CATALOGUES / "en").exists() else []
    return [code, *(other for other in FALLBACK if other != code)]


@cache
def catalogue(code: str, directory: Path = CATALOGUES) -> Catalog:
    """Read one language's catalogue, without the messages that are not, or only in part, translated.

    A fuzzy message is a guess of `pybabel update` and counts as untranslated. A plural message counts only
    when all its forms are there: gettext would otherwise show English for some numbers and not for others.
    """
    path = directory / LANGUAGES[code].locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=LANGUAGES[code].locale, abort_invalid=True)
    for message in list(messages):
        if message.id and (message.fuzzy or not _complete(message.string)):
            messages.delete(message.id, message.context)
    return messages


def _complete(string: str | list[str] | tuple[str, ...] | None) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


@cache
def translations_for(code: str, directory: Path = CATALOGUES) -> NullTranslations:
    """Return the words of one language; its `.gettext` and `.ngettext` fall back along `chain`."""
    words: NullTranslations = NullTranslations()
    for other in reversed(chain(code)):
        compiled = io.BytesIO()
        write_mo(compiled, catalogue(other, directory))
        compiled.seek(0)
        richer = Translations(compiled)
        richer.add_fallback(words)
        words = richer
    return words


class Words(Domain):  # type: ignore[misc]  # flask_babel has no types
    """Makes `flask_babel.gettext` and the templates' `_` speak the request's language with our fallbacks.

    Wire it once, after `babel.init_app(app)`: `babel.domain_instance = Words()`.
    """

    def get_translations(self) -> NullTranslations:
        """Return the words of the language of this request."""
        locale = get_locale()
        return translations_for(locale.language if locale else "en")


def best(texts: Mapping[str, str] | None, lang: str) -> dict[str, str | bool] | None:
    """Return a record's text in a page's language or the next best, as templates show it; None when there is none.

    `{"text", "lang", "dir", "other"}`: `other` says that it is not the page's language and must be marked.
    """
    for code in (lang, *FALLBACK, "en", "zgh"):
        if texts and texts.get(code):
            return {"text": texts[code], "lang": code, "dir": LANGUAGES[code].dir, "other": code != lang}
    return None
