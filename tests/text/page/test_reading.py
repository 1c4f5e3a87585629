"""Words and minutes of a page, in scripts with and without spaces."""

import pytest

from articles.text.page import Length, length, sanitize
from articles.text.page.reading import WORDS_A_MINUTE


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("It can't *st*op.\n", 3),
        ("one\ntwo  \nthree\n", 3),
        ("| a | b |\n|---|---|\n| c | 3.14 |\n", 4),
        ("`a` & <b>b</b> &lt; 1\n", 3),
        ("\u4e2d\u6587\u5199\u4f5c\uff0c\u6ca1\u6709\u7a7a\u683c\u3002\n", 8),
        ("\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22\u0e40\u0e02\u0e35\u0e22\u0e19\n", 4),
        ("\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645\n", 2),
        ("- - -\n", 0),
        ("", 0),
    ],
)
def test_words_are_counted_as_a_reader_would(source, count):
    assert length(sanitize(source).html).words == count


def test_cells_written_in_one_line_are_words_apart():
    assert length("<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>").words == 2


def test_minutes_are_rounded_up_and_characters_are_read_faster_than_words():
    assert length("<p>" + "word " * WORDS_A_MINUTE + "</p>") == Length(WORDS_A_MINUTE, 1)
    assert length("<p>" + "word " * (WORDS_A_MINUTE + 1) + "</p>").minutes == 2
    assert length("<p>" + "\u6587" * 500 + "</p>") == Length(500, 1)
