"""The three-way merge of two edits of one text: by lines, then by words, else as a conflict.

Stretches that are equal in all three texts, in the same order, are kept. Between them each side has at most one change.
If both sides changed such a place, and not alike, the place is a conflict. See docs/diff.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, chain

from articles.text.diff.align import Span
from articles.text.diff.comparing import budget_for, equal_lines
from articles.text.diff.segments import split_words
from articles.text.diff.table_rows import broken_tables
from articles.text.diff.tokens import is_word, split_lines, tokenize
from articles.text.diff.words import equal_tokens

TELLING_WORDS = 3  # neighbouring words by which an inserted text is known as one deleted elsewhere
REPEATED_WORDS = 5  # words of a part of a line that both sides insert in different places


class Origin(StrEnum):
    """Who wrote a part of the result."""

    UNCHANGED = "unchanged"
    MINE = "mine"  # theirs equals base
    THEIRS = "theirs"  # mine equals base
    BOTH = "both"  # both made the same change
    CONFLICT = "conflict"  # both changed it, and not alike


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of each of the three texts, in code points; any of them may be empty."""

    origin: Origin
    base: Span
    mine: Span
    theirs: Span


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged text, or None if there are conflicts. The parts tile the result and each of the three texts."""

    text: str | None
    parts: tuple[Part, ...]


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Merge the edits that `mine` and `theirs` made of `base`.

    Spans are half-open, in code points. In their order the parts tile all three texts, so no text of any side is lost.
    No part cuts a grapheme cluster of its texts or of the result. Exchanging the sides changes only the names. The
    work is bounded as that of `compare`; past the budget conflicts are larger.

    >>> merge("a red fox", "a blue fox", "a red dog").text
    'a blue dog'
    >>> [(str(part.origin), part.base) for part in merge("a red fox", "a blue fox", "a big fox").parts]
    [('unchanged', (0, 2)), ('conflict', (2, 5)), ('unchanged', (5, 9))]
    """
    merger = _Merger(base, mine, theirs)
    parts = merger.with_sound_tables(merger.guarded(_joined(merger.by_lines())))
    text: str | None = None
    if all(part.origin is not Origin.CONFLICT for part in parts):
        text = "".join(
            theirs[slice(*part.theirs)] if part.origin is Origin.THEIRS else mine[slice(*part.mine)]
            for part in parts
        )
    return Merge(text, tuple(parts))


Pairs = list[tuple[int, int]]  # indices of equal elements of two sequences, rising in both


