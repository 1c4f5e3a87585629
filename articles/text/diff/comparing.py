"""The comparison of two texts, to the grapheme cluster, with the kind of each change.

Lines (only U+000A ends one) are aligned first, then the words of the lines that differ, then the clusters of words
that resemble each other. See docs/diff.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter

from articles.text.diff.align import Budget, Span
from articles.text.diff.changes import Change, Op, kind_of
from articles.text.diff.line_ends import Part, move_line_ends
from articles.text.diff.moves import lay_out
from articles.text.diff.sentences import move_sentences
from articles.text.diff.token_runs import join_lines
from articles.text.diff.tokens import common_ends, safe_ends, split_lines
from articles.text.diff.words import find_edits, replace_spans

MAX_LINES = 500_000  # of both texts together, without the lines that both start and end with
MAX_EDITED_LENGTH = 4_000_000  # code points of changed lines of both texts that are compared word by word
MIN_LENGTH = 500_000  # code points of both texts; shorter ones have the edits and tokens of this length
EDIT_LENGTH = 25  # code points for each stretch, equal or not, into which the texts may be divided
TOKEN_LENGTH = 3  # code points for each token of lines that are compared word by word
LONG_LINES = 4_000  # code points of a pair of lines that is first cut to where they differ
MAX_MOVED_WORDS = 100_000  # of unmatched lines and sentences that are searched for moves with edits inside


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in order of the new text. `coarse` is true if the budget left some of them wider than necessary."""

    changes: tuple[Change, ...]
    coarse: bool


def compare(old: str, new: str) -> Comparison:
    """Return the changes that turn `old` into `new`, with the equal stretches between them.

    Spans are half-open, in code points. In order of `old` they tile it, and in order of `new` they tile that. The
    sides of an equal change read the same. No change cuts a grapheme cluster of either text. All changes in a moved
    block have its number. The work is bounded: past the budget the result is coarser.

    >>> [(change.op.value, change.old, change.new) for change in compare("a red fox", "a blue fox").changes]
    [('equal', (0, 2), (0, 2)), ('replace', (2, 5), (2, 6)), ('equal', (5, 9), (6, 10))]
    """
    if old == new:
        whole = (0, len(old))
        return Comparison((Change(Op.EQUAL, whole, whole, None, None),) if old else (), coarse=False)
    finder = _Finder(old, new)
    finder.find()
    parts = move_line_ends(old, new, move_sentences(old, new, finder.parts, finder.budget))
    return Comparison(tuple(_changes(old, new, parts)), coarse=finder.budget.is_coarse)


