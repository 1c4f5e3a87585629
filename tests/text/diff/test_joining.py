from hypothesis import given
from hypothesis import strategies as st

from articles.text.diff import Kind, Op, compare
from articles.text.diff.joining import join_changes

texts = st.lists(
    st.sampled_from(["a ", "b ", "word ", "\n", "The gate is old.\n", "Boats leave at noon.\n"])
).map("".join)


@given(texts, texts, st.integers(1, 5))
def test_joined_changes_rebuild_both_texts(old: str, new: str, most: int) -> None:
    joined = join_changes(compare(old, new).changes, most)

    assert "".join(new[slice(*change.new)] for change in joined) == new
    by_old = sorted(
        (change for change in joined if change.old[0] < change.old[1]), key=lambda change: change.old
    )
    assert "".join(old[slice(*change.old)] for change in by_old) == old
    assert all(old[slice(*c.old)] == new[slice(*c.new)] for c in joined if c.op is Op.EQUAL)


def test_few_changes_stay_as_they_are() -> None:
    changes = compare("a b c", "a x c").changes

    assert join_changes(changes, 3) is changes


def test_many_changes_become_as_few_as_asked() -> None:
    changes = compare("a\n" * 600, "b\n" * 600).changes

    joined = join_changes(changes, 100)

    assert len(changes) > 1_000
    assert len(joined) <= 100
    assert {(change.op, change.kind) for change in joined} == {(Op.REPLACE, Kind.WORDING)}
