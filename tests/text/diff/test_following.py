"""Where a passage stands in a later text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.diff import compare, follow

POND = "The sea fills a pond behind a dam. The miller lets it out through a wheel.\n"
STONES = "The stones stay, because they are too heavy to steal.\n"


def followed(passage, old, new):
    start = old.index(passage)
    span = follow((start, start + len(passage)), compare(old, new).changes)
    return None if span is None else new[slice(*span)]


@pytest.mark.parametrize(
    ("passage", "new", "expected"),
    [
        ("a pond behind a dam", POND + STONES, "a pond behind a dam"),
        ("a pond behind a dam", "New.\n\n" + POND, "a pond behind a dam"),
        ("a pond behind a dam", POND.replace("pond", "deep pond"), "a deep pond behind a dam"),
        ("a pond behind a dam", POND.replace("a dam", "the dam"), "a pond behind the dam"),
        ("The miller lets it out", STONES + "Two.\n", None),
        ("a pond behind a dam", POND.replace("a pond behind a dam", "an old basin nearby"), None),
        (POND, "", None),
    ],
)
def test_passage_is_followed_while_half_of_it_stays(passage, new, expected):
    found = followed(passage, POND, new)

    assert (found or "").strip() == (expected or "")
    assert (found is None) is (expected is None)


def test_passage_goes_with_its_moved_block():
    old = POND + "\n" + "A line between.\n\n" * 3 + STONES
    new = STONES + "\n" + "A line between.\n\n" * 3 + POND

    assert followed("too heavy to steal", old, new) == "too heavy to steal"
    assert followed("a pond behind a dam", old, new) == "a pond behind a dam"


def test_exactly_half_is_enough_and_less_is_not():
    half = compare("abcd efgh", "abcd")
    assert follow((0, 8), half.changes) == (0, 4)
    assert follow((0, 9), half.changes) is None


@given(st.text("ab \n", max_size=60), st.data())
def test_what_is_unchanged_is_found_whole(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    expected = (start, end) if start < end else None
    assert follow((start, end), compare(text, text).changes) == expected


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60), st.data())
def test_span_lies_in_the_new_text(old, new, data):
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))

    span = follow((start, end), compare(old, new).changes)

    assert span is None or 0 <= span[0] < span[1] <= len(new)
