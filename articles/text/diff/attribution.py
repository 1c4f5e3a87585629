"""Attribution: which version brought in each character of a text.

A *step* is what one version did to the text of the version before it. From the origins of one text and the next step
follow the origins of the next text, without the texts themselves. Kept and moved characters keep their origin. Added
ones get the number of the version, unless they stand in a passage that was removed before: that is given back to those
who first brought it in. A passage is known again by a hash.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import nlargest
from itertools import groupby
from typing import NamedTuple

import regex

from articles.text.diff.align import Span
from articles.text.diff.changes import Change, Op
from articles.text.diff.moves import MIN_WORDS
from articles.text.diff.sentences import sentences_in
from articles.text.diff.tokens import common_ends, count_half_words, tokenize

REMEMBERED = 256  # removed passages that may come back, the last ones
PASSAGES = 128  # passages of one step on each side, the longest ones
HASH_BYTES = 8
LONGEST_TAIL = 4  # code points
_LOOKED_AT = 200  # code points of a passage in which its words are counted

_is_sign = regex.compile(r"[\p{P}\p{S}\s]").match
_signs = regex.compile(r"[\p{P}\p{S}\s]*")


class Passage(NamedTuple):
    """A stretch of added or removed text of at least three words, its hash, and the signs and spaces after it.

    A comparison may keep the last full stop of what goes, so signs at its ends are no part of a passage.
    """

    start: int
    end: int
    hash: bytes
    tail: str


class Remembered(NamedTuple):
    """What is known of a removed passage: its origins and those of its tail, as (length, number), and the tail."""

    origins: tuple[tuple[int, int], ...]
    tail: str


class Run(NamedTuple):
    """Neighbouring characters with the same origin.

    `number` is the version that brought them in. `since` is the last one that put them in: a later one if they were
    removed and came back.
    """

    length: int
    number: int
    since: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a version did to the text before it. Lengths are in code points; moves count as neither added nor removed.

    `parts` make up the new text in order: a span of the old text that stayed, or the length of what was added.
    `gone` are the removed passages of the old text, `come` the added ones of the new text.
    """

    parts: tuple[Span | int, ...]
    removed: int
    gone: tuple[Passage, ...] = ()
    come: tuple[Passage, ...] = ()

    @property
    def added(self) -> int:
        return sum(part for part in self.parts if isinstance(part, int))


def make_step(old: str, new: str, changes: Sequence[Change]) -> Step:
    """Return the step between two texts, given the changes. Linear in changes and changed texts.

    >>> from articles.text.diff import compare
    >>> make_step("a red fox", "a blue fox", compare("a red fox", "a blue fox").changes).parts
    ((0, 2), 4, (5, 9))
    """
    parts: list[Span | int] = []
    gone: list[Span] = []
    come: list[Span] = []
    for op, was, now, _, _ in changes:
        last = parts[-1] if parts else None
        if op is Op.EQUAL:
            if isinstance(last, tuple) and last[1] == was[0]:
                parts[-1] = (last[0], was[1])
            else:
                parts.append(was)
            continue
        if was[0] < was[1]:
            gone.append(was)
        if now[0] < now[1]:
            come.append(now)
            if isinstance(last, int):
                parts[-1] = last + now[1] - now[0]
            else:
                parts.append(now[1] - now[0])
    removed = sum(end - start for start, end in gone)
    return Step(tuple(parts), removed, _passages(old, sorted(gone)), _passages(new, come))


def _passages(text: str, spans: Sequence[Span]) -> tuple[Passage, ...]:
    """Return the passages in some spans: each span as a whole, and its sentences, without signs at their ends."""
    found: set[Span] = set()
    for span in spans:
        sentences = [_without_signs(text, sentence) for sentence in sentences_in(text, span)]
        if sentences:
            found.update(sentences, [(sentences[0][0], sentences[-1][1])])
    long_enough = (span for span in found if _has_words(text, span))
    chosen = nlargest(PASSAGES, long_enough, key=lambda span: (span[1] - span[0], span))
    ends = [end for _, end in spans]
    return tuple(
        Passage(
            start,
            end,
            blake2b(text[start:end].encode(), digest_size=HASH_BYTES).digest(),
            _signs.match(text, end, min(end + LONGEST_TAIL, ends[bisect_left(ends, end)]))[0],
        )
        for start, end in sorted(chosen, key=lambda span: (span[0], -span[1]))
    )


