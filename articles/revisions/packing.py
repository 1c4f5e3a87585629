"""Packing: steps and origins as few bytes, for the rows of attributions.

Numbers are stored in groups of seven bits, the lowest first (as LEB128 does). The first number of a row is twice the
number of steps since the last stored origins, 0 in a row that stores origins itself. It is odd if the rest is
compressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from articles.text.diff.attribution import HASH_BYTES, Origins, Passage, Remembered, Run, Step

from .codec import Undecodable, shrink, unshrink

_WORTHWHILE = 64  # bytes; fewer are not compressed
_MOST_BITS = 28  # of a number, which is a length, a place or the number of a version

# What a part of a step is, in the two lowest bits of its length.
_NEXT, _ADDED, _SKIPPED, _ELSEWHERE = range(4)


def pack_step(step: Step, *, distance: int) -> bytes:
    """Return a step as bytes. `distance` is the number of steps since the last stored origins, this one included."""
    numbers = [len(step.parts)]
    place = 0  # in the old text
    for part in step.parts:
        if isinstance(part, int):
            numbers.append(part << 2 | _ADDED)
            continue
        start, end = part
        if start > place:
            numbers += [(start - place) << 2 | _SKIPPED, (end - start) << 2 | _NEXT]
        elif start == place:
            numbers.append((end - start) << 2 | _NEXT)
        else:
            numbers += [(end - start) << 2 | _ELSEWHERE, start]
        place = end
    numbers.append(step.removed)
    packed = _pack(numbers)
    if step.gone or step.come:
        packed += _pack_passages(step.gone) + _pack_passages(step.come)
    return _with_head(distance, packed)


def pack_origins(origins: Origins) -> bytes:
    """Return origins as bytes."""
    runs = list(origins.runs())
    numbers = [len(runs), *(run.length for run in runs), *(run.since for run in runs)]
    numbers += [run.since - run.number for run in runs]
    packed = _pack(numbers)
    for value, (passage, tail) in origins.remembered.items():
        packed += value + _pack([len(passage), *(number for run in passage for number in run)])
        packed += _pack_text(tail)
    return _with_head(0, packed)


def distance_of(data: bytes) -> int:
    """Return how many steps lie between the last stored origins and a row with these bytes, its own included."""
    return _Reader(data).number() >> 1


def unpack_step(data: bytes) -> Step:
    """Return the step that `pack_step` was given. Raises `Undecodable`."""
    reader = _opened(data)
    parts: list[tuple[int, int] | int] = []
    place = 0
    count = reader.number()
    while len(parts) < count:
        length, kind = divmod(reader.number(), 4)
        if kind == _SKIPPED:
            place += length
        elif kind == _ADDED:
            parts.append(length)
        else:
            start = reader.number() if kind == _ELSEWHERE else place
            place = start + length
            parts.append((start, place))
    removed = reader.number()
    if reader.is_at_end:
        return Step(tuple(parts), removed)
    return Step(tuple(parts), removed, reader.passages(), reader.passages())


def unpack_origins(data: bytes) -> Origins:
    """Return the origins that `pack_origins` was given. Raises `Undecodable`."""
    reader = _opened(data)
    count = reader.number()
    lengths, sinces, gaps = ([reader.number() for _ in range(count)] for _ in range(3))
    runs = (Run(length, since - gap, since) for length, since, gap in zip(lengths, sinces, gaps, strict=True))
    remembered = {}
    while not reader.is_at_end:
        value = reader.bytes(HASH_BYTES)
        passage = tuple((reader.number(), reader.number()) for _ in range(reader.number()))
        remembered[value] = Remembered(passage, reader.text())
    return Origins.of(runs, remembered)


def _with_head(distance: int, packed: bytes) -> bytes:
    if len(packed) >= _WORTHWHILE and len(shrunk := shrink(packed)) < len(packed):
        return _pack([2 * distance + 1]) + shrunk
    return _pack([2 * distance]) + packed


def _opened(data: bytes) -> _Reader:
    """Return a reader of what follows the first number."""
    reader = _Reader(data)
    is_shrunk = reader.number() & 1
    return _Reader(unshrink(reader.rest)) if is_shrunk else reader


def _pack(numbers: Iterable[int]) -> bytes:
    packed = bytearray()
    for number in numbers:
        while number > 0x7F:
            packed.append(number & 0x7F | 0x80)
            number >>= 7
        packed.append(number)
    return bytes(packed)


def _pack_passages(passages: Iterable[Passage]) -> bytes:
    passages = list(passages)
    numbers = [len(passages)]
    starts = [0, *(passage.start for passage in passages)]
    for (before, start), passage in zip(pairwise(starts), passages, strict=True):
        numbers += [start - before, passage.end - start]
    return _pack(numbers) + b"".join(passage.hash + _pack_text(passage.tail) for passage in passages)


def _pack_text(text: str) -> bytes:
    return _pack([len(text.encode())]) + text.encode()


class _Reader:
    """Reads numbers and hashes from bytes, one after the other. Raises `Undecodable` past the end."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    @property
    def is_at_end(self) -> bool:
        return self.place >= len(self.data)

    @property
    def rest(self) -> bytes:
        return self.data[self.place :]

    def number(self) -> int:
        number = shift = 0
        while True:
            byte = self.bytes(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
            if shift > _MOST_BITS:
                raise Undecodable("an attribution with an absurd number")

    def bytes(self, length: int) -> bytes:
        found = self.data[self.place : self.place + length]
        if len(found) < length:
            raise Undecodable("an attribution that ends too soon")
        self.place += length
        return found

    def passages(self) -> tuple[Passage, ...]:
        spans = []
        start = 0
        for _ in range(self.number()):
            start += self.number()
            spans.append((start, start + self.number()))
        return tuple(Passage(start, end, self.bytes(HASH_BYTES), self.text()) for start, end in spans)

    def text(self) -> str:
        try:
            return self.bytes(self.number()).decode()
        except UnicodeDecodeError as error:
            raise Undecodable(str(error)) from None
