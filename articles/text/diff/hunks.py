"""Hunks of a comparison, as pages draw it: pairs of lines cut into pieces, unchanged lines folded, and a summary."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from articles.text.diff.changes import Change, Kind, Op, invisible_characters
from articles.text.diff.comparing import Comparison
from articles.text.diff.tokens import is_word, split_lines, tokenize
from articles.text.unicode.graphemes import clusters


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line, in code points of its text. The old side has no INSERT and the new side no DELETE."""

    start: int
    end: int
    op: Op
    kind: Kind | None
    move: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """An old line beside the new line that it became, or one of them alone. Numbers count from 1.

    The pieces tile the line and its line end. A moved line stands alone on both sides, at its place there.
    """

    op: Op
    old_number: int | None
    new_number: int | None
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    move: int | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """Changed lines with some unchanged lines around them. `skipped` is the number of lines folded before them.

    The last hunk has no rows if lines are folded at the end.
    """

    rows: tuple[Row, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How much changed, by kind."""

    words: int
    accents: int  # words in which only accents or vowel points changed
    moved: int  # blocks
    look_alikes: int  # characters
    invisible: int  # characters
    spacing: int  # changes
    normalization: int  # changes
    looks_the_same: bool  # neither wording nor accents changed, and nothing moved


class _Side:
    """The lines of one text and the changes on its side, in its order. `changed` is how this side shows a change."""

    def __init__(self, text: str, spans: list[tuple[int, int, Change]], changed: Op) -> None:
        self.lines = split_lines(text)
        self.starts = list(accumulate(map(len, self.lines), initial=0))
        self.spans = sorted((span for span in spans if span[0] < span[1]), key=lambda span: span[0])
        self.span_starts = [start for start, _, _ in self.spans]
        self.changed = changed

    def line_at(self, offset: int) -> int:
        """Return the index of the line that holds a code point."""
        return bisect_right(self.starts, offset) - 1

    def pieces(self, line: int) -> tuple[Piece, ...]:
        """Return the pieces of a line, by its index."""
        start, end = self.starts[line : line + 2]
        found = []
        k = bisect_right(self.span_starts, start) - 1
        while k < len(self.spans) and self.spans[k][0] < end:
            first, last, change = self.spans[k]
            op = Op.EQUAL if change.op is Op.EQUAL else self.changed
            found.append(Piece(max(start, first), min(end, last), op, change.kind, change.move))
            k += 1
        return tuple(found)


def make_hunks(old: str, new: str, comparison: Comparison, *, context: int = 3) -> tuple[Hunk, ...]:
    """Return the changed lines of both texts with `context` unchanged lines around each; nothing if they are equal.

    A single line is never folded, since the fold takes a line, too. With enough context the hunks hold every line of
    both texts once. Linear in the lines and changes.
    """
    changes = comparison.changes
    before = _Side(old, [(*change.old, change) for change in changes], Op.DELETE)
    after = _Side(new, [(*change.new, change) for change in changes], Op.INSERT)
    pairs = list(_line_pairs(before, after, changes))
    changed = [not _is_unchanged(before, after, i, j) for i, j in pairs]
    if not any(changed):
        return ()
    found: list[Hunk] = []
    skipped = 0
    rows: list[Row] = []
    for (i, j), is_shown in zip(pairs, _shown(changed, context), strict=True):
        if is_shown:
            rows.append(_row(before, after, i, j))
            continue
        if rows:
            found.append(Hunk(tuple(rows), skipped))
            rows, skipped = [], 0
        skipped += 1
    return (*found, Hunk(tuple(rows), skipped)) if rows or skipped else tuple(found)


def _shown(changed: Sequence[bool], context: int) -> list[bool]:
    """Return which lines are shown: changed ones, their context, and single lines between those."""
    shown = [False] * len(changed)
    until = 0
    for k, is_changed in enumerate(changed):
        if is_changed:
            for n in range(max(until, k - context), min(len(changed), k + context + 1)):
                shown[n] = True
            until = min(len(changed), k + context + 1)
    beside = [True, *shown, True]
    return [is_shown or (beside[k] and beside[k + 2]) for k, is_shown in enumerate(shown)]


def _line_pairs(
    before: _Side, after: _Side, changes: Sequence[Change]
) -> Iterator[tuple[int | None, int | None]]:
    """Yield every line of both sides once: with the line that it shares most with if that is mutual, else alone."""
    shared = _shared(before, after, changes)
    best_old: dict[int, tuple[int, int]] = {}
    best_new: dict[int, tuple[int, int]] = {}
    for (i, j), weight in shared.items():
        best_old[i] = max(best_old.get(i, (0, 0)), (weight, -j))
        best_new[j] = max(best_new.get(j, (0, 0)), (weight, -i))
    pairs = [(i, -j) for i, (_, j) in sorted(best_old.items()) if best_new[-j][1] == -i]
    i = j = 0
    for k, m in [*pairs, (len(before.lines), len(after.lines))]:
        for line in range(i, k):
            yield line, None
        for line in range(j, m):
            yield None, line
        if k < len(before.lines):
            yield k, m
        i, j = k + 1, m + 1


def _shared(before: _Side, after: _Side, changes: Sequence[Change]) -> dict[tuple[int, int], int]:
    """Return how much pairs of lines that did not move have in common; a replacement counts for little."""
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for change in changes:
        if change.move is not None or change.op in (Op.INSERT, Op.DELETE):
            continue
        i, j = before.line_at(change.old[0]), after.line_at(change.new[0])
        last_i, last_j = before.line_at(change.old[1] - 1), after.line_at(change.new[1] - 1)
        if change.op is Op.REPLACE:
            for k in range(min(last_i - i, last_j - j) + 1):
                shared[i + k, j + k] += 1
            continue
        for k in range(last_i - i + 1):
            start = max(change.old[0], before.starts[i + k])
            end = min(change.old[1], before.starts[i + k + 1])
            shared[i + k, j + k] += 4 * (end - start) - 2
    return shared


def _is_unchanged(before: _Side, after: _Side, i: int | None, j: int | None) -> bool:
    """Return whether a pair of lines is equal and did not move."""
    if i is None or j is None or before.lines[i] != after.lines[j]:
        return False
    pieces = before.pieces(i)
    return len(pieces) == 1 and pieces[0].op is Op.EQUAL and pieces[0].move is None


def _row(before: _Side, after: _Side, i: int | None, j: int | None) -> Row:
    """Return the row of a pair of lines; a row whose pieces moved has the lowest number of their moves."""
    old = () if i is None else before.pieces(i)
    new = () if j is None else after.pieces(j)
    if i is None or j is None:
        op = Op.DELETE if j is None else Op.INSERT
    else:
        op = Op.EQUAL if _is_unchanged(before, after, i, j) else Op.REPLACE
    moves = {piece.move for piece in old + new if piece.move is not None}
    return Row(
        op,
        None if i is None else i + 1,
        None if j is None else j + 1,
        old,
        new,
        min(moves) if moves else None,
    )


def summarize(old: str, new: str, comparison: Comparison) -> Summary:
    """Count the changes by kind. Linear in the texts."""
    count: Counter[Kind] = Counter()
    moves: set[int] = set()
    for change in comparison.changes:
        if change.move is not None and change.new[0] < change.new[1]:
            moves.add(change.move)
        if change.kind is not None:
            count[change.kind] += _weight(old[slice(*change.old)], new[slice(*change.new)], change.kind)
    return Summary(
        words=count[Kind.WORDING],
        accents=count[Kind.ACCENTS],
        moved=len(moves),
        look_alikes=count[Kind.LOOK_ALIKE],
        invisible=count[Kind.INVISIBLE],
        spacing=count[Kind.SPACING],
        normalization=count[Kind.NORMALIZATION],
        looks_the_same=not moves and not count[Kind.WORDING] and not count[Kind.ACCENTS],
    )


def _weight(was: str, now: str, kind: Kind) -> int:
    """Return the words of a change that readers see, the characters of one that they cannot see, else 1."""
    if kind in (Kind.WORDING, Kind.ACCENTS):
        return max(1, *(sum(map(is_word, tokenize(text))) for text in (was, now)))
    if kind is Kind.LOOK_ALIKE:
        before, after = clusters(was), clusters(now)
        if len(before) == len(after):
            return sum(a != b for a, b in zip(before, after, strict=True))
        return max(len(before), len(after))
    if kind is Kind.INVISIBLE:
        before_hidden, after_hidden = Counter(invisible_characters(was)), Counter(invisible_characters(now))
        return max(1, ((before_hidden - after_hidden) + (after_hidden - before_hidden)).total())
    return 1
