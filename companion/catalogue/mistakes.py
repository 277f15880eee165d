"""How many typing mistakes lie between two words. Twin: static/js/mistakes.js."""

from __future__ import annotations


def mistakes(typed: str, word: str) -> tuple[int, int]:
    """(mistakes between two words, the fewest between the first and any beginning of the second).

    Letters left out, added, changed, or two neighbours swapped: Damerau-Levenshtein, optimal string alignment.
    """
    before: list[int] = []
    above = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        row = [i]
        for j, other in enumerate(word, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1], min(above)


def letters(word: str) -> int:
    """The letters of a word as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << ord(letter) % 32
    return bits


def missing(bits: int, others: int) -> int:
    """How many letters one word has that the other has not, at least: most words are told apart by it alone."""
    return (bits & ~others).bit_count()
