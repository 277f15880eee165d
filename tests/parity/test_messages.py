"""Messages come out of gettext and of the phone's module alike: every language, every number, every gap."""

from __future__ import annotations

import gettext
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from companion.languages import CATALOGUES, LANGUAGES, catalogue, chain, translations_for
from companion.offline.messages import WrongMessage, messages_module, numbered, plural, python_ids, template_ids
from companion.offline.translate import translate
from tests.parity.twins import LOAD, RENDER, environment, speak

pytestmark = pytest.mark.browser

PLURALS = {
    "fr": "nplurals=2; plural=(n > 1)",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    "zgh": "nplurals=2; plural=(n > 1)",
}

ENTRIES = {
    "fr": """
msgid "Home"
msgstr "Accueil « & »"

msgid "In French only"
msgstr "En français seulement"

#, fuzzy
msgid "A guess"
msgstr "Une supposition"

msgid "%(num)s booth"
msgid_plural "%(num)s booths"
msgstr[0] "%(num)s stand"
msgstr[1] "%(num)s stands"

msgid "half"
msgid_plural "halves"
msgstr[0] "moitié"
msgstr[1] ""

msgid "Not on any page"
msgstr "Sur aucune page"
""",
    "ar": """
msgid "Home"
msgstr "الرئيسية \\u200f`${x}`"

msgid "In Arabic only"
msgstr "بالعربية فقط"

msgid "A guess"
msgstr "تخمين"

msgid "%(num)s booth"
msgid_plural "%(num)s booths"
msgstr[0] "لا رواق"
msgstr[1] "رواق"
msgstr[2] "رواقان"
msgstr[3] "%(num)s أروقة"
msgstr[4] "%(num)s رواقا"
msgstr[5] "%(num)s رواق"
""",
    "zgh": """
msgid "Home"
msgstr "ⴰⵙⵏⵓⴱⴳ"

msgid "half"
msgid_plural "halves"
msgstr[0] "ⴰⵣⴳⵏ"
msgstr[1] "ⵉⵣⴳⵏⴰⵏ"
""",
}
IDS = ["Home", "In French only", "In Arabic only", "A guess", "%(num)s booth", "half", "Nowhere"]


def write_catalogues(folder: Path, entries: dict[str, str]) -> Path:
    for code in ("fr", "ar", "zgh"):
        file = folder / LANGUAGES[code].locale / "LC_MESSAGES" / "messages.po"
        file.parent.mkdir(parents=True)
        head = (
            f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {PLURALS[code]}\\n"\n'
        )
        file.write_text(head + entries.get(code, ""), "utf-8")
    return folder


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_catalogues(tmp_path_factory.mktemp("translations"), ENTRIES)


