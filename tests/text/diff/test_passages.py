from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.diff.merging import Origin, merge
from articles.text.diff.passages import Passage, join_passages, split_passages

LINES = ["The gate is red.\n", "The gate is blue.\n", "The bell rings.\n", "\n", "No end", "a b c d e\n"]
edits = st.lists(st.sampled_from(LINES), max_size=6).map("".join)


def read(base: str, mine: str, theirs: str) -> list[Passage]:
    return split_passages(merge(base, mine, theirs), mine, theirs)


def test_a_conflict_has_whole_lines_with_all_that_is_merged_in_them() -> None:
    found = read(
        "One.\nThe red gate of the old town.\nTwo.\n",
        "One.\nThe blue gate of the old city.\nTwo.\n",
        "One.\nThe green gate of the old town.\nTwo.\n",
    )

    assert found == [
        Passage("One.\n", "One.\n"),
        Passage("The blue gate of the old city.\n", "The green gate of the old city.\n"),
        Passage("Two.\n", "Two.\n"),
    ]


def test_both_are_lines_one_after_the_other() -> None:
    assert Passage("a\n", "b\n").both == "a\nb\n"
    assert Passage("a", "b").both == "a\nb"
    assert Passage("", "b").both == "b"
    assert Passage("a", "").both == "a"


@given(edits, edits, edits)
@settings(max_examples=300, deadline=None)
def test_passages_lose_nothing(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    found = split_passages(merged, mine, theirs)

    for side, other in (("mine", "theirs"), ("theirs", "mine")):
        texts = {"mine": mine, "theirs": theirs}
        chosen = {Origin.CONFLICT: side, Origin(side): side, Origin(other): other}
        sources = [(part, chosen.get(part.origin, side)) for part in merged.parts]
        expected = "".join(texts[source][slice(*getattr(part, source))] for part, source in sources)
        assert "".join(getattr(passage, side) for passage in found) == expected
    assert (merged.text is None) == any(not passage.is_merged for passage in found)


@given(edits, edits)
@settings(deadline=None)
def test_a_passage_starts_where_a_line_does(mine: str, theirs: str) -> None:
    for passage in read("The bell rings.\n", mine, theirs)[:-1]:
        assert all(text.endswith("\n") or not text for text in (passage.mine, passage.theirs))


def test_passages_in_conflict_are_joined_to_so_many_at_most() -> None:
    clash, same = Passage("a", "b"), Passage("=", "=")

    assert join_passages([same, clash, same, clash, same], most=2) == [same, clash, same, clash, same]
    assert join_passages([same, clash, same, clash, same], most=1) == [same, Passage("a=a", "b=b"), same]
    assert join_passages([clash, same, clash, same, clash, same], most=2) == [
        Passage("a=a", "b=b"),
        same,
        Passage("a=", "b="),
    ]
    assert join_passages([same], most=1) == [same]


@given(edits, edits, edits, st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_joined_passages_are_the_same_texts(base: str, mine: str, theirs: str, most: int) -> None:
    found = read(base, mine, theirs)

    joined = join_passages(found, most=most)

    assert sum(not passage.is_merged for passage in joined) <= most
    assert "".join(passage.mine for passage in joined) == "".join(passage.mine for passage in found)
    assert "".join(passage.theirs for passage in joined) == "".join(passage.theirs for passage in found)
