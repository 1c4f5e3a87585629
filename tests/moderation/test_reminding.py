"""Mail to moderators: when it is due, what it says, to whom it goes, and never twice for the same reviews."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.utils import timezone

from articles import workflow
from articles.models import BackgroundTask, Reminder, Review
from articles.moderation import reminding
from articles.text.content.facts import Fact, FactKind
from tests.conftest import content

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FACT = Fact(FactKind.PHONE, after="555 0148", number=1)


@pytest.fixture(autouse=True)
def limits(settings, monkeypatch):
    settings.QUEUE_AGE_HOURS, settings.QUEUE_BURST, settings.QUEUE_BURST_MINUTES = 24, 2, 60
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site"
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def waiting(author):
    """Has a new article wait since some time."""

    def waiting(since, state="pending"):
        slug = f"text-{Review.objects.count()}"
        revision = workflow.save_revision(None, by=author, content=content(slug=slug))
        fields = {"cause": "submitted", "causes": ["submitted"], "language": "en"}
        fields |= {"revision": revision, "article": revision.article, "facts": [FACT.as_json()]}
        return Review.objects.create(state=state, submitted_at=NOW - since, **fields)

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


def test_mail_names_what_waits_and_where(waiting, moderator):
    User.objects.update(email="m@site.example")
    review = waiting(timedelta(days=2))
    waiting(timedelta(hours=2))

    workflow.remind_moderators()

    (message,) = mail.outbox
    assert message.subject == "[Site] 1 version has waited longer than 24 hours"
    assert message.body == (
        "1 version has waited longer than 24 hours.\n\n"
        f"\u201c{review.revision.title}\u201d, version 1\nA phone number came in: 555 0148\n"
        f"https://site.example/moderation/{review.pk}/\n\n"
        "2 are waiting in all.\nhttps://site.example/moderation/\n\nNo other mail is sent about these.\n"
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
    suspended = account("suspended", "suspended@site.example", "moderators")
    workflow.suspend(suspended, by=User.objects.get(username="root"), reason="Their account was taken over.")

    assert workflow.recipients() == ["a.root@site.example", "one@site.example"]


@pytest.fixture
def propose(administrator):
    def propose(value, *, by=administrator, **fields):
        return workflow.allow(value, by=by, scope="site", **{"kind": "character", "reason": "So."} | fields)

    return propose


def test_proposed_allowance_is_told_once_to_those_who_may_confirm_it(
    propose, administrator, moderator, second_moderator, author
):
    for account in (administrator, moderator, second_moderator, author):
        account.email = f"{account.username}@site.example"
        account.save()
    allowance = propose("\u200b", by=moderator, reason="It stands where a line may break.")
    assert BackgroundTask.objects.filter(task_path__endswith="send_proposals").count() == 1

    assert sent() == [("proposal", 1)]

    (letter,) = mail.outbox
    assert letter.bcc == ["administrator@site.example", "second_moderator@site.example"]
    assert "1 allowance waits for a second moderator" in letter.subject
    assert "moderator proposes to allow the character U+200B on the whole site:" in letter.body
    assert "It stands where a line may break." in letter.body
    assert f"https://site.example{allowance.get_absolute_url()}" in letter.body
    assert sent() == []


def test_mail_names_the_newest_proposals_and_the_next_one_only_later_ones(
    propose, waiting, second_moderator, monkeypatch
):
    second_moderator.email = "second@site.example"
    second_moderator.save()
    monkeypatch.setattr(reminding, "MOST_NAMED", 2)
    for value in ("\u00e9", "\u00fc", "e\u0301"):
        propose(value)

    reminding.send_proposals.call()

    body = mail.outbox[0].body
    assert body.startswith("3 allowances wait for a second moderator.")
    assert body.index("the character U+0065 U+0301 on") < body.index("the character U+00FC on")
    assert "U+00E9" not in body
    assert "and 1 more" in body

    waiting(timedelta(hours=25))
    assert sent() == [("age", 1)]
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=1))
    for value in ("b\u00e9", "b\u00fc"):
        propose(value, kind="word")
    assert sent() == [("proposal", 2)]
    assert "more" not in mail.outbox[-1].body


def test_allowance_that_waits_no_longer_or_never_waited_is_told_to_nobody(propose, administrator, save):
    workflow.decline_allowance(propose("\u200b"), by=administrator, reason="No.")
    workflow.allow("x", by=administrator, kind="word", article=save().article, reason="So.")

    assert sent() == []
    assert mail.outbox == []


def test_serious_findings_are_told_at_once_by_title_and_in_words(waiting, django_user_model):
    moderator = django_user_model.objects.create_user("m", email="m@site.example")
    moderator.groups.add(Group.objects.get(name="moderators"))
    review = waiting(timedelta())
    Review.objects.update(gravity="alert", risk=150, risk_parts=[["alerts", 1, 150]])

    assert sent() == [("alert", 1)]

    (letter,) = mail.outbox
    assert "1 version with serious changes waits" in letter.subject
    assert (
        f"\u201c{review.revision.title}\u201d, version 1\nA phone number came in: 555 0148\n" in letter.body
    )
    assert f"https://site.example{review.get_absolute_url()}" in letter.body
    assert sent() == []


def test_flood_of_serious_findings_makes_few_mails(waiting, monkeypatch):
    for minutes, expected in ((0, ["alert"]), (5, []), (11, ["alert"])):
        now = NOW + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        review = waiting(-timedelta(minutes=minutes))
        Review.objects.filter(pk=review.pk).update(gravity="alert", submitted_at=now)
        kinds = [reminder.kind for reminder in workflow.remind_moderators()]
        assert [kind for kind in kinds if kind == "alert"] == expected


def test_submission_with_an_alert_asks_for_the_mail(author):
    for slug, source, expected in (("calm", "Text.\n", 0), ("odd", "a \N{RIGHT-TO-LEFT OVERRIDE}b\n", 1)):
        workflow.submit(
            workflow.save_revision(None, by=author, content=content(source, slug=slug)), by=author
        )
        assert BackgroundTask.objects.filter(task_path__endswith="send_alerts").count() == expected
