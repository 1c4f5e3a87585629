"""Highlights of a comparison: numbers, names and negations first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content import Content, compare_contents
from articles.text.content.highlights import Topic, find_highlights, is_quiet
from articles.text.diff import Change, Comparison, Kind, Op


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
        (
            "I saw. X Anna ran.",
            "I saw. X Anne ran.",
            {Topic.NAME},
        ),  # a letter ends no sentence and opens none
        ("x Anna ran.", "x Anne ran.", {Topic.NAME}),
        ("x" + " " * 19 + "Anna ran.", "x" + " " * 19 + "Anne ran.", {Topic.NAME}),
        ("x" + " " * 20 + "Anna ran.", "x" + " " * 20 + "Anne ran.", {Topic.WORDING}),  # too far to tell
    ],
)
def test_topics_of_a_change(old, new, expected):
    assert topics(old, new) == [expected]


@pytest.mark.parametrize("language", ["de", "lb", "gsw", "nds", "de-CH"])
def test_no_names_in_languages_that_capitalise_all_nouns(language):
    assert topics("Der alte Baum steht.", "Der alte Raum steht.", language) == [{Topic.WORDING}]


NEGATIONS = {
    "en": "no don't can\u2019t hardly",
    "de": "nicht noch kein",
    "FR-ca": "ne n'est n\u2019a plus",
    "es": "no tampoco",
    "pt": "não nem",
    "it": "non né",
    "nl": "niet noch",
    "sv": "inte varken",
    "da": "ikke hverken",
    "nb": "ikke verken",
    "pl": "nie ani",
    "ru": "не без",
    "uk": "не без",
    "el": "δεν ούτε",
    "ar": "لا بلا",
    "fa": "نه نمی",
    "he": "לא אף",
    "hi": "नहीं कभी",
    "zh": "不 勿",
    "ja": "ない ずに",
}


@pytest.mark.parametrize(
    ("language", "word"),
    [(language, word) for language, words in NEGATIONS.items() for word in words.split()],
)
def test_negation_of_the_language_is_told(language, word):
    assert {Topic.NEGATION} in topics(f"x {word} y", "x z y", language)
    assert topics(f"x {word} y", "x z y", "tlh") == [{Topic.WORDING}]  # a language without a list


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


def spans(old, new, *changes):
    """The spans of the highlights, for changes of wording from a span of `old` to a span of `new`."""
    made = tuple(Change(Op.REPLACE, was, now, Kind.WORDING, None) for was, now in changes)
    comparison = replace(compared(old, new), comparison=Comparison(made, coarse=False))
    return [(found.old, found.new) for found in find_highlights(comparison)]


@pytest.mark.parametrize(
    ("text", "span", "widened"),
    [
        ("aa bb", (0, 1), (0, 2)),
        ("aa bb", (1, 2), (0, 2)),
        ("aa bb", (0, 0), (0, 0)),
        ("aa bb", (5, 5), (5, 5)),
        ("1.5 m", (0, 1), (0, 3)),
        ("1.5 m", (2, 3), (0, 3)),
        ("a.5", (2, 3), (2, 3)),
        ("a.5", (0, 1), (0, 1)),
        ("5.b", (0, 1), (0, 1)),
        ("5.b", (2, 3), (2, 3)),
        ("a.b", (0, 1), (0, 1)),
        ("5 5", (0, 1), (0, 1)),
    ],
)
def test_span_is_widened_to_the_word_or_number(text, span, widened):
    assert spans(text, "x", (span, (0, 1))) == [(widened, (0, 1))]


def test_changes_in_one_word_are_one():
    old, new = "aa bb cc", "zz aa bb cc"

    found = spans(old, new, ((0, 1), (3, 4)), ((1, 2), (4, 5)), ((6, 8), (9, 11)))

    assert found == [((0, 2), (3, 5)), ((6, 8), (9, 11))]


def test_changes_that_touch_on_both_sides_are_one():
    assert spans("aa bb", "cc dd", ((0, 2), (0, 2)), ((2, 3), (2, 3))) == [((0, 3), (0, 3))]


@pytest.mark.parametrize(
    "changes",
    [
        [((0, 1), (0, 2)), ((1, 2), (6, 8))],  # one word became two that stand apart
        [((0, 2), (3, 5)), ((3, 5), (5, 6))],  # two words became one
        [((3, 5), (0, 2)), ((0, 2), (2, 3))],  # and their order changed
    ],
)
def test_changes_that_touch_on_one_side_only_stay_apart(changes):
    assert len(spans("aa bb cc", "dd ee ff", *changes)) == 2


def test_deleted_words_lead_to_the_section_that_shows_the_old_text():
    stays = "".join(f"Line {number} stays.\n" for number in range(20))
    old, new = f"One.\n{stays}Two b.\n", "More.\n" * 30 + f"One.\n{stays}Two c.\n"
    comparison = compared(old, new)
    place = old.index("b.")
    deleted = Change(Op.DELETE, (place, place + 1), (0, 0), Kind.WORDING, None)

    (found,) = find_highlights(replace(comparison, comparison=Comparison((deleted,), coarse=False)))

    assert found.change == 2


def test_each_highlight_leads_to_its_section():
    stays = "".join(f"Line {number} stays.\n" for number in range(20))

    found = find_highlights(compared(f"One.\n{stays}Two.\n", f"Won.\n{stays}Too.\n"))

    assert [highlight.change for highlight in found] == [1, 2]


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


def test_unchanged_lines_that_were_opened_are_no_quiet_change():
    far = "".join(f"Line {n} of the text.\n" for n in range(20))
    old, new = Content("t", "t", f"One.\n{far}"), Content("t", "t", f"Two.\n{far}")

    opened = [section for section in compare_contents(old, new, opened=True).sections if not section.change]

    assert opened
    assert not any(map(is_quiet, opened))
