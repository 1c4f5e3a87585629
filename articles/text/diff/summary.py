"""The summary of a comparison: how much changed, by kind."""

from collections import Counter
from dataclasses import dataclass

from articles.text.diff.changes import Kind, invisible_characters
from articles.text.diff.comparing import Comparison
from articles.text.diff.tokens import is_word, tokenize
from articles.text.unicode.graphemes import clusters


@dataclass(frozen=True, slots=True)
class Summary:
    """How much changed, by kind."""

    added: int  # code points
    removed: int  # code points
    words_added: int
    words_removed: int
    words_edited: int  # those in whose place others stand
    accents: int  # words in which only accents or vowel points changed
    moved: int  # blocks
    look_alikes: int  # characters
    invisible: int  # characters
    spacing: int  # changes
    normalization: int  # changes
    looks_the_same: bool  # neither wording nor accents changed, and nothing moved


def summarize(old: str, new: str, comparison: Comparison) -> Summary:
    """Count the changes by kind. Linear in the texts."""
    count: Counter[Kind] = Counter()
    words_added = words_removed = words_edited = 0
    moves: set[int] = set()
    added = removed = 0
    for change in comparison.changes:
        if change.move is not None and change.new[0] < change.new[1]:
            moves.add(change.move)
        if change.kind is not None:
            added += change.new[1] - change.new[0]
            removed += change.old[1] - change.old[0]
            was, now = old[slice(*change.old)], new[slice(*change.new)]
            if change.kind is Kind.WORDING:
                gone, come = _words(was), _words(now)
                edited = min(gone, come) or int(gone == come)
                words_edited += edited
                words_added += max(0, come - edited)
                words_removed += max(0, gone - edited)
                count[change.kind] += 1
            else:
                count[change.kind] += _weight(was, now, change.kind)
    return Summary(
        added=added,
        removed=removed,
        words_added=words_added,
        words_removed=words_removed,
        words_edited=words_edited,
        accents=count[Kind.ACCENTS],
        moved=len(moves),
        look_alikes=count[Kind.LOOK_ALIKE],
        invisible=count[Kind.INVISIBLE],
        spacing=count[Kind.SPACING],
        normalization=count[Kind.NORMALIZATION],
        looks_the_same=not moves and not count[Kind.WORDING] and not count[Kind.ACCENTS],
    )


def _words(text: str) -> int:
    """Count the words of a text; a part of one is one."""
    return 1 if text.isascii() and text.isalnum() else sum(map(is_word, tokenize(text)))


def _weight(was: str, now: str, kind: Kind) -> int:
    """Return the words of a change of accents, the characters of one that readers cannot see, else 1."""
    if kind is Kind.ACCENTS:
        return max(1, _words(was), _words(now))
    if kind is Kind.LOOK_ALIKE:
        before, after = clusters(was), clusters(now)
        if len(before) == len(after):
            return sum(a != b for a, b in zip(before, after, strict=True))
        return max(len(before), len(after))
    if kind is Kind.INVISIBLE:
        before_hidden, after_hidden = Counter(invisible_characters(was)), Counter(invisible_characters(now))
        return max(1, ((before_hidden - after_hidden) + (after_hidden - before_hidden)).total())
    return 1
