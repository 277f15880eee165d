"""What exhibitors are found by: their words in all languages, and what each word means in the others.

Twin: static/js/indexed.js.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any

from companion.catalogue.aligned import MOST_PAIRS, translations
from companion.catalogue.lexicon import NAME, PLACE, PRODUCT, TEXT, TOPIC, Lexicon

FIELD_BITS = 5

Texts = dict[str, str]
Record = dict[str, Any]
Pairs = list[tuple[list[int], list[int]]]


class Index:
    """The exhibitors of a snapshot in the order of their codes, and the words they are found by.

    `postings[word]` has `exhibitor << 5 | fields` for each exhibitor the word stands in; `means[word]` the words of
    other languages it stands for, each with how surely, of 100.
    """

    def __init__(self, snapshot: Record) -> None:
        self.exhibitors = sorted(snapshot["exhibitors"], key=lambda exhibitor: str(exhibitor["code"]))
        self.lexicon = Lexicon()
        languages = self._pairs(snapshot)
        self.postings = self._post(snapshot)
        self.lexicon.close()
        self.means = self._learn(languages)

    def _post(self, snapshot: Record) -> list[array[int]]:
        postings: list[array[int]] = []
        for at, exhibitor in enumerate(self.exhibitors):
            fields: dict[int, int] = {}
            for field, text in _texts(snapshot, exhibitor):
                for word in self.lexicon.read(text):
                    fields[word] = fields.get(word, 0) | field
            postings.extend(array("I") for _ in range(len(self.lexicon.words) - len(postings)))
            for word, mask in fields.items():
                postings[word].append(at << FIELD_BITS | mask)
                self.lexicon.reach[word] |= mask
        return postings

    def _pairs(self, snapshot: Record) -> list[Pairs]:
        """Texts that say the same, as word numbers, once each; one list per two languages."""
        pairs: dict[str, dict[tuple[str, str], None]] = {}
        for texts in _aligned(snapshot, self.exhibitors):
            for one, other in combinations(sorted(texts), 2):
                pairs.setdefault(f"{one} {other}", {})[texts[one], texts[other]] = None
        read = self.lexicon.read
        return [[(read(one), read(other)) for one, other in islice(texts, MOST_PAIRS)] for texts in pairs.values()]

    def _learn(self, languages: list[Pairs]) -> dict[int, dict[int, int]]:
        """What each word means in the other languages, of 100."""
        bare = self.lexicon.bare
        means: dict[int, dict[int, int]] = {}
        for pairs in languages:
            texts = [([bare(n) for n in one], [bare(n) for n in other]) for one, other in pairs]
            for word, others in translations(texts, self.lexicon.alike).items():
                meant = means.setdefault(word, {})
                for other, surely in others.items():
                    meant[other] = max(surely, meant.get(other, 0))
        return means


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
            if field == PLACE:
                yield field, text.replace(" ", "")


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
