"""Negations that an edit brought in or took away."""

import pytest

from articles.text.content.negations import MOST, NegationChange, changed_negations
from articles.text.diff import compare


def changed(old, new, language="en"):
    return list(changed_negations(old, new, compare(old, new).changes, language))


@pytest.mark.parametrize(
    ("old", "new", "language", "words"),
    [
        ("It is not poisonous.", "It is poisonous.", "en", ("not", "")),
        ("It is poisonous.", "It is not poisonous.", "en-GB", ("", "not")),
        ("It is not poisonous.", "It is now poisonous.", "en", ("not", "now")),
        ("It can be eaten.", "It cannot be eaten.", "en", ("", "cannot")),
        ("He was never there.", "He was always there.", "en", ("never", "always")),
        ("Sie ist nicht giftig.", "Sie ist giftig.", "de", ("nicht", "")),
        ("Она не ядовита.", "Она ядовита.", "ru", ("не", "")),
    ],
)
def test_a_negation_alone_is_found(old, new, language, words):
    assert [(change.old, change.new) for change in changed(old, new, language)] == [words]


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("It is not poisonous.", "It isn't poisonous.", "en"),
        ("It is poisonous.", "It is deadly.", "en"),
        ("It was not seen by anybody there.", "It stood on high ground, far away.", "en"),
        ("It is not poisonous.", "It is poisonous.", "tlh"),
        ("It is not poisonous.", "It is not  poisonous.", "en"),
    ],
)
def test_another_change_is_not(old, new, language):
    assert changed(old, new, language) == []


def test_whole_words_of_the_line_stand_around():
    old = "# Wood\n\nIn the shade of old beeches grow berries that are not poisonous, as the keeper of it says.\n"

    [change] = changed(old, old.replace("not ", ""))

    assert change == NegationChange(
        "not", "", "grow berries that are poisonous, as the keeper of it says.", old.index("not")
    )


def test_a_bounded_number_of_changes_is_looked_at():
    old = "It is not so.\n\n" * (MOST + 5)

    assert len(changed(old, old.replace("not ", ""))) <= MOST
