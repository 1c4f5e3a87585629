"""What counts as phonetic transcription."""

import pytest

from articles.text.checks.fields import Field
from articles.text.checks.transcription import is_transcription
from articles.text.markdown import Where


def transcribed(text: str, language: str = "en") -> list[bool]:
    """Return for each word with characters beyond ASCII whether it is phonetic."""
    return [is_transcription(text, token, language) for token in Field(text, language, Where.SUMMARY).tokens]


@pytest.mark.parametrize(
    "text",
    [
        "/k\u0251t/",
        "//k\u0251t//",
        "\\k\u0251t\\",
        "[k\u0251t]",
        "\u27e8k\u0251t\u27e9",
        "\uff3bk\u0251t\uff3d",
    ],
)
def test_delimiters_make_a_transcription_only_in_pairs(text: str) -> None:
    assert transcribed(f"so {text} it is") == [True]
    assert transcribed(f"so {text[:-1]} it is") == [False]
    assert transcribed(f"so {text[1:]} it is") == [False]


@pytest.mark.parametrize(
    "text", ["a/k\u0251t/", "/k\u0251t/b", "[k\u0251t](#top)", "[[k\u0251t]]", "/ k\u0251t /"]
)
def test_paths_and_links_are_no_transcription(text: str) -> None:
    assert transcribed(text) == [False]


def test_passage_ends_at_the_line_and_after_500_code_points() -> None:
    assert transcribed("/k\u0251t\nso/") == [False]
    assert transcribed("/k\u0251t " + "la " * 150 + "so/") == [True]
    assert transcribed("/k\u0251t " + "la " * 180 + "so/") == [False]


def test_stress_makes_a_word_of_latin_and_greek_letters_phonetic() -> None:
    assert transcribed("\u02c8k\u0251t \u02c8k\u03b1t") == [True, True]
    assert transcribed("\u02c8k\u0430t") == [False]


def test_word_beside_a_phonetic_one_is_phonetic_unless_it_is_long_and_common() -> None:
    assert transcribed("k\u0251t, k\u0251\u02d0t") == [True, True]
    assert transcribed("k\u0251t [k\u0251t]") == [True, True]
    assert transcribed("k\u0251t and then k\u0251\u02d0t") == [False, True]
    assert transcribed("g\u0251rden [\u02c8\u0261\u0251\u02d0d\u0259n]") == [False, True]


def test_letters_of_the_language_are_no_phonetic_marks() -> None:
    assert transcribed("n\u0259 k\u0251t", "en") == [False, True]
    assert transcribed("n\u0259 k\u0251t", "az") == [False, False]


def test_common_word_between_delimiters_is_phonetic_beside_the_word_it_spells() -> None:
    assert transcribed("the /pr\u026ant/") == [False]
    assert transcribed("to print /pr\u026ant/") == [True]
    assert transcribed("a pint /pa\u026ant/") == [True]  # it begins like the word before it
