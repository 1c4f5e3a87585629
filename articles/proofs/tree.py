"""The hash tree of RFC 6962, section 2.1, over SHA-256: roots, inclusion proofs and consistency proofs.

A tree of `size` leaves is known by `node(level, index)`, which answers with the hash of the perfect subtree over the
leaves `index << level` up to `(index + 1) << level`; it is only asked for subtrees that lie within the tree. Whoever
keeps the nodes keeps the leaves' hashes as level 0. Paths hold at most 2 * 64 hashes of 32 bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

HASH_SIZE = 32  # bytes
EMPTY = sha256().digest()  # the root of a tree without leaves
Node = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one entry.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from those of its children. Another prefix than a leaf's keeps the two apart."""
    return sha256(b"\1" + left + right).digest()


def root(hashes: Iterable[bytes]) -> bytes:
    """Return the root over the hashes of all leaves, in order. Linear, with one hash a level in memory."""
    perfect: list[bytes] = []  # the roots of the perfect subtrees so far, the largest first
    for count, leaf in enumerate(hashes):
        perfect.append(leaf)
        for _level in range(_trailing_ones(count)):
            right = perfect.pop()
            perfect.append(node_hash(perfect.pop(), right))
    if not perfect:
        return EMPTY
    top = perfect.pop()
    while perfect:
        top = node_hash(perfect.pop(), top)
    return top


def root_at(size: int, node: Node) -> bytes:
    """Return the root of the first `size` leaves. Asks for at most one node a level."""
    return _range_hash(0, size, node) if size else EMPTY


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """Return the hashes that lead from the leaf at `index` to the root of the first `size` leaves, its sibling first.

    Raises `ValueError` if the tree has no such leaf. Asks for at most two nodes a level.
    """
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has none at {index}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(start, middle, node))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether the tree of `size` leaves with this root has the leaf hash `leaf` at `index`.

    False for every path that is not exactly the one of `inclusion_path`, whatever its length.
    """
    if not 0 <= index < size or not _are_hashes([leaf, root, *path]):
        return False
    sides = list(_sides(index, size - 1))
    top = leaf
    for sibling, is_left in zip(path, sides, strict=False):
        top = node_hash(sibling, top) if is_left else node_hash(top, sibling)
    return len(path) == len(sides) and top == root


def consistency_path(old: int, new: int, node: Node) -> list[bytes]:
    """Return the hashes that show the first `old` leaves to be the same in the tree of the first `new` ones.

    Empty if the sizes are equal or `old` is 0. Raises `ValueError` if the old tree is larger.
    """
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} leaves holds none of {old}.")
    path: list[bytes] = []
    if old in (0, new):
        return path
    start, end = 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(start, middle, node))
            start = middle
    if start:  # otherwise what is left is the old root, which the verifier has
        path.append(_range_hash(start, end, node))
    return path[::-1]


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether the tree of `new` leaves begins with all leaves of the tree of `old` ones, in order.

    False for every path that is not exactly the one of `consistency_path`. A tree without leaves begins every tree.
    """
    if not 0 <= old <= new or not _are_hashes([old_root, new_root, *path]):
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY
    return _grows(old, old_root, new, new_root, path)


def _grows(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether the path leads to both roots, for 0 < old < new."""
    level = _trailing_ones(old - 1)  # of the last perfect subtree of the old tree, where the path starts
    sides = list(_sides(old - 1 >> level, new - 1 >> level))
    is_perfect = old == 1 << level  # then the old root is that subtree's, and the path does not repeat it
    if not path:
        return False
    start, *siblings = [old_root, *path] if is_perfect else path
    old_top = new_top = start
    for sibling, is_left in zip(siblings, sides, strict=False):
        if is_left:
            old_top, new_top = node_hash(sibling, old_top), node_hash(sibling, new_top)
        else:
            new_top = node_hash(new_top, sibling)
    return len(siblings) == len(sides) and old_top == old_root and new_top == new_root


def _sides(place: int, last: int) -> Iterator[bool]:
    """Yield, on the way up from a node to the root, whether the sibling at each step is the left one.

    `last` is the place of the last node of that level; where the node has no sibling, its level is skipped.
    """
    while last:
        is_left = place & 1 == 1 or place == last
        yield is_left
        if is_left:
            while not place & 1:
                place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1


def _range_hash(start: int, end: int, node: Node) -> bytes:
    """Return the hash over some leaves; `start` is a multiple of the smallest power of two that is no shorter."""
    length = end - start
    if length & (length - 1) == 0:
        level = length.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(length)
    return node_hash(_range_hash(start, middle, node), _range_hash(middle, end, node))


def _split(length: int) -> int:
    """Return the largest power of two below `length`, which is at least 2."""
    return 1 << (length - 1).bit_length() - 1


def _trailing_ones(number: int) -> int:
    return (number ^ number + 1).bit_length() - 1


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
