"""The places of a page's marks in its source, and what a list says of them."""

import pytest

from articles.text.content.mark_places import places_of_marks
from articles.text.content.marked_pages import MarkedPage
from articles.text.page import sanitize

A = "\N{CYRILLIC SMALL LETTER A}"


def placed(source, language="en"):
    """What stands in the source at the places of the marks."""
    places = places_of_marks(sanitize(source).html, source, language)
    return [source[slice(*span)] if span else None for span in places]


@pytest.mark.parametrize(
    "source",
    [
        f"The p{A}per and the *d{A}y*.\n",
        f"# P{A}per\n\n- one\n- d{A}y\n",
        f"|p{A}per|b|\n|-|-|\n|c|d{A}y|\n",
        f"[p{A}per](/a) and `d{A}y`\n",
    ],
)
def test_marks_have_the_places_of_their_characters(source):
    places = places_of_marks(sanitize(source).html, source, "en")

    assert placed(source) == [A, A]
    assert list(places) == [(i, i + 1) for i, char in enumerate(source) if char == A]


def test_entity_has_the_place_where_it_begins():
    assert placed("p&#x430;per\n") == ["&"]


def test_mark_of_several_characters_has_all_of_their_places():
    assert placed("a\u200b\u200b\u200bb\n") == ["\u200b" * 3]


def test_list_shows_the_word_around_a_mark_and_no_more():
    [mark] = MarkedPage(f"<p>the p{A}per is</p><p>here</p>", language="en").listed(1, 9)
    assert (mark.number, mark.before, mark.text, mark.after) == (1, "p", A, "per")

    [mark] = MarkedPage(f"<p>{'x' * 50}{A}{'y' * 50}</p>", language="en").listed(1, 1)
    assert (len(mark.before), len(mark.after)) == (16, 16)


def test_word_ends_where_the_block_ends():
    [mark] = MarkedPage(f"<p>p{A}</p><p>per</p>", language="en").listed(1, 1)

    assert (mark.before, mark.after) == ("p", "")
