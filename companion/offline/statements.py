"""Jinja statements in JavaScript: each adds to the string `o` that a template's function returns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatch

from jinja2 import nodes
from markupsafe import escape

from companion.offline.expressions import condition, shown, value
from companion.offline.scope import SPECIAL, Loop, Scope, declare, local_names, macro_named, owner, place

INSTEAD = {
    "AssignBlock": "set a value, or make the markup in a macro",
    "CallBlock": "give the parts to a macro as parameters",
    "FilterBlock": "filter a value",
    "With": "write set",
    "Import": "write from … import …",
    "FromImport": "import at the start of the file or of the block",
    "Macro": "define macros outside everything else",
    "Extends": "extend one template, outside everything else",
    "Scope": "autoescape is always on",
    "ExprStmt": "statements without a result are not for templates",
}


@dataclass
class Writer:
    """The statements of a function, with the text between two statements in one template literal."""

    statements: list[str] = field(default_factory=list)
    literal: str = ""

    def text(self, html: str) -> None:
        """Add HTML as it is."""
        self.literal += re.sub(r"[`\\]|\$(?=\{|\Z)", r"\\\g<0>", html).replace("\r", "\\r")

    def insert(self, js: str) -> None:
        """Add JavaScript that yields HTML."""
        self.literal += f"${{{js}}}"

    def add(self, js: str) -> None:
        """Add a statement."""
        self.flush()
        self.statements.append(js)

    def flush(self) -> None:
        """Make a statement of the text so far."""
        if self.literal:
            self.statements.append(f"o+=`{self.literal}`;")
            self.literal = ""


Body = nodes.Template | nodes.Block | nodes.Macro


def function(name: str, parameters: Sequence[str], node: Body, scope: Scope, end: str = "") -> str:
    """Return a JavaScript function that yields the HTML of a body, then what the JavaScript `end` yields."""
    defined_elsewhere = {nodes.Template: (nodes.Macro, nodes.FromImport), nodes.Block: (nodes.FromImport,)}
    body = [child for child in node.body if not isinstance(child, defined_elsewhere.get(type(node), ()))]
    out = Writer()
    declared = declare(node, scope)
    if declared:
        out.add(declared)
    for child in body:
        statement(child, scope, out)
    if end:
        out.insert(end)
    head = f"function {name}({','.join(parameters)})"
    if not out.statements:
        return f"{head}{{return`{out.literal}`}}"
    return f'{head}{{let o="";{written(out)}return o}}'


def written(out: Writer) -> str:
    """Return the statements of a writer."""
    out.flush()
    return "".join(out.statements)


def branch(body: Sequence[nodes.Node], scope: Scope) -> str:
    """Return the statements of a part that is rendered or not, or several times."""
    out = Writer()
    for child in body:
        statement(child, scope, out)
    return f"{{{written(out)}}}"


@singledispatch
def statement(node: nodes.Node, scope: Scope, out: Writer) -> None:
    """Write the JavaScript of one kind of statement."""
    kind = type(node).__name__
    raise scope.refuse(node, INSTEAD.get(kind, f"{kind} is not for visitors' templates"))


@statement.register
def _output(node: nodes.Output, scope: Scope, out: Writer) -> None:
    for part in node.nodes:
        match part:
            case nodes.TemplateData():
                out.text(part.data)
            case nodes.Const(value=str(text)):
                out.text(escape(text))
            case _:
                out.insert(shown(part, scope))


@statement.register
def _if(node: nodes.If, scope: Scope, out: Writer) -> None:
    js = f"if({condition(node.test, scope)}){branch(node.body, scope)}"
    for other in node.elif_:
        js += f"else if({condition(other.test, scope)}){branch(other.body, scope)}"
    if node.else_:
        js += f"else{branch(node.else_, scope)}"
    out.add(js)


@statement.register
def _for(node: nodes.For, scope: Scope, out: Writer) -> None:
    if node.recursive:
        raise scope.refuse(node, "call a macro that calls itself")
    inner, otherwise = scope.inner(), scope.inner()
    inner.symbols.analyze_node(node, for_branch="body")
    otherwise.symbols.analyze_node(node, for_branch="else")
    level = inner.symbols.level
    loop = Loop(f"$l{level}", f"$i{level}")
    target, values = _gone_through(node, scope, level)
    body = replace(inner, loops=(*scope.loops, loop))
    repeated = declare(node, inner) + branch(node.body, body)[1:]
    names = (name.name for part in node.body for name in part.find_all(nodes.Name))
    if not node.else_ and "loop" not in names:
        out.add(f"for(let {target} of {values}){{{repeated}")
        return
    js = f"const {loop.list}={values};for(let[{loop.index},{target}]of {loop.list}.entries()){{{repeated}"
    if node.else_:
        js += f"if(!{loop.list}.length){{{declare(node, otherwise)}{branch(node.else_, otherwise)[1:]}"
    out.add(f"{{{js}}}")


def _gone_through(node: nodes.For, scope: Scope, level: int) -> tuple[str, str]:
    """Return what a `for` assigns to, and what it goes through."""
    match node:
        case nodes.For(target=nodes.Name(name=name)):
            target, values = f"{name}${level}", f"each({value(node.iter, scope)})"
        case nodes.For(
            target=nodes.Tuple(items=[nodes.Name(name=key), nodes.Name(name=name)]),
            iter=nodes.Call(node=nodes.Getattr(node=mapping, attr="items"), args=[], kwargs=[]),
        ):
            target, values = f"[{key}${level},{name}${level}]", f"items({value(mapping, scope)})"
        case _:
            raise scope.refuse(node, "go through a list with one name, or write `for key, value in dict.items()`")
    if node.test:
        tested = scope.inner()
        tested.symbols.analyze_node(node, for_branch="test")
        values += f".filter(({target})=>{condition(node.test, tested)})"
    return target, values


@statement.register
def _assign(node: nodes.Assign, scope: Scope, out: Writer) -> None:
    if not isinstance(node.target, nodes.Name):
        raise scope.refuse(node, "set one plain name at a time")
    name = node.target.name
    symbols = owner(scope, name)
    assert symbols is not None
    js = value(node.node, scope)
    in_context = scope.top and symbols.parent is None
    if macro_named(scope, name) or name in SPECIAL or (in_context and name in scope.taken):
        raise scope.refuse(node, f"`{name}` has another meaning; set another name")
    scope.assigned.add((id(symbols), name))
    out.add(f"{place(name, symbols, scope)}={js};")


@statement.register
def _include(node: nodes.Include, scope: Scope, out: Writer) -> None:
    if not node.with_context or node.ignore_missing or not scope.context:
        raise scope.refuse(node, "write include and a name, nothing more; in a macro, call a macro")
    assert isinstance(node.template, nodes.Const)
    names = ",".join(f"{name}:{js}" for name, js in local_names(scope))
    out.insert(f"draw({scope.templates[node.template.value]},c{f',{{{names}}}' if names else ''})")


@statement.register
def _block(node: nodes.Block, scope: Scope, out: Writer) -> None:
    if node.scoped or node.required or not scope.context:
        raise scope.refuse(node, "write block and its name, and nothing more, outside macros")
    out.insert(f'c[""].{node.name}(c)')
