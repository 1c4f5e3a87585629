import pytest

from articles.text.unicode import scripts


@pytest.mark.parametrize(
    ("language", "script"),
    [
        ("en", "Latin"),
        ("uk", "Cyrillic"),
        ("sr-Latn", "Latin"),
        ("ja", "East Asian"),
        ("zz", "Latin"),
        ("", "Latin"),
    ],
)
def test_language_has_a_script(language: str, script: str) -> None:
    assert scripts.script_of_language(language) == script
