"""What moderators impose on a person: who may, what it stops, how it ends, and who is told."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, AuthorNote, Event, Review, Standing
from articles.workflow import publishing
from tests.conftest import CLEAN, NOON, _person, content

HELD = Review.Cause.HELD


def again(person):
    """The account as another request loads it."""
    return User.objects.get(pk=person.pk)


def live():
    return Article.objects.get().published_revision


@pytest.fixture
def second_moderator(db):
    return _person("second_moderator", "moderators")


IMPOSE = {"held": workflow.hold, "muted": workflow.mute, "suspended": workflow.suspend}


@pytest.mark.parametrize(
    ("kind", "who", "whom", "allowed"),
    [
        *((kind, "moderator", "author", kind != "suspended") for kind in IMPOSE),
        *((kind, "administrator", "author", True) for kind in IMPOSE),
        *((kind, "author", "other_author", False) for kind in IMPOSE),
        *((kind, "reader", "author", False) for kind in IMPOSE),
        *((kind, "moderator", "second_moderator", kind != "suspended") for kind in IMPOSE),
        *((kind, "moderator", "moderator", False) for kind in IMPOSE),
        *((kind, "administrator", "administrator", False) for kind in IMPOSE),
        *((kind, "moderator", "administrator", False) for kind in IMPOSE),
        *((kind, "administrator", "other_administrator", True) for kind in IMPOSE),
    ],
)
def test_who_may_impose_what_on_whom(request, kind, who, whom, allowed):
    by, account = request.getfixturevalue(who), request.getfixturevalue(whom)

    if not allowed:
        with pytest.raises(PermissionDenied):
            IMPOSE[kind](account, by=by, reason="Because.")
        assert not Standing.objects.exists()
        assert not Event.objects.exists()
        return
    standing = IMPOSE[kind](account, by=by, reason="Because.")
    assert (standing.kind, standing.account_name, standing.imposed_by_name) == (kind, whom, who)
    assert standing.is_in_force
    event = Event.objects.get()
    assert (event.actor_name, event.detail, event.reason) == (who, whom, "Because.")
    workflow.end_standing(standing, by=by, reason="Enough.")
    standing.refresh_from_db()
    assert (standing.is_in_force, standing.ended_by_name, standing.end_reason) == (False, who, "Enough.")
    assert Event.objects.count() == 2


@pytest.fixture
def other_administrator(db):
    return _person("other_administrator", "administrators")


def test_moderator_ends_no_suspension_and_touches_nobody_suspended(author, moderator, administrator):
    workflow.hold(author, by=moderator, reason="Because.")
    held = Standing.objects.get()
    suspended = workflow.suspend(author, by=administrator, reason="Worse.")

    for standing in (held, suspended):
        with pytest.raises(PermissionDenied):
            workflow.end_standing(standing, by=moderator)
    workflow.end_standing(suspended, by=administrator)
    workflow.end_standing(held, by=moderator)
    assert not Standing.objects.in_force().exists()


@pytest.mark.parametrize("reason", ["", "  ", "a\0b", "x" * 20_001])
def test_standing_needs_a_reason_of_text(author, moderator, reason):
    with pytest.raises(ValidationError):
        workflow.hold(author, by=moderator, reason=reason)


def test_standing_lasts_to_its_last_day_and_is_imposed_once(author, moderator, at):
    today = NOON.date()
    with pytest.raises(ValidationError):
        workflow.hold(author, by=moderator, reason="Because.", until=today - timedelta(days=1))
    workflow.hold(author, by=moderator, reason="Because.", until=today)
    with pytest.raises(workflow.WorkflowError, match="moderator has done this already"):
        workflow.hold(author, by=moderator, reason="Again.")
    workflow.mute(author, by=moderator, reason="Another kind.")

    at(NOON + timedelta(days=1))
    first = Standing.objects.get(kind="held")
    assert not first.is_in_force
    with pytest.raises(workflow.WorkflowError, match="over already"):
        workflow.end_standing(first, by=moderator)
    workflow.hold(author, by=moderator, reason="Again.")
    assert Standing.objects.filter(kind="held").in_force().count() == 1
    assert Standing.objects.count() == 3


# Held


def test_every_edit_of_a_held_author_waits_even_if_they_may_publish(save, moderator, second_moderator):
    standing = workflow.hold(second_moderator, by=moderator, reason="Odd links.")
    revision = save(by=second_moderator)

    review = workflow.publish(revision, by=second_moderator)

    assert (review.causes, review.state) == ([HELD], "pending")
    assert live() is None
    with pytest.raises(workflow.WorkflowError, match="held"):
        workflow.schedule(
            revision, by=second_moderator, starts_at=timezone.now() + timedelta(hours=1), zone="UTC"
        )
    workflow.withdraw(review, by=second_moderator)
    workflow.end_standing(standing, by=moderator)
    assert workflow.publish(revision, by=second_moderator) is None
    assert live() == revision


def test_held_text_is_not_carried_live_by_a_colleague_who_writes_after(save, author, moderator):
    workflow.hold(author, by=moderator, reason="Odd links.")
    save(by=author)
    after = save(CLEAN + "More.\n", by=moderator)

    review = workflow.publish(after, by=moderator)

    assert review.causes == [HELD]


def test_hold_of_the_author_of_the_live_version_holds_up_nobody_else(save, published, author, moderator):
    workflow.hold(author, by=moderator, reason="Odd links.")

    assert workflow.publish(save("Mine.\n", by=moderator), by=moderator) is None


def test_hold_that_comes_while_a_text_is_assessed_counts(save, moderator, second_moderator, monkeypatch):
    revision = save(by=second_moderator)
    real = publishing.assess

    def assess_then_hold(revision):
        assessment = real(revision)
        workflow.hold(second_moderator, by=moderator, reason="Just now.")
        return assessment

    monkeypatch.setattr(publishing, "assess", assess_then_hold)

    assert workflow.publish(revision, by=second_moderator).causes == [HELD]


def test_hold_cancels_what_the_author_scheduled_and_leaves_what_was_approved(
    save, author, moderator, second_moderator
):
    soon = timezone.now() + timedelta(hours=1)
    workflow.schedule(save(by=second_moderator), by=second_moderator, starts_at=soon, zone="UTC")
    other = workflow.save_revision(None, by=author, content=content(slug="other"))
    workflow.submit(other, by=author)
    workflow.schedule(other, by=moderator, starts_at=soon, zone="UTC")

    workflow.hold(second_moderator, by=moderator, reason="Odd links.")
    workflow.hold(author, by=moderator, reason="Odd links.")

    planned = {article.slug: article.schedules.get().is_open for article in Article.objects.all()}
    assert planned == {"tides": False, "other": True}
    assert Event.objects.filter(action="unschedule").count() == 1


def test_hold_cancels_what_would_publish_an_edit_of_the_person_beneath_a_later_one(
    save, author, moderator, second_moderator
):
    soon = timezone.now() + timedelta(hours=1)
    save("An edit of the author.\n")
    planned = save("An edit of the author, mended.\n", by=moderator)
    workflow.schedule(planned, by=moderator, starts_at=soon, zone="UTC")

    workflow.hold(author, by=second_moderator, reason="Odd links.")

    assert not planned.article.schedules.get().is_open


def test_hold_leaves_a_schedule_that_publishes_no_edit_of_the_person(published, save, author, moderator):
    soon = timezone.now() + timedelta(hours=1)
    planned = save("Of the moderator.\n", by=moderator)
    save("Newer, of the author.\n")
    workflow.schedule(planned, by=moderator, starts_at=soon, zone="UTC")

    workflow.hold(author, by=moderator, reason="Odd links.")

    assert planned.article.schedules.get().is_open


def test_held_moderator_neither_fixes_nor_decides_on_their_own_text(
    save, author, moderator, second_moderator, settings
):
    settings.ALLOW_SELF_APPROVAL = True
    foreign = workflow.submit(save(), by=author)
    workflow.hold(second_moderator, by=moderator, reason="Odd links.")
    with pytest.raises(PermissionDenied, match="another moderator"):
        workflow.fix_and_approve(foreign, by=second_moderator, content=content("Fixed.\n"))
    own = workflow.save_revision(None, by=second_moderator, content=content(slug="own"))
    own = workflow.submit(own, by=second_moderator)

    with pytest.raises(PermissionDenied):
        workflow.approve(own, by=second_moderator)
    workflow.approve(foreign, by=second_moderator)
    workflow.end_standing(Standing.objects.get(), by=moderator)
    workflow.approve(own, by=second_moderator)


def test_editor_tells_a_held_author_why(author, moderator, client):
    workflow.hold(author, by=moderator, reason="Odd <links>.")
    client.force_login(author)

    page = client.get(reverse("admin:articles_article_add")).content.decode()

    assert "Everything you write waits for a moderator now." in page
    assert "Odd &lt;links&gt;." in page


# Muted


def test_muted_author_writes_texts_and_no_remarks(save, author, moderator, client):
    revision = save()
    workflow.remark(revision, by=author, text="Hello.")
    standing = workflow.mute(author, by=moderator, reason="Shouting.")

    with pytest.raises(PermissionDenied):
        workflow.remark(revision, by=author, text="Hello!!!")
    assert save(CLEAN, summary="Hello!!!") == revision  # a summary would become a remark
    workflow.submit(save("More.\n"), by=author)
    client.force_login(author)
    page = client.get(reverse("admin:articles_article_change", args=[revision.article_id])).content.decode()
    assert "You may not write in conversations now." in page
    assert "Shouting." in page
    assert 'name="remark"' not in page

    workflow.end_standing(standing, by=moderator)
    assert workflow.remark(revision, by=author, text="Hello.")


# Suspended


def test_suspension_ends_sessions_at_once_and_keeps_the_texts(published, author, administrator, client):
    client.force_login(author)
    url = reverse("admin:articles_article_add")
    assert client.get(url).status_code == 200

    standing = workflow.suspend(author, by=administrator, reason="A stolen account.")

    assert client.get(url).status_code == 302
    assert client.get("/articles/tides/").status_code == 200
    with pytest.raises(PermissionDenied):
        workflow.save_revision(None, by=again(author), content=content(slug="new"))
    workflow.end_standing(standing, by=administrator)
    assert workflow.save_revision(None, by=again(author), content=content(slug="new"))


def test_suspended_superuser_has_no_session_either(administrator, client):
    other = _person("root", is_superuser=True)
    client.force_login(other)
    workflow.suspend(other, by=administrator, reason="Left.")

    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(("until", "told"), [(None, "is suspended. The"), (NOON.date(), "1 March 2027")])
def test_login_says_why_to_who_knows_the_password(author, administrator, at, until, told):
    author.set_password("correct horse battery")
    author.save()
    workflow.suspend(author, by=administrator, reason="A stolen account.", until=until)
    client = Client()

    def log_in(password):
        return client.post(reverse("admin:login"), {"username": "author", "password": password})

    wrong, right = log_in("wrong"), log_in("correct horse battery")

    assert "A stolen account." not in wrong.content.decode()
    page = right.content.decode()
    assert right.status_code == 200
    assert "A stolen account." in page
    assert told in page or told.replace("1 March", "March 1,") in page
    assert "_auth_user_id" not in client.session
    if until:
        at(NOON + timedelta(days=1))
        assert log_in("correct horse battery").status_code == 302


# Notes


def test_moderators_note_and_read_and_the_author_never_does(author, moderator, second_moderator):
    workflow.note_author(second_moderator, by=moderator, text="A colleague uses the account.")

    assert AuthorNote.objects.visible_to(moderator).count() == 1
    assert not AuthorNote.objects.visible_to(second_moderator).exists()
    assert not AuthorNote.objects.visible_to(author).exists()
    event = Event.objects.get()
    assert (event.action, event.detail, event.reason) == ("note author", "second_moderator", "")
    for by, text in ((second_moderator, "Me."), (author, "You.")):
        with pytest.raises(PermissionDenied):
            workflow.note_author(second_moderator, by=by, text=text)
    for text in (" ", "a\0b", "x" * 20_001):
        with pytest.raises(ValidationError):
            workflow.note_author(author, by=moderator, text=text)


def test_rows_outlive_the_account(author, moderator):
    workflow.hold(author, by=moderator, reason="Odd links.")
    workflow.note_author(author, by=moderator, text="Gone soon.")
    pk = author.pk

    author.delete()

    standing, note = Standing.objects.get(), AuthorNote.objects.get()
    assert (standing.account_id, standing.account_name) == (pk, "author")
    assert (note.account_id, note.account_name) == (pk, "author")
    with pytest.raises(PermissionDenied):
        workflow.end_standing(standing, by=moderator)
