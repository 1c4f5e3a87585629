import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.highlighting import AROUND, excerpt, highlight
from articles.search.queries import parse_query


def phrases(query):
    return parse_query(query, completes=False)


def drawn(pieces):
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("The tide, the Tide.", "tide", "The [tide], the [Tide]."),
        ("The tides", "tide", "The tides"),
        ("The tides", "tide*", "The [tides]"),
        ("A tide mill, a mill", '"tide mill"', "A [tide mill], a mill"),
        ("tide mill", "tide -mill", "[tide] mill"),
        ("Die Gezeitenmühle", "gezeitenmuhle", "Die [Gezeitenmühle]"),
        ("Das Maß", "mass", "Das [Maß]"),
        ("l'eau", "eau", "l'[eau]"),
        ("苹果手机很好用", "手机", "苹果[手机]很好用"),
        ("a < b & c", "b", "a < [b] & c"),
        ("", "tide", ""),
    ],
)
def test_hits_of_a_text(text, query, shown):
    assert drawn(highlight(text, phrases(query))) == shown


@pytest.mark.parametrize(
    ("text", "query", "is_disguised", "is_foreign"),
    [
        ("The t\u0456d\u0435", "tide", True, True),
        ("The tide", "t\u0456d\u0435", True, True),
        ("The modern age", "modem", True, False),
        ("The tide", "tide", False, False),
        ("Un été", "ete", False, False),
        ("T\u0131de", "t\u0131de", False, False),
    ],
)
def test_hit_in_other_letters_is_told_apart(text, query, is_disguised, is_foreign):
    [hit] = [piece for piece in highlight(text, phrases(query)) if piece.is_hit]

    assert (hit.is_disguised, hit.is_foreign) == (is_disguised, is_foreign)


def test_excerpt_shows_the_surroundings_of_each_word():
    text = f"Begin {'a ' * 400}the tide here {'b ' * 400}and the mill there {'c ' * 400}end"

    shown = drawn(excerpt(text, phrases("tide mill")))

    assert shown.startswith("… a a")
    assert "the [tide] here" in shown
    assert " … b" in shown
    assert "the [mill] there" in shown
    assert shown.endswith(" …")
    assert len(shown) < 4 * AROUND + 60


def test_excerpt_of_words_side_by_side_is_one():
    assert drawn(excerpt("The tide\n\nand the mill.", phrases("mill tide"))) == "The [tide] and the [mill]."


def test_disguised_word_is_found_for_the_excerpt():
    assert drawn(excerpt("x " * 300 + "the t\u0456de", phrases("tide"))).endswith("[t\u0456de]")


def test_no_excerpt_without_a_hit():
    assert excerpt("The tide.", phrases("mill")) == []


@given(st.text(max_size=200), st.text(max_size=30))
def test_pieces_joined_are_the_text(text, query):
    pieces = highlight(text, phrases(query))

    assert "".join(piece.text for piece in pieces) == text
    excerpt(text, phrases(query))
