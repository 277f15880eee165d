"""The messages of the visitors' pages as one ES module, so that the phone speaks every language by itself.

Only messages that templates and pages use go there. All languages share one list of ids; a text that is
missing in one is `0` and found along the same chain of languages as on the server (`companion.languages`).
"""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from jinja2 import Environment

from companion.languages import CATALOGUES, catalogue, chain
from companion.offline.expressions import HOLE
from companion.offline.translate import javascript

RUNTIME = Path(__file__).with_name("messages.js")
PLURAL = re.compile(r"[n\d\s()%<>=!&|?:+*-]+")


class WrongMessage(ValueError):
    """A translation that would come out wrong or break a page: in which language, which message, and why."""


def template_ids(environment: Environment, names: Iterable[str]) -> set[str]:
    """Return the ids of the messages in these templates; of a plural message, the id of its singular."""
    assert environment.loader is not None
    ids = set()
    for name in names:
        source, _, _ = environment.loader.get_source(environment, name)
        ids |= {_id(message) for _, _, message in environment.extract_translations(source)}  # type: ignore[attr-defined]
    return ids


def python_ids(files: Iterable[Path]) -> set[str]:
    """Return the ids of the messages in Python modules, such as those that make the pages."""
    found = (message for file in files for message in extract_from_file("python", file, DEFAULT_KEYWORDS))
    return {_id(message[1]) for message in found}


def script_ids(files: Iterable[Path]) -> set[str]:
    """Return the ids of the messages in scripts that say something in another language than their page's."""
    found = (message for file in files for message in extract_from_file("javascript", file, DEFAULT_KEYWORDS))
    return {_id(message[1]) for message in found}


def _id(message: str | Iterable[str | None]) -> str:
    return message if isinstance(message, str) else next(text for text in message if text)


def numbered(
    languages: Iterable[str], ids: Iterable[str], named: Iterable[str], directory: Path = CATALOGUES
) -> dict[str, int]:
    """Return the numbers of the messages that are found by number: their English words need not go to the phone.

    These are all but `named` ones, which scripts ask for in words, and those that some language shows in English.
    """
    chains = [chain(language) for language in languages]
    known = _known(languages, ids, directory)
    return {
        one: number
        for number, one in enumerate(known)
        if one not in set(named)
        and all(any(_text(catalogue(code, directory), one, code) for code in codes) for codes in chains)
    }


def _known(languages: Iterable[str], ids: Iterable[str], directory: Path) -> list[str]:
    """Return the messages that some language has, in the order in which they go to the phone."""
    codes = sorted({code for language in languages for code in chain(language)})
    return [one for one in sorted(set(ids)) if any(_text(catalogue(code, directory), one, code) for code in codes)]


def messages_module(
    languages: Iterable[str], ids: Iterable[str], directory: Path = CATALOGUES, numbers: Mapping[str, int] | None = None
) -> str:
    """Return the ES module with the translations of `ids` for these languages, described in `messages.js`.

    numbers: those that are asked for by number, as `numbered` gives them.

    Raises WrongMessage for a translation whose holes are not its id's or whose plural rule is not usable.
    """
    known = _known(languages, ids, directory)
    chains = {language: chain(language) for language in languages}
    codes = sorted({code for codes in chains.values() for code in codes})
    catalogues = {code: catalogue(code, directory) for code in codes}
    constants = {
        "ids": _json([0 if one in (numbers or {}) else one for one in known]),
        "texts": _json({code: [_text(catalogues[code], one, code) for one in known] for code in codes}),
        "chains": _json(chains),
        "plurals": "{" + ",".join(f"{code}:{plural(catalogues[code], code)}" for code in codes) + "}",
    }
    return "\n".join([javascript(RUNTIME), *(f"const {name}={js};" for name, js in constants.items()), ""])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(messages: Catalog, one: str, code: str) -> str | list[str] | int:
    """Return a message's translation, the list of its forms, or 0 when there is none."""
    message = messages.get(one)
    if message is None:
        return 0
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    holes = {name for text in ids for name in HOLE.findall(text)}
    for form in forms:
        if "%" in HOLE.sub("", form) or not set(HOLE.findall(form)) <= holes:
            raise WrongMessage(f"{code}: {form!r} needs the holes of {one!r}, each as %(name)s")
    if len(ids) > 1 and len(forms) != messages.num_plurals:
        raise WrongMessage(f"{code}: {one!r} has {len(forms)} forms, the language has {messages.num_plurals}")
    return forms if len(ids) > 1 else forms[0]


def plural(messages: Catalog, code: str) -> str:
    """Return a JavaScript function that chooses the form for a number, from the catalogue's Plural-Forms.

    The rule is a C expression. JavaScript reads it alike without `/`, which divides whole numbers in C.
    """
    rule = messages.plural_expr
    choose = gettext.c2py(rule)  # raises ValueError for what is no plural rule
    if not PLURAL.fullmatch(rule) or any(choose(n) >= messages.num_plurals for n in range(1001)):
        raise WrongMessage(f"{code}: the plural rule {rule!r} cannot be used")
    return f"(n)=>+({rule})"
