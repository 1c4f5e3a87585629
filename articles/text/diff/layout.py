"""The layout of a comparison: the blocks of both texts in their order, of which a page draws a few.

A block is a change with unchanged lines around it, or the unchanged lines between two changes. A long change is cut
into several. Laying out is cheap: only a block that is drawn needs rows.
"""

from __future__ import annotations

import html
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import regex

from articles.text.diff.align import Span
from articles.text.diff.changes import Change, Op

# Costs are bytes of HTML, as a page spends them.
ROW_COST = 400  # of a line, beside its text
PIECE_COST = 450  # of a change within a line, which takes more time than bytes
UNSEEN_COST = 50  # of the label of an invisible character
MAX_COST = 40_000  # of a block; a longer change is cut into several
STEP_COST = 10_000  # of a side that is laid out at once
END_COST = 2_000  # of either end of a long unchanged stretch within a line; its middle is folded
Costs = tuple[Sequence[int], Sequence[int]]  # of the old and the new text, up to each code point

# A place where a text can be cut: no grapheme cluster goes on there.
_BORDER = regex.compile(r"(?<![\p{GCB=Prepend}\p{GCB=ZWJ}\p{ccc=Virama}])(?=\p{GCB=Other})")
_INVISIBLE = regex.compile(r"[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]--[ \t]]", regex.V1)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of both texts: its spans in code points, half-open, and the indices of the parts that touch it.

    `lines` is the number of unchanged lines, 0 for a change. The numbers are those of the first lines, from 1.
    """

    old: Span
    new: Span
    parts: range
    lines: int
    cost: int
    old_number: int
    new_number: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks, which tile both texts, and the parts of the comparison, which rise on both sides and tile them, too.

    A part that moved stands in both places: with an empty new side where it was, with an empty old side where it is.
    """

    old: str
    new: str
    parts: tuple[Change, ...]
    blocks: tuple[Block, ...]


def costs_of(text: str, marks: Iterable[int] = (), *, mark_cost: int = 0) -> Sequence[int]:
    """Return what a text costs up to each code point. Each of the marks, which are places in the text, costs more."""
    of_characters = {character: _cost(character) for character in set(text)}
    costs = [0, *map(of_characters.__getitem__, text)]
    for mark in marks:
        costs[mark + 1] += mark_cost
    return array("L", accumulate(costs))


def _cost(character: str) -> int:
    """Return what a code point costs: a line end takes a row, an invisible character a label."""
    if character == "\n":
        return ROW_COST
    length = len(html.escape(character).encode(errors="replace"))
    return length + UNSEEN_COST if _INVISIBLE.match(character) else length


def lay_out(
    old: str,
    new: str,
    changes: Sequence[Change],
    costs: Costs,
    *,
    context: int = 3,
    opened: bool = False,
) -> Layout:
    """Return the blocks of a comparison: changes with `context` unchanged lines around them; none for equal texts.

    `costs` are those of both texts. A single unchanged line is no block, since the fold takes a line, too. If `opened`,
    unchanged lines are going to be drawn, so many of them are several blocks. Linear in the texts and changes.
    """
    parts = tuple(_steps(old, new, changes, costs))
    if all(map(is_unchanged, parts)):
        return Layout(old, new, parts, ())
    cutter = _Cutter(old, new, parts, costs, context, opened=opened)
    for index, part in enumerate(parts):
        if is_unchanged(part):
            cutter.add_unchanged(index, part)
        else:
            cutter.add_changed(index, part)
    cutter.close(len(old), len(new), len(parts))
    return Layout(old, new, parts, tuple(cutter.blocks))


def is_unchanged(part: Change) -> bool:
    """Return whether a part is equal on both sides and did not move."""
    return part.op is Op.EQUAL and part.move is None


def _in_order(changes: Sequence[Change]) -> Iterator[Change]:
    """Yield the changes so that both sides rise; one that moved twice, at its place in each text."""
    moved = sorted(
        (change for change in changes if change.move is not None and change.old[0] < change.old[1]),
        key=lambda change: change.old,
    )
    gone = i = j = 0
    for change in changes:
        if change.move is not None:
            if change.new[0] < change.new[1]:
                yield change._replace(old=(i, i))
                j = change.new[1]
            continue
        while gone < len(moved) and moved[gone].old[0] < change.old[1]:
            yield moved[gone]._replace(new=(j, j))
            i = moved[gone].old[1]
            gone += 1
        yield change
        i, j = max(i, change.old[1]), change.new[1]
    for change in moved[gone:]:
        yield change._replace(new=(j, j))


def _steps(old: str, new: str, changes: Sequence[Change], costs: Costs) -> Iterator[Change]:
    """Yield the changes in order, long ones in steps of at most `STEP_COST` of either side, in whole lines if short."""
    before, after = costs
    for part in _in_order(changes):
        (start, end), (begin, stop) = part.old, part.new
        if (before[end] - before[start] <= STEP_COST and after[stop] - after[begin] <= STEP_COST) or (
            is_unchanged(part)
        ):
            yield part
            continue
        while start < end or begin < stop:
            was = start, step(old, start, end, before)
            now = begin, step(new, begin, stop, after)
            op = part.op
            if op is not Op.EQUAL:
                op = Op.INSERT if was[0] == was[1] else Op.DELETE if now[0] == now[1] else Op.REPLACE
            yield part._replace(op=op, old=was, new=now)
            start, begin = was[1], now[1]


