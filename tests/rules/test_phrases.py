"""Words and phrases in texts, through look-alikes and at the bounds of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.rules.phrases import Brought, Phrases, Searched
from articles.search.words import letters_of, words_of


def counts(text, *phrases):
    return Searched(text).counts(Phrases.of(phrases))


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Buy it at the casino.", "casino"),
        ("Buy it at the CASINO.", "casino"),
        ("Buy it at the c\N{CYRILLIC SMALL LETTER A}sin\N{CYRILLIC SMALL LETTER O}.", "casino"),
        ("Buy it at the ca\N{ZERO WIDTH SPACE}sino.", "casino"),
        ("Buy it at the ca\N{SOFT HYPHEN}sino.", "casino"),
        ("Buy it at the \N{FULLWIDTH LATIN SMALL LETTER C}asino.", "casino"),
        ("Buy it at the casin0.", "casino"),
        ("free,\nmoney", "free money"),
        ("free-money", "Free Money"),
        ("Un caf\N{LATIN SMALL LETTER E WITH ACUTE} noir", "cafe noir"),
        ("купите слона", "СЛОНА"),
        ("苹果手机", "手机"),
    ],
)
def test_phrase_is_found_however_it_is_written(text, phrase):
    assert counts(text, phrase, "elsewhere") == {phrase: 1}
    assert Searched(text, words=list(words_of(text))).counts(Phrases.of([phrase])) == {phrase: 1}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("An ideal deal", "dea"),
        ("the casinos of old", "casino"),
        ("free beer and money", "free money"),
        ("money free", "free money"),
        ("free", "free money"),
        ("", "free"),
    ],
)
def test_phrase_is_not_found_in_parts_of_words_or_out_of_order(text, phrase):
    assert counts(text, phrase) == {}


def test_occurrences_are_counted():
    assert counts("deal or no deal, a Deal", "deal", "no deal") == {"deal": 3, "no deal": 1}


def test_no_phrase_spans_two_parts():
    parts = Searched("free", "money", "free money")

    assert parts.counts(Phrases.of(["free money"])) == {"free money": 1}
    assert parts.is_one_of(Phrases.of(["free money"])) == "free money"
    assert Searched("free", "money").is_one_of(Phrases.of(["free money"])) == ""


def test_part_is_one_of_the_phrases_only_as_a_whole():
    phrases = Phrases.of(["tide", "tide mill"])

    assert Searched("", "The tide mill").is_one_of(phrases) == ""
    assert Searched("Tide Mill").is_one_of(phrases) == "tide mill"


def test_added_is_what_occurs_more_often_than_before():
    phrases = Phrases.of(["deal", "boat"])

    def added(new, old):
        return Brought(Searched(new), None if old is None else Searched(old)).counts(phrases)

    assert added("A deal.", None) == {"deal": 1}
    assert added("A boat, a deal.", "A deal.") == {"boat": 1}
    assert added("Deal. A boat. deal", "A deal.") == {"deal": 1, "boat": 1}
    assert added("A deal moved down.", "Down moved a deal.") == {}
    assert added("", "A deal.") == {}


@given(st.text())
def test_letters_of_a_text_contain_all_its_words(text):
    letters = letters_of(text)

    for word in words_of(text):
        assert word.small in letters.small
        assert word.shape in letters.shape
