"""Mail about decisions and replies: to whom, what it says, once, and never at the cost of the decision."""

import email
import threading
from datetime import UTC, datetime, timedelta
from email import policy
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from articles import workflow
from articles.models import BackgroundTask, MailPreferences, Notice
from articles.moderation import delivering
from articles.moderation.notifying import next_digest
from articles.people.preferences import Kind
from articles.people.preferring import DIGEST, opt_out_token
from tests.conftest import content

NOW = datetime(2026, 1, 10, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def place(settings, monkeypatch):
    settings.SITE_URL, settings.SITE_NAME, settings.DIGEST_HOUR = "https://site.example", "Site", 6
    monkeypatch.setattr(delivering, "_paused_until", 0.0)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is moved: clock(minutes=1)."""
    now = NOW

    def move(**ahead):
        nonlocal now
        now += timedelta(**ahead)

    monkeypatch.setattr(timezone, "now", lambda: now)
    return move


@pytest.fixture
def writer(author):
    author.email = "author@site.example"
    author.save()
    return author


@pytest.fixture
def submit(save, writer):
    """Submits a new version of "tides", by its author unless told otherwise."""

    def submit(source="Text.\n", *, by=None, **changes):
        return workflow.submit(save(source, **changes), by=by or writer)

    return submit


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What is done after a commit is done at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def choose(account, **when):
    chosen = dict.fromkeys(Kind.values, "at once") | when
    language = chosen.pop("language", "en")
    return MailPreferences.objects.update_or_create(account=account, defaults=chosen | {"language": language})


def parsed(message):
    """Return a sent mail as a program that receives it reads it."""
    return email.message_from_bytes(message.message().as_bytes(), policy=policy.default)


def plain(message):
    return parsed(message).get_body(("plain",)).get_content()


def html(message):
    return parsed(message).get_body(("html",)).get_content()


def send():
    return delivering.send_notices.call()


def fail(*args, **options):
    raise OSError("no server")


# To whom


def test_decision_is_mailed_to_the_author_once_it_is_stored(submit, moderator, commits):
    review = submit()
    with commits():
        workflow.reject(review, by=moderator, reason="No source.")
        assert mail.outbox == []

    (message,) = mail.outbox
    assert message.to == ["author@site.example"]
    assert Notice.objects.get().sent_at


def test_who_submitted_it_is_told_too_and_who_decided_is_not(save, writer, administrator, moderator, commits):
    User.objects.exclude(pk=writer.pk).update(email="x@site.example")
    second = User.objects.create_user("second", email="second@site.example")
    second.groups.add(Group.objects.get(name="authors"))
    review = workflow.submit(save(), by=second)
    with commits():
        workflow.approve(review, by=moderator)

    assert sorted(message.to[0] for message in mail.outbox) == ["author@site.example", "second@site.example"]


def test_moderator_who_decides_on_own_text_gets_no_mail(settings, moderator, commits, save):
    settings.ALLOW_SELF_APPROVAL = True
    User.objects.update(email="m@site.example")
    with commits():
        workflow.approve(workflow.submit(save(by=moderator), by=moderator), by=moderator)

    assert not Notice.objects.exists()


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_who_cannot_be_reached_gets_no_mail(submit, writer, moderator, commits, change):
    review = submit()
    User.objects.filter(pk=writer.pk).update(**change)
    with commits():
        workflow.reject(review, by=moderator, reason="No.")

    assert not Notice.objects.exists()


@pytest.mark.parametrize("change", ["address", "active", "rights", "choice"])
def test_who_may_not_have_it_any_more_gets_no_mail(submit, writer, moderator, change):
    review = submit()
    workflow.reject(review, by=moderator, reason="No.")
    assert Notice.objects.count() == 1
    match change:
        case "address":
            User.objects.filter(pk=writer.pk).update(email="")
        case "active":
            User.objects.filter(pk=writer.pk).update(is_active=False)
        case "rights":
            writer.groups.clear()
        case "choice":
            choose(writer, decisions="never")

    assert send() == "0 mails sent."

    assert mail.outbox == []
    assert not Notice.objects.exists()


def test_who_wants_no_mail_gets_no_notice(submit, writer, moderator):
    choose(writer, decisions="never")
    workflow.reject(submit(), by=moderator, reason="No.")

    assert not Notice.objects.exists()


def test_deleted_account_takes_its_notices_and_preferences_along(submit, writer, moderator):
    choose(writer)
    workflow.reject(submit(), by=moderator, reason="No.")

    writer.delete()

    assert not Notice.objects.exists()
    assert not MailPreferences.objects.exists()


# What it says


def test_mail_says_who_decided_what_why_and_where_to_go_on(submit, moderator, clock, commits):
    review = submit()
    with commits():
        workflow.request_changes(review, by=moderator, reason="Name a source.\n\nAnd shorten it.")

    (message,) = mail.outbox
    assert message.subject == "[Site] Changes requested: Tides"
    article = review.revision.article_id
    head, _, foot = plain(message).partition("-- \n")
    assert head == (
        "moderator asks for changes to version 1 of \u201cTides\u201d.\n\n"
        "Jan. 10, 2026, 12:30 (UTC+00:00)\n\n"
        "> Name a source.\n>\n> And shorten it.\n\n"
        f"Go on writing:\nhttps://site.example/admin/articles/article/{article}/change/\n\n"
    )
    assert "https://site.example/account/mail/\n" in foot


def test_mail_about_an_approval_says_what_readers_see(submit, moderator, commits):
    with commits():
        workflow.approve(submit(), by=moderator)

    assert "approved version 1 of \u201cTides\u201d. Readers see it now." in plain(mail.outbox[0])
    assert "https://site.example/articles/tides/" in plain(mail.outbox[0])


def test_mail_about_a_corrected_version_says_which_one_readers_see(submit, moderator):
    workflow.fix_and_approve(submit("Teh tide.\n"), by=moderator, content=content("The tide.\n"))

    send()

    (message,) = mail.outbox
    assert "moderator approved version 1 of \u201cTides\u201d. Readers see version 2." in plain(message)
    assert "https://site.example/articles/tides/revisions/1/" in plain(message)


def test_mail_about_an_approval_that_is_offline_by_now_says_so(submit, moderator):
    review = submit()
    workflow.approve(review, by=moderator)
    workflow.unpublish(review.revision.article, by=moderator)

    send()

    assert "The article is not public now." in plain(mail.outbox[0])


def test_publishing_a_version_that_waits_is_a_decision_on_it(submit, moderator):
    workflow.publish(submit().revision, by=moderator)

    send()

    assert mail.outbox[0].subject == "[Site] Approved: Tides"
    assert "> Published without a review." in plain(mail.outbox[0])


@pytest.mark.parametrize("end", [workflow.withdraw, None])
def test_end_without_a_decision_is_not_mailed(submit, writer, other_author, end):
    review = submit()
    if end:
        end(review, by=writer)
    else:
        submit("A newer version.\n")  # the older review is superseded

    assert not Notice.objects.exists()


def test_letters_of_an_article_are_one_thread(submit, moderator, commits):
    with commits():
        workflow.reject(submit(), by=moderator, reason="No.")
    with commits():
        workflow.reject(submit("More.\n"), by=moderator, reason="No.")

    first, second = map(parsed, mail.outbox)
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert first["References"].endswith("@site.example>")


def test_mail_speaks_the_language_that_was_chosen(submit, writer, moderator, commits):
    choose(writer, language="ar")
    with commits():
        workflow.reject(submit(), by=moderator, reason="No <b>source</b> & no date.")

    page = html(mail.outbox[0])
    assert '<html lang="ar" dir="rtl">' in page
    assert "No &lt;b&gt;source&lt;/b&gt; &amp; no date." in page
    assert not {"<img", "<link", "<script", "style"} & set(page.split())
    assert "(UTC+00:00)" in page


def test_nothing_that_was_typed_turns_the_direction_or_begins_a_header(submit, writer, moderator, commits):
    workflow.notify_of_entry(
        submit(title="\u05d2\u05d0\u05d5\u05ea").revision.article,
        to=[writer],
        by=moderator,
        text="Look\u202eback\r\nBcc: all@site.example",
        kind="replies",
    )
    Notice.objects.update(by_name="x\r\nBcc: all@site.example\u202e", in_digest=False, due_at=timezone.now())

    send()

    message = parsed(mail.outbox[0])
    assert message["Bcc"] is None
    assert message["Subject"] == "[Site] Reply: \u2068\u05d2\u05d0\u05d5\u05ea\u2069"
    text = message.get_body(("plain",)).get_content()
    assert "\u202e" not in text + message.get_body(("html",)).get_content()
    assert "\u2068x\\r\\nBcc: all@site.example\\u202e\u2069 replied to you" in text
    assert "> Look\\u202eback\n> Bcc: all@site.example" in text


def test_title_in_a_subject_holds_no_line_and_no_override(submit, moderator, commits):
    review = submit()
    workflow.reject(review, by=moderator, reason="No.")
    notice = Notice.objects.get()
    notice.revision.title = "Tides\r\nBcc: all@site.example\u202e"

    assert delivering.subject_of(notice) == "Rejected: \u2068Tides\\r\\nBcc: all@site.example\\u202e\u2069"


def test_hidden_text_is_not_mailed(submit, moderator, administrator):
    review = submit(title="Libel")
    workflow.reject(review, by=moderator, reason="You wrote: libel.")
    workflow.hide(review.revision, by=administrator, parts=["text"], reason="Illegal.")

    send()

    message = parsed(mail.outbox[0])
    assert message["Subject"] == "[Site] Rejected: a text that is hidden"
    for part in (plain, html):
        assert "libel" not in part(mail.outbox[0]).lower()
    assert "What was written about it is on the site." in plain(mail.outbox[0])


def test_hidden_summary_withholds_no_reason(submit, moderator, administrator):
    review = submit()
    workflow.reject(review, by=moderator, reason="No source.")
    workflow.hide(review.revision, by=administrator, parts=["summary"], reason="Private.")

    send()

    assert "> No source." in plain(mail.outbox[0])


def test_hidden_name_of_an_author_is_not_mailed(submit, writer, moderator, administrator):
    User.objects.filter(pk=moderator.pk).update(email="moderator@site.example")
    revision = submit().revision
    workflow.notify_of_entry(revision.article, to=[moderator], by=writer, text="Why?", kind="answers")
    workflow.hide(revision, by=administrator, parts=["author"], reason="Private.")
    Notice.objects.update(due_at=timezone.now(), in_digest=False)

    send()

    (message,) = mail.outbox
    assert message.to == ["moderator@site.example"]
    assert "Somebody answered your decision on \u201cTides\u201d." in plain(message)
    assert "author" not in plain(message) + html(message)


@pytest.mark.parametrize(("kind", "words"), [("replies", "replied to you"), ("answers", "answered your")])
def test_entry_of_a_conversation_is_mailed(submit, writer, moderator, kind, words):
    choose(writer)
    revision = submit().revision
    workflow.notify_of_entry(
        revision.article, to=[writer, moderator], by=moderator, text="Why?", kind=kind, path="/moderation/7/"
    )

    send()

    (message,) = mail.outbox
    assert f"moderator {words}" in plain(message)
    assert "> Why?" in plain(message)
    assert "https://site.example/moderation/7/" in plain(message)


# Once a day


def test_daily_mail_is_one_mail_for_all_of_a_day(submit, writer, moderator, clock, commits):
    choose(writer, decisions="daily", replies="daily")
    with commits():
        workflow.reject(submit(), by=moderator, reason="First.")
    clock(minutes=1)
    with commits():
        article = submit("More.\n").revision.article
        workflow.notify_of_entry(article, to=[writer], by=moderator, text="Second.", kind="replies")
    assert send() == "0 mails sent."
    clock(hours=17, minutes=28, seconds=59)
    assert send() == "0 mails sent."

    clock(seconds=1)
    assert send() == "1 mail sent."

    (message,) = mail.outbox
    assert message.subject == "[Site] 2 messages of the last day"
    assert plain(message).index("> First.") < plain(message).index("> Second.")
    assert send() == "0 mails sent."


def test_daily_mail_is_a_task_of_its_day(submit, writer, moderator, clock):
    choose(writer, decisions="daily")
    for n in range(2):
        workflow.reject(submit(f"Text {n}.\n"), by=moderator, reason="No.")

    task = BackgroundTask.objects.get()
    assert task.args_kwargs["args"] == ["2026-01-11"]
    assert task.run_after == datetime(2026, 1, 11, 6, tzinfo=UTC)
    clock(days=1)

    call_command("run_tasks", until_idle=True)

    assert len(mail.outbox) == 1
    task.refresh_from_db()
    assert task.return_value == "1 mail sent."


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 1, 10, 5, 59, tzinfo=UTC), datetime(2026, 1, 10, 6, tzinfo=UTC)),
        (datetime(2026, 1, 10, 6, tzinfo=UTC), datetime(2026, 1, 11, 6, tzinfo=UTC)),
    ],
)
def test_daily_mail_is_due_at_the_hour_of_the_settings(now, due):
    assert next_digest(now) == due


def test_daily_mail_lists_a_hundred_and_counts_the_rest(submit, writer, moderator, monkeypatch):
    choose(writer, replies="daily")
    monkeypatch.setattr(delivering, "MOST_PASSAGES", 2)
    article = submit().revision.article
    for n in range(3):
        workflow.notify_of_entry(article, to=[writer], by=moderator, text=f"No. {n}", kind="replies")
    Notice.objects.update(due_at=timezone.now())

    send()

    text = plain(mail.outbox[0])
    assert ["> No. 0" in text, "> No. 1" in text, "> No. 2" in text] == [True, True, False]
    assert "1 more is not listed." in text


# Undoing


def test_undone_decision_is_not_mailed(submit, moderator):
    review = submit()
    workflow.reject(review, by=moderator, reason="No.")

    workflow.undo(review, by=moderator)

    assert not Notice.objects.exists()


def test_who_got_the_mail_is_told_that_the_decision_was_taken_back(submit, moderator, commits):
    review = submit()
    with commits():
        workflow.reject(review, by=moderator, reason="No.")
    with commits():
        workflow.undo(review, by=moderator)

    assert mail.outbox[1].subject == "[Site] Decision taken back: Tides"
    assert "moderator took back the decision on version 1 of \u201cTides\u201d." in plain(mail.outbox[1])


def test_mail_that_failed_is_not_sent_after_the_decision_was_taken_back(
    submit, moderator, commits, monkeypatch
):
    review = submit()
    workflow.reject(review, by=moderator, reason="No.")
    Notice.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))  # somebody is sending it
    workflow.undo(review, by=moderator)
    Notice.objects.update(claimed_until=None)

    send()

    assert [message.subject for message in mail.outbox] == ["[Site] Decision taken back: Tides"]


# Failures


def test_mail_that_fails_leaves_the_decision_and_is_tried_again(
    submit, moderator, commits, monkeypatch, clock
):
    review = submit()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        with commits():
            workflow.reject(review, by=moderator, reason="No.")
    review.refresh_from_db()
    assert review.state == "rejected"
    notice = Notice.objects.get()
    assert (notice.attempts, notice.sent_at, notice.failed_at) == (1, None, NOW)
    clock(seconds=59)
    with pytest.raises(delivering.NotSent):
        send()
    assert mail.outbox == []

    clock(seconds=1)
    call_command("run_tasks", until_idle=True)

    assert len(mail.outbox) == 1


def test_mail_keeps_its_id_when_it_is_tried_again(submit, moderator, commits, monkeypatch, clock):
    ids = []
    monkeypatch.setattr(
        "django.core.mail.EmailMultiAlternatives.send",
        lambda message: ids.append(message.extra_headers["Message-ID"]) or fail(),
    )
    with commits():
        workflow.reject(submit(), by=moderator, reason="No.")
    clock(hours=1)
    with pytest.raises(delivering.NotSent):
        send()

    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_no_request_waits_twice_for_a_server_that_is_down(submit, writer, moderator, commits, monkeypatch):
    tries = []
    monkeypatch.setattr(
        "django.core.mail.EmailMultiAlternatives.send", lambda message: tries.append(message) or fail()
    )
    for n in range(3):
        with commits():
            workflow.reject(submit(f"Text {n}.\n"), by=moderator, reason="No.")

    assert len(tries) == 1


def test_mail_is_given_up_after_ten_attempts(submit, moderator, monkeypatch, clock, caplog):
    workflow.reject(submit(), by=moderator, reason="No.")
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        for n in range(10):
            assert Notice.objects.unsent().exists(), n
            clock(days=1)
            if n < 9:
                with pytest.raises(delivering.NotSent):
                    send()
        with pytest.raises(delivering.NotSent):
            send()

    assert [record.levelname for record in caplog.records] == ["WARNING"] * 9 + ["ERROR"]
    clock(days=1)
    assert send() == "0 mails sent."


def test_request_begins_no_further_mail_after_five_seconds(monkeypatch):
    seconds = iter(range(0, 100, 2))
    monkeypatch.setattr(delivering, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    sent = []
    monkeypatch.setattr(delivering, "_deliver", sent.append)

    delivering.send_directly([1, 2, 3, 4])

    assert len(sent) == 2


def test_one_mail_that_fails_holds_up_no_other(submit, writer, moderator, monkeypatch):
    for n in range(2):
        workflow.reject(submit(f"Text {n}.\n"), by=moderator, reason=f"No. {n}")
    passage_of = delivering.passage_of
    monkeypatch.setattr(
        delivering, "passage_of", lambda notice: fail() if notice.text == "No. 0" else passage_of(notice)
    )

    with pytest.raises(delivering.NotSent):
        send()

    assert ["> No. 1" in plain(message) for message in mail.outbox] == [True]


def test_command_sends_what_is_due_and_says_if_it_fails(submit, moderator, monkeypatch, capsys, clock):
    workflow.reject(submit(), by=moderator, reason="No.")
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        with pytest.raises(CommandError, match="Not all mail was sent") as error:
            call_command("send_mail_notices")
    assert error.value.returncode == 2

    clock(minutes=5)
    call_command("send_mail_notices")

    assert capsys.readouterr().out == "1 mail sent.\n"
    assert len(mail.outbox) == 1


def test_sent_notices_are_deleted_after_a_month(submit, moderator, clock):
    workflow.reject(submit(), by=moderator, reason="No.")
    send()
    clock(days=30)
    send()
    assert Notice.objects.exists()

    clock(seconds=1)
    send()

    assert not Notice.objects.exists()


# Several processes


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_nothing_twice(submit, moderator, writer):
    choose(writer, replies="daily")
    article = submit().revision.article
    with transaction.atomic():
        for n in range(6):
            workflow.notify_of_entry(article, to=[writer], by=moderator, text=f"No. {n}", kind="replies")
    Notice.objects.filter(text__in=["No. 0", "No. 1", "No. 2"]).update(in_digest=False)
    Notice.objects.update(due_at=timezone.now())
    start = threading.Barrier(3)
    sent = []

    def work():
        start.wait()
        sent.append(send())
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(mail.outbox) == 4  # three at once, and the digest
    assert not Notice.objects.filter(sent_at=None).exists()


def test_what_another_process_sends_is_left_to_it_until_it_is_lost(submit, moderator, clock):
    workflow.reject(submit(), by=moderator, reason="No.")
    (notice,) = Notice.objects.all().claim()
    assert Notice.objects.filter(pk=notice.pk).claim() == []
    assert send() == "0 mails sent."

    clock(minutes=10)

    assert send() == "1 mail sent."


def test_notice_of_a_change_that_is_rolled_back_was_never_there(submit, moderator):
    review = submit()
    before = list(connection.run_on_commit)
    with transaction.atomic():
        workflow.reject(review, by=moderator, reason="No.")
        transaction.set_rollback(True)

    assert not Notice.objects.exists()
    assert not BackgroundTask.objects.exists()
    assert connection.run_on_commit == before


# The link that ends it


def test_link_in_a_mail_ends_its_kind_for_who_is_signed_out(submit, moderator, writer, commits, client):
    with commits():
        workflow.reject(submit(), by=moderator, reason="No.")
    message = parsed(mail.outbox[0])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip(" <>")
    assert link.startswith("https://site.example/account/mail/stop/?token=")
    assert parse_qs(urlsplit(link).query)["token"] == [opt_out_token(writer, "decisions")]

    client.handler.enforce_csrf_checks = True
    answer = client.post(link.removeprefix("https://site.example"), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert writer.mail_preferences.decisions == "never"
    assert writer.mail_preferences.replies == "daily"


def test_link_in_a_daily_mail_ends_what_comes_daily(writer, client):
    choose(writer, decisions="at once", replies="daily", answers="daily")

    client.post("/account/mail/stop/", query_params={"token": opt_out_token(writer, DIGEST)})

    writer.refresh_from_db()
    chosen = writer.mail_preferences
    assert (chosen.decisions, chosen.replies, chosen.answers) == ("at once", "never", "never")
