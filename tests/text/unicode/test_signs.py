"""Signs that look like ASCII ones, compared with the properties of their code points."""

from string import punctuation

import pytest
import unicodedata2

from articles.text.unicode.signs import Kind, signs


def test_each_stands_for_one_ascii_sign() -> None:
    assert {sign.meant for sign in signs().values()} == {*punctuation, "--"}
    assert not any(char.isascii() or len(char) > 1 for char in signs())


def test_all_full_width_signs_are_known() -> None:
    wide = {chr(ord(char) - 0x20 + 0xFF00): char for char in punctuation}

    assert wide.items() <= {char: sign.meant for char, sign in signs().items()}.items()


@pytest.mark.parametrize(
    ("kind", "chars"),
    [
        (Kind.WIDE, "\u3002\uff08\ufe54\u3014"),
        (Kind.MATH, "\u2044\u2215\u2217\u2223\u2236\u29f8"),
        (Kind.QUOTE, "\u00b4\u02bc\u2032\u05f4"),
        (Kind.CURLY, "\u2018\u201d\u2039"),
        (Kind.DASH, "\u2010\u2013\u2014\u2212\uff0d"),
        (Kind.LETTER, "\u01c0\u01c3\u1438\u30ce\ua4f8"),
        (Kind.OTHER, "\u02d0\u037e\u0589\u2024\ua789"),
    ],
)
def test_kind_is_where_a_sign_is_at_home(kind: Kind, chars: str) -> None:
    assert {signs()[char].kind for char in chars} == {kind}


def test_what_only_resembles_a_sign_is_none() -> None:
    # A superscript, a digit, a vowel sign, a picture, and letters of phonetics
    assert not signs().keys() & set("\u207a\u0660\u0903\u2795\u0251\u00e9")
    assert not any(unicodedata2.category(char)[0] in "MNC" for char in signs())
