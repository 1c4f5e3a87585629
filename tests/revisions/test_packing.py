"""Packing: what was packed comes back, and damage is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.revisions.codec import Undecodable
from articles.revisions.packing import distance_of, pack_origins, pack_step, unpack_origins, unpack_step
from articles.text.diff import compare
from articles.text.diff.attribution import Origins, make_step
from tests.text.diff.test_attribution import PARAGRAPHS, follow, texts


@given(texts, texts, st.integers(1, 300))
def test_steps_come_back(old, new, distance):
    step = make_step(old, new, compare(old, new).changes)

    packed = pack_step(step, distance=distance)

    assert unpack_step(packed) == step
    assert distance_of(packed) == distance


def test_step_with_moved_text_comes_back():
    first, second, third = PARAGRAPHS.split("\n\n")
    old, new = f"{first}\n\n{second}\n\n{third}", f"{third}\n{second}\n\n{first}\n"
    step = make_step(old, new, compare(old, new).changes)
    spans = [part for part in step.parts if isinstance(part, tuple)]

    assert spans != sorted(spans)  # something moved
    assert unpack_step(pack_step(step, distance=1)) == step


@given(st.lists(texts, min_size=1, max_size=5))
def test_origins_come_back(history):
    origins = follow(*history)[-1]

    packed = pack_origins(origins)

    assert unpack_origins(packed) == origins
    assert list(unpack_origins(packed).remembered) == list(origins.remembered)
    assert distance_of(packed) == 0


def test_an_edit_of_one_word_takes_few_bytes():
    old = PARAGRAPHS * 100
    new = old.replace("ferry", "boat", 1)

    assert len(pack_step(make_step(old, new, compare(old, new).changes), distance=200)) <= 12


def test_long_steps_and_origins_are_compressed():
    old = "".join(f"Line {n} of many.\n" for n in range(200))
    new = old.replace("many", "more")
    step = make_step(old, new, compare(old, new).changes)

    assert len(pack_step(step, distance=1)) < 64
    assert len(pack_origins(Origins().after(step, 1))) < 64


@pytest.mark.parametrize("unpack", [unpack_step, unpack_origins])
@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"\x01spam", b"\x00\x05\x01", b"\x00\x01" + b"\xff" * 9, b"\x80\x80\x80\x80\x80\x80\x01"],
)
def test_damage_is_told(unpack, data):
    with pytest.raises(Undecodable):
        unpack(data)
