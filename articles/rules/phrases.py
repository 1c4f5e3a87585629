"""Phrases: words that rules search a text for, through look-alikes and at the bounds of words.

Two words are the same if they look alike, whatever their case, accents and invisible characters: those of
`articles.search.words`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from articles.search.words import Word, letters_of, words_of

Spelled = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Some phrases, as they were typed and as words, by both spellings of their first word."""

    by_first: Mapping[str, tuple[tuple[str, Spelled], ...]]

    @classmethod
    def of(cls, typed: Iterable[str]) -> Phrases:
        by_first: dict[str, list[tuple[str, Spelled]]] = defaultdict(list)
        for phrase in typed:
            if words := tuple(words_of(phrase)):
                for spelling in {words[0].small, words[0].shape}:
                    by_first[spelling].append((phrase, words))
        return cls({spelling: tuple(phrases) for spelling, phrases in by_first.items()})


class Searched:
    """A text made of parts, each of them prepared once and only as far as it is asked for. No phrase spans two parts.

    `words` are those of all parts, if they are known.
    """

    def __init__(self, *parts: str, words: Sequence[Word] | None = None) -> None:
        self._parts = parts
        self._known = words

    @cached_property
    def _words(self) -> list[Word | None]:
        """The words, with None after each part."""
        if self._known is not None:
            return [*self._known, None]
        return [word for part in self._parts for word in (*words_of(part), None)]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where each spelling stands among the words."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            if word is not None:
                places.setdefault(word.small, []).append(place)
                if word.shape != word.small:
                    places.setdefault(word.shape, []).append(place)
        return places

    @cached_property
    def _letters(self) -> Word:
        return letters_of("\n".join(self._parts))

    def counts(self, phrases: Phrases) -> dict[str, int]:
        """Return how often each of the phrases occurs; those that do not occur are missing.

        One look-up for each first word, or for each word of the text if these are fewer. Without known words, a text
        that lacks the letters of all first words is not split.
        """
        firsts = phrases.by_first
        if self._known is None and "_places" not in self.__dict__:
            letters = self._letters
            if not any(first in letters.small or first in letters.shape for first in firsts):
                return {}
        starts: dict[str, set[int]] = defaultdict(set)
        for first in self._places.keys() & firsts.keys():
            for typed, words in firsts[first]:
                starts[typed].update(place for place in self._places[first] if self._has(words, place))
        return {typed: len(found) for typed, found in starts.items() if found}

    def is_one_of(self, phrases: Phrases) -> str:
        """Return the phrase that a whole part consists of; empty if none does."""
        ends = [place for place, word in enumerate(self._words) if word is None]
        parts = {
            (start, end) for start, end in zip([0, *(e + 1 for e in ends)], ends, strict=False) if start < end
        }
        for first in self._places.keys() & phrases.by_first.keys():
            for typed, words in phrases.by_first[first]:
                if any(end - start == len(words) and self._has(words, start) for start, end in parts):
                    return typed
        return ""

    def _has(self, words: Spelled, place: int) -> bool:
        """Return whether the words stand at a place."""
        there = self._words[place : place + len(words)]
        return len(there) == len(words) and all(
            one is not None and (one.small == other.small or one.shape == other.shape)
            for one, other in zip(there, words, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Brought:
    """What one text has more often than another: what an edit added, or with both exchanged, removed."""

    text: Searched
    other: Searched | None

    def counts(self, phrases: Phrases) -> dict[str, int]:
        """Return how much more often each phrase occurs in the text; the other text is read only if one does."""
        counts = self.text.counts(phrases)
        if not counts or self.other is None:
            return counts
        before = self.other.counts(phrases)
        return {typed: more for typed, n in counts.items() if (more := n - before.get(typed, 0)) > 0}
