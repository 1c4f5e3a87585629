"""Hash trees, compared with the published vectors and with a second implementation from the RFC's text."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.proofs import tree

from . import rfc6962

# The eight entries on which implementations of RFC 6962 agree, and the roots of their first 0 to 8.
ENTRIES = [
    *(b"", b"\0", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"),
    *(bytes(range(0x50, 0x58)), bytes(range(0x60, 0x70))),
]
ROOTS = """
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
SIZES = st.integers(1, 70)


def entries_of(size):
    return [b"entry %d" % number for number in range(size)]


def node_of(entries, asked=None):
    """A store of nodes; refuses every node that does not lie within the tree."""
    leaves = [tree.leaf_hash(entry) for entry in entries]

    def node(level, index):
        if asked is not None:
            asked.append((level, index))
        start, end = index << level, (index + 1) << level
        assert end <= len(leaves), "a node was asked for that the tree does not have"
        return tree.root(leaves[start:end])

    return node


def altered(path, place):
    """The path with one bit of one hash turned."""
    hash_ = path[place % len(path)]
    changed = bytes([hash_[0] ^ 1]) + hash_[1:]
    return [changed if number == place % len(path) else other for number, other in enumerate(path)]


def test_examples_in_docstrings_hold():
    assert doctest.testmod(tree) == doctest.TestResults(failed=0, attempted=1)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_that_others_publish(size):
    entries = ENTRIES[:size]

    assert tree.root(tree.leaf_hash(entry) for entry in entries).hex() == ROOTS[size]
    assert tree.root_at(size, node_of(entries)).hex() == ROOTS[size]
    assert rfc6962.tree_hash(entries).hex() == ROOTS[size]


def test_published_paths_are_made():
    node = node_of(ENTRIES)
    third = tree.leaf_hash(ENTRIES[2]).hex()

    assert [hash_.hex() for hash_ in tree.inclusion_path(0, 3, node)] == [
        tree.leaf_hash(ENTRIES[1]).hex(),
        third,
    ]
    assert [hash_.hex() for hash_ in tree.consistency_path(1, 2, node)] == [tree.leaf_hash(ENTRIES[1]).hex()]
    assert [hash_.hex() for hash_ in tree.consistency_path(2, 3, node)] == [third]


@given(st.data(), SIZES)
def test_inclusion_is_proven_as_the_definition_says(data, size):
    entries, index = entries_of(size), data.draw(st.integers(0, size - 1))

    path = tree.inclusion_path(index, size, node_of(entries))

    root = rfc6962.tree_hash(entries)
    assert path == rfc6962.audit_path(index, entries)
    assert tree.verify_inclusion(tree.leaf_hash(entries[index]), index, size, path, root)
    assert rfc6962.proves_leaf(entries[index], index, size, path, root)


@given(st.data(), SIZES)
def test_another_leaf_index_size_path_or_root_proves_nothing(data, size):
    entries, index = entries_of(size), data.draw(st.integers(0, size - 1))
    leaf, root = tree.leaf_hash(entries[index]), rfc6962.tree_hash(entries)
    path = tree.inclusion_path(index, size, node_of(entries))

    wrong = [
        (tree.leaf_hash(b"another"), index, size, path, root),
        (leaf, index, size, [*path, root], root),
        (leaf, index, size, [root, *path], root),
        (leaf, index, size, path, tree.leaf_hash(b"another")),
        (leaf, index, 0, path, root),
        (leaf, -1, size, path, root),
        (leaf, size, size, path, root),
        (leaf[:-1], index, size, path, root),
        (leaf, index, size, [*path, b""], root),
    ]
    wrong += [(leaf, other, size, path, root) for other in range(size) if other != index]
    if path:
        wrong += [
            (leaf, index, size, path[:-1], root),
            (leaf, index, size, path[1:], root),
            (leaf, index, size, altered(path, data.draw(st.integers(0, 9))), root),
        ]
    assert not any(tree.verify_inclusion(*attempt) for attempt in wrong)


