"""Bylines: a page cut into stretches of one version each, a bounded number in a part."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content import bylines
from articles.text.content.bylines import split_page
from articles.text.page import sanitize

TAG = re.compile(r"<[^>]*>")


def label(version):
    return f'by "{version}"', f"v{version}"


def parts_of(source, versions):
    """The parts of the page; versions are given as a digit for each code point."""
    return split_page(sanitize(source).html, source, list(map(int, versions)))


def stretches(source, versions):
    return [(s.start, s.version) for part in parts_of(source, versions) for s in part.stretches]


def test_stretches_are_cut_where_the_version_changes():
    assert stretches("a red fox\n", "1122211111") == [("a", 1), ("red", 2), ("fox", 1)]
    assert stretches("pay\n", "1211") == [("p", 1), ("a", 2), ("y", 1)]


def test_a_stretch_goes_through_the_tags_of_a_line_and_ends_with_its_block():
    source = "one *two* three\n\nfour\n"

    assert stretches(source, "1" * len(source)) == [("one", 1), ("four", 1)]
    (part,) = parts_of(source, "1" * len(source))
    assert [s.version for s in part.stretches] == [1, 1]
    drawn = part.html(label)
    assert drawn.count('<span class="byline v1"') == 4
    assert drawn.count(' id="p1"') == drawn.count(' id="p2"') == 1


def test_white_space_belongs_to_the_stretch_before_it():
    assert stretches("one two\n", "11121111") == [("one two", 1)]
    assert stretches("one\u00a0two\n", "11121111") == [("one", 1), ("U+00A0", 2), ("two", 1)]


def test_text_without_a_place_belongs_to_the_stretch_around_it():
    page = "<p>one ### two</p>\n"

    (part,) = split_page(page, "one two\n", [1, 1, 1, 1, 2, 2, 2, 2])

    assert [(s.start, s.version) for s in part.stretches] == [("one ###", 1), ("two", 2)]


def test_texts_that_the_page_adds_belong_to_nobody():
    source = "one[^1]\n\n[^1]: two\n"

    (part,) = parts_of(source, "1" * len(source))

    assert (
        '<sup class="footnote-ref"><a href="#user-content-fn-1" id="user-content-fnref-1">1</a></sup>'
        in part.html(label)
    )


def test_drawn_page_without_the_spans_is_the_page():
    source = "# A &lt;b\n\n*c* [d](e) `f & g`\n\n- h\n"
    versions = [1 + k % 3 for k in range(len(source))]

    (part,) = split_page(sanitize(source).html, source, versions)

    assert re.sub(r'<span class="byline[^>]*>|</span>', "", part.html(label)) == sanitize(source).html


def test_words_of_a_version_are_escaped_and_links_keep_the_focus():
    source = "[a](b) c\n"

    (part,) = parts_of(source, "121111211")

    drawn = part.html(label)
    assert 'data-by="by &quot;2&quot;" id="p1">a</span></a>' in drawn
    assert drawn.count("tabindex") == 1


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("br", "hr", "img", "input", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def check_parts(page, parts):
    """Parts are balanced, within their budget, and together the visible text of the page."""
    for part in parts:
        balance = Balance()
        drawn = part.html(label)
        balance.feed(drawn)
        assert balance.open == []
        assert len(part.stretches) <= bylines.STRETCHES
    whole = "".join(TAG.sub("", part.html(label)) for part in parts)
    assert whole == TAG.sub("", page)
    numbers = [stretch.number for part in parts for stretch in part.stretches]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "source",
    [
        "word " * 3_000,
        "- item *one* two\n" * 800,
        "| a | b |\n|---|---|\n" + "| c d | e |\n" * 700,
        "```\n" + "x y z\n" * 700 + "```\n",
        "> > - a b c\n" * 600,
    ],
    ids=["paragraph", "list", "table", "code", "nested"],
)
def test_long_pages_come_in_bounded_parts(source):
    page = sanitize(source).html
    versions = [1 + (k // 3) % 7 for k in range(len(source))]

    parts = split_page(page, source, versions)

    assert len(parts) > 1
    check_parts(page, parts)
    assert max(len(part.html(label).encode()) for part in parts) <= bylines.PART_BYTES


def test_an_element_that_goes_on_in_the_next_part_keeps_its_id_to_the_first():
    source = "# " + "word " * 1_500
    versions = [1 + (k // 3) % 7 for k in range(len(source))]

    parts = split_page(sanitize(source).html, source, versions)

    drawn = [part.html(label) for part in parts]
    assert all("<h1" in part for part in drawn)
    assert sum('<h1 id="' in part for part in drawn) == 1


def test_one_long_stretch_comes_in_bounded_parts_too():
    source = "word " * 200_000

    parts = split_page(f"<p>{source}</p>", source, [1] * len(source))

    assert len(parts) > 1
    assert max(len(part.html(label).encode()) for part in parts) <= bylines.PART_BYTES + 40_000
    check_parts(f"<p>{source}</p>", parts)


def test_parts_end_between_blocks_where_they_can():
    source = "one two\n\n" * 600

    first, *_ = split_page(sanitize(source).html, source, [1] * len(source))

    assert first.html(label).rstrip().endswith("</p>")
    assert len(first.stretches) == 400


def test_a_page_without_text_has_no_stretches():
    assert split_page("", "", []) == []
    (part,) = split_page("<hr>\n", "---\n", [1] * 4)
    assert part.stretches == []


sources = st.lists(
    st.sampled_from("a b|*c*|\n\n|- d\n|`e`|[f](g)|<b>h</b>|# |&amp;|[^1]|\n\n[^1]: i\n\n".split("|")),
    max_size=30,
)


@given(sources, st.integers(1, 5), st.integers(2, 9))
def test_whatever_the_page_its_parts_are_whole(parts, period, most):
    source = "".join(parts)
    page = sanitize(source).html
    versions = [1 + (k // period) % 4 for k in range(len(source))]
    before, bylines.STRETCHES = bylines.STRETCHES, most
    try:
        check_parts(page, split_page(page, source, versions))
    finally:
        bylines.STRETCHES = before
