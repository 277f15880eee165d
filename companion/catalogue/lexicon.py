"""Every word of a catalogue once, and the ways a typed word finds them (twin: static/js/lexicon.js).

A word has a number, the order in which it was first read. Nearness is a whole number from 0 to 100, the same in both
twins, so that both rank alike.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from companion.catalogue.fold import outline, skeletons, stem, words
from companion.catalogue.mistakes import letters, missing, mistakes

EXACT, ATTACHED = 100, 90
SKELETON, SHORT_SKELETON, BEGUN_SKELETON = 60, 50, 35
ONE_MISTAKE, TWO_MISTAKES, BEGUN_MISTAKE = 50, 40, 30
BOTH = 75
#: Guesses this much less near than the nearest are dropped.
MARGIN = 10
#: Fields of an exhibitor, as bits.
NAME, PRODUCT, PLACE, TOPIC, TEXT = 1, 2, 4, 8, 16
#: What says nothing about an exhibitor, in French, Arabic, Tifinagh and English.
SILENT = frozenset(
    words(
        "à al au aux avec ce ces chez d dans de des du el elle en est et il ils elles j l la le les leur leurs m n ne "
        "nos notre nous on ou par pas pour qu que qui s sa sans se ses son sont sur t un une vos votre vous y "
        "من في على إلى عن مع هذا هذه التي الذي أو ثم و ب ل ف ك ⵏ ⴷ ⴳ ⵙ ⵉ ⵖⵔ ⵙⴳ ⴰⴷ ⴷⴰ ⵖⴼ the of and for with in to a an"
    )
)
_NUMBER = re.compile("[0-9]+")
_ATTACHED = re.compile("[وفبكل](?=[ا-ي]{3})")


class Lexicon:
    """Words of a catalogue. Read all texts first, then `close()`, then look words up."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.reach: list[int] = []  # per word: the fields it stands in, as bits
        self._numbers: dict[str, int] = {}
        self._spellings: list[list[str]] = []
        self._read: dict[str, list[int]] = {}

    def read(self, text: str) -> list[int]:
        """Numbers of a text's words in order, silent words left out. `M'rirt` is read as `rirt` and as `mrirt`."""
        numbers: list[int] = []
        for chunk in text.split(" "):
            if chunk not in self._read:
                spellings = words(chunk)
                if len(spellings) > 1 and len(spellings[0]) <= 2:
                    spellings.append("".join(spellings))
                self._read[chunk] = [self._number(word) for word in spellings if word not in SILENT]
            numbers += self._read[chunk]
        return numbers

    def _number(self, word: str) -> int:
        root = stem(word)
        number = self._numbers.setdefault(root, len(self.words))
        if number == len(self.words):
            self.words.append(root)
            self.reach.append(0)
            self._spellings.append([])
        if word not in self._spellings[number]:
            self._spellings[number].append(word)
        return number

    def close(self) -> None:
        """Prepare look-ups once all is read and `reach` is known; no new word is read afterwards."""
        self._sorted = sorted(self.words)
        self._letters = [letters(word) for word in self.words]
        self._sounds = [self._sound(number) for number in range(len(self.words))]
        self._keys: dict[str, list[int]] = {}
        for number, keys in enumerate(self._sounds):
            for key in keys:
                self._keys.setdefault(key, []).append(number)
        self._sorted_keys = sorted(self._keys)
        self._bare = {
            number: self._numbers[word[1:]]
            for number, word in enumerate(self.words)
            if _ATTACHED.match(word) and word[1:] in self._numbers
        }
        self._attached: dict[int, list[int]] = {}
        for number, bare in self._bare.items():
            self._attached.setdefault(bare, []).append(number)

    def _sound(self, number: int) -> list[str]:
        """Skeletons of all spellings of a word that tells; nobody guesses at the others."""
        spellings = self._spellings[number] if self.telling(number) else []
        return list(dict.fromkeys(key for spelling in spellings for key in skeletons(spelling)))

    def bare(self, number: int) -> int:
        """The word without an attached conjunction or preposition, where the catalogue has it: `وزيت` is زيت."""
        return self._bare.get(number, number)

    def alike(self, one: int, other: int) -> bool:
        """Whether two words sound the same, as a name does in two scripts."""
        return any(key in self._sounds[other] for key in self._sounds[one])

    def exact(self, word: str) -> dict[int, int]:
        """{number: nearness} of a folded word itself, whatever is attached to it, in the query or in the catalogue."""
        number = self._numbers.get(stem(word))
        if number is None and _ATTACHED.match(word):
            number = self._numbers.get(word[1:])
        if number is None:
            return {}
        return {number: EXACT} | dict.fromkeys(self._attached.get(number, []), ATTACHED)

    def begun(self, word: str, last: bool) -> dict[int, int]:
        """Words that begin so, nearer the less is missing; less near unless it is the word being typed."""
        if len(word) < 2 or _NUMBER.fullmatch(word):
            return {}
        return {
            self._numbers[longer]: (50 if last else 20) + 40 * len(word) // len(longer)
            for longer in _beginning(self._sorted, word)
        }

    def guesses(self, word: str, last: bool, *, sure: bool, begins: bool) -> dict[int, int]:
        """Words it may stand for when it is not one itself: nearest ones only, and none that is only in long texts.

        A word that stands in long texts at least (`sure`) is neither misspelt nor sought by two consonants; one that
        `begins` others is not misspelt.
        """
        found = self._sounding(word, last, short=not sure)
        if not sure and not begins:
            for number, nearness in self._misspelt(word, last).items():
                found[number] = BOTH if found.get(number, 0) >= SHORT_SKELETON else nearness
        nearest = max(found.values(), default=0)
        return {number: nearness for number, nearness in found.items() if nearness > nearest - MARGIN}

    def _sounding(self, word: str, last: bool, *, short: bool) -> dict[int, int]:
        """Words with the same consonants. Two consonants (`short`) only count from one script to another."""
        found: dict[int, int] = {}
        for key in skeletons(word):
            is_short = "." in key
            if is_short and not short:
                continue
            for number in self._keys.get(key, []):
                other = self.words[number]
                if _is_arabic(other) != _is_arabic(word) if is_short else _same_vowels(word, other):
                    found[number] = max(SHORT_SKELETON if is_short else SKELETON, found.get(number, 0))
            if last and not is_short:
                for number in self._keys_begun(key):
                    if _is_arabic(self.words[number]) != _is_arabic(word):
                        found.setdefault(number, BEGUN_SKELETON)
        return found

    def _keys_begun(self, key: str) -> Iterator[int]:
        longer = (more for more in _beginning(self._sorted_keys, key) if more != key)
        return (number for more in longer for number in self._keys[more])

    def telling(self, number: int) -> bool:
        """Whether a word stands anywhere but in long texts."""
        return self.reach[number] & ~TEXT != 0

    def _misspelt(self, word: str, last: bool) -> dict[int, int]:
        """Words one mistake away (4 to 6 letters), or two (7 and more).

        The first letter is right, or slipped by one. The word being typed may also be the beginning of one, with one
        mistake in it (6 letters and more).
        """
        allowed = 0 if len(word) < 4 or re.search("[0-9]", word) else 1 if len(word) < 7 else 2
        if not allowed:
            return {}
        found: dict[int, int] = {}
        own = letters(word)
        for number, others in enumerate(self._letters):
            if missing(own, others) > allowed or not self.telling(number):
                continue
            other = self.words[number]
            if other[0] not in word[:2] and word[0] != other[1:2]:
                continue
            whole, beginning = mistakes(word, other)
            if whole <= allowed:
                found[number] = ONE_MISTAKE if whole == 1 else TWO_MISTAKES
            elif last and beginning == 1 and len(word) > 5:
                found[number] = BEGUN_MISTAKE
        return found


def _beginning(ordered: list[str], start: str) -> Iterator[str]:
    at = bisect_left(ordered, start)
    while at < len(ordered) and ordered[at].startswith(start):
        yield ordered[at]
        at += 1


def _same_vowels(one: str, other: str) -> bool:
    """Whether two words of the same consonants agree in i and u as far as written; plurals in Arabic need not."""
    if _is_arabic(one) == _is_arabic(other):
        return _is_arabic(one) or outline(one) == outline(other)
    latin, arabic = (other, one) if _is_arabic(one) else (one, other)
    return all(vowel not in outline(arabic) or vowel in outline(latin) for vowel in "iu")


def _is_arabic(word: str) -> bool:
    return word >= "؀"
