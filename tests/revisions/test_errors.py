"""An edit on an outdated base: both sides are kept, and brought together where they can be."""

from articles.models import Revision
from articles.revisions.errors import EditConflict
from articles.text.content import Content

BASE = Content("Tides", "tides", "One.\n\nTwo.\n")
MINE = Content("Tides", "tides", "Won.\n\nTwo.\n")


def latest(source):
    revision = Revision(number=2, title="Tides", slug="tides", language="en", author_name="Ann")
    revision.source = source
    return revision


def test_message_names_who_saved_what():
    conflict = EditConflict(latest=latest("x"), submitted=MINE, base=BASE)

    assert str(conflict) == "Ann saved version 2 while you were editing. Nothing was overwritten."


def test_edits_apart_from_each_other_are_merged():
    conflict = EditConflict(latest=latest("One.\n\nToo.\n"), submitted=MINE, base=BASE)

    assert conflict.merged == Content("Tides", "tides", "Won.\n\nToo.\n")


def test_edits_of_one_word_are_left_to_choose_from():
    conflict = EditConflict(latest=latest("Own.\n\nTwo.\n"), submitted=MINE, base=BASE)

    assert conflict.merged is None
    assert [passage.theirs for passage in conflict.merge.passages if not passage.is_merged] == ["Own.\n"]


def test_nothing_is_merged_without_the_base_or_with_a_hidden_text():
    assert EditConflict(latest=latest("x"), submitted=MINE, base=None).merged is None
    hidden = latest("x")
    hidden.withheld = frozenset({"text"})
    assert EditConflict(latest=hidden, submitted=MINE, base=BASE).merge is None
    hidden.withheld = frozenset({"author"})
    assert EditConflict(latest=hidden, submitted=MINE, base=BASE).merge
