"""Parts of a comparison: as many of its blocks as one page draws."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from articles.text.diff.layout import Block

MAX_COST = 250_000  # bytes of HTML, as the blocks estimate them


@dataclass(frozen=True, slots=True)
class Part:
    """A run of blocks, half-open. Parts and changes are numbered from 1; `first` to `last` are the changes in it.

    `total` is the number of parts, `changes` that of all changes. A part without a change has `last` before `first`.
    """

    start: int
    end: int
    number: int
    total: int
    first: int
    last: int
    changes: int


def choose_part(blocks: Sequence[Block], *, number: int | None, at: int | None) -> Part:
    """Return the part that holds the change with the number `at`, else the one with this number, else all blocks.

    A number beyond the last means the last.
    """
    starts, changes = [0], [0]  # of each part: its first block, and the changes before it
    cost = count = 0
    for index, block in enumerate(blocks):
        if cost and cost + block.cost > MAX_COST:
            starts.append(index)
            changes.append(count)
            cost = 0
        cost += block.cost
        count += not block.lines
    if number is None and at is None:
        return Part(0, len(blocks), 1, 1, 1, count, count)
    total = len(starts)
    if at is not None:
        number = bisect_left([*changes[1:], count], at) + 1
    number = min(max(1, number or 1), total)
    starts.append(len(blocks))
    changes.append(count)
    return Part(
        starts[number - 1], starts[number], number, total, changes[number - 1] + 1, changes[number], count
    )
