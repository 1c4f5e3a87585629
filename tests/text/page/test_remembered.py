"""Caches and stand-ins: the results are those without them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.text.checks import scan
from articles.text.markdown import link_targets, regions
from articles.text.markdown.parsing import CACHE
from articles.text.page import SourceRefused, account, sanitize, sanitizer
from articles.text.page.assembly import Assembly
from tests.text.page.grammar import DOCUMENTS, SNIPPETS, SOUP
from tests.text.page.test_account import EXAMPLES
from tests.text.page.test_sanitizer import SOUP as HTML_SOUP

EDITS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 8), st.lists(st.sampled_from(SNIPPETS), max_size=3)),
    min_size=1,
    max_size=6,
)


def forget() -> None:
    CACHE.cache_clear()
    sanitizer._remembered.cache_clear()
    sanitizer._cleaned_structure.cache_clear()


def answers(source: str) -> tuple[object, ...]:
    try:
        page: object = sanitize(source), account(source)
    except SourceRefused as refused:
        page = str(refused)
    return page, regions(source), link_targets(source), scan(source).findings


@settings(max_examples=EXAMPLES)
@given(DOCUMENTS | SOUP, EDITS)
@example("[a]\n\n> [a]: /b\n", [(0, 0, ["[a]: /c", "\n\n"])])
@example("a[^1]\n\n[^1]: b\n\n[^1]: c", [(5, 2, [])])
@example("see http://a.org/_b_\n\n\x01\x02\x03", [(0, 0, ["\x04"])])
def test_an_edited_text_gives_what_it_gives_by_itself(
    source: str, edits: list[tuple[int, int, list[str]]]
) -> None:
    versions = [source]
    for start, length, words in edits:
        text = versions[-1]
        start = min(start, len(text))
        versions.append(text[:start] + "".join(words) + text[start + length :])
    forget()
    after_another = [answers(version) for version in versions]

    for version, found in zip(versions, after_another, strict=True):
        forget()
        assert found == answers(version)


# The oddest pieces that a page may hold.
WRITTEN = """
    a|字|a b|&lt;|&amp;lt;|&amp;|&gt;|]]&gt;|'"|\N{NO-BREAK SPACE}|\N{LINE SEPARATOR}|\x85|\x7f|\ufdd0
    id="user-content-a"
    <br>|<hr>|<input disabled="" type="checkbox">|<wbr>
    <img alt="" src="/a">|<img alt="a &amp;lt; b" src="#">
""".replace("\n", "|").split("|")
TEXTS = st.lists(st.sampled_from([*map(str.strip, WRITTEN), " ", "\n", "\n\n", "\t"]), max_size=4).map(
    "".join
)
ATTRIBUTES = st.sampled_from(
    r'''title="a" title="" title="&#32;a" title="a&quot;b&lt;&amp;" id="user-content-a" id="user-content-字" href="/a"
    href="#a" href="https://a.org/b" href="/&amp;lt" href="/a?b=c&amp;copy=d" href="mailto:a@b" lang="en" dir="rtl"
    align="left" cite="/a" open="" start="3" class="footnotes" rel="nofollow" onclick="a" href="javascript:a" id="a"
    aria-label="b" title="a\nb" alt="a" class="footnote-backref" type="checkbox" src="/a.png"'''.split()
).map(lambda attribute: " " + attribute.replace(r"\n", "\n"))
TAGS = "p div ul ol li table thead tbody tr td th caption pre code a b em blockquote h1 h2 dl dt dd".split()
TAGS += "details summary section ruby rt rp sup q del figure".split()


def elements(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    element = st.builds(
        lambda tag, attribute, text, end: f"<{tag}{attribute}>{text}</{tag}>{end}",
        st.sampled_from(TAGS),
        st.just("") | ATTRIBUTES,
        st.lists(inside | TEXTS, max_size=3).map("".join),
        st.sampled_from(["\n", "\n", "", "a"]),
    )
    return element | st.builds(lambda text, times: text * times, element, st.integers(2, 4))


@settings(max_examples=4 * EXAMPLES)
@given(st.recursive(TEXTS, elements, max_leaves=12))
@example("<ul>\n<li>a<ul>\n<li>b</li>\n<li>b</li>\n</ul>\n</li>\n</ul>\n")
@example("<table><tbody><tr>\n<td>a</td>\n<td></td>\n</tr>\n</tbody></table>")
@example("<pre>\n\na</pre>")
def test_bleach_says_of_stand_ins_what_it_says_of_the_words(piece: str) -> None:
    assert sanitizer._cleaned(piece) == sanitizer._clean(piece)


@settings(max_examples=2 * EXAMPLES)
@given(DOCUMENTS | SOUP | HTML_SOUP)
def test_bleach_says_of_stand_ins_in_a_page_what_it_says_of_the_page(source: str) -> None:
    try:
        pieces = Assembly(source, sanitizer._refusal, max_tags=sanitizer.MAX_TAGS).draft().pieces
    except SourceRefused:
        return

    for piece in pieces:
        assert sanitizer._cleaned(piece) == sanitizer._clean(piece)


@pytest.mark.parametrize("first", ["a", "a &amp; b", "字"])
def test_pieces_that_differ_in_words_only_are_asked_once(first: str) -> None:
    forget()
    sanitizer._bleached(f'<p title="b"><em>{first}</em> c</p>\n')
    sanitizer._bleached('<p title="d"><em>e</em> f g</p>\n')

    assert sanitizer._cleaned_structure.cache_info().misses == 1
