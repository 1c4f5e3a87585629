"""Facts about code points, against a second source of the same Unicode version."""

import regex
import unicodedata2

from articles.text.unicode import tables

EVERY_FIFTH = [chr(point) for point in range(0, 0x110000, 5) if not 0xD800 <= point < 0xE000]


def test_versions_of_all_sources_agree() -> None:
    header = (tables.DATA / "scripts.txt").read_text().splitlines()[1]

    assert unicodedata2.unidata_version == tables.UNICODE_VERSION
    assert f"Unicode {tables.UNICODE_VERSION}" in header


def test_every_data_file_names_source_version_and_licence() -> None:
    for path in tables.DATA.glob("*.txt"):
        header = "\n".join(path.read_text(encoding="utf-8").splitlines()[:4])
        assert "package" in header, path.name
        assert "icence" in header, path.name


def test_script_is_the_one_the_regex_package_knows() -> None:
    for char in EVERY_FIFTH:
        script = tables.script(char)
        assert regex.match(rf"\p{{Script={script}}}", char), f"U+{ord(char):04X} {script}"


def test_script_extensions_are_those_the_regex_package_knows() -> None:
    for char in EVERY_FIFTH:
        for script in tables.script_extensions(char):
            assert regex.match(rf"\p{{scx={script}}}", char), f"U+{ord(char):04X} {script}"


def test_everyday_letters_are_allowed_and_phonetic_ones_are_not() -> None:
    assert all(map(tables.is_allowed_in_identifiers, "a9\u00e9\u0430\u03b1\u05d0\u0915\u6f22"))
    assert not any(map(tables.is_allowed_in_identifiers, "\u0251\u0261\u0185\u19d0 \u200b"))


def test_variation_sequences_are_listed_standardized_or_ideographic() -> None:
    assert tables.is_variation_sequence("\N{HEAVY BLACK HEART}", "\ufe0f")
    assert tables.is_variation_sequence("\u845b", "\U000e0100")
    assert not tables.is_variation_sequence("s", "\ufe0f")
    assert not tables.is_variation_sequence("s", "\U000e0100")


def test_names_say_what_a_person_can_read() -> None:
    assert tables.name("\u0430") == "Cyrillic small letter a"
    assert tables.name("\b") == "control character backspace"
    assert tables.name("\ufdd0") == "noncharacter"
    assert tables.name("\ue000") == "private-use character"
    assert tables.name("\u0378") == "unassigned code point"


def test_common_words_exist_for_listed_languages_only() -> None:
    assert "apple" in tables.common_words("en-GB")
    assert "\u0441\u0430\u0445\u0430\u0440" in tables.common_words("ru")
    assert tables.common_words("hr") == tables.common_words("sr-Latn") == tables.common_words("sh")
    assert tables.common_words("be") == tables.common_words("kk") == frozenset()
    assert tables.common_words("ru-Latn") == frozenset()
    assert tables.common_words("tl") == tables.common_words("fil_PH")
    assert tables.common_words("qq") == frozenset()
    assert tables.common_words("../en") == frozenset()


def test_serbian_words_are_listed_in_both_scripts() -> None:
    cyrillic, latin = tables.common_words("sr"), tables.common_words("sr-Latn")

    assert "\u0440\u043e\u0441\u0430" in cyrillic  # dew, which can be disguised
    assert {"\u043f\u0438\u0442\u0430\u045a\u0443", "\u0431\u043e\u0459\u0430"} <= cyrillic  # nj, lj
    assert {"rosa", "pitanju"} <= latin
    assert not cyrillic & latin
    assert tables.common_words("bs-Cyrl") == tables.common_words("sh-Cyrl") == cyrillic
