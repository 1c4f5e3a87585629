"""Drawing: what is added to the HTML of the sanitizer, and that its text stays."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from articles.prose import Words, code, draw, drawing, fit
from articles.text.page import SourceRefused, places, safelist, sanitize
from tests.text.page.grammar import SOUP

CASES = json.loads(Path(__file__).parents[1].joinpath("cases", "sanitize.json").read_text())
PICTURE = "/media/images/0123456789abcdef01234567-8x6.png"


def drawn(source):
    return draw(sanitize(source).html, Words()).whole


class Page(HTMLParser):
    """The text of a page without drawn captions; fails where its tags are not balanced."""

    def __init__(self, page):
        super().__init__()
        self.text, self.open, self.is_caption = "", [], False
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.is_caption = ("class", "title") in attrs
        if tag not in safelist.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.is_caption = False

    def handle_data(self, data):
        self.text += "" if self.is_caption else data


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_text_stays_in_every_case(case):
    page = sanitize(case["source"]).html

    assert Page(draw(page, Words()).whole).text == Page(page).text


@given(SOUP)
def test_text_stays_and_tags_are_balanced(source):
    try:
        page = sanitize(source).html
    except SourceRefused:
        return

    assert Page(draw(page, Words()).whole).text == Page(page).text


def test_each_block_stays_one_element_so_that_a_preview_follows_the_caret():
    source = f"![a]({PICTURE})\n\n# A\n\ntext\n\n|a|\n|-|\n|b|\n\n```python\nx\n```\n\n- b\n\n![a](x)\n"
    page = sanitize(source)

    assert places._outermost(draw(page.html, Words()).whole) == places._outermost(page.html) == 7


def test_table_scrolls_in_a_box_that_is_reached_by_key():
    page = drawn("|a|\n|-|\n|b|\n")

    assert '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>' in page
    assert "</table></div>" in page


def test_box_of_a_table_has_the_name_of_its_caption():
    page = drawn('<table><caption>Ebb &amp; <b>"flood"</b></caption><tr><td>1</td></tr></table>\n')

    assert 'aria-label="Ebb &amp; &quot;flood&quot;"><table>' in page


def test_code_is_reached_by_key():
    assert '<pre tabindex="0" role="group" aria-label="Code"><code>' in drawn("```\nx\n```\n")


def test_boxes_of_tasks_have_names():
    assert re.findall('aria-label="([^"]*)"', drawn("- [ ] a\n- [x] b\n")) == ["To do", "Done"]


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("# a\n\n## b\n\n###### c\n", "236"),
        ("## a\n\n### b\n", "23"),
        ("### a\n", "3"),
        ("`<h1>` is a tag\n\n## a\n", "2"),
    ],
)
def test_headings_move_down_only_below_a_title_of_their_own(source, levels):
    page = drawn(source)

    assert "".join(re.findall(r"<h(\d)", page)) == levels
    assert "".join(re.findall(r"</h(\d)", page)) == levels


def test_moved_headings_keep_their_anchors():
    assert '<h2 id="user-content-h1">h1</h2>' in drawn("# h1\n")
    assert fit(['<h1 id="user-content-h1">h1</h1>'], Words()) == ['<h2 id="user-content-h1">h1</h2>']


def test_pieces_of_a_comparison_keep_their_blocks():
    pieces = [
        "<h1>a</h1>",
        "<h2>b</h2>",
        "<table><tr><td>c</td></tr></table>",
        "<pre>d</pre>",
        '<p><img alt="e"></p>',
    ]

    name = "Picture removed: e"
    assert fit(pieces, Words()) == [
        "<h2>a</h2>",
        "<h3>b</h3>",
        '<table tabindex="0"><tr><td>c</td></tr></table>',
        '<pre tabindex="0" role="group" aria-label="Code">d</pre>',
        f'<p><span class="no-picture" role="img" aria-label="{name}" data-box="{name}"></span></p>',
    ]


def test_only_the_first_picture_loads_at_once():
    page = drawn(f"![a]({PICTURE})\n\n![b]({PICTURE})\n")

    first, second = re.findall("<img[^>]*>", page)
    assert "lazy" not in first
    assert 'fetchpriority="high"' in first
    assert 'loading="lazy"' in second
    assert "fetchpriority" not in second


def test_removed_picture_is_a_box_with_its_words():
    page = drawn('![A "door"](https://elsewhere.example/a.png) and ![b](' + PICTURE + ")\n")

    name = "Picture removed: A &quot;door&quot;"
    assert f'<span class="no-picture" role="img" aria-label="{name}" data-box="{name}"></span> and' in page
    assert page.count("<img") == 1
    assert 'fetchpriority="high"' in page


# Headings


def test_link_to_a_heading_stands_beside_it_and_has_its_name():
    page = drawn("## Ebb *and* flood\n")

    assert page.strip() == (
        '<div class="heading"><h2 id="user-content-ebb-and-flood">Ebb <em>and</em> flood</h2>'
        '<a class="anchor" href="#user-content-ebb-and-flood" aria-label="Link to this part: Ebb and flood"></a></div>'
    )


@pytest.mark.parametrize(
    "tags", [("<details><summary>", "</summary></details>"), ('- <a href="/b">', "</a>")]
)
def test_heading_inside_of_what_one_can_press_has_no_link(tags):
    page = drawn(f"<h2>A</h2>{'<h2>B</h2>'.join(tags)}\n")

    assert re.findall('class="anchor" href="#user-content-(.)"', page) == ["a"]


def test_heading_without_words_has_no_link_and_no_entry():
    assert drawn("##\n").strip() == "<h2></h2>"
    pictures = "".join(f'<h2 id="{n}"><img alt="" src="{PICTURE}"></h2>\n\n' for n in range(3))
    assert draw(sanitize(pictures).html, Words()).contents == ()


def test_contents_begin_with_whatever_comes_first():
    listed = draw(sanitize("### A\n\n## B\n\n## C\n").html, Words()).contents

    assert [entry.text for entry in listed] == ["A", "B", "C"]


def test_contents_list_two_levels_from_three_headings_on():
    source = "## A[^1]\n\n### B\n\n#### no\n\n> ## no\n\n{}\n\n[^1]: Note.\n"

    assert draw(sanitize(source.format("")).html, Words()).contents == ()
    first, second = draw(sanitize(source.format("## `C`")).html, Words()).contents
    assert (first.text, [entry.text for entry in first.below]) == ("A", ["B"])
    assert (second.text, second.id) == ("C", "user-content-c")


# Pictures


def test_picture_alone_is_a_figure_with_its_title_below():
    source = f'Before.\n\n![a]({PICTURE} "The <mill>")\n'

    figure = drawn(source).partition("</p>\n")[2].strip()

    assert figure == (
        f'<figure><img alt="a" height="6" src="{PICTURE}" width="8" fetchpriority="high">'
        '<figcaption class="title">The &lt;mill&gt;</figcaption></figure>'
    )


def test_picture_without_a_title_has_no_caption():
    assert "figcaption" not in drawn(f"![a]({PICTURE})\n")


@pytest.mark.parametrize(
    "source",
    [f'<p align="center"><img src="{PICTURE}"></p>\n', f'<figure><p><img src="{PICTURE}"></p></figure>\n'],
)
def test_paragraph_with_a_wish_of_its_own_or_in_a_figure_stays_one(source):
    page = sanitize(source).html

    assert re.findall("</?(?:p|figure)", drawn(source)) == re.findall("</?(?:p|figure)", page)


def test_picture_in_a_sentence_keeps_its_title_to_itself():
    page = drawn(f'See ![a]({PICTURE} "The mill").\n')

    assert "figure" not in page
    assert 'title="The mill"' in page


def test_picture_at_the_beginning_stands_apart():
    text = draw(sanitize(f"![a]({PICTURE})\n\nAfter.\n").html, Words())

    assert text.lead.startswith("<figure><img")
    assert text.html.strip() == "<p>After.</p>"


def test_figure_of_the_author_at_the_beginning_stands_apart_unless_another_is_in_it():
    figure = f'<figure><img alt="a" src="{PICTURE}"><figcaption>A <b>mill</b></figcaption></figure>\n'
    nested = figure.replace("<figcaption>", "<figure>x</figure><figcaption>")

    assert draw(sanitize(figure + "\nAfter.\n").html, Words()).lead.endswith(
        "<b>mill</b></figcaption></figure>"
    )
    assert draw(sanitize(nested + "\nAfter.\n").html, Words()).lead == ""
    assert draw(sanitize("<figure>x</figure>\n").html, Words()).lead == ""


@pytest.mark.parametrize(
    ("source", "widths"),
    [
        ("![a]({})\n\n![b]({})\n", [drawing.PAGE] * 2),
        ("![a]({})\n\n![b]({})\n\n" + "## x\n\n" * 3, [drawing.PAGE, drawing.COLUMN]),
        ("See ![a]({}) and ![b]({}).\n", [drawing.COLUMN] * 2),
        ('<figure><img src="{}"></figure>\n\n<figure><img src="{}"></figure>\n', [drawing.PAGE] * 2),
    ],
)
def test_browser_is_told_how_wide_a_picture_is(source, widths):
    picture = PICTURE.replace("8x6", "1500x900")

    assert re.findall('sizes="([^"]*)"', drawn(source.format(picture, picture))) == widths


# Code


def test_parts_of_code_are_told_apart():
    page = drawn('```python\ndef f(): return "<b>", 1  # x\n```\n')

    assert '<code class="language-python"><span class="k">def</span>' in page
    assert '<span class="s">"&lt;b&gt;"</span>' in page
    assert '<span class="n">1</span>' in page
    assert '<span class="c"># x</span>' in page


@pytest.mark.parametrize("language", sorted(code.LANGUAGES))
def test_every_language_has_a_lexer_and_keeps_the_text(language):
    text = "\n\n\tif (a < 'b') { return \"c\" + 1; } # /* d\r */ // <!-- e -->\n\u0660&amp;\n"

    drawn = code.highlight(text, language)

    assert code._lexer(language)
    assert Page(drawn).text == text


@pytest.mark.parametrize("text", ["x" * 301, "\n" * 200, "x\n" * 6_000])
def test_code_that_could_take_long_stays_as_it_is(text):
    assert code.highlight(text, "python") == text


def test_code_beyond_the_budget_of_a_page_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(drawing, "MAX_CODE", 2 * len("return 1\n"))

    page = drawn("```python\nreturn 1\n```\n\n" * 3)

    assert page.count('<span class="k">') == 2
    assert page.count('<code class="language-python">') == 3
    assert Page(page).text.count("return 1") == 3


@pytest.mark.parametrize(("source", "has_code"), [("```\nx\n```\n", True), ("`x`\n", False)])
def test_page_knows_whether_there_is_code_to_copy(source, has_code):
    assert draw(sanitize(source).html, Words()).has_code is has_code
