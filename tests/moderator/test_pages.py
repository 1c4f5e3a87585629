"""The queue and its decisions, through the pages."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Review, Revision
from tests.conftest import FLAGGED
from tests.sent_forms import decision_on


def text(response):
    return response.content.decode()


@pytest.fixture
def pending(published, save, author):
    """Version 2 of a published article, which brings in a look-alike, waits."""
    return workflow.submit(save(published.source + FLAGGED, summary="A paper more"), by=author)


def url(review):
    return reverse("review", args=[review.pk])


def decide(client, review, **filled):
    return client.post(url(review), decision_on(client, review, **filled), follow=True)


def test_page_shows_title_author_changes_and_each_finding(client, moderator, pending):
    client.force_login(moderator)

    assert "A paper more" in text(client.get("/moderation/"))
    page = text(client.get(url(pending), {"view": "source"}))
    for shown in (
        "Tides",
        "author",
        "What it changes in the published version 1",
        "brings in suspicious characters",
        'data-code="U+0430"',
        "U+0430",
        "CYRILLIC SMALL LETTER A",
        'class="added"',
        "read before breakfast",
    ):
        assert shown.lower() in page.lower(), shown


def test_new_article_is_shown_whole(client, moderator, author, save):
    review = workflow.submit(save(FLAGGED), by=author)
    client.force_login(moderator)

    page = text(client.get(url(review)))

    assert "The whole text" in page
    assert "p<mark" in page


@pytest.mark.parametrize(
    ("decision", "state"),
    [("approve", "approved"), ("request changes", "changes requested"), ("reject", "rejected")],
)
def test_decision_leads_back_to_the_queue(client, moderator, pending, decision, state):
    client.force_login(moderator)

    response = decide(client, pending, decision=decision, reason="Because.")

    pending.refresh_from_db()
    assert (pending.state, pending.reason) == (state, "Because.")
    assert response.redirect_chain[-1][0] == "/moderation/"
    assert "Because." in text(response)


def test_rejecting_without_a_reason_asks_for_one(client, moderator, pending):
    client.force_login(moderator)

    response = decide(client, pending, decision="reject")

    pending.refresh_from_db()
    assert pending.state == Review.State.PENDING
    assert "Say why" in text(response)


def test_own_revision_has_no_buttons(client, moderator, save):
    review = workflow.submit(save(by=moderator), by=moderator)
    client.force_login(moderator)

    assert 'value="approve"' not in text(client.get(url(review)))
    assert client.post(url(review), {"decision": "approve"}).status_code == 403


def test_second_moderator_is_told_by_whom_it_was_decided_and_keeps_the_reason(
    client, moderator, administrator, pending
):
    client.force_login(moderator)
    form = decision_on(client, pending, decision="approve", reason="I had a reason.")
    workflow.reject(pending, by=administrator, reason="First.")

    response = client.post(url(pending), form)

    assert response.status_code == 409
    assert "rejected by administrator" in text(response)
    assert "I had a reason." in text(response)


def test_older_revision_says_that_a_newer_one_is_live(client, moderator, author, pending, save):
    newer = save("Newer.\n")
    workflow.publish(newer, by=moderator)
    client.force_login(moderator)

    assert "Version 3 is live and newer" in text(client.get(url(pending)))
    response = decide(client, pending, decision="approve")
    assert "A newer version is live and stays." in text(response)
    assert Revision.objects.get(number=3).article.published_revision_id == newer.pk


def test_page_says_that_a_newer_version_waits_too(client, moderator, author, pending, save):
    workflow.submit(save("Newer.\n"), by=author)
    client.force_login(moderator)

    assert "Version 3 of the same article is waiting too" in text(client.get(url(pending)))


def test_unknown_decision_decides_nothing(client, moderator, pending):
    client.force_login(moderator)

    assert decide(client, pending, decision="burn", reason="x").status_code == 200
    pending.refresh_from_db()
    assert pending.state == Review.State.PENDING


def test_decided_review_still_shows_what_it_changed(client, moderator, pending):
    workflow.approve(pending, by=moderator)
    client.force_login(moderator)

    page = text(client.get(url(pending), {"view": "source"}))

    assert "What it changed in version 1" in page
    assert 'class="added"' in page


def test_approving_an_unpublished_article_says_what_it_undoes(client, moderator, pending):
    workflow.unpublish(pending.revision.article, by=moderator, reason="By order.")
    client.force_login(moderator)

    assert "unpublished article" in text(client.get("/moderation/"))
    page = text(client.get(url(pending)))
    assert "By order." in page
    assert "Approving makes public again what <bdi>moderator</bdi> took offline" in page


@pytest.mark.parametrize("reason", ["x" * 2001, "a\0b"])
def test_odd_reason_is_told_and_decides_nothing(client, moderator, pending, reason):
    client.force_login(moderator)

    page = text(decide(client, pending, decision="reject", reason=reason))

    assert 'class="errorlist"' in page
    pending.refresh_from_db()
    assert pending.state == Review.State.PENDING
