"""Names that a list shouts are written as the rest of the list writes them.

`COOPÉRATIVE APICOLE ARRABIE` becomes `Coopérative apicole Arrabie`. The case of each word is the one it has
elsewhere, after the same word before it if there is such a place, else anywhere (Lita et al., "tRuEcasIng",
ACL 2003, reduced to what a list of names needs); after an article or preposition a common noun is likelier
than a name. A word found nowhere, in singular or plural, is a name and gets one capital.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

SMALL = frozenset({"à", "au", "aux", "avec", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par",
                   "pour", "sans", "sous", "sur", "un", "une", "the", "of", "and", "for", "in"})  # fmt: skip
SHOUTED_WORD = 6
"""A name without one small letter is shouted when a word has this many; shorter ones may be abbreviations."""

_WORD = re.compile(r"[^\W\d_]+")


class Case:
    """How a body of text writes each word: `names` count before running `prose`.

    Only the words of the names to be calmed, `shouted`, are looked for.
    """

    def __init__(self, names: Iterable[str], prose: Iterable[str], shouted: Iterable[str]) -> None:
        words = {word for name in shouted for word in _WORD.findall(name)}
        self._wanted = words | {f"{word}S" for word in words} | {word.removesuffix("S") for word in words}
        self._alone: Counter[tuple[str, str]] = Counter()
        self._in_prose: Counter[tuple[str, str]] = Counter()
        self._after: Counter[tuple[str, str, str]] = Counter()
        for text in names:
            self._count(text, self._alone)
        for text in prose:
            self._count(text, self._in_prose)
        self._forms: dict[str, set[str]] = {}
        for upper, form in (*self._alone, *self._in_prose):
            self._forms.setdefault(upper, set()).add(form)

    def _count(self, text: str, alone: Counter[tuple[str, str]]) -> None:
        if self._wanted.isdisjoint(_WORD.findall(text.upper())) or is_shouted(text):
            return
        before = ""
        for match in _WORD.finditer(text):
            word = match[0]
            upper = word.upper()
            if upper in self._wanted:
                opening = not before or text[: match.start()].rstrip().endswith((".", "!", "?", ":", "–"))
                if not opening or (word == upper and len(word) > 1):
                    alone[upper, word] += 1
                    self._after[before, upper, word] += 1
            before = upper

    def calm(self, name: str) -> str:
        """Return a shouted name in the usual case; any other name as it is."""
        if not is_shouted(name):
            return name
        before = ""

        def one(match: re.Match[str]) -> str:
            nonlocal before
            opening = not _WORD.search(name[: match.start()]) or name[: match.start()].rstrip().endswith("–")
            form = self._form(before, match[0])
            before = match[0]
            return form[0].upper() + form[1:] if opening else form

        return _WORD.sub(one, name)

    def _form(self, before: str, upper: str) -> str:
        forms = sorted(self._forms.get(upper) or self._small_in_another_number(upper))
        if not forms:
            return upper.lower() if upper.lower() in SMALL else upper.capitalize()
        common_noun = before.lower() in SMALL
        return max(
            forms,
            key=lambda form: (
                self._after[before, upper, form], common_noun and form.islower(),
                self._alone[upper, form], self._in_prose[upper, form],
            ),
        )  # fmt: skip

    def _small_in_another_number(self, upper: str) -> set[str]:
        others = (f"{upper}S", upper.removesuffix("S"))
        known = any(other.lower() in self._forms.get(other, ()) for other in others)
        return {upper.lower()} if known else set()


def is_shouted(name: str) -> bool:
    """Tell whether a name is written in capitals only."""
    return name.upper() == name != name.lower() and any(len(word) >= SHOUTED_WORD for word in _WORD.findall(name))
