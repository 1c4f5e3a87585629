"""Blocks that buttons put into a text: wherever they go, the page shows them, and what stood around them."""

from itertools import product

import pytest

from articles.text.page import sanitize
from tests.browser.test_editor import ADD, Editor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IMAGE = "![](/media/images/a.png)"


@pytest.fixture
def editor(browser, author):
    browser.log_in(author)
    return Editor(browser)


@pytest.fixture
def insert(browser, editor):
    """Returns the text after a block was put where the caret is, which | marks."""
    browser.open(ADD)

    def insert(marked, block):
        start, end = marked.index("|"), marked.rindex("|") - 1
        if end < start:
            end = start
        return browser.driver.execute_async_script(
            """const [text, start, end, block, done] = arguments;
            import("/static/articles/editor-lines.js").then(({ apart }) =>
              done(text.slice(0, start) + apart(text, start, end, block) + text.slice(end)));""",
            marked.replace("|", ""),
            start,
            end,
            block,
        )

    return insert


PLACES = [
    ("|", "BLOCK"),
    ("|# Head", "BLOCK\n\n# Head"),
    ("|\n# Head", "BLOCK\n\n# Head"),
    ("A line.\n|\n# Head", "A line.\n\nBLOCK\n\n# Head"),
    ("A line.|", "A line.\n\nBLOCK"),
    ("A line.\n|", "A line.\n\nBLOCK"),
    ("A line.\n\n|", "A line.\n\nBLOCK"),
    ("A |line.\nMore.", "A \n\nBLOCK\n\nline.\nMore."),
    ("One|\n\nTwo", "One\n\nBLOCK\n\nTwo"),
    ("One\n|\n\n\nTwo", "One\n\nBLOCK\n\n\nTwo"),
    ("- one|\n- two", "- one\n\n  BLOCK\n\n- two"),
    ("- one| and\n- two", "- one\n\n  BLOCK\n\n   and\n- two"),
    ("- |one", "- BLOCK\n\n  one"),
    ("12. one|", "12. one\n\n    BLOCK"),
    ("- a\n  - b|\n", "- a\n  - b\n\n    BLOCK\n"),
    ("- a\n\n  more|\n\n- b", "- a\n\n  more\n\n  BLOCK\n\n- b"),
    ("- [ ] one|", "- [ ] one\n\n  BLOCK"),
    ("> one|\n> two", "> one\n>\n> BLOCK\n>\n> two"),
    ("> one|\n\ntwo", "> one\n>\n> BLOCK\n\ntwo"),
    ("> - one|", "> - one\n>\n>   BLOCK"),
    ("|- one", "BLOCK\n\n- one"),
]


def test_block_stands_apart_wherever_the_caret_is(insert, subtests):
    for marked, gives in PLACES:
        with subtests.test(marked):
            assert insert(marked, "BLOCK") == gives


BLOCKS = [
    (IMAGE, "<img "),
    ("| a |\n| --- |\n| b |", "<td>b</td>"),
    ("```\ncode\n```", "<pre><code>code\n</code></pre>"),
    ("> quoted", "<blockquote>\n<p>quoted</p>"),
    ("---", "<hr>"),
    ("## Title", ">Title</h2>"),
]
CARETS = [
    "|# Head",
    "Text\n|\n# Head",
    "Text|\nmore",
    "Te|xt",
    "- one|\n- two",
    "- one\n  - in|ner",
    "> said|\n> more",
    "1. a\n2. b|",
]


def test_page_shows_every_kind_of_block_and_all_around_it(insert, subtests):
    for (block, shows), marked in product(BLOCKS, CARETS):
        with subtests.test(f"{block} in {marked}"):
            before, after = sanitize(marked.replace("|", "")), sanitize(insert(marked, block))
            assert after.html.count(shows) == before.html.count(shows) + 1
            assert after.html.count("<li>") == before.html.count("<li>")
            assert ("Head</h1>" in after.html) == ("# Head" in marked)
            assert after.removals == ()


FORMATS = [
    ("quote", "a\n|b\n\nc|\nd", "a\n\n|> b\n>\n> c|\n\nd"),
    ("quote", "a||", "> a||"),
    ("bulleted", "a\n|b|\nc", "a\n\n|- b|\n\nc"),
    ("numbered", "- a\n|b|", "- a\n|1. b|"),
    ("subheading", "a\n|b|", "a\n|### b|"),
    ("subheading", "|## b|", "|### b|"),
    ("rule", "a||\nb", "a\n\n---||\n\nb"),
    ("footnote", "One|| two.\n", "One[^1] two.\n\n[^1]: ||\n"),
    ("footnote", "One[^1] t||wo.\n\n[^1]: a", "One[^1] t[^2]wo.\n\n[^1]: a\n[^2]: ||\n"),
    ("footnote", "```\na||\n```", "```\na||\n```"),
]


def test_button_writes_lines_that_nothing_beside_them_swallows(editor, browser, subtests):
    browser.open(ADD)
    for format, before, after in FORMATS:
        with subtests.test(f"{format} in {before}"):
            text = before.replace("|", "")
            browser.type("[name=source]", text)
            editor.select(before.index("|"), before.rindex("|") - 1)

            editor.format(format)

            start, end = (editor.field.get_property(name) for name in ("selectionStart", "selectionEnd"))
            now = editor.text
            assert now[:start] + "|" + now[start:end] + "|" + now[end:] == after
            if now != text:
                editor.undo()
                assert editor.text == text


def test_quote_goes_off_again(editor, browser):
    browser.open(ADD)
    browser.type("[name=source]", "a\n\nb")
    editor.select(0, 4)

    editor.format("quote")
    assert editor.text == "> a\n>\n> b"
    editor.format("quote")
    assert editor.text == "a\n\nb"
