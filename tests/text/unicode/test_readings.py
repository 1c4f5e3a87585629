"""How words with rare letters are read."""

import pytest

from articles.text.unicode.readings import is_phonetic_only, read


@pytest.mark.parametrize(
    ("word", "language", "text"),
    [
        ("p\u0251ge", "en", "page"),
        ("\u2c6dLPHA", "en", "ALPHA"),
        ("L\u026aNK", "en", "LINK"),
        ("L\u026ank", "en", "Link"),
        ("\u0189or\u0111e", "hr", "\u0110or\u0111e"),
        ("\u0189or\u0111e", "en", "Dor\u0111e"),
        ("\u0269l\u0131k", "tr", "\u0131l\u0131k"),
        ("b\u0269le", "tr", "bile"),
        ("b\u0269t", "tr", "bit"),
        ("ge\u028bonnen", "nl", "gevonnen"),
        ("\u028bsually", "en", "usually"),
        ("a\u0131\u0301", "es", "a\u00ed"),
    ],
)
def test_rare_letters_stand_for_letters_of_the_language(word: str, language: str, text: str) -> None:
    assert read(word, language).text == text


def test_letters_of_the_languages_own_words_are_not_rare() -> None:
    assert read("\u0257aya", "ha").letters == {}
    assert read("\u0257aya", "en").letters == {"\u0257": "d"}
    assert read("\u0131", "de").letters == {"\u0131": "i"}  # for Turkish names only


def test_distinct_letters_are_those_that_readers_notice() -> None:
    assert read("k\u025bnya\u014b", "en").has_distinct
    assert read("k\u02b7\u025bla", "en").has_distinct
    assert read("k\u025bx\u0323a", "en").has_distinct
    assert not read("k\u025bla\u0301", "en").has_distinct
    assert not read("Stra\u00dfe \u0251m", "en").has_distinct
    assert not read("k\u025bnya\u014b", "ee").has_distinct


def test_word_is_spelled_as_in_the_language_without_foreign_accents() -> None:
    assert read("a\u015f\u0131k", "tr").is_spelled_so
    assert not read("a\u015f\u0131k", "en").is_spelled_so


def test_phonetic_blocks_hold_letters_of_alphabets_too() -> None:
    assert [
        char for char in "\u0251\u025b\u026c\u1d00\u0257\u0131\ua731\u2c6d" if is_phonetic_only(char)
    ] == [
        "\u0251",
        "\u1d00",
        "\ua731",
        "\u2c6d",
    ]
