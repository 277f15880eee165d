"""Our ES modules joined into few files, since on a slow network every round trip counts more than every byte.

The service worker becomes one classic script, which every browser that has workers can run; a page's scripts one
module, and what few pages need further modules that load when they are needed. Each module becomes a function that
runs once and returns its exports, in the order of their imports; nothing inside it changes. Our modules keep to what
this knows (named exports, `import * as`, dynamic imports of a literal name, no cycles); anything else is refused.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping

STATIC = re.compile(r"""^import\s*(?:(?P<names>\{[^}]*\}|\*\s*as\s+\w+)\s*from\s*)?["'](?P<path>[^"']+)["'];?$""", re.M)
DYNAMIC = re.compile(r"""\bimport\(["'](?P<path>[^"']+)["']\)""")
DECLARED = re.compile(r"^export\s+(?P<kept>(?:async\s+)?(?:const|let|class|function\*?)\s+(?P<name>\w+))", re.M)
LISTED = re.compile(r"export\s*\{(?P<names>[^}]*)\};?")
COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*$", re.M | re.S)
LEFT = re.compile(r"^\s*(?:import|export)\b(?!\s*\()", re.M)


class Unbundled(ValueError):
    """A module uses what a bundle does not know, or modules import one another; the message says where."""


class Bundle:
    """Some modules of `sources` (path → text) joined, with what they import that no `outer` bundle has.

    lazy: path of a module → file of the bundle that has it, for dynamic imports to load when they are needed.
    """

    def __init__(
        self,
        sources: Mapping[str, str],
        entries: Collection[str],
        *,
        outer: Bundle | None = None,
        lazy: Mapping[str, str] | None = None,
    ) -> None:
        self.sources = sources
        self.outer = outer
        self.lazy = lazy or {}
        self.order: list[str] = []
        for entry in entries:
            self._visit(entry, ())

    def script(self) -> str:
        """Return the bundle as a classic script."""
        return "(()=>{\n" + self._body() + "})();\n"

    def module(self, outer_file: str = "") -> str:
        """Return the bundle as a module that exports `modules`: path → exports; `outer_file` is where outer is."""
        first = f'import {{ modules as outer }} from "{outer_file}";\n' if outer_file else ""
        every = ",".join(f'"{path}":{_name(path)}' for path in self.order)
        return f"{first}{self._body()}export const modules={{{every}}};\n"

    def _visit(self, path: str, importing: tuple[str, ...]) -> None:
        if path in importing:
            raise Unbundled(" imports ".join([*importing[importing.index(path) :], path]))
        if path in self.order or (self.outer and path in self.outer.order):
            return
        if path not in self.sources:
            raise Unbundled(f"{importing[-1] if importing else 'a bundle'} imports {path}, which is not there")
        source = without_comments(self.sources[path])
        for match in STATIC.finditer(source):
            self._visit(_resolve(path, match["path"]), (*importing, path))
        self.order.append(path)
        for match in DYNAMIC.finditer(source):
            target = _resolve(path, match["path"])
            if target not in self.lazy:
                self._visit(target, ())

    def _body(self) -> str:
        return "".join(f"const {_name(path)}=(()=>{{\n{self._module(path)}}})();\n" for path in self.order)

    def _module(self, path: str) -> str:
        def imported(match: re.Match[str]) -> str:
            if match["names"] is None:
                return ""
            target = _resolve(path, match["path"])
            there = self._reference(target)
            names = match["names"]
            if names.startswith("*"):
                return f"const {names.split()[-1]}={there};"
            for name in _listed(names):
                if name not in self._exports(target):
                    raise Unbundled(f"{path} imports {name}, which {target} does not export in a way bundles know")
            return f"const {names.replace(' as ', ':')}={there};"

        def loaded(match: re.Match[str]) -> str:
            target = _resolve(path, match["path"])
            if target in self.lazy:
                return f'import("./{posixpath.basename(self.lazy[target])}").then(({{modules}})=>modules["{target}"])'
            return f"Promise.resolve().then(()=>{self._reference(target)})"

        text = STATIC.sub(imported, without_comments(self.sources[path]))
        text = LISTED.sub("", DECLARED.sub(r"\g<kept>", DYNAMIC.sub(loaded, text)))
        left = LEFT.search(text)
        if left:
            raise Unbundled(f"{path}: {text[left.start() : left.start() + 60].strip()!r} is not known to bundles")
        members = ",".join(
            name if name == inside else f"{name}:{inside}" for name, inside in self._exports(path).items()
        )
        return f"{text}\nreturn {{{members}}};\n"

    def _exports(self, path: str) -> dict[str, str]:
        """Return what a module exports: name outside → name inside."""
        text = without_comments(self.sources[path])
        exports = {match["name"]: match["name"] for match in DECLARED.finditer(text)}
        for match in LISTED.finditer(text):
            exports |= {outside: inside for inside, outside in _listed(match["names"]).items()}
        return exports

    def _reference(self, path: str) -> str:
        return f'outer["{path}"]' if self.outer and path in self.outer.order else _name(path)


def without_comments(source: str) -> str:
    """Return a script without the comments that have lines of their own, whose types name modules too."""
    return COMMENT.sub("", source)


def _listed(names: str) -> dict[str, str]:
    """Return `{a, b as c}` as `{"a": "a", "b": "c"}`."""
    items = (item.strip().partition(" as ") for item in names.strip("{}").split(","))
    return {name: alias or name for name, _, alias in items if name}


def _resolve(importer: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))


def _name(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))
