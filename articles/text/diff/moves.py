"""Which lines stayed, which moved, and between which ones the text changed in place."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise

import unicodedata2

from articles.text.diff.align import Budget, Gap, Run, gaps, joined, numbered, runs, settled
from articles.text.diff.tokens import are_alike, has_letter, is_word, tokens

SIMILARITY = 0.5  # of the words and pairs of neighbouring words that two lines have, the share that both have
WORDS = 3  # a line with fewer moves as it is or not at all
POSTINGS = 8  # what stands on more lines than this says nothing
CANDIDATES = 3

Pairs = dict[int, int]  # a line of the new text and the one of the old text that it is
Features = set[str | tuple[str, str]]  # words and pairs of neighbouring words


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines by index: runs that stayed, runs that moved (in order of the new text), the gaps between what stayed.

    The lines of a run correspond one to one; they may differ in some words.
    """

    kept: list[Run]
    moved: list[Run]
    gaps: list[tuple[int, int, list[int], list[int]]]  # where each starts, old lines, new lines


def layout(old: Sequence[str], new: Sequence[str], budget: Budget) -> Layout:
    """Which lines correspond: those that read the same but for normal form and trailing space.

    Out of order, they have moved, and so have lines that share most of their words. Other changes stay in gaps.
    """
    ids_old, ids_new = numbered(old, new, _likeness)

    def score(inserted: bool, start: int, end: int) -> int:
        lines = new if inserted else old
        return (start == 0 or not lines[start - 1].strip()) + (not lines[end - 1].strip())

    kept = settled(runs(ids_old, ids_new, budget), ids_old, ids_new, score)
    edited = _edited_in_place(old, new, ids_old, ids_new, gaps(kept, len(old), len(new)))
    kept = joined([*kept, *((i, j, 1) for i, j in edited)])
    between = gaps(kept, len(old), len(new))
    moved: Pairs = {}
    if len(between) > 1 or any(min(i2 - i1, j2 - j1) > 1 for i1, i2, j1, j2 in between):
        moved = _same(new, ids_old, ids_new, between)
        similar = _similar(old, new, between, moved, budget)
        if similar:
            for number, (i, j) in enumerate([*edited, *similar]):
                ids_old[i] = ids_new[j] = -1 - number
            reordered = runs(ids_old, ids_new, budget)
            others = gaps(reordered, len(old), len(new))
            elsewhere = _same(new, ids_old, ids_new, others)
            if moved or elsewhere:
                kept, between, moved = reordered, others, elsewhere
    away = set(moved.values())
    return Layout(
        kept,
        [(i, j, length) for j, i, length in joined((j, i, 1) for j, i in moved.items())],
        [
            (
                i1,
                j1,
                [i for i in range(i1, i2) if i not in away],
                [j for j in range(j1, j2) if j not in moved],
            )
            for i1, i2, j1, j2 in between
        ],
    )


def _likeness(line: str) -> str:
    line = line.rstrip()
    return line if line.isascii() else str(unicodedata2.normalize("NFC", line))


def _edited_in_place(
    old: Sequence[str], new: Sequence[str], ids_old: list[int], ids_new: list[int], between: Sequence[Gap]
) -> list[tuple[int, int]]:
    """Lines that surely replace one another, in gaps with as many old lines as new, and stand in no other gap."""
    both = {ids_old[i] for i1, i2, _, _ in between for i in range(i1, i2)}
    both &= {ids_new[j] for _, _, j1, j2 in between for j in range(j1, j2)}
    pairs = [(i1 + k, j1 + k) for i1, i2, j1, j2 in between if i2 - i1 == j2 - j1 for k in range(i2 - i1)]
    return [
        (i, j)
        for i, j in pairs
        if ids_old[i] not in both and ids_new[j] not in both and are_alike(old[i], new[j])
    ]


def _same(new: Sequence[str], ids_old: list[int], ids_new: list[int], between: Sequence[Gap]) -> Pairs:
    """Equal lines that stand in gaps, each following its neighbour where it can."""
    free: dict[int, deque[int]] = defaultdict(deque)
    left = set()
    for i1, i2, _, _ in between:
        for i in range(i1, i2):
            free[ids_old[i]].append(i)
            left.add(i)
    pairs: Pairs = {}
    for _, _, j1, j2 in between:
        for j in range(j1, j2):
            following = pairs.get(j - 1, -2) + 1
            if following in left and ids_old[following] == ids_new[j]:
                found = following
            elif has_letter(new[j]) and ids_new[j] in free:
                candidates = free[ids_new[j]]
                while candidates and candidates[0] not in left:
                    candidates.popleft()
                if not candidates:
                    continue
                found = candidates.popleft()
            else:
                continue
            left.discard(found)
            pairs[j] = found
    return pairs


def _similar(
    old: Sequence[str], new: Sequence[str], between: Sequence[Gap], same: Pairs, budget: Budget
) -> list[tuple[int, int]]:
    """Return pairs of unmatched lines that share most of their words, the likeliest first."""
    away = set(same.values())
    lines_old = [i for i1, i2, _, _ in between for i in range(i1, i2) if i not in away]
    lines_new = [j for _, _, j1, j2 in between for j in range(j1, j2) if j not in same]
    if not lines_old or not lines_new:
        return []
    budget.moved_length -= sum(len(old[i]) for i in lines_old) + sum(len(new[j]) for j in lines_new)
    if budget.moved_length < 0:
        budget.is_coarse = True
        return []
    taken_old, taken_new, pairs = set(), set(), []
    for _, _, i, j in sorted(_candidates(_features(old, lines_old), _features(new, lines_new))):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            pairs.append((i, j))
    return pairs


def _candidates(
    features_old: Mapping[int, Features], features_new: Mapping[int, Features]
) -> Iterator[tuple[float, int, int, int]]:
    """Yield pairs of similar lines as (minus their similarity, their distance, the old line, the new line).

    Each old line is held against the `CANDIDATES` new ones that share most rare features with it, near ones first.
    """
    places: dict[str | tuple[str, str], list[int]] = defaultdict(list)
    for j, features in features_new.items():
        for feature in features:
            places[feature].append(j)
    for i, features in features_old.items():
        shared: Counter[int] = Counter()
        for feature in features:
            lines = places.get(feature, ())
            if len(lines) <= POSTINGS:
                shared.update(lines)
        # The order in which a set yields strings differs between processes, so ties are broken here.
        ranked = ((-count, abs(i - j), j) for j, count in shared.items())
        for _, distance, j in nsmallest(CANDIDATES, ranked):
            other = features_new[j]
            similarity = 2 * len(features & other) / (len(features) + len(other))
            if similarity >= SIMILARITY:
                yield -similarity, distance, i, j


def _features(lines: Sequence[str], which: Sequence[int]) -> dict[int, Features]:
    """Return the words, and the pairs of neighbouring words, of each line that has enough of them."""
    found: dict[int, Features] = {}
    for k in which:
        words = [token for token in tokens(lines[k]) if is_word(token)]
        if len(words) >= WORDS:
            found[k] = set(words) | set(pairwise(words))
    return found
