"""The tree of the log in tiles of 256 hashes (C2SP tlog-tiles, height 8): appending, and asking for nodes.

Tile `number` of level `level` holds the hashes of the perfect subtrees over 256 ** level entries each. Only complete
subtrees are stored, so a hash that is stored never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from articles.proofs import tree

from .entries import SealedTile

HEIGHT = 8
WIDTH = 1 << HEIGHT  # hashes a tile
SIZE = tree.HASH_SIZE


def append(leaves: Sequence[bytes], *, size: int) -> None:
    """Add the hashes of entries after the first `size` ones. Lock the log first. One or two queries a tile."""
    level, start, hashes = 0, size, list(leaves)
    while hashes:
        complete = []
        for number in range(start // WIDTH, (start + len(hashes) - 1) // WIDTH + 1):
            first = max(start, number * WIDTH)
            added = hashes[first - start : (number + 1) * WIDTH - start]
            kept = _read(level, number)[: (first - number * WIDTH) * SIZE] if first % WIDTH else b""
            tile = kept + b"".join(added)
            SealedTile.objects.update_or_create(level=level, number=number, defaults={"hashes": tile})
            if len(tile) == WIDTH * SIZE:
                complete.append(tree.root(split(tile)))
        level, start, hashes = level + 1, start // WIDTH, complete


def read_tile(level: int, number: int, width: int) -> bytes | None:
    """Return the first `width` hashes of a tile; None if it has fewer. One query."""
    hashes = _read(level, number)[: width * SIZE]
    return hashes if len(hashes) == width * SIZE else None


def stored_nodes() -> tree.Node:
    """Return the function that answers with the nodes of the stored tree. One query a tile, at its first use."""
    return nodes_of(cache(_read))


def nodes_of(read: Callable[[int, int], bytes]) -> tree.Node:
    """Return the function that answers with nodes, where `read` returns the hashes of a tile by level and number.

    Raises `LookupError` where the tree lacks the node.
    """

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        number, place = divmod(index << height, WIDTH)
        hashes = read(tile_level, number)[place * SIZE : (place + (1 << height)) * SIZE]
        if len(hashes) != SIZE << height:
            raise LookupError(f"The tree lacks a node: level {level}, {index}.")
        return tree.root(split(hashes))

    return node


def split(hashes: bytes) -> list[bytes]:
    """Return the single hashes of a tile."""
    return [hashes[place : place + SIZE] for place in range(0, len(hashes), SIZE)]


def _read(level: int, number: int) -> bytes:
    rows = SealedTile.objects.filter(level=level, number=number)
    return bytes_of(rows.values_list("hashes", flat=True).first())


def bytes_of(stored: object) -> bytes:
    """Return the bytes of a binary column; none if the row is lost, or holds a text, which SQLite lets stand there."""
    return bytes(stored) if isinstance(stored, bytes | memoryview) else b""
