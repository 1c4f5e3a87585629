"""Marks around findings in HTML, which never change the text."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks import scan
from articles.text.content.marking import box_label, mark, mark_findings, mark_text
from articles.text.page import sanitize


def without_marks(page: str) -> str:
    return re.sub("</?mark[^>]*>", "", page)


def marks(page: str) -> list[str]:
    return [html.unescape(text) for text in re.findall("<mark[^>]*>([^<]*)</mark>", page)]


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<p>The p\u0430per</p>", ["\u0430"]),
        ("<p>The p<b>\u0430</b>per</p>", ["\u0430"]),  # a word across tags
        ("<p>p</p><p>\u0430</p>", []),  # two blocks, two words
        ("<p>p<br>\u0430</p>", []),
        ("<p>a\u202eb &amp; p\u0430y &lt;</p>", ["\u202e", "\u0430"]),
        ("<pre><code>n\u0440m x\u00a0y</code></pre>", ["\u0440", "\u00a0"]),  # code is strict
        ("<p>x\u00a0y</p>", []),
        ('<p><a href="https://p\u0430y.example/">pay</a></p>', []),  # attributes are not text
        ("<p>`not code` _p\u0430y_ &amp;#8203;</p>", ["\u0430"]),  # a page holds no Markdown and no entities
        ("<p>\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440</p>", []),
    ],
)
def test_text_of_a_page_is_marked_as_readers_get_it(page, marked):
    assert marks(mark_findings(page, language="en")) == marked
    assert without_marks(mark_findings(page, language="en")) == page


def test_mark_tells_code_point_look_alike_and_label_in_attributes():
    (letter,) = scan("p\u0430per").findings
    (override,) = scan("a\u202eb").findings

    assert mark("\u0430", letter).startswith('<mark class="finding warning" title="')
    assert 'data-code="U+0430" data-like="a">\u0430</mark>' in mark("\u0430", letter)
    assert 'data-code="U+202E" data-box="RLO">\u202e</mark>' in mark("\u202e", override)


def test_plain_text_is_escaped_around_its_marks():
    found = scan("<b>p\u0430y</b>").findings

    page = mark_text("<b>p\u0430y</b>", found)

    assert page.startswith("&lt;b&gt;p<mark")
    assert html.unescape(without_marks(page)) == "<b>p\u0430y</b>"


def test_stretch_of_a_text_takes_the_findings_that_touch_it():
    text = "one p\u0430y two p\u0430y"
    found = scan(text).findings

    assert marks(mark_text(text[4:7], found, start=4)) == ["\u0430"]
    assert marks(mark_text(text[:3], found)) == []


@pytest.mark.parametrize(
    ("char", "label"),
    [
        ("\u200b", "ZWSP"),
        ("\U000e0068", "U+E0068"),
        ("\u3164", "U+3164"),
        ("a", None),
        ("\n", None),
        (" ", None),
    ],
)
def test_what_shows_nothing_gets_a_label(char, label):
    assert box_label(char) == label


PIECES = [
    "p\u0430y ",
    "a\u202eb ",
    "`n\u0440m`",
    "**",
    "\n\n",
    "- ",
    "[x](https://a.example)",
    "&amp;",
    "<b>",
    "</b>",
    "> ",
    "x ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join))
def test_escaping_changes_no_text_and_no_tag(source):
    page = sanitize(source).html

    assert without_marks(mark_findings(page, language="en")) == page
