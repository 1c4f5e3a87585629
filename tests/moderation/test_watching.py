"""Watching articles: to whom mail goes, what it says, and that nobody else learns of it; and the secret of a feed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from articles import workflow
from articles.models import Event, FeedToken, LiveChange, Notice, Watch
from articles.moderation import delivering
from tests.conftest import FLAGGED
from tests.moderation.test_notices import choose, html, parsed, plain, send


@pytest.fixture(autouse=True)
def place(settings, monkeypatch):
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site"
    monkeypatch.setattr(delivering, "_paused_until", 0.0)


@pytest.fixture
def watcher(moderator):
    """A moderator who gets mail about what they watch at once."""
    moderator.email = "watcher@site.example"
    moderator.save()
    choose(moderator)
    return moderator


def test_mail_says_what_went_live_by_whom_and_how(published, save, author, watcher, administrator):
    workflow.watch(published.article, by=watcher)
    workflow.publish(save("The tides of March.\n", summary="March added"), by=administrator)

    assert send() == "1 mail sent."

    (message,) = mail.outbox
    assert message.to == ["watcher@site.example"]
    assert message.subject == "[Site] Went live: Tides"
    assert "Version 2 of “Tides” by author went live: published without a review (administrator)." in plain(
        message
    )
    assert "> March added" in plain(message)
    assert "https://site.example/articles/tides/compare/1..2/" in plain(message)
    assert parsed(message)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_says_how_much_is_odd(published, save, author, watcher, administrator):
    workflow.watch(published.article, by=watcher)
    workflow.approve(workflow.submit(save(FLAGGED), by=author), by=administrator)

    send()

    assert "went live: reviewed (administrator). It brings in 1 odd character." in plain(mail.outbox[0])


@pytest.mark.parametrize("role", ["author", "who let it live"])
def test_nobody_gets_mail_about_their_own_doing(published, save, watcher, administrator, role):
    workflow.watch(published.article, by=watcher)
    if role == "author":
        workflow.publish(save("Mine.\n", by=watcher), by=administrator)
    else:
        workflow.publish(save("Theirs.\n"), by=watcher)

    assert not Notice.objects.exists()


def test_what_goes_live_on_schedule_is_told_too(at, published, save, watcher, administrator):
    workflow.watch(published.article, by=watcher)
    start = timezone.now() + timedelta(hours=1)
    workflow.schedule(save("Later.\n"), by=administrator, starts_at=start, zone="UTC")
    assert not Notice.objects.exists()
    at(start + timedelta(minutes=1))
    workflow.settle()

    assert Notice.objects.get().recipient == watcher


def test_what_went_live_by_the_way_is_told_by_the_command(published, watcher, administrator):
    workflow.watch(published.article, by=watcher)
    LiveChange.objects.update(told_at=None, at=timezone.now(), by=administrator, author=None)

    call_command("send_mail_notices")
    call_command("send_mail_notices")

    assert len(mail.outbox) == 1


def test_what_went_live_before_one_watched_is_not_told(published, save, watcher, administrator):
    LiveChange.objects.update(told_at=None, by=administrator)
    workflow.watch(published.article, by=watcher)
    workflow.tell_watchers()

    assert not Notice.objects.exists()


@pytest.mark.parametrize("change", ["unwatched", "rights", "never"])
def test_who_does_not_watch_any_more_gets_no_mail(published, save, watcher, administrator, change):
    workflow.watch(published.article, by=watcher)
    workflow.publish(save("New.\n"), by=administrator)
    match change:
        case "unwatched":
            workflow.unwatch(published.article, by=watcher)
        case "rights":
            watcher.groups.clear()
        case "never":
            choose(watcher, watched="never")

    assert send() == "0 mails sent."
    assert mail.outbox == []


def test_author_who_once_moderated_gets_no_mail_of_the_moderators(
    published, save, watcher, author, administrator
):
    workflow.watch(published.article, by=watcher)
    workflow.publish(save("New.\n"), by=administrator)
    watcher.groups.set(author.groups.all())

    assert send() == "0 mails sent."


@pytest.mark.parametrize("part", ["text", "summary", "author"])
def test_hidden_parts_are_not_mailed(published, save, watcher, administrator, part):
    workflow.watch(published.article, by=watcher)
    revision = save("Libel.\n", title="Libel", summary="of libel")
    workflow.publish(revision, by=administrator)
    workflow.hide(revision, by=administrator, parts=[part], reason="Illegal.")

    send()

    (message,) = mail.outbox
    for body in (plain(message), html(message)):
        assert ("of libel" in body) is (part == "author")
        assert ("author" in body.replace("author_", "")) is (part != "author")
        assert ("“Libel”" in body) is (part != "text")


def test_watching_is_in_no_log_and_seen_by_nobody_else(published, watcher, administrator):
    before = Event.objects.count()
    workflow.watch(published.article, by=watcher)
    workflow.watch(published.article, by=watcher)

    assert Event.objects.count() == before
    assert Watch.objects.visible_to(watcher).count() == 1
    assert not Watch.objects.visible_to(administrator).exists()
    assert Watch.objects.is_on(published.article_id, by=watcher)
    assert not Watch.objects.is_on(published.article_id, by=administrator)
    workflow.unwatch(published.article, by=administrator)
    assert Watch.objects.exists()
    workflow.unwatch(published.article, by=watcher)
    assert not Watch.objects.exists()


@pytest.mark.parametrize("role", ["reader", "author", "moderator", "administrator"])
def test_who_may_watch_and_have_a_feed(published, request, role):
    person = request.getfixturevalue(role)
    for act in (lambda: workflow.watch(published.article, by=person), lambda: workflow.renew_feed(by=person)):
        if role in {"moderator", "administrator"}:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


def test_only_the_hash_of_the_secret_is_stored_and_a_new_one_ends_the_old(moderator):
    old = workflow.renew_feed(by=moderator)
    assert FeedToken.objects.account_of(old) == moderator
    new = workflow.renew_feed(by=moderator)

    assert len(new) >= 43
    assert new not in str(FeedToken.objects.values_list().get())
    assert FeedToken.objects.account_of(old) is None
    assert FeedToken.objects.account_of(new) == moderator
    assert FeedToken.objects.account_of("\ud800") is None
    workflow.end_feed(by=moderator)
    assert FeedToken.objects.account_of(new) is None


def test_deleted_account_takes_watches_and_feed_along(published, watcher):
    workflow.watch(published.article, by=watcher)
    workflow.renew_feed(by=watcher)

    User.objects.filter(pk=watcher.pk).delete()

    assert not Watch.objects.exists()
    assert not FeedToken.objects.exists()
