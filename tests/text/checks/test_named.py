"""Characters that their line names."""

import pytest

from articles.text.checks.named import REACH, is_named

SHY, SPACE = "\N{SOFT HYPHEN}", "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "line",
    [
        "U+00AD *",
        "u+AD: *",
        "\\u00ad is *",
        "\\u{ad} *",
        "\\xAD *",
        "0xad *",
        "&#xAD; *",
        "&#173; *",
        "%AD *",
        "* the soft hyphen",
        "&shy; *",
        "255\t173\tAD\t*\tWEICHES TRENNZEICHEN",
        "| 00AD | * |",
        "| 173 | * |",
        "* | AD",
        "SHY (*)",
        "AD  '*'",
        "x   *   AD",
        "AD *",
        "173 * and more",
    ],
)
def test_code_point_and_name_are_told_in_any_notation(line: str) -> None:
    text = f"before\n{line}\nafter".replace("*", SHY)
    place = text.index(SHY)

    assert is_named(text, place, place + 1)
    assert not is_named(text.replace(SHY, f"a{SHY}"), place + 1, place + 2)
    assert not is_named(text.replace(SHY, f"{SHY}a"), place, place + 1)
    assert not is_named(text.replace(SHY, SHY * 2), place, place + 2)


@pytest.mark.parametrize(
    "line",
    [
        "* alone",
        "U+00ADF *",
        "U+1AD *",
        "&#1173; *",
        "173, then * here",
        "1730 | *",
        "| 1.173 | * |",
        "| x173 | * |",
        "| NBSP | * |",
        "SHY is *, here",
        "shy | *",
    ],
)
def test_other_numbers_and_words_name_nothing(line: str) -> None:
    text = line.replace("*", SHY)
    place = text.index(SHY)

    assert not is_named(text, place, place + 1)


def test_only_the_own_line_counts_and_only_its_near_part() -> None:
    assert not is_named(f"U+00AD\n{SHY}\nU+00AD", 7, 8)
    assert is_named("U+00AD" + " " * (REACH - 6) + SHY, REACH, REACH + 1)
    assert not is_named("U+00AD" + " " * REACH + SHY, REACH + 6, REACH + 7)


def test_spaces_are_named_as_well() -> None:
    text = f"| U+00A0 | {SPACE} |"

    assert is_named(text, 11, 12)
