"""Mail to moderators: when it is due, what it says, to whom it goes, and never twice for the same reviews."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.utils import timezone

from articles import workflow
from articles.models import Reminder, Review

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def limits(settings, monkeypatch):
    settings.QUEUE_AGE_HOURS, settings.QUEUE_BURST, settings.QUEUE_BURST_MINUTES = 24, 2, 60
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site"
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def waiting(save):
    """Has a new version wait since some time."""

    def waiting(since, state="pending"):
        revision = save(f"Text {Review.objects.count()}.\n")
        fields = {"cause": "submitted", "causes": ["submitted"], "language": "en"}
        return Review.objects.create(revision=revision, state=state, submitted_at=NOW - since, **fields)

    return waiting


def sent():
    return [(reminder.kind, reminder.reviews) for reminder in workflow.remind_moderators()]


def test_empty_queue_sends_nothing(db):
    assert sent() == []
    assert mail.outbox == []


def test_revision_is_overdue_after_a_day(waiting):
    waiting(timedelta(hours=24))
    assert sent() == []

    waiting(timedelta(hours=24) + MICROSECOND)

    assert sent() == [("age", 1)]


def test_many_within_an_hour_are_a_burst(waiting):
    waiting(timedelta(hours=1) + MICROSECOND)
    waiting(timedelta(hours=1))
    assert sent() == []

    waiting(timedelta())

    assert sent() == [("burst", 2)]


def test_decided_reviews_do_not_count(waiting):
    waiting(timedelta(days=2), state="approved")
    for _ in range(3):
        waiting(timedelta(), state="rejected")

    assert sent() == []


def test_each_review_is_told_once_for_each_kind(waiting):
    older = waiting(timedelta(days=3))
    newest = waiting(timedelta(days=2))
    assert sent() == [("age", 2)]
    reminder = Reminder.objects.get()
    assert (reminder.up_to, reminder.sent_at) == (newest.submitted_at, NOW)
    assert older.submitted_at < newest.submitted_at

    assert sent() == []
    waiting(timedelta(days=1, hours=1))
    assert sent() == [("age", 1)]
    waiting(timedelta())
    waiting(timedelta(minutes=1))
    assert sent() == [("burst", 2)]
    assert sent() == []


def test_mail_of_one_kind_is_not_mail_of_the_other(waiting):
    waiting(timedelta(days=2))
    Reminder.objects.create(kind="burst", up_to=NOW, reviews=2, sent_at=NOW)

    assert sent() == [("age", 1)]


def test_mail_tells_how_many_wait_and_where(waiting, moderator):
    User.objects.update(email="m@site.example")
    waiting(timedelta(days=2))
    waiting(timedelta(hours=2))

    workflow.remind_moderators()

    (message,) = mail.outbox
    assert message.subject == "[Site] 1 version has waited longer than 24 hours"
    assert message.body == (
        "1 version has waited longer than 24 hours.\n\n2 are waiting in all.\n\n"
        "https://site.example/moderation/\n\nNo other mail is sent about these."
    )
    assert (message.to, message.bcc) == ([], ["m@site.example"])


def test_mail_of_a_burst_says_within_what_time(waiting, moderator):
    User.objects.update(email="m@site.example")
    for _ in range(2):
        waiting(timedelta())

    workflow.remind_moderators()

    assert mail.outbox[0].subject == "[Site] 2 versions came within 60 minutes"


def test_nothing_is_recorded_if_the_mail_cannot_be_sent(waiting, moderator, monkeypatch):
    User.objects.update(email="m@site.example")
    waiting(timedelta(days=2))

    def fail(*args, **options):
        raise OSError("no server")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", fail)
        with pytest.raises(OSError, match="no server"):
            workflow.remind_moderators()

    assert sent() == [("age", 1)]


def test_mail_goes_to_every_active_account_that_may_decide(db):
    def account(name, email, *groups, **flags):
        user = User.objects.create_user(name, email=email, **flags)
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    account("one", "one@site.example", "moderators")
    account("two", "one@site.example", "moderators")
    account("root", "a.root@site.example", is_superuser=True)
    account("silent", "", "moderators")
    account("gone", "gone@site.example", "moderators", is_active=False)
    account("author", "author@site.example", "authors")

    assert workflow.recipients() == ["a.root@site.example", "one@site.example"]
