"""The same template by Jinja and by the module made of it, in Chromium, side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment
from playwright.sync_api import Page

from companion.languages import CATALOGUES, translations_for
from companion.offline.messages import messages_module, template_ids
from companion.offline.translate import translate

RAISES = "(raises)"
"""What either side answers instead of text when it throws."""

LOAD = """async sources => {
    const load = source => import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    const [templates, messages] = await Promise.all(sources.map(load));
    window.twins = (window.twins ?? []).concat({ ...templates, ...messages });
    return window.twins.length - 1;
}"""

RENDER = """([number, calls]) => {
    const { render, renderBlock, translator } = window.twins[number];
    return JSON.parse(calls).map(([lang, name, block, context]) => {
        const functions = { ...translator(lang), asset: path => `/static/r/${path}?a&b` };
        try {
            return block ? renderBlock(name, block, context, functions) : render(name, context, functions);
        } catch (error) {
            if (!(error instanceof TypeError || error instanceof URIError)) throw error;
            return "(raises)";
        }
    });
}"""


def environment(templates: Mapping[str, str]) -> Environment:
    """Jinja as the app has it, for templates given by name."""
    made = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.globals["asset"] = lambda path: f"/static/r/{path}?a&b"
    return made


def speak(made: Environment, lang: str, directory: Path) -> None:
    words = translations_for(lang, directory)
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]


class Twins:
    """Templates on both sides; `ask` gives both answers to (language, template, block or None, context)."""

    def __init__(self, page: Page, templates: Mapping[str, str], directory: Path = CATALOGUES) -> None:
        self.page, self.directory = page, directory
        self.environment = environment(templates)
        speak(self.environment, "en", directory)
        ids = template_ids(self.environment, templates)
        sources = [
            translate(self.environment, templates),
            messages_module(["fr", "ar", "zgh", "en"], ids, directory),
        ]
        self.number = page.evaluate(LOAD, sources)

    def ask(self, calls: Iterable[tuple[str, str, str | None, dict[str, Any]]]) -> list[tuple[str, str]]:
        calls = list(calls)
        there = self.page.evaluate(RENDER, [self.number, json.dumps(calls)])
        return list(zip((self._python(*call) for call in calls), there, strict=True))

    def _python(self, lang: str, name: str, block: str | None, context: dict[str, Any]) -> str:
        speak(self.environment, lang, self.directory)
        template = self.environment.get_template(name)
        try:
            if block:
                return "".join(template.blocks[block](template.new_context(context)))
            return template.render(context)
        except Exception:
            return RAISES
