"""Lines of a comparison as HTML."""

import pytest

from articles.text.checks import Finding, Severity, scan
from articles.text.content.drawing import findings_between, piece_as_html
from articles.text.diff import Kind, Op
from articles.text.diff.hunks import Piece
from articles.text.markdown import Where

KINDS = {Kind.WORDING: 'other "words"', Kind.INVISIBLE: "invisible"}


def spotted(start: int, end: int) -> Finding:
    return Finding("c", Severity.ALERT, start, end, "", None, None, Where.PROSE, "m")


def drawn(text: str, op: Op, kind: Kind | None = Kind.WORDING, *, start: int = 0, **options: object) -> str:
    piece = Piece(start, len(text), op, kind, None)
    found = options.pop("found", ())
    return piece_as_html(text, found, piece, kinds=KINDS, line_end="line end", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((0, 1), [0]),
        ((2, 3), [0, 1]),
        ((3, 4), [1]),
        ((3, 6), [1]),
        ((4, 7), [1, 2]),
        ((5, 6), []),
        ((7, 9), []),
    ],
)
def test_findings_that_touch_a_span(span, expected):
    found = [spotted(0, 3), spotted(2, 5), spotted(6, 7)]

    assert list(findings_between(found, *span)) == [found[index] for index in expected]


def test_every_finding_that_reaches_into_a_span_is_found():
    found = [spotted(0, 9), spotted(1, 9), spotted(2, 9)]

    assert list(findings_between(found, 5, 6)) == found


def test_changed_words_are_in_an_element_that_says_what_changed():
    assert drawn("a<b", Op.INSERT) == (
        '<ins class="change wording" data-kind="other &quot;words&quot;">a&lt;b</ins>'
    )
    assert drawn("ab", Op.DELETE).startswith('<del class="change wording" data-kind="')
    assert drawn("ab", Op.DELETE).endswith(">ab</del>")


def test_unchanged_and_moved_words_are_drawn_as_they_are():
    assert drawn("a\u200bb", Op.EQUAL) == "a\u200bb"
    assert drawn("ab", Op.EQUAL, None) == drawn("ab", Op.INSERT, None) == "ab"


def test_piece_is_a_part_of_its_text_without_its_line_end():
    assert drawn("\nab\n", Op.EQUAL, start=2) == "b"
    assert drawn("\nab\n\n", Op.EQUAL) == "\nab\n"


def test_changed_line_end_is_said_unless_the_whole_line_is_empty():
    assert drawn("\n", Op.INSERT) == '<ins class="change wording" data-kind="line end"></ins>'
    assert drawn("\n", Op.INSERT, is_whole_line=True) == ""
    assert drawn("a\n", Op.INSERT, is_whole_line=True).endswith(">a</ins>")


def test_changed_character_that_shows_nothing_is_labelled_once():
    found = scan("p\u200bay").findings
    box = '<span class="unseen" data-box="ZWSP">\u200b</span>'

    assert drawn("p\u200bay", Op.INSERT, Kind.INVISIBLE).endswith(f'data-kind="invisible">p{box}ay</ins>')
    assert "unseen" not in drawn("p\u200bay", Op.INSERT, Kind.INVISIBLE, found=found)
    assert "unseen" not in drawn("a \tb", Op.INSERT)


def test_findings_are_marked_and_the_new_ones_told():
    text = "x p\u0430y"
    found = scan(text).findings

    one, new = (
        drawn(text, Op.EQUAL, found=found, start=1),
        drawn(text, Op.EQUAL, found=found, new=found, say=str.upper),
    )

    assert 'class="finding warning" title="C' in one
    assert one.startswith(" p<mark")
    assert 'class="finding warning new" title="CYRILLIC' in new
