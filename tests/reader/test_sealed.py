"""The addresses of the seal: what whoever watches the log gets, and what nobody gets."""

import hashlib

import pytest

from articles import workflow
from articles.models import Revision
from articles.proofs import tree
from articles.proofs.notes import VerifierKey, open_checkpoint
from articles.seals.entries import SealedTile
from tests.conftest import content
from tests.seals.conftest import seal, seal_key  # noqa: F401


@pytest.fixture
def sealed(published):
    seal()


def test_nothing_is_there_before_the_first_seal(client, published):
    for address in ("checkpoint", "key", "tile/0/000", "tile/0/000.p/1"):
        assert client.get(f"/seal/{address}").status_code == 404


def test_whoever_watches_can_verify_the_checkpoint_by_the_tiles(client, sealed):
    note, key = (client.get(f"/seal/{name}").content.decode() for name in ("checkpoint", "key"))
    checkpoint = open_checkpoint(note, [VerifierKey.parse(key.strip())])

    tile = client.get(f"/seal/tile/0/000.p/{checkpoint.size}").content

    leaves = [tile[place : place + 32] for place in range(0, len(tile), 32)]
    assert len(leaves) == checkpoint.size
    assert tree.root(leaves) == checkpoint.root


def test_what_may_be_kept_and_how_long(client, sealed, save, django_assert_num_queries):
    SealedTile.objects.create(level=1, number=67, hashes=bytes(256 * 32))

    full = client.get("/seal/tile/1/067")
    assert (full.status_code, len(full.content)) == (200, 8192)
    assert full["Cache-Control"] == "public, max-age=31536000, immutable"
    assert full["Content-Type"] == "application/octet-stream"
    assert client.get("/seal/tile/0/000.p/1")["Cache-Control"] == "public, max-age=300"
    with django_assert_num_queries(1):
        checkpoint = client.get("/seal/checkpoint")
    assert checkpoint["Cache-Control"] == "no-cache"
    assert client.get("/seal/checkpoint", HTTP_IF_NONE_MATCH=checkpoint["ETag"]).status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "tile/0/001",
        "tile/0/000",  # which is not full
        "tile/0/000.p/255",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/x000/000.p/1",  # another address of the same tile
        "tile/0/x001/x234/067",
        "tile/64/000.p/1",
        "tile/-1/000",
        "tile/data/000",
        "tile/entries/000.p/1",
        "tile/0/000.p/1/",
        "tile/0/0",
    ],
)
def test_what_is_no_tile_is_not_there(client, sealed, address):
    assert client.get(f"/seal/{address}").status_code == 404


def test_seal_cannot_be_changed_by_a_request(client, sealed):
    for address in ("checkpoint", "key", "tile/0/000.p/1"):
        assert client.post(f"/seal/{address}").status_code == 405


def test_guess_of_a_hidden_text_cannot_be_tested(client, save, administrator):
    revision = save("The secret.\n")
    workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")
    seal()

    tile = client.get("/seal/tile/0/000.p/1").content

    known = Revision.objects.get(pk=revision.pk)
    guesses = [known.sha256, content("The secret.\n").source, f'[{known.article_id},1,1,"{known.sha256}"]']
    assert tile not in [tree.leaf_hash(guess.encode()) for guess in guesses]
    assert tile not in [hashlib.sha256(guess.encode()).digest() for guess in guesses]
