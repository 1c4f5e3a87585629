"""The lines of two texts laid against each other: those that stayed, those that moved, and the gaps between."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import nsmallest
from itertools import pairwise

import unicodedata2

from articles.text.diff.align import (
    Budget,
    Gap,
    Run,
    find_gaps,
    find_runs,
    join_runs,
    number_elements,
    slide_runs,
)
from articles.text.diff.tokens import are_alike, has_letter, is_word, tokenize

SIMILARITY = 0.5  # share of the words and pairs of neighbouring words that two lines have in common
MIN_WORDS = 3  # a line with fewer words moves unchanged or not at all
POSTINGS = 8  # lines that may have a feature in common; a more frequent one says nothing
CANDIDATES = 3  # new lines that an old one is held against

Pairs = dict[int, int]  # from a line of the new text to its line of the old text
Features = set[str | tuple[str, str]]  # words and pairs of neighbouring words


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines by index: runs that stayed, runs that moved (in order of the new text), and gaps between what stayed.

    The lines of a run correspond one to one and may differ in some words.
    """

    kept: list[Run]
    moved: list[Run]
    gaps: list[tuple[int, int, list[int], list[int]]]  # both starts, the old lines, the new lines


def lay_out(old: Sequence[str], new: Sequence[str], budget: Budget) -> Layout:
    """Return which lines correspond: those that are equal in NFC, trailing white space apart.

    Such lines have moved if they are out of order, and so have lines that share most of their words. All other lines
    stay in gaps.
    """
    ids_old, ids_new = number_elements(old, new, _likeness)
    found = find_runs(ids_old, ids_new, budget)
    kept = slide_runs(found, ids_old, ids_new, partial(_score, old), partial(_score, new))
    edited = _edited_in_place(old, new, ids_old, ids_new, find_gaps(kept, len(old), len(new)))
    kept = join_runs([*kept, *((i, j, 1) for i, j in edited)])
    between = find_gaps(kept, len(old), len(new))
    moved: Pairs = {}
    if len(between) > 1 or any(min(i2 - i1, j2 - j1) > 1 for i1, i2, j1, j2 in between):
        moved = _same(new, ids_old, ids_new, between)
        similar = _similar(old, new, between, moved, budget)
        if similar:
            for number, (i, j) in enumerate([*edited, *similar]):
                ids_old[i] = ids_new[j] = -1 - number
            reordered = find_runs(ids_old, ids_new, budget)
            others = find_gaps(reordered, len(old), len(new))
            elsewhere = _same(new, ids_old, ids_new, others)
            if moved or elsewhere:
                kept, between, moved = reordered, others, elsewhere
    away = set(moved.values())
    return Layout(
        kept,
        [(i, j, length) for j, i, length in join_runs((j, i, 1) for j, i in moved.items())],
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


def _score(lines: Sequence[str], start: int, end: int) -> int:
    """Return a higher score the more ends of a stretch of lines stand at a blank line."""
    return (start == 0 or not lines[start - 1].strip()) + (not lines[end - 1].strip())


def _likeness(line: str) -> str:
    """Return what two lines that correspond have in common: NFC, without trailing white space."""
    line = line.rstrip()
    return line if line.isascii() else str(unicodedata2.normalize("NFC", line))


def _edited_in_place(
    old: Sequence[str], new: Sequence[str], ids_old: list[int], ids_new: list[int], between: Sequence[Gap]
) -> list[tuple[int, int]]:
    """Return pairs of lines that surely replace one another: at the same place in gaps with as many lines on each side.

    A line that stands in gaps of both texts is left out, since it may have moved.
    """
    both = {ids_old[i] for i1, i2, _, _ in between for i in range(i1, i2)}
    both &= {ids_new[j] for _, _, j1, j2 in between for j in range(j1, j2)}
    pairs = [(i1 + k, j1 + k) for i1, i2, j1, j2 in between if i2 - i1 == j2 - j1 for k in range(i2 - i1)]
    return [
        (i, j)
        for i, j in pairs
        if ids_old[i] not in both and ids_new[j] not in both and are_alike(old[i], new[j])
    ]


def _same(new: Sequence[str], ids_old: list[int], ids_new: list[int], between: Sequence[Gap]) -> Pairs:
    """Return the equal lines in gaps; a line follows its neighbour if possible."""
    free: dict[int, deque[int]] = defaultdict(deque)
    left = set()  # old lines that are not paired yet
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
        words = [token for token in tokenize(lines[k]) if is_word(token)]
        if len(words) >= MIN_WORDS:
            found[k] = set(words) | set(pairwise(words))
    return found
