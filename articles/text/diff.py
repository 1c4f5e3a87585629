"""What changed between two texts, to the grapheme cluster, and of which kind each change is.

Lines (only U+000A ends one) are aligned first, then the words of the lines that differ, then the clusters of words that
resemble each other. See docs/diff.md.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from operator import itemgetter

import regex
import unicodedata2

from .confusables import skeleton
from .moves import layout
from .words import common_ends, edits, replaced, safe_ends, stretches

MAX_LINES = 500_000  # of both texts together, after what they start and end with alike
MAX_EDITED_LENGTH = 2_000_000  # code points of changed lines, of both texts together, that are compared word by word

Span = tuple[int, int]


class Op(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"


class Kind(StrEnum):
    """What a change alters; the first that fits."""

    NORMALIZATION = "normalization"  # both sides have the same NFC
    SPACING = "spacing"  # only white space and line ends
    INVISIBLE = "invisible"  # only characters without a shape: default-ignorables, controls
    LOOK_ALIKE = "look-alike"  # equal skeletons, not both ASCII
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Change:
    """old[slice(*self.old)] became new[slice(*self.new)]; `move` numbers the moved block that it is a part of."""

    op: Op
    old: Span
    new: Span
    kind: Kind | None
    move: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in order of the new text; `coarse` when the budget left some of them wider than need be."""

    changes: tuple[Change, ...]
    coarse: bool


def compare(old: str, new: str) -> Comparison:
    """The changes that turn `old` into `new`, the unchanged stretches among them.

    Positions are code points, half-open. In order of `old` the spans tile it, in order of `new` they tile that; an
    equal change reads the same on both sides; none cuts a grapheme cluster of either text. Lines that moved carry the
    number of their block, edits inside them too. The work is bounded: past the budget the result is coarser.

    >>> [(change.op.value, change.old, change.new) for change in compare("a red fox", "a blue fox").changes]
    [('equal', (0, 2), (0, 2)), ('replace', (2, 5), (2, 6)), ('equal', (5, 9), (6, 10))]
    """
    if old == new:
        whole = (0, len(old))
        return Comparison((Change(Op.EQUAL, whole, whole, None, None),) if old else (), False)
    finder = _Finder(old, new)
    finder.find()
    parts = _with_line_ends(old, new, finder.parts)
    return Comparison(tuple(_changes(old, new, parts)), finder.is_coarse)


def kind_of(old: str, new: str) -> Kind:
    """Which kind of change it is when `old` becomes `new`; they differ."""
    if unicodedata2.normalize("NFC", old) == unicodedata2.normalize("NFC", new):
        return Kind.NORMALIZATION
    old, new = "".join(old.split()), "".join(new.split())
    if old == new:
        return Kind.SPACING
    if old.isascii() and new.isascii() and old.isprintable() and new.isprintable():
        return Kind.WORDING
    if _invisible.sub("", old) == _invisible.sub("", new):
        return Kind.INVISIBLE
    if skeleton(old) == skeleton(new) and not (old.isascii() and new.isascii()):
        return Kind.LOOK_ALIKE
    return Kind.WORDING



