"""Names that a list shouts are written as the rest of the list writes them.

`COOPÉRATIVE APICOLE ARRABIE` becomes `Coopérative apicole Arrabie`. The case of each word is the one it has
elsewhere, after the same word before it if there is such a place, else anywhere (Lita et al., "tRuEcasIng",
ACL 2003, reduced to what a list of names needs); after an article or preposition a common noun is likelier
than a name. The names of places, in any spelling that sounds like theirs, keep a capital on each word
(`SOUK SEBT`: *Souk Sebt*). A word found nowhere, in singular or plural, is a name and gets one capital.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from companion.catalogue.fold import fold, outline

SMALL = frozenset({"à", "au", "aux", "avec", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par",
                   "pour", "sans", "sous", "sur", "un", "une", "the", "of", "and", "for", "in"})  # fmt: skip
SHOUTED_WORD = 6
"""A name without one small letter is shouted when a word has this many; shorter ones may be abbreviations."""

_WORD = re.compile(r"[^\W\d_]+")
_LEADS = frozenset({"ait", "oulad", "ouled", "ould", "beni", "bni", "sidi", "moulay", "lalla"})
"""What begins names of tribes, saints and so of places: it and the word after it are names."""
_DAYS = frozenset({"had", "tnine", "tlat", "tleta", "larbaa", "khemis", "jemaa", "sebt"})
"""Days markets are called by: *Souk Sebt*."""


class Case:
    """How a body of text writes each word: `names` count before running `prose`.

    Only the words of the names to be calmed, `shouted`, are looked for.
    """

    def __init__(
        self, names: Iterable[str], prose: Iterable[str], shouted: Iterable[str], places: Iterable[str] = ()
    ) -> None:
        self._places = {beginning for place in places for beginning in _beginnings(place)}
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
        of_places = self._of_places(name)

        def one(match: re.Match[str]) -> str:
            nonlocal before
            opening = not _WORD.search(name[: match.start()]) or name[: match.start()].rstrip().endswith("–")
            form = match[0].capitalize() if match.start() in of_places else self._form(before, match[0])
            before = match[0]
            return form[0].upper() + form[1:] if opening else form

        return _WORD.sub(one, name)

    def _of_places(self, name: str) -> set[int]:
        """Where in a name the words begin that belong to the name of a place."""
        starts = [match.start() for match in _WORD.finditer(name)]
        bare, sounds = [fold(word) for word in _WORD.findall(name)], _sounds(name)
        found = set()
        for first in range(len(starts)):
            longest = max((n for n in range(2, 7) if sounds[first : first + n] in self._places), default=0)
            if bare[first] in _FOLDED_LEADS or (bare[first] == "suk" and bare[first + 1 : first + 2] in _FOLDED_DAYS):
                longest = max(longest, 2)
            found |= set(starts[first : first + longest])
        return found

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


def _sounds(name: str) -> tuple[str, ...]:
    """Each word by its first letter and consonants: `Fkih` and `Fquih`, `Oulad` and `Ouled` are alike."""
    return tuple(folded[:1] + outline(folded) for folded in map(fold, _WORD.findall(name)))


def _beginnings(place: str) -> list[tuple[str, ...]]:
    """The name of a place, and what people shorten it to: its first words, two at least."""
    sounds = _sounds(place)
    return [sounds[:n] for n in range(2, len(sounds) + 1)]


_FOLDED_LEADS = frozenset(map(fold, _LEADS))
_FOLDED_DAYS = [[fold(day)] for day in _DAYS]


def is_shouted(name: str) -> bool:
    """Tell whether a name is written in capitals only."""
    return name.upper() == name != name.lower() and any(len(word) >= SHOUTED_WORD for word in _WORD.findall(name))