def budget_for(length: int) -> Budget:
    """Return the budget of texts of this length together, in code points."""
    length = max(length, MIN_LENGTH)
    return Budget(MAX_EDITED_LENGTH, MAX_MOVED_WORDS, length // EDIT_LENGTH, length // TOKEN_LENGTH)


def equal_lines(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the indices of equal lines that stayed, rising on both sides, as `compare` aligns them."""
    if len(old) + len(new) > MAX_LINES:
        head, tail = common_ends(old, new)
        runs = [(0, 0, head), (len(old) - tail, len(new) - tail, tail)]
    else:
        runs = lay_out(old, new, budget_for(sum(map(len, old)) + sum(map(len, new)))).kept
    return [(i + k, j + k) for i, j, length in runs for k in range(length) if old[i + k] == new[j + k]]


class _Finder:
    """The parts of one comparison, and the budget for finding them."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = split_lines(old), split_lines(new)
        self.old_starts = list(accumulate(map(len, self.old), initial=0))
        self.new_starts = list(accumulate(map(len, self.new), initial=0))
        self.parts: list[Part] = []
        self.budget = budget_for(len(old) + len(new))

    def find(self) -> None:
        """Collect the parts, which tile both texts in any order."""
        if len(self.old) + len(self.new) > MAX_LINES:
            self._trim()
        if len(self.old) + len(self.new) > MAX_LINES:
            self.budget.is_coarse = True
            self._add_lines(0, len(self.old), 0, len(self.new), None)
            return
        found = lay_out(self.old, self.new, self.budget)
        for i, j, length in found.kept:
            self._add_corresponding(i, j, length, None)
        for number, (i, j, length) in enumerate(found.moved, start=1):
            self._add_corresponding(i, j, length, number)
        for i, j, old, new in found.gaps:
            if old and new:
                self._add_edited(old, new, None)
                continue
            for first, last in _stretches_by_blank(self.old, old):
                self._add_lines(first, last, j, j, None)
            for first, last in _stretches_by_blank(self.new, new):
                self._add_lines(i, i, first, last, None)

    def _trim(self) -> None:
        """Add the lines that both texts start and end with, and drop them."""
        head, tail = common_ends(self.old, self.new)
        end, stop = len(self.old) - tail, len(self.new) - tail
        self._add_lines(0, head, 0, head, None)
        self._add_lines(end, len(self.old), stop, len(self.new), None)
        self.old, self.old_starts = self.old[head:end], self.old_starts[head : end + 1]
        self.new, self.new_starts = self.new[head:stop], self.new_starts[head : stop + 1]

    def _add_corresponding(self, i: int, j: int, length: int, move: int | None) -> None:
        """Add lines that correspond one to one."""
        if self.old[i : i + length] == self.new[j : j + length]:
            self._add_lines(i, i + length, j, j + length, move)
            return
        for k in range(length):
            if self.old[i + k] == self.new[j + k]:
                self._add_lines(i + k, i + k + 1, j + k, j + k + 1, move)
            elif self.budget.edits > 0:
                self._add_edited([i + k], [j + k], move)
            else:
                self.budget.is_coarse = True
                self._add_lines(i + k, i + length, j + k, j + length, move)
                break

    def _add_lines(self, i1: int, i2: int, j1: int, j2: int, move: int | None) -> None:
        """Add old lines i1 to i2 that became new lines j1 to j2."""
        old, new = self.old_starts, self.new_starts
        self.parts.append(((old[i1], old[i2]), (new[j1], new[j2]), move))

    def _add_edited(self, old: list[int], new: list[int], move: int | None) -> None:
        """Add lines in which words changed. A single long pair is first cut to where it differs."""
        if self.budget.edits <= 0 or self.budget.tokens < 2 * (len(old) + len(new)):
            self.budget.is_coarse = True
            spans = [(self.old_starts[first], self.old_starts[last]) for first, last in _stretches(old)]
            others = [(self.new_starts[first], self.new_starts[last]) for first, last in _stretches(new)]
            self.parts += [(span, other, move) for span, other in replace_spans(spans, others)]
            return
        was = [(self.old_starts[i], self.old[i]) for i in old]
        now = [(self.new_starts[j], self.new[j]) for j in new]
        (start, text), (begin, other) = was[0], now[0]
        if len(was) == len(now) == 1 and len(text) + len(other) > LONG_LINES:
            end, stop = start + len(text), begin + len(other)
            head, tail = safe_ends(text, *common_ends(text, other))
            self.parts.append(((start, start + head), (begin, begin + head), move))
            self.parts.append(((end - tail, end), (stop - tail, stop), move))
            was = [(start + head, text[head : len(text) - tail])]
            now = [(begin + head, other[head : len(other) - tail])]
        length = sum(len(text) for _, text in was + now)
        if length > self.budget.edited_length:
            self.budget.is_coarse = True
            found = replace_spans(join_lines(was), join_lines(now))
        else:
            self.budget.edited_length -= length
            found = find_edits(was, now, self.budget)
        self.parts += [(before, after, move) for before, after in found]


def _stretches(places: Iterable[int]) -> Iterator[Span]:
    """Yield rising places as spans; places that follow one another are one."""
    first = last = -1
    for k in places:
        if k != last:
            if first < last:
                yield first, last
            first = k
        last = k + 1
    if first < last:
        yield first, last


def _stretches_by_blank(lines: Sequence[str], places: Sequence[int]) -> Iterator[Span]:
    """Yield rising places as spans, as `_stretches` does, with blank lines apart from others."""
    for _, group in groupby(places, key=lambda k: lines[k].isspace()):
        yield from _stretches(group)


def _changes(old: str, new: str, parts: list[Part]) -> Iterator[Change]:
    """Yield the parts as changes, in order of the new text. Parts that touch become one, unless a line ends between."""
    i1 = i2 = j1 = j2 = 0
    number, before_equal = None, True
    for (start, end), (begin, stop), move in sorted(parts, key=itemgetter(1, 0)):
        if start == end and begin == stop:
            continue
        is_equal = end - start == stop - begin and old[start:end] == new[begin:stop]
        if (
            is_equal is before_equal
            and start == i2
            and begin == j2
            and move == number
            and (
                is_equal
                or i1 == i2
                or j1 == j2
                or not (old.endswith("\n", i1, i2) or new.endswith("\n", j1, j2))
            )
        ):
            i2, j2 = end, stop
            continue
        if i1 < i2 or j1 < j2:
            yield _change(old, new, (i1, i2), (j1, j2), number)
        i1, i2, j1, j2, number, before_equal = start, end, begin, stop, move, is_equal
    yield _change(old, new, (i1, i2), (j1, j2), number)


def _change(old: str, new: str, was: Span, now: Span, move: int | None) -> Change:
    """Return the change at these spans, with its operation and kind."""
    before, after = old[slice(*was)], new[slice(*now)]
    if before == after:
        return Change(Op.EQUAL, was, now, None, move)
    op = Op.INSERT if not before else Op.DELETE if not after else Op.REPLACE
    sides = (old, was), (new, now)
    starts_line = all(start == 0 or text[start - 1] == "\n" for text, (start, _) in sides)
    before_space = all(text[end : end + 1].isspace() for text, (_, end) in sides)
    kind = kind_of(before, after, starts_line=starts_line, before_space=before_space)
    return Change(op, was, now, kind, move)
