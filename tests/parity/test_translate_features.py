"""One probe per feature of the visitors' template language: Jinja and the phone's module, byte for byte."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.parity.twins import RAISES, Twins

pytestmark = pytest.mark.browser

HOSTILE = "<b>&\"'</b>`${x}\\</script>\u2028\u2029 %s %(x)s 🧿👩‍🌾 عسل ⴰⵣⵓⵍ \u200f\u202eabc\u2069\r\n"

CONTEXTS: list[dict[str, Any]] = [
    {
        "s": HOSTILE,
        "t": "abc",
        "n": 7,
        "zero": 0,
        "empty": "",
        "yes": True,
        "no": False,
        "nil": None,
        "xs": [HOSTILE, "b", "🧿", 3],
        "nothing": [],
        "d": {"a": HOSTILE, "b": {"c": [1, {"x": "deep"}]}, "title": "t", "count": 0, "off": None},
        "void": {},
        "rows": [{"name": "x<y", "ks": ["k&"]}, {"name": None}, {}],
    },
    {"s": "", "t": "", "n": 1, "xs": [], "d": {}, "rows": [], "nothing": ["x"], "yes": False, "no": True, "nil": 0},
    {},
]

PROBES = {
    "text": "`${x}` \\ \\u0041 $\n${{ '{' }}$${{ n }} {{ '$' }}{{ '{' }}}\u2028</script>\n\n  é\n",
    "whitespace": "a\n  {% if yes %}\n  b {{- n -}} c\n  {%- endif %}\n  {# note #}\nd {%+ if no %}e{% endif %}\nf",
    "raw": "{% raw %}{{ s }} `${x}`{% endraw %}",
    "print": "{{ s }}|{{ t }}|{{ n }}|{{ yes }}|{{ no }}|{{ nil }}|{{ missing }}|{{ zero }}",
    "constants": "{{ '<' }}{{ \"'\" }}{{ 3 }}{{ true }}{{ none }}{{ 'a' 'b' }}{{ '\\r\\n`${' }}{{ -4 }}",
    "members": "{{ d.a }}{{ d['a'] }}{{ d.nope }}{{ d.title }}{{ d.count }}{{ d.off.more }}{{ nil.more }}{{ d[t] }}",
    "chain": "{{ d.b.c[1].x }}{{ d.b['c'][0] }}",
    "undefined raises": "{{ missing.more }}",
    "undefined item raises": "{{ missing['more'] }}",
    "undefined chain raises": "{{ d.nope.more }}",
    "items of lists": "{{ xs[0] }}{{ xs[1] }}{{ xs[-1] }}{{ xs[9] }}{{ xs[-9] }}{{ xs[n - 6] }}{{ xs[no] }}",
    "keys of other kinds": "{{ d[1] }}{{ d[none] }}{{ d[yes] }}{{ d[missing] }}",
    "truth": "{% for v in [s, t, n, zero, empty, yes, no, nil, xs, nothing, d, void, missing] %}"
    "{% if v %}1{% else %}0{% endif %}{{ 'a' if not v }}{% endfor %}",
    "if": "{% if n > 5 %}big{% elif n > 0 %}{{ s }}{% else %}none{% endif %}{% if yes %}{% endif %}",
    "inline if": "{{ s if yes else t }}{{ s if no }}{{ ('<' if yes else d.a) ~ 'x' }}{{ '' if yes else s }}",
    "compare": "{{ n == 7 }}{{ n != 7 }}{{ n < 7 }}{{ n <= 7 }}{{ n > 1 }}{{ n >= 8 }}{{ no < yes }}",
    "equal": "{% for a in [s, '1', 1, true, false, 0, none, missing, '', 'abc'] %}"
    "{% for b in [s, '1', 1, true, false, 0, none, missing, '', 'abc'] %}{{ a == b }}{{ a != b }} {% endfor %}{% endfor %}",
    "order of other kinds raises": "{{ missing < 1 }}",
    "equal to a list": "{{ 1 == xs }}{{ 'x' != d }}{{ none == [] }}{{ missing == {} }}",
    "in": "{{ 3 in xs }}{{ '3' in xs }}{{ true in [1] }}{{ 'b' not in xs }}{{ 'a' in d }}{{ 1 in d }}"
    "{{ none in [none] }}{{ t in 'xabcx' }}{{ '' in t }}{{ 'x' in missing }}{{ missing in xs }}{{ t in ('abc', 'd') }}",
    "in text needs text": "{{ n in t }}",
    "in nothing raises": "{{ t in none }}",
    "and or not": "{{ s and t }}|{{ (nothing or 'none')|first }}|{{ empty or zero }}|{{ (void and s)|length }}|{{ not xs }}|"
    "{{ (yes and no) or n }}|{{ yes and not no }}|{{ missing or none }}|{{ (nothing or xs)[0] }}",
    "and or in if": "{% if (yes and n) or nothing %}a{% endif %}{% if not (xs or d) and not void %}b{% endif %}",
    "sums": "{{ n + 1 }} {{ n - 9 }} {{ -n }} {{ n * 3 - 2 }} {{ yes + yes }} {{ 2 - (n - 3) }} {{ - - n }}",
    "sum with nothing raises": "{{ n + none }}",
    "concat": "{{ s ~ n ~ none ~ missing ~ yes }}{{ '<' ~ ('&' | e) ~ s }}",
    "concat kept": "{% set x = s ~ ('&' | e) %}{{ x }}{% set y = s ~ t %}{{ y }}{{ x ~ y }}{{ (s ~ '') == s }}",
    "literals": "{% for r in [[1, 'n'], (2, s), []] %}{{ r[0] }}{{ r[1] }}{% endfor %}{{ {'a': s, 'b-c': n}.a }}"
    "{{ {'k': {'x': xs}}['k'].x[0] }}{{ [] or {} or () or 'z' }}",
    "for": "{% for x in xs %}<{{ x }}>{% else %}nothing{% endfor %}{% for x in missing %}{{ x }}{% else %}e{% endfor %}",
    "loop": "{% for x in xs %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}"
    "{% if not loop.last %}, {% endif %}{{ 'odd' if loop.index is odd else 'even' }}{% endfor %}",
    "loops in loops": "{% for r in rows %}{% for k in r.ks or ['a', 'b'] %}{{ loop.index }}{{ k }}{% else %}-"
    "{% endfor %}{{ loop.index }}{% else %}none{% endfor %}{% for r in rows %}{{ loop.last }}{% endfor %}",
    "for if": "{% for x in xs if x != 'b' %}{{ loop.index }}/{{ loop.length }}{{ x }}{% else %}none{% endfor %}",
    "for if else": "{% for x in xs if x == t ~ '!' %}{{ x }}{% else %}none{% endfor %}",
    "items": "{% for k, v in {'b': s, 'a': 1}.items() %}{{ k }}={{ v }}{{ loop.last }}{% endfor %}"
    "{% for k, v in void.items() if v %}{{ k }}{% else %}none{% endfor %}",
    "items of nothing raises": "{% for k, v in none.items() %}{% endfor %}",
    "for nothing raises": "{% for x in none %}{{ x }}{% endfor %}",
    "set": "{{ n }}{% set n = n ~ '!' %}{{ n }}{% set fresh = s %}{{ fresh }}{% if yes %}{% set n = 2 %}{% endif %}{{ n }}",
    "set in for": "{% set x = 'out' %}{% for i in [1, 2] %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}",
    "set in for, from outside": "{% for i in [1, 2] %}{{ t }}{% set t = i %}{{ t }}{% endfor %}{{ t }}",
    "set in if in for": "{% for i in [1, 2] %}{% if i is odd %}{% set t = i %}{% endif %}{{ t }}{% endfor %}{{ t }}",
    "set in both branches": "{% if yes %}{% set v = 1 %}{% else %}{% set v = s %}{% endif %}{{ v }}{{ w }}",
    "loop variable set": "{% for x in [1, 2] %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}",
    "loop variable hides": "{% for t in xs %}{{ t }}{% endfor %}{{ t }}{% for t in [t] %}{{ t }}{% endfor %}",
    "escape": "{{ s|e }}{{ s|escape|e }}{{ (s|e)|length }}{{ none|e }}{{ missing|e }}{{ (s ~ t)|e }}{{ not (t ~ s)|e }}",
    "length": "{{ s|length }}{{ xs|length }}{{ d|length }}{{ missing|length }}{{ void|length }}{{ '👩‍🌾'|length }}",
    "length of nothing raises": "{{ none|length }}",
    "default": "{{ missing|default }}{{ missing|d(s) }}{{ nil|default('x') }}{{ nil|default('x', true) }}"
    "{{ nothing|default('x', boolean=true)|first }}{{ d.nope|default(default_value=s) }}{{ yes|default(1, false) }}",
    "default of undefined raises": "{{ missing.more|default('x') }}",
    "join": "{{ xs|join }}{{ xs|join(', ') }}{{ xs|join(d='<') }}{{ [s, s|e, 1, none]|join('&') }}"
    "{{ [s, t]|join('&'|e) }}{{ missing|join('x') }}{{ [true, missing]|join }}",
    "upper lower": "{{ s|upper }}{{ s|lower }}{{ (s|e)|upper }}{{ 'ßİΣΑΣ ŉǅ'|lower }}{{ 'straße ﬁ ŉ'|upper }}{{ n|upper }}"
    "{{ none|lower }}{{ missing|upper }}",
    "first last": "{{ xs|first }}{{ xs|last }}{{ '🧿é'|first }}{{ 'é🧿'|last }}{{ nothing|first }}{{ missing|last }}"
    "{{ missing|first }}{{ (s|e)|first }}{{ ''|last }}",
    "urlencode": "{{ s|urlencode }}{{ \"!*'()~-._/ +?&=é\"|urlencode }}{{ n|urlencode }}{{ none|urlencode }}"
    "{{ missing|urlencode }}{{ (s|e)|urlencode }}{{ yes|urlencode }}",
    "trim": "[{{ '\\u2003 \\x1f x\\ufeff \\x85\\n'|trim }}][{{ (' < '|e)|trim }}][{{ missing|trim }}][{{ n|trim }}]",
    "replace": "{{ s|replace('b', '$&<') }}{{ s|replace('<', '&') }}{{ (s|e)|replace('&', '<') }}{{ n|replace(7, s) }}"
    "{{ s|replace('b', '<'|e) }}{{ s|replace('<'|e, '!') }}{{ t|replace('b', none) }}{{ 'aaa'|replace('aa', 'b') }}",
    "tests": "{{ t is defined }}{{ missing is defined }}{{ d.nope is undefined }}{{ nil is none }}{{ missing is none }}"
    "{{ n is odd }}{{ n is even }}{{ -3 is odd }}{{ t is equalto 'abc' }}{{ yes is equalto(1) }}{{ t is in xs }}"
    "{{ t is not none }}{{ n is not odd }}",
    "asset": "{{ asset('css/a.css') }}{{ asset(t) }}{% set a = asset('x') %}{{ a }}",
    "gettext": "{{ _('Home') }}{{ gettext('<b>%(x)s</b> 100%%', x=s) }}{{ _('%(a)s %(b)s', a=n, b='<'|e) }}{{ _('`${x}`') }}"
    "{{ _('%(x)s', x=none) }}{{ _('%(x)s', x=missing) }}",
    "gettext kept": "{% set x = _('A & B %(x)s', x=s) %}{{ x }}{{ x ~ s }}{{ x|length }}{{ x|e }}{{ [x, s]|join(', ') }}"
    "{{ x == _('A & B %(x)s', x=s) }}{{ _('Home')|upper }}",
    "ngettext": "{% for i in [0, 1, 2, 3, 11, 100, true] %}{{ ngettext('%(num)s booth', '%(num)s booths', i) }}"
    "{{ ngettext('One <b>%(x)s</b>', 'Many %(x)s', i, x=s) }}{{ ngettext('a %(num)s', 'b %(num)s', i, num='<') }}{% endfor %}",
    "trans": "{% trans %}Home{% endtrans %}{% trans x=s %}Hi <b>{{ x }}</b>, 5%{% endtrans %}"
    "{% trans num=n|default(2) %}{{ num }} booth{% pluralize %}{{ num }} booths{% endtrans %}{% trans t %}to {{ t }}{% endtrans %}",
}  # fmt: skip

FAMILY = {
    "parts": "{% macro tag(name, text='<none>', more=[], flag=false) %}<{{ name }}{% if flag %} f{% endif %}>{{ text }}"
    "{% for m in more %}{{ tag('i', m) }}{% endfor %}</{{ name }}>{% endmacro %}\n"
    "{% macro hollow() %}{% endmacro %}{% macro item(item) %}{{ item.name }}{% set x = item.name %}{{ x }}{% endmacro %}",
    "more": "{% from 'parts' import tag as base_tag %}{% macro tag(x) %}{{ base_tag('em', x) }}{% endmacro %}",
    "macros": "{% from 'parts' import tag, hollow, item %}{{ tag('p') }}{{ tag('p', s) }}{{ tag('p', missing) }}"
    "{{ tag(text=tag('b', s), name='q', flag=yes) }}{{ tag('u', more=['a', s]) }}{{ tag('p', none, [], 1) }}"
    "{% for r in rows %}{{ item(r) }}{% endfor %}{% if hollow() %}1{% else %}0{% endif %}{{ tag('a')|length }}"
    "{{ tag('a', '<') ~ s }}{% set x = tag('b', s) %}{{ x }}{{ x|e }}{{ tag('p', x) }}{{ tag() }}",
    "macros of macros": "{% from 'more' import tag %}{% macro own(a, b='') %}{{ tag(a) }}{{ b }}{% endmacro %}{{ own(s) }}"
    "{{ own(b=s, a=n) }}",
    "base": "{% set kind = kind|default('base') %}<title>{% block title %}{{ s }} – {{ kind }}{% endblock %}</title>"
    "{% from 'parts' import tag %}{% block main %}{{ tag('base', t) }}{% block inner %}i{{ n }}{% endblock %}{% endblock %}"
    "{% for x in xs %}{% block foot %}{{ x }}f{% endblock %}{% endfor %}{{ kind }}",
    "middle": "{% extends 'base' %}\n{% set kind = 'mid' ~ s %}\n{% block inner %}[{{ super() }}]{% endblock %}",
    "child": "{% extends 'middle' %}{% from 'parts' import tag %}{% set n = n ~ '!' %}\n"
    "{% block title %}{% from 'more' import tag as t2 %}{{ t2(kind) }}{{ super() ~ s }}{{ tag('p') }}{% endblock %}"
    "{% block inner %}{{ super() }}{% set q = super() %}{{ q }}{{ n }}{% for x in xs %}{{ super()|length }}{% endfor %}{% endblock %}",
    "grandchild": "{% extends 'child' %}{% block main %}{{ super() }}{% block fragment %}F{{ s }}{{ kind }}"
    "{% for x in xs %}{{ x }}{% endfor %}{% block deep %}deep{{ n }}{% endblock %}{% endblock %}{% endblock %}",
    "include": "{% set local = s %}a{% include 'piece' %}{% for n in [1, 2] %}{% set t = n ~ 'x' %}{% include 'piece' %}{% endfor %}",
    "include in block": "{% extends 'base' %}{% block main %}{% include 'piece' %}{% set local = '1' %}{% set nil = missing %}"
    "{% for t in xs %}{% include 'piece' %}{% endfor %}{% include 'child' %}{% if yes %}{% set n = 5 %}{% endif %}"
    "{% include 'piece' %}{% endblock %}",
    "piece": "{% from 'parts' import tag %}({{ tag('p', local) }}{{ n }}{{ t }}{{ nil }}{{ kind }}{% set n = 9 %}{{ n }})",
}  # fmt: skip


@pytest.fixture(scope="module")
def twins(modules: Page) -> Twins:
    return Twins(modules, PROBES | FAMILY)


@pytest.mark.parametrize("name", [*PROBES, *FAMILY])
def test_a_feature_comes_out_the_same(twins: Twins, name: str) -> None:
    answers = twins.ask((lang, name, None, context) for context in CONTEXTS for lang in ("fr", "en"))
    for python, phone in answers:
        assert phone == python
    everything_raises = all(python == RAISES for python, _ in answers)
    assert everything_raises == name.endswith("raises")


@pytest.mark.parametrize(("name", "block"), [("grandchild", "fragment"), ("grandchild", "deep"), ("base", "title")])
def test_a_block_alone_comes_out_the_same(twins: Twins, name: str, block: str) -> None:
    for python, phone in twins.ask(("fr", name, block, context) for context in CONTEXTS):
        assert phone == python != RAISES


def test_a_block_of_a_parent_is_none_of_the_template(twins: Twins) -> None:
    assert "title" not in twins.environment.get_template("grandchild").blocks
    answer = "number => window.twins[number].renderBlock('grandchild', 'title', {}, {}) === undefined"
    assert twins.page.evaluate(answer, twins.number)


@pytest.mark.parametrize(
    "value", [1.5, 2**53, [1], {"a": 1}, float("1e30")], ids=["float", "too large", "list", "dict", "large float"]
)
def test_what_prints_differently_is_not_printed(twins: Twins, value: Any) -> None:
    ((python, phone),) = twins.ask([("fr", "print", None, {"s": value})])
    assert (python == RAISES, phone) == (False, RAISES)


def test_a_count_has_to_be_a_number(modules: Page) -> None:
    twins = Twins(modules, {"t": "{{ ngettext('%(num)s booth', '%(num)s booths', n) }}"})
    assert twins.ask([("en", "t", None, {})]) == [(" booths", RAISES)]


def test_number_like_keys_are_not_gone_through(modules: Page) -> None:
    twins = Twins(modules, {"t": "{% for k, v in d.items() %}{{ k }}{% endfor %}"})
    ((python, phone),) = twins.ask([("fr", "t", None, {"d": {"2": 1, "1": 1}})])
    assert (python, phone) == ("21", RAISES)


def test_methods_of_dict_are_not_members(modules: Page) -> None:
    twins = Twins(modules, {"t": "{{ d[k] }}"})
    calls = [
        ("fr", "t", None, {"d": {"items": "<"}, "k": key}) for key in ("items", "keys", "constructor", "__proto__")
    ]
    assert [phone for _, phone in twins.ask(calls)] == ["&lt;", RAISES, "", RAISES]
    assert [python.startswith("&lt;built-in") for python, _ in twins.ask(calls)] == [False, True, False, False]


# Letters that were given capitals after Unicode 14, the version of Python 3.11; Chromium's is newer.
NEW_CAPITALS = "\u019b\u0264\ua7d3\ua7d5"


@pytest.mark.parametrize("name", ["upper", "lower", "trim", "urlencode", "e"])
def test_every_character_is_filtered_the_same(modules: Page, name: str) -> None:
    every = map(chr, range(sys.maxunicode + 1))
    text = [c for c in every if unicodedata.category(c) not in ("Cn", "Cs", "Co") and c not in NEW_CAPITALS + ","]
    twins = Twins(modules, {"t": "{% for x in xs %}{{ x|" + name + " }},{% endfor %}"})
    ((python, phone),) = twins.ask([("fr", "t", None, {"xs": text})])
    different = [x for x, a, b in zip(text, python.split(","), phone.split(","), strict=False) if a != b]
    assert (different, phone == python) == ([], True)


letters = st.characters(exclude_categories=("Cs", "Cn"), exclude_characters=NEW_CAPITALS)
words = st.text(letters | st.sampled_from("<>&\"'`${}\\%\u2028🧿ع"), max_size=8)
scalars = words | st.integers(-9, 9) | st.booleans() | st.none() | st.integers(-(2**53) + 1, 2**53 - 1)
contexts = st.fixed_dictionaries(
    {"s": words, "i": st.integers(-5, 5), "xs": st.lists(scalars, max_size=4)},
    optional={
        "a": scalars,
        "b": scalars,
        "d": st.dictionaries(
            words.map("k{}".format), scalars | st.dictionaries(words, scalars, max_size=2), max_size=3
        ),
    },
)

EXPRESSIONS = [
    "a", "a ~ b", "a == b", "a != b", "a in b", "a in xs", "a in d", "xs[i]", "d[a]", "d['k' ~ s]", "a and b", "a or b",
    "not a", "(xs or d and s)|length", "a if b", "a if b else s", "i + i * i - 3", "-i", "i < 2", "a is odd", "a is none",
    "a is defined", "a|default(b)", "a|default(b, true)", "a|e", "(a|e) ~ b", "s|length", "xs|length", "d|length",
    "s|upper", "s|lower", "a|trim", "s|first", "s|last", "xs|first", "xs|last", "a|urlencode", "xs|join(b)", "xs|join(s|e)",
    "s|replace('a', b)", "s|replace(a ~ 'x', b|e)", "(s|e)|replace('&', b)", "_('%(x)s %%', x=a)", "m(a, b)", "m(b=a)",
    "ngettext('%(num)s x', '%(num)s %(y)s', i * i, y=a)", "m(a) ~ m(b)", "m(a) == m(b)", "a is equalto b", "s == b",
]  # fmt: skip
MACRO = "{% macro m(a='<', b='') %}{% for x in [a, b] %}{{ loop.index }}{{ x }}{% if x %}.{% endif %}{% endfor %}{% endmacro %}"


@pytest.fixture(scope="module")
def expressions(modules: Page) -> Twins:
    return Twins(modules, {text: MACRO + "{{ " + text + " }}" for text in EXPRESSIONS})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(context=contexts)
def test_any_values_come_out_the_same(expressions: Twins, context: dict[str, Any]) -> None:
    answers = expressions.ask(("fr", text, None, context) for text in EXPRESSIONS)
    for text, (python, phone) in zip(EXPRESSIONS, answers, strict=True):
        assert phone == python, text
