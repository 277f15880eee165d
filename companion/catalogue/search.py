"""Search over all languages at once: one field, typed as people type.

    Search(snapshot).find("3sel")  ->  [Hit("9YVZ4", 2720), …]  best first

Each typed word finds words of the catalogue (lexicon.py), those find what they mean in the other languages
(aligned.py), and all find exhibitors. A score is the best nearness times the weight of the field: name, product, place,
sector and kind and label, text. All words must be found in an exhibitor; when no exhibitor has them all, those that have
most. Scores are whole numbers, and equals are ordered by code, so that the twin (static/js/search.js) answers the same.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import combinations, islice
from typing import Any, NamedTuple

from companion.catalogue.aligned import MOST_PAIRS, translations
from companion.catalogue.fold import TIFINAGH, plain, words
from companion.catalogue.lexicon import NAME, PLACE, PRODUCT, SILENT, TEXT, TOPIC, Lexicon

LONGEST_QUERY, MOST_WORDS = 200, 8
#: What the fields of a posting weigh; a field outweighs all those after it together.
WEIGHT = {NAME: 64, PRODUCT: 32, PLACE: 16, TOPIC: 8, TEXT: 2}
WEIGHTS = [sum(weight for field, weight in WEIGHT.items() if mask & field) for mask in range(32)]
FIELD_BITS = 5
#: A word that stands for a typed one in another language is this near, of 100.
TRANSLATED = 80
BOOTH, CODE, NUMBER = 1 << 22, 1 << 21, 1 << 16

#: Booths are lettered أ ب ج د ه و in Arabic, or by sound.
_BOOTH_LETTERS = str.maketrans("ابجدهوف", "abcdeff") | TIFINAGH
_BOOTH = re.compile(r"(?:^| )([a-z]{1,2}) ?([0-9]{1,4})(?= |$)")
_BOOTH_WORDS = frozenset(words("stand booth kiosque box numéro no n رواق جناح رقم ⴰⴳⵎⵎⴰⴹ ⵓⵟⵟⵓⵏ"))
_CROCKFORD = str.maketrans("oil", "011")

Texts = dict[str, str]
Record = dict[str, Any]


class Hit(NamedTuple):
    code: str
    score: int


class Search:
    """Search over one public snapshot. Building is left to the first question."""

    def __init__(self, snapshot: Record) -> None:
        self._snapshot = snapshot

    def find(self, q: str) -> list[Hit]:
        """Exhibitors that answer `q`, best first. Nothing typed, nothing found; only the first 200 characters count."""
        typed = plain(q[:LONGEST_QUERY])
        return self._index.find(typed) if typed else []

    @cached_property
    def _index(self) -> _Index:
        return _Index(self._snapshot)


class _Index:
    """Postings: per word, one after another, `exhibitor << 5 | fields` of each exhibitor it stands in."""

    def __init__(self, snapshot: Record) -> None:
        self._lexicon = Lexicon()
        self._exhibitors = sorted(snapshot["exhibitors"], key=lambda exhibitor: str(exhibitor["code"]))
        self._places_by_code()
        self._post(snapshot)
        pairs = self._pairs(snapshot)
        self._lexicon.close()
        self._means = self._learn(pairs)

    def _places_by_code(self) -> None:
        self._codes = {exhibitor["code"].lower(): at for at, exhibitor in enumerate(self._exhibitors)}
        self._booths: dict[str, list[int]] = {}
        self._booth_numbers: dict[str, list[int]] = {}
        for at, exhibitor in enumerate(self._exhibitors):
            for booth in exhibitor.get("booths", []):
                key = _squeezed(plain(booth))
                self._booths.setdefault(key, []).append(at)
                self._booth_numbers.setdefault(re.sub("^[^0-9]+", "", key), []).append(at)

    def _post(self, snapshot: Record) -> None:
        lists: list[array[int]] = []
        for at, exhibitor in enumerate(self._exhibitors):
            fields: dict[int, int] = {}
            for field, text in _texts(snapshot, exhibitor):
                for word in self._lexicon.read(text):
                    fields[word] = fields.get(word, 0) | field
            lists.extend(array("I") for _ in range(len(self._lexicon.words) - len(lists)))
            for word, mask in fields.items():
                lists[word].append(at << FIELD_BITS | mask)
                self._lexicon.reach[word] |= mask
        self._postings = lists

    def _pairs(self, snapshot: Record) -> list[list[tuple[list[int], list[int]]]]:
        """Texts that say the same, as word numbers, once each; one list per two languages."""
        pairs: dict[str, dict[tuple[str, str], None]] = {}
        for texts in _aligned(snapshot, self._exhibitors):
            for one, other in combinations(sorted(texts), 2):
                pairs.setdefault(f"{one} {other}", {})[texts[one], texts[other]] = None
        read = self._lexicon.read
        return [[(read(one), read(other)) for one, other in islice(texts, MOST_PAIRS)] for texts in pairs.values()]

    def _learn(self, languages: list[list[tuple[list[int], list[int]]]]) -> dict[int, dict[int, int]]:
        """What each word means in the other languages, of 100."""
        bare = self._lexicon.bare
        means: dict[int, dict[int, int]] = {}
        for pairs in languages:
            texts = [([bare(n) for n in one], [bare(n) for n in other]) for one, other in pairs]
            for word, others in translations(texts, self._lexicon.alike).items():
                meant = means.setdefault(word, {})
                for other, surely in others.items():
                    meant[other] = max(surely, meant.get(other, 0))
        return means

    def find(self, typed: str) -> list[Hit]:
        booths = self._at_booth(typed)
        if booths:
            return [Hit(self._exhibitors[at]["code"], BOOTH) for at in sorted(booths)]
        total: Counter[int] = Counter()
        answered: Counter[int] = Counter()
        for scores in self._each_word(words(typed)):
            total.update(scores)
            answered.update(scores.keys())
        most = max(answered.values(), default=0)
        found = {at: score for at, score in total.items() if answered[at] == most}
        coded = self._codes.get(typed.replace(" ", "").translate(_CROCKFORD))
        if coded is not None:
            found[coded] = found.get(coded, 0) + CODE
        return [Hit(self._exhibitors[at]["code"], found[at]) for at in sorted(found, key=lambda at: (-found[at], at))]

    def _at_booth(self, typed: str) -> set[int]:
        """Who stands at the booth a query names, alone or among other words; whatever else is typed is then no matter."""
        latin = typed.translate(_BOOTH_LETTERS)
        whole = self._booths.get(_squeezed(latin))
        if whole:
            return set(whole)
        return {at for found in _BOOTH.finditer(latin) for at in self._booths.get(_squeezed(found[0]), [])}

    def _each_word(self, typed: list[str]) -> Iterator[dict[int, int]]:
        """{exhibitor: score} for each word that counts."""
        if any(re.fullmatch("[0-9]+", word) for word in typed):
            typed = [word for word in typed if word not in _BOOTH_WORDS]
        last = typed[-1] if typed else ""
        for word in [word for word in dict.fromkeys(typed) if word not in SILENT][:MOST_WORDS]:
            yield self._scores(word, self._nearest(word, word == last))

    def _scores(self, word: str, near: dict[int, int]) -> dict[int, int]:
        """The best word decides; the fields of all words tell equals apart."""
        best: dict[int, int] = dict.fromkeys(self._booth_numbers.get(_squeezed(word), []), NUMBER)
        fields: dict[int, int] = {}
        for number, nearness in near.items():
            for posting in self._postings[number]:
                at, mask = posting >> FIELD_BITS, posting & 31
                fields[at] = fields.get(at, 0) | mask
                best[at] = max(best.get(at, 0), nearness * WEIGHTS[mask])
        return {at: score + WEIGHTS[fields.get(at, 0)] for at, score in best.items()}

    def _nearest(self, word: str, last: bool) -> dict[int, int]:
        """Words of the catalogue a typed word may be, and what those mean elsewhere; {number: nearness}.

        Guesses are only made where the word as typed stands in no name, product, place or topic.
        """
        near = self._lexicon.exact(word)
        known = any(map(self._lexicon.telling, near))
        if last or len(word) > 2:
            near = self._lexicon.begun(word, last) | near
        if not known:
            near = self._lexicon.guesses(word, last, wild=not any(map(self._lexicon.telling, near))) | near
        return self._with_meanings(near) if len(word) > 2 or known else near

    def _with_meanings(self, near: dict[int, int]) -> dict[int, int]:
        found = dict(near)
        for number, nearness in near.items():
            for other, surely in self._means.get(number, {}).items():
                found[other] = max(found.get(other, 0), nearness * TRANSLATED * surely // 10000)
        return found


def _squeezed(code: str) -> str:
    """A booth's code without spaces and leading zeros: `b 04` and `B4` are one."""
    return re.sub("(?<![0-9])0+(?=[0-9])", "", code.replace(" ", ""))


