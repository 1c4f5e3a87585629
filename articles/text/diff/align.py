"""Aligning two sequences by what they share.

Patience sorting on what is unique, at most LEVELS deep, then Myers' algorithm between the anchors: libgit2's,
which cuts its own losses. Its patience mode is not used, being quadratic where each cut makes just one more
element unique.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

import pygit2

LEVELS = 4  # of patience; each costs one pass over what is left
MYERS_LENGTH = 200_000  # elements of a stretch without anchors; a longer one stays unaligned
SETTLE_STEPS = 100  # how far an insertion may slide to a better place

Run = tuple[int, int, int]  # where it starts in a, where in b, its length
Gap = tuple[int, int, int, int]  # a[i1:i2] stands against b[j1:j2]


@dataclass(slots=True)
class Budget:
    """Code points that may still be compared, and whether something was left coarser for want of them."""

    edited_length: int  # in lines that are compared word by word
    moved_length: int  # in lines that are searched for moves with edits inside
    is_coarse: bool = False


def numbered(
    a: Sequence[str], b: Sequence[str], likeness: Callable[[str], Hashable] | None
) -> tuple[list[int], list[int]]:
    """An integer for each element; one that a single text has shares the number of its like in the other."""
    numbers = dict(zip(dict.fromkeys(chain(a, b)), count()))
    if likeness is not None:
        in_a, in_b = dict.fromkeys(a), set(b)
        only_a = [element for element in in_a if element not in in_b]
        only_b = in_b.difference(in_a)
        if only_b and in_a:
            first = [
                *only_a[::-1],
                *(element for element in reversed(in_a) if element in in_b),
            ]  # the last wins
            like = dict(zip(map(likeness, first), map(numbers.__getitem__, first), strict=True))
            for element in chain(only_a, only_b):
                numbers[element] = like.get(likeness(element), numbers[element])
    return list(map(numbers.__getitem__, a)), list(map(numbers.__getitem__, b))


def runs(a: Sequence[int], b: Sequence[int], budget: Budget) -> list[Run]:
    """Runs of equal elements, in order in both, none touching the next in both."""
    found: list[Run] = []
    stack = [(0, len(a), 0, len(b), 0)]
    while stack:
        i1, i2, j1, j2, level = stack.pop()
        start = i1
        while i1 < i2 and j1 < j2 and a[i1] == b[j1]:
            i1, j1 = i1 + 1, j1 + 1
        if i1 > start:
            found.append((start, j1 - (i1 - start), i1 - start))
        end = i2
        while i1 < i2 and j1 < j2 and a[i2 - 1] == b[j2 - 1]:
            i2, j2 = i2 - 1, j2 - 1
        if end > i2:
            found.append((i2, j2, end - i2))
        if set(a[i1:i2]).isdisjoint(b[j1:j2]):
            continue
        anchors = _unique(a[i1:i2], b[j1:j2]) if level < LEVELS else []
        if anchors:
            blocks = joined((i1 + i, j1 + j, 1) for i, j in anchors)
            found += blocks
            stack += [
                (*gap, level + 1)
                for gap in gaps(blocks, i2, j2, i1, j1)
                if gap[0] < gap[1] and gap[2] < gap[3]
            ]
        elif i2 - i1 + j2 - j1 <= MYERS_LENGTH:
            found.extend((i1 + i, j1 + j, length) for i, j, length in _myers(a[i1:i2], b[j1:j2]))
        else:
            budget.is_coarse = True
    return joined(found)


def joined(found: Iterable[Run]) -> list[Run]:
    """Runs in order, those that follow one another in both sequences as one."""
    whole: list[Run] = []
    end_a = end_b = -1
    for i, j, length in sorted(found):
        if i == end_a and j == end_b:
            first_a, first_b, before = whole[-1]
            whole[-1] = (first_a, first_b, before + length)
        else:
            whole.append((i, j, length))
        end_a, end_b = i + length, j + length
    return whole


def _unique(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int]]:
    """The longest series, rising in both, of elements that occur once in each."""
    count_a, count_b = Counter(a), Counter(b)
    place = {element: j for j, element in enumerate(b) if count_b[element] == 1}
    pairs = [(i, place[element]) for i, element in enumerate(a) if element in place and count_a[element] == 1]
    if all(before < j for (_, before), (_, j) in pairwise(pairs)):
        return pairs
    tails: list[int] = []  # the lowest end of a series of each length
    last: list[int] = []  # which pair that is
    previous: list[int] = []
    for k, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        previous.append(last[length - 1] if length else -1)
        if length == len(tails):
            tails.append(j)
            last.append(k)
        else:
            tails[length], last[length] = j, k
    series = []
    k = last[-1] if last else -1
    while k >= 0:
        series.append(pairs[k])
        k = previous[k]
    return series[::-1]


def _myers(a: Sequence[int], b: Sequence[int]) -> list[Run]:
    # Numbers, one on a line: git never takes them for a binary file.
    text_a, text_b = ("".join([f"{element}\n" for element in side]).encode() for side in (a, b))
    patch = pygit2.Patch.create_from(text_a, text_b, context_lines=0, interhunk_lines=0)
    found, i, j = [], 0, 0
    for hunk in patch.hunks:
        start = hunk.old_start - (hunk.old_lines > 0)  # of nothing, git names the line before
        if start > i:
            found.append((i, j, start - i))
        j += start - i + hunk.new_lines
        i = start + hunk.old_lines
    if i < len(a):
        found.append((i, j, len(a) - i))
    return found


def gaps(found: Sequence[Run], end_a: int, end_b: int, i: int = 0, j: int = 0) -> list[Gap]:
    """What stands between the runs, and between the first and where both sequences start, the last and their ends."""
    between = []
    for start_a, start_b, length in [*found, (end_a, end_b, 0)]:
        if start_a > i or start_b > j:
            between.append((i, start_a, j, start_b))
        i, j = start_a + length, start_b + length
    return between


def settled(
    found: Sequence[Run], a: Sequence[int], b: Sequence[int], score: Callable[[bool, int, int], int]
) -> list[Run]:
    """The same runs, what was only inserted or deleted slid to where `score` is highest, else as late as can be.

    `score(inserted, start, end)` judges b[start:end] as an insertion, or a[start:end] as a deletion.
    """
    moved = [list(run) for run in found]
    for before, after in pairwise(moved):
        inserted = before[0] + before[2] == after[0]
        if not inserted and before[1] + before[2] != after[1]:
            continue
        side = int(inserted)
        sequence = b if inserted else a
        start, end = before[side] + before[2], after[side]
        right = 0
        while right < min(SETTLE_STEPS, after[2] - 1) and sequence[start + right] == sequence[end + right]:
            right += 1
        best, best_score = right, score(inserted, start + right, end + right)
        shift = right - 1
        while -shift <= min(SETTLE_STEPS, before[2]) and sequence[start + shift] == sequence[end + shift]:
            value = score(inserted, start + shift, end + shift)
            if value > best_score:
                best, best_score = shift, value
            shift -= 1
        before[2] += best
        after[0], after[1], after[2] = after[0] + best, after[1] + best, after[2] - best
    return [(i, j, length) for i, j, length in moved if length]
