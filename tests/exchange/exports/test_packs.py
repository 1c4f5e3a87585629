"""Packs that git and libgit2 read as their own, whatever stands in them."""

import subprocess
from pathlib import Path

import pygit2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.exchange.exports import packs as exports_packs
from articles.exchange.exports.packs import Kind, PackWriter, object_id, remove_unfinished

PIECES = st.sampled_from([b"", b"a", b"The tide.\n", b"x" * 200, bytes(range(256)), b"\0" * 70_000])
TEXTS = st.lists(PIECES, max_size=6).map(b"".join)


@pytest.fixture
def repository(tmp_path):
    return pygit2.init_repository(str(tmp_path), bare=True)


def write(repository, objects):
    """Writes a pack with blobs, each with what it is like; returns its path and the ids."""
    pack = PackWriter(folder(repository))
    oids = [pack.add(Kind.BLOB, data, like=like) for data, like in objects]
    return folder(repository) / f"{pack.close()}.pack", oids


def folder(repository):
    return Path(repository.path, "objects/pack")


def check(pack):
    """Has git prove each object and the index, and make the same index from the pack."""
    subprocess.run(["git", "verify-pack", str(pack.with_suffix(".idx"))], check=True)
    again = pack.with_suffix(".again")
    subprocess.run(
        ["git", "index-pack", "--strict", "-o", str(again), str(pack)], check=True, capture_output=True
    )
    assert again.read_bytes() == pack.with_suffix(".idx").read_bytes()


@given(objects=st.lists(st.tuples(TEXTS, st.sampled_from(["", "a", "b"])), min_size=1, max_size=12))
@settings(max_examples=25)
def test_every_object_comes_back(tmp_path_factory, objects):
    repository = pygit2.init_repository(str(tmp_path_factory.mktemp("pack")), bare=True)

    pack, oids = write(repository, objects)

    for (data, _like), oid in zip(objects, oids, strict=True):
        assert repository[pygit2.Oid(oid)].data == data
        assert oid == pygit2.hash(data).raw
    check(pack)


def test_long_history_is_small_and_no_chain_is_long(repository):
    text = b"".join(b"Line %d of a text that changes a little.\n" % n for n in range(500))
    versions = [text.replace(b"Line 250", b"Line %d" % (1000 + n)) for n in range(100)]

    pack, _oids = write(repository, [(version, "text") for version in versions])

    assert pack.stat().st_size < 3 * len(text)
    told = subprocess.run(
        ["git", "verify-pack", "-v", str(pack)], check=True, capture_output=True, text=True
    ).stdout
    assert "chain length = 40: " in told
    assert "chain length = 41: " not in told
    check(pack)


def test_copy_of_more_than_one_instruction_can_say(repository):
    data = b"\0" * 17_000_000

    pack, oids = write(repository, [(data, "a"), (data + b"end", "a"), (b"start" + data, "a")])

    assert [len(repository[pygit2.Oid(oid)].data) for oid in oids] == [17_000_000, 17_000_003, 17_000_005]
    assert pack.stat().st_size < 60_000


def test_object_is_stored_once(repository):
    pack, oids = write(repository, [(b"same", ""), (b"same", "a"), (b"same", "")])

    assert len(set(oids)) == 1
    assert pack.read_bytes()[8:12] == b"\0\0\0\1"
    check(pack)


def test_what_is_remembered_is_bounded(repository, monkeypatch):
    monkeypatch.setattr(exports_packs, "_MOST_REMEMBERED", 1_000)
    pack = PackWriter(folder(repository))

    for n in range(10):
        pack.add(Kind.BLOB, bytes([n]) * 400, like=str(n))
        pack.add(Kind.BLOB, bytes([n]) * 401, like=str(n))

    assert sum(len(base.data) for base in pack._bases.values()) == pack._remembered <= 1_000
    check(folder(repository) / f"{pack.close()}.pack")


def test_pack_that_was_not_closed_leaves_nothing(repository):
    pack = PackWriter(folder(repository))
    pack.add(Kind.BLOB, b"data")

    remove_unfinished(folder(repository))

    assert list(folder(repository).iterdir()) == []
    pack.abandon()


@pytest.mark.parametrize("kind", Kind)
def test_id_is_that_of_git(kind):
    data = b"tree " + b"0" * 40 if kind is Kind.COMMIT else b""
    git = ["git", "hash-object", "-t", kind.name.lower(), "--stdin", "--literally"]

    assert (
        subprocess.run(git, input=data, capture_output=True, check=True).stdout.decode().strip()
        == object_id(kind, data).hex()
    )
