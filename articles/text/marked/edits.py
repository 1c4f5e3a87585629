"""The edits of a leaf: its text in runs, with the changes marked, and the notes to them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from articles.text.diff import Change, Kind, Op
from articles.text.marked.differences import Draft, atom_drafts, format_drafts, kind_draft, picture_drafts
from articles.text.marked.elements import repeatable
from articles.text.marked.inlines import Run, shared_length, spans_of
from articles.text.marked.notes import NoteKind
from articles.text.marked.tree import Inline, Leaf, Stack

MAX_RUNS = 4_000  # about, of one leaf; with more changes, short stretches between them count as changed
MAX_NOTED = 50  # changes of one stretch whose kinds are noted
CLASSES = {
    None: "change",
    Kind.WORDING: "change",
    Kind.LOOK_ALIKE: "change looks",
    Kind.NORMALIZATION: "change normalization",
    Kind.SPACING: "change spacing",
    Kind.INVISIBLE: "change invisible",
    Kind.ACCENTS: "change accents",
}
Equal = tuple[int, int, int]  # where it begins in the old and in the new leaf, its length


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of a leaf. `drafts` are its notes. Without any change, all runs are unmarked."""

    runs: list[Run]
    drafts: list[Draft]
    has_insertion: bool
    has_deletion: bool


class Comparer:
    """The comparison of leaves, given the changes between the texts of both pages."""

    def __init__(self, old: str, new: str, changes: Sequence[Change]) -> None:
        self._texts = old, new
        self._by_old = sorted((change for change in changes if change.old[0] < change.old[1]), key=_old_start)
        self._by_new = [change for change in changes if change.new[0] < change.new[1]]
        self._old_starts = [change.old[0] for change in self._by_old]
        self._new_starts = [change.new[0] for change in self._by_new]
        self._bare: dict[Inline, Inline] = {}  # inline elements of the old page as deleted text has them

    def edit(self, leaf: Leaf, other: Leaf) -> Edit:
        """Compare an old leaf with the new one that it became."""
        equals = self._equals(leaf, other)
        runs: list[Run] = []
        drafts: list[Draft] = []
        has_insertion = has_deletion = False
        is_alike = (leaf.tag == "pre") is (other.tag == "pre")  # blocks of code are no formatting
        i = j = 0
        for start, begin, length in [*equals, (len(leaf.text), len(other.text), 0)]:
            if i < start or j < begin:
                gone = self._marked(leaf, i, start, is_old=True)
                come = self._marked(other, j, begin, is_old=False)
                runs += gone + come
                has_deletion |= bool(gone)
                has_insertion |= bool(come)
                drafts += self._drafts(leaf, other, (i, start), (j, begin))
            for k, m, size, was, now in _in_step(leaf, other, start, begin, length):
                found = list(format_drafts(was, now, other.text[m : m + size])) if is_alike else []
                classes = "change format" if any(draft.is_shown for draft in found) else ""
                runs.append(Run(other, m, m + size, now, "ins" if classes else "", classes))
                drafts += found
                drafts += atom_drafts(leaf, other, k, m, size)
            i, j = start + length, begin + length
        return Edit(self._settled(runs), drafts, has_insertion, has_deletion)

    def added(self, leaf: Leaf) -> list[Run]:
        """Return the runs of a leaf that is new."""
        return [
            Run(leaf, start, end, stack, "ins", "change")
            for start, end, stack in spans_of(leaf, 0, len(leaf.text))
        ]

    def removed(self, leaf: Leaf) -> list[Run]:
        """Return the runs of an old leaf that is gone, or stands elsewhere."""
        return [
            Run(leaf, start, end, self._without_links(stack), "del", "change")
            for start, end, stack in spans_of(leaf, 0, len(leaf.text))
        ]

    def _equals(self, leaf: Leaf, other: Leaf) -> list[Equal]:
        """Return the stretches that two leaves share, rising on both sides."""
        if leaf.text == other.text:
            return [(0, 0, len(leaf.text))] if leaf.text else []
        found: list[Equal] = []
        old_end = leaf.start + len(leaf.text)
        least = 0
        for start, end, change in _overlapping(
            self._by_new, self._new_starts, other.start, other.start + len(other.text), is_old=False
        ):
            if change.kind is not None:
                continue
            i = change.old[0] + start - change.new[0]
            skipped = max(0, max(leaf.start, least) - i)
            length = min(i + end - start, old_end) - i - skipped
            if length > 0:
                found.append((i + skipped - leaf.start, start + skipped - other.start, length))
                least = i + skipped + length
        shortest = 1
        while len(found) > MAX_RUNS // 4:
            shortest *= 2
            found = [equal for equal in found if equal[2] >= shortest]
        return found

    def _marked(self, leaf: Leaf, start: int, end: int, *, is_old: bool) -> list[Run]:
        """Return the runs of a stretch that was deleted or inserted."""
        changes, starts = self._side(is_old=is_old)
        pieces = [
            (first - leaf.start, last - leaf.start, _classes(change, is_moved=leaf.is_moved))
            for first, last, change in _overlapping(
                changes, starts, leaf.start + start, leaf.start + end, is_old=is_old
            )
        ]
        if len(pieces) > MAX_RUNS:
            pieces = [(start, end, "change")]
        element = "del" if is_old else "ins"
        return [
            Run(leaf, first, last, stack, element, classes)
            for begin, stop, classes in pieces
            for first, last, stack in spans_of(leaf, begin, stop)
        ]

    def _drafts(self, leaf: Leaf, other: Leaf, was: tuple[int, int], now: tuple[int, int]) -> Iterator[Draft]:
        """Yield the notes to a stretch that became another."""
        yield from picture_drafts(leaf, other, was, now)
        if not leaf.is_moved:
            yield from self.moves(leaf, *was, is_old=True)
            yield from self.moves(other, *now, is_old=False)
        old, new = self._texts
        gone, come = leaf.text[slice(*was)], other.text[slice(*now)]
        is_spacing = "".join(gone.split()) == "".join(come.split())
        start, end = other.start + now[0], other.start + now[1]
        inside = _overlapping(self._by_new, self._new_starts, start, end, is_old=False)
        found = [change for _, _, change in islice(inside, MAX_NOTED)]
        start, end = leaf.start + was[0], leaf.start + was[1]
        inside = _overlapping(self._by_old, self._old_starts, start, end, is_old=True)
        found += (change for _, _, change in islice(inside, MAX_NOTED) if change.op is Op.DELETE)
        for change in found:
            if change.kind is not None and (change.kind is not Kind.SPACING or is_spacing):
                yield from kind_draft(change.kind, old[slice(*change.old)], new[slice(*change.new)])

    def moves(self, leaf: Leaf, start: int, end: int, *, is_old: bool) -> Iterator[Draft]:
        """Yield the notes to the words of a changed stretch that moved into or out of the leaf."""
        changes, starts = self._side(is_old=is_old)
        kind = NoteKind.WORDS_MOVED_AWAY if is_old else NoteKind.WORDS_MOVED_HERE
        seen: set[int] = set()
        inside = _overlapping(changes, starts, leaf.start + start, leaf.start + end, is_old=is_old)
        for first, last, change in islice(inside, MAX_NOTED):
            if change.move is not None and change.move not in seen:
                seen.add(change.move)
                yield Draft(kind, leaf.text[first - leaf.start : last - leaf.start], move=change.move)

    def _side(self, *, is_old: bool) -> tuple[Sequence[Change], Sequence[int]]:
        """Return the changes of a side in its order, and where they start there."""
        return (self._by_old, self._old_starts) if is_old else (self._by_new, self._new_starts)

    def _settled(self, runs: list[Run]) -> list[Run]:
        """Return the runs with deletions inside the new elements beside them that are like their own."""
        if not any(run.stack for run in runs):
            return runs
        settled: list[Run] = []
        following: Stack = ()
        after: list[Stack] = []
        for run in reversed(runs):
            after.append(following)
            if run.element != "del":
                following = run.stack
        before: Stack = ()
        for run, behind in zip(runs, reversed(after), strict=True):
            if run.element != "del":
                settled.append(run)
                before = run.stack
                continue
            own = self._without_links(run.stack)
            fitting = (stack for stack in (before, behind) if _tags(stack) == _tags(own))
            shared = next(fitting, None)
            if shared is None:
                shared = before[: shared_length(before, behind)]
                tags = _tags(shared)
                shared += tuple(element for element in own if element.tag not in tags)
            settled.append(run._replace(stack=shared))
        return settled

    def _without_links(self, stack: Stack) -> Stack:
        """Return the inline elements of deleted text: without links and ids."""
        return tuple(
            self._bare.setdefault(
                element,
                Inline(element.tag, repeatable(element.attributes)),
            )
            for element in stack
            if element.tag != "a"
        )


