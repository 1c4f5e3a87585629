"""Whether words are common or read like words of a language."""

from articles.text.unicode.vocabulary import is_common_word, strangeness


def test_common_words_are_those_of_the_language_and_longer_english_ones() -> None:
    assert is_common_word("Haus", "de")
    assert is_common_word("House", "de")
    assert not is_common_word("who", "de")
    assert is_common_word("who", "en")


def test_strangeness_counts_letter_triples_that_no_common_word_has() -> None:
    assert strangeness("houseful", "en") == 0
    assert strangeness("xqzvkj", "en") == 1
    assert 0 < strangeness("houszqe", "en") < 1
    assert strangeness("gr\u00f6\u00dfe", "de") == 0  # other letters count as any letter
    assert strangeness("house", "sw") == 1  # there is no list
