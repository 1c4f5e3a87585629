"""Which parts of code are prose."""

import pytest

from articles.text.checks.fields import Field
from articles.text.checks.sentences import LONGEST_LINE, prose_span
from articles.text.markdown import Where

SENTENCES = [
    "The server has stopped.",
    "  Please wait a moment:",
    "Zapisz plik i wyjd\u017a",
    "\u041d\u0435\u0442 \u0442\u0430\u043a\u043e\u0433\u043e \u0444\u0430\u0439\u043b\u0430",
    "\u6587\u4ef6\u4e0d\u5b58\u5728",
    "Ouvrir quand m\u00eame\u00a0?",
    "Lire \u00ab\u00a0demain\u00a0\u00bb",
    "Supprimer tous les \u00e9l\u00e9ments de la liste *maintenant*",
    "Every one of the remaining messages has been deleted, see log_file",
    "\u6b63\u5728\u5904\u7406\u7528\u6237\u63d0\u4ea4\u7684\u6570\u636e {n}",
]
CODE = [
    "make all docs",
    "sudo apt install nginx",
    "git pull",
    "let x = 1;",
    "rm -rf build",
    "SELECT name FROM users",
    "return value",
    "cat r\u00e9sum\u00e9.txt | grep mot | sort | head",
    "git commit -m 'R\u00e9parer enfin la derni\u00e8re page du site'",
    "sudo \u0430pt install nginx",  # a Cyrillic letter
    "if (user == \u0430dmin) { run(); }",
    "a.b.c()",
    "\u4e2d = f(x, y, z, 1, 2, 3)",
    "# apt install nginx",
    "% make all docs",
    "#include <stdio.h>",
    "x = y / z",
]


@pytest.mark.parametrize("line", SENTENCES)
def test_sentence_is_prose(line: str) -> None:
    assert prose_span(line, is_code_span=False) == (0, len(line))


@pytest.mark.parametrize("line", CODE)
def test_command_and_statement_are_code(line: str) -> None:
    assert prose_span(line, is_code_span=False) == (0, 0)


@pytest.mark.parametrize(
    ("code", "remark"),
    [
        ("x = 1  #", " set the value"),
        ("x = 1  //", " TODO"),
        ("", "/* do not use (yet) */"),
        ("#", " Install the package"),
        ("run(a, b) #", "\u8fd0\u884c\u4e24\u6b21"),
        ("//", "\u5173\u95ed"),
        ("   --", " all the users of x = y"),
        (";", " keep this register"),
        ("  *", " returns x"),
        ("<!--", " note -->"),
    ],
)
def test_comment_is_prose_and_what_is_before_it_is_code(code: str, remark: str) -> None:
    line = code + remark if code else remark
    start = len(code) or 2

    assert prose_span(line, is_code_span=False) == (start, len(line))


@pytest.mark.parametrize("line", ["curl http://a.org/x", "a//b", "f(x)#y", "x -- y", "//", "# 1 2 3"])
def test_signs_of_comments_elsewhere_begin_none(line: str) -> None:
    assert prose_span(line, is_code_span=False) == (0, 0)


def test_code_span_takes_more_words_to_be_a_sentence() -> None:
    assert prose_span("The end.", is_code_span=False) == (0, 0)
    assert prose_span("The very end.", is_code_span=False) == (0, 13)
    assert prose_span("The very end.", is_code_span=True) == (0, 0)
    assert prose_span("This was the very last one.", is_code_span=True) == (0, 27)


def test_quotation_between_a_backtick_and_an_apostrophe_is_no_code() -> None:
    assert prose_span("stable' (see Section 6), or ", is_code_span=True) == (0, 28)
    assert prose_span("stable' (see Section 6), or ", is_code_span=False) == (0, 0)
    assert prose_span("it's", is_code_span=True) == (0, 0)


def test_long_line_is_code() -> None:
    line = "A word " * 200

    assert prose_span(f"{line[: LONGEST_LINE - 1]}.", is_code_span=False) == (0, LONGEST_LINE)
    assert prose_span(f"{line[:LONGEST_LINE]}.", is_code_span=False) == (0, 0)


def test_line_is_the_same_prose_or_code_from_each_of_its_places() -> None:
    long = "A very long line. " * 80
    field = Field(f"```\n{long}\nThe very end.\n```", "en", Where.PROSE)

    places = (4, 5, 4 + len(long) // 2, 3 + len(long), 5 + len(long), 17 + len(long))
    assert [field.where_at(place) for place in places] == [Where.CODE] * 4 + [Where.PROSE] * 2
    assert all(map(field.is_code_at, places))


def test_entity_in_a_sentence_of_code_stays_an_entity() -> None:
    assert Field("```\nThe very&nbsp;end.\n```", "en", Where.PROSE).text == "```\nThe very&nbsp;end.\n```"
