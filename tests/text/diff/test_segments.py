import subprocess
import sys

import pytest
import regex
from hypothesis import given

from articles.text.diff.segments import split_words

from .pairs import SENTENCES
from .test_comparing import mixtures, texts


@given(mixtures | texts)
def test_words_are_whole_clusters_and_together_the_line(line: str) -> None:
    words = split_words(line)

    assert "".join(words) == line
    boundaries = {match.end() for match in regex.finditer(r"\X", line)}
    end = 0
    for word in words:
        end += len(word)
        assert end in boundaries


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("\u53e4\u3044\u821f\u3092\u8ab0\u304c", ["\u53e4\u3044", "\u821f", "\u3092", "\u8ab0", "\u304c"]),
        ("\u6ca1\u6709\u4eba\u77e5\u9053", ["\u6ca1\u6709", "\u4eba", "\u77e5\u9053"]),
        (
            "\u0e40\u0e23\u0e37\u0e2d\u0e02\u0e49\u0e32\u0e21",
            ["\u0e40\u0e23\u0e37\u0e2d", "\u0e02\u0e49\u0e32\u0e21"],
        ),
        ("\u0e9e\u0eb2\u0eaa\u0eb2\u0ea5\u0eb2\u0ea7", ["\u0e9e\u0eb2\u0eaa\u0eb2", "\u0ea5\u0eb2\u0ea7"]),
        (
            "\u179f\u17d2\u179a\u179b\u17b6\u1789\u17cb\u1797\u17b6\u179f\u17b6\u1781\u17d2\u1798\u17c2\u179a",
            [
                "\u179f\u17d2\u179a\u179b\u17b6\u1789\u17cb",
                "\u1797\u17b6\u179f\u17b6\u1781\u17d2\u1798\u17c2\u179a",
            ],
        ),
        ("\u1005\u1000\u102c\u1038\u1000\u102d\u102f", ["\u1005\u1000\u102c\u1038", "\u1000\u102d\u102f"]),
    ],
)
def test_scripts_without_spaces_are_split_into_words(line: str, words: list[str]) -> None:
    assert split_words(line) == words


def test_letters_beyond_the_bmp_do_not_move_the_ends_of_words() -> None:
    assert split_words("\U00020000\u3001\u6ca1\u6709\U00020001\u77e5\u9053") == [
        "\U00020000",
        "\u3001",
        "\u6ca1\u6709",
        "\U00020001",
        "\u77e5\u9053",
    ]


@pytest.mark.parametrize("language", ["zh", "ja", "th"])
def test_an_edit_changes_no_word_behind_the_next_sign(language: str) -> None:
    first, second, *_ = (part.strip().replace(" ", "") for part in SENTENCES[language].split("|"))

    words = split_words(f"{first}, {second}")

    assert (
        words[-len(split_words(second)) :]
        == split_words(f"{first}{first}, {second}")[-len(split_words(second)) :]
    )


def test_a_text_with_spaces_loads_no_dictionaries() -> None:
    code = (
        "import sys; from articles.text.diff import compare; compare('one two', 'one three');"
        " assert not [name for name in sys.modules if name.startswith('icu')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
