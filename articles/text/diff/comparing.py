"""What changed between two texts, to the grapheme cluster, and of which kind each change is.

Lines (only U+000A ends one) are aligned first, then the words of the lines that differ, then the clusters of
words that resemble each other. See docs/diff.md.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

import regex
import unicodedata2

from articles.text.diff.align import Budget
from articles.text.diff.moves import layout
from articles.text.diff.tokens import common_ends, safe_ends
from articles.text.diff.words import edits, replaced, stretches
from articles.text.unicode.confusables import skeleton

MAX_LINES = 500_000  # of both texts together, after what they start and end with alike
MAX_EDITED_LENGTH = 4_000_000  # code points of changed lines of both texts that are compared word by word
LONG_LINES = 4_000  # code points of a pair of lines that is first cut to where they differ
MAX_MOVED_LENGTH = 1_000_000  # code points of unmatched lines that are searched for moves with edits inside

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


class Change(NamedTuple):
    """old[slice(*self.old)] became new[slice(*self.new)]; `move` numbers the moved block it is a part of."""

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

    Positions are code points, half-open. In order of `old` the spans tile it, in order of `new` they tile that;
    an equal change reads the same on both sides; none cuts a grapheme cluster of either text. Lines that moved
    carry the number of their block, edits inside them too. The work is bounded: past the budget the result is
    coarser.

    >>> [(change.op.value, change.old, change.new) for change in compare("a red fox", "a blue fox").changes]
    [('equal', (0, 2), (0, 2)), ('replace', (2, 5), (2, 6)), ('equal', (5, 9), (6, 10))]
    """
    if old == new:
        whole = (0, len(old))
        return Comparison((Change(Op.EQUAL, whole, whole, None, None),) if old else (), False)
    finder = _Finder(old, new)
    finder.find()
    parts = _with_line_ends(old, new, finder.parts)
    return Comparison(tuple(_changes(old, new, parts)), finder.budget.is_coarse)


def kind_of(old: str, new: str) -> Kind:
    """Which kind of change it is when `old` becomes `new`; they differ."""
    is_ascii = old.isascii() and new.isascii()
    if is_ascii and old.isalnum() and new.isalnum():
        return Kind.WORDING
    if not is_ascii and _nfc(old) == _nfc(new):
        return Kind.NORMALIZATION
    old, new = "".join(old.split()), "".join(new.split())
    if old == new:
        return Kind.SPACING
    is_ascii = old.isascii() and new.isascii()
    if is_ascii and old.isprintable() and new.isprintable():
        return Kind.WORDING
    if _invisible.sub("", old) == _invisible.sub("", new):
        return Kind.INVISIBLE
    if not is_ascii and skeleton(old) == skeleton(new):
        return Kind.LOOK_ALIKE
    return Kind.WORDING


def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends; only U+000A ends one."""
    return _lines(text)


def equal_lines(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which lines read the same and stayed, by index, rising in both, as `compare` aligns them."""
    if len(old) + len(new) > MAX_LINES:
        head, tail = common_ends(old, new)
        runs = [(0, 0, head), (len(old) - tail, len(new) - tail, tail)]
    else:
        runs = layout(old, new, Budget(MAX_EDITED_LENGTH, MAX_MOVED_LENGTH)).kept
    return [(i + k, j + k) for i, j, length in runs for k in range(length) if old[i + k] == new[j + k]]


def invisible(text: str) -> list[str]:
    """The characters of a text that draw nothing: default-ignorables, format characters, controls."""
    found: list[str] = _invisible.findall("".join(text.split()))
    return found


_nfc = partial(unicodedata2.normalize, "NFC")
_lines = re.compile(r"[^\n]*\n|[^\n]+").findall
_invisible = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]")

Part = tuple[Span, Span, int | None]  # an edit and the number of its move


