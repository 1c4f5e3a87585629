"""Where prose, code, links and attributes stand, and what GitHub's Markdown makes of a source."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.markdown import parse as markup
from articles.text.markdown.parse import Where, regions, render

MARKUP = st.text(
    alphabet="ab`~*_[]()<>!#|-+:\\&;/\"'=.@ \t\n\r1é字\N{ZERO WIDTH JOINER}\0\ud800\ufeff", max_size=120
)
PIECES = (
    "`a`", "``b`c``", "[t](http://h.org/p 'q')", "![i](/j.png)", "<https://k.org>", "www.l.org", "m@n.org", "[r]",
    "\n[r]: http://s.org \"u\"\n", "<i title=\"v\">", "</i>", "\n> ", "\n- ", "\n\n", "\n    x\n", "\n```\ny\n```\n",
    "|", "\n|-|-|\n", "[^1]", "\n[^1]: z", "&amp;", "\\*", "é", "**", "<!-- c -->", "\n<div>\n",
)  # fmt: skip


def found(source: str, where: Where) -> list[str]:
    return [source[r.start : r.end] for r in regions(source) if r.where is where]


CODE = {
    "a `b` c": ["b"],
    "`` a`b ``": [" a`b "],
    "`a": [],
    "\\`a`": [],
    "a\n\n```py\nb\n  c\n```\nd": ["b\n  c\n"],
    "~~~\na\n": ["a\n"],
    "a\n\n    b\n\nc": ["b"],
    "> ```\n> a\n>  b\n> ```": ["a", " b"],
    "- x\n\n      y\n": ["y"],
    "> `a\n> b` `c`": ["a\n> b", "c"],
    "| a |\n|---|\n| `b\\|c` `d` |": ["b\\|c", "d"],
    "é 字 `ü` `b`": ["ü", "b"],
    "```\r\na\r\n```\r\n`b`": ["a\r\n", "b"],
    "[r]: x\nlong `a` text": ["a"],
    "\\*m@n.org ``b`c`` m@n.org": ["b`c"],
    "\\*\n[r]: http://a.org\n`b`\n[r]: http://a.org\n`c`": ["b", "c"],
    "<b title='`x`'> `y`": ["y"],
}


@pytest.mark.parametrize(("source", "code"), CODE.items())
def test_code_is_what_markdown_shows_as_code(source: str, code: list[str]) -> None:
    assert found(source, Where.CODE) == code


HOSTS = {
    "[a](http://b.org/c)": ["b.org"],
    "[a](<https://b.org:80/c d>)": ["b.org"],
    "[a](https://user@b.org)": ["b.org"],
    "[a]: //b.org/c\n\n[a]": ["b.org"],
    "> [a]: <http://b.org>\n\n[a]": ["b.org"],
    "<https://b.org/c>": ["b.org"],
    "see http://b.org/c, www.d.org and e@f.org": ["b.org", "www.d.org", "f.org"],
    "[![i](http://b.org/i.png)](http://c.org)": ["b.org", "c.org"],
    '<a href="http://b.org/c" title="d">': ["b.org"],
    "`http://b.org` [a](/c)": [],
    "    [a]: http://b.org": [],
    "[http://b.org](http://c.org)": ["c.org"],
    "[a\nb](http://c.org\n'd')": ["c.org"],
    "- <http://пример.рф/x>": ["пример.рф"],
}


@pytest.mark.parametrize(("source", "hosts"), HOSTS.items())
def test_hosts_of_every_kind_of_link(source: str, hosts: list[str]) -> None:
    assert found(source, Where.HOST) == hosts


def test_link_text_is_what_stands_between_the_brackets() -> None:
    source = "[a *b*](c) ![d](e) [f][g] [h]\n\n[g]: i\n[h]: j"

    assert found(source, Where.LINK_TEXT) == ["a *b*", "d", "f", "h"]


def test_attributes_are_targets_titles_and_values_of_raw_html() -> None:
    source = '[a](b/c "d") <i title="e" lang=f>g</i>\n\n<div title=\'h\'>\n\n[k]: l (m)'

    assert found(source, Where.ATTRIBUTE) == ["b/c", "d", "e", "f", "h", "l", "m"]


def test_brackets_that_make_no_link_are_prose() -> None:
    source = "[a] (b) [c]( d e ) \\[f](g)"

    assert {region.where for region in regions(source)} == {Where.PROSE}


@settings(max_examples=300, deadline=None)
@given(MARKUP | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_regions_tile_any_source(source: str) -> None:
    result = regions(source)

    assert "".join(source[region.start : region.end] for region in result) == source
    assert all(region.start < region.end for region in result)
    assert all(a.where != b.where for a, b in pairwise(result))


@settings(max_examples=300, deadline=None)
@given(MARKUP | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_prose_alone_is_told_without_placing_nodes(source: str) -> None:
    placed = {node.kind for node in markup.nodes(markup.plain(source))}
    is_beside = placed & {"code", "code_block", "link", "image", "html_inline", "html_block"}

    assert bool(is_beside) == bool(markup._BESIDE_PROSE.search(markup._tree(markup.plain(source))))


INLINE = st.lists(
    st.sampled_from([piece for piece in PIECES if "\n" not in piece and piece != "|"]), min_size=1, max_size=8
)
LINES = st.lists(INLINE.map(" ".join), min_size=1, max_size=3)
MARKS = {"": "\n", "> ": "\n> ", "- ": "\n  ", "1. > ": "\n   > ", "# ": " "}
BLOCKS = st.tuples(st.sampled_from(sorted(MARKS)), LINES).map(
    lambda block: block[0] + MARKS[block[0]].join(block[1])
)


@settings(max_examples=200, deadline=None)
@given(st.lists(BLOCKS, max_size=6).map("\n\n".join))
def test_every_code_span_of_the_tree_is_code(source: str) -> None:
    spans = [node.text for node in markup.nodes(markup.plain(source)) if node.kind == "code"]
    shown = "".join(found(source, Where.CODE))

    for span in spans:
        assert re.sub(r"[\s>]", "", span) in re.sub(r"[\s>]", "", shown)


def test_rendering_knows_the_whole_of_github_markdown() -> None:
    source = "~~a~~ www.b.org [^1]\n\n- [x] c\n\n|d|\n|-:|\n|e|\n\n<kbd>f</kbd>\n\n[^1]: g"

    rendered = render(source)

    for part in ("<del>a</del>", 'href="http://www.b.org"', 'checked=""', '<td align="right">e</td>', "<kbd>f</kbd>",
                 'href="#fn-1"', '<li id="fn-1">'):  # fmt: skip
        assert part in rendered


def test_marked_rendering_replaces_raw_html_and_says_where_blocks_stand() -> None:
    rendered = render("a <b>c</b>", mark_raw=True)

    assert rendered == f'<p data-sourcepos="1:1-1:10">a {markup.RAW_HTML}c{markup.RAW_HTML}</p>\n'
