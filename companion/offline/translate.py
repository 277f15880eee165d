"""Visitors' templates as one ES module, for the service worker to answer with no network.

A template becomes functions that return strings: one for what stands outside blocks, one per block, one per
macro. Which block overrides which, and which macro is called, is known here, so the module is functions
calling functions; what values do (escaping, truth, comparing) is in `runtime.js`, which it starts with. A
construct that could come out differently on the phone is refused by raising `Unsupported`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, nodes
from jinja2.idtracking import Symbols

from companion.offline.expressions import string, value
from companion.offline.scope import Macro, Scope, Unsupported
from companion.offline.statements import function

__all__ = ["Unsupported", "translate"]

Reference = nodes.Extends | nodes.Include | nodes.FromImport
RUNTIME = Path(__file__).with_name("runtime.js")


@dataclass(frozen=True)
class Template:
    """A parsed template. `number` makes its functions' names its own; `symbols` are those outside blocks."""

    name: str
    number: int
    tree: nodes.Template
    symbols: Symbols
    parent: Template | None

    @property
    def js(self) -> str:
        return f"t{self.number}"

    @property
    def blocks(self) -> dict[str, nodes.Block]:
        return {block.name: block for block in self.tree.find_all(nodes.Block)}


def translate(environment: Environment, names: Iterable[str], numbers: Mapping[str, int] | None = None) -> str:
    """Return the ES module that renders these templates and those they extend, include or import from.

    numbers: the messages to ask for by number. It exports `render` and `renderBlock`, described in `runtime.js`.
    Raises Unsupported with the file, the line and what to write instead.
    """
    templates: dict[str, Template] = {}
    for name in sorted(names):
        _load(environment, name, templates)
    taken = _taken(environment, templates.values())
    functions = [js for template in templates.values() for js in _functions(template, templates, taken, numbers or {})]
    tables = [_table(template) for template in templates.values()]
    every = ",".join(f"{string(template.name)}:{template.js}" for template in templates.values())
    return "\n".join([javascript(RUNTIME), *functions, *tables, f"const templates={{{every}}};", ""])


def javascript(file: Path) -> str:
    """Return a script without its indentation and its comments, which stand on lines of their own."""
    lines = (line.strip() for line in file.read_text().splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*", "*")))


def _load(environment: Environment, name: str, templates: dict[str, Template]) -> Template:
    """Parse a template and those it refers to, parents before children."""
    if name in templates:
        return templates[name]
    autoescape = environment.autoescape(name) if callable(environment.autoescape) else environment.autoescape
    if not autoescape or not getattr(environment, "newstyle_gettext", False):
        raise ValueError(f"{name}: the phone knows templates with autoescape and newstyle gettext only")
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, name)
    tree = environment.parse(source, name)
    extends = next(tree.find_all(nodes.Extends), None)
    parent = _load(environment, _target(extends, name), templates) if extends else None
    symbols = Symbols()
    symbols.analyze_node(tree)
    template = templates[name] = Template(name, len(templates), tree, symbols, parent)
    others: list[Reference] = [*tree.find_all(nodes.Include), *tree.find_all(nodes.FromImport)]
    for node in others:
        _load(environment, _target(node, name), templates)
    return template


def _target(node: Reference, file: str) -> str:
    if isinstance(node.template, nodes.Const) and isinstance(node.template.value, str):
        return node.template.value
    raise Unsupported(file, node.lineno, "write the name of the other template as a text")


def _taken(environment: Environment, templates: Iterable[Template]) -> dict[str, str]:
    """Return the names a page must not give its values, with what to do about each.

    A global of the server is not on the phone. A macro hides a value of its name in blocks and included
    templates wherever it was imported, on the server only.
    """
    advice = "exists on the server only; give the value another name"
    taken = {name: f"`{name}` {advice}" for name in environment.globals}
    for template in templates:
        macros = [macro.name for macro in template.tree.find_all(nodes.Macro)]
        imported = [alias for node in template.tree.find_all(nodes.FromImport) for alias in _imported(node)]
        for name in (*macros, *imported):
            taken[name] = f"`{name}` is a macro in {template.name}; give the value another name"
    return taken


def _imported(node: nodes.FromImport) -> dict[str, str]:
    """Return the macros a file imports: their name here → their name there."""
    return dict((name[1], name[0]) if isinstance(name, tuple) else (name, name) for name in node.names)


