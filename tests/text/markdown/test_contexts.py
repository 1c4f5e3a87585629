"""Contexts in a source: prose, code, link texts, hosts and attributes."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.markdown import Where, regions

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
    "a\n\n    b\n\nc": ["b\n"],
    "> ```\n> a\n>  b\n> ```": ["a\n", " b\n"],
    "- x\n\n      y\n": ["y\n"],
    "> `a\n> b` `c`": ["a\n> b", "c"],
    "| a |\n|---|\n| `b\\|c` `d` |": ["b\\|c", "d"],
    "é 字 `ü` `b`": ["ü", "b"],
    "```\r\na\r\n```\r\n`b`": ["a", "\n", "b"],
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
    "[a](http:\\/\\/b\\.org/c)": ["b\\.org"],
    "[a](http&colon;//b.org) [c](http&#58;&#47;&#x2F;d&#46;org)": ["b.org", "d&#46;org"],
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


def test_attributes_of_a_tag_that_goes_on_in_the_next_line_of_a_quotation() -> None:
    block = "> <div\n> title=\"a\"\n> cite='http://b.org'>"
    inline = "> c <i\n> title=d\n> cite='http://e.org'>"

    assert [found(block, where) for where in (Where.ATTRIBUTE, Where.HOST)] == [["a", "http://"], ["b.org"]]
    assert [found(inline, where) for where in (Where.ATTRIBUTE, Where.HOST)] == [["d", "http://"], ["e.org"]]


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