def step(text: str, start: int, end: int, costs: Sequence[int], limit: int = STEP_COST) -> int:
    """Return where a stretch of at most this cost ends: behind a line, else between two grapheme clusters."""
    stop = bisect_right(costs, costs[start] + limit, start, end + 1) - 1
    if stop == end:
        return end
    return text.rfind("\n", start, stop) + 1 or border_after(text, max(start + 1, stop), end)


def border_after(text: str, place: int, end: int) -> int:
    """Return the next place, from this one on, that cuts no grapheme cluster; `place` if none is near."""
    border = _BORDER.search(text, place, min(end, place + 100))
    return int(border.start()) if border else place


def _after_lines(text: str, start: int, end: int, count: int) -> int:
    """Return the place behind the next `count` line ends; `end` if there are fewer."""
    for _ in range(count):
        start = text.find("\n", start, end) + 1
        if not start:
            return end
    return start


def _before_lines(text: str, start: int, end: int, count: int) -> int:
    """Return where the last `count` whole lines start, before an unfinished one; `start` if there are fewer."""
    place = text.rfind("\n", start, end) + 1
    for _ in range(count):
        if place <= start:
            break
        place = text.rfind("\n", start, place - 1) + 1
    return max(start, place)


class _Cutter:
    """Cuts the parts of a comparison, which are added in order, into blocks."""

    def __init__(
        self,
        old: str,
        new: str,
        parts: Sequence[Change],
        costs: Costs,
        context: int,
        *,
        opened: bool,
    ) -> None:
        self.old, self.new, self.parts, self.costs = old, new, parts, costs
        self.context, self.opened = context, opened
        self.blocks: list[Block] = []
        self.start, self.begin, self.first, self.cost = 0, 0, 0, 0  # of the block that is not closed
        self.numbers = 1, 1

    def add_changed(self, index: int, part: Change) -> None:
        """Add a changed part; begin a new block before it if the last one is full."""
        (start, end), (begin, stop) = part.old, part.new
        if self.cost > MAX_COST and (self.starts_lines(start, begin) or self.cost > 2 * MAX_COST):
            self.close(start, begin, index)
        before, after = self.costs
        self.cost += PIECE_COST + before[end] - before[start] + after[stop] - after[begin]

    def add_unchanged(self, index: int, part: Change) -> None:
        """Add an unchanged part; the lines in its middle become blocks of their own."""
        (start, end), (begin, _) = part.old, part.new
        if end - start > 2 * self.context + 1:
            is_whole = self.starts_lines(start, begin)
            head = _after_lines(self.old, start, end, self.context + (not is_whole)) if index else start
            is_last = index == len(self.parts) - 1
            tail = end if is_last else _before_lines(self.old, start, end, self.context)
            lines = self.lines(head, tail) if head < tail else 0
            if lines > 1:
                if index:
                    self.spend(start, head)
                    self.close(head, begin + head - start, index + 1)
                self.fold(head, tail, lines, begin - start, index)
                start = tail
        self.spend(start, end)
        if self.cost > MAX_COST and (line := self.old.rfind("\n", start, end) + 1):
            self.close(line, begin + line - part.old[0], index + 1)
            self.first = index

    def spend(self, start: int, end: int) -> None:
        """Add the cost of an unchanged stretch of the old text, of whose long lines only the ends are drawn."""
        lines = 1 + self.old.count("\n", start, end)
        self.cost += min(self.costs[0][end] - self.costs[0][start], lines * (ROW_COST + 2 * END_COST))

    def fold(self, start: int, end: int, lines: int, shift: int, index: int) -> None:
        """Add unchanged lines from one place of the old text to another, in several blocks if they are opened."""
        while start < end:
            stop = step(self.old, start, end, self.costs[0], MAX_COST) if self.opened else end
            self.first = index
            self.cost = ROW_COST
            if self.opened:
                lines = max(1, self.lines(start, stop))
                self.cost = self.costs[0][stop] - self.costs[0][start]
            self.close(stop, stop + shift, index + 1, lines=lines)
            start = stop
        self.first = index

    def close(self, end: int, stop: int, after: int, *, lines: int = 0) -> None:
        """Add the block that ends at these places, before the part with the index `after`, unless it is empty."""
        if (self.start, self.begin) == (end, stop):
            return
        old, new, parts = (self.start, end), (self.begin, stop), range(self.first, after)
        self.blocks.append(Block(old, new, parts, lines, self.cost, *self.numbers))
        self.numbers = (
            self.numbers[0] + self.old.count("\n", *old),
            self.numbers[1] + self.new.count("\n", *new),
        )
        self.start, self.begin, self.first, self.cost = end, stop, after, 0

    def starts_lines(self, start: int, begin: int) -> bool:
        """Return whether lines of both texts start at these places."""
        return (not start or self.old[start - 1] == "\n") and (not begin or self.new[begin - 1] == "\n")

    def lines(self, start: int, end: int) -> int:
        """Return how many lines of the old text end between two places."""
        count = self.old.count("\n", start, end)
        return count + (start < end == len(self.old) and self.old[end - 1] != "\n")
