import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.unicode import confusables


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("p\u0430ypal", "paypal"),
        ("\u0440\u0430\u0443\u0440\u0430l", "paypal"),
        ("ad\u200bmin", "admin"),
        ("\uff50aypal", "paypal"),
        ("rn", "m"),
        ("\u00e9", "e\u0301"),
    ],
)
def test_look_alikes_share_a_skeleton(left: str, right: str) -> None:
    assert confusables.skeleton(left) == confusables.skeleton(right)


def test_different_words_have_different_skeletons() -> None:
    assert confusables.skeleton("paypal") != confusables.skeleton("payroll")


@given(st.text())
def test_skeleton_of_a_skeleton_is_itself(text: str) -> None:
    once = confusables.skeleton(text)

    assert confusables.skeleton(once) == once


@pytest.mark.parametrize(
    ("char", "letter"),
    [
        ("\N{CYRILLIC SMALL LETTER IE}", "e"),
        ("\N{CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I}", "I"),
        ("\N{CYRILLIC SMALL LETTER KA}", "k"),
        ("\N{CYRILLIC SMALL LETTER HA WITH DESCENDER}", "x"),
        ("\N{CYRILLIC CAPITAL LETTER KOMI DE}", "d"),
        ("\N{LATIN SMALL LETTER D WITH HOOK}", "d"),
        ("\N{LATIN LETTER SMALL CAPITAL Y}", "y"),
        ("\N{NEW TAI LUE DIGIT ZERO}", "o"),
        ("\N{TAI LE LETTER PA}", "u"),
        ("\N{FULLWIDTH LATIN SMALL LETTER P}", "p"),
        ("\N{CYRILLIC SMALL LETTER ZHE}", None),
        ("\N{GREEK CAPITAL LETTER SIGMA}", None),
        ("\N{LATIN SMALL LETTER AE}", None),
        ("1", None),
    ],
)
def test_latin_names_the_letter_a_reader_sees(char: str, letter: str | None) -> None:
    assert confusables.latin(char) == letter


def test_counterpart_keeps_the_case() -> None:
    assert confusables.counterpart("o", "Cyrillic") == "\N{CYRILLIC SMALL LETTER O}"
    assert confusables.counterpart("H", "Cyrillic") == "\N{CYRILLIC CAPITAL LETTER EN}"
    assert confusables.counterpart("A", "Greek") == "\N{GREEK CAPITAL LETTER ALPHA}"
    assert confusables.counterpart("q", "Greek") is None


def test_twins_are_exact_and_of_the_language() -> None:
    assert confusables.twins("\u00f3", "Greek", "el") == ("\u03cc",)
    assert confusables.twins("h", "Cyrillic", "kk") == ("\u04bb", "\u04ba")
    assert confusables.twins("h", "Cyrillic", "ru") == ()
    assert confusables.twins("I", "Cyrillic", "ce")[0] == "\u04c0"
    assert confusables.twins("\u03b3", "Latin", "kab")[:2] == ("\u0263", "y")
    assert confusables.twins("\u0451", "Latin", "ru") == ()


def test_counterpart_keeps_the_accent_if_the_language_has_the_letter() -> None:
    assert confusables.counterpart("\u00e9", "Greek", "el") == "\u03ad"
    assert confusables.counterpart("\u00ff", "Cyrillic", "cv") == "\u04f3"
    assert confusables.counterpart("\u00ff", "Cyrillic", "ru") == "\u0443"
    assert confusables.counterpart("\u00e9", "Cyrillic", "ru") == "\u0435"
