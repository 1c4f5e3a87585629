import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.diff import Kind, Op, compare
from articles.text.diff.hunks import Hunk, Row, make_hunks
from articles.text.diff.summary import Summary, summarize

LINES = [f"Line {number} of the text.\n" for number in range(1, 21)]
EVERYTHING = 10**6

pieces = st.lists(
    st.sampled_from(
        [
            "a",
            "word",
            " ",
            "\n",
            "\n\n",
            "\r\n",
            "\u0301",
            "\u6f22",
            "The gate is old.\n",
            "Boats leave at noon.\n",
        ]
    ),
    max_size=25,
).map("".join)


def drawn(old: str, new: str, context: int = 3) -> tuple[Hunk, ...]:
    return make_hunks(old, new, compare(old, new), context=context)


def rows_of(old: str, new: str) -> list[Row]:
    return [row for hunk in drawn(old, new, EVERYTHING) for row in hunk.rows]


def summed(old: str, new: str) -> Summary:
    return summarize(old, new, compare(old, new))


@given(pieces, pieces, st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_rows_rebuild_both_texts_and_none_is_lost_in_a_fold(old: str, new: str, context: int) -> None:
    rows = rows_of(old, new)

    if old == new:
        assert rows == []
        return
    assert "".join(old[piece.start : piece.end] for row in rows for piece in row.old) == old
    assert "".join(new[piece.start : piece.end] for row in rows for piece in row.new) == new
    for numbers, text in (([row.old_number for row in rows], old), ([row.new_number for row in rows], new)):
        present = [number for number in numbers if number]
        assert present == list(range(1, len(present) + 1))
        assert len(present) == text.count("\n") + (not text.endswith("\n") and text != "")
    assert all({piece.op for piece in row.old} <= {Op.EQUAL, Op.DELETE} for row in rows)
    assert all({piece.op for piece in row.new} <= {Op.EQUAL, Op.INSERT} for row in rows)
    folded = drawn(old, new, context)
    assert sum(hunk.skipped + len(hunk.rows) for hunk in folded) == len(rows)


def test_equal_texts_have_no_hunks() -> None:
    assert drawn("a\nb\n", "a\nb\n") == ()


def test_far_lines_are_folded_and_counted() -> None:
    old, new = "".join(LINES), "".join(LINES).replace("Line 10 ", "Line ten ")

    first, last = drawn(old, new, context=2)

    assert first.skipped == 7
    assert [row.new_number for row in first.rows] == [8, 9, 10, 11, 12]
    assert (last.rows, last.skipped) == ((), 8)


def test_near_changes_share_a_hunk() -> None:
    new = "".join(LINES).replace("Line 3 ", "Line three ").replace("Line 9 ", "Line nine ")

    assert [(hunk.skipped, len(hunk.rows)) for hunk in drawn("".join(LINES), new, context=3)] == [
        (0, 12),
        (8, 0),
    ]


def test_a_single_line_is_not_folded() -> None:
    new = "".join(LINES).replace("Line 2 ", "Line two ").replace("Line 10 ", "Line ten ")

    first, last = drawn("".join(LINES), new, context=3)  # 6 stands alone between 5 and 7

    assert [row.new_number for row in first.rows] == list(range(1, 14))
    assert (first.skipped, last.rows, last.skipped) == (0, (), 7)
    (first, *_) = drawn("".join(LINES), "".join(LINES).replace("Line 5 ", "Line five "), context=3)
    assert first.skipped == 0


def test_an_edited_line_stands_beside_what_it_became() -> None:
    row, _ = rows_of("a grey heron\nthe end\n", "a white heron\nthe end\n")

    assert (row.op, row.old_number, row.new_number) == (Op.REPLACE, 1, 1)
    assert [(piece.op, piece.start, piece.end) for piece in row.old] == [
        (Op.EQUAL, 0, 2),
        (Op.DELETE, 2, 6),
        (Op.EQUAL, 6, 13),
    ]
    assert [piece.kind for piece in row.new] == [None, Kind.WORDING, None]


def test_lines_stay_beside_their_like_when_one_is_added() -> None:
    rows = rows_of("one apple\ntwo pears\n", "one apple a day\nand a fig\ntwo pears each\n")

    assert [(row.old_number, row.new_number) for row in rows] == [(1, 1), (None, 2), (2, 3)]


def test_a_moved_line_stands_alone_at_both_places() -> None:
    first = "The ferry leaves at seven.\n"
    rest = "Bread is baked on Tuesdays.\nNobody painted the lighthouse.\n"

    rows = rows_of(first + rest, rest + first.replace("seven", "eight"))

    assert [(row.old_number, row.new_number, row.move) for row in rows] == [
        (1, None, 1),
        (2, 1, None),
        (3, 2, None),
        (None, 3, 1),
    ]
    assert [piece.op for piece in rows[-1].new] == [Op.EQUAL, Op.INSERT, Op.EQUAL]


def test_a_lost_final_line_end_is_a_piece() -> None:
    (row,) = rows_of("the end\n", "the end")

    assert (row.old[-1].op, row.old[-1].kind, row.old[-1].start) == (Op.DELETE, Kind.SPACING, 7)


def test_joined_lines_keep_every_piece() -> None:
    rows = rows_of("one two\nthree four\n", "one two three four\n")

    assert [(row.old_number, row.new_number) for row in rows] in ([(1, None), (2, 1)], [(1, 1), (2, None)])


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("a grey heron\n", "a white heron\n", {"words_edited": 1}),
        ("grey heron\n", "large white heron\n", {"words_edited": 1, "words_added": 1}),
        ("the old grey heron\n", "the heron\n", {"words_removed": 2}),
        ("the paypal page\n", "the p\u0430yp\u0430l page\n", {"look_alikes": 2}),
        ("the admin page\n", "the ad\u200b\u200bmin page\n", {"invisible": 2}),
        ("caf\u00e9 na\u00efve\n", "cafe\u0301 nai\u0308ve\n", {"normalization": 2}),
        ("a b\n", "a\u00a0b \n", {"spacing": 2}),
        ("a resume of it\n", "a r\u00e9sum\u00e9 of it\n", {"accents": 1}),
        ("same\n", "same\n", {}),
    ],
)
def test_summary(old: str, new: str, counts: dict[str, int]) -> None:
    found = summed(old, new)

    words = ("words_added", "words_removed", "words_edited")
    for name in (*words, "accents", "moved", "look_alikes", "invisible", "spacing", "normalization"):
        assert getattr(found, name) == counts.get(name, 0), name
    assert found.looks_the_same == counts.keys().isdisjoint({*words, "accents"})


def test_summary_counts_moved_blocks() -> None:
    found = summed("".join(LINES), "".join(LINES[3:] + LINES[:3]))

    assert (found.moved, found.words_added, found.words_removed, found.words_edited) == (1, 0, 0, 0)
    assert not found.looks_the_same
