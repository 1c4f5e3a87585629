"""Facts about languages: each tag has a script, and letters cover what is written in the language."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks import scan
from articles.text.unicode import languages, tables
from articles.text.unicode.scripts import script_group, script_of_language

CLEAN: dict[str, str] = json.loads(
    Path(__file__).parents[2].joinpath("cases/languages.json").read_text(encoding="ascii")
)


@pytest.mark.parametrize(
    ("tag", "script"),
    [
        ("tyv", "Cyrillic"),
        ("nog", "Cyrillic"),
        ("chr", "Cherokee"),
        ("iu-Latn", "Latin"),
        ("az-Cyrl", "Cyrillic"),
        ("az_arab", "Arabic"),
        ("az-IR", "Arabic"),
        ("uz-AF", "Arabic"),
        ("pa-Arab-PK", "Arabic"),
        ("sr-ME", "Latin"),
        ("sr-Cyrl-ME", "Cyrillic"),
        ("sh", "Latin"),
        ("sh-Cyrl", "Cyrillic"),
        ("iw", "Hebrew"),
        ("rus", "Cyrillic"),
        ("cmn-Hant", "East Asian"),
        ("zh-yue", "East Asian"),
        ("zh-Latn-pinyin", "Latin"),
        ("ja-Hrkt", "East Asian"),
        ("ff-Adlm", "Adlam"),
        ("und-Cyrl", "Cyrillic"),
        ("und-RU", "Cyrillic"),
        ("en-x-cyrl", "Latin"),
        ("en-u-nu-arab", "Latin"),
        ("ru-Zyyy", "Cyrillic"),
        ("zz", "Latin"),
        ("\u0440\u0443", "Latin"),
        ("-", "Latin"),
    ],
)
def test_tag_has_the_script_that_it_names_or_that_is_likely(tag: str, script: str) -> None:
    assert script_of_language(tag) == script


@given(
    st.text(max_size=20)
    | st.lists(st.sampled_from("sr zh en und i x Latn cyrl Hant RU 419 1996 - _ sgn be fr".split())).map(
        "-".join
    )
)
def test_no_tag_is_an_error(tag: str) -> None:
    assert script_of_language(tag) == script_of_language(tag.upper().replace("-", "_"))
    assert languages.direction(tag) in ("ltr", "rtl")
    assert languages.main_letters(tag) <= languages.letters(tag)
    assert "0" in languages.digits(tag)
    assert "\u00a0" in languages.number_spaces(tag)
    assert languages.is_known(tag) or not languages.one_letter_words(tag)


@pytest.mark.parametrize("tag", ["ru", "RU_latn", "tyv", "zh-min-nan", "gsw-FR", "i-lux"])
def test_cldr_knows_a_language(tag: str) -> None:
    assert languages.is_known(tag)


@pytest.mark.parametrize("tag", ["", "und-Cyrl", "zz", "x-elvish", "latn", "e"])
def test_cldr_does_not_know_a_language(tag: str) -> None:
    assert not languages.is_known(tag)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ar", "rtl"),
        ("arz", "rtl"),
        ("fa-IR", "rtl"),
        ("HE", "rtl"),
        ("syr", "rtl"),
        ("pnb", "rtl"),
        ("az_Arab", "rtl"),
        ("uz-AF", "rtl"),
        ("ff-Adlm", "rtl"),
        ("ur-Latn-PK", "ltr"),
        ("en", "ltr"),
        ("ja", "ltr"),
        ("ca-valencia", "ltr"),
        ("zz", "ltr"),
        ("", "ltr"),
    ],
)
def test_language_has_a_direction(tag: str, expected: str) -> None:
    assert languages.direction(tag) == expected


@pytest.mark.parametrize("tag", CLEAN)
def test_letters_cover_a_clean_sentence(tag: str) -> None:
    script = script_of_language(tag)
    written = {
        char for char in CLEAN[tag] if script_group(char) == script and tables.category(char)[0] in "LM"
    }

    assert script == "East Asian" or written <= languages.letters(tag)


def test_letters_stand_in_both_cases() -> None:
    assert set("\u0490\u0491\u0404\u0454") <= languages.letters("uk")
    assert set("iI\u0130\u0131") <= languages.main_letters("tr")
    assert set("\u00df\u1e9e") <= languages.letters("de")
    assert set("\u03c3\u03c2\u03a3") <= languages.letters("el")


def test_letters_of_loan_words_are_not_of_the_language_itself() -> None:
    assert "\u044a" in languages.letters("uk") - languages.main_letters("uk")
    assert "w" in languages.letters("vi") - languages.main_letters("vi")


def test_each_code_point_of_a_cluster_is_a_letter() -> None:
    assert "\u04c0" in languages.letters("ce") or "\u04cf" in languages.letters("ce")
    assert "\u0301" in languages.letters("ru")


@pytest.mark.parametrize("tag", ["tg-Latn", "la", "und-Cyrl", "zz", ""])
def test_letters_are_unknown_without_data(tag: str) -> None:
    assert languages.letters(tag) == languages.main_letters(tag) == frozenset()


def test_script_of_a_tag_chooses_the_letters() -> None:
    assert "\u0111" in languages.letters("sr-Latn")
    assert "\u0452" in languages.letters("sr")
    assert not languages.letters("sr") & languages.letters("sr-Latn")
    assert languages.letters("sh") == languages.letters("sr-Latn") == languages.letters("sr-ME")


def test_region_adds_to_its_language() -> None:
    assert languages.letters("en") < languages.letters("en-ZA")
    assert languages.letters("fa") < languages.letters("prs")


@pytest.mark.parametrize(
    ("tag", "zeros"),
    [
        ("en", "0"),
        ("ar", "0\u0660"),
        ("ar-MA", "0\u0660"),
        ("fa", "0\u06f0"),
        ("mr", "0\u0966"),
        ("sat-Deva", "0\u0966"),
        ("mag", "0\u0966"),  # without data, by script
        ("zz", "0"),
    ],
)
def test_language_has_digits(tag: str, zeros: str) -> None:
    assert languages.digits(tag) == set(zeros)


def test_spaces_stand_in_numbers_and_dates() -> None:
    assert all("\u202f" in languages.number_spaces(tag) for tag in ("fr", "fr-CA", "fi", "ht", "ru", "mn"))
    assert languages.number_spaces("en") == languages.number_spaces("zz") == {"\u00a0"}


def test_own_names_have_letters_beyond_ascii() -> None:
    names = languages.own_names()

    assert {
        "fran\u00e7ais",
        "\u0440\u0443\u0441\u0441\u043a\u0438\u0439",
        "\u7b80\u4f53\u4e2d\u6587",
        "ti\u1ebfng",
    } <= names
    assert all(name == name.lower() and not name.isascii() for name in names)


def test_words_of_one_letter_are_written_in_letters_of_the_language() -> None:
    for key, words in languages._one_letter_words().items():
        language, script, _ = languages.parse(key)
        assert f"{language}-{script}" == key
        assert all(len(word) == 1 and word == word.lower() for word in words)
        if languages.letters(key):
            assert words <= languages.letters(key), key


def test_words_of_one_letter_depend_on_script() -> None:
    assert languages.one_letter_words("sr-Latn") == set("aikosu")
    assert languages.one_letter_words("sr") == set("\u0430\u0438\u043a\u043e\u0441\u0443")
    assert languages.one_letter_words("uk") > set("\u0430\u0432\u0454\u0437\u0456\u0439\u043e\u0443\u044f")
    assert languages.one_letter_words("de") == languages.one_letter_words("ru-Latn") == frozenset()


def test_scan_of_ascii_text_needs_no_data_on_languages() -> None:
    for function in (languages._sections, languages.parse, script_of_language):
        function.cache_clear()

    scan("A [link](https://example.org/) and `code` &amp; more", language="en-GB")

    assert languages._sections.cache_info().misses == 0


def test_every_record_is_of_a_known_language_and_an_existing_script() -> None:
    sections = languages._sections()
    for section in ("letters", "digits", "spaces"):
        for key in sections[section]:
            language, script, *_ = key.split("-")
            assert languages.is_known(language), key
            assert script in sections["script names"], key
    names = {record.partition("\t")[0] for record in sections["script names"].values()}
    known = {record.split(";")[1] for record in tables.read_records("scripts.txt")}
    assert names - {"East Asian"} <= known


def test_countries_have_the_languages_of_their_governments() -> None:
    assert {"vi"} == set(languages.official_languages("vn"))
    assert {"sr-Latn"} == set(languages.official_languages("ME"))
    assert {"fi", "sv"} <= set(languages.official_languages("FI"))
    assert {"pl", "fr", "el", "hu"} <= set(languages.official_languages("eu"))
    assert not languages.official_languages("com")
