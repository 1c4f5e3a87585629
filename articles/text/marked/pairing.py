"""Pairs of the leaves and containers of two pages: what became what, by the text that they share."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from articles.text.diff import Change, Op
from articles.text.marked.tree import CELLS, Container, Leaf, Page

_FAMILIES = {tag: family for family in ("ol ul", "tbody tfoot thead", "td th") for tag in family.split()}

Weights = dict[tuple[int, int], int]  # how much an old and a new element share, by their numbers


class Shared(NamedTuple):
    """A stretch that an old and a new leaf share; one without text holds at most a separator."""

    old: Leaf
    new: Leaf
    weight: int
    has_text: bool
    is_moved: bool


def family(tag: str) -> str:
    """Return what elements of different tags have in common if one may become the other, else the tag."""
    return _FAMILIES.get(tag, tag)


def pair(old: Page, new: Page, changes: Sequence[Change]) -> None:
    """Set the partners of all leaves and containers. Linear in the leaves, the changes and the depth, sorting
    apart.

    The cells of a row have their partners in the row that it became.
    """
    rows_old, rows_new = _rows(old.leaves), _rows(new.leaves)
    weights: Weights = defaultdict(int)
    moved: Weights = defaultdict(int)
    cells: dict[tuple[int, int], Weights] = defaultdict(lambda: defaultdict(int))
    for leaf, other, weight, has_text, is_moved in _shared(old, new, changes):
        if not has_text and not _are_of_one_kind(leaf, other):
            continue
        key = rows_old[leaf.number], rows_new[other.number]
        weights[key] += weight
        moved[key] += weight if is_moved else -weight
        if leaf.tag in CELLS and other.tag in CELLS:
            cells[key][leaf.number, other.number] += weight
    for key in _best(weights):
        leaf, other = old.leaves[key[0]], new.leaves[key[1]]
        is_moved = moved[key] > 0
        if leaf.tag in CELLS and other.tag in CELLS:
            for i, j in _cell_pairs(old.leaves, new.leaves, key, cells[key]):
                join(old.leaves[i], new.leaves[j], is_moved=is_moved)
        else:
            join(leaf, other, is_moved=is_moved)
    _pair_containers(old, new)


def join(leaf: Leaf, other: Leaf, *, is_moved: bool) -> None:
    """Make two leaves partners."""
    leaf.partner, other.partner = other, leaf
    leaf.is_moved = other.is_moved = is_moved


def _rows(leaves: Sequence[Leaf]) -> list[int]:
    """Return, for each leaf, the number of the first cell of its row; the leaf's own number if it is no cell."""
    found: list[int] = []
    for leaf in leaves:
        before = leaves[leaf.number - 1] if leaf.number else None
        is_next = leaf.tag in CELLS and before and before.tag in CELLS and before.parent is leaf.parent
        found.append(found[-1] if is_next else leaf.number)
    return found


def _row(leaves: Sequence[Leaf], first: int) -> range:
    """Return the numbers of the cells of a row, given the first."""
    last = first
    while last < len(leaves) and leaves[last].tag in CELLS and leaves[last].parent is leaves[first].parent:
        last += 1
    return range(first, last)


def _cell_pairs(
    old: Sequence[Leaf], new: Sequence[Leaf], key: tuple[int, int], weights: Weights
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of the cells of two rows, rising on both sides. Cells between those pair if they are as many."""
    row_old, row_new = _row(old, key[0]), _row(new, key[1])
    i, j = row_old.start, row_new.start
    for k, m in [*_best(weights), (row_old.stop, row_new.stop)]:
        if m < j:
            continue
        if k - i == m - j:
            yield from zip(range(i, k), range(j, m), strict=True)
        if k < row_old.stop:
            yield k, m
        i, j = k + 1, m + 1


def _shared(old: Page, new: Page, changes: Iterable[Change]) -> Iterator[Shared]:
    """Yield what pairs of leaves share; leaves replaced by others share next to nothing."""
    starts_old = [leaf.start for leaf in old.leaves]
    starts_new = [leaf.start for leaf in new.leaves]
    for change in changes:
        (i, i2), (j, j2) = change.old, change.new
        if i == i2 or j == j2:
            continue
        o, n = bisect_right(starts_old, i) - 1, bisect_right(starts_new, j) - 1
        is_moved = change.move is not None
        if change.op is Op.REPLACE:
            while o < len(starts_old) and n < len(starts_new) and starts_old[o] < i2 and starts_new[n] < j2:
                yield Shared(old.leaves[o], new.leaves[n], 1, has_text=False, is_moved=is_moved)
                o, n = o + 1, n + 1
            continue
        while i < i2:
            leaf, other = old.leaves[o], new.leaves[n]
            length = min(i2 - i, leaf.end - i, other.end - j)
            has_text = i < leaf.start + len(leaf.text) and j < other.start + len(other.text)
            yield Shared(leaf, other, 4 * length - 2, has_text, is_moved)
            i, j = i + length, j + length
            o += i == leaf.end
            n += j == other.end


def _best(weights: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """Return pairs in order, each element in one at most; those that share most come first, of equal ones the first."""
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    pairs = []
    for _, i, j in sorted((-weight, i, j) for (i, j), weight in weights.items()):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            pairs.append((i, j))
    return sorted(pairs)


def _are_of_one_kind(leaf: Leaf, other: Leaf) -> bool:
    """Return whether a leaf without a word in common with another may have been replaced by it."""
    return family(leaf.tag) == family(other.tag) and family(leaf.parent.tag) == family(other.parent.tag)


def _pair_containers(old: Page, new: Page) -> None:
    """Pair the containers around the leaves that are paired, by the length of their text."""
    level: dict[tuple[Container, Container], int] = defaultdict(int)
    for leaf in new.leaves:
        if leaf.partner is not None:
            level[leaf.partner.parent, leaf.parent] += len(leaf.text) + 1
    numbers: dict[Container, int] = {}
    weights: Weights = defaultdict(int)
    while level:
        above: dict[tuple[Container, Container], int] = defaultdict(int)
        for (one, two), weight in level.items():
            is_pair = family(one.tag) == family(two.tag)
            up, over = one.parent, two.parent
            if is_pair and up and over:
                key = numbers.setdefault(one, len(numbers)), numbers.setdefault(two, len(numbers))
                weights[key] += weight
                above[up, over] += weight
            elif up and (one.depth > two.depth or not over):
                above[up, two] += weight
            elif over and (two.depth > one.depth or not up):
                above[one, over] += weight
            elif up and over:
                above[up, over] += weight
        level = above
    containers = list(numbers)
    for i, j in _best(weights):
        containers[i].partner, containers[j].partner = containers[j], containers[i]
    old.root.partner, new.root.partner = new.root, old.root
