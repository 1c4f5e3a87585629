"""Windows of a changed line: stretches that are compared apart, because long equal stretches part them.

The pieces between spaces are aligned first, which costs a tenth of aligning words.
"""

from collections.abc import Iterator
from itertools import pairwise
from operator import eq

from articles.text.diff.align import Budget, Gap, Run, find_runs, number_elements
from articles.text.diff.tokens import starts_token

MIN_RUN = 8  # equal pieces in a row, too many for an island, so the line may be cut among them
CONTEXT = 8  # of these pieces stay with a change, so that an insertion can slide to a better place


def cut_windows(old: str, new: str) -> Iterator[Gap]:
    """Yield stretches that tile both lines, in order: equal ones, and between them those that hold the changes.

    Each begins where a token begins.
    """
    a, b = old.split(" "), new.split(" ")
    found = _in_place(a, b) or find_runs(*number_elements(a, b, None), Budget(0, 0, len(a), 0))
    i = j = start = begin = 0
    for first, other, length in [*_trim_runs(a, b, found), (len(a), len(b), 0)]:
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
    """Return the code points of some pieces, with the space after each except the last of the line."""
    return len(" ".join(pieces[first:last])) + (first < last < len(pieces))


def _in_place(a: list[str], b: list[str]) -> list[Run]:
    """Return the runs of equal pieces at equal places, if the lines have as many pieces and most are equal."""
    if len(a) != len(b):
        return []
    apart = [k for k, is_same in enumerate(map(eq, a, b)) if not is_same]
    if len(apart) * 4 > len(a):
        return []
    return [
        (i, i, k - i) for i, k in zip([0, *(k + 1 for k in apart)], [*apart, len(a)], strict=True) if k > i
    ]


def _trim_runs(a: list[str], b: list[str], found: list[Run]) -> Iterator[Run]:
    """Yield the long runs without the context that the changes beside them need."""
    end_a = end_b = 0
    for (i, j, length), (next_i, next_j, _) in pairwise([*found, (len(a), len(b), 0)]):
        before = i - end_a, j - end_b
        end_a, end_b = i + length, j + length
        is_at_an_end = i == j == 0 or (end_a, end_b) == (len(a), len(b))  # and so is no island
        if length < MIN_RUN and not is_at_an_end:
            continue
        first, last = i + _context(*before), end_a - _context(next_i - end_a, next_j - end_b)
        while first < last and first and not starts_token(a[first]):
            first += 1
        while first < last < len(a) and not (starts_token(a[last]) and starts_token(b[last + j - i])):
            last -= 1
        if first < last:
            yield first, first + j - i, last - first


def _context(old: int, new: int) -> int:
    """Return how many pieces of a run stay with a gap of this size; one piece for another cannot slide."""
    return 0 if old == new <= 1 else CONTEXT
