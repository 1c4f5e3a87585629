"""Damage: how much of a text is gone after an edit, with nothing or with something else in its place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from articles.text.diff import Change, Kind
from articles.text.diff.tokens import is_word, tokenize

LEAST_LOST = 100  # letters; less is no damage to speak of, and a stub may be written anew
BLANK = 90  # percent removed from which hardly anything is left


@dataclass(frozen=True, slots=True)
class Damage:
    """Percent of the letters of a text that were removed, and that were replaced by other words."""

    removed: int = 0
    replaced: int = 0

    @property
    def is_blanking(self) -> bool:
        """Whether hardly anything is left, and nothing came instead."""
        return self.removed >= BLANK


def damage(old: str, new: str, changes: Iterable[Change]) -> Damage:
    """Return how much of `old` is gone in `new`, given their changes.

    Words that moved or occur in the changed parts of both texts are not gone, whatever their order and case. So to
    move, split or reword does little damage. Fewer letters than `LEAST_LOST` are
    none. Linear in the texts.

    >>> from articles.text.diff import compare
    >>> text = "The keeper reads the tide table before breakfast. " * 20
    >>> damage(text, "lol", compare(text, "lol").changes)
    Damage(removed=99, replaced=0)
    """
    worded = [change for change in changes if change.kind is Kind.WORDING]
    if sum(change.old[1] - change.old[0] for change in worded) < LEAST_LOST:
        return Damage()
    gone = _words(old[slice(*change.old)] for change in worded)
    come = _words(new[slice(*change.new)] for change in worded)
    lost = _letters(gone - come)
    if lost < LEAST_LOST:
        return Damage()
    replaced = min(lost, _letters(come - gone))
    total = _letters(_words([old]))
    return Damage(100 * (lost - replaced) // total, 100 * replaced // total)


def _words(parts: Iterable[str]) -> Counter[str]:
    """Count the words in some stretches of text."""
    return Counter(word for part in parts for word in tokenize(part.casefold()) if is_word(word))


def _letters(words: Counter[str]) -> int:
    return sum(len(word) * count for word, count in words.items())
