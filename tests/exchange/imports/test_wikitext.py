"""Wikitext becomes Markdown that reads the same; what has no Markdown stays as text and is named."""

import pytest

from articles.exchange.imports.wikitext import Wikitext
from articles.exchange.imports.wikitext_sections import redirect_of
from articles.text.page import sanitize

ADDRESS = "/media/images/0123456789abcdef01234567-80x60.png"


def convert(wikitext):
    wiki = Wikitext({"Tide": "/articles/tide/"}.get, {"Tower.png": ADDRESS}.get)
    return wiki.converted(wikitext)


CASES = {
    "'''bold''' and ''italic''": "**bold** and *italic*\n",
    "== Log ==\ntext": "## Log\n\ntext\n",
    "[[Tide]] [[Tide|the tide]] [[Nowhere|no]]": "[Tide](/articles/tide/) [the tide](/articles/tide/) no\n",
    "[[Tide#The night]]": "[Tide#The night](/articles/tide/#the-night)\n",
    "[https://example.org a b] https://example.org/x": "[a b](https://example.org) https://example.org/x\n",
    "* a\n** b\n# c\n## d": "- a\n  - b\n\n1. c\n   1. d\n",
    "; Term\n: what it is": "Term\n: what it is\n",
    ": said": "> said\n",
    "{|\n! A !! B\n|-\n| 1 || 2|3\n|}": "| A | B |\n| --- | --- |\n| 1 | 3 |\n",
    "<pre>\n'''x'''\n</pre>": "```\n'''x'''\n```\n",
    " kept\n as it is": "```\nkept\nas it is\n```\n",
    "<nowiki>''x''</nowiki> a*b": "''x'' a\\*b\n",
    "a<!-- secret -->b": "ab\n",
    "x<ref>Log, p. 1</ref> y<ref name=n>N</ref><ref name=n />": "x[^1] y[^2][^2]\n\n[^1]: Log, p. 1\n[^2]: N\n",
    "[[File:Tower.png|thumb|alt=A tower|At night]]": f"![A tower]({ADDRESS})\n\n*At night*\n",
    "# not a heading": "1. not a heading\n",
    "1. no list": "\\1. no list\n",
    "H<sub>2</sub>O &nbsp; <b>x</b>": "H<sub>2</sub>O &nbsp; **x**\n",
    "": "",
}


@pytest.mark.parametrize("wikitext", CASES)
def test_markdown_reads_as_the_wikitext(wikitext):
    assert convert(wikitext).markdown == CASES[wikitext]


def test_categories_become_tags_and_what_is_left_is_named():
    converted = convert("{{Box|x}} text [[Category:Lights|L]]\n[[category: Old_towers ]] [[File:Gone.png]]")

    assert converted.markdown == "`{{Box|x}}` text\n*Gone.png*\n"
    assert converted.categories == ("Lights", "Old towers")
    assert converted.left == ("template Box", "picture Gone.png")


def test_redirect_is_a_link_and_a_numbered_list_is_none():
    assert redirect_of("#REDIRECT [[Tide]]") == "Tide"
    assert redirect_of("#первый [[Tide]]") == ""
    assert convert("#перенаправление [[Tide]]").markdown == "→ [Tide](/articles/tide/)\n"


def test_sections_that_span_a_heading_are_read_as_one():
    assert "==" in convert("{{Box|\n== x ==\n}}\ntext").markdown


@pytest.mark.parametrize(
    "wikitext",
    ["{{" * 500, "[[" * 5_000, "'''" * 999, "{|\n" * 300, "<div>" * 2_000, "<ref>" * 300, "=" * 9_999],
)
def test_hostile_text_ends_as_text_that_can_be_shown(wikitext):
    assert sanitize(convert(wikitext).markdown, max_bytes=None).html


def test_many_breaks_and_references_are_not_deep():
    wikitext = "line<br>\n<ref name=a /> item\n" * 100 + "'''end'''"

    assert "**end**" in convert(wikitext).markdown
    assert convert("{{a|" * 5_000).markdown.startswith("```wikitext\n{{a|")


def test_equal_sections_are_converted_once(monkeypatch):
    wiki = Wikitext({}.get, {}.get)
    wiki.converted("a\n== B ==\nb\n== C ==\nc")
    before = len(wiki._sections)

    wiki.converted("a\n== B ==\nb, later\n== C ==\nc")

    assert (before, len(wiki._sections)) == (3, 4)
