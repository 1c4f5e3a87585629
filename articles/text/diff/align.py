"""The alignment of two sequences: runs of equal elements, and the gaps between them.

Patience diff aligns the elements that are unique, at most `LEVELS` deep. Between these anchors stands Myers' algorithm
as libgit2 has it, which bounds its own cost. The patience mode of libgit2 is not used: it is quadratic where each cut
makes only one more element unique.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

import pygit2

LEVELS = 4  # of patience diff; each is one pass over the elements that are not aligned yet
MYERS_LENGTH = 200_000  # elements of a stretch without anchors; a longer one stays unaligned
MAX_SLIDE = 100  # elements by which an insertion may slide to a better place

Span = tuple[int, int]  # start and end, half-open
Run = tuple[int, int, int]  # the start in a, the start in b, and the length
Gap = tuple[int, int, int, int]  # a[i1:i2] stands against b[j1:j2]
Score = Callable[[int, int], int]  # how good a place is for an insertion or deletion with this start and end


@dataclass(slots=True)
class Budget:
    """The work that a comparison may still do. `is_coarse` is set when the budget made a result coarser."""

    edited_length: int  # code points of lines that are compared word by word
    moved_words: int  # of lines and sentences that are searched for moves with edits inside
    edits: int  # stretches, equal or not, into which lines and words are divided
    tokens: int  # of lines that are compared word by word
    is_coarse: bool = False

    def keep_longest(self, found: list[Run]) -> list[Run]:
        """Return the runs; only the longest, of equal ones the first, if there are more than edits left."""
        if len(found) <= self.edits:
            return found
        self.is_coarse = True
        return sorted(sorted(found, key=lambda run: -run[2])[: max(self.edits, 0)])


def number_elements(
    a: Sequence[str], b: Sequence[str], likeness: Callable[[str], Hashable] | None
) -> tuple[list[int], list[int]]:
    """Return an integer for each element of `a` and `b`; equal elements have the same.

    An element that only one side has gets the number of an element of the other side with the same `likeness`.
    """
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


def find_runs(a: Sequence[int], b: Sequence[int], budget: Budget) -> list[Run]:
    """Return runs of equal elements, in the order of both sequences. No run touches the next one on both sides.

    Marks the budget as coarse if a stretch longer than `MYERS_LENGTH` stays unaligned.
    """
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
            blocks = join_runs((i1 + i, j1 + j, 1) for i, j in anchors)
            found += blocks
            stack += [
                (*gap, level + 1)
                for gap in find_gaps(blocks, i2, j2, i1, j1)
                if gap[0] < gap[1] and gap[2] < gap[3]
            ]
        elif i2 - i1 + j2 - j1 <= MYERS_LENGTH:
            found.extend((i1 + i, j1 + j, length) for i, j, length in _myers(a[i1:i2], b[j1:j2]))
        else:
            budget.is_coarse = True
    return join_runs(found)


def join_runs(found: Iterable[Run]) -> list[Run]:
    """Return the runs in order; runs that touch in both sequences become one."""
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
    """Return the longest series of elements that occur once in each sequence, rising in both (patience diff)."""
    count_a, count_b = Counter(a), Counter(b)
    place = {element: j for j, element in enumerate(b) if count_b[element] == 1}
    pairs = [(i, place[element]) for i, element in enumerate(a) if element in place and count_a[element] == 1]
    if all(before < j for (_, before), (_, j) in pairwise(pairs)):
        return pairs
    tails: list[int] = []  # the lowest end of a series of each length
    last: list[int] = []  # the index of the pair at that end
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
    """Return the runs that Myers' algorithm finds."""
    # One number a line: git never takes that for a binary file.
    text_a, text_b = ("".join([f"{element}\n" for element in side]).encode() for side in (a, b))
    patch = pygit2.Patch.create_from(text_a, text_b, context_lines=0, interhunk_lines=0)
    found, i, j = [], 0, 0
    for hunk in patch.hunks:
        start = hunk.old_start - (hunk.old_lines > 0)  # git names the line before an empty range
        if start > i:
            found.append((i, j, start - i))
        j += start - i + hunk.new_lines
        i = start + hunk.old_lines
    if i < len(a):
        found.append((i, j, len(a) - i))
    return found


def find_gaps(found: Sequence[Run], end_a: int, end_b: int, i: int = 0, j: int = 0) -> list[Gap]:
    """Return the gaps between the runs, from a[i] and b[j] on up to both ends."""
    between = []
    for start_a, start_b, length in [*found, (end_a, end_b, 0)]:
        if start_a > i or start_b > j:
            between.append((i, start_a, j, start_b))
        i, j = start_a + length, start_b + length
    return between


def slide_runs(
    found: Sequence[Run],
    a: Sequence[int],
    b: Sequence[int],
    score_deletion: Score,
    score_insertion: Score,
) -> list[Run]:
    """Return the runs with each pure insertion or deletion slid to the place with the highest score.

    Of places with equal scores the last is taken. An insertion slides by at most `MAX_SLIDE` elements.
    """
    moved = [list(run) for run in found]
    for before, after in pairwise(moved):
        is_insertion = before[0] + before[2] == after[0]
        if not is_insertion and before[1] + before[2] != after[1]:
            continue
        side = int(is_insertion)
        sequence, score = (b, score_insertion) if is_insertion else (a, score_deletion)
        start, end = before[side] + before[2], after[side]
        right = 0
        is_last = (after[0] + after[2], after[1] + after[2]) == (len(a), len(b))  # and may slide away
        while (
            right < min(MAX_SLIDE, after[2] - (not is_last))
            and sequence[start + right] == sequence[end + right]
        ):
            right += 1
        best, best_score = right, score(start + right, end + right)
        shift = right - 1
        while -shift <= min(MAX_SLIDE, before[2]) and sequence[start + shift] == sequence[end + shift]:
            value = score(start + shift, end + shift)
            if value > best_score:
                best, best_score = shift, value
            shift -= 1
        before[2] += best
        after[0], after[1], after[2] = after[0] + best, after[1] + best, after[2] - best
    return [(i, j, length) for i, j, length in moved if length]
