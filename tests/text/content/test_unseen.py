"""Unseen text: every kind with its place, and nothing that readers see."""

import pytest
from hypothesis import given, settings

from articles.text.content import UnseenKind, unseen_in
from tests.text.page.grammar import DOCUMENTS

KINDS = {
    "a <!-- b --> c": [(UnseenKind.COMMENT, " b ")],
    "<div>\n<!-- b\nc -->\n</div>": [(UnseenKind.COMMENT, " b\nc ")],
    "> <!-- open\n> to the end": [(UnseenKind.COMMENT, " open\n  to the end")],
    "[a](/b 'c')": [(UnseenKind.TITLE, "c")],
    "<b title='c' lang=en>d</b>": [(UnseenKind.TITLE, "c")],
    "> <div\n> title=a>\n\nb <i\ntitle='&lt;c&#32;d'>": [(UnseenKind.TITLE, "a"), (UnseenKind.TITLE, "<c d")],
    "a <ruby>b<rp>(</rp><rt>c</rt><rp> d *e*</rp></ruby> `<rp>f</rp>`": [(UnseenKind.ALTERNATIVE, " d *e*")],
    "<ruby>\nb<rp>(</rp><rt>c</rt><RP id=d>e</RP>\n": [
        (UnseenKind.ATTRIBUTE, "d"),
        (UnseenKind.ALTERNATIVE, "e"),
    ],
    "![a](/b)": [(UnseenKind.ALTERNATIVE, "a")],
    '<img src="/b" alt="c d">': [(UnseenKind.ALTERNATIVE, "c d")],
    "a\n\n[b]: /c 'd'": [(UnseenKind.DEFINITION, "[b]: /c 'd'")],
    "[a]\n\n[a]: /b 'c'\n[A]: /d": [(UnseenKind.TITLE, "c"), (UnseenKind.DEFINITION, "[A]: /d")],
    "> [//]: # (a)\n> b": [(UnseenKind.DEFINITION, "[//]: # (a)")],
    "a[^1]\n\n[^1]: b\n[^1]: c\n[^2]: d": [
        (UnseenKind.DEFINITION, "[^1]: c"),
        (UnseenKind.DEFINITION, "[^2]: d"),
    ],
    "[a][b c]\n\n[b c]: /d": [(UnseenKind.LABEL, "b c")],
    "![a][b]\n\n[b]: /d": [(UnseenKind.ALTERNATIVE, "a"), (UnseenKind.LABEL, "b")],
    "[a *b*][] [c][C] [d]\n\n[a *b*]: /e\n[c]: /f\n[d]: /g": [],
    "a[^b c]\n\n[^b c]: d": [(UnseenKind.LABEL, "b c")],
    "<q cite='/a'>b</q> <time datetime=c>d</time>": [
        (UnseenKind.ATTRIBUTE, "/a"),
        (UnseenKind.ATTRIBUTE, "c"),
    ],
    "[](https://a.example)": [(UnseenKind.ADDRESS, "[](https://a.example)")],
    "```py a=b\nc\n```": [(UnseenKind.INFO, "py a=b")],
    "a" + "".join(chr(0xE0000 + ord(letter)) for letter in "hi!"): [(UnseenKind.PAYLOAD, "hi!")],
    "b\n\n> [a]: /b\n\n[a]: /c\n\n[a]": [(UnseenKind.DEFINITION, "[a]: /c")],  # the first of a name is meant
    "> [a\n> b] [a\n> b][]\n>\n> [a b]: /c": [],
    "[a](/b \"\") ![ ](/b) <b title>c</b> <b title=''>c</b>": [],
    "```\na\n```": [],
    "<div>\n<rp <b>a\n</div>": [],
    "a <!-- <b title='c'> -->": [(UnseenKind.COMMENT, " <b title='c'> ")],
    "<B TITLE='c'>d</B>": [(UnseenKind.TITLE, "c")],
    "<time datetime=Xc>d</time>": [(UnseenKind.ATTRIBUTE, "Xc")],
    "a *b* `c` [d](/e) <b>f</b> g[^1] www.a.example\n\n[^1]: h\n\n`<!-- i -->`": [],
}


@pytest.mark.parametrize(("source", "expected"), KINDS.items())
def test_each_kind_is_listed_with_its_words(source: str, expected: list[tuple[UnseenKind, str]]) -> None:
    assert [(found.kind, found.text) for found in unseen_in(source)] == expected


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("[a](/b 'title')\n\n![alternative](/c)", ["title", "alternative"]),
        ("<!-- b -->", ["<!-- b -->"]),
        ("<b title='c' lang=en>d</b>", ["c"]),
        ("<ruby>b<rp>c</rp></ruby>", ["c"]),
        ("[a]: /b 'c'\n[A]: /d\n\n[a]", ["c", "[A]: /d"]),
        ("> [b]: /c 'd'", ["[b]: /c 'd'"]),
        ("a[^1]\n\n[^1]: b\n[^1]: c\n[^2]: d\n", ["[^1]: c", "[^2]: d"]),
        ("> a\n>\n> [^2]: d\n", ["[^2]: d"]),
        ("[a][b c]\n\n[b c]: /d", ["b c"]),
        ("a[^b c]\n\n[^b c]: d]: [^e", ["b c"]),
        ("[](https://a.example)", ["[](https://a.example)"]),
        ("```py a=b  \nc\n```", ["py a=b"]),
        ("~~~ py d\nc\n~~~", ["py d"]),
    ],
)
def test_place_is_that_of_the_words(source: str, places: list[str]) -> None:
    for before in ("", "\u00e9\n\n"):
        text = before + source
        assert [text[found.start : found.end] for found in unseen_in(text)] == places


def test_long_words_are_cut() -> None:
    (found,) = unseen_in(f"a <!--{'b' * 501}-->")

    assert (len(found.text), found.end - found.start) == (500, 508)


def test_none_is_left_out_however_many_there_are() -> None:
    assert len(unseen_in("[](/a) " * 1_001)) == 1_001


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_list_is_in_order_and_inside_the_source(source: str) -> None:
    found = unseen_in(source)

    assert all(0 <= item.start < item.end <= len(source) for item in found)
    assert [item.start for item in found] == sorted(item.start for item in found)
