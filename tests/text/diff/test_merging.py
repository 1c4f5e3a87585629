import random
from dataclasses import replace

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.diff import comparing
from articles.text.diff.merging import Merge, Origin, Part, merge

from .test_comparing import mixtures, revisions, texts

SWAPPED = {Origin.MINE: Origin.THEIRS, Origin.THEIRS: Origin.MINE}
any_texts = mixtures | texts
FOX = "The red fox jumps over the lazy dog.\n"
PARAGRAPHS = [
    "The harbour lies behind the old wall.\n",
    "Boats leave when the bell rings twice.\n",
    "Nobody counts the gulls any longer.\n",
    "In winter the nets hang in the loft.\n",
]


def boundaries(text: str) -> set[int]:
    return {match.start() for match in regex.finditer(r"\X", text)} | {0, len(text)}


def conflicts(found: Merge) -> tuple[Part, ...]:
    return tuple(part for part in found.parts if part.origin is Origin.CONFLICT)


def assert_lawful(base: str, mine: str, theirs: str, found: Merge) -> None:
    """Assert that every character of all three texts is in one part, and that every part has the right origin."""
    result = ""
    seams = [0]
    for name, text in (("base", base), ("mine", mine), ("theirs", theirs)):
        spans = [getattr(part, name) for part in found.parts]
        assert [start for start, _ in spans] + [len(text)] == [0] + [end for _, end in spans]
        assert boundaries(text).issuperset(end for _, end in spans)
    for part in found.parts:
        was, ours, other = base[slice(*part.base)], mine[slice(*part.mine)], theirs[slice(*part.theirs)]
        assert was or ours or other
        match part.origin:
            case Origin.UNCHANGED:
                assert was == ours == other
            case Origin.BOTH:
                assert was != ours == other
            case Origin.MINE:
                assert was == other != ours
            case Origin.THEIRS:
                assert was == ours != other
        result += other if part.origin is Origin.THEIRS else ours
        seams.append(len(result))
    assert found.text == (None if conflicts(found) else result)
    if found.text is not None:
        assert boundaries(result).issuperset(seams)


