"""Hunks of a comparison, as pages draw it: pairs of lines cut into pieces, unchanged lines folded."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from articles.text.diff.align import Span
from articles.text.diff.changes import Change, Kind, Op
from articles.text.diff.comparing import Comparison
from articles.text.diff.layout import END_COST, Block, Costs, Layout, border_after, costs_of, lay_out
from articles.text.diff.tokens import split_lines


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line, in code points of its text. The old side has no INSERT and the new side no DELETE.

    A piece that `is_folded` is the middle of a long unchanged stretch, of which a page draws only the length.
    """

    start: int
    end: int
    op: Op
    kind: Kind | None
    move: int | None
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An old line beside the new line that it became, or one of them alone. Numbers count from 1.

    The pieces tile the line and its line end. A moved line stands alone on both sides, at its place there. A very long
    line may go on in the next block, in a row with the same number.
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


def make_hunks(old: str, new: str, comparison: Comparison, *, context: int = 3) -> tuple[Hunk, ...]:
    """Return the changed lines of both texts with `context` unchanged lines around each; nothing if they are equal.

    With enough context the hunks hold every line of both texts. Linear in the lines and changes.
    """
    layout = lay_out(old, new, comparison.changes, (costs_of(old), costs_of(new)), context=context)
    hunks: list[Hunk] = []
    rows: list[Row] = []
    skipped = 0
    for block in layout.blocks:
        if not block.lines:
            rows += make_rows(layout, block)
            continue
        if rows:
            hunks.append(Hunk(tuple(rows), skipped))
        rows, skipped = [], block.lines
    return (*hunks, Hunk(tuple(rows), skipped)) if rows or skipped else tuple(hunks)


def make_rows(layout: Layout, block: Block, costs: Costs | None = None) -> Iterator[Row]:
    """Yield the rows of a block. If the costs of both texts are given, long unchanged stretches are folded."""
    parts = [layout.parts[index] for index in block.parts]
    before = _Side(layout.old, block.old, block.old_number, _clipped(parts, "old", block.old), Op.DELETE)
    after = _Side(layout.new, block.new, block.new_number, _clipped(parts, "new", block.new), Op.INSERT)
    for i, j in _line_pairs(before, after, _shared(before, after, parts, block)):
        row = _row(before, after, i, j)
        if costs:
            row = replace(
                row,
                old=tuple(_folded(layout.old, row.old, costs[0])),
                new=tuple(_folded(layout.new, row.new, costs[1])),
            )
        yield row


def _clip(span: Span, to: Span) -> Span:
    """Return the part of a span that another holds; it may be empty."""
    start = min(max(span[0], to[0]), to[1])
    return start, max(start, min(span[1], to[1]))


def _clipped(parts: Iterable[Change], side: str, to: Span) -> list[tuple[Span, Change]]:
    """Return the spans of the parts on one side, within a span; without those that are empty there."""
    spans = ((_clip(getattr(part, side), to), part) for part in parts)
    return [(span, part) for span, part in spans if span[0] < span[1]]


class _Side:
    """The lines of a part of one text and the parts on its side. `changed` is how this side shows a change."""

    def __init__(
        self, text: str, span: Span, number: int, spans: list[tuple[Span, Change]], changed: Op
    ) -> None:
        self.lines = split_lines(text[slice(*span)])
        self.starts = list(accumulate(map(len, self.lines), initial=span[0]))
        self.number = number
        self.spans = spans
        self.span_starts = [start for (start, _), _ in spans]
        self.changed = changed

    def line_at(self, offset: int) -> int:
        """Return the index of the line that holds a code point."""
        return bisect_right(self.starts, offset) - 1

    def pieces(self, line: int) -> tuple[Piece, ...]:
        """Return the pieces of a line, by its index. The steps of one long change are one piece."""
        start, end = self.starts[line : line + 2]
        found: list[Piece] = []
        k = bisect_right(self.span_starts, start) - 1
        while k < len(self.spans) and self.spans[k][0][0] < end:
            (first, last), part = self.spans[k]
            op = Op.EQUAL if part.op is Op.EQUAL else self.changed
            piece = Piece(max(start, first), min(end, last), op, part.kind, part.move)
            if found and (found[-1].op, found[-1].kind, found[-1].move) == (op, part.kind, part.move):
                piece = replace(piece, start=found.pop().start)
            found.append(piece)
            k += 1
        return tuple(found)


def _line_pairs(
    before: _Side, after: _Side, shared: dict[tuple[int, int], int]
) -> Iterator[tuple[int | None, int | None]]:
    """Yield every line of both sides once: with the line that it shares most with if that is mutual, else alone."""
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


def _shared(before: _Side, after: _Side, parts: Iterable[Change], block: Block) -> dict[tuple[int, int], int]:
    """Return how much pairs of lines that did not move have in common; a replacement counts for little."""
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for part in parts:
        (start, end), (begin, stop) = _clip(part.old, block.old), _clip(part.new, block.new)
        if part.move is not None or start == end or begin == stop:
            continue
        i, j = before.line_at(start), after.line_at(begin)
        last_i, last_j = before.line_at(end - 1), after.line_at(stop - 1)
        if part.op is Op.REPLACE:
            for k in range(min(last_i - i, last_j - j) + 1):
                shared[i + k, j + k] += 1
            continue
        for k in range(last_i - i + 1):
            length = min(end, before.starts[i + k + 1]) - max(start, before.starts[i + k])
            shared[i + k, j + k] += 4 * length - 2
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
        None if i is None else before.number + i,
        None if j is None else after.number + j,
        old,
        new,
        min(moves) if moves else None,
    )


def _folded(text: str, pieces: Sequence[Piece], costs: Sequence[int]) -> Iterator[Piece]:
    """Yield the pieces of a line, the middle of a long unchanged one as a piece of its own that is folded."""
    for piece in pieces:
        start, end = piece.start, piece.end
        if piece.op is Op.EQUAL and costs[end] - costs[start] > 3 * END_COST:
            start = border_after(text, bisect_right(costs, costs[start] + END_COST, start, end) - 1, end)
            end = border_after(text, bisect_left(costs, costs[end] - END_COST, start, end), end)
        if start in (piece.start, end) or end == piece.end:
            yield piece
            continue
        yield replace(piece, end=start)
        yield replace(piece, start=start, end=end, is_folded=True)
        yield replace(piece, start=end)
