"""Places: each visible character of a page leads to the character of the source that stands for it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import demo
from articles.text.content import placing
from articles.text.content.placing import NOWHERE, place_texts
from articles.text.page import sanitize, shown_as_text

TEXTS = Path(demo.__file__).parent / "texts"


def placed(source, page=None):
    """The visible characters of a page, with the characters of the source at their places."""
    page = sanitize(source).html if page is None else page
    return [
        (char, source[place] if place != NOWHERE else "", place)
        for piece in place_texts(page, source)
        for char, place in zip(piece.text, piece.places, strict=True)
    ]


def lost(source, page=None):
    """The visible characters without a place, white space left out."""
    return "".join(char for char, found, _ in placed(source, page) if not found and not char.isspace())


def test_tags_and_texts_make_up_the_page():
    page = sanitize("# A *b*\n\n`c` <kbd>d</kbd>\n").html

    pieces = list(place_texts(page, "# A *b*\n\n`c` <kbd>d</kbd>\n"))

    assert "".join(piece.tag + piece.text for piece in pieces) == page


@pytest.mark.parametrize(
    "source",
    [
        "The *tide* table\nhangs **by** the `door`.\n",
        "# Tides\n\n- one\n- two\n\n1. three\n\n> four\n",
        "| a | b |\n|---|---|\n| c | `d` |\n",
        "```py\nx = 1\n\ty = 2\n```\n\n    indented\n",
        "[link](https://example.org/ 'title') and https://example.org/b <kbd>x</kbd>\n",
        "escaped \\* star, one < two, <script>three</script>\n",
        "\u6f6e\u6c50\u8868 \u0437\u0434\u0435\u0441\u044c \u202ex\n",
        "<div>\n\nraw *b*\n\n</div>\n",
    ],
)
def test_every_visible_character_has_an_equal_one_in_the_source(source):
    found = placed(source)

    assert lost(source) == ""
    assert all(char == other for char, other, _ in found if other)
    places = [place for _, other, place in found if other]
    assert places == sorted(set(places))


def test_character_references_have_the_place_of_their_ampersand():
    found = placed("&lt;b&gt; &auml; &#65; &#0; `&lt;` x\n")

    assert lost("`&amp;` &amp; x\n") == ""
    assert [(char, other) for char, other, _ in found if not char.isspace()] == [
        ("<", "&"), ("b", "b"), (">", "&"), ("\u00e4", "&"), ("A", "&"), ("\ufffd", "&"),
        *((char, char) for char in "&lt;x"),
    ]  # fmt: skip


def test_footnotes_have_their_places_and_the_numbers_none():
    source = "one[^b] two[^a]\n\n[^a]: Note a\n\n[^b]: Note b\n\nthree\n"

    assert lost(source) == "12\u21a9\u21a9"
    shown = [place for char, other, place in placed(source) if other and not char.isspace()]
    text = "".join(source[place] for place in shown)
    assert text == "onetwothreeNotebNotea"
    assert shown[text.index("Noteb")] == source.index("Note b")


def test_a_footnote_is_not_taken_for_equal_text_after_it():
    source = "one[^a]\n\n[^a]: same\n\nsame\n"

    places = [place for char, _, place in placed(source) if char == "s"]

    assert places == [source.rindex("same"), source.index("same")]


def test_titles_of_alerts_have_no_place():
    assert lost("> [!NOTE]\n> text\n") == "Note"


def test_page_of_another_policy_is_followed_from_where_it_agrees_again():
    source = "one two three four five six seven\n"

    assert lost(source, "<p>one two ### three four five six seven</p>\n") == "###"
    assert lost(source, "<p>one four five six seven</p>\n") == ""


def test_a_page_of_another_text_is_searched_a_bounded_number_of_times(monkeypatch):
    monkeypatch.setattr(placing, "_SEARCHES", 3)

    assert lost("one two three four\n", "<p>#### two</p>\n") == "####tw"  # the letter o is the first of "one"
    assert lost("one two three four\n", "<p>## two</p>\n") == "##"


def test_source_shown_as_it_is_has_all_places(monkeypatch):
    """As where the sanitizers find no end."""
    monkeypatch.setattr(
        "articles.text.page.sanitizer._parsed_twice", lambda written: ("".join(written) + "x", False)
    )
    source = "\n*a* <b>\n"

    page = sanitize(source).html

    assert page == shown_as_text(source)
    assert lost(source, page) == ""


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.md")), ids=lambda path: path.stem)
def test_texts_of_the_demo_have_all_places(path):
    assert lost(path.read_text()).strip("12\u21a9") == ""  # the numbers of footnotes, and their ways back


PARTS = "a|b |*|_|`|\n|&amp;|&|<b>|</b>|[x](y)|# |- |[^1]|\n\n[^1]: n".split("|")


@given(st.lists(st.sampled_from(PARTS)))
def test_a_place_never_has_another_character(parts):
    for char, other, _ in placed("".join(parts)):
        assert other in ("", char, "&")
