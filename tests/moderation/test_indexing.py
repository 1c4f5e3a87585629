"""What the queue finds of a version: as long as it waits, and no longer."""

import pytest
from django.core.management import call_command

from articles import workflow
from articles.models import Review
from articles.moderation.indexing import WAITING
from articles.search import index
from tests.conftest import FLAGGED, content


@pytest.fixture
def waiting(author):
    revision = workflow.save_revision(None, by=author, content=content(f"A sluice. {FLAGGED}", slug="mill"))
    return workflow.submit(revision, by=author)


def found(text="", **labels):
    return [review.pk for review in Review.objects.search(text, **labels)]


def test_waiting_version_is_found_though_a_newer_draft_says_something_else(waiting, author):
    workflow.save_revision(
        waiting.revision.article, by=author, content=content("Ducks.\n", slug="mill"), base=1
    )

    assert found("sluice") == [waiting.pk]
    assert found("ducks") == []


def test_index_holds_a_version_while_it_waits(waiting, moderator):
    workflow.reject(waiting, by=moderator, reason="No.")
    gone = index.find(WAITING, "sluice").keep(Review.objects.all(), '"articles_review"."id"')
    assert not gone.exists()

    waiting.refresh_from_db()
    workflow.undo(waiting, by=moderator)

    assert found("sluice", check="foreign-letter") == [waiting.pk]


def test_all_that_waits_is_indexed_anew_by_the_command(waiting, capsys):
    index.remove(WAITING, waiting.pk)
    assert found("sluice") == []

    call_command("index_articles")

    assert found("sluice", check="foreign-letter") == [waiting.pk]
    assert "1 waiting version indexed." in capsys.readouterr().out


def test_more_than_can_be_listed_are_found_in_the_order_of_the_queue(waiting, author, monkeypatch):
    monkeypatch.setattr(index, "FEW", 1)
    for slug in ("one", "two"):
        revision = workflow.save_revision(None, by=author, content=content("A sluice.\n", slug=slug))
        workflow.submit(revision, by=author)

    assert len(found('"sluice"')) == 3
    assert (
        Review.objects.search('"sluice"', check="foreign-letter").for_queue().worst_first().get() == waiting
    )
