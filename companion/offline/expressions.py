"""Jinja expressions in JavaScript.

An expression is wanted in one of three ways: as a value (`value`), as what it prints (`shown`, HTML) or as a
condition (`condition`). Every Jinja construct has one function here; one that has none is refused.
"""

from __future__ import annotations

import json
import re
from functools import singledispatch
from typing import Literal, NamedTuple

from jinja2 import nodes

from companion.offline.scope import SPECIAL, Scope, is_free, macro_named, variable

MAX_SAFE = 2**53 - 1
DICT_NAMES = frozenset(dir(dict))
NEEDS_TESTS = "write defined, undefined, none, odd, even or equalto"
HOLE = re.compile(r"%(?:\((\w+)\)s|%)", re.ASCII)


class Code(NamedTuple):
    """JavaScript and what it is known to yield; `html`: a string that is HTML already, not yet a Markup."""

    js: str
    kind: Literal["any", "html", "int", "bool"] = "any"


def string(text: str) -> str:
    """Return a JavaScript string literal."""
    return json.dumps(text, ensure_ascii=False)


@singledispatch
def expression(node: nodes.Node, scope: Scope) -> Code:
    """Return the JavaScript of one kind of expression."""
    kind = type(node).__name__
    raise scope.refuse(node, f"{kind} is not for visitors' templates; prepare the value in the page")


def value(node: nodes.Node, scope: Scope) -> str:
    """Return JavaScript that yields the value of an expression."""
    code = expression(node, scope)
    return f"markup({code.js})" if code.kind == "html" else code.js


def shown(node: nodes.Node, scope: Scope) -> str:
    """Return JavaScript that yields what `{{ node }}` prints."""
    if isinstance(node, nodes.CondExpr):
        other = shown(node.expr2, scope) if node.expr2 else '""'
        return f"({condition(node.test, scope)}?{shown(node.expr1, scope)}:{other})"
    if isinstance(node, nodes.Concat):
        return "+".join(f"({shown(part, scope)})" for part in node.nodes)
    code = expression(node, scope)
    return code.js if code.kind == "html" else f"show({code.js})"


def condition(node: nodes.Node, scope: Scope) -> str:
    """Return JavaScript that is true when an expression is."""
    match node:
        case nodes.And():
            return f"({condition(node.left, scope)}&&{condition(node.right, scope)})"
        case nodes.Or():
            return f"({condition(node.left, scope)}||{condition(node.right, scope)})"
        case nodes.Not():
            return f"!{condition(node.node, scope)}"
    code = expression(node, scope)
    return f"truth({code.js})" if code.kind == "any" else code.js


def integer(node: nodes.Node, scope: Scope) -> str:
    """Return JavaScript that yields a whole number, or throws."""
    code = expression(node, scope)
    return code.js if code.kind == "int" else f"int({value(node, scope)})"


@expression.register
def _const(node: nodes.Const, scope: Scope) -> Code:
    match node.value:
        case str():
            return Code(string(node.value))
        case bool():
            return Code("true" if node.value else "false", "bool")
        case int() if abs(node.value) <= MAX_SAFE:
            return Code(str(node.value), "int")
        case None:
            return Code("null")
    raise scope.refuse(node, f"{node.value}: write texts and whole numbers; format other numbers in the page")


@expression.register(nodes.List)
@expression.register(nodes.Tuple)
def _list(node: nodes.List | nodes.Tuple, scope: Scope) -> Code:
    return Code(f"[{','.join(value(part, scope) for part in node.items)}]")


@expression.register
def _dict(node: nodes.Dict, scope: Scope) -> Code:
    pairs = []
    for pair in node.items:
        if not isinstance(pair.key, nodes.Const) or not re.fullmatch(r"[A-Za-z][\w-]*", str(pair.key.value)):
            raise scope.refuse(pair, "write the keys of a dict as texts that start with a letter")
        pairs.append(f"{string(pair.key.value)}:{value(pair.value, scope)}")
    return Code(f"{{{','.join(pairs)}}}")


@expression.register
def _name(node: nodes.Name, scope: Scope) -> Code:
    return Code(variable(node, node.name, scope))


@expression.register
def _getattr(node: nodes.Getattr, scope: Scope) -> Code:
    if isinstance(node.node, nodes.Name) and node.node.name == "loop":
        return _loop(node, scope)
    _check_member(node, node.attr, scope)
    inner = value(node.node, scope)
    if isinstance(node.node, nodes.Getattr) and inner.startswith("get("):
        return Code(f"{inner[:-1]},{string(node.attr)})")
    return Code(f"get({inner},{string(node.attr)})")


def _check_member(node: nodes.Node, name: str, scope: Scope) -> None:
    if name in DICT_NAMES:
        raise scope.refuse(node, f"`{name}` is a method of dict in Python; give the member another name")