def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends; only U+000A ends one."""
    return _lines(text)


def invisible(text: str) -> list[str]:
    """The characters of a text that draw nothing: default-ignorables, format characters, controls."""
    found: list[str] = _invisible.findall("".join(text.split()))
    return found


_lines = re.compile(r"[^\n]*\n|[^\n]+").findall
_invisible = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]")

Part = tuple[int, int, int, int, int | None]  # an edit and the number of its move


class _Finder:
    """Collects the parts of one comparison and counts the work they cost."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = split_lines(old), split_lines(new)
        self.old_starts = list(accumulate(map(len, self.old), initial=0))
        self.new_starts = list(accumulate(map(len, self.new), initial=0))
        self.parts: list[Part] = []
        self.length_left = MAX_EDITED_LENGTH
        self.is_coarse = False

    def find(self) -> None:
        if len(self.old) + len(self.new) > MAX_LINES:
            self._trim()
        if len(self.old) + len(self.new) > MAX_LINES:
            self.is_coarse = True
            self._add(0, len(self.old), 0, len(self.new), None)
            return
        found = layout(self.old, self.new)
        self.is_coarse |= found.is_coarse
        for i, j, length in found.kept:
            self._corresponding(i, j, length, None)
        for number, (i, j, length) in enumerate(found.moved, start=1):
            self._corresponding(i, j, length, number)
        for i, j, old, new in found.gaps:
            self._between(i, j, old, new)

    def _trim(self) -> None:
        """Settles the lines that both texts start and end with."""
        shorter = min(len(self.old), len(self.new))
        head = tail = 0
        while head < shorter and self.old[head] == self.new[head]:
            head += 1
        while tail < shorter - head and self.old[-1 - tail] == self.new[-1 - tail]:
            tail += 1
        end, stop = len(self.old) - tail, len(self.new) - tail
        self._add(0, head, 0, head, None)
        self._add(end, len(self.old), stop, len(self.new), None)
        self.old, self.old_starts = self.old[head:end], self.old_starts[head : end + 1]
        self.new, self.new_starts = self.new[head:stop], self.new_starts[head : stop + 1]

    def _corresponding(self, i: int, j: int, length: int, move: int | None) -> None:
        """Lines that belong together one to one."""
        if self.old[i : i + length] == self.new[j : j + length]:
            self._add(i, i + length, j, j + length, move)
            return
        for k in range(length):
            if self.old[i + k] == self.new[j + k]:
                self._add(i + k, i + k + 1, j + k, j + k + 1, move)
            else:
                self._edited([i + k], [j + k], move)

    def _between(self, i: int, j: int, old: list[int], new: list[int]) -> None:
        """Lines that do not, in a gap that starts at lines i and j."""
        if old and new:
            self._edited(old, new, None)
            return
        for k in old:
            self._add(k, k + 1, j, j, None)
        for k in new:
            self._add(i, i, k, k + 1, None)

    def _add(self, i1: int, i2: int, j1: int, j2: int, move: int | None) -> None:
        old, new = self.old_starts, self.new_starts
        self.parts.append((old[i1], old[i2], new[j1], new[j2], move))

    def _edited(self, old: list[int], new: list[int], move: int | None) -> None:
        """Lines of which some words changed; a single pair is cut down to where it differs first."""
        was = [(self.old_starts[i], self.old[i]) for i in old]
        now = [(self.new_starts[j], self.new[j]) for j in new]
        if len(was) == len(now) == 1:
            (start, text), (begin, other) = was[0], now[0]
            head, tail = safe_ends(text, *common_ends(text, other))
            if head:
                self.parts.append((start, start + head, begin, begin + head, move))
            if tail:
                end, stop = start + len(text), begin + len(other)
                self.parts.append((end - tail, end, stop - tail, stop, move))
            was = [(start + head, text[head : len(text) - tail])]
            now = [(begin + head, other[head : len(other) - tail])]
        self.length_left -= sum(len(text) for _, text in was) + sum(len(text) for _, text in now)
        if self.length_left < 0:
            self.is_coarse = True
            self.parts += [(*edit, move) for edit in replaced(stretches(was), stretches(now))]
        else:
            self.parts += [(*edit, move) for edit in edits(was, now)]


def _with_line_ends(old: str, new: str, parts: list[Part]) -> list[Part]:
    """Line ends deleted on one side of a moved block and inserted on the other moved with it."""
    if not any(move for *_, move in parts):
        return parts
    deleted, inserted = _loose(old, parts, 0), _loose(new, parts, 2)
    gone: set[Part] = set()
    found: list[Part] = []
    for key, places in deleted.items():
        for lost, gained in zip(places, inserted.get(key, ()), strict=False):
            if gone.isdisjoint(lost) and gone.isdisjoint(gained):
                gone.update(lost, gained)
                found.append((lost[0][0], lost[-1][1], gained[0][2], gained[-1][3], key[1]))
    return [part for part in parts if part not in gone] + found


def _loose(text: str, parts: list[Part], side: int) -> dict[tuple[str, int], list[list[Part]]]:
    """Line ends that one side alone has, in or beside a moved block: the parts, by how they read and the block's number."""
    found: dict[tuple[str, int], list[list[Part]]] = defaultdict(list)
    placed = sorted((part for part in parts if part[side] < part[side + 1]), key=itemgetter(side))
    first = 0
    while first < len(placed):
        last = first
        while last < len(placed) and _is_loose(text, placed[last], side):
            last += 1
        group = placed[first:last]
        if group:
            read = text[group[0][side] : group[-1][side + 1]]
            for move in sorted({part[4] or 0 for part in placed[max(first - 1, 0) : last + 1]} - {0}):
                found[read, move].append(group)
        first = last + 1
    return found


def _is_loose(text: str, part: Part, side: int) -> bool:
    start, end = part[side : side + 2]
    return part[2 - side] == part[3 - side] and text.count("\n", start, end) == end - start


def _changes(old: str, new: str, parts: list[Part]) -> Iterator[Change]:
    """The parts in order of the new text; those that touch are one, unless a line ends between them."""
    merged: list[tuple[bool, Part]] = []
    for part in sorted(parts, key=itemgetter(2, 3, 0)):
        i1, i2, j1, j2, move = part
        if i1 == i2 and j1 == j2:
            continue
        is_equal = old[i1:i2] == new[j1:j2]
        if merged:
            was_equal, (k1, k2, m1, m2, other) = merged[-1]
            one_sided = k1 == i2 or m1 == j2
            ends_line = old.endswith("\n", k1, k2) or new.endswith("\n", m1, m2)
            if (k2, m2, other, was_equal) == (i1, j1, move, is_equal) and (is_equal or one_sided or not ends_line):
                merged[-1] = (is_equal, (k1, i2, m1, j2, move))
                continue
        merged.append((is_equal, part))
    for is_equal, (i1, i2, j1, j2, move) in merged:
        if is_equal:
            yield Change(Op.EQUAL, (i1, i2), (j1, j2), None, move)
        else:
            op = Op.INSERT if i1 == i2 else Op.DELETE if j1 == j2 else Op.REPLACE
            yield Change(op, (i1, i2), (j1, j2), kind_of(old[i1:i2], new[j1:j2]), move)
