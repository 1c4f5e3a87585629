"""The check on signs that look like ASCII ones: what its cases do not say."""

from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.text.checks import Severity, scan, signs
from articles.text.checks.fields import Field
from articles.text.checks.signs import look_alike_sign
from articles.text.markdown import Where
from articles.text.unicode.signs import signs as all_signs

PIECES = st.sampled_from(
    [
        *"ab1 \n\t-=(){}[]<>/.:\"'`\u4e2d\u00e9\u03b1\u2192>",
        "\n```\n",
        "\n```js\n",
        "\n~~~\n",
        "\n    ",
        "ls ",
        "`f(x) ",
    ]
) | st.sampled_from(sorted(all_signs()))


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["en", "zh", "el"]))
@example("- a\n\n      b\uff1b", "en")
@example("> \tb\uff1b", "en")
@example("`a \u2013b` \u2013c", "en")
@settings(max_examples=1000)
def test_search_before_the_parse_changes_no_finding(text: str, language: str) -> None:
    quick = list(look_alike_sign(Field(text, language, Where.PROSE)))

    with (
        patch.object(signs, "may_have_code", return_value=True),
        patch.object(signs, "may_be_in_code", return_value=True),
    ):
        thorough = list(look_alike_sign(Field(text, language, Where.PROSE)))

    assert quick == thorough


@pytest.mark.parametrize(
    "code", ["a\uff1b", "ls \u2013x ", "\u02bca\u02bc ", "a \u01c0 b ", "f(\u201ca\u201d) "]
)
def test_line_full_of_signs_is_judged_to_its_end(code: str) -> None:
    one, many = scan(code, where=Where.CODE), scan(code * 5_000, where=Where.CODE)

    assert many.total == 5_000 * one.total > 0


def test_prose_is_never_judged() -> None:
    for char in all_signs():
        for where in (Where.TITLE, Where.SUMMARY, Where.PROSE, Where.LINK_TEXT):
            assert not list(look_alike_sign(Field(f"a{char} = {char}b;", "en", where)))


def test_most_signs_are_found_between_ascii_in_a_program() -> None:
    codes = {char: f"```js\nx = a {char} b;\n```" for char in all_signs()}

    found = {char for char, code in codes.items() if scan(code).counts[Severity.ALERT]}

    assert len(found) > 0.7 * len(codes)
