"""Schedules: a version goes live and offline at its moment, bound to that version, without a worker."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles import workflow
from articles.models import Article, Event, Publication, Review, Revision, Schedule
from articles.workflow import State, WorkflowError, state_of
from tests.conftest import FLAGGED, NOON, content

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
BLINK = timedelta(microseconds=1)
PAGE = "/articles/tides/"


@pytest.fixture
def plan(moderator):
    def plan(revision, start=NOON + HOUR, end=None, *, by=moderator, zone="Europe/Berlin"):
        return workflow.schedule(revision, by=by, starts_at=start, ends_at=end, zone=zone)

    return plan


def live():
    return Article.objects.get().published_revision


def log():
    """The actions of the log with their moments, the first first."""
    return [(event.action, event.at) for event in Event.objects.order_by("pk")]


def test_version_goes_live_and_offline_at_its_moments_and_not_before(at, save, plan, moderator, client):
    revision = save()
    made = plan(revision, NOON + HOUR, NOON + 2 * HOUR)
    assert (made.zone, made.made_by_name, made.made_at) == ("Europe/Berlin", "moderator", NOON)

    at(NOON + HOUR - BLINK)
    assert client.get(PAGE).status_code == 404
    at(NOON + HOUR)
    assert client.get(PAGE).status_code == 200
    assert b"Tides" in client.get("/").content
    assert live() == revision
    at(NOON + 2 * HOUR - BLINK)
    assert client.get(PAGE).status_code == 200
    at(NOON + 2 * HOUR)
    assert client.get(PAGE).status_code == 410
    assert live() is None
    assert b"Tides" not in client.get("/").content
    assert workflow.settle() is None


def test_boundaries_are_logged_at_their_moment_in_the_name_of_who_scheduled(at, save, plan, moderator):
    revision = save()
    plan(revision, NOON + HOUR, NOON + 2 * HOUR)

    at(NOON + 9 * HOUR)  # nobody came for hours
    workflow.settle()

    assert log()[1:] == [
        ("schedule", NOON),
        ("publish", NOON + HOUR),
        ("unpublish", NOON + 2 * HOUR),
    ]
    events = list(Event.objects.order_by("pk"))[1:]
    assert {event.actor for event in events} == {moderator}
    assert [event.door for event in events] == ["command", "clock", "clock"]
    assert events[0].detail == "2027-03-01 13:00Z/2027-03-01 14:00Z (Europe/Berlin)"
    assert Publication.objects.get().published_at == NOON + HOUR
    assert Article.objects.get().published_at == NOON + HOUR
    assert Schedule.objects.get().closed_at == NOON + 9 * HOUR


def test_account_that_was_deleted_is_still_named(at, save, plan, moderator):
    plan(save())
    moderator.delete()

    at(NOON + HOUR)
    workflow.settle()

    event = Event.objects.first()
    assert (event.action, event.actor, event.actor_name) == ("publish", None, "moderator")


def test_later_draft_does_not_go_live_with_it(at, save, plan):
    scheduled = save()
    plan(scheduled)
    save("A later draft.\n")

    at(NOON + HOUR)
    workflow.settle()

    assert live() == scheduled


def test_every_operation_finds_the_boundary_carried_out(at, save, plan, moderator, published):
    second = save("Second.\n")
    plan(second)

    at(NOON + HOUR)

    with pytest.raises(WorkflowError, match="Version 2 is live and newer"):
        workflow.publish(Revision.objects.with_text().get(number=1), by=moderator)
    assert workflow.publish(second, by=moderator) is None
    assert [event.action for event in Event.objects.all()][:2] == ["publish", "schedule"]  # once
    workflow.unpublish(Article.objects.get(), by=moderator)
    assert [action for action, _at in log()][-2:] == ["publish", "unpublish"]


def test_later_schedule_replaces_an_earlier_one(at, save, plan):
    revision = save()
    plan(revision)
    newer = save("Newer.\n")

    plan(newer, NOON + 2 * HOUR)

    assert Schedule.objects.open().get().revision == newer
    at(NOON + HOUR)
    workflow.settle()
    assert live() is None
    at(NOON + 2 * HOUR)
    workflow.settle()
    assert live() == newer


def test_end_is_set_for_what_is_live(at, published, plan, client):
    plan(published, None, NOON + HOUR)

    at(NOON + HOUR - BLINK)
    assert client.get(PAGE).status_code == 200
    at(NOON + HOUR)
    assert client.get(PAGE).status_code == 410
    event = Event.objects.first()
    assert (event.action, event.reason, event.at) == ("unpublish", "Its time was over.", NOON + HOUR)


def test_end_of_what_is_not_live_is_refused(at, published, save, plan):
    with pytest.raises(WorkflowError, match="not live"):
        plan(save("Second.\n"), None, NOON + HOUR)


def test_schedule_is_cancelled_and_changes_nothing(at, published, save, plan, moderator):
    article = published.article
    plan(save("Second.\n"))

    workflow.unschedule(article, by=moderator)

    at(NOON + HOUR)
    workflow.settle()
    assert live() == published
    with pytest.raises(WorkflowError, match="not scheduled"):
        workflow.unschedule(article, by=moderator)
    assert [event.action for event in Event.objects.all()][:2] == ["unschedule", "schedule"]


def test_end_of_what_went_live_by_schedule_is_cancelled_alone(at, save, plan, moderator):
    revision = save()
    plan(revision, NOON + HOUR, NOON + 2 * HOUR)
    at(NOON + HOUR)

    workflow.unschedule(revision.article, by=moderator)

    at(NOON + 3 * HOUR)
    assert workflow.settle() is None
    assert live() == revision


# Who may, and what may


def test_who_may_publish_may_schedule_and_nobody_else(at, save, plan, author, moderator, reader):
    revision = save()
    for person in (author, reader):
        with pytest.raises(PermissionDenied):
            plan(revision, by=person)

    plan(revision, by=moderator)

    for person in (author, reader):
        with pytest.raises(PermissionDenied):
            workflow.unschedule(revision.article, by=person)
    workflow.unschedule(revision.article, by=moderator)


def test_what_would_wait_is_refused_and_nothing_is_submitted(at, save, plan):
    with pytest.raises(WorkflowError, match="has to wait for a moderator"):
        plan(save(FLAGGED))

    assert not Review.objects.exists()
    assert not Schedule.objects.exists()


def test_who_decides_on_a_version_that_waits_approves_it_for_later(at, save, plan, author, moderator):
    review = workflow.submit(save(FLAGGED), by=author)
    plan(review.revision)

    review.refresh_from_db()
    assert (review.state, review.decided_by) == (Review.State.APPROVED, moderator)
    assert live() is None
    at(NOON + HOUR)
    workflow.settle()
    assert live() == review.revision


def test_version_of_ones_own_that_waits_is_not_approved_by_its_schedule(at, save, plan, moderator):
    review = workflow.submit(save(FLAGGED, by=moderator), by=moderator)

    with pytest.raises(WorkflowError, match="has to wait for a moderator"):
        plan(review.revision)
    review.refresh_from_db()
    assert review.state == Review.State.PENDING


def test_older_than_live_or_waiting_is_refused(at, published, save, plan, author, moderator):
    second, third = save("Second.\n"), save("Third.\n")
    with pytest.raises(WorkflowError, match="live already"):
        plan(published)
    review = workflow.submit(third, by=author)
    with pytest.raises(WorkflowError, match="Version 3 waits"):
        plan(second)

    workflow.approve(review, by=moderator)

    with pytest.raises(WorkflowError, match="Version 3 is live and newer"):
        plan(second)


def test_archived_hidden_and_taken_addresses_are_refused(at, save, plan, author, administrator):
    revision = save()
    workflow.archive(revision.article, by=author)
    with pytest.raises(WorkflowError, match="archive"):
        plan(revision)
    workflow.unarchive(revision.article, by=author)
    hiding = workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")
    with pytest.raises(WorkflowError, match="hidden"):
        plan(revision)
    workflow.unhide(hiding, by=administrator)
    moved = save("Moved.\n", slug="ebb")
    workflow.save_revision(None, by=author, content=content(slug="ebb"))
    with pytest.raises(ValidationError, match="Another article has the address"):
        plan(moved)

    plan(revision)


@pytest.mark.parametrize(
    ("start", "end", "zone", "field"),
    [
        (NOON + MINUTE - BLINK, None, "UTC", "starts_at"),
        (NOON - HOUR, None, "UTC", "starts_at"),
        (NOON + timedelta(days=4000), None, "UTC", "starts_at"),
        (NOON + HOUR, NOON + HOUR, "UTC", "ends_at"),
        (NOON + HOUR, NOON + MINUTE, "UTC", "ends_at"),
        (None, NOON - HOUR, "UTC", "ends_at"),
        (None, None, "UTC", "starts_at"),
        (NOON + HOUR, None, "Mars/Olympus", "zone"),
    ],
)
def test_times_that_cannot_be_are_refused_with_the_field(at, save, plan, start, end, zone, field):
    with pytest.raises(ValidationError) as error:
        plan(save(), start, end, zone=zone)

    assert list(error.value.message_dict) == [field]


def test_a_minute_ahead_is_soon_enough(at, save, plan):
    plan(save(), NOON + MINUTE, NOON + MINUTE + BLINK)


def test_pending_review_is_decided_by_the_schedule(at, save, plan, author, moderator):
    revision = save()
    review = workflow.submit(revision, by=author)

    plan(revision)

    review.refresh_from_db()
    assert (review.state, review.decided_by) == (Review.State.APPROVED, moderator)
    assert state_of(revision.article) == State.SCHEDULED


# What happens to the article meanwhile


@pytest.fixture
def waiting_to_start(at, published, save, plan):
    """Version 2, scheduled while version 1 is live."""
    revision = save("Second.\n")
    plan(revision)
    return revision


def cancelled():
    """Why the one schedule was cancelled, as row and log have it; None if it was not."""
    schedule = Schedule.objects.get()
    assert Event.objects.filter(action="unschedule").exists() is bool(schedule.closed_why)
    return schedule.closed_why or None


def test_publishing_another_version_cancels_it(waiting_to_start, save, moderator):
    workflow.publish(save("Third.\n"), by=moderator)

    assert cancelled() == "Version 3 went live."


def test_approving_another_version_cancels_it_and_can_be_undone(waiting_to_start, save, author, moderator):
    review = workflow.submit(save("Third.\n"), by=author)
    assert cancelled() is None
    workflow.approve(review, by=moderator)
    assert cancelled() == "Version 3 went live."

    workflow.undo(Review.objects.get(pk=review.pk), by=moderator)

    assert live().number == 1
    assert not Schedule.objects.open().exists()


@pytest.mark.parametrize("after", [HOUR / 4, HOUR / 2 - BLINK], ids=["waits", "is live"])
def test_approval_for_later_is_taken_back_with_its_schedule(at, save, plan, author, moderator, after):
    workflow.publish(save("First.\n"), by=moderator)
    review = workflow.submit(save("Second.\n"), by=author)
    plan(review.revision, NOON + HOUR / 3)

    at(NOON + after)
    workflow.settle()
    workflow.undo(Review.objects.get(pk=review.pk), by=moderator)

    assert Review.objects.get(pk=review.pk).state == Review.State.PENDING
    assert live().number == 1
    at(NOON + HOUR)
    workflow.settle()
    assert live().number == 1


def test_approval_is_not_taken_back_after_somebody_else_scheduled_the_version(
    at, save, plan, author, moderator, administrator
):
    review = workflow.submit(save(), by=author)
    workflow.approve(review, by=moderator)
    plan(review.revision, None, NOON + HOUR, by=administrator)

    with pytest.raises(WorkflowError, match="changed after the decision"):
        workflow.undo(Review.objects.get(pk=review.pk), by=moderator)


def test_publishing_the_version_itself_ends_the_schedule(waiting_to_start, moderator):
    workflow.publish(waiting_to_start, by=moderator)

    assert cancelled() == "Version 2 went live."


def test_unpublishing_cancels_it(waiting_to_start, moderator):
    workflow.unpublish(waiting_to_start.article, by=moderator)

    assert cancelled() == "The article was taken offline."


def test_hiding_its_text_cancels_it_and_hiding_another_does_not(
    waiting_to_start, published, save, administrator
):
    workflow.hide(save("Third.\n"), by=administrator, parts=["text"], reason="Private.")
    workflow.hide(waiting_to_start, by=administrator, parts=["summary"], reason="Private.")
    assert cancelled() is None

    workflow.hide(waiting_to_start, by=administrator, parts=["text"], reason="Private.")

    assert cancelled() == "Its text was hidden."


def test_submitting_it_cancels_it_and_submitting_another_does_not(waiting_to_start, save, author):
    workflow.submit(save("Third.\n"), by=author)
    assert cancelled() is None
    workflow.withdraw(Review.objects.pending().get(), by=author)

    workflow.submit(waiting_to_start, by=author)

    assert cancelled() == "The version waits for a moderator."


def test_archive_refuses_what_is_scheduled(at, save, plan, author, moderator):
    article = save().article
    plan(article.latest_revision)
    with pytest.raises(WorkflowError, match="Cancel its schedule first"):
        workflow.archive(article, by=author)

    workflow.unschedule(article, by=moderator)

    workflow.archive(article, by=author)


def test_address_that_was_taken_meanwhile_cancels_it_and_the_site_goes_on(at, save, plan, author, client):
    plan(save(slug="ebb", title="Ebb"))
    article = Article.objects.get()
    Article.objects.filter(pk=article.pk).update(slug="old")
    other = workflow.save_revision(None, by=author, content=content(slug="ebb"))
    assert other.article.slug == "ebb"

    at(NOON + HOUR)

    assert client.get("/").status_code == 200
    article.refresh_from_db()
    assert (article.published_revision, article.published_at, article.slug) == (None, None, "old")
    assert "Another article has the address" in cancelled()
    assert Event.objects.first().actor_name == "(system)"


def test_state_says_scheduled_until_it_goes_live(at, save, plan, author):
    article = save().article
    plan(article.latest_revision, end=NOON + 2 * HOUR)
    assert state_of(article) == State.SCHEDULED
    rows = workflow.in_state(workflow.with_state(Article.objects.all()), State.SCHEDULED)
    assert rows.get() == article
    review = workflow.submit(save("Newer.\n"), by=author)
    assert state_of(article) == State.WAITING
    workflow.withdraw(review, by=author)
    assert state_of(article) == State.SCHEDULED

    at(NOON + HOUR)
    workflow.settle()

    assert state_of(article) == State.DRAFT
    assert not rows.exists()


def test_what_is_scheduled_is_not_public_before(at, save, plan, client, reader):
    revision = save()
    review_rows = Review.objects.decisions_since_public(revision.article_id)
    plan(revision)

    assert not Revision.objects.get(pk=revision.pk).was_published
    assert not Revision.objects.visible_to(reader).exists()
    assert not review_rows.exists()
    for place in (PAGE, f"{PAGE}history/", f"{PAGE}revisions/1/", f"{PAGE}revisions/1/source"):
        assert client.get(place).status_code == 404