def _functions(
    template: Template, templates: Mapping[str, Template], taken: dict[str, str], numbers: Mapping[str, int]
) -> Iterable[str]:
    """Yield the functions of a template."""
    scope = Scope(
        file=template.name,
        symbols=template.symbols,
        top=True,
        taken=taken,
        templates={other.name: other.js for other in templates.values()},
        numbers=numbers,
    )
    scope = replace(scope, macros=_macros(template.tree.body, template, templates))
    for node in template.tree.body:
        if isinstance(node, nodes.Macro):
            symbols = Symbols(parent=template.symbols)
            symbols.analyze_node(node)
            inner = replace(scope, symbols=symbols, context=False, assigned=set())
            parameters = [f"{arg.name}${symbols.level}" for arg in node.args]
            yield function(_macro_name(template, node.name), parameters, node, inner)
    for name, block in template.blocks.items():
        symbols = Symbols()
        symbols.analyze_node(block)
        inner = replace(
            scope,
            symbols=symbols,
            top=False,
            parent=_overridden(template, name),
            macros=scope.macros | _macros(block.body, template, templates),
            assigned=set(),
        )
        yield function(_block_name(template, name), ["c"], block, inner)
    yield _root(template, scope)


def _macro_name(template: Template, name: str) -> str:
    return f"m{template.number}_{name}"


def _block_name(template: Template, name: str) -> str:
    return f"b{template.number}_{name}"


def _overridden(template: Template, block: str) -> str:
    """Return the function of the block this one overrides, if there is one."""
    parent = template.parent
    while parent and block not in parent.blocks:
        parent = parent.parent
    return _block_name(parent, block) if parent else ""


def _macros(body: Sequence[nodes.Node], template: Template, templates: Mapping[str, Template]) -> dict[str, Macro]:
    """Return the macros that a file, or a block, defines or imports."""
    found = {}
    for node in body:
        if isinstance(node, nodes.Macro):
            found[node.name] = _macro(node, template)
        elif isinstance(node, nodes.FromImport):
            source = templates[_target(node, template.name)]
            if node.with_context:
                advice = "import without context; a macro sees its parameters only"
                raise Unsupported(template.name, node.lineno, advice)
            there = {macro.name: macro for macro in source.tree.body if isinstance(macro, nodes.Macro)}
            for alias, name in _imported(node).items():
                if name not in there:
                    raise Unsupported(template.name, node.lineno, f"{source.name} has no macro `{name}`")
                found[alias] = _macro(there[name], source)
    return found


def _macro(node: nodes.Macro, template: Template) -> Macro:
    names = tuple(arg.name for arg in node.args)
    optional = names[len(names) - len(node.defaults) :]
    nothing = Scope(template.name, Symbols())
    defaults = {}
    for name, default in zip(optional, node.defaults, strict=True):
        try:
            default.as_const()
        except nodes.Impossible:
            advice = "write a constant as the default of a parameter"
            raise Unsupported(template.name, node.lineno, advice) from None
        defaults[name] = value(default, nothing)
    return Macro(_macro_name(template, node.name), names, defaults)


def _root(template: Template, scope: Scope) -> str:
    """Return the function of what stands outside blocks; a child's is its assignments, then its parent's."""
    if template.parent is None:
        return function(f"r{template.number}", ["c"], template.tree, scope)
    body = [node for node in template.tree.body if not _is_silent(node)]
    for node in body:
        if not isinstance(node, nodes.Assign):
            advice = "outside blocks nothing of a template that extends another is shown; move it into a block"
            raise Unsupported(template.name, node.lineno, advice)
    own = nodes.Template(body, lineno=1)
    return function(f"r{template.number}", ["c"], own, scope, f"r{template.parent.number}(c)")


def _is_silent(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Output):
        return all(isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes)
    return isinstance(node, nodes.Extends | nodes.Block | nodes.Macro | nodes.FromImport)


def _table(template: Template) -> str:
    parent = f"{template.parent.js}.blocks" if template.parent else "null"
    blocks = "".join(f",{name}:{_block_name(template, name)}" for name in template.blocks)
    return f"const {template.js}={{root:r{template.number},blocks:{{__proto__:{parent}{blocks}}}}};"
