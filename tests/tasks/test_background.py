"""What runs in the background: mail to moderators, and pages made anew."""

from datetime import timedelta
from io import StringIO
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import workflow
from articles.models import Reminder, Rendering, Review
from articles.tasks import running
from articles.tasks.background_tasks import BackgroundTask
from articles.workflow import resanitizing
from articles.workflow.background import resanitize_pages, send_reminders


def call(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def run_due():
    running.work(until_idle=True)


def only():
    return BackgroundTask.objects.get()


# Mail


@pytest.fixture
def overdue(save, author, moderator):
    """A review that a reminder is due for, and a moderator with an address."""
    moderator.email = "moderator@example.org"
    moderator.save()
    review = workflow.submit(save(), by=author)
    Review.objects.filter(pk=review.pk).update(submitted_at=timezone.now() - timedelta(hours=30))
    return review


@pytest.fixture
def full_server(monkeypatch):
    """A mail server that takes nothing until the context ends."""

    def fail(message):
        raise SMTPException("full")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fail)
        yield broken


def test_mail_that_fails_is_sent_by_a_worker_after_a_wait(overdue, full_server, clock):
    with pytest.raises(CommandError, match=r"The mail server did not accept the mail: .*full") as error:
        call("notify_moderators")
    assert error.value.returncode == 2
    assert not Reminder.objects.exists()

    full_server.undo()
    run_due()
    assert not mail.outbox
    clock(minutes=1)
    run_due()

    assert len(mail.outbox) == 1
    assert only().return_value == "1 written to: versions wait too long (1)"
    assert call("notify_moderators") == "There is no mail to send.\n"
    assert len(mail.outbox) == 1


def test_mail_that_failed_is_sent_by_the_next_call_of_the_command(overdue, full_server):
    with pytest.raises(CommandError):
        call("notify_moderators")
    full_server.undo()

    assert call("notify_moderators") == "1 written to: versions wait too long (1)\n"

    run_due()
    assert len(mail.outbox) == 1


def test_worker_killed_while_it_sends_causes_no_second_mail(overdue, monkeypatch, clock):
    send = EmailMessage.send

    def send_and_die(message):
        send(message)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(EmailMessage, "send", send_and_die)
        with pytest.raises(KeyboardInterrupt):
            running.run_now(send_reminders)
    assert only().status == "RUNNING"
    clock(minutes=6)

    run_due()

    assert only().state == "done"
    assert len(mail.outbox) == 1
    assert Reminder.objects.count() == 1


def test_command_leaves_alone_what_a_worker_sends(overdue):
    send_reminders.enqueue()
    assert BackgroundTask.objects.due().claim()

    assert call("notify_moderators") == "A worker is sending the mail.\n"

    assert not mail.outbox


def test_command_takes_over_from_a_lost_worker(overdue, clock):
    send_reminders.enqueue()
    assert BackgroundTask.objects.due().claim()
    clock(minutes=5)

    assert call("notify_moderators") == "1 written to: versions wait too long (1)\n"

    assert only().state == "done"


# Pages made anew


@pytest.fixture
def next_policy(published, monkeypatch):
    monkeypatch.setattr(resanitizing, "POLICY_VERSION", "next")
    return published


def test_pages_are_made_anew_in_the_background(next_policy):
    out = call("resanitize", "--background")
    assert out == "The work is enqueued for `manage.py run_tasks`. The admin lists background tasks.\n"
    assert Rendering.objects.count() == 1

    run_due()

    assert Rendering.objects.latest().policy_version == "next"
    assert only().return_value == "Renderings added: 1. Versions that are refused or damaged: 0."
    resanitize_pages.enqueue([])
    run_due()
    assert only().return_value.startswith("Renderings added: 0.")


def test_progress_is_told_and_cancelling_stops_between_two_versions(next_policy, save, monkeypatch):
    save("Two.\n")
    save("Three.\n")
    seen = []

    def resanitize_and_cancel(revision):
        seen.append(only().return_value)
        if revision.number == 2:
            BackgroundTask.objects.cancel()
        return resanitizing.resanitize(revision)

    monkeypatch.setattr("articles.workflow.background.resanitize", resanitize_and_cancel)
    resanitize_pages.enqueue(["tides"])

    run_due()

    assert seen == ["0 of 3 versions", "1 of 3 versions"]
    assert only().state == "cancelled"
    assert Rendering.objects.filter(policy_version="next").count() == 2


def test_refused_versions_keep_their_pages_and_are_counted(next_policy, settings):
    settings.MAX_SOURCE_BYTES = 5
    resanitize_pages.enqueue([])

    run_due()

    assert only().return_value == "Renderings added: 0. Versions that are refused or damaged: 1."
    assert Rendering.objects.count() == 1


def test_unknown_slug_is_not_enqueued(db):
    with pytest.raises(CommandError, match="There is no article at nowhere"):
        call("resanitize", "nowhere", "--background")

    assert not BackgroundTask.objects.exists()


def test_dry_run_is_not_for_the_background(db):
    with pytest.raises(CommandError, match="not allowed with"):
        call("resanitize", "--dry-run", "--background")
