"""A changed line cut into windows that are compared apart, since much that reads the same stands between them.

What stands between spaces is aligned first: that costs a tenth of aligning words.
"""

from collections.abc import Iterator
from itertools import pairwise
from operator import eq

from articles.text.diff.align import Budget, Gap, Run, numbered, runs
from articles.text.diff.tokens import starts_token

KEPT = 8  # pieces in a row that read the same: too many for an island, so the line may be cut among them
CONTEXT = 8  # of them stay beside a change, so that an insertion can slide to a better place


def windows(old: str, new: str) -> Iterator[Gap]:
    """Stretches that tile both lines, in order: those that read the same, and between them those that hold changes.

    Each begins where a token does.
    """
    a, b = old.split(" "), new.split(" ")
    found = _in_place(a, b) or runs(*numbered(a, b, None), Budget(0, 0))
    i = j = start = begin = 0
    for first, other, length in [*_settled(a, b, found), (len(a), len(b), 0)]:
        if first > i or other > j:
            end, stop = start + _length(a, i, first), begin + _length(b, j, other)
            yield start, end, begin, stop
            start, begin = end, stop
        i, j = first + length, other + length
        if length:
            size = _length(a, first, i)
            yield start, start + size, begin, begin + size
            start, begin = start + size, begin + size


def _length(pieces: list[str], first: int, last: int) -> int:
    """Code points of some pieces, with the space after each but the last of the line."""
    return len(" ".join(pieces[first:last])) + (first < last < len(pieces))


def _in_place(a: list[str], b: list[str]) -> list[Run]:
    """What reads the same at the same place, if that is most of two lines of as many pieces."""
    if len(a) != len(b):
        return []
    apart = [k for k, is_same in enumerate(map(eq, a, b)) if not is_same]
    if len(apart) * 4 > len(a):
        return []
    return [
        (i, i, k - i) for i, k in zip([0, *(k + 1 for k in apart)], [*apart, len(a)], strict=True) if k > i
    ]


def _settled(a: list[str], b: list[str], found: list[Run]) -> Iterator[Run]:
    """What of the long runs may stand apart from the changes beside them."""
    end_a = end_b = 0
    for (i, j, length), (next_i, next_j, _) in pairwise([*found, (len(a), len(b), 0)]):
        before = i - end_a, j - end_b
        end_a, end_b = i + length, j + length
        is_at_an_end = i == j == 0 or (end_a, end_b) == (len(a), len(b))  # and so no island
        if length < KEPT and not is_at_an_end:
            continue
        first, last = i + _context(*before), end_a - _context(next_i - end_a, next_j - end_b)
        while first < last and first and not starts_token(a[first]):
            first += 1
        while first < last < len(a) and not (starts_token(a[last]) and starts_token(b[last + j - i])):
            last -= 1
        if first < last:
            yield first, first + j - i, last - first


def _context(old: int, new: int) -> int:
    """How many pieces of a run stay with a gap of this size; one piece for another cannot slide."""
    return 0 if old == new <= 1 else CONTEXT
