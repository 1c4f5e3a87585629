"""The lines in which two texts differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content.touched import touched_lines
from articles.text.diff import compare


def touched(old, new):
    return touched_lines(old, new, compare(old, new).changes)


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("a\nb c\nd\n", "a\nb x\nd\n", ("b c\n", "b x\n")),
        ("one two three\n", "one three\n", ("one two three\n", "one three\n")),
        ("one three\n", "one two three\n", ("one three\n", "one two three\n")),
        ("", "a\nb", ("", "a\nb")),
        ("a\nb", "", ("a\nb", "")),
        ("same\n", "same\n", ("", "")),
        ("one two\n", "one  two\n", ("", "")),
    ],
)
def test_changed_lines_of_both_sides(old, new, lines):
    assert touched(old, new) == lines


def test_lines_that_moved_are_left_out():
    first, second = "The gate falls shut at the turn.\n", "The miller sleeps when he can, by day.\n"

    assert touched(f"{first}\n{second}\n{first * 2}", f"{second}\n{first}\n{first * 2}") == ("", "")


TEXTS = st.lists(st.sampled_from(["a\n", "b c d\n", "one two three\n", "\n", "x"])).map("".join)


@given(TEXTS, TEXTS)
def test_each_line_is_taken_once(old, new):
    was, now = touched(old, new)

    assert len(was) <= len(old)
    assert len(now) <= len(new)
