"""What an article is called, through all that can happen to it."""

import pytest

from articles import workflow
from articles.models import Article, Event
from articles.workflow import State, WorkflowError, state_of, with_state
from tests.conftest import FLAGGED, content


def state():
    article = Article.objects.get()
    assert state_of(article) == with_state(Article.objects.all()).get().state
    return state_of(article)


def test_an_article_is_called_by_the_next_step_of_its_newest_version(save, author, moderator):
    revision = save()
    assert state() == State.DRAFT
    review = workflow.submit(revision, by=author)
    assert state() == State.WAITING
    save("A newer draft.\n")
    assert state() == State.WAITING
    workflow.request_changes(review, by=moderator, reason="Say when.")
    assert state() == State.CHANGES_REQUESTED
    third = save("Third.\n")
    assert state() == State.CHANGES_REQUESTED  # it has not been answered yet
    workflow.approve(workflow.submit(third, by=author), by=moderator)
    assert state() == State.PUBLISHED
    save("Fourth.\n")
    assert state() == State.DRAFT


def test_an_unpublished_article_is_neither_approved_nor_a_draft(save, author, moderator):
    workflow.approve(workflow.submit(save(), by=author), by=moderator)
    workflow.unpublish(Article.objects.get(), by=moderator)
    assert state() == State.UNPUBLISHED
    save("A new beginning.\n")
    assert state() == State.DRAFT


def test_a_withdrawn_version_is_a_draft(save, author):
    workflow.withdraw(workflow.submit(save(), by=author), by=author)

    assert state() == State.DRAFT


def test_a_decision_on_what_was_public_since_counts_no_more(save, author, moderator):
    workflow.reject(workflow.submit(save(FLAGGED), by=author), by=moderator, reason="No.")
    workflow.approve(workflow.submit(save("Better.\n"), by=author), by=moderator)
    save("Newer.\n")

    assert state() == State.DRAFT


def test_the_archive_takes_what_nobody_reads_or_awaits(save, author, moderator, published):
    article = published.article
    with pytest.raises(WorkflowError, match="published"):
        workflow.archive(article, by=author)
    workflow.unpublish(article, by=moderator)
    review = workflow.submit(save("Newer.\n"), by=author)
    with pytest.raises(WorkflowError, match="waits"):
        workflow.archive(article, by=author)
    workflow.withdraw(review, by=author)

    workflow.archive(article, by=author, reason="Out of date.")

    assert state() == State.ARCHIVED
    assert Event.objects.values_list("action", "reason").first() == ("archive", "Out of date.")
    with pytest.raises(WorkflowError, match="already"):
        workflow.archive(article, by=author)
    for act in (
        lambda: save("Newest.\n"),
        lambda: workflow.submit(article.revisions.with_text().first(), by=author),
        lambda: workflow.publish(article.revisions.with_text().first(), by=moderator),
        lambda: workflow.restore(article.revisions.with_text().last(), by=author),
    ):
        with pytest.raises(WorkflowError, match="archive"):
            act()
    workflow.unarchive(article, by=author)
    assert state() == State.DRAFT
    with pytest.raises(WorkflowError, match="not in the archive"):
        workflow.unarchive(article, by=author)


def test_a_copy_is_an_article_of_its_own(save, author, other_author):
    original = save(tags=("sea", "tide"), summary="First.", change_kind="typo")

    copies = [workflow.duplicate(original, by=other_author) for _ in range(2)]

    assert [copy.slug for copy in copies] == ["tides-2", "tides-3"]
    copy = copies[0]
    assert copy.content == content(
        title="Tides (copy)",
        slug="tides-2",
        tags=("sea", "tide"),
        summary="Copy of version 1 of “Tides”",
    )
    assert (copy.number, copy.author) == (1, other_author)


def test_a_copy_of_the_longest_title_and_address_fits(save, author):
    copy = workflow.duplicate(save(title="t" * 200, slug="s" * 200), by=author)

    assert len(copy.title) < 200
    assert copy.slug == "s" * 190 + "-2"
