"""Tags in use, as the editor offers them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Revision, Tag
from tests.conftest import content


def offered(text=""):
    return list(Tag.objects.beginning_with(text).to_offer().values_list("name", flat=True))


def test_tags_are_offered_newest_first_in_their_first_spelling(save):
    save(tags=("Django", "Sea"))
    save(tags=("Sea", "tide mill"))
    save("Newer.\n", tags=("Sea", "tide mill", "DJANGO"))

    assert offered() == ["Django", "tide mill", "Sea"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("dj", ["Django"]),
        ("\uff24\uff2a", ["Django"]),
        ("django", ["Django"]),
        ("djangos", []),
        ("jango", []),
        ("100%", ["100%"]),
        ("1", ["100%"]),
        ("%", []),
        ("_", []),
        ("d\0j", ["Django"]),
        ("מ", ["מים"]),
    ],
)
def test_tags_are_found_by_their_beginning_in_any_spelling(save, text, names):
    save(tags=("Django", "100%", "מים"))

    assert offered(text) == names


def test_equal_tags_of_one_article_are_merged(save):
    assert save(tags=("Sea", "harbour", "SEA", "\uff33ea")).tags == ["Sea", "harbour"]


def test_moderator_s_fix_merges_equal_tags(save, author, moderator):
    review = workflow.submit(save(), by=author)

    fixed = workflow.fix_and_approve(review, by=moderator, content=content("Fixed.\n", tags=("Sea", "sea")))

    assert fixed.tags == ["Sea"]


def test_stored_tags_are_restored_as_they_are(save, author, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr("articles.workflow.saving.unique_tags", tuple)
        save(tags=("Sea", "sea"))
    save("Newer.\n", tags=())

    restored = workflow.restore(Revision.objects.with_text().get(number=1), by=author)

    assert restored.tags == ["Sea", "sea"]
    assert offered() == ["Sea"]


def test_tag_of_a_hidden_text_is_not_offered(save, administrator):
    save()
    hidden = save(tags=("secret",))
    save("Newer.\n", tags=())
    workflow.hide(hidden, by=administrator, parts=["text"], reason="A name.")

    assert offered("sec") == []
    save(tags=("secret",))
    assert offered("sec") == ["secret"]


def test_unchanged_tags_cost_no_statement(save, author):
    revision = save(tags=("Sea",))

    with CaptureQueriesContext(connection) as queries:
        workflow.save_revision(revision.article, by=author, content=content("New.\n", tags=("Sea",)), base=1)

    assert not [query for query in queries if "articles_tag" in query["sql"]]


def test_finding_by_the_beginning_uses_the_index(save, db):
    save(tags=("Sea",))
    plan = Tag.objects.beginning_with("se").explain()

    if connection.vendor == "sqlite":
        assert "SEARCH" in plan
        assert "folded>" in plan
