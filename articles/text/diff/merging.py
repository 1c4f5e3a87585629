"""Two edits of one text brought together: by lines, then by words, else a conflict that holds both.

Only what reads the same in all three texts, in the same order, holds a merge together. Between such stretches
there is at most one change; where both sides made one, and not the same, it is a conflict. See docs/diff.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, chain

from articles.text.diff.align import Budget
from articles.text.diff.comparing import MAX_EDITED_LENGTH, Span, equal_lines, split_lines
from articles.text.diff.tokens import is_word, tokens
from articles.text.diff.words import equal_tokens

TELLING_WORDS = 3  # neighbouring words that say that a text put in is the one taken out elsewhere


class Origin(StrEnum):
    """Who wrote what stands in the result."""

    UNCHANGED = "unchanged"
    MINE = "mine"  # theirs is as in base
    THEIRS = "theirs"  # mine is as in base
    BOTH = "both"  # made the same change
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of each of the three texts; any of them may be empty."""

    origin: Origin
    base: Span
    mine: Span
    theirs: Span


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged text, or None when there are conflicts; the parts tile the result and each of the three texts."""

    text: str | None
    parts: tuple[Part, ...]


def merge(base: str, mine: str, theirs: str) -> Merge:
    """What `mine` and `theirs` both made of `base`, in one text, or where somebody has to choose.

    Positions are code points, half-open. In their order the parts tile all three texts, so no text of any side is
    lost; no part cuts a grapheme cluster of a text it stands in or of the result. Changing sides changes nothing
    but the names. The work is bounded as that of `compare`; past the budget conflicts are larger.

    >>> merge("a red fox", "a blue fox", "a red dog").text
    'a blue dog'
    >>> [(str(part.origin), part.base) for part in merge("a red fox", "a blue fox", "a big fox").parts]
    [('unchanged', (0, 2)), ('conflict', (2, 5)), ('unchanged', (5, 9))]
    """
    merger = _Merger(base, mine, theirs)
    parts = merger.guarded(_joined(merger.by_lines()))
    text: str | None = None
    if all(part.origin is not Origin.CONFLICT for part in parts):
        text = "".join(
            theirs[slice(*part.theirs)] if part.origin is Origin.THEIRS else mine[slice(*part.mine)]
            for part in parts
        )
    return Merge(text, tuple(parts))


Pairs = list[tuple[int, int]]  # elements of two sequences that read the same, rising in both


class _Merger:
    def __init__(self, base: str, mine: str, theirs: str) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.edited_length = MAX_EDITED_LENGTH

    def part(self, base: Span, mine: Span, theirs: Span) -> Part:
        was, ours, other = self.base[slice(*base)], self.mine[slice(*mine)], self.theirs[slice(*theirs)]
        if ours == other:
            origin = Origin.UNCHANGED if ours == was else Origin.BOTH
        elif other == was:
            origin = Origin.MINE
        else:
            origin = Origin.THEIRS if ours == was else Origin.CONFLICT
        return Part(origin, base, mine, theirs)

    def by_lines(self) -> Iterator[Part]:
        whole = self.part((0, len(self.base)), (0, len(self.mine)), (0, len(self.theirs)))
        if whole.origin is not Origin.CONFLICT:
            yield whole
            return
        base, mine, theirs = split_lines(self.base), split_lines(self.mine), split_lines(self.theirs)
        with_mine, with_theirs = equal_lines(base, mine), equal_lines(base, theirs)
        for part in self._between(_starts(base), _starts(mine), _starts(theirs), with_mine, with_theirs):
            if part.origin is Origin.CONFLICT:
                yield from self._by_words(part)
            else:
                yield part

    def _by_words(self, clash: Part) -> Iterator[Part]:
        spans = (clash.base, clash.mine, clash.theirs)
        self.edited_length -= sum(end - start for start, end in spans)
        if clash.base[0] == clash.base[1] or self.edited_length < 0:
            yield clash
            return
        base = tokens(self.base[slice(*clash.base)])
        mine = tokens(self.mine[slice(*clash.mine)])
        theirs = tokens(self.theirs[slice(*clash.theirs)])
        yield from self._between(
            _starts(base, clash.base[0]),
            _starts(mine, clash.mine[0]),
            _starts(theirs, clash.theirs[0]),
            equal_tokens(base, mine, Budget(0, 0)),
            equal_tokens(base, theirs, Budget(0, 0)),
        )

    def _between(
        self, base: list[int], mine: list[int], theirs: list[int], with_mine: Pairs, with_theirs: Pairs
    ) -> Iterator[Part]:
        """What all three texts share, element by element, and what stands between; given where elements start."""
        in_theirs = dict(with_theirs)
        shared = [(i, j, in_theirs[i]) for i, j in with_mine if i in in_theirs]
        i = j = k = 0
        for next_i, next_j, next_k in [*shared, (len(base) - 1, len(mine) - 1, len(theirs) - 1)]:
            if (i, j, k) != (next_i, next_j, next_k):
                yield self.part((base[i], base[next_i]), (mine[j], mine[next_j]), (theirs[k], theirs[next_k]))
            i, j, k = next_i + 1, next_j + 1, next_k + 1
            if i < len(base):
                yield Part(
                    Origin.UNCHANGED,
                    (base[next_i], base[i]),
                    (mine[next_j], mine[j]),
                    (theirs[next_k], theirs[k]),
                )

    def guarded(self, parts: list[Part]) -> list[Part]:
        """Conflicts for text that one side put in and that both took out elsewhere.

        That is a block which both moved, each to a place of its own, or which one moved and the other deleted.
        """
        gone = set[tuple[str, ...]]()
        for part in parts:
            if part.origin is Origin.BOTH:
                words = _words(self.base[slice(*part.base)])
                gone.update(_series(words, min(TELLING_WORDS, len(words))) if words else ())
                gone.difference_update(_series(_words(self.mine[slice(*part.mine)]), TELLING_WORDS))
        if not gone:
            return parts
        return [
            replace(part, origin=Origin.CONFLICT) if not gone.isdisjoint(self._put_in(part)) else part
            for part in parts
        ]

    def _put_in(self, part: Part) -> Iterator[tuple[str, ...]]:
        if part.origin is Origin.MINE:
            words = _words(self.mine[slice(*part.mine)])
        elif part.origin is Origin.THEIRS:
            words = _words(self.theirs[slice(*part.theirs)])
        else:
            return iter(())
        return chain.from_iterable(_series(words, length) for length in range(1, TELLING_WORDS + 1))


def _starts(elements: Sequence[str], first: int = 0) -> list[int]:
    return list(accumulate(map(len, elements), initial=first))


def _words(text: str) -> list[str]:
    return [token for token in tokens(text) if is_word(token)]


def _series(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[k:] for k in range(length)), strict=False)


def _joined(parts: Iterator[Part]) -> list[Part]:
    """Unchanged parts that follow one another as one, empty ones left out."""
    found: list[Part] = []
    for part in parts:
        if part.base[0] == part.base[1] and part.origin is Origin.UNCHANGED:
            continue
        if found and part.origin is found[-1].origin is Origin.UNCHANGED:
            before = found.pop()
            part = Part(
                part.origin,
                (before.base[0], part.base[1]),
                (before.mine[0], part.mine[1]),
                (before.theirs[0], part.theirs[1]),
            )
        found.append(part)
    return found
