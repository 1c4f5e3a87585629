from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.diff.merging import Origin, merge
from articles.text.diff.passages import Passage, split_passages

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
