"""The lines of two texts laid against each other: those that stayed, those that moved, and the gaps between."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import nsmallest
from itertools import accumulate, pairwise, zip_longest

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
from articles.text.diff.tokens import (
    are_alike,
    common_ends,
    count_half_words,
    has_letter,
    is_word,
    match_mark,
    tokenize,
)

SIMILARITY = 0.5  # share of the words and pairs of neighbouring words that two lines have in common
MIN_WORDS = 3  # a line with fewer words moves unchanged or not at all
MIN_LENGTH = 4  # code points of so many words, such as two letters of Han beside two ASCII ones
POSTINGS = 8  # lines that may have a feature in common; a more frequent one says nothing
WRAPPED_LINES = 100  # of the new text that are searched for the words of a line that seems to have moved
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
    head, tail = common_ends(old, new)
    end, stop = len(old) - tail, len(new) - tail
    both = zip_longest(_words(old[head:end]), _words(new[head:stop]))
    if all(word == other for word, other in both):  # only spacing changed
        gaps = [(head, head, [*range(head, end)], [*range(head, stop)])]
        return Layout([(0, 0, head), (end, stop, tail)], [], gaps if head < max(end, stop) else [])
    ids_old, ids_new = number_elements(old, new, _likeness)
    found = _find_line_runs(old, new, ids_old, ids_new, budget)
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
            reordered = _find_line_runs(old, new, ids_old, ids_new, budget)
            others = find_gaps(reordered, len(old), len(new))
            elsewhere = _same(new, ids_old, ids_new, others)
            if moved or elsewhere:
                in_order = set(similar)  # their words are aligned together with the lines around them
                kept = [(i, j, 1) for i, j in _pairs_of(reordered) if (i, j) not in in_order]
                kept = join_runs(kept)
                between, moved = find_gaps(kept, len(old), len(new)), elsewhere
        moved = _long_enough(old, _without_wrapped(old, new, between, moved))
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


def _words(lines: Sequence[str]) -> Iterator[str]:
    """Yield what stands between the spaces of some lines, without the marks of quotes and lists."""
    for line in lines:
        mark = match_mark(line)
        yield from line[mark.end() :].split() if mark else line.split()


def _find_line_runs(
    old: Sequence[str], new: Sequence[str], ids_old: Sequence[int], ids_new: Sequence[int], budget: Budget
) -> list[Run]:
    """Return runs of equal lines. A blank line corresponds to one beside a line that corresponds; it is no anchor."""
    head, tail = common_ends(ids_old, ids_new)
    end, stop = len(old) - tail, len(new) - tail
    solid_old = [i for i in range(head, end) if not old[i].isspace()]
    solid_new = [j for j in range(head, stop) if not new[j].isspace()]
    solid_ids = [ids_old[i] for i in solid_old]
    found = budget.keep_longest(find_runs(solid_ids, [ids_new[j] for j in solid_new], budget))
    solid = _in_step(found, solid_ids, len(solid_new))
    pairs = [(solid_old[i], solid_new[j]) for i, j in _pairs_of(solid)]
    blank: list[tuple[int, int]] = []
    for (i1, j1), (i2, j2) in pairwise([(head - 1, head - 1), *pairs, (end, stop)]):
        i, j = i1 + 1, j1 + 1
        while i < i2 and j < j2 and ids_old[i] == ids_new[j] and old[i].isspace():
            blank.append((i, j))
            i, j = i + 1, j + 1
        last, other = i2 - 1, j2 - 1
        while last >= i and other >= j and ids_old[last] == ids_new[other] and old[last].isspace():
            blank.append((last, other))
            last, other = last - 1, other - 1
    middle = ((i, j, 1) for i, j in [*pairs, *blank])
    return join_runs([*(run for run in ((0, 0, head), (end, stop, tail)) if run[2]), *middle])


def _in_step(found: list[Run], ids_old: Sequence[int], end_new: int) -> list[Run]:
    """Return the runs; a single line becomes the equal old line that stands as far behind the run before it."""
    steady = [(0, 0, 0), *found, (len(ids_old), end_new, 0)]
    for k in range(1, len(steady) - 1):
        i, j, length = steady[k]
        before, after = steady[k - 1], steady[k + 1]
        first = before[0] + before[2]
        nearest = first + j - (before[1] + before[2])
        if length == 1 and i != nearest < after[0] and ids_old[nearest] == ids_old[i]:
            steady[k] = nearest, j, 1
    return steady[1:-1]


def _pairs_of(runs: Sequence[Run]) -> Iterator[tuple[int, int]]:
    """Yield the elements of runs in pairs."""
    return ((i + k, j + k) for i, j, length in runs for k in range(length))


def _without_wrapped(old: Sequence[str], new: Sequence[str], between: Sequence[Gap], moved: Pairs) -> Pairs:
    """Return the moved lines without those whose words still stand at the old place, only wrapped anew.

    Gaps of more than `WRAPPED_LINES` new lines are not searched.
    """
    stayed: set[int] = set()
    away = set(moved.values())
    for i1, i2, j1, j2 in between:
        leaving = [i for i in range(i1, i2) if i in away] if 0 < j2 - j1 <= WRAPPED_LINES else []
        if leaving:
            others = f" {' '.join(_words(new[j1:j2]))} "
            stayed.update(i for i in leaving if f" {' '.join(_words(old[i : i + 1]))} " in others)
    return {j: i for j, i in moved.items() if i not in stayed} if stayed else moved


def _long_enough(old: Sequence[str], moved: Pairs) -> Pairs:
    """Return the moved lines without blocks of fewer than `MIN_WORDS` words."""
    blocks = join_runs((j, i, 1) for j, i in moved.items())
    return {
        j + k: i + k for j, i, length in blocks if _have_words(old[i : i + length]) for k in range(length)
    }


def _have_words(lines: Sequence[str]) -> bool:
    """Return whether some lines have `MIN_WORDS` words together."""
    if len(lines) == 1 and len(lines[0]) < MIN_LENGTH:
        return False
    sizes = accumulate(count_half_words(tokenize(line)) for line in lines)
    return any(size >= 2 * MIN_WORDS for size in sizes)


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
    return [
        (i1 + k, j1 + k)
        for i1, i2, j1, j2 in between
        if i2 - i1 == j2 - j1
        for k in range(i2 - i1)
        if ids_old[i1 + k] not in both
        and ids_new[j1 + k] not in both
        and are_alike(old[i1 + k], new[j1 + k])
        and (k == 0 or _break_alike(old, new, i1 + k, j1 + k))
        and (i1 + k + 1 == i2 or _break_alike(old, new, i1 + k + 1, j1 + k + 1))
    ]


def _break_alike(old: Sequence[str], new: Sequence[str], i: int, j: int) -> bool:
    """Return whether two lines surely begin at the same place: a word before or after the line end is the same."""
    last, other = old[i - 1].split()[-1:], new[j - 1].split()[-1:]
    return last == other or old[i].split()[:1] == new[j].split()[:1]


def _same(new: Sequence[str], ids_old: list[int], ids_new: list[int], between: Sequence[Gap]) -> Pairs:
    """Return the equal lines in gaps; a line follows its neighbour if possible."""
    free: dict[int, deque[int]] = defaultdict(deque)
    left = bytearray(len(ids_old) + 1)  # one for each old line that is in a gap and not paired yet
    for i1, i2, _, _ in between:
        for i in range(i1, i2):
            free[ids_old[i]].append(i)
            left[i] = 1
    pairs: Pairs = {}
    for _, _, j1, j2 in between:
        for j in range(j1, j2):
            following = pairs.get(j - 1, -2) + 1
            if left[following] and ids_old[following] == ids_new[j]:
                found = following
            elif has_letter(new[j]) and ids_new[j] in free:
                candidates = free[ids_new[j]]
                while candidates and not left[candidates[0]]:
                    candidates.popleft()
                if not candidates:
                    continue
                found = candidates.popleft()
            else:
                continue
            left[found] = 0
            pairs[j] = found
    return pairs


def _similar(
    old: Sequence[str], new: Sequence[str], between: Sequence[Gap], same: Pairs, budget: Budget
) -> list[tuple[int, int]]:
    """Return pairs of unmatched lines that share most of their words, the likeliest first."""
    away = set(same.values())
    inside_old = (i for i1, i2, _, _ in between for i in range(i1, i2) if len(old[i]) >= MIN_LENGTH)
    inside_new = (j for _, _, j1, j2 in between for j in range(j1, j2) if len(new[j]) >= MIN_LENGTH)
    lines_old = {i: old[i] for i in inside_old if i not in away}
    lines_new = {j: new[j] for j in inside_new if j not in same}
    return find_similar(lines_old, lines_new, budget) if lines_old and lines_new else []


def find_similar(
    old: Mapping[int, str], new: Mapping[int, str], budget: Budget, *, edited_words: int = MIN_WORDS
) -> list[tuple[int, int]]:
    """Return pairs of texts, by their keys, that share most of their words, the likeliest first.

    Each has at least `MIN_WORDS` words. Two that differ have `edited_words`, and as many distinct words and pairs.
    Past the budget there are none.
    """
    taken_old, taken_new, pairs = set(), set(), []
    least = 2 * edited_words - 1  # words and pairs of neighbours, if all are distinct
    features_old, features_new = _features(old, budget), _features(new, budget)
    if budget.moved_words < 0:
        budget.is_coarse = True
        return []
    for difference, _, i, j in sorted(_candidates(features_old, features_new)):
        is_long = min(len(features_old[i]), len(features_new[j])) >= least
        if (
            i not in taken_old
            and j not in taken_new
            and (is_long or difference == -1 or edited_words == MIN_WORDS)
        ):
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


def _features(texts: Mapping[int, str], budget: Budget) -> dict[int, Features]:
    """Return the words, and the pairs of neighbouring words, of each text that has enough of them."""
    found: dict[int, Features] = {}
    for k, text in texts.items():
        if budget.moved_words < 0:
            break
        words = [token for token in tokenize(text) if is_word(token)]
        budget.moved_words -= len(words)
        if count_half_words(words) >= 2 * MIN_WORDS:
            found[k] = set(words) | set(pairwise(words))
    return found
