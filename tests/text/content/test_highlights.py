"""Highlights of a comparison: numbers, names and negations first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content import Content, compare_contents
from articles.text.content.highlights import Topic, find_highlights, is_quiet


def compared(old, new, language="en"):
    return compare_contents(Content("t", "t", old, language), Content("t", "t", new, language))


def topics(old, new, language="en"):
    return [set(found.topics) for found in find_highlights(compared(old, new, language))]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It was lit in 1871.", "It was lit in 1817.", {Topic.NUMBER}),
        ("It costs 1,500 euros.", "It costs 15,00 euros.", {Topic.NUMBER}),
        ("Take ٣ drops.", "Take ٥ drops.", {Topic.NUMBER}),
        ("Built by Clara Holm.", "Built by Carla Holm.", {Topic.NAME}),
        ("She asked NASA for it.", "She asked NATO for it.", {Topic.NAME}),
        ("Do not close it.", "Do close it.", {Topic.NEGATION}),
        ("It can't fail.", "It can fail.", {Topic.NEGATION}),
        ("The old wall stands.", "The grey wall stands.", {Topic.WORDING}),
        ("Nobody came. Walls fall.", "Nobody came. Stones fall.", {Topic.WORDING}),
    ],
)
def test_topics_of_a_change(old, new, expected):
    assert topics(old, new) == [expected]


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("de", "Das ist kein Brot.", "Das ist ein Brot."),
        ("fr-CA", "Il ne ferme pas.", "Il ferme."),
        ("ru", "Он не придёт.", "Он придёт."),
        ("el", "Δεν είναι εδώ.", "Είναι εδώ."),
        ("ar", "هذا ليس صحيحا", "هذا صحيح"),
        ("hi", "यह नहीं है", "यह है"),
        ("zh", "我不喜欢", "我喜欢"),
        ("ja", "食べません", "食べます"),
    ],
)
def test_negations_of_the_language(language, old, new):
    assert any(Topic.NEGATION in found for found in topics(old, new, language))


def test_gravest_first_then_in_the_order_of_the_text():
    old = "A line.\n\nBuilt by Anna Berg.\n\nA wall of 9 metres.\n\nIt does not fall.\n"
    new = "A row.\n\nBuilt by Anna Borg.\n\nA wall of 8 metres.\n\nIt does fall.\n"

    assert [found.topics[0] for found in find_highlights(compared(old, new))] == list(Topic)


def test_spans_hold_whole_words_and_sections_that_show_them():
    comparison = compared("Some wall.\n\n" * 20 + "It is 1.2 m.\n", "Some wall.\n\n" * 20 + "It is 1.5 m.\n")

    (found,) = find_highlights(comparison)

    assert (comparison.old.source[slice(*found.old)], comparison.new.source[slice(*found.new)]) == (
        "1.2",
        "1.5",
    )
    assert found.change == 1


def test_nothing_is_changed_wording_in_a_new_article_or_a_disguise():
    assert find_highlights(compare_contents(None, Content("t", "t", "All new 1.\n"))) == []
    assert topics("The paper.", "The p\u0430per.") == []
    assert topics("The  paper.", "The paper.") == []


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_have_their_spans_inside(old, new):
    for found in find_highlights(compared(old, new)):
        assert 0 <= found.old[0] <= found.old[1] <= len(old)
        assert 0 <= found.new[0] <= found.new[1] <= len(new)


def quiet(old, new):
    return [is_quiet(section) for section in compared(old, new).sections if section.change]


def test_spacing_and_moves_are_quiet_and_words_are_not():
    far = "".join(f"Line {n} of the text.\n" for n in range(20))
    assert quiet("One line.\n", "One  line.\n") == [True]
    assert quiet("One line.\n", "One lines.\n") == [False]
    block = "A whole paragraph that goes elsewhere, as it is, word by word.\n\n"
    assert all(quiet(block + far, far + "\n" + block))
    assert quiet("One line.\n" + far + "Two.\n", "One  line.\n" + far + "Three.\n") == [True, False]
