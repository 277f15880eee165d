"""Search over all languages at once: one field, typed as people type.

    Search(snapshot).find("3sel")  ->  [Hit("9YVZ4", 2720), …]  best first

Each typed word finds words of the catalogue (lexicon.py), those find what they mean in the other languages
(aligned.py), and all find exhibitors. A score is the best nearness times the weight of the field: name, product, place,
then sector, kind and labels, then text. All words must be found in an exhibitor; when none has them all, those that
have most. Scores are whole numbers and equals are ordered by code, so that the twin, static/js/search.js, agrees.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from companion.catalogue.fold import TIFINAGH, plain, words
from companion.catalogue.indexed import FIELD_BITS, Index, Record
from companion.catalogue.lexicon import NAME, PLACE, PRODUCT, SILENT, TEXT, TOPIC

LONGEST_QUERY, MOST_WORDS = 200, 8
#: What the fields of a posting weigh; a field outweighs all those after it together.
WEIGHT = {NAME: 64, PRODUCT: 32, PLACE: 16, TOPIC: 8, TEXT: 2}
WEIGHTS = [sum(weight for field, weight in WEIGHT.items() if mask & field) for mask in range(32)]
#: A word that stands for a typed one in another language is this near, of 100.
TRANSLATED = 80
BOOTH, CODE, NUMBER = 1 << 22, 1 << 21, 1 << 16

#: Booths are lettered أ ب ج د ه و in Arabic, or by sound.
_BOOTH_LETTERS = str.maketrans("ابجدهوف", "abcdeff") | TIFINAGH
_BOOTH = re.compile(r"(?:^| )([a-z]{1,2}) ?([0-9]{1,4})(?= |$)")
_BOOTH_WORDS = frozenset(words("stand booth kiosque box numéro no n رواق جناح رقم ⴰⴳⵎⵎⴰⴹ ⵓⵟⵟⵓⵏ"))
_NUMBER = re.compile("[0-9]+")
_CROCKFORD = str.maketrans("oil", "011")


class Hit(NamedTuple):
    """An exhibitor's code and how well it answers."""

    code: str
    score: int


class Search:
    """Search over one public snapshot. Building is left to the first question."""

    def __init__(self, snapshot: Record) -> None:
        self._snapshot = snapshot

    @cached_property
    def _index(self) -> Index:
        return Index(self._snapshot)

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {exhibitor["code"]: at for at, exhibitor in enumerate(self._index.exhibitors)}

    @cached_property
    def _booths(self) -> dict[str, list[int]]:
        booths: dict[str, list[int]] = {}
        for at, exhibitor in enumerate(self._index.exhibitors):
            for booth in exhibitor.get("booths", []):
                booths.setdefault(_squeezed(plain(booth)), []).append(at)
        return booths

    @cached_property
    def _numbered(self) -> dict[str, list[int]]:
        """Exhibitors by the number of their booth without its letters."""
        numbered: dict[str, list[int]] = {}
        for key, exhibitors in self._booths.items():
            numbered.setdefault(re.sub("^[^0-9]+", "", key), []).extend(exhibitors)
        return numbered

    def find(self, q: str) -> list[Hit]:
        """Exhibitors that answer `q`, best first. Nothing typed, nothing found; only the first 200 characters count."""
        typed = plain(q[:LONGEST_QUERY])
        if not typed:
            return []
        coded = self._codes.get(typed.replace(" ", "").translate(_CROCKFORD).upper())
        named = {coded} if coded is not None and re.search("[0-9]", typed) else self._at_booth(typed)
        found = dict.fromkeys(named, BOOTH) if named else self._by_words(words(typed))
        if coded is not None:
            found[coded] = found.get(coded, 0) + CODE
        best_first = sorted(found, key=lambda at: (-found[at], at))
        return [Hit(self._index.exhibitors[at]["code"], found[at]) for at in best_first]

    def _at_booth(self, typed: str) -> set[int]:
        """Who stands at the booth a query names, alone or among other words; the rest is no matter then."""
        latin = typed.translate(_BOOTH_LETTERS)
        codes = [latin, *(found[0] for found in _BOOTH.finditer(latin))]
        named = next((self._booths[key] for key in map(_squeezed, codes) if key in self._booths), [])
        return set(named)

    def _by_words(self, typed: list[str]) -> dict[int, int]:
        """{exhibitor: score} of those that have all the words, or else most of them."""
        total: Counter[int] = Counter()
        answered: Counter[int] = Counter()
        for scores in self._each_word(typed):
            total.update(scores)
            answered.update(scores.keys())
        most = max(answered.values(), default=0)
        return {at: score for at, score in total.items() if answered[at] == most}

    def _each_word(self, typed: list[str]) -> Iterator[dict[int, int]]:
        """{exhibitor: score} for each word that counts."""
        if any(map(_NUMBER.fullmatch, typed)):
            typed = [word for word in typed if word not in _BOOTH_WORDS]
        last = typed[-1] if typed else ""
        for word in [word for word in dict.fromkeys(typed) if word not in SILENT][:MOST_WORDS]:
            yield self._scores(word, self._nearest(word, word == last))

    def _scores(self, word: str, near: dict[int, int]) -> dict[int, int]:
        """The best word decides; the fields of all words tell equals apart."""
        best: dict[int, int] = dict.fromkeys(self._numbered.get(_squeezed(word), []), NUMBER)
        fields: dict[int, int] = {}
        for number, nearness in near.items():
            for posting in self._index.postings[number]:
                at, mask = posting >> FIELD_BITS, posting & 31
                fields[at] = fields.get(at, 0) | mask
                best[at] = max(best.get(at, 0), nearness * WEIGHTS[mask])
        return {at: score + WEIGHTS[fields.get(at, 0)] for at, score in best.items()}

    def _nearest(self, word: str, last: bool) -> dict[int, int]:
        """Words of the catalogue a typed word may be, and what those mean elsewhere; {number: nearness}.

        Guesses are only made where the word as typed stands in no name, product, place or topic.
        """
        exact = near = self._index.lexicon.exact(word)
        known = any(map(self._index.lexicon.telling, exact))
        if last or len(word) > 2:
            near = self._index.lexicon.begun(word, last) | exact
        if not known:
            begins = any(map(self._index.lexicon.telling, near))
            near = self._index.lexicon.guesses(word, last, sure=bool(exact), begins=begins) | near
        return self._with_meanings(near) if len(word) > 2 or known else near

    def _with_meanings(self, near: dict[int, int]) -> dict[int, int]:
        found = dict(near)
        for number, nearness in near.items():
            for other, surely in self._index.means.get(number, {}).items():
                found[other] = max(found.get(other, 0), nearness * TRANSLATED * surely // 10000)
        return found


def _squeezed(code: str) -> str:
    """A booth's code without spaces and leading zeros: `b 04` and `B4` are one."""
    return re.sub("(?<![0-9])0+(?=[0-9])", "", code).replace(" ", "")
