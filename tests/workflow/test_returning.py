"""No door publishes what was taken from readers without a confirmation: it waits, or is refused with the reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, Event, Review, Schedule
from tests.conftest import CLEAN

PRIVATE = "Ask the keeper at 555 0147 after six."
RETURNS = [Review.Cause.RETURNS]


@pytest.fixture
def hidden(published, save, administrator):
    """Version 2 was live and held a private number, then its text was hidden; version 3 without it is live."""
    revision = save(f"{CLEAN}{PRIVATE}\n")
    workflow.publish(revision, by=administrator)
    workflow.hide(revision, by=administrator, parts=["text"], reason="A private number.")
    workflow.publish(save(CLEAN + "More.\n"), by=administrator)
    return revision


def live():
    return Article.objects.get(slug="tides").published_revision


def at(hours):
    return timezone.now() + timedelta(hours=hours)


def schedule(revision, by, **values):
    return workflow.schedule(revision, by=by, starts_at=at(1), zone="UTC", **values)


def test_hidden_text_waits_whoever_publishes_it(hidden, save, administrator):
    before = live()

    review = workflow.publish(save(f"{CLEAN}{PRIVATE}\n"), by=administrator)

    assert review.causes == RETURNS
    assert live() == before


def test_article_that_somebody_else_took_offline_waits(published, save, moderator, administrator):
    workflow.unpublish(published.article, by=administrator, reason="Libel.")

    assert workflow.publish(published, by=moderator).causes == RETURNS
    assert workflow.publish(save("Newer.\n"), by=moderator).causes == RETURNS
    assert live() is None


def test_who_took_an_article_offline_puts_it_back(published, moderator):
    workflow.unpublish(published.article, by=moderator, reason="By mistake.")

    assert workflow.publish(published, by=moderator) is None
    assert live() == published


def test_cause_stays_when_what_waits_is_counted_anew(published, save, moderator, administrator, author):
    workflow.unpublish(published.article, by=administrator)
    review = workflow.publish(save("Newer.\n"), by=moderator)

    workflow.hold(author, by=moderator, reason="Spam.")

    review.refresh_from_db()
    assert set(review.causes) == {Review.Cause.RETURNS, Review.Cause.HELD}


def test_nobody_schedules_what_returns(hidden, save, moderator):
    with pytest.raises(workflow.WorkflowError, match="taken from readers"):
        schedule(save(f"{CLEAN}{PRIVATE}\n"), moderator)

    workflow.unpublish(hidden.article, by=moderator)
    schedule(save("Newer.\n"), moderator)


def test_nobody_schedules_an_article_back_that_somebody_else_took_offline(
    published, moderator, administrator
):
    workflow.unpublish(published.article, by=administrator)

    with pytest.raises(workflow.WorkflowError, match="taken from readers"):
        schedule(published, moderator)


def test_approval_for_later_takes_the_confirmation_of_an_approval(hidden, save, author, moderator):
    review = workflow.submit(save(f"{CLEAN}{PRIVATE}\n"), by=author)

    with pytest.raises(workflow.NeedsConfirmation, match="555 0147"):
        schedule(review.revision, moderator)
    with pytest.raises(ValidationError):
        schedule(review.revision, moderator, sure=True)
    assert not Schedule.objects.exists()

    schedule(review.revision, moderator, sure=True, reason="The keeper agreed.")
    entry = Event.objects.get(action="approve", revision=review.revision)
    assert (entry.detail, entry.reason) == ("confirmed: text hidden in version 2", "The keeper agreed.")


def test_approval_for_later_is_bound_to_what_was_seen(published, save, author, moderator, administrator):
    review = workflow.submit(save("Newer.\n"), by=author)
    seen = workflow.see(review)
    workflow.unpublish(published.article, by=administrator, reason="Libel.")

    with pytest.raises(workflow.NotAsSeen, match="offline"):
        schedule(review.revision, moderator, seen=seen, sure=True, reason="Good.")
    assert not Schedule.objects.exists()


def test_approval_for_later_is_refused_once_the_review_is_over(published, save, author, moderator):
    review = workflow.submit(save("Newer.\n"), by=author)
    seen = workflow.see(review)
    workflow.withdraw(review, by=author)

    with pytest.raises(workflow.WorkflowError, match="no longer waits"):
        schedule(review.revision, moderator, seen=seen)


@pytest.mark.parametrize("passage", [PRIVATE, "Nobody asks."])
def test_hiding_cancels_what_would_publish_the_same_text_later(
    published, save, administrator, author, passage
):
    older = save(f"{CLEAN}{passage}\n")
    schedule(save(f"{CLEAN}{PRIVATE}\nMore.\n"), administrator)

    workflow.hide(older, by=administrator, parts=["text"], reason="A private number.")

    assert Schedule.objects.open().exists() == (passage != PRIVATE)


def test_page_asks_for_the_confirmation_and_for_what_it_showed(hidden, save, author, moderator, client):
    review = workflow.submit(save(f"{CLEAN}{PRIVATE}\n"), by=author)
    client.force_login(moderator)
    url = reverse("admin:articles_article_schedule", args=[review.revision.article_id])
    day = f"{at(48):%Y-%m-%d}"
    form = {"version": 4, "start_date": day, "start_time": "12:00", "zone": "UTC", "reason": "He agreed."}
    page = client.get(url)
    assert PRIVATE in page.text

    for without in ({}, {"seen": "7"}, {"seen": str(page.context["seen"])}):
        assert client.post(url, form | without).status_code == 400
    assert not Schedule.objects.exists()

    answer = client.post(url, form | {"seen": str(page.context["seen"]), "sure": "on"})
    assert answer.status_code == 302
    assert Schedule.objects.open().exists()