def phone(page: Page, module: str, script: str, given: Any) -> Any:
    number = page.evaluate(LOAD, [module])
    return page.evaluate(
        f"([number, given]) => {{ const {{ translator }} = window.twins[number]; {script} }}", [number, given]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_translation_falls_back_the_same(modules: Page, catalogues: Path, lang: str) -> None:
    words = translations_for(lang, catalogues)
    module = messages_module(LANGUAGES, IDS, catalogues)
    script = "const { gettext } = translator(given[0]); return given[1].map(id => gettext(id));"
    assert phone(modules, module, script, [lang, IDS]) == [words.gettext(one) for one in IDS]


def test_what_each_language_falls_back_to(catalogues: Path) -> None:
    said = {lang: [translations_for(lang, catalogues).gettext(one) for one in IDS[1:4]] for lang in LANGUAGES}
    assert said == {
        "fr": ["En français seulement", "بالعربية فقط", "تخمين"],
        "ar": ["En français seulement", "بالعربية فقط", "تخمين"],
        "zgh": ["En français seulement", "بالعربية فقط", "تخمين"],
        "en": ["In French only", "In Arabic only", "A guess"],
    }
    assert [translations_for(lang, catalogues).ngettext("half", "halves", 2) for lang in LANGUAGES] == [
        "halves", "halves", "ⵉⵣⴳⵏⴰⵏ", "halves",
    ]  # fmt: skip


def test_what_templates_alone_say_goes_to_the_phone_without_its_english(modules: Page, catalogues: Path) -> None:
    source = (
        "{{ _('Home') }}|{{ _('In French only') }}|{{ _('In Arabic only') }}|{{ _('Nowhere') }}"
        "|{{ ngettext('%(num)s booth', '%(num)s booths', n) }}|{{ ngettext('half', 'halves', n) }}"
    )
    made, languages = environment({"a": source}), ["fr", "ar", "zgh"]
    speak(made, "en", catalogues)
    numbers = numbered(languages, IDS, ["In French only"], catalogues)
    assert numbers.keys() == {"Home", "In Arabic only", "A guess", "%(num)s booth"}
    assert numbered([*languages, "en"], IDS, [], catalogues) == {}
    module = messages_module(languages, IDS, catalogues, numbers)
    assert [one for one in IDS if f'"{one}"' in module] == ["In French only", "half"]
    number = modules.evaluate(LOAD, [translate(made, ["a"], numbers), module])
    calls = [[lang, "a", None, {"n": n}] for lang in languages for n in (0, 1, 2, 5, 11, 100)]
    there = modules.evaluate(RENDER, [number, json.dumps(calls)])
    here = []
    for lang, name, _, context in calls:
        speak(made, lang, catalogues)
        here.append(made.get_template(name).render(context))
    assert there == here


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_has_the_same_form(modules: Page, catalogues: Path, lang: str) -> None:
    pairs = [("%(num)s booth", "%(num)s booths"), ("half", "halves"), ("one", "many"), ("Home", "Homes")]
    words = translations_for(lang, catalogues)
    here = [[words.ngettext(one, many, n) for n in range(1001)] for one, many in pairs]
    module = messages_module(LANGUAGES, IDS, catalogues)
    script = """const { ngettext } = translator(given[0]);
        return given[1].map(([one, many]) => Array.from({ length: 1001 }, (_, n) => ngettext(one, many, n)));"""
    assert phone(modules, module, script, [lang, pairs]) == here


@pytest.mark.parametrize("code", ["fr", "ar", "zgh"])
def test_the_plural_rules_of_our_catalogues(modules: Page, code: str) -> None:
    file = CATALOGUES / LANGUAGES[code].locale / "LC_MESSAGES" / "messages.po"
    assert f'"Plural-Forms: {PLURALS[code]};\\n"' in file.read_text("utf-8")  # pybabel has its own idea of zgh
    choose = gettext.c2py(catalogue(code).plural_expr)
    script = f"() => Array.from({{ length: 1001 }}, (_, n) => ({plural(catalogue(code), code)})(n))"
    assert modules.evaluate(script) == [choose(n) for n in range(1001)]
    assert {choose(n) for n in range(1001)} == set(range(catalogue(code).num_plurals))


def test_only_messages_of_the_pages_go_to_the_phone(catalogues: Path, tmp_path: Path) -> None:
    made = environment({"a": "{{ _('Home') }}{% trans n=2 %}half{% pluralize %}halves{% endtrans %}"})
    speak(made, "en", catalogues)
    page = tmp_path / "page.py"
    page.write_text("_ = ask.gettext\n_('In French only')\nask.ngettext('%(num)s booth', '%(num)s booths', 2)\n")
    ids = template_ids(made, ["a"]) | python_ids([page])
    assert ids == {"Home", "half", "In French only", "%(num)s booth"}
    assert "Sur aucune page" not in messages_module(["fr"], ids, catalogues)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('msgid "%(a)s"\nmsgstr "%(b)s"', r"fr: '%\(b\)s' needs the holes of '%\(a\)s', each as %\(name\)s"),
        ('msgid "%(a)s"\nmsgstr "%(a)d"', r"fr: '%\(a\)d' needs the holes of"),
        ('msgid "%(a)s"\nmsgstr "5 % %(a)s"', r"fr: '5 % %\(a\)s' needs the holes of"),
    ],
)
def test_a_translation_that_would_break_a_page_is_refused(tmp_path: Path, entry: str, complaint: str) -> None:
    with pytest.raises(WrongMessage, match=f"^{complaint}"):
        messages_module(["fr"], ["%(a)s"], write_catalogues(tmp_path, {"fr": entry}))


@pytest.mark.parametrize("rule", ["n/2", "n", "n > 1 ? 2 : 0"])
def test_a_plural_rule_that_cannot_be_used_is_refused(tmp_path: Path, rule: str) -> None:
    write_catalogues(tmp_path, {})
    file = tmp_path / "fr_MA/LC_MESSAGES/messages.po"
    file.write_text(file.read_text().replace("(n > 1)", f"({rule})"))
    with pytest.raises(WrongMessage, match=r"^fr: the plural rule"):
        messages_module(["fr"], [], tmp_path)


def test_the_chain_of_each_language() -> None:
    assert {code: chain(code) for code in LANGUAGES} == {
        "fr": ["fr", "ar"], "ar": ["ar", "fr"], "zgh": ["zgh", "fr", "ar"], "en": [],
    }  # fmt: skip