class _Finder:
    """Collects the parts of one comparison and counts the work they cost."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = split_lines(old), split_lines(new)
        self.old_starts = list(accumulate(map(len, self.old), initial=0))
        self.new_starts = list(accumulate(map(len, self.new), initial=0))
        self.parts: list[Part] = []
        self.budget = Budget(MAX_EDITED_LENGTH, MAX_MOVED_LENGTH)

    def find(self) -> None:
        if len(self.old) + len(self.new) > MAX_LINES:
            self._trim()
        if len(self.old) + len(self.new) > MAX_LINES:
            self.budget.is_coarse = True
            self._add(0, len(self.old), 0, len(self.new), None)
            return
        found = layout(self.old, self.new, self.budget)
        for i, j, length in found.kept:
            self._corresponding(i, j, length, None)
        for number, (i, j, length) in enumerate(found.moved, start=1):
            self._corresponding(i, j, length, number)
        for i, j, old, new in found.gaps:
            if old and new:
                self._edited(old, new, None)
                continue
            for k in old:
                self._add(k, k + 1, j, j, None)
            for k in new:
                self._add(i, i, k, k + 1, None)

    def _trim(self) -> None:
        """Settles the lines that both texts start and end with."""
        head, tail = common_ends(self.old, self.new)
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

    def _add(self, i1: int, i2: int, j1: int, j2: int, move: int | None) -> None:
        old, new = self.old_starts, self.new_starts
        self.parts.append(((old[i1], old[i2]), (new[j1], new[j2]), move))

    def _edited(self, old: list[int], new: list[int], move: int | None) -> None:
        """Lines of which some words changed; a single pair is first cut down to where it differs."""
        was = [(self.old_starts[i], self.old[i]) for i in old]
        now = [(self.new_starts[j], self.new[j]) for j in new]
        (start, text), (begin, other) = was[0], now[0]
        if len(was) == len(now) == 1 and len(text) + len(other) > LONG_LINES:
            end, stop = start + len(text), begin + len(other)
            head, tail = safe_ends(text, *common_ends(text, other))
            self.parts.append(((start, start + head), (begin, begin + head), move))
            self.parts.append(((end - tail, end), (stop - tail, stop), move))
            was = [(start + head, text[head : len(text) - tail])]
            now = [(begin + head, other[head : len(other) - tail])]
        length = sum(len(text) for _, text in was + now)
        if length > self.budget.edited_length:
            self.budget.is_coarse = True
            found = replaced(stretches(was), stretches(now))
        else:
            self.budget.edited_length -= length
            found = edits(was, now, self.budget)
        self.parts += [(before, after, move) for before, after in found]


@dataclass(frozen=True, slots=True)
class _LooseEnd:
    """Line ends that one text alone has, and the numbers of the moved blocks that they are in or beside."""

    text: str
    span: Span
    parts: frozenset[Part]
    moves: list[int]


def _with_line_ends(old: str, new: str, parts: list[Part]) -> list[Part]:
    """A line end that one text has beside a moved block, and the other beside that or another one, moved too."""
    if all(move is None for _, _, move in parts):
        return parts
    lost = _loose_ends(old, [(was, now, (was, now, move)) for was, now, move in parts])
    gained = _loose_ends(new, [(now, was, (was, now, move)) for was, now, move in parts])
    gone: set[Part] = set()
    found: list[Part] = []
    for same_block in (True, False):
        waiting: dict[tuple[str, int], deque[_LooseEnd]] = defaultdict(deque)
        for end in gained:
            for move in end.moves if same_block else [0]:
                waiting[end.text, move].append(end)
        for end in lost:
            for move in end.moves if same_block else [0]:
                places = waiting[end.text, move]
                while places and not gone.isdisjoint(places[0].parts):
                    places.popleft()
                if places and gone.isdisjoint(end.parts):
                    other = places.popleft()
                    gone |= end.parts | other.parts
                    found.append((end.span, other.span, move or end.moves[0]))
    return [part for part in parts if part not in gone] + found


def _loose_ends(text: str, placed: list[tuple[Span, Span, Part]]) -> list[_LooseEnd]:
    """Of one side, given as spans of this side, of the other, and their part."""
    placed = sorted(entry for entry in placed if entry[0][0] < entry[0][1])
    loose = [
        other[0] == other[1] and text.count("\n", *span) == span[1] - span[0] for span, other, _ in placed
    ]
    found = []
    first = 0
    while first < len(placed):
        last = first
        while last < len(placed) and loose[last]:
            last += 1
        if last > first:
            around = [part for _, _, part in placed[max(first - 1, 0) : last + 1]]
            moves = sorted({move for _, _, move in around if move is not None})
            span = (placed[first][0][0], placed[last - 1][0][1])
            if moves:
                parts = frozenset(part for _, _, part in placed[first:last])
                found.append(_LooseEnd(text[slice(*span)], span, parts, moves))
        first = last + 1
    return found


def _changes(old: str, new: str, parts: list[Part]) -> Iterator[Change]:
    """The parts in order of the new text; those that touch are one, unless a line ends between them."""
    i1 = i2 = j1 = j2 = 0
    number, before_equal = None, True
    for (start, end), (begin, stop), move in sorted(parts, key=itemgetter(1, 0)):
        if start == end and begin == stop:
            continue
        is_equal = end - start == stop - begin and old[start:end] == new[begin:stop]
        if (
            is_equal is before_equal
            and start == i2
            and begin == j2
            and move == number
            and (
                is_equal
                or i1 == i2
                or j1 == j2
                or not (old.endswith("\n", i1, i2) or new.endswith("\n", j1, j2))
            )
        ):
            i2, j2 = end, stop
            continue
        if i1 < i2 or j1 < j2:
            yield _change(old, new, (i1, i2), (j1, j2), number)
        i1, i2, j1, j2, number, before_equal = start, end, begin, stop, move, is_equal
    yield _change(old, new, (i1, i2), (j1, j2), number)


def _change(old: str, new: str, was: Span, now: Span, move: int | None) -> Change:
    before, after = old[slice(*was)], new[slice(*now)]
    if before == after:
        return Change(Op.EQUAL, was, now, None, move)
    op = Op.INSERT if not before else Op.DELETE if not after else Op.REPLACE
    return Change(op, was, now, kind_of(before, after), move)
