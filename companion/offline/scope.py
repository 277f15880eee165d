"""Where a name in a template leads to, and how to say that a template cannot go to the phone.

Which names a piece of template binds is asked of Jinja's own analysis (`jinja2.idtracking`), so that scoping
cannot differ. A name that is never assigned is read from the context, `c.title`; one that is assigned has a
variable of its own, `title$0`, numbered by the depth of its scope as in the Python that Jinja makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from jinja2 import nodes
from jinja2.idtracking import (
    VAR_LOAD_ALIAS,
    VAR_LOAD_PARAMETER,
    VAR_LOAD_RESOLVE,
    VAR_LOAD_UNDEFINED,
    Symbols,
)

SPECIAL = {
    "loop": "only its index, index0, first, last and length, in the file of the `for`, can be read",
    "self": "repeat the text, or move it into a macro",
    "super": "only `super()` in a block that a parent has too can be called",
    "caller": "give the markup's parts as parameters",
    "varargs": "name every parameter",
    "kwargs": "name every parameter",
}


class Unsupported(Exception):
    """A template uses what the phone does not have: `file`, `line`, and in `advice` what to write instead."""

    def __init__(self, file: str, line: int, advice: str) -> None:
        super().__init__(f"{file}:{line}: {advice}")
        self.file, self.line, self.advice = file, line, advice


@dataclass(frozen=True)
class Macro:
    """A macro: the name of its function, its parameters, and the JavaScript of those that may be left out."""

    js: str
    parameters: tuple[str, ...]
    defaults: dict[str, str]


@dataclass(frozen=True)
class Loop:
    """The JavaScript variables that hold a loop's list and index."""

    list: str
    index: str


@dataclass(frozen=True)
class Scope:
    """What is known where a piece of a template stands.

    context: whether there is a context `c`; a macro has none. top: whether assignments go to the context, as
    they do outside blocks. taken: names that are no variables of the page, with what to do about it.
    templates: the JavaScript variables of other templates. parent: the function `super()` calls. macros: what
    can be called here. loops: the `for`s around, outermost first. assigned: variables with a value so far.
    numbers: messages that are asked for by number.
    """

    file: str
    symbols: Symbols
    context: bool = True
    top: bool = False
    taken: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    parent: str = ""
    macros: dict[str, Macro] = field(default_factory=dict)
    loops: tuple[Loop, ...] = ()
    assigned: set[tuple[int, str]] = field(default_factory=set)
    numbers: Mapping[str, int] = field(default_factory=dict)

    def refuse(self, node: nodes.Node, advice: str) -> Unsupported:
        """Make the exception that says what to write instead of `node`."""
        line = node.lineno or next(child.lineno for child in node.iter_child_nodes())
        return Unsupported(self.file, line, advice)

    def inner(self) -> Self:
        """The scope of a `for`."""
        return replace(self, symbols=Symbols(parent=self.symbols))


def owner(scope: Scope, name: str) -> Symbols | None:
    """Return the scope of the template that binds a name, if one does."""
    symbols: Symbols | None = scope.symbols
    while symbols is not None and name not in symbols.refs:
        symbols = symbols.parent
    return symbols


def is_free(scope: Scope, name: str) -> bool:
    """Whether a name comes from outside this template."""
    symbols = owner(scope, name)
    if symbols is None:
        return True
    return name not in symbols.stores and symbols.loads[symbols.refs[name]][0] == VAR_LOAD_RESOLVE


def macro_named(scope: Scope, name: str) -> Macro | None:
    """Return the macro a name means here, unless a variable hides it."""
    symbols = owner(scope, name)
    hidden = symbols is not None and (symbols.parent is not None or (id(symbols), name) in scope.assigned)
    return None if hidden and not is_free(scope, name) else scope.macros.get(name)


def variable(node: nodes.Node, name: str, scope: Scope) -> str:
    """Return the JavaScript that reads a variable."""
    symbols = owner(scope, name)
    if is_free(scope, name):
        _check_free(node, name, scope)
        return f"c.{name}"
    assert symbols is not None
    if macro_named(scope, name):
        raise scope.refuse(node, f"`{name}` is a macro and can only be called")
    if symbols.parent is None and not scope.context:
        raise scope.refuse(node, f"a macro sees its parameters only; add `{name}` to them")
    if not _has_value(scope, symbols, name):
        raise scope.refuse(node, f"`{name}` is set further down; set it before it is read")
    return place(name, symbols, scope)


def place(name: str, symbols: Symbols, scope: Scope) -> str:
    """Return the JavaScript variable that holds a name bound in `symbols`."""
    return f"c.{name}" if scope.top and symbols.parent is None else f"{name}${symbols.level}"


def _has_value(scope: Scope, symbols: Symbols, name: str) -> bool:
    return symbols.loads[symbols.refs[name]][0] != VAR_LOAD_UNDEFINED or (id(symbols), name) in scope.assigned


def _check_free(node: nodes.Node, name: str, scope: Scope) -> None:
    if macro_named(scope, name):
        raise scope.refuse(node, f"`{name}` is a macro and can only be called")
    if name in SPECIAL:
        raise scope.refuse(node, f"`{name}`: {SPECIAL[name]}")
    if name in scope.taken:
        raise scope.refuse(node, scope.taken[name])
    if not scope.context:
        raise scope.refuse(node, f"a macro sees its parameters only; add `{name}` to them")
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        raise scope.refuse(node, f"`{name}`: use the letters a to z, digits and _ in names")


def declare(node: nodes.Node, scope: Scope) -> str:
    """Return the declarations that the variables of `node`'s scope start with."""
    symbols = scope.symbols
    if scope.top and symbols.parent is None:
        return ""
    declared = []
    for name, ident in symbols.refs.items():
        action = symbols.loads[ident][0]
        if name not in symbols.stores or action == VAR_LOAD_PARAMETER or macro_named(scope, name):
            continue
        here = place(name, symbols, scope)
        if action == VAR_LOAD_RESOLVE:
            _check_free(node, name, scope)
            here += f"=c.{name}"
        elif action == VAR_LOAD_ALIAS and symbols.parent:
            here += f"={variable(node, name, replace(scope, symbols=symbols.parent))}"
        declared.append(here)
    return f"let {','.join(declared)};" if declared else ""


def local_names(scope: Scope) -> Iterable[tuple[str, str]]:
    """Yield the names an included template gets besides the context's, each with its JavaScript variable."""
    for name in scope.symbols.dump_stores():
        symbols = owner(scope, name)
        if symbols and name != "loop" and not macro_named(scope, name) and _has_value(scope, symbols, name):
            js = place(name, symbols, scope)
            if not js.startswith("c."):
                yield name, js
