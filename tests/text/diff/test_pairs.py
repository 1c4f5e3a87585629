"""Comparisons and merges of versions in ten languages: no more is marked than was edited, no edit is lost."""

import subprocess
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from articles.text.diff import Kind, Op, compare
from articles.text.diff.merging import merge

from . import pairs
from .pairs import SENTENCES, Pair, page_in, version_pairs
from .test_comparing import assert_lawful, edits_of, moves_of

PAIRS = list(version_pairs())
IN_PLACE = (
    pairs.replaced_word,
    pairs.longer_list,
    pairs.changed_cell,
    pairs.changed_code,
    pairs.other_heading,
    pairs.longer_code,
)


def test_there_are_three_hundred_pairs() -> None:
    assert len(PAIRS) >= 300


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_no_more_is_marked_than_was_edited(pair: Pair) -> None:
    found = compare(pair.old, pair.new)

    assert_lawful(pair.old, pair.new, found)
    changed = [change for change in found.changes if change.kind not in (None, Kind.SPACING)]
    marked = [pair.old[slice(*change.old)] + pair.new[slice(*change.new)] for change in changed]
    assert sum(map(len, marked)) <= pair.marked, marked
    assert {change.kind for change in changed} <= pair.kinds
    assert len(moves_of(found)) <= pair.moves
    if pair.old != pair.new:
        assert [change for change in found.changes if change.op is not Op.EQUAL or change.move is not None]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_merge_of_edits_in_places_apart_is_that_of_git(language: str, tmp_path: Path) -> None:
    page = page_in(language)
    is_clean = 0
    for first, second in combinations(IN_PLACE, 2):
        base, mine, theirs = (
            made.written() for made in (page, first(page, Random(1))[1], second(page, Random(2))[1])
        )
        files = [tmp_path / name for name in ("mine", "base", "theirs")]
        for path, text in zip(files, (mine, base, theirs), strict=True):
            path.write_text(text, encoding="utf-8")
        done = subprocess.run(["git", "merge-file", "-p", *files], capture_output=True, check=False)

        merged = merge(base, mine, theirs).text

        assert merged is not None
        assert {mine, theirs}.isdisjoint([merged])
        if done.returncode == 0:
            is_clean += 1
            assert merged == done.stdout.decode()
    assert is_clean >= 5


def test_new_rows_and_sentences_stand_whole() -> None:
    table = "| One | 1 |\n| Two | 2 |\n| Four | 4 |\n"
    words = "A sound like thunder, and he looks at the clock.\n"

    assert edits_of(table, table.replace("2 |\n", "5 |\n| Three | 3 |\n")) == [
        ("2", "5"),
        ("", "| Three | 3 |\n"),
    ]
    assert edits_of(words, words.replace("thunder", "a book").replace("k.\n", "k. The day is over.\n")) == [
        ("thunder", "a book"),
        ("", " The day is over."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        ("The Error here.\n", "The ReferenceError here.\n", [("", "Reference")]),
        ("To render a item.\n", "To render an item.\n", [("", "n")]),
        ("The reg is short.\n", "The regexp is short.\n", [("", "exp")]),
        ("It is a good one.\n", "It is article one.\n", [("a good", "article")]),
    ],
)
def test_a_word_that_only_grew_is_marked_where_it_grew(
    old: str, new: str, edits: list[tuple[str, str]]
) -> None:
    assert edits_of(old, new) == edits
