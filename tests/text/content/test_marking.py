"""Marks around findings in HTML, which never change the text."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks import Finding, Severity, scan
from articles.text.content.marked_pages import MarkedPage
from articles.text.content.marking import MAX_LABELS, MAX_MEANT, Say, mark, mark_text
from articles.text.markdown import Where
from articles.text.page import sanitize
from articles.text.unicode.boxes import box_label


def without_marks(page: str) -> str:
    return re.sub("</?mark[^>]*>", "", page)


def mark_findings(page: str, *, language: str, say: Say = str) -> str:
    return MarkedPage(page, language=language).drawn(say=say)


def marks(page: str) -> list[str]:
    return [html.unescape(text) for text in re.findall("<mark[^>]*>([^<]*)</mark>", page)]


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<p>The p\u0430per</p>", ["\u0430"]),
        ("<p>The p<b>\u0430</b>per</p>", ["\u0430"]),  # a word across tags
        ("<p>p</p><p>\u0430</p>", []),  # two blocks, two words
        ("<p>p\u0430y</p><p>p\u0430y</p>", ["\u0430", "\u0430"]),
        ("<p>p<br>\u0430</p>", []),
        ("<p>a\u202eb &amp; p\u0430y &lt;</p>", ["\u202e", "\u0430"]),
        ("<pre><code>n\u0440m x\u00a0y</code></pre>", ["\u0440", "\u00a0"]),  # code is strict
        ("<p>x\u00a0y</p>", []),
        ('<p><a href="https://p\u0430y.example/">pay</a></p>', []),  # attributes are not text
        ("<p>`not code` _p\u0430y_ &amp;#8203;</p>", ["\u0430"]),  # a page holds no Markdown and no entities
        ("<p>\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440</p>", []),
        ("<p>\U0001f468\u200d<b>\U0001f469</b></p>", []),  # tags add nothing to the text
        ("<p>p<br />\u0430</p>", []),
        ("<p>x<code>\u00a0</code>y</p>", ["\u00a0"]),
        ("<pre>x\u00a0y</pre>", ["\u00a0"]),
        ("<p><code>x\u00a0y</code></p>", ["\u00a0"]),
        ("<p><code>a<code>b</code>x\u00a0y</code></p>", ["\u00a0"]),  # still inside the outer one
        ("<pre><code>x</code></pre><p>x\u00a0y</p>", []),  # and no longer inside
        ("\ufeffpay", []),  # at the start of a text, a byte order mark; not in a link
        ('<a href="/">\ufeffpay</a>', ["\ufeff"]),
        ('<a href="/">pay</a><p>\u00ad</p>', ["\u00ad"]),
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


def flagged(end: int) -> Finding:
    return Finding("c", Severity.ALERT, 0, end, "", None, None, Where.PROSE, "m")


def test_mark_names_up_to_four_code_points_and_labels_what_shows_nothing():
    text = "a\u200bb\u200c"

    drawn = mark(text, flagged(4))

    assert 'data-code="U+0061 U+200B U+0062 U+200C"' in drawn
    assert 'data-box="ZWSP ZWNJ"' in drawn
    assert "data-code" not in mark(text + "c", flagged(5))


def test_attributes_of_a_mark_are_bounded_whatever_it_holds():
    hidden = Finding("c", Severity.ALERT, 0, 9, "", "m" * (MAX_MEANT + 1), None, Where.PROSE, "m")

    drawn = mark("\u200b" * (MAX_LABELS + 1), hidden)

    assert f'data-box="{" ".join(["ZWSP"] * MAX_LABELS)} …"' in drawn
    assert f'data-like="{"m" * MAX_MEANT}…"' in drawn
    assert "…" not in mark("\u200b" * MAX_LABELS, flagged(MAX_LABELS))


def test_page_numbers_its_marks_and_draws_those_asked_for():
    page = MarkedPage("<p>p\u0430y <b>p\u0435n</b> p\u043et</p>", language="en")

    assert page.total == 3
    assert marks(page.drawn(2, 2)) == ["\u0435"]
    assert re.findall(r'id="odd-(\d)" tabindex="-1"', page.drawn(2, 3)) == ["2", "3"]
    assert marks(page.drawn(4, 9)) == []


def test_mark_tells_what_is_new_and_speaks_the_readers_language():
    assert 'class="finding alert" title="m"' in mark("a", flagged(1))
    assert 'class="finding alert new" title="M"' in mark("a", flagged(1), is_new=True, say=str.upper)


def test_text_inside_a_mark_is_escaped_and_its_quotes_stay():
    assert mark('<i>&"', flagged(5)).endswith('>&lt;i&gt;&amp;"</mark>')


def test_new_findings_of_a_stretch_are_told_from_others():
    text = 'p\u0430y "p\u0430y"'
    first, second = scan(text).findings

    drawn = mark_text(text, [first, second], new={second}, say=str.upper)

    assert re.findall('class="([^"]*)" title="([A-Z])', drawn) == [
        ("finding warning", "C"),
        ("finding warning new", "C"),
    ]
    assert without_marks(drawn) == text


def test_finding_beside_a_stretch_is_not_drawn_in_it():
    assert mark_text('"y" p', scan('p\u0430"y" p').findings, start=2) == '"y" p'


def test_page_is_scanned_in_its_language_and_speaks_the_readers():
    page = "<p>p\u0131zza</p>"

    assert mark_findings(page, language="tr") == page
    assert 'says="\u0131' not in mark_findings(page, language="en")
    assert 'says="LATIN' in mark_findings(page, language="en", say=str.upper)


def test_text_that_ends_as_an_entity_begins_is_kept():
    assert mark_findings("<p>R</p>&", language="en") == "<p>R</p>&amp;"


@pytest.mark.parametrize("block", ["address", "h6", "header", "ul"])
def test_letters_in_two_blocks_are_no_word(block):
    page = f"p<{block}>\u0430</{block}>y"

    assert mark_findings(page, language="en") == page


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
        *zip(
            "\u00a0\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a"
            "\u202b\u202c\u202d\u202e\u202f\u2060\u2066\u2067\u2068\u2069\ufeff",
            "NBSP SHY CGJ ALM ZWSP ZWNJ ZWJ LRM RLM LRE RLE PDF LRO RLO NNBSP WJ LRI RLI FSI PDI BOM".split(),
            strict=True,
        ),
        ("\t", None),
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
