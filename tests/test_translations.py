"""The three catalogues hold every message, whole, in their own script, and agree with the glossary."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from companion.languages import CATALOGUES, LANGUAGES
from companion.offline.messages import template_ids

ROOT = Path(__file__).parent.parent
SPOKEN = ("fr", "ar", "zgh")
SCRIPTS = {
    "fr": re.compile(r"[^\W\d_]+"),
    "ar": re.compile("[\u0600-\u06ff]+"),
    "zgh": re.compile("[\u2d30-\u2d7f]+"),
}
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
NAMES = frozenset(
    re.findall(
        r"\w+",
        "Chrome Firefox Safari Samsung Internet Facebook Instagram WhatsApp iPhone iPad Lucide Noto Sans IRCAM "
        "HTML TOML XML PDF ZIP CSV QR SMS PIN Wi-Fi vCard ISC OFL https http xlsx ods csv fair.toml",
    )
)
"""What keeps its Latin letters in every script: brands, formats, licences, ends of file names."""
FORBIDDEN = re.compile("[\u0640\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]")
"""Kashida, marks of direction and characters of no width: isolation is the page's work."""
HOLE = re.compile(r"%\((\w+)\)s")


@cache
def catalogue(code: str) -> Catalog:
    path = CATALOGUES / LANGUAGES[code].locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGES[code].locale, abort_invalid=True)


@cache
def sources() -> frozenset[str | tuple[str, ...]]:
    """The ids in the code and the templates, found as `make translations` finds them."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, strip_comment_tags=True)
    return frozenset(message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found)


def messages(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def name(message: Message) -> str:
    """The message by its first id, as the papers name it."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def translated(code: str) -> list[tuple[str, str]]:
    """Every text of a language with the id it is for."""
    return [(name(message), form) for message in messages(code) for form in forms(message) if form]


def rows(heading: str) -> dict[str, str]:
    """A table of docs/tamazight.md: first cell → second cell."""
    section = (ROOT / "docs" / "tamazight.md").read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {row[0]: row[1] for row in cells[1:]}


@pytest.mark.parametrize("code", SPOKEN)
def test_a_catalogue_holds_the_messages_of_the_source_and_no_others(code: str) -> None:
    held = {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(code)}
    assert held == sources(), "run `make translations` and translate what is new"
    assert not catalogue(code).obsolete, "take out what is no longer asked for"
    assert [name(message) for message in messages(code) if message.fuzzy] == []


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_nothing_is_left_to_translate(code: str) -> None:
    assert [name(message) for message in messages(code) if not all(forms(message))] == []


def test_what_has_no_tamazight_is_listed_for_readers() -> None:
    empty = {name(message) for message in messages("zgh") if not all(forms(message))}
    assert empty == set(rows("Messages left to French")), "run `make translations`"


def test_what_a_visitor_reads_is_in_tamazight_but_for_what_no_source_has_words_for(app: Flask) -> None:
    shown = app.jinja_env
    pages = [page for page in shown.list_templates() if page.startswith("visitors/")]
    empty = {name(message) for message in messages("zgh") if not all(forms(message))}
    assert len(empty & template_ids(shown, pages)) <= 25


def test_composed_tamazight_is_listed_for_readers_as_it_is_shown() -> None:
    shown = {name(message): " / ".join(forms(message)) for message in messages("zgh") if all(forms(message))}
    listed = rows("Messages to read")
    assert {message: shown.get(message) for message in listed} == listed
    attested = {row["en"] for row in glossary() if row["zgh_confidence"] == "attested-exact"}
    composed = {message for message, wording in shown.items() if SCRIPTS["zgh"].search(wording)}
    assert composed - attested <= set(listed)


@pytest.mark.parametrize("code", SPOKEN)
def test_holes_are_those_of_the_message(code: str) -> None:
    for message in messages(code):
        wanted = set(HOLE.findall(name(message)))
        for number, form in enumerate(forms(message)):
            if form and not (code == "ar" and number < 3 and len(forms(message)) > 1):
                assert set(HOLE.findall(form)) == wanted, form
            assert set(HOLE.findall(form)) <= wanted, form
            assert "%" not in HOLE.sub("", form), form


def test_arabic_has_words_of_its_own_for_none_one_and_two() -> None:
    for message in messages("ar"):
        if not isinstance(message.id, str):
            none, one, two, few, many, other = forms(message)
            assert len({none, one, two, few, other}) == 5, message.id
            assert all("%(num)s" not in form for form in (none, one, two)), message.id
            assert all("%(num)s" in form for form in (few, many, other)), message.id


@pytest.mark.parametrize("code", ["ar", "zgh"])
def test_no_other_script_slips_in(code: str) -> None:
    others = [SCRIPTS[other] for other in ("ar", "zgh") if other != code]
    for message, form in translated(code):
        assert set(LATIN.findall(HOLE.sub("", form))) <= NAMES, (message, form)
        assert not any(other.search(form) for other in others), (message, form)


@pytest.mark.parametrize("code", SPOKEN)
def test_texts_are_clean(code: str) -> None:
    for message, form in translated(code):
        assert form == form.strip(), (message, form)
        assert "  " not in form, (message, form)
        assert not FORBIDDEN.search(form), (message, form)
        assert not re.search("[\u0660-\u0669\u06f0-\u06f9]", form), (message, "digits are 0 to 9 in every language")


@pytest.mark.parametrize("code", SPOKEN)
def test_questions_and_unfinished_sentences_stay_so(code: str) -> None:
    question = "؟" if code == "ar" else "?"
    for message, form in translated(code):
        assert form.endswith("…") == message.endswith("…"), (message, form)
        if message.endswith("?"):
            assert form.endswith(question), (message, form)


def test_arabic_has_arabic_punctuation() -> None:
    assert [form for _, form in translated("ar") if re.search(r"[,;?](?!\w)", form)] == []


def test_french_is_set_as_french() -> None:
    for message, form in translated("fr"):
        bare = re.sub(r"https?://|\d\d:\d\d", "", form)
        assert not re.search(r"(?<!\u202f)[:;?!]|«(?!\u00a0)|(?<!\u00a0)»", bare), (message, form)
        assert "’" not in form, (message, form)


def glossary() -> list[dict[str, str]]:
    with (ROOT / "examples" / "glossary.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("code", SPOKEN)
def test_a_message_that_is_a_term_of_the_glossary_has_its_words(code: str) -> None:
    terms = {row["en"]: row[code] for row in glossary() if row[code]}
    shown = dict(translated(code))
    assert {term for term in terms.keys() & shown.keys() if shown[term] != terms[term]} == set()


@pytest.mark.parametrize("code", SPOKEN)
def test_labels_of_the_bottom_bar_fit(code: str) -> None:
    bar = (ROOT / "templates" / "visitors" / "base.html").read_text().split('<nav class="tabs"')[1].split("</nav>")[0]
    labels = re.findall(r"<span>\{\{ _\('([^']+)'\) \}\}</span>", bar)
    shown = dict(translated(code))
    assert len(labels) == 5
    assert [shown[label] for label in labels if len(shown[label]) > 11] == []