@st.composite
def three_texts(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a text and two edits of it."""
    base, mine = draw(revisions())
    lines = base.splitlines(keepends=True)
    theirs = list(draw(st.permutations(lines))) if draw(st.booleans()) else lines
    place = draw(st.integers(0, len(theirs)))
    theirs[place : place + draw(st.integers(0, 2))] = draw(st.lists(mixtures, max_size=1))
    return base, mine, "".join(theirs)


@st.composite
def apart(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Draw a text, two edits of it with at least a word between any two places, and the expected merge."""
    count = draw(st.integers(3, 40))
    separators = draw(
        st.lists(st.sampled_from([" ", " ", ", ", "\n", ".\n\n"]), min_size=count, max_size=count)
    )
    authors = draw(st.lists(st.sampled_from(["mine", "theirs", None, None]), min_size=count, max_size=count))
    words = [
        draw(st.sampled_from(["stone", "na\u00efve", "\u043c\u043e\u0440\u0435", "\u6d77"])) + str(k)
        for k in range(count)
    ]
    sides = {"base": list(words), "mine": list(words), "theirs": list(words), "both": list(words)}
    for k in range(1, count, 2):
        if authors[k] is not None:
            edited = draw(st.sampled_from([f"new{k}x", f"{words[k]} then{k}x", f"first{k}x {words[k]}"]))
            sides[authors[k]][k] = sides["both"][k] = edited
    base, mine, theirs, both = (
        "".join(word + separator for word, separator in zip(side, separators, strict=True))
        for side in sides.values()
    )
    return base, mine, theirs, both


@given(any_texts, any_texts, any_texts)
def test_parts_account_for_every_character_of_arbitrary_texts(base: str, mine: str, theirs: str) -> None:
    assert_lawful(base, mine, theirs, merge(base, mine, theirs))


@settings(deadline=None, max_examples=300)
@given(three_texts())
def test_parts_account_for_every_character_of_edits(three: tuple[str, str, str]) -> None:
    assert_lawful(*three, merge(*three))


@given(any_texts, any_texts)
def test_two_equal_edits_give_that_text(base: str, both: str) -> None:
    found = merge(base, both, both)

    assert found.text == both
    assert not conflicts(found)


@given(any_texts, any_texts)
def test_where_one_side_changed_nothing_the_other_stands(base: str, edited: str) -> None:
    assert merge(base, base, edited).text == edited
    assert merge(base, edited, base).text == edited


@settings(deadline=None, max_examples=300)
@given(three_texts() | st.tuples(any_texts, any_texts, any_texts))
def test_changing_sides_changes_only_the_names(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three

    found, other = merge(base, mine, theirs), merge(base, theirs, mine)

    assert found.text == other.text
    assert found.parts == tuple(
        replace(part, origin=SWAPPED.get(part.origin, part.origin), mine=part.theirs, theirs=part.mine)
        for part in other.parts
    )


@settings(deadline=None, max_examples=300)
@given(apart())
def test_edits_in_places_apart_all_survive(four: tuple[str, str, str, str]) -> None:
    base, mine, theirs, both = four

    assert merge(base, mine, theirs).text == both
    assert merge(base, theirs, mine).text == both


LINE_MERGES = {
    "two words": ("The blue fox jumps over the lazy dog.\n", "The red fox jumps over the lazy cat.\n"),
    "put in and cut off": ("The big red fox jumps over the lazy dog.\n", "The red fox jumps.\n"),
    "line split": ("The red fox\njumps over the lazy dog.\n", "The red fox jumps over the tired dog.\n"),
    "above and below": (FOX + "An end.\n", "A start.\n" + FOX),
    "last line end": ("The red fox jumps over the lazy dog.", "The red fox leaps over the lazy dog.\n"),
}
MERGED = {
    "two words": "The blue fox jumps over the lazy cat.\n",
    "put in and cut off": "The big red fox jumps.\n",
    "line split": "The red fox\njumps over the tired dog.\n",
    "above and below": "A start.\n" + FOX + "An end.\n",
    "last line end": "The red fox leaps over the lazy dog.",
}


@pytest.mark.parametrize("case", LINE_MERGES)
def test_different_places_of_one_line_merge(case: str) -> None:
    found = merge(FOX, *LINE_MERGES[case])

    assert found.text == MERGED[case]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("The blue fox jumps over the lazy dog.\n", "The green fox jumps over the lazy dog.\n"),
        ("The reds fox jumps over the lazy dog.\n", "The wred fox jumps over the lazy dog.\n"),
        ("The big red fox jumps over the lazy dog.\n", "The fox jumps over the lazy dog.\n"),
        ("", "The red fox jumps over the tired dog.\n"),
        (FOX + "One end.\n", FOX + "Another end.\n"),
        ("Nothing of this remains.\n", "The red fox jumps over the tired dog.\n"),
        ("The r\u0435d fox jumps over the lazy dog.\n", "The blue fox jumps over the lazy dog.\n"),
    ],
    ids=["one word", "one word at both ends", "beside", "deleted", "both added", "rewritten", "look-alike"],
)
def test_the_same_place_changed_differently_is_a_conflict(mine: str, theirs: str) -> None:
    found = merge(FOX, mine, theirs)

    assert found.text is None
    assert conflicts(found)
    assert_lawful(FOX, mine, theirs, found)


def test_a_conflict_is_no_wider_than_the_words() -> None:
    mine = FOX.replace("red", "blue").replace("lazy", "old")
    theirs = FOX.replace("red", "green")

    found = merge(FOX, mine, theirs)

    assert conflicts(found) == (Part(Origin.CONFLICT, (4, 7), (4, 8), (4, 9)),)
    assert [part.origin for part in found.parts if part.mine[1] - part.mine[0] == 3] == [Origin.MINE]


def moved(line: int, to: int) -> str:
    """Return the text with one of its paragraphs moved down."""
    lines = PARAGRAPHS.copy()
    lines.insert(to - 1, lines.pop(line))
    return "\n".join(lines)


BASE = "\n".join(PARAGRAPHS)