def _old_start(change: Change) -> int:
    return change.old[0]


def _classes(change: Change, *, is_moved: bool) -> str:
    """Return the class of the mark of a change. What moved into or out of a leaf that stayed is named so."""
    return "change moves" if change.move is not None and not is_moved else CLASSES[change.kind]


def _overlapping(
    changes: Sequence[Change], starts: Sequence[int], start: int, end: int, *, is_old: bool
) -> Iterator[tuple[int, int, Change]]:
    """Yield the changes in a span of one text, in its order, each with its span cut to that."""
    k = max(0, bisect_right(starts, start) - 1)
    while k < len(changes) and starts[k] < end:
        first, last = changes[k].old if is_old else changes[k].new
        if last > start and start < end:
            yield max(first, start), min(last, end), changes[k]
        k += 1


def _tags(stack: Stack) -> list[str]:
    """Return the tags of a stack without links."""
    return [element.tag for element in stack if element.tag != "a"]


def _in_step(
    leaf: Leaf, other: Leaf, start: int, begin: int, length: int
) -> Iterator[tuple[int, int, int, Stack, Stack]]:
    """Yield the parts of an equal stretch with the same inline elements: both starts, the length, both stacks."""
    if not length:
        return
    olds = list(spans_of(leaf, start, start + length))
    k = 0
    for first, last, stack in spans_of(other, begin, begin + length):
        at = first
        while at < last:
            while olds[k][1] <= at - begin + start:
                k += 1
            stop = min(last, olds[k][1] - start + begin)
            yield at - begin + start, at, stop - at, olds[k][2], stack
            at = stop
