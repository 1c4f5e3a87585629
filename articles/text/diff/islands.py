"""Islands: a few equal words in a rewritten sentence, which readers understand better as part of the change."""

from collections.abc import Sequence

from articles.text.diff.align import Run, find_gaps
from articles.text.diff.tokens import is_unspaced

ISLAND_HALF_WORDS = 10  # a longer run is never an island
ISLAND_TOKENS = 40  # nor is a run of as many tokens, spaces included
NEIGHBOUR_HALF_WORDS = 8  # the least that is replaced on both sides of an island together

Island = tuple[int, int, list[int]]  # its letters, its half words, and the indices of its runs

_BARRIERS = frozenset(("\n", "\r\n", "|"))


def _is_fragment(kept: Sequence[Run], k: int, old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether a run is one letter of a script without spaces, between changed words of it on both sides."""
    i, j, length = kept[k]
    if length > 1 or len(old[i]) > 1 or not is_unspaced(old[i]) or not 0 < k < len(kept) - 1:
        return False
    before, after = kept[k - 1], kept[k + 1]
    sides = (old, i, before[0] + before[2], after[0]), (new, j, before[1] + before[2], after[1])
    return any(start < at and is_unspaced(texts[at - 1]) for texts, at, start, _ in sides) and any(
        at + 1 < end and is_unspaced(texts[at + 1]) for texts, at, _, end in sides
    )


def _size(texts: Sequence[str]) -> tuple[int, int]:
    """Return the letters and half words of some tokens; a single letter beyond ASCII, such as Han, is half a word."""
    words = [
        token for token in texts if token[0].isalnum() or token[-1].isalnum()
    ]  # `is_word` without a call
    single = [token for token in words if len(token) == 1 and not token.isascii()]
    return sum(map(len, words)), 2 * len(words) - len(single)


def drop_islands(kept: list[Run], old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Return the runs of tokens without those that stand alone in a rewritten sentence.

    A run with a line end or the border of a table's cell always stays.
    """
    if len(find_gaps(kept, len(old), len(new))) < 2:
        return kept
    kept = [run for k, run in enumerate(kept) if not _is_fragment(kept, k, old, new)]
    dropped: set[int] = set()
    changes: list[tuple[int, int]] = []  # their sizes; the islands stand between them
    islands: list[Island] = []
    i = j = 0
    for k, (start_a, start_b, length) in enumerate([*kept, (len(old), len(new), 0)]):
        is_worded = False  # without words, a change parts no island
        if i < start_a or j < start_b:
            before, after = _size(old[i:start_a]), _size(new[j:start_b])
            change = (max(before[0], after[0]), max(before[1], after[1]))
            is_worded = change[0] > 0
            if is_worded:
                changes.append(change)
        i, j = start_a + length, start_b + length
        inside = old[start_a : min(i, start_a + ISLAND_TOKENS)]
        letters, words = _size(inside)
        runs = [k]
        if changes and not is_worded and len(islands) == len(changes):
            letters, words, runs = letters + islands[-1][0], words + islands[-1][1], [*islands.pop()[2], k]
        if not 0 < length < ISLAND_TOKENS or words > ISLAND_HALF_WORDS or not _BARRIERS.isdisjoint(inside):
            dropped |= _lone(changes, islands)
            changes, islands = [], []
        elif changes:
            islands.append((letters, words, runs))
    return [run for k, run in enumerate(kept) if k not in dropped]


def _lone(changes: list[tuple[int, int]], islands: list[Island]) -> set[int]:
    """Return the indices of the runs of islands that are too small beside the changes around them."""
    if len(changes) > 2:
        letters = sum(size for size, _ in changes)
        between = islands[: len(changes) - 1]
        if 3 * sum(size for size, _, _ in between) < letters:
            return {k for _, _, runs in between for k in runs}
    dropped: set[int] = set()
    merged: list[tuple[int, int]] = changes[:1]
    open_islands: list[Island] = []
    for island, change in zip(islands, changes[1:], strict=False):
        open_islands.append(island)
        merged.append(change)
        while open_islands:
            (letters, words, runs), (left, right) = open_islands[-1], merged[-2:]
            if 2 * letters > min(left[0], right[0]) or left[1] + right[1] < NEIGHBOUR_HALF_WORDS:
                break
            dropped.update(runs)
            merged[-2:] = [(left[0] + letters + right[0], left[1] + words + right[1])]
            open_islands.pop()
    return dropped
