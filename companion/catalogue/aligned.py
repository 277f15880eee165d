"""Which word of one language stands for which of another, learnt from texts that say the same.

Competitive linking (I. D. Melamed, "Models of Translational Equivalence among Words", 2000): words that keep each
other's company over all pairs of texts, by Dice's coefficient, are linked within each pair of texts, the surest first
and each word once. What is linked often enough stands for the other. Twin: static/js/aligned.js.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

#: Pairs of texts read per pair of languages; more teach little and cost time on a phone.
MOST_PAIRS = 3000
#: Of 100. Below, two words met by chance.
LEAST = 40

Words = list[int]


def translations(pairs: Iterable[tuple[Words, Words]], alike: Callable[[int, int], bool]) -> dict[int, dict[int, int]]:
    """{word: {word of the other language: how surely, LEAST to 100}}, both ways, from pairs of texts as word numbers.

    `alike` tells words that sound the same; they are linked before all others, and surely.
    """
    texts = [(_once(left), _once(right)) for left, right in pairs]
    seen: Counter[int] = Counter()
    together: Counter[tuple[int, int]] = Counter()
    for left, right in texts:
        seen.update(left)
        seen.update(right)
        together.update((a, b) for a in left for b in right)
    sureness = {
        (a, b): 2000 * times // (seen[a] + seen[b]) + (2000 if alike(a, b) else 0) for (a, b), times in together.items()
    }
    linked: Counter[tuple[int, int]] = Counter()
    for left, right in texts:
        linked.update(_links(left, right, sureness))
    found: dict[int, dict[int, int]] = {}
    for (a, b), times in linked.items():
        surely = 100 if alike(a, b) else 200 * times // (seen[a] + seen[b])
        if surely >= LEAST:
            found.setdefault(a, {})[b] = surely
            found.setdefault(b, {})[a] = surely
    return found


def _links(left: Words, right: Words, sureness: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The surest pairs first, each word once; where equally sure, in the order of the words."""
    ranked = sorted((-sureness[a, b], i, j) for i, a in enumerate(left) for j, b in enumerate(right))
    taken_left, taken_right, links = set(), set(), []
    for _, i, j in ranked:
        if i not in taken_left and j not in taken_right:
            taken_left.add(i)
            taken_right.add(j)
            links.append((left[i], right[j]))
    return links


def _once(text: Words) -> Words:
    return list(dict.fromkeys(text))
