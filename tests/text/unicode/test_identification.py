"""The language of a text: found where it is certain, and never by what disguises or hides words."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.unicode import languages, tables
from articles.text.unicode.confusables import latin
from articles.text.unicode.identification import LEAST_WORDS, language_of_text
from articles.text.unicode.scripts import script_of_language


class Case(NamedTuple):
    said: str
    language: str | None
    text: str


CASES = [
    Case(**case)
    for case in json.loads(
        Path(__file__).parents[2].joinpath("cases/identification.json").read_text(encoding="ascii")
    )
]
CLEAN: dict[str, str] = json.loads(
    Path(__file__).parents[2].joinpath("cases/languages.json").read_text(encoding="ascii")
)
RUSSIAN = next(case.text for case in CASES if case.language == "ru")
ENGLISH = (
    "The house by the river is old, but the family still lives there and does not want to move to the city.",
    "He came to me to see a man at home, and no one had the time to ask him to tea or to some hot soup.",
    "To be sure, a poor man may buy a car at his own pace, yet he can not pay for more than one at the same time.",
)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.said}-{place}" for place, case in enumerate(CASES)])
def test_language_is_the_one_that_is_certain(case: Case) -> None:
    assert language_of_text(case.text, case.said) == case.language


@pytest.mark.parametrize("tag", CLEAN)
def test_clean_sentence_is_in_the_language_that_its_author_said(tag: str) -> None:
    assert language_of_text(CLEAN[tag], tag) is None
    assert language_of_text(f"{CLEAN[tag]} " * 9, tag) is None


@pytest.mark.parametrize("script", ["Cyrillic", "Greek", "Armenian", "Cherokee", "Lisu", "Coptic"])
@pytest.mark.parametrize("sentence", ENGLISH)
def test_english_in_letters_of_another_script_stays_english(sentence: str, script: str) -> None:
    look_alikes = {
        ord(letter): char for char in tables.characters_with(script) if (letter := latin(char)) is not None
    }
    all_letters = sentence.translate(look_alikes)
    vowels = sentence.translate({point: char for point, char in look_alikes.items() if chr(point) in "aeiou"})
    some_words = " ".join(
        word.translate(look_alikes) if place % 2 else word for place, word in enumerate(sentence.split())
    )

    assert {language_of_text(text, "en") for text in (all_letters, vowels, some_words)} == {None}
    assert language_of_text(f"{all_letters} " * 5, "de") in (None, "en")


@pytest.mark.parametrize("letter", ["\u0456", "\u04b1", "\u04cf", "\u0458"])
def test_letter_of_another_language_does_not_change_the_language(letter: str) -> None:
    spoiled = RUSSIAN.replace("\u0438", letter).replace("\u043e", letter)

    assert language_of_text(spoiled, "ru") is None
    assert language_of_text(spoiled, "en") in (None, "und-Cyrl")


def test_seven_words_are_too_few() -> None:
    words = [word for word in RUSSIAN.split() if len(word) > 2]

    assert language_of_text(" ".join(words[: LEAST_WORDS - 1]), "en") is None
    assert language_of_text(" ".join(words), "en") == "ru"


@given(
    st.lists(
        st.sampled_from([*RUSSIAN.split(), *ENGLISH[0].split(), "<", "](", "\n", "\u4e00", "!"]), max_size=40
    ),
    st.sampled_from(["en", "ru", "uk", "ar", "zh", "az", "tg-Latn", "und-Cyrl", "zz", ""]),
)
def test_answer_is_another_tag_with_a_script(pieces: list[str], said: str) -> None:
    text = " ".join(pieces)

    tag = language_of_text(text, said)

    assert tag is None or (tag != said and script_of_language(tag))
    assert tag is None or tag.startswith("und-") or languages.is_known(tag)
    assert language_of_text(text, said) == tag
