import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.queries import MOST_PHRASES, parse_query
from articles.search.words import MAX_LENGTH, words_of


def small(text):
    return [word.small for word in words_of(text)]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Été ÉTÉ", "ete ete"),
        ("ｆｕｌｌ ﬁne", "full fine"),
        ("Straße", "strasse"),
        ("L’eau l'eau", "l eau l eau"),
        ("1,000 3.14", "1 000 3 14"),
        ("a well-known snake_case", "a well known snake case"),
        ("pa\u200bper pa\u00adper", "paper paper"),
        ("p\u0430per", "paper"),
        ("عَرَبِيّ", "عربي"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_words_are_spelled_alike(text, same):
    assert small(text) == small(same)


@pytest.mark.parametrize(("text", "other"), [("が", "か"), ("की", "का"), ("cat", "cut"), ("мир", "мор")])
def test_other_letters_are_other_words(text, other):
    assert small(text) != small(other)


def test_capital_of_another_script_has_the_shape_of_a_latin_one():
    (disguised,) = words_of("\N{CYRILLIC CAPITAL LETTER EN}ouse")
    (honest,) = words_of("house")

    assert disguised.small != honest.small
    assert disguised.shape == honest.shape


def test_signs_and_invisible_characters_are_no_words():
    assert small("!? -- \u200b … 🙂 _ \t\n") == []


def test_long_word_is_cut():
    (word,) = words_of("x" * 5000)

    assert word.small == word.shape == "x" * MAX_LENGTH


@given(st.text())
def test_spellings_have_no_sign_that_a_query_could_obey(text):
    for word in words_of(text):
        for spelling in (word.small, word.shape):
            assert 0 < len(spelling) <= MAX_LENGTH
            assert not any(char.isascii() and not char.isalnum() for char in spelling)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tide be", [("tide", False), ("be", True)]),
        ('"tide pot" be', [("tide pot", False), ("be", True)]),
        ('be "tide pot"', [("be", False), ("tide pot", False)]),
        ('tide "pot', [("tide", False), ("pot", True)]),
        ("„tide pot“", [("tide pot", False)]),
        ("seed-2-7 x", [("seed 2 7", False), ("x", True)]),
        ("x seed-2-7", [("x", False), ("seed 2 7", True)]),
        ('"', []),
        ("", []),
        ("* ( ) -", []),
    ],
)
def test_query_becomes_phrases(query, found):
    phrases = parse_query(query)

    assert [(" ".join(word.small for word in p.words), p.is_prefix) for p in phrases] == found


def test_endless_query_is_cut():
    assert len(parse_query("x " * 5000)) == MOST_PHRASES


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tide* be", [("tide", True, False), ("be", False, False)]),
        ("tide -be", [("tide", False, False), ("be", False, True)]),
        (
            'tide -"be or" \N{MINUS SIGN}x*',
            [("tide", False, False), ("be or", False, True), ("x", True, True)],
        ),
        ("seed-2", [("seed 2", False, False)]),
        ("- * -* tide", [("tide", False, False)]),
        ('"tide*" --', [("tide", False, False)]),
    ],
)
def test_stars_and_minuses_of_a_query(query, found):
    phrases = parse_query(query, completes=False)

    assert [(" ".join(word.small for word in p.words), p.is_prefix, p.is_excluded) for p in phrases] == found


def test_excluded_word_that_is_typed_last_is_whole():
    assert [phrase.is_prefix for phrase in parse_query("tide -be")] == [False, False]
