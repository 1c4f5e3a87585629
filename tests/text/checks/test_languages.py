"""Every check in many languages: silent on a clean sentence, and not put off by it."""

import json
from pathlib import Path

import pytest

from articles.text.checks import CHECKS, Severity, scan
from articles.text.unicode import tables
from articles.text.unicode.scripts import script_of_language

CLEAN: dict[str, str] = json.loads(
    Path(__file__).parents[2].joinpath("cases/languages.json").read_text(encoding="ascii")
)
SPOILED = {
    "foreign-letter": "p\u0430ypal",
    "rare-letter": "\u0251pple",
    "styled-letters": "\U0001d5ee\U0001d5fd\U0001d5fd\U0001d5f9\U0001d5f2",
    "host": "https://\u0430\u0440\u0440\u04cf\u0435.com/",
    "look-alike-sign": "`x = 1\u037e`",
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
# Latin letters that read as a common word of the language, by its script: "dew" in Russian, "centre" in Greek.
DISGUISED = {"Cyrillic": "poca", "Greek": "KENTPO"}
SPACE = "\u0455\u0440\u0430\u0441\u0435"  # Cyrillic letters; each list of words in Latin letters has "space"


def checks_that_warn(text: str, language: str) -> set[str]:
    return {
        finding.check
        for finding in scan(text, language=language).findings
        if finding.severity is not Severity.NOTICE or finding.check in NOTICES
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
    script = script_of_language(language)
    has_words = script not in DISGUISED or tables.common_words(language)

    checks = checks_that_warn(f"{DISGUISED.get(script, SPACE)} \u2013 {CLEAN[language]}", language)

    assert checks == ({"whole-word"} if has_words else set())


@pytest.mark.parametrize("language", CLEAN)
def test_text_that_shows_nothing_is_blank(language: str) -> None:
    assert "blank" in checks_that_warn("\u3164\u200b", language)