def test_a_moved_paragraph_and_an_edit_elsewhere_merge() -> None:
    theirs = BASE.replace("twice", "thrice")

    found = merge(BASE, moved(0, 4), theirs)

    assert found.text == moved(0, 4).replace("twice", "thrice")


def test_one_moves_a_paragraph_that_the_other_edits() -> None:
    assert conflicts(merge(BASE, moved(0, 4), BASE.replace("old wall", "new wall")))


def test_one_moves_a_paragraph_that_the_other_deletes() -> None:
    theirs = "\n".join(PARAGRAPHS[1:])

    found = merge(BASE, moved(0, 4), theirs)

    assert conflicts(found)
    assert_lawful(BASE, moved(0, 4), theirs, found)


def test_a_paragraph_moved_to_two_places_is_not_doubled() -> None:
    mine, theirs = moved(0, 2), moved(0, 4)

    found = merge(BASE, mine, theirs)

    assert conflicts(found)
    assert_lawful(BASE, mine, theirs, found)


def test_a_paragraph_that_both_moved_to_one_place_stands_there_once() -> None:
    mine = moved(0, 4).replace("twice", "thrice")

    found = merge(BASE, mine, moved(0, 4))

    assert found.text == mine


def test_a_word_moved_to_two_places_of_its_line_is_a_conflict() -> None:
    assert conflicts(merge("one two three four five", "three one two four five", "one two four five three"))


def test_past_the_budget_conflicts_are_wider_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    base, mine, theirs = "a b c d e f\nx\n", "a1 b c d e f\nx\n", "a b c d e f1\nx\n"
    monkeypatch.setattr(comparing, "MAX_EDITED_LENGTH", 20)

    found = merge(base, mine, theirs)

    assert_lawful(base, mine, theirs, found)
    assert [part.base for part in conflicts(found)] == [(0, 12)]


def test_edits_scattered_over_a_megabyte_merge() -> None:
    chance = random.Random(3)
    words = [f"w{chance.randrange(9000)}" for _ in range(170_000)]
    ends = [" " if chance.random() < 0.98 else "\n\n" for _ in words]
    edits = chance.sample(range(0, len(words), 3), 600)
    texts_of = []
    for mine in ([], edits[:300], edits[300:], edits):
        changed = {k: f"edit{k}" for k in mine}
        texts_of.append("".join(changed.get(k, word) + ends[k] for k, word in enumerate(words)))
    base, first, second, both = texts_of

    found = merge(base, first, second)

    assert found.text == both


@pytest.mark.parametrize("piece", ["a", "\n", "a\n", "\u0301", "\U0001f1e9\U0001f1ea", "ab ", "\r"])
def test_unfriendly_repetition_ends(piece: str) -> None:
    base, mine, theirs = piece * 3_000, piece * 3_001 + "x", "y" + piece * 2_900

    assert_lawful(base, mine, theirs, merge(base, mine, theirs))


SIGNS = ["The gate is old.\n", "***\n", "Boats leave at noon.\n", "Nets hang on the wall.\n"]
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        pytest.param([0, 1, 2, 3], [1, 0, 2, 3], [0, 2, 3, 1], id="both-moved-signs"),
        pytest.param([0, 1, 2, 3], [1, 0, 2, 3], [0, 2, 3], id="moved-and-deleted-signs"),
        pytest.param([0, 2, 3], [1, 0, 2, 3], [0, 2, 3, 1], id="inserted-signs-twice"),
        pytest.param([1, 2, 3], [0, 1, 2, 3], [1, 2, 0, 3], id="inserted-line-twice"),
    ],
)
def test_a_block_never_stands_twice_or_comes_back(
    base: list[int], mine: list[int], theirs: list[int]
) -> None:
    texts = ["\n".join(SIGNS[k] for k in side) for side in (base, mine, theirs)]

    assert merge(*texts).text is None


def test_a_row_and_a_column_of_one_table_are_a_conflict() -> None:
    column = "| a | x | b |\n|---|---|---|\n| 1 | 9 | 2 |\n"
    row = f"{TABLE}| 3 | 4 |\n"

    assert merge(TABLE, column, row).text is None
    assert merge(TABLE, row, f"| 8 | 9 |\n\n{TABLE}").text == f"| 8 | 9 |\n\n{row}"
