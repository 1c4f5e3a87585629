"""Every check in many languages: silent on a clean sentence, and not put off by it."""

import json
from pathlib import Path

import pytest

from articles.text.checks import CHECKS, Severity, scan
from articles.text.unicode.scripts import script_of_language

CLEAN: dict[str, str] = json.loads(
    Path(__file__).parents[2].joinpath("cases/languages.json").read_text(encoding="ascii")
)
SPOILED = {
    "foreign-letter": "p\u0430ypal",
    "rare-letter": "\u0251pple",
    "styled-letters": "\U0001d5ee\U0001d5fd\U0001d5fd\U0001d5f9\U0001d5f2",
    "host": "https://\u0430\u0440\u0440\u04cf\u0435.com/",
    "invisible": "ad\u200bmin",
    "bidi-control": "\u202egnp.exe",
    "provenance-mark": "a\ufeff" + "".join(chr(0xE00F0 + value) for value in b"C2PATXT") + "\ufe00",
    "tag-characters": "hi\U000e0068\U000e0069",
    "variation-selector": "us\ufe0fer",
    "control": "a\x08b",
    "without-meaning": "a \ue000",
    "odd-space": "a\u2003b",
    "stacked-marks": "z\u0301\u0302\u0303\u0304\u0305",
    "mixed-digits": "1\u06f2",
    "misread": "caf\u00c3\u00a9 d\u00c3\u00a8s",
    "not-nfc": "e\u0301t",
    "empty-link": "[](https://a.example)",
    "forge-notice": "This file contains ambiguous Unicode characters",
}
NOTICES = {"not-nfc", "forge-notice"}
# A word in the letters of another script, and the one that it passes for, by the script of the language.
DISGUISED = {
    "Cyrillic": ("pacopa", "\u0440\u0430\u0441\u043e\u0440\u0430"),
    "Greek": ("TAPTOX", "\u03c4\u03b1\u03c1\u03c4\u03bf\u03c7"),
}
CYRILLIC_FOR_LATIN = ("\u0441\u0430\u0440\u043e\u0441\u0441\u0430", "capocca")


def checks_that_warn(text: str, language: str, *words: str) -> set[str]:
    return {
        found.check
        for found in scan(text, language=language, words=words).findings
        if found.severity is not Severity.NOTICE or found.check in NOTICES
    }


def test_every_check_is_tried() -> None:
    ids = {check.__name__.replace("_", "-") for check in CHECKS}

    assert ids == {*SPOILED, "whole-word", "blank"}
    assert len(CLEAN) >= 25


@pytest.mark.parametrize("language", CLEAN)
def test_clean_sentence_is_silent(language: str) -> None:
    assert not checks_that_warn(CLEAN[language], language)


@pytest.mark.parametrize("language", CLEAN)
@pytest.mark.parametrize("check", SPOILED)
def test_fault_is_found_after_a_clean_sentence(check: str, language: str) -> None:
    assert checks_that_warn(f"{CLEAN[language]} {SPOILED[check]}", language) >= {check}


@pytest.mark.parametrize("language", CLEAN)
def test_disguised_word_is_found_in_a_clean_sentence(language: str) -> None:
    disguise, word = DISGUISED.get(script_of_language(language), CYRILLIC_FOR_LATIN)
    text = f"{disguise} \u2013 {CLEAN[language]}"

    assert not checks_that_warn(text, language)
    assert checks_that_warn(text, language, word) == {"whole-word"}


@pytest.mark.parametrize("language", CLEAN)
def test_text_that_shows_nothing_is_blank(language: str) -> None:
    assert "blank" in checks_that_warn("\u3164\u200b", language)
