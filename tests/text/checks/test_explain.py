import pytest

from articles.text.checks import scan
from articles.text.checks.explain import explain_scan
from articles.text.markdown import Where


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
        (
            "Salam dunjo",
            "tg-Latn",
            "2 Latin words, judged as tg-Latn (Latin, by script alone): nothing wrong",
        ),
        ("Salve", "la", "1 Latin word, judged as la (Latin, by script alone): nothing wrong"),
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


def test_paragraphs_in_other_languages_are_counted() -> None:
    german = "Das Haus am Fluss ist alt, aber die Familie wohnt noch immer dort und will nicht fort."

    sentence = explain_scan(f"The house is old.\n\n{german}\n\n- {german}\n")

    assert sentence == "38 Latin words, judged as en (Latin), 2 paragraphs as de (Latin): nothing wrong"
    assert explain_scan(german, where=Where.CODE) == "17 Latin words, judged as en (Latin): nothing wrong"
