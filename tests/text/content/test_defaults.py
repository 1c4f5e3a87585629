"""What stands for an excerpt, a description and a cover that nobody wrote."""

import pytest

from articles.text.content.defaults import (
    MAX_DESCRIPTION,
    MAX_EXCERPT,
    Defaults,
    covers_in,
    cut,
    defaults_of,
)
from articles.text.page import sanitize

NAME = "0123456789abcdef01234567-8x6.png"
OTHER = "76543210fedcba9876543210-6x8.png"


def defaults(source, **fields):
    return defaults_of(sanitize(source).html, **fields)


def test_first_paragraph_becomes_excerpt_and_description():
    assert defaults("# Tides\n\nThe *sea*\nrises.\n\nIt falls.\n") == Defaults(
        "The sea rises.", "The sea rises.", ""
    )


@pytest.mark.parametrize(
    ("source", "excerpt"),
    [
        ("", ""),
        ("![A door](/media/images/" + NAME + ")\n\nThe door.\n", "The door."),
        ("A note[^1] here.\n\n[^1]: Not this.\n", "A note here."),
        ("&lt;b&gt; &amp; <b>bold</b> <!-- hidden -->text\n", "<b> & bold text"),
        ("- one\n- two\n", "one two"),
        ("[^1]\n\n[^1]: Only a note.\n", ""),
    ],
)
def test_excerpt_is_what_readers_see(source, excerpt):
    assert defaults(source).excerpt == excerpt


def test_description_follows_the_excerpt_that_the_author_wrote():
    assert defaults("The sea.\n", excerpt="A day at the coast.").description == "A day at the coast."


def test_lengths_are_bounded():
    found = defaults("tide " * 200)

    assert MAX_EXCERPT - 10 < len(found.excerpt) <= MAX_EXCERPT
    assert MAX_DESCRIPTION - 10 < len(found.description) <= MAX_DESCRIPTION
    assert found.excerpt.endswith("tide…")


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("One two.", 8, "One two."),
        ("One two. Three", 13, "One two."),
        ("One. Two three four five.", 20, "One. Two three four…"),  # a sentence too short to stand alone
        ("At 3.5 metres it stops", 15, "At 3.5 metres…"),
        ("He said “Go.” And went on", 18, "He said “Go.”"),
        ("One, two, three", 11, "One, two…"),
        ("水が来る。水が行く。そして", 11, "水が来る。水が行く。"),
        ("水" * 20, 10, "水" * 9 + "…"),
        ("क्षि" * 5, 10, "क्षि" * 2 + "…"),
        ("मैं गया। वह आई।", 12, "मैं गया।"),
    ],
)
def test_line_is_cut_at_a_sentence_a_word_or_a_character(text, most, expected):
    assert cut(text, most) == expected
    assert len(cut(text, most)) <= most


def test_cover_is_the_first_uploaded_picture():
    source = f"![a](https://example.org/x.png)\n\n![b](/media/images/{NAME}) ![c](/media/images/{OTHER})\n"

    assert defaults(source).cover == NAME
    assert covers_in(sanitize(source + f"\n![again](/media/images/{NAME})\n").html) == [NAME, OTHER]