class _Merger:
    """One merge: its texts, and the budget for merging them by words."""

    def __init__(self, base: str, mine: str, theirs: str) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.budget = budget_for(len(base) + len(mine) + len(theirs))

    def part(self, base: Span, mine: Span, theirs: Span) -> Part:
        """Return the part at these spans, with its origin."""
        was, ours, other = self.base[slice(*base)], self.mine[slice(*mine)], self.theirs[slice(*theirs)]
        if ours == other:
            origin = Origin.UNCHANGED if ours == was else Origin.BOTH
        elif other == was:
            origin = Origin.MINE
        else:
            origin = Origin.THEIRS if ours == was else Origin.CONFLICT
        return Part(origin, base, mine, theirs)

    def by_lines(self) -> Iterator[Part]:
        """Yield the parts of the whole texts; conflicts of lines are merged by words."""
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
        """Yield the parts of a conflict of lines, or the conflict itself past the budget or if base has no text."""
        spans = (clash.base, clash.mine, clash.theirs)
        self.budget.edited_length -= sum(end - start for start, end in spans)
        if clash.base[0] == clash.base[1] or self.budget.edited_length < 0 or self.budget.edits < 0:
            yield clash
            return
        base = split_words(self.base[slice(*clash.base)])
        mine = split_words(self.mine[slice(*clash.mine)])
        theirs = split_words(self.theirs[slice(*clash.theirs)])
        self.budget.tokens -= len(base) + len(mine) + len(theirs)
        if self.budget.tokens < 0:
            yield clash
            return
        found = _joined(
            self._between(
                _starts(base, clash.base[0]),
                _starts(mine, clash.mine[0]),
                _starts(theirs, clash.theirs[0]),
                equal_tokens(base, mine, self.budget),
                equal_tokens(base, theirs, self.budget),
            )
        )
        self.budget.edits -= len(found)
        yield from [clash] if self.budget.edits < 0 else found

    def _between(
        self, base: list[int], mine: list[int], theirs: list[int], with_mine: Pairs, with_theirs: Pairs
    ) -> Iterator[Part]:
        """Yield the elements that all three texts share, and the parts between; the lists say where elements start."""
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
        """Return the parts, with an insertion as a conflict if both sides deleted or inserted its text elsewhere.

        Otherwise a block that both moved or inserted in different places would be doubled. A block that one side
        moved and the other deleted would come back.
        """
        gone = set[tuple[str, ...]]()  # series of words that both sides deleted
        for part in parts:
            if part.origin is Origin.BOTH:
                words = _words(self.base[slice(*part.base)])
                gone.update(_series(words, min(TELLING_WORDS, len(words))) if words else ())
                gone.difference_update(_series(_words(self.mine[slice(*part.mine)]), TELLING_WORDS))
        twice = self._new_lines(parts, Origin.MINE) & self._new_lines(parts, Origin.THEIRS)
        if not gone and not twice:
            return parts
        return [
            replace(part, origin=Origin.CONFLICT)
            if not gone.isdisjoint(self._inserted(part)) or not twice.isdisjoint(self._new_lines([part]))
            else part
            for part in parts
        ]

    def _new_lines(self, parts: Iterable[Part], *origins: Origin) -> set[str]:
        """Return the lines, and long parts of lines, that one side alone inserts; of any side without `origins`."""
        lines: set[str] = set()
        for part in parts:
            if part.origin not in (origins or (Origin.MINE, Origin.THEIRS)):
                continue
            text, span = (self.mine, part.mine) if part.origin is Origin.MINE else (self.theirs, part.theirs)
            starts_line = span[0] == 0 or text[span[0] - 1] == "\n"
            was = set(self.base[slice(*part.base)].splitlines())
            for k, line in enumerate(split_lines(text[slice(*span)])):
                is_whole = (k > 0 or starts_line) and line.endswith("\n")
                if line.rstrip("\n") not in was and len(_words(line)) >= (1 if is_whole else REPEATED_WORDS):
                    lines.add(line.strip())
        return lines

    def with_sound_tables(self, parts: list[Part]) -> list[Part]:
        """Return the parts, with those of a table as conflicts if together they break it.

        That is a row whose cells are not as many as those of the table's head, although each side alone has none.
        """
        merged = ""
        places = []
        for part in parts:
            if part.origin is Origin.CONFLICT:
                return parts
            start = len(merged)
            side = (self.theirs, part.theirs) if part.origin is Origin.THEIRS else (self.mine, part.mine)
            merged += side[0][slice(*side[1])]
            places.append((start, len(merged)))
        broken = [*broken_tables(merged)]
        if not broken or any(True for text in (self.mine, self.theirs) for _ in broken_tables(text)):
            return parts
        return [
            replace(part, origin=Origin.CONFLICT)
            if part.origin in (Origin.MINE, Origin.THEIRS)
            and any(start < last and first < end for first, last in broken)
            else part
            for part, (start, end) in zip(parts, places, strict=True)
        ]

    def _inserted(self, part: Part) -> Iterator[tuple[str, ...]]:
        """Return the series of words that one side alone has in a part."""
        if part.origin is Origin.MINE:
            words = _words(self.mine[slice(*part.mine)])
        elif part.origin is Origin.THEIRS:
            words = _words(self.theirs[slice(*part.theirs)])
        else:
            return iter(())
        return chain.from_iterable(_series(words, length) for length in range(1, TELLING_WORDS + 1))


def _starts(elements: Sequence[str], first: int = 0) -> list[int]:
    """Return where each element starts, and where the last one ends."""
    return list(accumulate(map(len, elements), initial=first))


def _words(text: str) -> list[str]:
    """Return the words of a text, and as one word each line that has none, such as a row of signs."""
    words: list[str] = []
    for line in split_lines(text):
        words += [token for token in tokenize(line) if is_word(token)] or line.split()
    return words


def _series(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    """Return each `length` words that follow one another."""
    return zip(*(words[k:] for k in range(length)), strict=False)


def _joined(parts: Iterator[Part]) -> list[Part]:
    """Return the parts without empty unchanged ones, and with unchanged ones that touch as one."""
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
