import pytest

from articles.text.unicode.directions import direction


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "rtl"),
        ("arz", "rtl"),
        ("fa-IR", "rtl"),
        ("HE", "rtl"),
        ("syr", "rtl"),
        ("en", "ltr"),
        ("ja", "ltr"),
        ("az-Arab", "rtl"),
        ("az_Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("ur-Latn-PK", "ltr"),
        ("ca-valencia", "ltr"),
        ("zz", "ltr"),
        ("", "ltr"),
    ],
)
def test_language_has_a_direction(language: str, expected: str) -> None:
    assert direction(language) == expected
