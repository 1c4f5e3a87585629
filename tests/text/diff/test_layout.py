"""Layouts: blocks that tile both texts, cheap where they are not drawn, and none longer than a page can draw."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.diff import Op, compare
from articles.text.diff.hunks import make_rows
from articles.text.diff.layout import MAX_COST, ROW_COST, STEP_COST, Costs, Layout, costs_of, lay_out

LINES = [f"Line {number} of the text.\n" for number in range(1, 41)]
texts = st.lists(
    st.sampled_from(
        ["a", "word ", "\n", "\n\n", "\u0301", "\u200b", "The gate is old.\n", "Boats leave at noon.\n"]
    ),
    max_size=25,
).map("".join)


def costs(old: str, new: str) -> Costs:
    return costs_of(old), costs_of(new)


def laid_out(old: str, new: str, *, opened: bool = False) -> Layout:
    return lay_out(old, new, compare(old, new).changes, costs(old, new), opened=opened)


@pytest.mark.parametrize("opened", [False, True])
@given(old=texts, new=texts)
@settings(max_examples=200)
def test_blocks_and_parts_tile_both_texts(old: str, new: str, *, opened: bool) -> None:
    layout = laid_out(old, new, opened=opened)

    for side, text in (("old", old), ("new", new)):
        for tiles in (layout.parts, layout.blocks if old != new else ()):
            spans = [getattr(tile, side) for tile in tiles]
            assert "".join(text[slice(*span)] for span in spans) == (text if tiles else "")
            assert spans == sorted(spans)
    assert bool(layout.blocks) == (old != new)


@given(texts, texts)
@settings(max_examples=100)
def test_opened_rows_hold_every_line(old: str, new: str) -> None:
    layout = laid_out(old, new, opened=True)
    rows = [row for block in layout.blocks for row in make_rows(layout, block)]

    if old != new:
        assert "".join(old[piece.start : piece.end] for row in rows for piece in row.old) == old
        assert "".join(new[piece.start : piece.end] for row in rows for piece in row.new) == new


def test_unchanged_lines_are_one_block_unless_they_are_opened() -> None:
    old = "".join(LINES * 20)
    new = old.replace("Line 1 ", "Line one ", 1)

    folded, opened = laid_out(old, new), laid_out(old, new, opened=True)

    assert [block.lines for block in folded.blocks] == [0, 796]
    assert sum(block.lines for block in opened.blocks) == 796
    assert len(opened.blocks) > 5
    assert all(block.cost <= MAX_COST for block in opened.blocks)


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n" * 3_000, "b\n" * 3_000),
        ("", "word\n" * 3_000),
        ("a " * 60_000, "b " * 60_000),
        ("", "a\u200b" * 30_000),
        ("".join(LINES * 50), "".join(reversed(LINES * 50))),
        ("x" * 90_000 + " a\n", "x" * 90_000 + " b\n"),
    ],
    ids=["lines", "insertion", "words", "invisible", "order", "long line"],
)
def test_no_block_costs_more_than_its_limit(old: str, new: str, *, opened: bool) -> None:
    layout = laid_out(old, new, opened=opened)

    assert max(block.cost for block in layout.blocks) <= 2 * MAX_COST + 2 * STEP_COST + 20 * ROW_COST


def test_lines_beside_each_other_stay_so_where_a_long_change_is_cut() -> None:
    old, new = "".join(f"{n} old\n" for n in range(500)), "".join(f"{n} new\n" for n in range(500))
    layout = laid_out(old, new)

    rows = [row for block in layout.blocks for row in make_rows(layout, block)]

    assert len(layout.blocks) > 1
    assert [(row.old_number, row.new_number) for row in rows] == [(n, n) for n in range(1, 501)]


def test_a_word_in_a_long_line_leaves_the_rest_of_it_folded() -> None:
    old = "word " * 5_000 + "grey" + " word" * 5_000
    new = old.replace("grey", "white")
    layout = laid_out(old, new)
    (block,) = layout.blocks

    (row,) = make_rows(layout, block, costs(old, new))

    assert [piece.is_folded for piece in row.new] == [False, True, False, False, False, True, False]
    assert sum(piece.end - piece.start for piece in row.new if not piece.is_folded) < 10_000
    assert [piece.op for piece in row.new if piece.op is not Op.EQUAL] == [Op.INSERT]
    assert (row.new[0].start, row.new[-1].end) == (0, len(new))


def test_marks_make_a_text_cost_more() -> None:
    assert list(costs_of("a<\u00e9\n", marks=[1], mark_cost=1_000)) == [0, 1, 1_005, 1_007, 1_007 + ROW_COST]


def test_no_cut_parts_a_letter_from_its_accent() -> None:
    layout = laid_out("", "a\u0301" * 20_000)

    assert len(layout.parts) > 1
    assert not any(part.new[0] % 2 for part in layout.parts)
