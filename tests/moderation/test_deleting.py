"""Deleted accounts: what waits of them is counted as nobody's."""

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.models import Review
from articles.moderation import refreshing
from articles.moderation.refreshing import count_marked
from tests.conftest import CLEAN, content
from tests.moderation.afresh import require_current


@pytest.fixture
def waiting(author, other_author, moderator):
    """A person with a record and a hold: three articles of theirs wait, one with a later edit by somebody else."""

    def submitted(slug):
        revision = workflow.save_revision(None, by=author, content=content(slug=slug))
        return workflow.submit(revision, by=author)

    for number in range(3):
        workflow.reject(submitted(f"spam-{number}"), by=moderator, reason="No.")
    reviews = [submitted(f"waiting-{number}") for number in range(3)]
    article = reviews[0].revision.article
    later = workflow.save_revision(
        article, by=other_author, content=content(f"{CLEAN}More.\n", slug="waiting-0"), base=1
    )
    reviews[0] = workflow.submit(later, by=other_author)
    workflow.hold(author, by=moderator, reason="Spam.")
    return reviews


def causes_of_held():
    return [review.pk for review in Review.objects.pending() if "held" in review.causes]


@pytest.mark.parametrize("address", ["one", "several"])
def test_what_waits_is_counted_anew_when_the_account_is_deleted(
    waiting, author, administrator, client, address
):
    client.force_login(administrator)
    assert len(causes_of_held()) == 3

    if address == "one":
        client.post(f"/admin/auth/user/{author.pk}/delete/", {"post": "yes"})
    else:
        selected = {"action": "delete_selected", "_selected_action": [author.pk], "post": "yes"}
        client.post("/admin/auth/user/", selected)

    assert not User.objects.filter(pk=author.pk).exists()
    require_current()
    assert causes_of_held() == []


def test_many_are_marked_and_counted_by_a_task(waiting, author, administrator, monkeypatch):
    monkeypatch.setitem(refreshing.MOST_AT_ONCE, Review.Counting.TEXTS, 2)

    workflow.delete_account(author, by=administrator)

    assert Review.objects.to_count().count() == 3
    count_marked.call()
    require_current()
