import pytest
import regex

from articles.text.unicode import graphemes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("abc", 3),
        ("\r\n", 1),
        ("e\u0301", 1),
        ("\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}", 1),
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", 2),
        ("\u0915\u094d\u0937", 1),
        ("\u1112\u1161\u11ab", 1),
        ("", 0),
    ],
)
def test_a_cluster_is_what_a_reader_takes_for_one_character(text: str, count: int) -> None:
    assert len(graphemes.clusters(text)) == count
    assert "".join(graphemes.clusters(text)) == text


@pytest.mark.parametrize("text", ["can't stop.", "\u0434\u0430, \u043d\u0435\u0442", "a  b\n", ""])
def test_words_rebuild_the_text(text: str) -> None:
    assert "".join(graphemes.words(text)) == text


def test_an_apostrophe_does_not_end_a_word() -> None:
    assert graphemes.words("can't stop") == ["can't", " ", "stop"]


def test_flags_are_cut_as_the_standard_cuts_them_and_in_linear_time():
    flags = "\U0001f1e9\U0001f1ea"

    assert graphemes.clusters(flags * 100_000 + "\U0001f1e9") == [flags] * 100_000 + ["\U0001f1e9"]
    for text in (flags + "\u0301" + flags, "a" + flags[:1] + flags, flags[:1] * 5 + "\u200d" + flags):
        assert graphemes.clusters(text) == regex.findall(r"\X", text)