def _texts(snapshot: Record, exhibitor: Record) -> Iterator[tuple[int, str]]:
    """(field, text) of everything an exhibitor is found by."""
    commune = snapshot["communes"].get(exhibitor.get("commune"), {})
    sector = snapshot["sectors"].get(exhibitor.get("sector"), {})
    for field, texts in (
        (NAME, exhibitor["name"]),
        *((PRODUCT, product["name"]) for product in exhibitor.get("products", [])),
        (PLACE, commune.get("name", {})),
        (PLACE, snapshot["provinces"].get(exhibitor.get("province"), {})),
        (PLACE, {"": exhibitor.get("commune_text", "")}),
        (TOPIC, sector.get("name", {})),
        (TOPIC, snapshot["kinds"].get(exhibitor.get("kind"), {})),
        *((TOPIC, snapshot["labels"].get(label, {})) for label in exhibitor.get("labels", [])),
        *((TOPIC, snapshot["certifications"].get(slug, {})) for slug in exhibitor.get("certifications", [])),
        (TEXT, exhibitor.get("about", {})),
    ):
        for text in texts.values():
            yield field, text


def _aligned(snapshot: Record, exhibitors: list[Record]) -> Iterator[Texts]:
    """Short texts that say the same in several languages."""
    for table in ("kinds", "provinces", "labels", "certifications"):
        yield from snapshot[table].values()
    for table in ("sectors", "communes"):
        yield from (row["name"] for row in snapshot[table].values())
    for exhibitor in exhibitors:
        yield from (product["name"] for product in exhibitor.get("products", []))
    for exhibitor in exhibitors:
        yield exhibitor["name"]
