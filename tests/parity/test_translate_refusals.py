"""What a visitor's template cannot use on the phone is refused with its place and what to write instead."""

from __future__ import annotations

import pytest

from companion.languages import CATALOGUES
from companion.offline.translate import Unsupported, translate
from tests.parity.twins import environment, speak

PARTS = "{% macro tag(name, text='') %}{% endmacro %}"

REFUSED = {
    "{{ 1.5 }}": "1.5: write texts and whole numbers; format other numbers in the page",
    "{{ 9007199254740993 }}": "9007199254740993: write texts and whole numbers; format other numbers in the page",
    "{{ a[1:] }}": "cut the list or the text in the page",
    "{{ a / 2 }}": "Div is not for visitors' templates; prepare the value in the page",
    "{{ a % 2 }}": "Mod is not for visitors' templates; prepare the value in the page",
    "{{ +a }}": "Pos is not for visitors' templates; prepare the value in the page",
    "{{ 1 < a < 3 }}": "compare two values at a time and write `and` between",
    "{{ a.items }}": "`items` is a method of dict in Python; give the member another name",
    "{{ a['keys'] }}": "`keys` is a method of dict in Python; give the member another name",
    "{{ a.__class__ }}": "`__class__` is a method of dict in Python; give the member another name",
    "{{ a.strip() }}": "methods cannot be called; prepare the value in the page",
    "{{ a(1) }}": "`a` cannot be called; import the macro in this file, or prepare the value",
    "{{ range(3) }}": "`range` cannot be called; import the macro in this file, or prepare the value",
    "{{ {1: 2} }}": "write the keys of a dict as texts that start with a letter",
    "{{ {a: 2} }}": "write the keys of a dict as texts that start with a letter",
    "{{ {'__proto__': 2} }}": "write the keys of a dict as texts that start with a letter",
    "{{ a|safe }}": "the filter `safe`: prepare the value in the page, markup in a macro",
    "{{ a|sort }}": "the filter `sort`: prepare the value in the page, markup in a macro",
    "{{ a|join(',', 'name') }}": "the filter `join` takes d here",
    "{{ a|trim('x') }}": "the filter `trim` takes no parameters here",
    "{{ a|replace('x') }}": "write replace('old', 'new')",
    "{{ a|replace('x', 'y', 1) }}": "the filter `replace` takes old, new here",
    "{{ a|default('x', b) }}": "write true or false as the second parameter of `default`",
    "{{ a is string }}": "the test `string`: write defined, undefined, none, odd, even or equalto, "
    "or prepare it in the page",
    "{{ loop.index }}": "`loop`: only its index, index0, first, last and length, in the file of the `for`, can be read",
    "{% for x in a %}{{ loop.previtem }}{% endfor %}": "`loop`: only its index, index0, first, last and length, "
    "in the file of the `for`, can be read",
    "{% for x in a %}{{ loop }}{% endfor %}": "`loop`: only its index, index0, first, last and length, "
    "in the file of the `for`, can be read",
    "{% for x, y in a %}{% endfor %}": "go through a list with one name, or write `for key, value in dict.items()`",
    "{% for x in a.items() %}{% endfor %}": "methods cannot be called; prepare the value in the page",
    "{% for x in a recursive %}{% endfor %}": "call a macro that calls itself",
    "{% set a, b = 1, 2 %}": "set one plain name at a time",
    "{% set a %}x{% endset %}": "set a value, or make the markup in a macro",
    "{% set loop = 1 %}": "`loop` has another meaning; set another name",
    "{% with a = 1 %}{% endwith %}": "write set",
    "{% filter upper %}{% endfilter %}": "filter a value",
    "{% call tag() %}{% endcall %}": "give the parts to a macro as parameters",
    "{% autoescape false %}{% endautoescape %}": "autoescape is always on",
    "{% import 'parts' as p %}": "write from … import …",
    "{% if a %}{% from 'parts' import tag %}{% endif %}": "import at the start of the file or of the block",
    "{% from 'parts' import nope %}": "parts has no macro `nope`",
    "{% from 'parts' import tag with context %}": "import without context; a macro sees its parameters only",
    "{% from a import tag %}": "write the name of the other template as a text",
    "{% include ['parts', 'x'] %}": "write the name of the other template as a text",
    "{% include 'parts' ignore missing %}": "write include and a name, nothing more; in a macro, call a macro",
    "{% include 'parts' without context %}": "write include and a name, nothing more; in a macro, call a macro",
    "{% macro m() %}{% include 'parts' %}{% endmacro %}": "write include and a name, nothing more; "
    "in a macro, call a macro",
    "{% macro m() %}{{ a }}{% endmacro %}": "a macro sees its parameters only; add `a` to them",
    "{% set b = 1 %}{% macro m() %}{{ b }}{% endmacro %}": "a macro sees its parameters only; add `b` to them",
    "{% macro m() %}{{ caller() }}{% endmacro %}": "`caller` cannot be called; import the macro in this file, "
    "or prepare the value",
    "{% macro m() %}{{ varargs }}{% endmacro %}": "`varargs`: name every parameter",
    "{% macro m(x=a) %}{% endmacro %}": "write a constant as the default of a parameter",
    "{% if a %}{% macro m() %}{% endmacro %}{% endif %}": "define macros outside everything else",
    "{% from 'parts' import tag %}{{ tag }}": "`tag` is a macro and can only be called",
    "{% from 'parts' import tag %}{{ tag.name }}": "`tag` is a macro and can only be called",
    "{% from 'parts' import tag %}{% set tag = 1 %}": "`tag` has another meaning; set another name",
    "{% from 'parts' import tag %}{% for tag in a %}{{ tag(1) }}{% endfor %}": "`tag` cannot be called; "
    "import the macro in this file, or prepare the value",
    "{% from 'parts' import tag %}{{ tag(1, 2, 3) }}": "`tag` takes name, text, each once",
    "{% from 'parts' import tag %}{{ tag(1, name=2) }}": "`tag` takes name, text, each once",
    "{% from 'parts' import tag %}{{ tag(nope=2) }}": "`tag` takes name, text, each once",
    "{% from 'parts' import tag %}{{ tag(*a) }}": "write each parameter, without * and **",
    "{{ tag }}": "`tag` is a macro in parts; give the value another name",
    "{{ lipsum }}": "`lipsum` exists on the server only; give the value another name",
    "{{ super() }}": "`super` cannot be called; import the macro in this file, or prepare the value",
    "{{ self.a() }}": "methods cannot be called; prepare the value in the page",
    "{% block a scoped %}{% endblock %}": "write block and its name, and nothing more, outside macros",
    "{% block a required %}{% endblock %}": "write block and its name, and nothing more, outside macros",
    "{% for x in a %}{{ y }}{% endfor %}{% set y = 1 %}": "`y` is set further down; set it before it is read",
    "{{ é }}": "`é`: use the letters a to z, digits and _ in names",
    "{{ _(a) }}": "write messages as _('text', name=value) or ngettext('one', 'many', number)",
    "{{ _('') }}": "write messages as _('text', name=value) or ngettext('one', 'many', number)",
    "{{ ngettext('a', 'b') }}": "write messages as _('text', name=value) or ngettext('one', 'many', number)",
    "{{ _('5 %') }}": "'5 %': write each hole as %(name)s and give it a value; write a plain % as %%",
    "{{ _('%(n)d', n=1) }}": "'%(n)d': write each hole as %(name)s and give it a value; write a plain % as %%",
    "{{ _('%(n)s') }}": "'%(n)s': write each hole as %(name)s and give it a value; write a plain % as %%",
    "{% extends 'other' %}{{ a }}": "outside blocks nothing of a template that extends another is shown; "
    "move it into a block",
    "{% extends 'other' %}{% if a %}{% endif %}": "outside blocks nothing of a template that extends another is "
    "shown; move it into a block",
}  # fmt: skip


@pytest.mark.parametrize("source", REFUSED)
def test_is_refused(source: str) -> None:
    made = environment({"visitors/page.html": "<p>\n\n" + source if "extends" not in source else source,
                        "parts": PARTS, "other": "{% block b %}{% endblock %}"})  # fmt: skip
    speak(made, "en", CATALOGUES)
    with pytest.raises(Unsupported) as refusal:
        translate(made, ["visitors/page.html", "parts"])
    line = 1 if "extends" in source else 3
    assert str(refusal.value) == f"visitors/page.html:{line}: {REFUSED[source]}"
    assert (refusal.value.file, refusal.value.line, refusal.value.advice) == (
        "visitors/page.html", line, REFUSED[source],
    )  # fmt: skip


def test_without_autoescape_nothing_is_translated() -> None:
    made = environment({"page": ""})
    made.autoescape = False
    with pytest.raises(ValueError, match=r"^page: the phone knows templates with autoescape"):
        translate(made, ["page"])
