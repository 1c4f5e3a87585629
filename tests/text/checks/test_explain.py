import pytest

from articles.text.checks import scan
from articles.text.checks.explain import explain_scan


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        (
            "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440",
            "ru",
            "2 Cyrillic words, judged as ru (Cyrillic): nothing wrong",
        ),
        ("One word, na\u00efve", "en", "3 Latin words, judged as en (Latin): nothing wrong"),
        ("\u6771\u4eac", "ja", "1 East Asian word, judged as ja (East Asian): nothing wrong"),
        ("1 + 1", "en", "no words, judged as en (Latin): nothing wrong"),
        ("", "en", "no words, judged as en (Latin): nothing wrong"),
    ],
)
def test_a_silent_scan_says_what_was_judged(text: str, language: str, sentence: str) -> None:
    assert (
        explain_scan(text, language=language, counts=dict(scan(text, language=language).counts)) == sentence
    )


def test_a_scan_with_findings_counts_them() -> None:
    text = "The p\u0430ypal page"

    sentence = explain_scan(text, counts=dict(scan(text).counts))

    assert sentence == "2 Latin words, 1 mixed word, judged as en (Latin): 1 warning"
