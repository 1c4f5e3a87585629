"""A second implementation of RFC 6962, section 2.1, from its text alone: recursive, over whole lists, and slow.

It shares no line with `articles.proofs`, so that tests do not compare the code with itself. `proves_leaf` and
`proves_prefix` go down the tree as the definitions do, where the code under test goes up along the bits of an index.
"""

from hashlib import sha256


def tree_hash(entries: list[bytes]) -> bytes:
    """MTH(D[n])."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(bytes([0x00]) + entries[0]).digest()
    k = _k(len(entries))
    return _join(tree_hash(entries[:k]), tree_hash(entries[k:]))


def audit_path(m: int, entries: list[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(entries) == 1:
        return []
    k = _k(len(entries))
    if m < k:
        return [*audit_path(m, entries[:k]), tree_hash(entries[k:])]
    return [*audit_path(m - k, entries[k:]), tree_hash(entries[:k])]


def consistency_proof(m: int, entries: list[bytes]) -> list[bytes]:
    """PROOF(m, D[n]), for 0 < m."""
    return _subproof(m, entries, is_whole=True)


def _subproof(m: int, entries: list[bytes], *, is_whole: bool) -> list[bytes]:
    if m == len(entries):
        return [] if is_whole else [tree_hash(entries)]
    k = _k(len(entries))
    if m <= k:
        return [*_subproof(m, entries[:k], is_whole=is_whole), tree_hash(entries[k:])]
    return [*_subproof(m - k, entries[k:], is_whole=False), tree_hash(entries[:k])]


def proves_leaf(entry: bytes, m: int, n: int, path: list[bytes], root: bytes) -> bool:
    """Whether the path leads from an entry (its bytes, not its hash) at place m of n to the root."""
    rest = list(path)

    def up(m: int, n: int) -> bytes:
        if n == 1:
            return sha256(b"\x00" + entry).digest()
        k = _k(n)
        other = rest.pop()  # the last hash of a path belongs to the top of the tree
        return _join(up(m, k), other) if m < k else _join(other, up(m - k, n - k))

    try:
        return up(m, n) == root and not rest
    except IndexError:
        return False


def proves_prefix(m: int, old_root: bytes, n: int, new_root: bytes, path: list[bytes]) -> bool:
    """Whether the path shows that a tree of n entries starts with the one of m, for 0 < m."""
    rest = list(path)

    def up(m: int, n: int, *, is_whole: bool) -> tuple[bytes, bytes]:
        """The roots of the old entries and of all entries below here."""
        if m == n:
            hash_ = old_root if is_whole else rest.pop()
            return hash_, hash_
        k = _k(n)
        other = rest.pop()
        if m <= k:
            old, new = up(m, k, is_whole=is_whole)
            return old, _join(new, other)
        old, new = up(m - k, n - k, is_whole=False)
        return _join(other, old), _join(other, new)

    try:
        return up(m, n, is_whole=True) == (old_root, new_root) and not rest
    except IndexError:
        return False


def _k(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(bytes([0x01]) + left + right).digest()
