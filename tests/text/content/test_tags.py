"""Which spellings are one tag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content.tags import MAX_FOLDED, MAX_TAG, fold_tag, split_tags, unique_tags


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Django", "django"),
        ("Django", "django "),
        ("Django", "\uff24\uff4a\uff41\uff4e\uff47\uff4f"),
        ("tide mill", "Tide\u00a0 Mill"),
        ("Straße", "STRASSE"),
        ("ﬁsh", "FISH"),
        ("cafe\u0301", "caf\u00e9"),
        ("カタカナ", "\uff76\uff80\uff76\uff85"),
        ("sea", "s\u00adea\u200b"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_spellings_of_one_tag(one, other):
    assert fold_tag(one) == fold_tag(other)
    assert unique_tags([one, other]) == (one,)


@pytest.mark.parametrize(
    ("one", "other"), [("cafe", "café"), ("paper", "p\u0430per"), ("tide mill", "tidemill"), ("c", "c++")]
)
def test_different_tags_stay_apart(one, other):
    assert fold_tag(one) != fold_tag(other)
    assert unique_tags([one, other]) == (one, other)


@given(st.text(max_size=MAX_TAG))
def test_folding_twice_changes_nothing_and_is_bounded(tag):
    assert fold_tag(fold_tag(tag)) == fold_tag(tag)
    assert len(fold_tag(tag)) <= MAX_FOLDED


def test_longest_folded_tag_fits():
    assert len(fold_tag("\ufdfa" * MAX_TAG)) <= MAX_FOLDED


def test_line_is_split_at_commas_without_empty_tags():
    assert split_tags(" Sea ,harbour,, SEA,") == ("Sea", "harbour")
    assert split_tags("") == ()