def _loop(node: nodes.Getattr, scope: Scope) -> Code:
    if not scope.loops:
        raise scope.refuse(node, f"`loop`: {SPECIAL['loop']}")
    loop = scope.loops[-1]
    match node.attr:
        case "index":
            return Code(f"({loop.index}+1)", "int")
        case "index0":
            return Code(loop.index, "int")
        case "length":
            return Code(f"{loop.list}.length", "int")
        case "first":
            return Code(f"({loop.index}===0)", "bool")
        case "last":
            return Code(f"({loop.index}+1==={loop.list}.length)", "bool")
    raise scope.refuse(node, f"`loop`: {SPECIAL['loop']}")


@expression.register
def _getitem(node: nodes.Getitem, scope: Scope) -> Code:
    if isinstance(node.arg, nodes.Slice):
        raise scope.refuse(node, "cut the list or the text in the page")
    if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        _check_member(node, node.arg.value, scope)
    return Code(f"item({value(node.node, scope)},{value(node.arg, scope)})")


@expression.register
def _compare(node: nodes.Compare, scope: Scope) -> Code:
    if len(node.ops) > 1:
        raise scope.refuse(node, "compare two values at a time and write `and` between")
    op, right = node.ops[0].op, node.ops[0].expr
    if op in ("eq", "ne"):
        return Code(f"{'!' * (op == 'ne')}same({value(node.expr, scope)},{value(right, scope)})", "bool")
    if op in ("in", "notin"):
        return Code(f"{'!' * (op == 'notin')}within({value(node.expr, scope)},{value(right, scope)})", "bool")
    sign = {"lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}[op]
    return Code(f"({integer(node.expr, scope)}{sign}{integer(right, scope)})", "bool")


@expression.register(nodes.And)
@expression.register(nodes.Or)
def _and_or(node: nodes.And | nodes.Or, scope: Scope) -> Code:
    left, right = expression(node.left, scope), expression(node.right, scope)
    if left.kind == right.kind == "bool":
        return Code(condition(node, scope), "bool")
    decided = f"truth($={value(node.left, scope)})"
    other = value(node.right, scope)
    return Code(f"({decided}?{other}:$)" if isinstance(node, nodes.And) else f"({decided}?$:{other})")


@expression.register
def _not(node: nodes.Not, scope: Scope) -> Code:
    return Code(condition(node, scope), "bool")


@expression.register
def _cond(node: nodes.CondExpr, scope: Scope) -> Code:
    other = value(node.expr2, scope) if node.expr2 else "undefined"
    return Code(f"({condition(node.test, scope)}?{value(node.expr1, scope)}:{other})")


@expression.register
def _concat(node: nodes.Concat, scope: Scope) -> Code:
    return Code(f"concat([{','.join(value(part, scope) for part in node.nodes)}])")


@expression.register(nodes.Add)
@expression.register(nodes.Sub)
@expression.register(nodes.Mul)
def _arithmetic(node: nodes.BinExpr, scope: Scope) -> Code:
    return Code(f"int({integer(node.left, scope)}{node.operator}{integer(node.right, scope)})", "int")


@expression.register
def _neg(node: nodes.Neg, scope: Scope) -> Code:
    return Code(f"(-{integer(node.node, scope)})", "int")


@expression.register
def _test(node: nodes.Test, scope: Scope) -> Code:
    if node.name == "equalto" and len(node.args) == 1 and not node.kwargs:
        return Code(f"same({value(node.node, scope)},{value(node.args[0], scope)})", "bool")
    if node.name == "in" and len(node.args) == 1 and not node.kwargs:
        return Code(f"within({value(node.node, scope)},{value(node.args[0], scope)})", "bool")
    if node.name in ("odd", "even"):
        return Code(f"({integer(node.node, scope)}%2{'!==' if node.name == 'odd' else '==='}0)", "bool")
    js = {"defined": "!==undefined", "undefined": "===undefined", "none": "===null"}.get(node.name)
    if js is None:
        raise scope.refuse(node, f"the test `{node.name}`: {NEEDS_TESTS}, or prepare it in the page")
    return Code(f"({value(node.node, scope)}{js})", "bool")


@expression.register
def _filter(node: nodes.Filter, scope: Scope) -> Code:
    if node.node is None:
        raise scope.refuse(node, "filter a value, not a part of the template")
    filters = {
        **dict.fromkeys(("length", "upper", "lower", "trim", "urlencode"), _plain_filter),
        **dict.fromkeys(("first", "last"), _end),
        **dict.fromkeys(("e", "escape"), _escape),
        **dict.fromkeys(("d", "default"), _default),
        "join": _join,
        "replace": _replace,
    }
    if node.name not in filters:
        raise scope.refuse(node, f"the filter `{node.name}`: prepare the value in the page, markup in a macro")
    return filters[node.name](node, scope)


def _arguments(node: nodes.Filter, scope: Scope, *names: str) -> list[nodes.Expr | None]:
    """Return what a filter is given, in the order of `names`; None for what is left out."""
    given = dict(zip(names, node.args, strict=False)) | {pair.key: pair.value for pair in node.kwargs}
    if len(node.args) + len(node.kwargs) != len(given) or not given.keys() <= set(names) or node.dyn_args:
        allowed = ", ".join(names) or "no parameters"
        raise scope.refuse(node, f"the filter `{node.name}` takes {allowed} here")
    return [given.get(name) for name in names]


def _plain_filter(node: nodes.Filter, scope: Scope) -> Code:
    _arguments(node, scope)
    return Code(f"{node.name}({_filtered(node, scope)})", "int" if node.name == "length" else "any")


def _filtered(node: nodes.Filter, scope: Scope) -> str:
    assert node.node is not None
    return value(node.node, scope)


def _end(node: nodes.Filter, scope: Scope) -> Code:
    _arguments(node, scope)
    return Code(f"sequence({_filtered(node, scope)}).at({'0' if node.name == 'first' else '-1'})")


def _escape(node: nodes.Filter, scope: Scope) -> Code:
    _arguments(node, scope)
    assert node.node is not None
    return Code(f"({shown(node.node, scope)})", "html")


def _default(node: nodes.Filter, scope: Scope) -> Code:
    other, boolean = _arguments(node, scope, "default_value", "boolean")
    if boolean is not None and not (isinstance(boolean, nodes.Const) and isinstance(boolean.value, bool)):
        raise scope.refuse(node, "write true or false as the second parameter of `default`")
    assigned = f"($={_filtered(node, scope)})"
    keep = f"truth{assigned}" if isinstance(boolean, nodes.Const) and boolean.value else f"{assigned}!==undefined"
    return Code(f"({keep}?$:{value(other, scope) if other else string('')})")


def _join(node: nodes.Filter, scope: Scope) -> Code:
    (glue,) = _arguments(node, scope, "d")
    return Code(f"concat(each({_filtered(node, scope)}){',' + value(glue, scope) if glue else ''})")


def _replace(node: nodes.Filter, scope: Scope) -> Code:
    old, new = _arguments(node, scope, "old", "new")
    if old is None or new is None:
        raise scope.refuse(node, "write replace('old', 'new')")
    return Code(f"replace({_filtered(node, scope)},{value(old, scope)},{value(new, scope)})")


@expression.register
def _call(node: nodes.Call, scope: Scope) -> Code:
    if node.dyn_args or node.dyn_kwargs:
        raise scope.refuse(node, "write each parameter, without * and **")
    if not isinstance(node.node, nodes.Name):
        raise scope.refuse(node, "methods cannot be called; prepare the value in the page")
    name = node.node.name
    macro = macro_named(scope, name)
    if macro:
        return _macro_call(node, scope, name)
    if is_free(scope, name):
        match name:
            case "super" if scope.parent and not node.args and not node.kwargs:
                return Code(f"{scope.parent}(c)", "html")
            case "_" | "gettext":
                return _message(node, scope, "gettext", 1)
            case "ngettext":
                return _message(node, scope, "ngettext", 2)
            case "asset" if not node.kwargs:
                return Code(f"globals.asset({','.join(f'str({value(arg, scope)})' for arg in node.args)})")
    raise scope.refuse(node, f"`{name}` cannot be called; import the macro in this file, or prepare the value")


def _macro_call(node: nodes.Call, scope: Scope, name: str) -> Code:
    macro = scope.macros[name]
    given = {key: value(arg, scope) for key, arg in zip(macro.parameters, node.args, strict=False)}
    named = {pair.key: value(pair.value, scope) for pair in node.kwargs}
    unknown = [key for key in named if key not in macro.parameters or key in given]
    if len(node.args) > len(macro.parameters) or unknown:
        raise scope.refuse(node, f"`{name}` takes {', '.join(macro.parameters) or 'no parameters'}, each once")
    given |= named
    args = [given.get(key, macro.defaults.get(key, "undefined")) for key in macro.parameters]
    while args and args[-1] == "undefined":
        args.pop()
    return Code(f"{macro.js}({','.join(args)})", "html")


def _message(node: nodes.Call, scope: Scope, function: str, texts: int) -> Code:
    """A message: its texts are constants, so that they can be extracted, and every hole is filled by name."""
    texts_given = [arg.value for arg in node.args[:texts] if isinstance(arg, nodes.Const)]
    ids = [text for text in texts_given if isinstance(text, str) and text]
    if len(ids) != texts or len(node.args) != (2 * texts - 1):
        raise scope.refuse(node, "write messages as _('text', name=value) or ngettext('one', 'many', number)")
    holes = {pair.key: shown(pair.value, scope) for pair in node.kwargs}
    known = holes.keys() | ({"num"} if texts == 2 else set())
    for text in ids:
        if "%" in HOLE.sub("", text) or not {name for name in HOLE.findall(text) if name} <= known:
            advice = "write each hole as %(name)s and give it a value; write a plain % as %%"
            raise scope.refuse(node, f"{text!r}: {advice}")
    args = [str(scope.numbers[ids[0]]), *("0" for _ in ids[1:])] if ids[0] in scope.numbers else [*map(string, ids)]
    if texts == 2:
        args.append(value(node.args[2], scope))
    if holes:
        args.append(f"{{{','.join(f'{name}:{js}' for name, js in holes.items())}}}")
    return Code(f"{function}({','.join(args)})", "html")