def _without_signs(text: str, span: Span) -> Span:
    """Return a span without the signs and spaces at its ends."""
    start, end = span
    while start < end and _is_sign(text[start]):
        start += 1
    while start < end and _is_sign(text[end - 1]):
        end -= 1
    return start, end


def _has_words(text: str, span: Span) -> bool:
    start, end = span
    return count_half_words(tokenize(text[start : min(end, start + _LOOKED_AT)])) >= 2 * MIN_WORDS


def _numbers() -> array[int]:
    return array("I")


@dataclass(frozen=True, slots=True)
class Origins:
    """The origin of each character of a text, and the removed passages that may come back, the latest last.

    `numbers` has the version that brought a character in, `since` the one that last put it in.
    """

    numbers: array[int] = field(default_factory=_numbers)
    since: array[int] = field(default_factory=_numbers)
    remembered: dict[bytes, Remembered] = field(default_factory=dict)

    @classmethod
    def of(cls, runs: Iterable[Run], remembered: dict[bytes, Remembered]) -> Origins:
        """Return the origins that consist of these runs."""
        runs = list(runs)
        numbers = _expand([(run.length, run.number) for run in runs])
        return cls(numbers, _expand([(run.length, run.since) for run in runs]), remembered)

    def after(self, step: Step, number: int) -> Origins:
        """Return the origins of the text that a step makes of this one; `number` is that of the new version."""
        remembered = self._remembered_after(step)
        numbers, since = _numbers(), _numbers()
        for part in step.parts:
            if isinstance(part, int):
                added = array("I", (number,)) * part
                numbers += added
                since += added
            else:
                numbers += self.numbers[slice(*part)]
                since += self.since[slice(*part)]
        for start, end, value, tail in step.come:
            passage = remembered.get(value)
            origins = _expand(passage.origins if passage else ())
            if passage and len(origins) == end - start + len(passage.tail):
                end += common_ends(tail, passage.tail)[0]
                numbers[start:end] = origins[: end - start]
        return Origins(numbers, since, remembered)

    def as_in(self, equal: Origins) -> Origins:
        """Return these origins with the numbers of an equal text."""
        since = array("I", map(max, self.since, equal.numbers))
        return Origins(equal.numbers, since, self.remembered)

    def as_seen(self, visible: Sequence[int]) -> array[int]:
        """Return the version to name for each character to somebody who sees only some versions, given in order.

        These have to include the version of the text. For any other origin, name the first of them since which the
        character has stood there without a break.
        """
        seen = frozenset(visible)
        pairs = list(zip(self.numbers, self.since, strict=True))
        names = {
            (number, since): number if number in seen else visible[bisect_left(visible, since)]
            for number, since in set(pairs)
        }
        return array("I", map(names.__getitem__, pairs))

    def _remembered_after(self, step: Step) -> dict[bytes, Remembered]:
        if not step.gone:
            return self.remembered
        remembered = dict(self.remembered)
        for start, end, value, tail in step.gone:
            remembered.pop(value, None)
            runs = groupby(self.numbers[start : end + len(tail)])
            remembered[value] = Remembered(tuple((sum(1 for _ in run), n) for n, run in runs), tail)
        for value in list(remembered)[:-REMEMBERED]:
            del remembered[value]
        return remembered

    def runs(self) -> Iterator[Run]:
        """Yield the runs of characters with the same origin, in order. Their lengths make up that of the text."""
        for (number, since), run in groupby(zip(self.numbers, self.since, strict=True)):
            yield Run(sum(1 for _ in run), number, since)


def _expand(runs: Sequence[tuple[int, int]]) -> array[int]:
    """Return the number of each character, given runs as (length, number)."""
    origins = _numbers()
    for length, number in runs:
        origins += array("I", (number,)) * length
    return origins
