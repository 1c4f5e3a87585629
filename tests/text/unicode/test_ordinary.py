"""Leaving out what is ordinary changes no finding."""

import json
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.text.checks import CHECKS, Finding
from articles.text.checks.fields import _TOKEN, Field, Token
from articles.text.markdown import Where
from articles.text.unicode import ordinary

CASES = [
    case
    for path in sorted(Path(__file__).parents[2].glob("cases/scan/*.json"))
    for case in json.loads(path.read_text(encoding="ascii"))
]


class Thorough(Field):
    """A field in which every character deserves a look."""

    @cached_property
    def odd(self) -> str:
        return "" if self.is_ascii else self.text

    @cached_property
    def tokens(self) -> list[Token]:
        return [
            Token(match.start(), match[0]) for match in _TOKEN.finditer(self.text) if not match[0].isascii()
        ]


def findings(field: Field) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(field)]


@pytest.mark.parametrize("language", ["en", "de", "ru", "uk", "el", "ar", "hi", "th", "zh", "ko", "hy"])
def test_cases_read_the_same_in_any_language(language: str) -> None:
    for case in CASES:
        text, where = case["text"], Where(case["where"])
        assert findings(Field(text, language, where)) == findings(Thorough(text, language, where)), case[
            "text"
        ]


LETTERS = (
    "ao1 .,'\N{RIGHT SINGLE QUOTATION MARK}\u0430\u043e\u0441\u0435\u0436\u0456\u04bb\u03bf\u03b1\u03b8\u0585\u0561"
    "\u0627\u0647\u0644\u064b\u06f1\u0661\u0939\u0940\u0966\u0e2d\u0e34\u0e4d\u53e3\u4e00\u30ed\u3007\uac00"
    "\u00e9\u00df\u0131\u0251\u00c3\u00a9\u0420\u0451\u0402\u0301\u200b\u200d\u00ad\u00a0\ufe0f\n@/"
)


@given(
    st.text(st.sampled_from(LETTERS) | st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(["en", "ru", "el", "ar", "hi", "th", "zh", "hau", "hy"]),
    st.sampled_from([Where.PROSE, Where.CODE, Where.HOST, Where.TITLE]),
)
@example("\N{NOT SIGN}\N{CENT SIGN}", "ar", Where.PROSE)  # signs that are bytes as well
@settings(max_examples=500)
def test_any_text_reads_the_same(text: str, language: str, where: Where) -> None:
    assert findings(Field(text, language, where)) == findings(Thorough(text, language, where))


@given(
    st.text(
        st.sampled_from("pay1'\u0430\u043e\u0440\u0435\u0436\u0456\u0627\u0647\u0664\u064b\u0939"),
        max_size=20,
    )
)
@settings(max_examples=500)
def test_words_of_two_scripts_read_the_same(text: str) -> None:
    for language in ("en", "ru", "ar", "hi"):
        whole, quick = Thorough(text, language, Where.SUMMARY), Field(text, language, Where.SUMMARY)
        assert findings(quick) == findings(whole)


@given(
    st.lists(st.tuples(st.integers(0, 199), st.sampled_from(LETTERS)), max_size=12),
    st.sampled_from(["en", "ru"]),
)
def test_few_odd_letters_in_a_page_of_ascii_read_the_same(
    swaps: list[tuple[int, str]], language: str
) -> None:
    page = list("Take the red pen; write 2024 words of it's own, or none. " * 4)
    for place, letter in swaps:
        page[place] = letter
    text = "".join(page)

    assert findings(Field(text, language, Where.PROSE)) == findings(Thorough(text, language, Where.PROSE))


def test_few_odd_letters_do_not_make_the_script_of_a_page() -> None:
    few, many = "pen " * 20 + "\u0430", "pen " + "\u0430" * 4

    assert ordinary.main_script(few, "Latin") == "Latin"
    assert ordinary.main_script(many, "Latin") == "Cyrillic"
    assert ordinary.main_script(few, "Cyrillic") == "Cyrillic"


@pytest.mark.parametrize(
    "script", ["Latin", "Cyrillic", "Greek", "Arabic", "Devanagari", "Thai", "East Asian"]
)
def test_clean_text_of_a_script_holds_nothing_odd(script: str) -> None:
    text = {
        "Latin": "Gr\u00fc\u00dfe, na\u00efve \u0141\u00f3d\u017a \u2013 \u201cVi\u1ec7t\u201d",
        "Cyrillic": "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! \u2014 \u0457\u0436\u0430\u043a",
        "Greek": "\u039a\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1",
        "Arabic": "\u0645\u064e\u0631\u062d\u0628\u0627\u060c",
        "Devanagari": "\u0928\u092e\u0938\u094d\u0924\u0947\u0964",
        "Thai": "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
        "East Asian": "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u30ab\u30bf\u30ab\u30ca",
    }[script]
    assert not ordinary.build_alphabet(script, script).odd.findall(text)
