"""Imports go one way: models → subjects → audiences (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

COMPANION = Path(__file__).parent.parent / "companion"

LAYERS = (
    {"languages", "letters", "phones", "private_files", "security", "spoofing", "writing", "zones"},
    {"models"},
    {"settings", "extensions", "request_language", "compression", "errors", "buffered", "serve"},
    {"sync"},
    {"catalogue"},
    {"accounts", "floor", "imports", "offline", "photos", "printing", "programme", "register", "stats"},
    {"nodes", "upkeep"},
    {"visitors", "exhibitors", "staff", "api"},
    {"commands", "commands_nodes", "commands_prepared", "commands_printing", "commands_upkeep"},
    {"__init__"},
)
"""Every package and module of `companion`; one may import from those above it, and from its own layer only itself."""


def rank(name: str) -> int:
    return next(n for n, layer in enumerate(LAYERS) if name in layer)


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {module.split(".")[1] for module in modules if module.startswith("companion.")}


def part_of(path: Path) -> str:
    first = path.relative_to(COMPANION).parts[0]
    return first.removesuffix(".py")


def test_every_part_has_a_layer() -> None:
    parts = {part_of(path) for path in COMPANION.rglob("*.py")}
    assert parts == set().union(*LAYERS)


def test_imports_go_one_way() -> None:
    wrong = [
        f"{path.relative_to(COMPANION)} imports {other}"
        for path in COMPANION.rglob("*.py")
        for other in imported(path)
        if other != part_of(path) and rank(other) >= rank(part_of(path))
    ]
    assert wrong == []


MACRO = re.compile(r"{%-? macro (\w+)")
IMPORT = re.compile(r"{%-? from '([^']+)' import ([^%]*?) -?%}")


def test_templates_import_what_they_use_and_every_macro_is_used() -> None:
    folder = COMPANION.parent / "templates"
    pages = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.html")}
    taken = {
        (name, source, macro.strip())
        for name, page in pages.items()
        for source, macros in IMPORT.findall(page)
        for macro in macros.split(",")
    }
    called = {name: set(re.findall(r"(?<!macro )\b(\w+)\(", page)) for name, page in pages.items()}
    assert [one for one in sorted(taken) if one[2] not in called[one[0]]] == []
    asked = {(source, macro) for _, source, macro in taken}
    macros = [(name, macro) for name, page in pages.items() for macro in MACRO.findall(page)]
    assert [(name, macro) for name, macro in macros if (name, macro) not in asked and macro not in called[name]] == []