@given(st.data(), SIZES)
def test_consistency_is_proven_as_the_definition_says(data, size):
    entries, old = entries_of(size), data.draw(st.integers(1, size))

    path = tree.consistency_path(old, size, node_of(entries))

    old_root, root = rfc6962.tree_hash(entries[:old]), rfc6962.tree_hash(entries)
    assert path == rfc6962.consistency_proof(old, entries)
    assert tree.verify_consistency(old, old_root, size, root, path)
    assert rfc6962.proves_prefix(old, old_root, size, root, path)


@given(st.data(), SIZES)
def test_altered_history_is_not_consistent(data, size):
    entries, old = entries_of(size), data.draw(st.integers(1, size))
    node = node_of(entries)
    path, root = tree.consistency_path(old, size, node), rfc6962.tree_hash(entries)
    old_root = rfc6962.tree_hash(entries[:old])
    place = data.draw(st.integers(0, old - 1))
    other_root = rfc6962.tree_hash([*entries[:place], b"another", *entries[place + 1 : old]])

    wrong = [
        (old, other_root, size, root, path),
        (old, old_root, size, other_root, path),
        (old, old_root, size, root, [*path, root]),
        (size + 1, old_root, size, root, path),
        (-1, old_root, size, root, path),
        (old, old_root[:-1], size, root, path),
    ]
    if path:
        wrong += [
            (old, old_root, size, root, path[:-1]),
            (old, old_root, size, root, []),
            (old, old_root, size, root, altered(path, data.draw(st.integers(0, 9)))),
        ]
    assert not any(tree.verify_consistency(*attempt) for attempt in wrong)


@given(SIZES, st.lists(st.binary(min_size=32, max_size=32), max_size=8), st.integers(0, 80))
def test_made_up_paths_are_refused_without_an_error(size, path, index):
    root = tree.leaf_hash(b"made up")

    assert not tree.verify_inclusion(root, index, size, path, root) or (size == 1 and index == 0 and not path)
    assert not tree.verify_consistency(index, tree.EMPTY, size, root, path) or (index == 0 and not path)


def test_hashes_of_other_sizes_prove_nothing_though_they_join_to_the_same():
    first, second = (tree.leaf_hash(entry) for entry in ENTRIES[:2])
    root = tree.node_hash(first, second)
    longer, shorter = first + second[:1], second[1:]
    assert tree.node_hash(longer, shorter) == root

    assert not tree.verify_inclusion(longer, 0, 2, [shorter], root)
    assert not tree.verify_consistency(1, longer, 2, root, [shorter])


def test_every_tree_begins_with_the_empty_one():
    root = rfc6962.tree_hash(ENTRIES)

    assert tree.consistency_path(0, 8, node_of(ENTRIES)) == []
    assert tree.verify_consistency(0, tree.EMPTY, 8, root, [])
    assert tree.verify_consistency(0, tree.EMPTY, 0, tree.EMPTY, [])
    assert not tree.verify_consistency(0, root, 8, root, [])
    assert not tree.verify_consistency(0, tree.EMPTY, 8, root, [root])


def test_paths_that_no_tree_has_are_errors():
    node = node_of(ENTRIES)

    for index, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(ValueError, match="has none at"):
            tree.inclusion_path(index, size, node)
    with pytest.raises(ValueError, match="holds none of 9"):
        tree.consistency_path(9, 8, node)


def test_large_trees_ask_for_few_nodes():
    size = (1 << 40) + 12_345
    asked = []

    def node(level, index):
        assert (index + 1) << level <= size
        asked.append((level, index))
        return tree.leaf_hash(b"%d %d" % (level, index))

    path = tree.inclusion_path(987_654_321, size, node)
    root = tree.root_at(size, node)

    assert len(path) == 41
    assert len(asked) < 3 * 41
    assert (
        tree.verify_inclusion(node(0, 987_654_321), 987_654_321, size, path, root) is False
    )  # made-up nodes
