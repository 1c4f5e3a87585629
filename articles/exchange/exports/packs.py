"""Packs: git objects in one file with its index, as gitformat-pack(5) has them (versions 2 of both).

libgit2 would write a file for each object first: five files a commit, which takes ten times as long. An object that is
like one before it is stored as a delta: what both begin and end with is copied.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

MOST_BYTES = 200_000_000  # of a pack, one object more or less; an index has room for offsets below 2^31
_MOST_REMEMBERED = 16_000_000  # bytes of objects that others can be deltas from
_MOST_STEPS = 40  # of a chain of deltas
_NEW = "tmp_palimpsest"  # git takes no such file for a pack
_DELTA = 6  # from an object at an offset before
_MOST_COPIED, _MOST_INSERTED = 0xFFFFFF, 0x7F  # bytes of one instruction


class Kind(IntEnum):
    """What an object is; the numbers are git's."""

    COMMIT = 1
    TREE = 2
    BLOB = 3


@dataclass(frozen=True, slots=True)
class _Base:
    """An object that others can be deltas from, and how many deltas it takes to read it."""

    offset: int
    data: bytes
    steps: int


class PackWriter:
    """A pack that grows in a folder of packs. It counts once it is closed; close it or abandon it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = (folder / _NEW).open("w+b")
        self._file.write(struct.pack(">4sII", b"PACK", 2, 0))
        self._objects: dict[bytes, tuple[int, int]] = {}  # by id: checksum of what is stored, and offset
        self._bases: OrderedDict[tuple[Kind, str], _Base] = OrderedDict()
        self._remembered = 0

    def __contains__(self, oid: bytes) -> bool:
        return oid in self._objects

    @property
    def size(self) -> int:
        """How many bytes are written."""
        return self._file.tell()

    def add(self, kind: Kind, data: bytes, *, like: str = "") -> bytes:
        """Add an object unless it is there, and return its id, 20 bytes.

        It can be stored as a delta from the last one of its kind with the same `like`. Linear in the data.
        """
        oid = object_id(kind, data)
        if oid in self._objects:
            return oid
        offset = self._file.tell()
        base = self._bases.get((kind, like)) if like else None
        delta = _delta(base.data, data) if base and base.steps < _MOST_STEPS else None
        if base and delta is not None and len(delta) < len(data) // 2:
            steps = base.steps + 1
            stored = _head(_DELTA, len(delta)) + _distance(offset - base.offset) + zlib.compress(delta)
        else:
            steps = 0
            stored = _head(kind, len(data)) + zlib.compress(data)
        self._file.write(stored)
        self._objects[oid] = zlib.crc32(stored), offset
        if like:
            self._remember((kind, like), _Base(offset, data, steps))
        return oid

    def _remember(self, key: tuple[Kind, str], base: _Base) -> None:
        former = self._bases.pop(key, None)
        self._bases[key] = base
        self._remembered += len(base.data) - (len(former.data) if former else 0)
        while self._remembered > _MOST_REMEMBERED:
            _key, forgotten = self._bases.popitem(last=False)
            self._remembered -= len(forgotten.data)

    def close(self) -> str:
        """Give the pack its name and its index, and return the name. Waits until both are on the disk."""
        self._file.seek(8)
        self._file.write(struct.pack(">I", len(self._objects)))
        self._file.seek(0)
        checksum = hashlib.file_digest(self._file, lambda: hashlib.sha1(usedforsecurity=False)).digest()
        self._file.write(checksum)
        sync(self._file)
        self._file.close()
        name = f"pack-{checksum.hex()}"
        (self.folder / _NEW).replace(self.folder / f"{name}.pack")
        with (self.folder / _NEW).open("wb") as file:  # git sees a pack by its index, so that comes last
            file.write(self._index(checksum))
            sync(file)
        (self.folder / _NEW).replace(self.folder / f"{name}.idx")
        return name

    def _index(self, checksum: bytes) -> bytes:
        """Return the index: how many ids begin with at most each byte, ids, checksums and offsets in order of ids."""
        oids = sorted(self._objects)
        counts = [0] * 256
        for oid in oids:
            counts[oid[0]] += 1
        totals = [sum(counts[: byte + 1]) for byte in range(256)]
        parts = [
            b"\377tOc",
            struct.pack(">I256I", 2, *totals),
            b"".join(oids),
            struct.pack(f">{len(oids)}I", *(self._objects[oid][0] for oid in oids)),
            struct.pack(f">{len(oids)}I", *(self._objects[oid][1] for oid in oids)),
            checksum,
        ]
        index = b"".join(parts)
        return index + hashlib.sha1(index, usedforsecurity=False).digest()

    def abandon(self) -> None:
        """Take the file away; nothing of it counts."""
        self._file.close()
        remove_unfinished(self.folder)


def object_id(kind: Kind, data: bytes) -> bytes:
    """Return the id of an object, 20 bytes.

    >>> object_id(Kind.TREE, b"").hex()
    '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    """
    head = f"{kind.name.lower()} {len(data)}\0".encode()
    return hashlib.sha1(head + data, usedforsecurity=False).digest()


def remove_unfinished(folder: Path) -> None:
    """Remove a pack whose writer was stopped, if there is one."""
    (folder / _NEW).unlink(missing_ok=True)


def sync(file: object) -> None:
    """Wait until an open file is on the disk."""
    file.flush()  # type: ignore[attr-defined]
    os.fsync(file.fileno())  # type: ignore[attr-defined]


def _delta(old: bytes, new: bytes) -> bytes:
    """Return the instructions that make new data from old: copy the beginning, insert the middle, copy the end."""
    start = _common(old, new)
    most = min(len(old), len(new)) - start
    end = _common(old[::-1][:most], new[::-1][:most])
    middle = new[start : len(new) - end]
    parts = [_varint(len(old)), _varint(len(new))]
    parts += _copies(0, start)
    parts += (bytes([len(part)]) + part for part in _cut(middle))
    parts += _copies(len(old) - end, end)
    return b"".join(parts)


def _common(one: bytes, other: bytes) -> int:
    """Return how many bytes two data begin with in common, by halves: comparing long runs is quick."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _copies(offset: int, size: int) -> Iterator[bytes]:
    """Yield the instructions that copy a part of the old data."""
    while size > 0:
        length = min(size, _MOST_COPIED)
        bits, values = 0x80, bytearray()
        for place, value in enumerate((*offset.to_bytes(4, "little"), *length.to_bytes(3, "little"))):
            if value:
                bits |= 1 << place
                values.append(value)
        yield bytes([bits]) + values
        offset, size = offset + length, size - length


def _cut(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _MOST_INSERTED):
        yield data[start : start + _MOST_INSERTED]


def _varint(number: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _head(kind: int, size: int) -> bytes:
    """Return what stands before an object: its kind and its size, the lowest four bits first."""
    first, rest = size & 0xF | kind << 4, size >> 4
    return bytes([first | 0x80]) + _varint(rest) if rest else bytes([first])


def _distance(number: int) -> bytes:
    """Return how far back the base of a delta stands, the highest bits first; each further byte counts from one."""
    out = [number & 0x7F]
    while number := number >> 7:
        number -= 1
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))
