"""What a heading means: the words of `headings.toml`, and those people taught by correcting a column.

A heading in several languages at once, on lines of their own or with a bar or dot between, is known when one of
them is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.catalogue.keys import key
from companion.imports.cells import script_of
from companion.languages import LANGUAGES
from companion.models import LearntHeading

FILE = Path(__file__).with_name("headings.toml")
KINDS = ("exhibitors", "products", "workshops", "plan")

_FILLERS = frozenset({"en", "in", "version", "texte"})
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_PARTS = re.compile(r"\n|\s[|·/]\s")
_LANGUAGE_OF_SCRIPT = {"arabic": "ar", "tifinagh": "zgh", "latin": "fr"}


@dataclass(frozen=True)
class Headings:
    """How to read the headings of one file: what was learnt, `(kind, folded heading)` → path, and what was chosen.

    `kinds` are chosen per sheet, `columns` per sheet and column from 0.
    """

    learnt: Mapping[tuple[str, str], str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def path_of(self, kind: str, heading: str) -> str | None:
        """Return the path of the field a heading stands for; what was learnt counts more than what is built in."""
        return self.learnt.get((kind, key(heading))) or path_of(kind, heading)


def path_of(kind: str, heading: str) -> str | None:
    """Return the path of the field a heading of this kind of list stands for, or None."""
    whole = _path_of(kind, heading)
    parts = _PARTS.split(heading)
    if whole or len(parts) == 1:
        return whole
    return next((path for part in parts if (path := _path_of(kind, part))), None)


def fields_of(kind: str) -> list[str]:
    """Return the paths of all fields a list of this kind can hold, translated texts once per language."""
    return [
        path
        for name in _headings()[kind]["columns"]
        for path in ([f"{name}.{lang}" for lang in LANGUAGES] if name in _headings()[kind]["texts"] else [name])
    ]


def lists_of(kind: str) -> frozenset[str]:
    """Return the fields that may have several columns."""
    return frozenset(_headings()[kind]["lists"])


def needs_of(kind: str) -> frozenset[str]:
    """Return the fields without which a sheet is no list of this kind."""
    return frozenset(_headings()[kind]["needs"])


def learnt_headings(session: Session) -> dict[tuple[str, str], str]:
    """Return what was learnt, as `Headings` wants it."""
    return {(one.kind, one.folded): one.path for one in session.scalars(select(LearntHeading))}


def learn(session: Session, kind: str, heading: str, path: str, by: str) -> None:
    """Remember what a heading means from now on; the caller commits. An empty heading teaches nothing."""
    folded = key(heading)[:200]
    if not folded or path_of(kind, heading) == path:
        return
    known = session.scalar(select(LearntHeading).where(LearntHeading.kind == kind, LearntHeading.folded == folded))
    one = known or LearntHeading(kind=kind, folded=folded)
    one.heading, one.path, one.by = heading[:200], path, by
    session.add(one)


def forget(session: Session, number: int) -> None:
    """Forget one learnt heading; the caller commits."""
    one = session.get(LearntHeading, number)
    if one is not None:
        session.delete(one)


def _path_of(kind: str, heading: str) -> str | None:
    synonyms, languages = _synonyms(kind), _language_words()
    for part in (heading, _BRACKETS.sub(" ", heading)):
        words = key(part).split()
        bare = [word for word in words if word not in languages]
        for form in (words, bare, [word for word in bare if word not in _FILLERS], _unnumbered(bare)):
            name = synonyms.get(" ".join(form))
            if name in _headings()[kind]["texts"]:
                spoken = [languages[word] for word in key(heading).split() if word in languages]
                return f"{name}.{(spoken or [_LANGUAGE_OF_SCRIPT[script_of(heading)]])[0]}"
            if name:
                return name
    return None


def _unnumbered(words: list[str]) -> list[str]:
    return words[:-1] if words and words[-1].isdigit() else words


@cache
def _headings() -> dict[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def _synonyms(kind: str) -> dict[str, str]:
    return {key(form): name for name, forms in _headings()[kind]["columns"].items() for form in forms}


@cache
def _language_words() -> dict[str, str]:
    return {key(form): language for language, forms in _headings()["languages"].items() for form in forms}
